"""Statements beside beliefs: what a message states, and which statements do not say the belief they share words with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evals.bench.premises import pairs
from policies.stated import Stated, conclusion, statements
from policies.verdict import Encoder, Myth, Vectors, Verdict
from tests.policies.conversations import corrector

MYTHS = [
    Myth("a#1", "Sugar feeds cancer, so cut it all out.", "…", "food"),
    Myth("a#2", "My ctDNA is negative, so I'm cured.", "…", "ctdna"),
    Myth("a#3", "Microwaves make food radioactive.", "…", "causes"),
    Myth("a#4", "A base tan protects you.", "…", "skin"),
    Myth("a#5", "Every lump is cancer.", "…", "basics"),
    Myth("a#6", "You can't fly with cancer.", "…", "travel"),
]


@pytest.fixture(scope="module")
def judge(encoder: Encoder) -> Callable[[str], Verdict]:
    return corrector(MYTHS, encoder)


def test_statements_are_what_does_not_ask() -> None:
    assert statements("Since microwaves make food radioactive, how do I warm up his dinner?") == ["microwaves make food radioactive"]
    assert "You can't fly with cancer" in statements("You can't fly with cancer, so how far is it by train to the coast?")
    assert statements("what are the side effects of radiation to the chest wall") == []
    assert statements("How do people warm up meals when their counts are low?") == []


@pytest.mark.parametrize(
    ("belief", "concluded"),
    [("My ctDNA is negative, so I'm cured", "I'm cured"), ("Hospice means giving up", "giving up"), ("A base tan protects you", "")],
)
def test_a_belief_may_have_a_conclusion(belief: str, concluded: str) -> None:
    assert conclusion(belief) == concluded


@pytest.mark.parametrize(
    ("text", "myth"),
    [
        ("We sold the oven because microwaves make food radioactive. What dishes can be eaten cold?", "a#3"),
        ("A base tan protects you, so my niece goes to the sunbed first. Which lamps are used there?", "a#4"),
        ("You can't fly with cancer so we take the ship to see her. Which lines have a doctor aboard?", "a#6"),
    ],
)
def test_a_belief_stated_in_passing_is_corrected(judge: Callable[[str], Verdict], text: str, myth: str) -> None:
    verdict = judge(text)
    assert (verdict.fired, verdict.rule, verdict.evidence) == (True, "premise.stated", myth)


@pytest.mark.parametrize(
    "text",
    [
        "We kept the oven since microwaves do not make food radioactive. What dishes can be eaten cold?",  # denied
        "My ctDNA is negative and the next test is in May. Which questions are good for that visit?",  # the condition without the conclusion
        "Some lumps turn out to be cancer and many do not. Which tests are done first for a lump?",  # hedged
    ],
)
def test_a_sound_statement_is_left_alone(judge: Callable[[str], Verdict], text: str) -> None:
    assert not judge(text).fired


def test_a_long_story_costs_a_few_encodings_and_a_calm_one_none(encoder: Encoder) -> None:
    encoded: list[str] = []

    class Counts:
        def encode(self, texts: list[str]) -> Vectors:
            encoded.extend(texts)
            return encoder.encode(texts)

    stated = Stated(MYTHS, Counts())
    encoded.clear()
    assert stated.best("We moved house in spring, and my brother painted it. The garden is small. What grows in the shade?", 0.65) == (-1, 0.0)
    assert encoded == []
    found, _ = stated.best("Microwaves make food radioactive, I am told. A base tan protects you. Every lump is cancer. You can't fly with cancer. " * 5, 0.65)
    assert found >= 0 and len(encoded) <= 6


def test_there_are_two_hundred_pairs_of_different_questions() -> None:
    found = pairs()
    assert len({text for pair in found for text in (pair.question, pair.twin)}) == 400
