"""How near a question is to anything the library says: what the scope policy asks where a message has no word of ours."""

from __future__ import annotations

import threading

import numpy as np

from knowledge.search import LIBRARY
from knowledge.store import ENCODED_LANGUAGE, Store, Vectors


class Nearness:
    """Cosine of a (384,) unit vector to the nearest passage of the library; 0 when it is empty. Safe across threads.

    One product over all of the library's vectors (a few thousand) is exact, and a fifth of what a search in the vector index costs.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: tuple[int, Vectors] | None = None
        self._lock = threading.Lock()

    def __call__(self, vector: Vectors) -> float:
        vectors = self._vectors()
        return float((vectors @ vector).max()) if len(vectors) else 0.0

    def _vectors(self) -> Vectors:
        """The library's vectors, read anew when an ingest has changed them."""
        generation = self._store.generation
        held = self._held
        if held is None or held[0] != generation:
            with self._lock:
                rows = self._store.query("SELECT vector FROM passages WHERE collection = ? AND language = ?", (LIBRARY, ENCODED_LANGUAGE))
                found = np.frombuffer(b"".join(row[0] for row in rows), np.float16).astype(np.float32)
                held = self._held = (generation, found.reshape(len(rows), -1) if rows else np.empty((0, 384), np.float32))
        return held[1]
