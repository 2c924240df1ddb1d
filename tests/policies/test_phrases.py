"""Phrases of the lexicons: one that YAML cut short is refused."""

from __future__ import annotations

import pytest

from policies.phrases import compile_phrase


def test_a_phrase_whose_bracket_stays_open_is_refused() -> None:
    # What is left of "(early|stage #|late) cancer" when it is not quoted.
    with pytest.raises(ValueError, match="bracket"):
        compile_phrase("(early|stage")
    compile_phrase("(early|stage #|late) cancer")
