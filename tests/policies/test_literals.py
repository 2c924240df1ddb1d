"""Expressions that look first for the words they need find exactly what the plain expressions find."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policies import dose_context, dose_patterns, leakage, personal_advice
from policies.literals import Sifted, needed, sifted


def _of(module: object) -> list[Sifted]:
    values = [v for value in vars(module).values() for v in (value if isinstance(value, tuple) else (value,))]
    return [v for v in values if isinstance(v, Sifted)]


SIFTED = [*_of(dose_patterns), *_of(dose_context), *_of(leakage), *(pattern for _, pattern, _ in personal_advice._RULES)]
# Words of the expressions themselves, so that made-up texts come near a match often.
WORDS = sorted({word for s in SIFTED for word in re.findall(r"[^\W\d_]{2,}", s.pattern.pattern)})
TEXTS = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from("2 8 500 ½ ⅓ . , ; - / % m² µg μg K ſ İ ı you your take every dose is to the of".split())), max_size=14
)


def test_every_kind_of_expression_is_sifted() -> None:
    assert len(SIFTED) > 60
    assert sum(bool(s.needs) for s in SIFTED) > 0.9 * len(SIFTED)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from([str.lower, str.upper, str.title]), st.sampled_from([" ", ""]))
@example(["take", "another", "dose"], str.lower, " ")
@example(["5", "µg"], str.upper, " ")
@example(["ſtop", "taking", "dose", "until", "2"], str.lower, " ")
def test_the_shortcut_changes_nothing(words: list[str], case: object, joint: str) -> None:
    text = case(joint.join(words))  # type: ignore[operator]
    for one in SIFTED:
        plain = [m.span() for m in one.pattern.finditer(text)]
        assert [m.span() for m in one.finditer(text)] == plain, one.needs
        assert bool(one.search(text)) == bool(plain)


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r"\b(?:take|use) the \w+ dose\b", (" dose",)),
        (r"\d+\s?mg", ("mg",)),
        (r"\d+\s?[^\W\d]\w*", ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")),
        (r"colou?rs?", ("color", "colour")),
        (r"a*b?", ()),
        (r"(?:dose|\w+)", ()),
        (r"[^a]x", ("x",)),
    ],
)
def test_the_words_are_read_off_the_expression(pattern: str, needs: tuple[str, ...]) -> None:
    assert needed(pattern) == needs


def test_letters_with_two_lower_cases_are_never_sifted_out() -> None:
    kelvin = sifted("kit")
    assert kelvin.search("\u212ait") and sifted("μg").search("5 µg") and sifted("stop").search("ſtop")
