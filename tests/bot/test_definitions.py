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


def test_a_heading_says_what_a_thing_is_only_by_its_own_name() -> None:
    names = frozenset({stems("chemo"), stems("chemotherapy")})
    assert says_what("What is chemotherapy and how does it work?", names)
    assert not says_what("What is a chemo cycle?", names)
    assert not says_what("Chemo", names)
    assert only_defines("What is stage 4?", definitions("What is stage 4?"))
    assert not only_defines("What is the outlook for stage 4?", definitions("stage 4"))
