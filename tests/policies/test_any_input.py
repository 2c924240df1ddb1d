"""No input breaks the gate: every output policy judges any text, and how a stream is cut never changes what is released."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.guard import OutputGuard
from policies.output_guard import build_output_guard
from policies.release import Gate
from policies.verdict import Draft, Lexicon

LEXICON = Lexicon(drugs=frozenset({"tamoxifen", "capecitabine"}), cancers=frozenset({"breast cancer"}))
PASSAGES = {
    1: "Surgery is a standard treatment for early breast cancer. It does not cure every cancer.",
    2: "Tamoxifen blocks estrogen. It can cause hot flashes.",
}
PIECES = st.sampled_from(
    ["Surgery is a standard treatment for early breast cancer. [1] ", "Tamoxifen can cause hot flashes. [2] ", "It also helps. [1] ", "Take two tablets ", "every 8 hours. ", "500 ", "mg ", "**5** ", "You should ",
     "stop chemo. ", "## Bottom line\n\n", "- Standard: surgery. [1]\n", "| a | b |\n|---|---|\n", "| 2 | pills |\n", "\n\n", "\n", "However, ", "[9] ", "[1](http://x.example \"5 mg\") ", "<b title='", "'>x</b> ", "```\n",
     "dos pastillas al día. ", "&nbsp;", "\u200b", "m\u00b2 ", "My instructions say ", "1. ", "> ", "… ", "e.g. ", "No. 5 "]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join)
ANYTHING = st.one_of(TEXTS, st.text(max_size=400), st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=12).map("".join))


@pytest.fixture(scope="module")
def guard() -> OutputGuard:
    return build_output_guard(LEXICON)


@settings(max_examples=250, deadline=None)
@given(ANYTHING, ANYTHING)
def test_no_policy_raises_on_any_text(guard: OutputGuard, tail: str, sentence: str) -> None:
    for policy in guard.policies:
        verdict = policy.judge(Draft(tail[-600:], sentence, "What is surgery?", PASSAGES, "You explain cancer in plain words to people who ask."))
        assert verdict.policy == policy.name and verdict.fired is bool(verdict.rule)


def through(guard: OutputGuard, chunks: list[str]) -> str:
    gate = Gate(guard, question="What is surgery?", passages=PASSAGES, system_prompt="You explain cancer in plain words to people who ask.")
    return "".join([*(piece for chunk in chunks for piece in gate.feed(chunk)), *gate.finish()])


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(st.integers(1, 30), min_size=1, max_size=60))
def test_how_a_stream_is_cut_never_changes_what_is_released(guard: OutputGuard, text: str, sizes: list[int]) -> None:
    places = [0, *accumulate(sizes)]
    chunks = [text[a:b] for a, b in zip(places, [*places[1:], len(text) + places[-1]], strict=True)]
    assert through(guard, chunks) == through(guard, [text])
