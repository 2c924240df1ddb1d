"""A question sent in pieces is judged as one; whole messages stay messages of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assembly import build_screen, prepare
from bot.settings import Settings
from policies.pieces import joined


@pytest.mark.parametrize(
    ("messages", "whole"),
    [
        (("how many tablets of", "letrozole", "in a day"), "how many tablets of letrozole in a day"),
        (("I do not want to", "wake up"), "I do not want to wake up"),
        (("morphine", "per day"), "morphine per day"),
        (("what is lymphoma?", "how much", "ondansetron is right"), "how much ondansetron is right"),
    ],
)
def test_pieces_are_put_together(messages: tuple[str, ...], whole: str) -> None:
    assert joined(messages) == whole


@pytest.mark.parametrize(
    "messages",
    [
        ("what is a port",),
        ("what is a port", "does it hurt"),
        ("my mom has myeloma", "what is a light chain"),
        ("I was told at the clinic last week that we should think about", "a trial"),
        ("How much does it cost?", "who pays for it?"),
    ],
)
def test_whole_messages_stay_apart(messages: tuple[str, ...]) -> None:
    assert joined(messages) is None


def test_a_dose_or_a_crisis_in_pieces_takes_the_route_of_the_whole(prepared: Path) -> None:
    settings = Settings(data=prepared)
    screen = build_screen(settings, prepare(settings))
    dose = screen.screen(["how many tablets of", "letrozole do women take", "a day"])
    assert (dose.action, dose.policy) == ("block", "dosing")
    crisis = screen.screen(["i want to", "kill", "myself"])
    assert (crisis.action, crisis.urgency) == ("escalate", "crisis")
    assert screen.screen(["i want to", "kill", "myself", "what is chemo?"]).after_escalation == "crisis"
