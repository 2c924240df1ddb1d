"""One turn on the page: the pipeline's events in, the HTML of the assistant's message out. Knows nothing of Gradio."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Sequence

from bot.conversation import Answer, Detail, DoneEvent, Message, ReplaceEvent, SentenceEvent, StatusEvent
from ui.late import LateAssistant
from ui.markup import text_html
from ui.reach import Reach
from ui.render import answer_html, error_html, finished, stream_html
from ui.strings import STRINGS, Strings

log = logging.getLogger(__name__)

# The first start builds the encoder and the library: half a minute on a laptop, several on a small machine.
START_SECONDS = 300
_POLL_SECONDS = 0.5
# A pasted report must not push the answer off the screen: what is longer scrolls in a box of its own.
_LONG = 400
_SAID = re.compile(
    r'<div class="onco-asked"><p class="onco-said"(?: tabindex="0")?>(?:<span class="onco-hidden">[^<]*</span>)?(.*)</p>'
    r'<button type="button" class="onco-edit" data-do="edit">[^<]*</button></div>',
    re.S,
)
_WORKING = re.compile(r'<p class="onco-working">.*?</p>(?=</article>)')


def said_html(text: str, words: Strings) -> str:
    """The person's own message as it is shown, with its button to change it; `said_text` is its inverse."""
    scrolls = ' tabindex="0"' if len(text) > _LONG else ""
    edit = f'<button type="button" class="onco-edit" data-do="edit">{html.escape(words.edit)}</button>'
    said = f'<p class="onco-said"{scrolls}><span class="onco-hidden">{html.escape(words.you_said)}: </span>{text_html(text)}</p>'
    return f'<div class="onco-asked">{said}{edit}</div>'


def said_text(markup: str) -> str:
    """What the person typed, out of the message shown. Anything not of our making is taken as typed text, whole."""
    match = _SAID.fullmatch(markup.strip())
    return html.unescape(match[1].replace("<br>", "\n")) if match else markup


def readmitted(role: str, markup: str, words: Strings) -> str:
    """A message that comes back from the browser, made safe to show again; what we made ourselves does not change."""
    return said_html(said_text(markup), words) if role == "user" else finished(markup)


def stopped_html(markup: str, words: Strings) -> str:
    """The message of a turn that was stopped: what had been released stays, with a line that says so."""
    if 'data-state="streaming"' not in markup:
        return markup
    ended = markup.replace('data-state="streaming"', 'data-state="done" data-action="stopped"', 1)
    note = f'<p class="onco-small onco-notice">{html.escape(words.stopped)}</p>'
    return finished(_WORKING.sub("", ended).replace("</article>", f"{note}{tools_html(words, ('again',))}</article>"))


def tools_html(words: Strings, tools: Sequence[str]) -> str:
    """The row of buttons under an answer. What they do is in the page's scripts, by `data-do`."""
    labels = {
        "helpful": words.helpful, "not-helpful": words.not_helpful, "copy": words.copy, "read": words.read, "print": words.print,
        "again": words.again, "plain": words.shorter, "more": words.more,
    }  # fmt: skip
    buttons = "".join(f'<button type="button" class="onco-tool" data-do="{what}">{html.escape(labels[what])}</button>' for what in tools)
    return f'<div class="onco-tools">{buttons}</div>'


def answer_tools(answer: Answer, detail: Detail) -> list[str]:
    """What can be done with an answer; the other reading level is offered where there is one."""
    other = ["plain" if detail == "more" else "more"] if answer.action == "answer" and answer.citations else []
    return ["helpful", "not-helpful", "copy", "read", "print", "again", *other]


def turn(
    late: LateAssistant, messages: Sequence[Message], words: Strings, *, site: str, whom: Reach, detail: Detail = "more"
) -> Iterator[str]:  # fmt: skip
    """What stands in the assistant's message, state by state, as HTML; the last is the whole answer or the fixed safe reply. Never raises.

    A failure is logged by the name of its class alone: its text could hold what the person typed.
    """
    try:
        yield from _turn(late, messages, words, detail)
    except GeneratorExit:
        raise
    except Exception as failure:
        log.error("a turn failed: %s", type(failure).__name__)
        yield error_html(words.language, site, whom, tools=tools_html(words, ("again",)))


def _turn(late: LateAssistant, messages: Sequence[Message], words: Strings, detail: Detail) -> Iterator[str]:
    waited = 0.0
    while not late.ready and not late.failed and waited < START_SECONDS:
        yield stream_html("", words.starting, words.language)
        late.wait(_POLL_SECONDS)
        waited += _POLL_SECONDS
    status, text = words.searching, ""
    yield stream_html(text, status, words.language)
    for event in late.get().stream(messages, detail):
        match event:
            case StatusEvent(text=what):
                status = words.searching if what == "searching" else words.checking
            case SentenceEvent(text=more):
                text += more
            case ReplaceEvent(text=other):
                text = other
            case DoneEvent(answer=answer):
                yield answer_html(answer, live=True, tools=tools_html(STRINGS[answer.language], answer_tools(answer, detail)))
                return
        yield stream_html(text, status, words.language)
    raise RuntimeError("the turn ended without an answer")
