"""The language of short, hurried messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.language import language_of


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "What is HER2-positive breast cancer?"),
        ("en", "HER2"),
        ("en", ""),
        ("en", "12345 !!!"),
        ("en", "is non-Hodgkin's lymphoma curable"),
        ("en", "do eyebrows come back afterwards"),
        ("en", "do moles come once or twice"),
        ("en", "café au lait spots and Müller cells, what are they"),
        ("es", "fiebre"),
        ("es", "quimio"),
        ("es", "que significa HER2 positivo"),
        ("es", "no puedo respirar"),
        ("es", "mi mama se tomo muchas pastillas"),
        ("es", "la morfina crea adiccion"),
        ("es", "me quitaron la tiroides voy a tomar pastilla toda la vida"),
        ("fr", "je n'arrive pas à respirer"),
        ("fr", "Qu’est-ce que le cancer du sein ?"),
        ("de", "Ich bekomme keine Luft"),
        ("pt", "não consigo respirar"),
        ("it", "non riesco a respirare"),
        ("zh", "什么是HER2阳性乳腺癌"),
        ("ja", "息ができません"),
        ("ko", "죽고 싶어요"),
        ("ar", "لا أستطيع التنفس"),
        ("ru", "не могу дышать"),
        ("hi", "मैं मरना चाहता हूँ"),
        ("vi", "toi muon chet"),
        ("tl", "hindi ako makahinga"),
    ],
)
def test_the_language_is_told(code: str, text: str) -> None:
    assert language_of(text) == code


@given(st.text(max_size=200))
def test_any_text_has_a_two_letter_language(text: str) -> None:
    assert len(language_of(text)) == 2


def test_a_request_for_another_language_does_not_make_the_question_foreign() -> None:
    assert language_of("Bitte auf Deutsch antworten: how many scans do people have in a year") == "en"
    assert language_of("Was ist eine Biopsie? Und wie lange dauert sie?") == "de"
