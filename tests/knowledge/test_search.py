"""Retrieval: names, slips and aspects lead to the right passage; what is not there is not answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import catalogs
from knowledge.encoder import OnnxEncoder
from knowledge.search import Searcher
from knowledge.store import Store


@pytest.fixture(scope="module")
def searcher(prepared: Path, encoder: OnnxEncoder) -> Searcher:
    return Searcher(Store(prepared / "store"), encoder, catalogs)


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("What is immunotherapy?", "immunotherapy"),
        ("her2+ breast cancer treatment", "breast-her2-positive"),
        ("how does Kytruda work", "checkpoint-inhibitors"),
        ("signs of colon cancer", "colon"),
        ("what does PD-L1 mean on my report", "pd-l1"),
        ("fever while on chemo", "fever-neutropenia"),
        ("does sugar feed cancer", "myths-diet"),
        ("DLBCL outlook", "nhl-aggressive"),
        ("so tired all the time from treatment", "fatigue"),
    ],
)
def test_the_right_article_is_among_the_first_three(searcher: Searcher, question: str, article: str) -> None:
    found = searcher.search(question)
    assert not found.no_answer
    assert article in [h.passage.doc_id for h in found.hits[:3]]


@pytest.mark.parametrize("question", ["How do I change the oil in a truck?", "capital of Mongolia", "asdf qwer zxcv"])
def test_what_the_library_does_not_carry_is_not_answered(searcher: Searcher, question: str) -> None:
    assert searcher.search(question).no_answer


def test_the_aspect_asked_for_decides_between_sections(searcher: Searcher) -> None:
    tests = searcher.search("How is colon cancer diagnosed?").hits[0].passage
    outlook = searcher.search("What is the outlook for colon cancer?").hits[0].passage
    assert tests.doc_id == outlook.doc_id == "colon"
    assert tests.section != outlook.section


def test_no_character_of_a_question_is_query_syntax(searcher: Searcher) -> None:
    for nasty in ['"', "NEAR(", "* OR -", "fever AND NOT chemo:", "'; DROP TABLE passages; --", "(((", "\x00"]:
        searcher.search(nasty + " fever")


def test_an_empty_store_has_no_answer(tmp_path: Path, encoder: OnnxEncoder) -> None:
    assert Searcher(Store(tmp_path / "empty"), encoder, catalogs).search("What is chemo?").no_answer
