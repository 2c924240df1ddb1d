"""The guard: verdicts per call, failures told apart from firing, nothing leaked, nothing sent."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from policies.guard import InputGuard, OutputGuard, PolicyBroken, SelfTestCase
from policies.verdict import Draft, Turn, Verdict


class Word:
    """Fires on a word."""

    def __init__(self, name: str, word: str) -> None:
        self.name = name
        self._word = word

    def judge(self, draft: Draft) -> Verdict:
        return Verdict(self.name, fired=self._word in draft.joined, rule=f"{self.name}.word", evidence=draft.sentence)


class TurnWord:
    name = "word"

    def judge(self, turn: Turn) -> Verdict:
        return Verdict(self.name, fired="bad" in turn.text)


class Raises:
    name = "raises"

    def judge(self, draft: Draft) -> Verdict:
        raise RuntimeError(draft.sentence)


class GivesNothing:
    name = "nothing"

    def judge(self, draft: Draft) -> Verdict:
        return None  # type: ignore[return-value]


class Hangs:
    name = "hangs"

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def judge(self, draft: Draft) -> Verdict:
        if "hang" in draft.sentence:
            self.let_go.wait(20)
        return Verdict(self.name, fired=False)


def draft(sentence: str) -> Draft:
    return Draft(tail="", sentence=sentence)


def turn(text: str) -> Turn:
    return Turn(texts=(text,), normalised=(text,))


@pytest.fixture(scope="module")
def two() -> OutputGuard:
    return OutputGuard([Word("a", "apple"), Word("b", "bread")])


def test_every_policy_gives_its_verdict_in_order(two: OutputGuard) -> None:
    assert [(v.policy, v.fired) for v in two.judge(draft("bread"))] == [("a", False), ("b", True)]


def test_the_input_side_judges_turns() -> None:
    guard = InputGuard([TurnWord()])
    assert guard.judge(turn("a bad one"))[0].fired
    assert not guard.judge(turn("a good one"))[0].fired


def test_an_empty_text_is_judged_like_any_other(two: OutputGuard) -> None:
    assert [(v.fired, v.failed) for v in two.judge(draft(""))] == [(False, False), (False, False)]


def test_a_policy_that_raises_has_failed_not_fired_and_the_others_still_judge() -> None:
    verdicts = OutputGuard([Word("a", "apple"), Raises(), Word("b", "bread")]).judge(draft("apple bread"))
    assert [(v.policy, v.fired, v.failed) for v in verdicts] == [("a", True, False), ("raises", False, True), ("b", True, False)]


def test_a_failure_does_not_quote_the_text_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    OutputGuard([Raises()]).judge(draft("my private words"))
    assert "RuntimeError" in caplog.text
    assert "private" not in caplog.text


def test_a_policy_that_gives_no_verdict_has_failed() -> None:
    assert OutputGuard([GivesNothing()]).judge(draft("x"))[0].failed


def test_a_policy_that_hangs_fails_in_time_and_those_not_reached_fail_with_it() -> None:
    hangs = Hangs()
    guard = OutputGuard([Word("a", "hang"), hangs, Word("b", "x")], time_limit_seconds=0.2)
    started = time.monotonic()
    verdicts = guard.judge(draft("hang"))
    hangs.let_go.set()
    assert time.monotonic() - started < 5
    assert [(v.fired, v.failed) for v in verdicts] == [(True, False), (False, True), (False, True)]
    assert not any(v.failed for v in guard.judge(draft("fine")))


def test_calls_share_threads() -> None:
    """A thread opens connections of its own: a new one for each call would pay for them again and again."""
    threads: set[int] = set()

    class Notes:
        name = "notes"

        def judge(self, draft: Draft) -> Verdict:
            threads.add(threading.get_native_id())
            return Verdict(self.name, fired=False)

    guard = OutputGuard([Notes()])
    for _ in range(20):
        guard.judge(draft("x"))
    assert len(threads) < 5


def test_names_must_be_distinct() -> None:
    with pytest.raises(ValueError, match="distinct"):
        OutputGuard([Word("a", "x"), Word("a", "y")])


def test_the_self_test_passes_when_every_policy_knows_its_text(two: OutputGuard) -> None:
    two.self_test([SelfTestCase("a", draft("apple")), SelfTestCase("b", draft("bread")), SelfTestCase("a", draft("pear"), fires=False)])


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ([SelfTestCase("a", draft("pear")), SelfTestCase("b", draft("bread"))], "missed"),
        ([SelfTestCase("a", draft("apple"), fires=False), SelfTestCase("b", draft("bread"))], "known-good"),
        ([SelfTestCase("a", draft("apple"))], "no known-bad text for b"),
        ([SelfTestCase("c", draft("apple"))], "no policy named c"),
    ],
)
def test_the_self_test_finds_a_dead_policy(two: OutputGuard, cases: list[SelfTestCase], said: str) -> None:
    with pytest.raises(PolicyBroken, match=said):
        two.self_test(cases)


def test_a_failing_policy_fails_the_self_test() -> None:
    with pytest.raises(PolicyBroken, match="failed"):
        OutputGuard([Raises()]).self_test([SelfTestCase("raises", draft("x"))])


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _memory_kb() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
def test_two_thousand_calls_leak_no_descriptor_and_no_memory(two: OutputGuard) -> None:
    text = draft("bread and butter " * 35)
    for _ in range(300):
        two.judge(text)
    descriptors, memory = _descriptors(), _memory_kb()
    for _ in range(2000):
        two.judge(text)
    assert _descriptors() <= descriptors
    assert _memory_kb() - memory < 8_000


def test_no_words_of_a_call_stay_in_the_guard(two: OutputGuard) -> None:
    two.judge(draft("a secret apple"))
    assert len(two._guard.history) == 0


def test_twelve_threads_never_get_each_others_verdicts(two: OutputGuard) -> None:
    def one(i: int) -> bool:
        sentence = f"{'apple' if i % 2 else 'bread'} number {i}"
        a, b = two.judge(draft(sentence))
        return a.fired is bool(i % 2) and b.fired is not bool(i % 2) and a.evidence == b.evidence == sentence

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(one, range(600))).count(False) == 0


def test_nothing_is_sent_and_the_process_ends_at_once(tmp_path: Path) -> None:
    script = """
import socket, sys
def refuse(*a, **k):
    print("CONNECTED", file=sys.stderr); raise OSError
socket.socket.connect = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
from policies.guard import OutputGuard
from policies.verdict import Draft, Verdict
class P:
    name = "p"
    def judge(self, d): return Verdict("p", False)
g = OutputGuard([P()])
for _ in range(20): g.judge(Draft("", "words"))
import time, pathlib
pathlib.Path(sys.argv[1]).write_text(str(time.time()))
"""
    stamp = tmp_path / "end"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GUARDRAILS", "OTEL"))} | {"HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([sys.executable, "-c", script, str(stamp)], capture_output=True, text=True, env=environment, timeout=60)
    ended = time.time()
    assert done.returncode == 0, done.stderr
    assert "CONNECTED" not in done.stderr
    assert ended - float(stamp.read_text()) < 3
