"""Spanish questions as English search words."""

from __future__ import annotations

import pytest

from knowledge.question import in_english
from knowledge.spanish import in_english_words, told_in_english


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("¿Se me va a caer el cabello?", "hair fall out"),
        ("¿Cómo se trata el cáncer de ovario?", "how is it treated ovarian cancer"),
        ("¿Cuáles son los síntomas?", "what are signs symptoms"),
        ("¿Me quito la uña? ¿Una mamá?", "remove nail mother"),
        ("cansadas, hace 2 anos; ¿puedo cuidarla?", "tired 2 years can I care for"),
        ("¿Qué es el Keytruda?", "what is keytruda"),
        ("¿Y a la o?", ""),
    ],
)
def test_a_question_becomes_the_english_words_it_stands_for(question: str, words: str) -> None:
    assert in_english_words(question) == words


def test_a_name_that_the_words_do_not_say_is_added_and_english_stays() -> None:
    assert in_english("¿Qué es la quimio metronómica?", ["metronomic chemotherapy"]) == "what is chemo (metronomic chemotherapy)"
    assert in_english("What is chemo?", ["chemotherapy"]) == "What is chemo?"


def test_of_a_story_the_question_in_it_is_looked_for_and_words_unknown_to_the_encoder_go() -> None:
    story = "Hola, a mi tía le mandaron cosas raras ayer. ¿El cáncer se contagia por tomar del mismo vaso?"
    assert in_english_words(story) == "cancer catch from another person take"
    assert in_english_words("¿Sirve el Xaltorin con la guanabanita?") == "work xaltorin"


@pytest.mark.parametrize(
    ("told", "english"),
    [
        ("No le falta el aire", "not short of breath"),
        ("se le zafó la aguja", "him her came loose the needle"),
        ("tiritaba mucho", "shivering a lot"),
    ],
)
def test_what_is_told_is_read_with_the_words_of_bodies_and_of_denial(told: str, english: str) -> None:
    assert told_in_english(told) == english


def test_a_search_does_without_them() -> None:
    assert in_english_words("¿Cómo se da la quimio si mi mamá tirita tantito?") == "how is it given chemo mother"
