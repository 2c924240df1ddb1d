"""A Spanish question is answered whole in Spanish where the article exists; an English one never is; the rest says that it is in English."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversation import Answer

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("¿Qué es la quimioterapia?", "chemotherapy"),
        ("¿Se me va a caer el pelo con la quimio?", "chemotherapy"),
        ("¿Qué es la neutropenia?", "fever-neutropenia"),
        ("¿Cuáles son las etapas del cáncer de mama?", "breast-invasive"),
        ("¿Qué diferencia hay entre un tumor benigno y uno maligno?", "cancer-basics"),
    ],
)
def test_a_spanish_question_is_answered_in_spanish_from_the_translation(ask: Ask, question: str, article: str) -> None:
    answer = ask(question)
    assert answer.action == "answer"
    assert answer.language == "es"
    assert {c.passage_id.split("#")[0] for c in answer.citations} == {f"es/{article}"}
    assert not any(p.stage == "output" for p in answer.policies)
    assert "está en inglés" not in answer.markdown
    # What code adds reads Spanish too: questions, when to call, what to ask next, why a service is named.
    assert all(q.startswith("¿") for q in (*answer.questions_to_ask, *answer.followups))
    assert answer.when_to_call and "Llame" in answer.when_to_call
    assert answer.bottom_line
    assert answer.services and not any(word in f" {s.why} " for s in answer.services for word in (" and ", " with ", " the "))


def test_the_stream_shows_spanish_headings_only(ask: Ask) -> None:
    answer = ask("¿Qué es un puerto para la quimio?")
    headings = [line for line in answer.markdown.splitlines() if line.startswith("## ")]
    assert headings[0] == "## ¿Qué es un puerto para la quimio?"
    assert "## En resumen" in headings
    assert not any(word in " ".join(headings) for word in ("Bottom", "What", "Questions", "Sources"))


def test_what_is_not_translated_comes_in_english_and_says_so(ask: Ask) -> None:
    answer = ask("¿Qué es el cáncer de ovario y cómo se trata?")
    assert answer.action == "answer"
    assert "Lo que sigue está en inglés" in answer.markdown
    assert {c.passage_id.split("#")[0] for c in answer.citations} == {"ovarian"}


@pytest.mark.parametrize(
    "question",
    [
        "What is chemotherapy?",
        "Does hay fever or chemo para neutropenia mean that my son is at risk of fever?",
        "Is a port, como mi hermana has, safe?",
        "cancer de mama: what are the stages of breast cancer?",
    ],
)
def test_an_english_question_never_gets_spanish_passages(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.language == "en"
    assert not any(c.passage_id.startswith("es/") for c in answer.citations)


def test_two_things_that_are_both_translated_are_compared_in_spanish(ask: Ask) -> None:
    answer = ask("¿Cuál es la diferencia entre la quimioterapia y la neutropenia?")
    assert answer.language == "es"
    assert all(c.passage_id.startswith("es/") for c in answer.citations)
