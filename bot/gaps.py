"""Notes the topic of a question that got no answer; only names of our own are ever noted (see `knowledge.gaps`)."""

from __future__ import annotations

import logging
import sqlite3
from typing import Protocol

from knowledge.gaps import OTHER, Gaps
from knowledge.search import LIBRARY
from knowledge.store import Store, Vectors

log = logging.getLogger(__name__)

# A passage this near (cosine) names the topic that a question came closest to.
NEAR = 0.40


class Encodes(Protocol):
    """Texts to unit vectors, float32 of shape (n, 384)."""

    def encode(self, texts: list[str]) -> Vectors: ...


class GapCounter:
    """Counts a question under the first of our names in it, else the nearest article's title, else `other`."""

    def __init__(self, gaps: Gaps, store: Store, encoder: Encodes) -> None:
        self._gaps, self._store, self._encoder = gaps, store, encoder

    def __call__(self, question: str) -> None:
        """Never raises: a counter must not cost anybody an answer."""
        try:
            self._gaps.count(self.topic(question))
        except (sqlite3.Error, OSError):
            log.warning("the counter of gaps cannot be written")

    def topic(self, question: str) -> str:
        """The name under which a question is counted."""
        from knowledge import catalogs

        named = catalogs.resolve(question)
        if named:
            return next((term.term for term in named if term.kind != "word"), named[0].term)
        found = self._store.nearest(self._encoder.encode([question])[0], LIBRARY, 1)
        return found[0][0].passage.title if found and found[0][1] >= NEAR else OTHER
