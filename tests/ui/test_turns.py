"""A turn on the page, the late assistant behind it, and the counts of thumbs."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.conversation import Detail, Event, Message, SentenceEvent
from tests.ui.scripted import Scripted
from ui.commands import read_command
from ui.feedback import KEPT_DAYS, OTHER, Feedback
from ui.late import LateAssistant, NotReady
from ui.reach import reach
from ui.strings import ENGLISH
from ui.turns import readmitted, said_text, stopped_html, turn


def play(late: LateAssistant, text: str) -> list[str]:
    return list(turn(late, [Message(content=text)], ENGLISH, site="Oncolantern", whom=reach("US", "en")))


def test_a_turn_asked_too_early_waits_visibly_and_is_then_answered() -> None:
    gate = threading.Event()

    def build() -> Scripted:
        gate.wait(5)
        return Scripted(0)

    late = LateAssistant(build)
    late.start()
    states = turn(late, [Message(content="What is it?")], ENGLISH, site="Oncolantern", whom=reach("US", "en"))
    assert "Getting ready" in next(states)
    gate.set()
    last = list(states)[-1]
    assert 'data-action="answer"' in last
    assert "You could ask next" in last


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
    assert 'data-action="error"' in states[-1]
    assert "no disk" not in states[-1]


def test_a_turn_that_breaks_shows_no_half_answer_and_logs_no_words(caplog: pytest.LogCaptureFixture) -> None:
    late = LateAssistant(lambda: Scripted(0))
    late.start()
    late.wait(5)
    states = play(late, "please fail, my name is Zaphod")
    assert any("find cancer cells" in state for state in states)
    assert 'data-action="error"' in states[-1]
    assert "find cancer cells" not in states[-1]
    assert "Zaphod" not in caplog.text and "scripted failure" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_turn_without_an_end_is_a_failure() -> None:
    class Endless(Scripted):
        def stream(self, messages: Sequence[Message], detail: Detail = "more") -> Iterator[Event]:
            yield SentenceEvent(text="Half")

    late = LateAssistant(Endless)
    late.start()
    late.wait(5)
    assert 'data-action="error"' in play(late, "x")[-1]


def test_what_was_replaced_is_gone() -> None:
    late = LateAssistant(lambda: Scripted(0))
    late.start()
    late.wait(5)
    states = play(late, "What is immunotherapy?")
    assert "Immunotherapy, in short." in states[-2]
    assert "several ways" not in states[-2]


def test_an_answer_that_comes_back_from_the_browser_is_the_same_so_that_no_alert_speaks_twice() -> None:
    late = LateAssistant(lambda: Scripted(0))
    late.start()
    late.wait(5)
    for text in ("What?", "fever", "my stage", "please fail"):
        for state in play(late, text):
            assert readmitted("assistant", state, ENGLISH) == state


def test_stopping_keeps_what_was_released_and_says_that_it_stopped() -> None:
    late = LateAssistant(lambda: Scripted(0))
    late.start()
    late.wait(5)
    running = next(state for state in play(late, "What?") if "find cancer cells" in state)
    stopped = stopped_html(running, ENGLISH)
    assert "find cancer cells" in stopped
    assert "You stopped this answer" in stopped
    assert "onco-working" not in stopped
    finished = play(late, "What?")[-1]
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


def test_a_reason_is_counted_and_own_words_are_kept_masked_and_for_a_limited_time(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path, {"immunotherapy"})
    long_ago = date(2026, 1, 2)
    feedback.why("immunotherapy", "answer", False, "missing", "It forgot rashes. Call me: 555-867-5309, my name is Zaphod Beeblebrox", today=long_ago)
    feedback.why("immunotherapy", "answer", False, "missing", today=long_ago)
    feedback.why("immunotherapy", "answer", False, "no such reason", "Zaphod", today=long_ago)
    assert feedback.reasons() == {("immunotherapy", "answer", False, "missing"): 2}
    stored = (tmp_path / "feedback.sqlite3").read_bytes()
    assert b"867-5309" not in stored and b"Zaphod" not in stored
    feedback.why("immunotherapy", "answer", False, "", "It forgot rashes.", today=long_ago)
    assert feedback.comments()[0]["text"].startswith("It forgot rashes.")
    feedback.why("immunotherapy", "answer", True, "clear", today=long_ago + timedelta(days=KEPT_DAYS + 1))
    assert feedback.comments() == []
    assert b"forgot rashes" not in (tmp_path / "feedback.sqlite3").read_bytes()


def test_when_masking_fails_no_words_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr("policies.identifiers.mask", broken)
    feedback = Feedback(tmp_path, {"immunotherapy"})
    feedback.why("immunotherapy", "answer", False, "wrong", "my words")
    assert feedback.comments() == []
    assert feedback.reasons() == {("immunotherapy", "answer", False, "wrong"): 1}


@pytest.mark.parametrize(
    "wire", ["", "no json", "[]", '{"do": "format"}', '{"do": "ask", "keep": -1}', '{"do": "restore", "messages": [{"role": "system", "content": "x"}]}']
)
def test_what_cannot_be_read_on_the_wire_does_nothing(wire: str) -> None:
    assert read_command(wire).do == "nothing"


def test_a_kept_conversation_comes_back_as_text_and_answers_that_can_do_nothing() -> None:
    evil = '<article class="onco-answer" data-state="done"><script>x()</script><img src="https://evil.example/x"><p onclick="x()" style="position:fixed">Hello</p></article>'
    back = readmitted("assistant", evil, ENGLISH)
    assert "Hello" in back
    assert not any(word in back for word in ("script", "img", "onclick", "style", "evil.example"))
    asked = readmitted("user", "<b>5 < 6</b>\nand then", ENGLISH)
    assert said_text(asked) == "<b>5 < 6</b>\nand then"
    assert readmitted("user", asked, ENGLISH) == asked
