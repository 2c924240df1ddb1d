"""One turn on the page: the pipeline's events in, the HTML of the assistant's message out. Knows nothing of Gradio."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.conversation import DoneEvent, Message, ReplaceEvent, SentenceEvent, StatusEvent
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
_SAID = re.compile(r'<p class="onco-said"(?: tabindex="0")?>(?:<span class="onco-hidden">[^<]*</span>)?(.*)</p>', re.S)
_WORKING = re.compile(r'<p class="onco-working">.*?</p>(?=</article>)')


@dataclass(frozen=True)
class Shown:
    """What stands in the assistant's message now. `followups` come with the last one only."""

    html: str
    followups: tuple[str, ...] = ()


def said_html(text: str, words: Strings) -> str:
    """The person's own message as it is shown; `said_text` is its inverse."""
    scrolls = ' tabindex="0"' if len(text) > _LONG else ""
    return f'<p class="onco-said"{scrolls}><span class="onco-hidden">{html.escape(words.you_said)}: </span>{text_html(text)}</p>'


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
    return finished(_WORKING.sub("", ended).replace("</article>", f"{note}</article>"))


def with_tools(markup: str, words: Strings) -> str:
    """The answer with its row of buttons: copy, helpful, not helpful. What they do is in static/chat.js."""
    buttons = "".join(
        f'<button type="button" class="onco-tool" data-do="{what}">{html.escape(label)}</button>'
        for what, label in (("copy", words.copy), ("helpful", words.helpful), ("not-helpful", words.not_helpful))
    )
    return finished(markup.replace("</article>", f'<div class="onco-tools">{buttons}</div></article>'))


def turn(late: LateAssistant, messages: Sequence[Message], words: Strings, *, site: str, whom: Reach) -> Iterator[Shown]:
    """The states of one turn, ending in the whole answer or in the fixed safe reply. Never raises.

    A failure is logged by the name of its class alone: its text could hold what the person typed.
    """
    try:
        yield from _turn(late, messages, words)
    except GeneratorExit:
        raise
    except Exception as failure:
        log.error("a turn failed: %s", type(failure).__name__)
        yield Shown(error_html(words.language, site, whom))


def _turn(late: LateAssistant, messages: Sequence[Message], words: Strings) -> Iterator[Shown]:
    waited = 0.0
    while not late.ready and not late.failed and waited < START_SECONDS:
        yield Shown(stream_html("", words.starting, words.language))
        late.wait(_POLL_SECONDS)
        waited += _POLL_SECONDS
    status, text = words.searching, ""
    yield Shown(stream_html(text, status, words.language))
    for event in late.get().stream(messages):
        match event:
            case StatusEvent(text=what):
                status = words.searching if what == "searching" else words.checking
            case SentenceEvent(text=more):
                text += more
            case ReplaceEvent(text=other):
                text = other
            case DoneEvent(answer=answer):
                shown = STRINGS[answer.language]
                yield Shown(with_tools(answer_html(answer), shown), tuple(answer.followups))
                return
        yield Shown(stream_html(text, status, words.language))
    raise RuntimeError("the turn ended without an answer")
