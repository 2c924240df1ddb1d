"""The chat page in Gradio: the only file that imports it.

Blocks with a Chatbot, never ChatInterface: that one hangs in an iframe without storage and locks its box after an
error. The conversation is the Chatbot's value in the tab; the server keeps nothing between two turns. The composer, the
starters and all else a person touches are in our own document (`ui.page`), there before Gradio's scripts have loaded;
they reach the handlers over a hidden wire (`ui.commands`).
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.conversation import Language, Message
from bot.settings import Settings
from ui.commands import read_command
from ui.embed import topic_opening
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
    """The page as Blocks, ready to be mounted; everything around the conversation is in the document (`ui.document`)."""
    gr = import_gradio()
    words = STRINGS[language]
    face = _Face(late, settings, words)
    with gr.Blocks(title=settings.branding.name, analytics_enabled=False, fill_width=True) as page:
        page.max_threads = MAX_THREADS
        chat = gr.Chatbot(
            elem_id="onco-chat", label=words.conversation, show_label=False, container=False, height=None, layout="panel", autoscroll=False,
            buttons=[], latex_delimiters=[], sanitize_html=False, allow_file_downloads=False,
        )  # fmt: skip
        with gr.Column(elem_id="onco-wires"):
            wire = gr.Textbox(elem_id="onco-wire", label="wire")
            go, halt, clear = (gr.Button(name, elem_id=f"onco-{name}") for name in ("go", "halt", "clear"))
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        running = go.click(face.obey, [wire, chat], chat, queue=False, **quiet).success(face.answer, [wire, chat], chat, concurrency_limit=None, **quiet)
        halt.click(face.stop, chat, chat, cancels=[running], queue=False, **quiet)
        clear.click(lambda: [], None, chat, cancels=[running], queue=False, **quiet)
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

    def obey(self, wire: str | None, history: list[Any]) -> list[Any]:
        """Puts the question under the conversation, or brings a kept conversation back. Nothing typed: nothing happens."""
        command = read_command(wire)
        shown = self._read(history if command.do != "restore" else [kept.model_dump() for kept in command.messages])
        asked = command.text.strip()[: self._settings.max_message_chars]
        if command.do != "ask" or not asked:
            return shown
        return [*shown[: command.keep], {"role": "user", "content": said_html(asked, self._words)}]

    def answer(self, wire: str | None, history: list[Any]) -> Iterator[list[Any]]:
        """Streams the assistant's message under the question just asked, or under one that was waiting when the page was left."""
        shown = self._read(history)
        if not shown or shown[-1]["role"] != "user":
            yield shown
            return
        messages = [Message(content=said_text(message["content"])) for message in shown if message["role"] == "user"][-MAX_TURNS:]
        whom = reach(self._settings.country, self._words.language)
        command = read_command(wire)
        # What a page opened on is where its conversation began: "how is it treated?" then has a subject.
        if opening := topic_opening(command.topic, self._words.language):
            messages.insert(0, Message(content=opening))
        for state in turn(self._late, messages, self._words, site=self._settings.branding.name, whom=whom, detail=command.detail):
            yield [*shown, {"role": "assistant", "content": state}]

    def stop(self, history: list[Any]) -> list[Any]:
        """Ends the message that was being written."""
        shown = self._read(history)
        if shown and shown[-1]["role"] == "assistant":
            shown[-1] = {**shown[-1], "content": stopped_html(shown[-1]["content"], self._words)}
        elif shown:
            shown.append({"role": "assistant", "content": stopped_html('<article class="onco-answer" data-state="streaming"></article>', self._words)})
        return shown

    def _read(self, history: list[Any] | None) -> list[dict[str, Any]]:
        """The Chatbot's value as {role, content}: text only, sanitised again, whatever a browser sent."""
        messages = []
        for message in history or []:
            content = message.get("content")
            parts = [content] if isinstance(content, str) else [part.get("text") for part in content or [] if isinstance(part, dict)]
            text = "".join(part for part in parts if isinstance(part, str))
            role = "user" if message.get("role") == "user" else "assistant"
            messages.append({"role": role, "content": readmitted(role, text, self._words)})
        return messages
