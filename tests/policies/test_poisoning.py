"""Poisoning: what must escalate does, at the right urgency; what only sounds like it does not."""

from __future__ import annotations

import base64

import pytest

from policies.poisoning import Poisoning
from tests.policies.conversations import examples, turn

POLICY = Poisoning()


@pytest.mark.parametrize(("texts", "row"), list(examples("poisoning", "poisoning")))
def test_an_example_escalates_with_its_urgency(texts: tuple[str, ...], row: dict[str, str]) -> None:
    verdict = POLICY.judge(turn(*texts))
    assert (verdict.fired, verdict.urgency) == (True, row["urgency"])


@pytest.mark.parametrize("source", ["crisis", "emergency", "poisoning"])
def test_no_hard_negative_escalates(source: str) -> None:
    fired = {texts[-1]: POLICY.judge(turn(*texts)).rule for texts, _ in examples(source, "none")}
    assert {text: rule for text, rule in fired.items() if rule} == {}


def test_a_drowsy_person_is_for_911_also_when_it_is_told_later() -> None:
    assert POLICY.judge(turn("my dad took too many oxycodone")).urgency == "poisoning"
    assert POLICY.judge(turn("my dad took too many oxycodone", "he is hard to wake")).urgency == "emergency_now"


def test_a_missed_dose_is_not_poisoning() -> None:
    assert not POLICY.judge(turn("I missed two pills, do I double up?")).fired
    assert not POLICY.judge(turn("olvidé mi pastilla de ayer, ¿la tomo hoy?")).fired


def test_it_is_read_through_base64() -> None:
    assert POLICY.judge(turn(base64.b64encode(b"my toddler swallowed one of my chemo pills, how much is bad").decode())).fired


def test_many_pills_just_taken_count_unless_they_are_taken_so_every_day() -> None:
    assert POLICY.judge(turn("I took ten zofran")).fired
    assert not POLICY.judge(turn("I take 8 pills every morning, why so many?")).fired
    assert not POLICY.judge(turn("I took ten days off work")).fired


def test_each_day_what_was_for_each_week_is_too_much() -> None:
    assert POLICY.judge(turn("papá tomó esa pastilla a diario en lugar de una por semana")).fired
    assert not POLICY.judge(turn("¿conviene caminar todos los días en lugar de una vez por semana?")).fired
