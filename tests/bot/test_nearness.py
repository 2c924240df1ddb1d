"""Nearness: the cosine to the nearest passage of the library, exact and of today."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nearness import ASKS_LESS, Nearness
from knowledge.passages import Passage
from knowledge.search import LIBRARY
from knowledge.store import Store, insert_passages


def _passage(name: str, language: str = "en") -> Passage:
    return Passage(id=name, collection=LIBRARY, doc_id=name, title=name, section="About", kind="section", evidence=(), language=language)


def _add(store: Store, passages: list[Passage], vectors: np.ndarray) -> None:
    with store.writing() as connection:
        insert_passages(connection, passages, [p.id for p in passages], vectors.astype(np.float16))
        connection.execute("INSERT OR REPLACE INTO state VALUES ('generation', ?)", (str(store.generation + 1),))


def test_nearness_is_the_best_cosine_over_english_passages_and_follows_an_ingest(tmp_path: Path) -> None:
    store = Store(tmp_path)
    near = Nearness(store)
    question, other, foreign = np.eye(384, dtype=np.float32)[:3]
    assert near(question) == 0
    _add(store, [_passage("a"), _passage("es", "es")], np.stack([0.6 * question + 0.8 * other, question]))
    assert near(question) == pytest.approx(0.6, abs=1e-3)
    assert near(foreign) == pytest.approx(0.0, abs=1e-3)
    _add(store, [_passage("b")], np.stack([0.9 * question + 0.436 * other]))
    assert near(question) == pytest.approx(0.9, abs=1e-3)


def test_what_people_ask_is_near_too_and_must_be_nearer(tmp_path: Path) -> None:
    store = Store(tmp_path)
    question, other = np.eye(384, dtype=np.float32)[:2]
    near = Nearness(store, asked=lambda vector: float(vector @ question))
    assert near(question) == 0
    _add(store, [_passage("a")], np.stack([0.3 * question + 0.954 * other]))
    assert near(question) == pytest.approx(1 - ASKS_LESS, abs=1e-3)
    assert near(other) == pytest.approx(0.954, abs=1e-3)
