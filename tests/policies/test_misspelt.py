"""Misspelt words of alarm are heard; real words and other languages stay what they are."""

from __future__ import annotations

import pytest

from policies.emergency import Emergency
from policies.misspelt import towards_alarm
from tests.policies.conversations import turn


@pytest.mark.parametrize(
    "text", ["fevr of 102 on kemo chemo", "my dad had a siezure", "he is bleding and it wont stop", "she is confsued since lunch", "i cant breath, chst pain"]
)
def test_a_misspelt_alarm_escalates(text: str) -> None:
    assert Emergency().judge(turn(text)).fired


@pytest.mark.parametrize(
    "text", ["a new breed of drugs", "we are seeking a second opinion", "the best chess club", "breathes well", "fewer scans", "no spelling test"]
)
def test_a_real_word_stays_what_it_is(text: str) -> None:
    assert towards_alarm(text) == text


@pytest.mark.parametrize("text", ["il ne respire plus", "non riesco a respirare"])
def test_what_looks_like_a_slip_in_another_language_still_counts(text: str) -> None:
    assert Emergency().judge(turn(text)).fired
