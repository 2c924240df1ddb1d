"""How people ask for articles and sections: every one is asked for, no measuring question stands among the asks, and what is said at home finds its article."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evals.sets import library_sets
from knowledge.articles import library_paths, read_article
from knowledge.asks import Asks, read_asks, read_section_asks
from knowledge.chunking import chunk_article
from knowledge.encoder import OnnxEncoder
from knowledge.errors import KnowledgeError
from knowledge.words import stems


def test_every_article_is_asked_for_and_nothing_else() -> None:
    articles = {a.id for a in map(read_article, library_paths()) if a.language == "en"}
    asks = read_asks()
    assert set(asks) == articles
    assert min(map(len, asks.values())) >= 6


def test_every_section_is_asked_for_and_nothing_else() -> None:
    articles = [a for a in map(read_article, library_paths()) if a.language == "en"]
    sections = {(a.id, heading) for a in articles for heading in {p.section for p in chunk_article(a).passages if p.kind == "section"}}
    assert set(read_section_asks("en")) == sections
    assert set(read_section_asks("es")) <= sections


def test_no_two_sections_are_asked_for_in_the_same_words() -> None:
    for language in ("en", "es"):
        asks = [" ".join(ask.lower().split()) for group in read_section_asks(language).values() for ask in group]
        twice = {ask for ask in asks if asks.count(ask) > 1 and len(ask.split()) > 2}
        assert not twice


def test_no_measuring_question_is_indexed() -> None:
    indexed = (read_asks(), read_section_asks("en"), read_section_asks("es"))
    asked = [words for asks in indexed for group in asks.values() for ask in group if len(words := stems(ask)) >= 2]
    rows = [json.loads(line) for path in library_sets() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    same = [row["question"] for row in rows if (own := stems(row["question"])) and any(len(words & own) >= 0.75 * len(words | own) for words in asked)]
    assert not same


def test_a_question_is_most_like_the_article_it_is_asked_for(encoder: OnnxEncoder) -> None:
    asks = Asks({"veins": ["tube in the chest for the drip"], "hair": ["going bald"], "none": []}, encoder)
    question = "is it normal to go bald"
    found = asks.likeness(question, encoder.encode([question])[0])
    assert set(found) == {"veins", "hair"}
    assert found["hair"] > found["veins"] + 0.2
    assert Asks({}, encoder).likeness(question, np.zeros(384, np.float32)) == {}


def test_without_an_encoder_shared_words_tell_rare_ones_most() -> None:
    asks = Asks({"veins": ["un tubo en el pecho", "me pusieron una sonda"], "hair": ["se me cae el pelo en la regadera"]}, None)
    found = asks.likeness("¿por qué se me cae el pelo?", None)
    assert found["hair"] > 0.4
    assert found["veins"] == 0
    assert asks.likeness("pelo regadera cae", None)["hair"] > found["hair"]


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "asks.yaml").write_text("fatigue: so tired\n")
    with pytest.raises(KnowledgeError, match=r"asks\.yaml"):
        read_asks(tmp_path / "asks.yaml")
