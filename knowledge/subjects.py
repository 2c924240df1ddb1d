"""Whether a task or question in a document is on a subject of ours: near the library or near what stands around it, by meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from knowledge.store import Store, Vectors

# A cosine below these to both the library and the text around it: another subject. Set between 24 requests of our own on other subjects
# (at most .41) and 40 as they stand in hospital leaflets (from .43 on for tasks, .36 for questions beside their neighbours). A task
# that names nobody and nothing of a patient's world must be nearer.
TASK, BARE_TASK, QUESTION = 0.43, 0.50, 0.40
_PATIENTS_WORLD = re.compile(
    r"\b(?:you|your|yours|family|nurses?|doctors?|team|patients?|clinics?|hospital|ward|desk|medicines?|pain|symptoms?|appointments?|visits?|insurance|"
    r"treatments?|caregivers?|scans?|tests?|su|sus|familia|enfermer[oa]s?|m[eé]dic[oa]s?|equipo|pacientes?|cl[ií]nica|medicinas?|dolor|s[ií]ntomas?|citas?)\b",
    re.IGNORECASE,
)
# Sentences around it that are looked at.
AROUND = 24


class Encodes(Protocol):
    """Texts to unit vectors, float32 of shape (n, 384)."""

    def encode(self, texts: list[str]) -> Vectors: ...


class Subjects:
    """Judges subjects against one store's library."""

    def __init__(self, store: Store, encoder: Encodes, collection: str) -> None:
        self._store, self._encoder, self._collection = store, encoder, collection
        self._library: Vectors | None = None

    def foreign(self, sentences: Sequence[str], around: Sequence[str]) -> list[bool]:
        """For each sentence whether its subject is none of ours."""
        # The encoder first: where it is made when it is needed, the library is ingested with it.
        vectors = self._encoder.encode(list(sentences))
        if self._library is None:
            self._library = self._store.all_vectors(self._collection)
        nearest = (vectors @ self._library.T).max(axis=1) if len(self._library) else np.zeros(len(sentences), np.float32)
        beside = [text for text in dict.fromkeys(around) if text not in sentences][:AROUND]
        if beside and bool((nearest < BARE_TASK).any()):
            nearest = np.maximum(nearest, (vectors @ self._encoder.encode(beside).T).max(axis=1))
        return [bool(value < _bar(text)) for text, value in zip(sentences, nearest, strict=True)]


def _bar(text: str) -> float:
    if text.rstrip('"”’)').endswith("?"):
        return QUESTION
    return TASK if _PATIENTS_WORLD.search(text) else BARE_TASK
