"""A name alone is looked up: it gets no stop by what it looks like, and a word of the body keeps its alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import catalogs
from policies.bare import looked_up, without_likeness
from policies.screen import Screen
from policies.verdict import Lexicon

LEXICON = Lexicon(
    drugs=frozenset({"keytruda", "opdivo"}), cancers=frozenset({"cll"}), genes=frozenset({"her2"}), terms=frozenset({"nausea and vomiting", "mama"})
)


@pytest.fixture(scope="module")
def screen(prepared: Path) -> Screen:
    from bot.assembly import build_screen, prepare
    from bot.settings import Settings

    settings = Settings(data=prepared)
    return build_screen(settings, prepare(settings))


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("Keytruda", "thing"),
        ("what's HER2?", "thing"),
        ("keytruda vs opdivo", "thing"),
        ("¿Qué es la CLL?", "thing"),
        ("nausea and vomiting", "word"),
        ("what does HER2 mean", "thing"),
        ("keytruda 200", ""),
        ("how much keytruda", ""),
        ("keytruda for me", ""),
        ("and", ""),
        ("", ""),
    ],
)
def test_what_is_looked_up(message: str, found: str) -> None:
    assert looked_up(message, LEXICON) == found


def test_a_word_of_the_body_keeps_its_alarm_and_a_medicine_has_none() -> None:
    scores = {"dosing": 0.9, "alarm.any": 0.8, "education": 0.1}
    assert without_likeness(scores, "word") == {"dosing": 0.0, "alarm.any": 0.8, "education": 1.0}
    assert without_likeness(scores, "thing") == {"dosing": 0.0, "alarm.any": 0.0, "education": 1.0}


def test_the_name_of_a_medicine_is_never_refused(screen: Screen) -> None:
    names = [name for term in catalogs.catalog().terms if term.kind in ("drug", "drug-class") for name in (term.term, *term.aliases)][::9]
    assert len(names) > 50
    assert not [name for name in names if screen.screen([name]).action != "answer"]


@pytest.mark.parametrize("message", ["suicide", "overdose", "chest pain", "bleeding"])
def test_a_cry_of_one_word_is_heard(screen: Screen, message: str) -> None:
    assert screen.screen([message]).action == "escalate"
