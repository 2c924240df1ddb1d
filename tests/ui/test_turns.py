"""A turn on the page, the late assistant behind it, and the counts of thumbs."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.conversation import Event, Message, SentenceEvent
from tests.ui.scripted import Scripted
from ui.feedback import OTHER, Feedback
from ui.late import LateAssistant, NotReady
from ui.reach import reach
from ui.strings import ENGLISH
from ui.turns import Shown, readmitted, stopped_html, turn


def play(late: LateAssistant, text: str) -> list[Shown]:
    return list(turn(late, [Message(content=text)], ENGLISH, site="Oncolantern", whom=reach("US", "en")))


def test_a_turn_asked_too_early_waits_visibly_and_is_then_answered() -> None:
    gate = threading.Event()

    def build() -> Scripted:
        gate.wait(5)
        return Scripted(0)

    late = LateAssistant(build)
    late.start()
    states = turn(late, [Message(content="What is it?")], ENGLISH, site="Oncolantern", whom=reach("US", "en"))
    assert "Getting ready" in next(states).html
    gate.set()
    last = list(states)[-1]
    assert 'data-action="answer"' in last.html
    assert last.followups


def test_a_turn_after_a_failed_start_ends_in_the_safe_reply_and_not_in_waiting() -> None:
    def build() -> Scripted:
        raise OSError("no disk")

    late = LateAssistant(build)
    late.start()
    late.wait(5)
    assert late.failed
    with pytest.raises(NotReady):
        late.get()
    states = play(late, "What is it?")
    assert 'data-action="error"' in states[-1].html
    assert "no disk" not in states[-1].html


def test_a_turn_that_breaks_shows_no_half_answer_and_logs_no_words(caplog: pytest.LogCaptureFixture) -> None:
    late = LateAssistant(lambda: Scripted(0))
    late.start()
    late.wait(5)
    states = play(late, "please fail, my name is Zaphod")
    assert any("find cancer cells" in state.html for state in states)
    assert 'data-action="error"' in states[-1].html
    assert "find cancer cells" not in states[-1].html
    assert "Zaphod" not in caplog.text and "scripted failure" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_turn_without_an_end_is_a_failure() -> None:
    class Endless(Scripted):
        def stream(self, messages: Sequence[Message]) -> Iterator[Event]:
            yield SentenceEvent(text="Half")

    late = LateAssistant(Endless)
    late.start()
    late.wait(5)
    assert 'data-action="error"' in play(late, "x")[-1].html


def test_what_was_replaced_is_gone() -> None:
    late = LateAssistant(lambda: Scripted(0))
    late.start()
    late.wait(5)
    states = play(late, "What is immunotherapy?")
    assert "Immunotherapy, in short." in states[-2].html
    assert "several ways" not in states[-2].html


def test_an_answer_that_comes_back_from_the_browser_is_the_same_so_that_no_alert_speaks_twice() -> None:
    late = LateAssistant(lambda: Scripted(0))
    late.start()
    late.wait(5)
    for text in ("What?", "fever", "my stage", "please fail"):
        for state in play(late, text):
            assert readmitted("assistant", state.html, ENGLISH) == state.html


def test_stopping_keeps_what_was_released_and_says_that_it_stopped() -> None:
    late = LateAssistant(lambda: Scripted(0))
    late.start()
    late.wait(5)
    running = next(state for state in play(late, "What?") if "find cancer cells" in state.html)
    stopped = stopped_html(running.html, ENGLISH)
    assert "find cancer cells" in stopped
    assert "You stopped this answer" in stopped
    assert "onco-working" not in stopped
    finished = play(late, "What?")[-1].html
    assert stopped_html(finished, ENGLISH) == finished


def test_thumbs_are_counted_by_closed_lists_so_that_no_text_gets_in(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path, {"immunotherapy"})
    feedback.count("immunotherapy", "answer", True)
    feedback.count("immunotherapy", "answer", True)
    feedback.count("my name is Zaphod", "answer", False)
    feedback.count("immunotherapy", "Zaphod", True)
    assert feedback.totals() == {("immunotherapy", "answer", True): 2, (OTHER, "answer", False): 1}
    with sqlite3.connect(tmp_path / "feedback.sqlite3") as connection:
        assert [row[1] for row in connection.execute("PRAGMA table_info(counts)")] == ["topic", "action", "helpful", "times"]
    assert b"Zaphod" not in (tmp_path / "feedback.sqlite3").read_bytes()
