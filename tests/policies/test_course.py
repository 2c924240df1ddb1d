"""Old complaints and new ones are told apart; a danger sign is never old."""

from __future__ import annotations

import pytest

from policies.course import is_new, long_standing
from policies.emergency import case_instead
from policies.verdict import Verdict
from tests.policies.conversations import turn

OLD = (
    "my wrist has ached on and off for about two years, who looks at that",
    "every winter my hands crack",
    "since college I get a sore knee twice a month",
    "desde hace meses me truena la rodilla",
)
NEW = (
    "my wrist has ached on and off for about two years and since lunch I can't close the hand",
    "every winter my hands crack, today two fingers are white and dead",
    "my neck has been stiff for weeks and it is getting worse",
    "desde hace meses me duele la rodilla y hoy no la puedo mover",
)
DANGER = (
    "for two weeks I have been coughing up blood",
    "I've had trouble breathing for a month",
    "on chemo for half a year and tired",
    "llevo semanas con fiebre",
    "for months I have thought about how to end it",
)


@pytest.mark.parametrize("text", OLD)
def test_an_old_complaint_is_long_standing(text: str) -> None:
    assert long_standing(text)


@pytest.mark.parametrize("text", NEW)
def test_what_changed_within_days_is_new_however_old_its_beginning(text: str) -> None:
    assert is_new(text) and not long_standing(text)


@pytest.mark.parametrize("text", DANGER)
def test_no_length_of_time_makes_a_danger_sign_old(text: str) -> None:
    assert not long_standing(text)


SOUNDS = Verdict("emergency", True, "emergency.sounds_like", 0.68, "emergency_now")
CASE = (Verdict("personal", True, "personal.complaint"),)


def test_an_alarm_that_is_only_heard_yields_to_an_old_complaint_and_not_to_a_new_one() -> None:
    assert case_instead(SOUNDS, CASE, turn(OLD[0], personal=0.3))
    assert not case_instead(SOUNDS, CASE, turn("on and off for two years I felt odd, and since lunch I have passed out twice", personal=0.9))
    # … nor where nobody else would stop the message, nor in a conversation that may hold more than its last message.
    assert not case_instead(SOUNDS, (), turn(OLD[0], personal=0.3))
    assert not case_instead(SOUNDS, CASE, turn("my chest hurts", OLD[0], personal=0.3))
    assert not case_instead(Verdict("emergency", True, "emergency.stroke", 1.0, "emergency_now"), CASE, turn(OLD[0], personal=0.9))


def test_a_complaint_outside_cancer_keeps_its_alarm_only_where_it_is_heard_clearly_or_holds_a_danger_sign() -> None:
    outside = (Verdict("scope", True, "scope.health", 0.6),)
    rash = "the cat gave us both itchy elbows, which cream do other owners use"
    assert case_instead(SOUNDS, outside, turn(rash, personal=0.3))
    assert not case_instead(SOUNDS, outside, turn(rash, personal=0.2))
    assert not case_instead(SOUNDS, (), turn(rash, personal=0.3))
    assert not case_instead(SOUNDS, outside, turn("and a fever", rash, personal=0.3))
    assert not case_instead(SOUNDS, outside, turn(f"{rash}, I am bleeding", personal=0.3))
    assert not case_instead(Verdict("emergency", True, "emergency.sounds_like", 0.73, "emergency_now"), outside, turn(rash, personal=0.3))


def test_what_is_new_and_dangerous_yields_to_the_surest_case_alone_and_only_when_hardly_heard() -> None:
    new, heard = "since this morning my wrists are stiff, I am on immunotherapy, should I stop it", Verdict("emergency", True, "emergency.sounds_like", 0.64)
    assert case_instead(heard, CASE, turn(new, personal=0.98))
    assert not case_instead(heard, CASE, turn(new, personal=0.95))
    assert not case_instead(SOUNDS, CASE, turn(new, personal=0.98))


def test_something_new_yields_only_to_a_case_that_is_told_clearly() -> None:
    new = "two days ago my hands began to cramp, what should I drink"
    assert case_instead(SOUNDS, CASE, turn(new, personal=0.5))
    assert not case_instead(SOUNDS, CASE, turn(new, personal=0.45))
    assert case_instead(SOUNDS, CASE, turn("my hands cramp, what should I drink", personal=0.45))
