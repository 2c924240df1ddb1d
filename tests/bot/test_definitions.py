"""“What is X?” is answered by what X is, first of all; a family of cancers by what it is and its main kinds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversation import Answer
from knowledge.definitions import definitions, only_defines, says_what
from knowledge.words import stems

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("What is chemo?", "What is chemotherapy"),
        ("What is hospice?", "What is hospice"),
        ("what does benign mean", "benign"),
        ("What is metastasis?", "metastasis"),
        ("What is prostate cancer?", "What is prostate cancer?"),
        ("What is a mammogram?", "mammogram"),
        ("What is melanoma?", "What is melanoma?"),
    ],
)
def test_the_definition_leads(ask: Ask, question: str, heading: str) -> None:
    first = next(s for s in ask(question).sections if s.heading)
    assert heading in first.heading
    assert "risk" not in first.heading
    assert "cycle" not in first.heading


@pytest.mark.parametrize(
    ("question", "members"),
    [
        ("What is lymphoma?", ["Hodgkin lymphoma", "Non-Hodgkin lymphoma"]),
        ("What is leukemia?", ["Acute myeloid leukemia", "Chronic lymphocytic leukemia", "Acute lymphoblastic leukemia"]),
        ("What is lung cancer?", ["Non-small cell lung cancer", "Small cell lung cancer"]),
        ("What is skin cancer?", ["Basal cell", "Melanoma"]),
        ("What is breast cancer?", ["Invasive breast cancer", "DCIS", "Triple-negative"]),
        ("What is blood cancer?", ["Leukemia", "Lymphoma", "Multiple myeloma"]),
    ],
)
def test_a_family_is_told_with_its_main_kinds(ask: Ask, question: str, members: list[str]) -> None:
    first = next(s for s in ask(question).sections if s.heading)
    name = question.removeprefix("What is ").removesuffix("?")
    assert first.heading == f"What is {name}?"
    assert first.markdown.lower().startswith(name)
    assert all(member in first.markdown for member in members)


@pytest.mark.parametrize(
    ("question", "members"),
    [
        ("what types of leukemia are there", ["Acute myeloid leukemia", "Chronic lymphocytic leukemia"]),
        ("which kinds of skin cancer exist", ["Basal cell", "Melanoma"]),
        ("how many kinds of lung cancer are there?", ["Small cell lung cancer"]),
    ],
)
def test_who_asks_for_the_kinds_of_a_family_gets_them(ask: Ask, question: str, members: list[str]) -> None:
    first = next(s for s in ask(question).sections if s.heading)
    assert all(member in first.markdown for member in members)


def test_a_medicine_that_is_asked_after_is_said_to_be_what_it_is(ask: Ask) -> None:
    first = next(s for s in ask("is Rituxan chemo?").sections if s.heading)
    assert first.heading == "What is Rituxan (rituximab)?"


def test_what_a_medicine_does_to_people_is_told_with_its_class(ask: Ask) -> None:
    answer = ask("what does carboplatin do to your body")
    assert any("side effects of chemo" in s.heading for s in answer.sections)


def test_a_heading_says_what_a_thing_is_only_by_its_own_name() -> None:
    names = frozenset({stems("chemo"), stems("chemotherapy")})
    assert says_what("What is chemotherapy and how does it work?", names)
    assert not says_what("What is a chemo cycle?", names)
    assert not says_what("Chemo", names)
    assert only_defines("What is stage 4?", definitions("What is stage 4?"))
    assert not only_defines("What is the outlook for stage 4?", definitions("stage 4"))
    assert not only_defines("What does cisplatin do to you?", definitions("cisplatin"))
