"""Statements beside beliefs: what a message states, and which statements do not say the belief they share words with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from evals.bench.premises import pairs
from policies.stated import Stated, statements
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
        "My ctDNA is negative, yet I am not cured by that. Which questions are good for the visit?",  # taken back
        "Since microwaves make food less radioactive than people think, what dishes can be eaten cold?",  # hedged
    ],
)
def test_a_sound_statement_is_left_alone(judge: Callable[[str], Verdict], text: str) -> None:
    assert not judge(text).fired


SAID = [
    Myth(
        "b#1", "A biopsy makes cancer spread.", "…", "tests",
        said=("poking a tumor with a needle scatters it", "the needle in her lump set the cancer free", "after they took a sample the cancer got loose"),
        sound=("a biopsy is the safe way to find out", "the needle doesn't scatter the cancer", "she had a biopsy on Monday"),
    ),
    Myth(
        "b#2", "Hospice means giving up.", "…", "care",
        said=("calling hospice is throwing in the towel", "hospice is where they let you die"), sound=("we have a nurse from hospice", "hospice is a lot of care"),
    ),
    Myth(
        "b#3", "Support groups are just people crying in a circle.", "…", "groups",
        said=("such a meeting is strangers weeping over coffee", "all they do there is weep together"), sound=("groups share tips and jokes",),
    ),
    *MYTHS,
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "myth"),
    [
        ("A meeting of those is strangers weeping over coffee, so she stays home. Which hobby is good for her?", "b#3"),
        ("Hospice is throwing in the towel and letting him die. Which songs are calm?", "b#2"),
    ],
)
def test_a_belief_is_met_in_words_that_only_its_other_sayings_have(encoder: Encoder, text: str, myth: str) -> None:
    verdict = corrector(SAID, encoder)(text)
    assert (verdict.rule, verdict.evidence) == ("premise.stated", myth)
    bare = [replace(m, said=(), sound=()) for m in SAID]
    assert not corrector(bare, encoder)(text).fired


@pytest.mark.parametrize(
    "text",
    [
        "The needle doesn't scatter the cancer, says her nurse. Which soup is easy to swallow?",
        "A nurse from hospice comes on Mondays. Which songs are calm for him?",
    ],
)
def test_sound_talk_about_the_same_things_is_left_alone(encoder: Encoder, text: str) -> None:
    assert not corrector(SAID, encoder)(text).fired


def test_a_long_story_costs_a_few_encodings_and_a_calm_one_none(encoder: Encoder) -> None:
    encoded: list[str] = []

    class Counts:
        def encode(self, texts: list[str]) -> Vectors:
            encoded.extend(texts)
            return encoder.encode(texts)

    stated = Stated(MYTHS, Counts())
    stated.warm()
    encoded.clear()
    assert stated.best("We moved house in spring, and my brother painted it. The garden is small. What grows in the shade?") == (-1, 0.0)
    assert encoded == []
    found, _ = stated.best("Microwaves make food radioactive, I am told. A base tan protects you. Every lump is cancer. You can't fly with cancer. " * 5)
    assert found >= 0 and len(encoded) <= 4


def test_there_are_two_hundred_pairs_of_different_questions() -> None:
    found = pairs()
    assert len({text for pair in found for text in (pair.question, pair.twin)}) == 400
