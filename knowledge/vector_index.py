"""Vectors in Chroma, embedded in this process or on a server: put in, taken out, asked for the nearest. What is visible the store decides."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from knowledge.passages import Passage

if TYPE_CHECKING:
    from langchain_chroma import Chroma

Vectors = npt.NDArray[np.float32]

# Chroma takes at most about 5,400 rows a call; smaller batches keep memory flat.
BATCH = 1_000


class VectorIndex:
    """Chroma under a folder, or at an address. Opened when it is first needed; safe across threads."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self._folder, self._url = folder, url
        self._lock = threading.Lock()
        self._client: Any = None
        self._generation = -1
        self._collections: dict[str, Chroma] = {}

    @property
    def opened(self) -> bool:
        """Whether Chroma was needed yet: importing and opening it takes a second."""
        return self._client is not None

    def collection(self, name: str, generation: int) -> Chroma:
        """A collection as a LangChain vector store; its own embedding function is never used. generation: of the store, to see what another process wrote."""
        with self._lock:
            if self._client is None or (generation != self._generation and not self._url):
                self._client, self._collections = self._open(reopen=self._client is not None), {}
                self._generation = generation
            if name not in self._collections:
                from langchain_chroma import Chroma

                self._collections[name] = Chroma(
                    f"oncolantern-{name}", client=self._client, collection_configuration={"hnsw": {"space": "cosine"}, "embedding_function": None}
                )
            return self._collections[name]

    def _open(self, *, reopen: bool) -> Any:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self._url:
            from urllib.parse import urlsplit

            parts = urlsplit(self._url)
            return chromadb.HttpClient(host=parts.hostname or "127.0.0.1", port=parts.port or 8000, ssl=parts.scheme == "https", settings=settings)
        if reopen:
            # Another process wrote: the embedded index is read afresh.
            chromadb.api.shared_system_client.SharedSystemClient.clear_system_cache()
        return chromadb.PersistentClient(str(self._folder), settings=settings)

    @staticmethod
    def add(chroma: Chroma, ids: Sequence[str], vectors: Vectors, passages: Sequence[Passage]) -> None:
        """Put vectors in, with what their passages say."""
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            chroma._collection.upsert(
                ids=list(ids[part]), embeddings=list(vectors[part]), documents=[p.text for p in passages[part]],
                metadatas=[{"doc_id": p.doc_id, "section": p.section} for p in passages[part]],
            )  # fmt: skip

    @staticmethod
    def keep(chroma: Chroma, known: Collection[str]) -> int:
        """Remove every vector that is not known. Gives how many. All known ones must be there."""
        if chroma._collection.count() == len(known):
            return 0
        stale = [i for i in chroma._collection.get(include=[])["ids"] if i not in known]
        for start in range(0, len(stale), BATCH):
            chroma._collection.delete(ids=stale[start : start + BATCH])
        return len(stale)

    @staticmethod
    def nearest(chroma: Chroma, vector: Vectors, limit: int) -> dict[str, float]:
        """Ids nearest to a (384,) unit vector with their cosine similarity, best first."""
        # Ids and distances alone: what else Chroma keeps of a passage is in the store already, and reading it there takes longer than the search.
        found = chroma._collection.query(query_embeddings=vector[None], n_results=limit, include=["distances"])
        return {i: 1.0 - distance for i, distance in zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)}
