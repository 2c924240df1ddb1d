"""The chat page in Gradio: the only file that imports it.

Blocks with a Chatbot, never ChatInterface: that one hangs in an iframe without storage and locks its box after an
error. The conversation is the Chatbot's value in the tab; the server keeps nothing between two turns.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.conversation import Language, Message
from bot.settings import Settings
from ui.late import LateAssistant
from ui.reach import reach
from ui.strings import STRINGS, Strings
from ui.turns import readmitted, said_html, said_text, stopped_html, turn

if TYPE_CHECKING:
    import gradio as gr

# Threads for turns that wait on the model's next sentence; Gradio's own default of 40 queues the 41st person.
MAX_THREADS = 100
# Turns of one conversation that are read back; more would only slow the screens down.
MAX_TURNS = 40


def build_page(late: LateAssistant, settings: Settings, *, language: Language = "en") -> "gr.Blocks":
    """The page as Blocks, ready to be mounted; its header and standing notice are in the document (`ui.document`)."""
    gr = import_gradio()
    words = STRINGS[language]
    face = _Face(late, settings, words)
    with gr.Blocks(title=settings.site_name, analytics_enabled=False, fill_width=True) as page:
        page.max_threads = MAX_THREADS
        with gr.Row(elem_id="onco-starters"):
            starters = [gr.Button(text) for text in words.starters]
        chat = gr.Chatbot(
            elem_id="onco-chat", label=words.conversation, show_label=False, container=False, height=None, layout="panel", autoscroll=False,
            buttons=[], latex_delimiters=[], sanitize_html=False, allow_file_downloads=False,
        )  # fmt: skip
        with gr.Column(elem_id="onco-composer"):
            with gr.Row(elem_id="onco-ask"):
                box = gr.Textbox(
                    label=words.ask_label, placeholder=words.placeholder, lines=1, max_lines=5, max_length=settings.max_message_chars,
                    elem_id="onco-box", show_label=True, scale=1,
                )  # fmt: skip
                send = gr.Button(words.send, variant="primary", elem_id="onco-send", scale=0, min_width=88)
                stop = gr.Button(words.stop, elem_id="onco-stop", scale=0, min_width=88)
            with gr.Row(elem_id="onco-tools"):
                new = gr.Button(words.new_conversation, elem_id="onco-new", scale=0)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        typed = gr.on([send.click, box.submit], face.accept, [box, chat], [box, chat], queue=False, **quiet)
        running = [typed.success(face.answer, chat, chat, concurrency_limit=None, **quiet)]
        for starter in starters:
            picked = starter.click(face.accept, [starter, chat], [box, chat], queue=False, **quiet)
            running.append(picked.success(face.answer, chat, chat, concurrency_limit=None, **quiet))

        def choose(history: list[Any], event: gr.SelectData) -> list[Any]:
            value = event.value.get("value") if isinstance(event.value, dict) else event.value
            return face.accept(str(value), history)[1]

        chosen = chat.option_select(choose, chat, chat, queue=False, **quiet)
        running.append(chosen.success(face.answer, chat, chat, concurrency_limit=None, **quiet))
        stop.click(face.stop, chat, chat, cancels=running, queue=False, **quiet)
        new.click(lambda: ("", []), None, [box, chat], cancels=running, queue=False, **quiet)
        page.queue(default_concurrency_limit=None, max_size=None, api_open=False)
    return page


def mount(app: Any, page: "gr.Blocks", path: str) -> Any:
    """Mounts a page at a path of the FastAPI app, with everything off that a page for patients does not need."""
    gr = import_gradio()
    return gr.mount_gradio_app(
        app, page, path=path, footer_links=[], run_history=False, enable_monitoring=False, max_file_size=1, show_error=False, ssr_mode=False,
        pwa=False, mcp_server=False, theme=_theme(gr), app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )  # fmt: skip


def import_gradio() -> Any:
    """Gradio, imported late and with everything that would call home switched off."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    import gradio

    return gradio


def _theme(gr: Any) -> Any:
    """Gradio's plainest theme in system fonts: no font is fetched, from us or anybody."""
    fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
    return gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"], text_size="lg", radius_size="md")


class _Face:
    """The handlers of one page. Each catches what it can: an exception inside Gradio would end the chain of events."""

    def __init__(self, late: LateAssistant, settings: Settings, words: Strings) -> None:
        self._late, self._settings, self._words = late, settings, words

    def accept(self, text: str | None, history: list[Any]) -> tuple[str, list[Any]]:
        """Puts the question under the conversation and empties the box. Nothing typed: nothing happens."""
        asked = (text or "").strip()[: self._settings.max_message_chars]
        shown = self._read(history)
        return "", [*shown, {"role": "user", "content": said_html(asked, self._words)}] if asked else shown

    def answer(self, history: list[Any]) -> Iterator[list[Any]]:
        """Streams the assistant's message under the question just asked."""
        shown = self._read(history)
        if not shown or shown[-1]["role"] != "user":
            yield shown
            return
        messages = [Message(content=said_text(message["content"])) for message in shown if message["role"] == "user"][-MAX_TURNS:]
        whom = reach(self._settings.country, self._words.language)
        for state in turn(self._late, messages, self._words, site=self._settings.site_name, whom=whom):
            message: dict[str, Any] = {"role": "assistant", "content": state.html}
            if state.followups:
                message["options"] = [{"value": text, "label": text} for text in state.followups]
            yield [*shown, message]

    def stop(self, history: list[Any]) -> list[Any]:
        """Ends the message that was being written."""
        shown = self._read(history)
        if shown and shown[-1]["role"] == "assistant":
            shown[-1] = {**shown[-1], "content": stopped_html(shown[-1]["content"], self._words)}
        elif shown:
            shown.append({"role": "assistant", "content": stopped_html('<article class="onco-answer" data-state="streaming"></article>', self._words)})
        return shown

    def _read(self, history: list[Any] | None) -> list[dict[str, Any]]:
        """The Chatbot's value as {role, content}: text only, sanitised again, whatever a browser sent. Follow-ups are dropped."""
        messages = []
        for message in history or []:
            content = message.get("content")
            parts = [content] if isinstance(content, str) else [part.get("text") for part in content or [] if isinstance(part, dict)]
            text = "".join(part for part in parts if isinstance(part, str))
            role = "user" if message.get("role") == "user" else "assistant"
            messages.append({"role": role, "content": readmitted(role, text, self._words)})
        return messages
