"""Retrieval: names, slips and aspects lead to the right passage; what is not there is not answered."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from knowledge import catalogs
from knowledge.articles import LIBRARY as LIBRARY_FOLDER
from knowledge.asks import load_asked
from knowledge.encoder import OnnxEncoder
from knowledge.ingest import ingest
from knowledge.search import Searcher
from knowledge.store import Store


@pytest.fixture(scope="module")
def searcher(prepared: Path, encoder: OnnxEncoder) -> Searcher:
    return Searcher(Store(prepared / "store"), encoder, catalogs, load_asked(encoder))


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


def test_the_third_place_is_another_articles_where_it_is_nearly_as_good(searcher: Searcher) -> None:
    hits = searcher.search("can a biopsy make cancer spread?").hits
    assert len({h.passage.doc_id for h in hits[:3]}) > 1


def test_a_room_is_no_receptor(searcher: Searcher) -> None:
    went = searcher.search("when should someone on chemo go to the ER?").hits[0].passage
    assert "breast" not in went.cancers
    assert searcher.search("what does ER positive mean?").hits[0].passage.doc_id in ("her2-er-pr", "breast-hormone-positive")


def test_whom_a_question_is_about_does_not_decide(searcher: Searcher) -> None:
    assert searcher.search("my mom is constipated from pain pills").hits[0].passage.doc_id == "diarrhea-constipation"


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


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("what do you do when you throw up all day on chemo", "nausea-vomiting"),
        ("how does imunotherapy work", "immunotherapy"),
        ("am I allowed to say no to chemo", "palliative-hospice"),
        ("upset stomach and loose stool after infusions, what to eat", "diarrhea-constipation"),
        ("why are they drawing so much blood", "blood-counts"),
        ("my husband is sick with cancer and I feel so overwhelmed", "caregivers"),
        ("signs of ovarien cancer", "ovarian"),
        ("is stage zero breast cancer dangerous", "breast-dcis"),
        ("My name is long and so is this story, but what I would like to hear is what a neulasta shot is for", "supportive-growth-factors"),
    ],
)
def test_everyday_words_and_slips_find_the_article(searcher: Searcher, question: str, article: str) -> None:
    assert article in [h.passage.doc_id for h in searcher.search(question).hits[:3]]


def test_a_rare_word_leads_to_the_one_passage_that_holds_it(searcher: Searcher) -> None:
    found = searcher.search("what is richter transformation")
    assert not found.no_answer
    assert "richter" in found.hits[0].passage.text.lower()


SPANISH = """---
id: nausea-vomiting
title: Náuseas y vómitos por el tratamiento
kind: side-effect
aliases: [ganas de vomitar]
cancers: []
guidelines: all
reviewed: 2026-11-23
translated: machine
sources:
  nci: {title: Náuseas y vómitos, organization: Instituto Nacional del Cáncer, year: 2024, url: 'https://www.cancer.gov/espanol'}
---
## ¿Cómo se tratan las náuseas por la quimioterapia?
Hay medicinas que previenen las náuseas y los vómitos de la quimioterapia. [nci] Comer poco y a menudo ayuda a muchas personas. [nci]

## Bottom line
- standard: Las medicinas contra las náuseas son parte usual del cuidado. [nci]

## Questions to ask
- ¿Qué medicina puede prevenir las náuseas?

## When to call
- Llame si no puede retener líquidos. [nci]

## You may have heard
- "Si no vomito, la quimio no funciona." (other) Las náuseas no muestran si el tratamiento funciona. [nci]
"""


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory, encoder: OnnxEncoder) -> Searcher:
    """One article in English, one in Spanish, both about nausea, and one in English alone."""
    folder = tmp_path_factory.mktemp("bilingual")
    articles = folder / "articles"
    (articles / "es").mkdir(parents=True)
    for name in ("nausea-vomiting", "immunotherapy"):
        (articles / f"{name}.md").write_text((LIBRARY_FOLDER / f"{name}.md").read_text(encoding="utf-8"), encoding="utf-8")
    (articles / "es" / "nausea-vomiting.md").write_text(SPANISH, encoding="utf-8")
    store = Store(folder / "store")
    report = ingest(store, encoder, [articles], "library")
    assert not report.problems
    return Searcher(store, encoder, catalogs)


def test_a_spanish_question_finds_the_spanish_article(bilingual: Searcher) -> None:
    found = bilingual.search("¿Cómo se tratan las nauseas de la quimioterapia?")
    assert not found.no_answer
    assert {h.passage.language for h in found.hits} == {"es"}


def test_a_spanish_question_without_a_spanish_article_gets_english_passages(bilingual: Searcher) -> None:
    found = bilingual.search("¿Qué es la inmunoterapia y cómo funciona?")
    assert not found.no_answer
    assert found.hits[0].passage.doc_id == "immunotherapy"
    assert {h.passage.language for h in found.hits} == {"en"}


def test_an_english_question_never_gets_a_spanish_passage(bilingual: Searcher) -> None:
    for question in ("nausea from chemotherapy", "nauseas quimioterapia", "How is nausea treated?"):
        assert {h.passage.language for h in bilingual.search(question, k=50).hits} == {"en"}


def test_a_spanish_passage_is_found_by_its_words_not_by_a_vector(bilingual: Searcher) -> None:
    assert all(h.dense == 0 for h in bilingual.search("¿Cómo se tratan las náuseas de la quimioterapia?").hits)


def test_a_store_of_an_earlier_version_gets_what_it_lacks(bilingual: Searcher, tmp_path: Path) -> None:
    """The columns that lexical search needs are filled from what the store holds, without reading a file again."""
    old = tmp_path / "store"
    shutil.copytree(bilingual._store.folder, old)
    with sqlite3.connect(old / "passages.sqlite") as connection:
        connection.execute("DROP INDEX passages_words")
        connection.execute("ALTER TABLE passages DROP COLUMN stems")
        connection.execute("ALTER TABLE passages DROP COLUMN language")
    rows = Store(old).match_words('"nauseas"', "library", 5, (1, 1, 1, 1), "es")
    assert rows
    assert all(" nausea " in row.stems and row.passage.language == "es" for row, _ in rows)


def test_an_empty_store_has_no_answer(tmp_path: Path, encoder: OnnxEncoder) -> None:
    assert Searcher(Store(tmp_path / "empty"), encoder, catalogs).search("What is chemo?").no_answer


def test_an_encoder_that_fails_is_told_and_no_half_result_shown(prepared: Path) -> None:
    """Dense and lexical search run beside each other; words alone must not pass for the whole."""

    class Broken:
        def encode(self, texts: list[str]) -> np.ndarray:
            raise RuntimeError("the encoder broke")

    with pytest.raises(RuntimeError, match="the encoder broke"):
        Searcher(Store(prepared / "store"), Broken()).search("What is immunotherapy?")
