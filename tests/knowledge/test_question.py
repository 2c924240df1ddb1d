"""Questions: compound ones are split, follow-ups made whole, aspects read the same in questions and headings."""

from __future__ import annotations

import pytest

from knowledge.question import aspects, content_words, heading_of, split_parts, without_masks


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is immunotherapy and does it work for melanoma?", ["What is immunotherapy", "does immunotherapy work for melanoma"]),
        ("What are the signs of colon cancer? How is it found?", ["What are the signs of colon cancer", "How is it found"]),
        ("What is the difference between chemo and radiation?", ["What is the difference between chemo and radiation?"]),
        ("Nausea and vomiting after chemo", ["Nausea and vomiting after chemo"]),
        ("What is HER2 and ER?", ["What is HER2 and ER?"]),
    ],
)
def test_a_compound_question_is_split(question: str, parts: list[str]) -> None:
    assert [p.text for p in split_parts(question)][:1] == parts[:1]
    assert len(split_parts(question)) == len(parts)
    if len(parts) == 2 and "immunotherapy" in question:
        assert split_parts(question)[1].text == parts[1]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What are the signs of colon cancer, and what are its stages?", ["What are the signs of colon cancer", "what are the stages of colon cancer"]),
        (
            "How do checkpoint inhibitors work, what are the side effects?",
            ["How do checkpoint inhibitors work", "what are the side effects of checkpoint inhibitors"],
        ),
        ("Does a port hurt and can colon cancer come back?", ["Does a port hurt", "can colon cancer come back"]),
        ("My plan said no to a scan, what now?", ["My plan said no to a scan, what now?"]),
        ("Since colon cancer is slow, why hurry?", ["Since colon cancer is slow, why hurry?"]),
        ("just heard that it is colon cancer, where do I begin", ["just heard that it is colon cancer, where do I begin"]),
    ],
)
def test_parts_are_made_whole_with_what_the_first_is_about(question: str, parts: list[str]) -> None:
    assert [p.text for p in split_parts(question, names)] == parts


def names(text: str) -> list[str]:
    return [n for n in ("checkpoint inhibitors", "colon cancer") if n in text.lower()]


def test_a_question_and_its_heading_meet_in_an_aspect() -> None:
    assert aspects("how do they find out if it is colon cancer") & aspects("How is colon cancer diagnosed?")
    assert aspects("survival of lung cancer") & aspects("What is the outlook?")
    assert not aspects("What is the outlook?") & aspects("What are the symptoms?")


def test_headings_are_questions_with_one_mark() -> None:
    assert heading_of("what is a port ??") == "What is a port?"
    assert heading_of("¿qué es la quimioterapia?") == "¿Qué es la quimioterapia?"
    assert heading_of("scanxiety tips") == "Scanxiety tips"


def test_content_words_carry_the_topic() -> None:
    assert content_words("What is the best treatment for stage 3 colon cancer?") == ["treatment", "stage", "3", "colon"]


def test_a_clause_with_a_masked_identifier_is_not_searched() -> None:
    assert without_masks("I am [name removed], chart [number removed], what does a port do?") == "what does a port do?"
    assert without_masks("does [name removed] need a port") == "does   need a port"
    assert without_masks("What is PD-L1?") == "What is PD-L1?"


@pytest.mark.parametrize(
    ("question", "second", "heading"),
    [
        (
            "Why does chemo make hair fall out and when does it grow back?",
            "when does it grow back (Why does chemo make hair fall out)",
            "When does it grow back?",
        ),
        ("what to expect in the last week, and who do we call?", "who do we call (what to expect in the last week)", "Who do we call?"),
    ],
)
def test_a_second_half_that_could_mean_several_things_takes_the_first_along(question: str, second: str, heading: str) -> None:
    part = split_parts(question, lambda text: ["chemo"] if "chemo" in text else [])[1]
    assert (part.text, part.heading) == (second, heading)


@pytest.mark.parametrize(
    ("question", "second", "heading"),
    [
        ("what is a stent and how do they put it in", "how do they put a stent in", "How do they put a stent in?"),
        ("what are polyps and are they dangerous?", "are polyps dangerous", "Are polyps dangerous?"),
        ("what is a spleen and why do they take it out", "why do they take a spleen out", "Why do they take a spleen out?"),
        ("what is a marrow test and why did they do so many?", "why did they do so many (a marrow test)", "Why did they do so many?"),
    ],
)
def test_a_pronoun_is_the_subject_only_where_it_may_be(question: str, second: str, heading: str) -> None:
    part = split_parts(question)[1]
    assert (part.text, part.heading) == (second, heading)


def test_a_half_that_does_not_begin_as_a_question_has_no_heading_of_its_own() -> None:
    assert [p.heading for p in split_parts("lymphedema what is it and when does it start")] == ["", "When does it start?"]


def test_a_topic_with_a_list_behind_a_colon_asks_each_of_them_about_the_topic() -> None:
    def names(text: str) -> list[str]:
        return ["Radiation"] if "radiation" in text else []

    assert [(p.text, p.heading) for p in split_parts("Explain radiation: how it works, why so many visits, and common side effects.", names)] == [
        ("how radiation works", "How radiation works"),
        ("why so many visits (radiation)", "Why so many visits"),
        ("common side effects of radiation", "Common side effects of radiation"),
    ]
    assert len(split_parts("my report: grade 2, what is that", names)) == 1
