"""One turn, top to bottom: screen → question → search → compose through the gate → Answer, as Events.

    messages ─► screen ──(terminal)──► fixed reply ─┐
                  └─► search ─► compose ─► gate ────┴─► Answer

Whatever fails on the way ends in an `error` Answer with a safe reply; no exception and no half sentence reaches a person.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from bot.answers import AnswerDesk, Draft
from bot.compose import Composed, Composer
from bot.conversation import Answer, Detail, DoneEvent, Event, Message, ReplaceEvent, SentenceEvent, StatusEvent
from bot.followup import made_whole
from bot.retrieval import Retrieved, Retriever
from bot.settings import Settings

if TYPE_CHECKING:
    from knowledge.search import Searcher
    from policies.screen import Screen
    from policies.verdict import Screening

log = logging.getLogger(__name__)


class Clock:
    """Milliseconds of each step of a turn."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.timings: dict[str, float] = {}

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.timings[step] = round(self.timings.get(step, 0.0) + (now - self._last) * 1000, 2)
        self._last = now

    def total(self) -> dict[str, float]:
        return {**self.timings, "total": round((time.perf_counter() - self._start) * 1000, 2)}


class Assistant:
    """Answers turns. Stateless: everything of a conversation comes in with its messages. Safe across threads."""

    def __init__(self, settings: Settings, screen: Screen, retriever: Retriever, composer: Composer, desk: AnswerDesk) -> None:
        self._settings, self._screen, self._retriever, self._composer, self._desk = settings, screen, retriever, composer, desk

    @property
    def searcher(self) -> Searcher:
        """Retrieval alone, for faces that offer it."""
        return self._retriever.searcher

    def warm(self) -> None:
        """Compile and read what turns need sooner or later, so that no person waits for it. For a server, in the background."""
        self._screen.warm()
        self.ask([Message(content="What is chemotherapy, and what are its side effects?")])

    def ask(self, messages: Sequence[Message], detail: Detail = "more") -> Answer:
        """The Answer of a turn, without its events."""
        answer: Answer | None = None
        for event in self.stream(messages, detail):
            if isinstance(event, DoneEvent):
                answer = event.answer
        assert answer is not None  # stream always ends in done
        return answer

    def stream(self, messages: Sequence[Message], detail: Detail = "more") -> Iterator[Event]:
        """The turn's events; the last one is always `done`. Never raises. `detail`: the reading level asked for."""
        clock = Clock()
        texts = [m.content for m in messages if m.role == "user" and m.content.strip()]
        try:
            yield from self._stream(texts, clock, detail)
        except Exception:
            # The one place where a fault of ours becomes a safe reply. No text of the person's goes to the log.
            log.exception("a turn failed")
            answer = self._desk.error(clock.total())
            yield ReplaceEvent(text=answer.markdown)
            yield DoneEvent(answer=answer)

    def _stream(self, texts: list[str], clock: Clock, detail: Detail) -> Iterator[Event]:
        if not texts or len(texts[-1]) > self._settings.max_message_chars:
            yield from self._fixed(self._desk.error(clock.total(), key="too_long" if texts else "error"))
            return
        screening = self._screen.screen(texts)
        clock.lap("screen")
        if screening.failed:
            log.error("screen failed: %s", screening.policy)
            yield from self._fixed(self._desk.error(clock.total(), screening=screening))
            return
        if screening.action == "decline" and screening.policy == "scope":
            # “Who pays for it?” alone is nobody's question; made whole it may be one of ours, judged by every policy anew.
            whole = made_whole([*screening.texts[:-1], screening.question])
            if whole != screening.question:
                again = self._screen.screen([*texts[:-1], whole])
                screening = again if again.action == "answer" and not again.failed else screening
            clock.lap("screen")
        if screening.action in ("escalate", "decline") or (screening.action == "redirect" and not screening.question.strip()):
            yield from self._fixed(self._desk.reply(screening, clock.total()))
            return
        if screening.action == "block":
            yield from self._fixed(self._desk.reply(screening, clock.total(), background=self._desk.medicine_background(screening.question)))
            return
        if screening.action == "answer" and screening.intent in ("greeting", "thanks", "about_assistant"):
            yield from self._fixed(self._desk.reply(screening, clock.total()))
            return
        yield from self._answer(screening, clock, detail)

    def _fixed(self, answer: Answer) -> Iterator[Event]:
        text = "\n\n".join(s.markdown if not s.heading else f"## {s.heading}\n\n{s.markdown}" for s in answer.sections)
        yield SentenceEvent(text=text)
        yield DoneEvent(answer=answer)

    def _answer(self, screening: Screening, clock: Clock, detail: Detail) -> Iterator[Event]:
        yield StatusEvent(text="searching")
        found = self._retriever.find(screening, brief=detail == "plain")
        clock.lap("search")
        redirect = screening.action == "redirect"
        if found.no_answer and not redirect and screening.intent != "distress":
            yield from self._fixed(self._desk.no_answer(screening, found, clock.total()))
            return
        lead = self._desk.lead(screening, found)
        if lead:
            yield SentenceEvent(text=lead + "\n\n")
        composed: Composed | None = None
        if not found.no_answer:
            yield StatusEvent(text="checking")
            composed = yield from self._compose(screening, found, lead)
            if composed.failed:
                log.error("an output policy failed: %s", ", ".join(v.policy for v in composed.verdicts if v.failed))
                answer = self._desk.error(clock.total(), screening=screening)
                yield ReplaceEvent(text=answer.markdown)
                yield DoneEvent(answer=answer)
                return
        clock.lap("compose")
        answer = self._desk.assemble(Draft(screening, found, composed, lead, clock.total()))
        yield DoneEvent(answer=answer)

    def _compose(self, screening: Screening, found: Retrieved, lead: str) -> Generator[Event, None, Composed]:
        run = self._composer.stream(found.question, found.sources, screening.language, safe_only=screening.action == "redirect")
        while True:
            try:
                piece = next(run)
            except StopIteration as stop:
                composed: Composed = stop.value
                return composed
            if piece.replace:
                yield ReplaceEvent(text=f"{lead}\n\n{piece.text}" if lead else piece.text)
            elif piece.text:
                yield SentenceEvent(text=piece.text)
