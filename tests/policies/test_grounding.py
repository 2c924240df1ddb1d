"""The output policy "grounding": a sentence says what its citation says, or it falls."""

from __future__ import annotations

import numpy as np
import pytest

from policies.claims import numbers, stages, symbols
from policies.grounding import Grounding
from policies.verdict import Draft, Lexicon, Vectors

LEXICON = Lexicon(
    drugs=frozenset({"trastuzumab", "keytruda", "ivermectin", "tamoxifen", "zelboraf", "yervoy", "chemotherapy"}),
    cancers=frozenset({"breast cancer", "lung cancer", "lymphoma"}),
    genes=frozenset({"her2", "egfr"}),
)
PASSAGES = {
    1: "HER2-positive breast cancer. What is it? HER2-positive breast cancer has too much of a protein called HER2. About 1 in 5 breast cancers is HER2-positive. Trastuzumab blocks HER2 and can slow the growth of the cancer. It does not cure stage IV disease.",
    2: "HER2-positive breast cancer. Bottom line. Standard: Trastuzumab with chemotherapy is standard before surgery for stage II and stage III disease. The 5-year survival rate is 90 percent.",
    3: "Myths. Ivermectin. Not recommended: Ivermectin has not been shown to treat cancer in people. Taking it raises the risk of harm.",
}

SUPPORTED = [
    "HER2-positive breast cancer has too much HER2 protein. [1]",
    "About one in five breast cancers is HER2-positive. [1]",
    "Trastuzumab can slow how the cancer grows. [1]",
    "It does not cure stage 4 disease. [1]",
    "Trastuzumab does not cure stage IV disease. [1][2]",
    "The five-year survival rate is 90%. [2]",
    "Standard: Trastuzumab with chemotherapy is standard before surgery. [2]",
    "Trastuzumab with chemo is the usual care before an operation for stage II disease. [2]",
    "Not recommended: Ivermectin has not been shown to treat cancer in people. [3]",
    "Ivermectin increases the risk of harm. [3]",
]

UNSUPPORTED = {
    "HER2-positive breast cancer has too much HER2 protein. [9]": "unknown_citation",
    "HER2-positive breast cancer has too much HER2 protein. [1][9]": "unknown_citation",
    "HER2-positive breast cancer has too much HER2 protein.": "uncited",
    "About one in eight breast cancers is HER2-positive. [1]": "number",
    "The 10-year survival rate is 90%. [2]": "number",
    "The 5-year survival rate is 95%. [2]": "number",
    "The survival rate is 90 years. [2]": "number",
    "Keytruda can slow the growth of the cancer. [1]": "name",
    "Trastuzumab blocks EGFR. [1]": "symbol",
    "HER2-positive lung cancer has too much of a protein. [1]": "cancer",
    "It does not cure stage III disease. [1]": "stage",
    "It cures stage IV disease. [1]": "contradicts",
    "Trastuzumab does not block HER2. [1]": "contradicts",
    "Trastuzumab with chemotherapy is not standard before surgery. [2]": "contradicts",
    "Trastuzumab with chemotherapy is standard after surgery. [2]": "contradicts",
    "Promising: Trastuzumab with chemotherapy is standard before surgery. [2]": "standing",
    "Standard: Ivermectin treats cancer. [3]": "standing",
    "Ivermectin has been shown to treat cancer in people. [3]": "contradicts",
    "Ivermectin lowers the risk of harm. [3]": "contradicts",
    "Trastuzumab always slows the growth of the cancer. [1]": "contradicts",
    "Yoga calms the mind and helps with sleep at night. [1]": "unsupported",
    "Did you know that yoga heals?": "uncited",
    "Ask your team, because ivermectin heals.": "uncited",
    "You can cure it with herbs.": "uncited",
}

FREE = [
    "Ask your care team which treatment fits.",
    "It is okay to feel scared.",
    "You can bring someone with you.",
    "Call 911 for trouble breathing.",
    "Call 1-800-4-CANCER to talk with a person.",
    "If you have a fever, call your team right away.",
    "Your care team can explain each step.",
    "What would you like to know next?",
    "The library does not cover this part of the question yet, so no answer is given here.",
    "Here are some questions to ask:",
    "## What is HER2-positive breast cancer?",
    "Pregunte a su equipo qué tratamiento conviene.",
]


# In other words than the source, as models write; each with the passage it rests on.
PARAPHRASES = [
    ("About 93% had no return after five years.", "After five years 93 of 100 people were free of cancer."),
    ("Nearly 60% reported pain.", "In a survey, 59 of 100 people reported pain."),
    ("The survival rate rose from 61% to 70%.", "The survival rate rose from about 61 to 70 in 100."),
    ("A third of the group took part.", "About 1 of 3 people in the group took part."),
    ("A scan is done every two years.", "A scan is done every other year."),
    ("These two tests look for leftover AML.", "Both tests look for leftover acute myeloid leukemia."),
    ("The vaccine does not work for everyone.", "The vaccine works for most people."),
    ("The tumor lacks the receptor, so the pills do not help.", "The pills cannot help, because the tumor has no receptor."),
    ("Scans can all miss small spots.", "A CT, an MRI or a bone scan can miss small spots."),
]


@pytest.mark.parametrize(("sentence", "passage"), PARAPHRASES)
def test_other_words_for_the_same_stay(sentence: str, passage: str) -> None:
    assert rule(f"{sentence} [1]", {1: passage}) == ""


TURNED_ROUND = [
    ("Scans always find small spots.", "A scan can find small spots."),
    ("The test is only for women.", "The test is for women and men."),
    ("Most lumps in the neck are cancer.", "Some lumps in the neck are cancer."),
    ("Exactly 60 of 100 people gained from it.", "About 60 of 100 people gained from it."),
    ("Stage III thyroid cancer has reached the bones.", "Stage III thyroid cancer has reached nearby nodes.\nStage IV thyroid cancer has reached the bones."),
    ("Zelboraf can harm the eyes.", "Zelboraf can harm the skin.\nYervoy can harm the eyes."),
    ("Fluid gain is harmless.", "Fluid gain is serious."),
]


@pytest.mark.parametrize(("sentence", "passage"), TURNED_ROUND)
def test_what_is_turned_round_or_stretched_falls(sentence: str, passage: str) -> None:
    assert rule(f"{sentence} [1]", {1: passage}) in ("grounding.contradicts", "grounding.unsupported", "grounding.stage", "grounding.name")


def test_only_a_number_that_is_said_to_be_rounded_may_be_rounded() -> None:
    assert rule("Of them, 60% reported pain. [1]", {1: "In a survey, 59 of 100 people reported pain."}) == "grounding.number"
    assert rule("About 64% reported pain. [1]", {1: "In a survey, 59 of 100 people reported pain."}) == "grounding.number"


def rule(sentence: str, passages: dict[int, str] | None = None, question: str = "") -> str:
    return Grounding(LEXICON).judge(Draft(tail="", sentence=sentence, question=question, passages=PASSAGES if passages is None else passages)).rule


@pytest.mark.parametrize("sentence", SUPPORTED)
def test_a_supported_sentence_stays(sentence: str) -> None:
    assert rule(sentence) == ""


@pytest.mark.parametrize(("sentence", "why"), UNSUPPORTED.items())
def test_an_unsupported_sentence_falls(sentence: str, why: str) -> None:
    assert rule(sentence) == f"grounding.{why}"


@pytest.mark.parametrize("sentence", FREE)
def test_what_states_no_fact_needs_no_citation(sentence: str) -> None:
    assert rule(sentence) == ""


def test_a_heading_names_no_medicine_that_nobody_mentioned() -> None:
    assert rule("## Keytruda") == "grounding.name"
    assert rule("## Keytruda", question="Does Keytruda help?") == ""
    assert rule("## Ivermectin cures it") == "grounding.meaning"


def test_without_passages_there_is_nothing_to_judge() -> None:
    verdict = Grounding(LEXICON).judge(Draft(tail="", sentence="Anything at all.", passages=None))
    assert not verdict.fired


def test_with_no_passage_every_fact_falls() -> None:
    assert rule("Trastuzumab blocks HER2.", passages={}) == "grounding.uncited"


class Likeness:
    """An encoder for which a sentence about cats is like one about felines and like nothing else."""

    def encode(self, texts: list[str]) -> Vectors:
        return np.array([[1.0, 0.0] if "feline" in t or "cat" in t else [0.0, 1.0] for t in texts], dtype=np.float32)


def test_the_encoder_settles_only_the_grey_zone() -> None:
    passages = {1: "A feline rests on a warm soft couch."}
    grey = "The cat sits on a warm couch nearby. [1]"

    def judged(sentence: str, encoder: Likeness | None) -> str:
        return Grounding(LEXICON, encoder).judge(Draft(tail="", sentence=sentence, passages=passages)).rule

    assert judged(grey, None) == "grounding.unsupported"
    assert judged(grey, Likeness()) == ""
    assert judged("The cat eats fish in seven bowls. [1]", Likeness()) == "grounding.number"
    assert judged("The cat eats fresh fish from bowls. [1]", Likeness()) == "grounding.unsupported"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("five-year", "5 years"),
        ("1 in 8", "one in eight"),
        ("30%", "thirty percent"),
        ("1,000 people", "1000 people"),
        ("2.50 cm", "2.5 centimeters"),
        ("30 por ciento", "30 %"),
    ],
)
def test_forms_of_a_number_are_equal(one: str, other: str) -> None:
    assert numbers(one) == numbers(other) != frozenset()


def test_stages_are_equal_in_roman_and_arabic_and_ranges_count() -> None:
    assert stages("stage IV") == stages("stage 4") == {"stage 4"}
    assert stages("stages I to III") == {"stage 1", "stage 2", "stage 3"}


def test_symbols_are_names_in_capitals_or_with_digits() -> None:
    assert symbols("PD-L1 and HER2-positive cells, p53, but not AI") == {"pdl1", "her2", "p53"}
