"""The segmenter: whole units, the same however the stream is cut, and nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.sentences import MAX_UNIT, Segmenter, kind_of, units, units_of

TEXT = """## What is it?
Immunotherapy helps the body. [1][2] Dr. Lee of the U.S. clinic, e.g. in town, wrote Fig. 2 about 2.5 cm lumps. It works (see No. 3 and p. ej. this). [3]

Common problems are:
- Feeling tired. It passes. [1]
- A rash
  that itches

1. First, ask. Then wait.
2. Second

| Name | What |
|---|---|
| A. B. | 3.5 of them |

**More to know**

Take **5
mg** of it. ¿Duele? No duele. [Dr. X. Says](https://example.org "One. Two") so… Then `a. b` ends.
"""

PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "word ",
            ". ",
            ".",
            "\n",
            "\n\n",
            "- ",
            "## ",
            "| ",
            "[1]",
            " [2]",
            "5",
            " mg",
            "Dr",
            "U.S",
            "No",
            "`",
            "**",
            "```\n",
            "!",
            "? ",
            "...",
            "e.g",
            "1. ",
            "[",
            "](",
            "<b",
            ">",
            "É",
            "   ",
            "The ",
            "x" * 90,
        ]
    ),
    max_size=60,
).map("".join)


def test_a_text_comes_apart_into_whole_units() -> None:
    assert [u.strip() for u in units(TEXT)] == [
        "## What is it?",
        "Immunotherapy helps the body. [1][2]",
        "Dr. Lee of the U.S. clinic, e.g. in town, wrote Fig. 2 about 2.5 cm lumps.",
        "It works (see No. 3 and p. ej. this). [3]",
        "Common problems are:",
        "- Feeling tired. It passes. [1]",
        "- A rash\n  that itches",
        "1. First, ask. Then wait.",
        "2. Second",
        "| Name | What |",
        "|---|---|",
        "| A. B. | 3.5 of them |",
        "**More to know**",
        "Take **5\nmg** of it.",
        "¿Duele?",
        "No duele.",
        '[Dr. X. Says](https://example.org "One. Two") so…',
        "Then `a. b` ends.",
    ]


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("## A\n", "heading"),
        ("**A**\n", "heading"),
        ("- a\n", "item"),
        ("3) a", "item"),
        ("| a |\n", "row"),
        ("|---|\n", "rule"),
        ("---\n", "rule"),
        ("```\n", "fence"),
        ("They are:\n", "intro"),
        ("**Bold** words go on.", "text"),
        ("\n\n", "blank"),
    ],
)
def test_a_units_kind_is_known(unit: str, kind: str) -> None:
    assert kind_of(unit) == kind


@pytest.mark.parametrize(
    "sentence",
    [
        "It is 2.5 cm wide and grew 1.5 cm.",
        "About 5. mg of it is there.",
        "See No. 5 and Fig. 3.",
        "She saw Dr. Smith, Mr. J. Lee and St. Mary.",
        "Approx. 3 in 10 people, i.e. many, vs. few.",
        "The U.S. agency said so.",
        "At 5 p.m. it ended.",
        "Use it, p. ej. en casa.",
        "El Dr. Ruiz y la Sra. Paz.",
        "HER2 vs. p53 and PD-L1 in J. Smith et al. 2020.",
    ],
)
def test_a_sentence_is_never_split_inside(sentence: str) -> None:
    assert units(sentence) == [sentence]


def test_a_citation_stays_with_its_sentence() -> None:
    assert units("It helps. [1] [2]\nIt hurts [3]. So be it.[4] End.") == ["It helps. [1] [2]\n", "It hurts [3]. ", "So be it.[4] ", "End."]


def test_every_single_cut_gives_the_same_units() -> None:
    whole = units(TEXT)
    for i in range(len(TEXT) + 1):
        assert list(units_of([TEXT[:i], TEXT[i:]])) == whole


@settings(max_examples=300, deadline=None)
@given(PIECES, st.lists(st.integers(1, 40), max_size=80))
def test_any_cutting_of_any_text_gives_the_same_units(text: str, sizes: list[int]) -> None:
    chunks, at = [], 0
    for size in sizes:
        chunks.append(text[at : at + size])
        at += size
    chunks.append(text[at:])
    assert list(units_of(chunks)) == units(text)


@settings(max_examples=200, deadline=None)
@given(st.one_of(PIECES, st.text(max_size=1500)))
def test_the_units_joined_are_the_text_and_none_is_too_long(text: str) -> None:
    whole = units(text)
    assert "".join(whole) == text
    assert all(0 < len(unit) <= MAX_UNIT for unit in whole)


@pytest.mark.parametrize("number", ["5", "twenty", "2.5", "1,000", "one hundred", "tres"])
@pytest.mark.parametrize("lead", range(560, 606, 3))
def test_a_cut_forced_by_length_never_parts_a_number_from_its_unit(number: str, lead: int) -> None:
    filler = ("many long words " * 60)[:lead].rstrip()
    text = f"{filler} {number} mg of it and so on {'and on ' * 40}"
    assert any(f"{number} mg" in unit for unit in units(text))


def test_a_segmenter_can_be_used_again_after_its_end() -> None:
    segmenter = Segmenter()
    segmenter.feed("- a\n- b")
    segmenter.finish()
    assert [*segmenter.feed("One. Two"), *segmenter.finish()] == ["One. ", "Two"]


def test_a_unit_comes_out_as_soon_as_it_is_certain() -> None:
    segmenter = Segmenter()
    assert segmenter.feed("It helps.") == []
    assert segmenter.feed(" Then") == ["It helps. "]
