"""Where passages live: text and word index in SQLite, vectors in Chroma, one generation visible at a time.

SQLite decides what exists. A vector whose row is not there yet (an ingest is under way) or no longer there (it was
replaced) is not seen; so a generation appears whole, at the commit, or not at all, and a killed ingest leaves nothing but
unseen vectors, which the next one removes.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from knowledge.passages import Passage

if TYPE_CHECKING:
    from langchain_chroma import Chroma

Vectors = npt.NDArray[np.float32]
Result = TypeVar("Result")

SCHEMA = """
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    collection TEXT NOT NULL, doc_id TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL, title TEXT NOT NULL,
    added TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, facts TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (collection, doc_id));
CREATE TABLE IF NOT EXISTS failures (collection TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (collection, path));
CREATE TABLE IF NOT EXISTS versions (
    collection TEXT NOT NULL, version TEXT NOT NULL, created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, record BLOB NOT NULL, PRIMARY KEY (collection, version));
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY, collection TEXT NOT NULL, doc_id TEXT NOT NULL, passage_id TEXT NOT NULL,
    vector_id TEXT NOT NULL UNIQUE, vector BLOB NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passages_document ON passages (collection, doc_id);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (title, aliases, section, text, tokenize = 'porter unicode61 remove_diacritics 2');
"""
# Chroma takes at most about 5,400 rows a call; smaller batches keep memory flat.
CHROMA_BATCH = 1_000
# Parsed rows kept in memory, about 3 kB each.
ROWS_KEPT = 20_000


@dataclass(frozen=True)
class Row:
    """A stored passage with its vector (float32, unit length)."""

    rowid: int
    passage: Passage
    vector: Vectors


class Store:
    """One data folder's passages. Safe across threads; several processes may read while one writes."""

    def __init__(self, folder: Path, *, chroma_url: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._chroma_url = chroma_url
        self._path = folder / "passages.sqlite"
        self._local = threading.local()
        self._rows: dict[str, Row] = {}
        self._lock = threading.Lock()
        self._client: Any = None
        self._client_generation = -1
        self._collections: dict[str, Chroma] = {}
        with self._connection() as connection:
            connection.executescript(SCHEMA)
            if "facts" not in {row[1] for row in connection.execute("PRAGMA table_info(documents)")}:
                with suppress(sqlite3.OperationalError):  # another process was first
                    connection.execute("ALTER TABLE documents ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'")

    # -- SQLite

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = connection
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it becomes visible at its end, or none."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything that this thread reads inside sees one generation, whatever another process commits meanwhile. May be nested."""
        connection = self._connection()
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    def settled(self, work: Callable[[], Result]) -> Result:
        """Do reading work within one generation, anew when another came meanwhile: its vectors may be swept already."""
        if self._connection().in_transaction:
            return work()
        for _ in range(3):
            with self.snapshot():
                generation = self.generation
                result = work()
            if self.generation == generation:
                break
        return result

    def state(self, key: str, default: str = "") -> str:
        """A value of the store's own: `generation`, `version:<collection>`."""
        row = self._connection().execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    @property
    def generation(self) -> int:
        """Grows by one with each ingest that changed something."""
        return int(self.state("generation", "0"))

    def documents(self, collection: str) -> dict[str, tuple[str, str]]:
        """doc_id → (path, digest) of a collection."""
        rows = self._connection().execute("SELECT doc_id, path, digest FROM documents WHERE collection = ?", (collection,))
        return {doc_id: (path, digest) for doc_id, path, digest in rows}

    def failures(self, collection: str) -> dict[str, tuple[str, str]]:
        """path → (digest, message) of files that could not be taken in."""
        rows = self._connection().execute("SELECT path, digest, message FROM failures WHERE collection = ?", (collection,))
        return {path: (digest, message) for path, digest, message in rows}

    def facts(self, collection: str, doc_id: str) -> dict[str, Any]:
        """What is known of a document beside its passages: organization, year, url, licence, review_by, format, problems."""
        row = self._connection().execute("SELECT facts FROM documents WHERE collection = ? AND doc_id = ?", (collection, doc_id)).fetchone()
        found: dict[str, Any] = json.loads(row[0]) if row else {}
        return found

    def query(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """Rows of a reading statement."""
        return self._connection().execute(sql, tuple(values)).fetchall()

    def all_vectors(self, collection: str) -> Vectors:
        """The vectors of a collection, float32 of shape (n, 384)."""
        rows = self._connection().execute("SELECT vector FROM passages WHERE collection = ? ORDER BY id", (collection,)).fetchall()
        return np.frombuffer(b"".join(row[0] for row in rows), np.float16).reshape(len(rows), -1).astype(np.float32) if rows else np.empty((0, 384), np.float32)

    def count(self, collection: str) -> int:
        """Passages of a collection."""
        return int(self._connection().execute("SELECT count(*) FROM passages WHERE collection = ?", (collection,)).fetchone()[0])

    def collections(self) -> list[str]:
        """Collections that hold something."""
        return [row[0] for row in self._connection().execute("SELECT DISTINCT collection FROM passages ORDER BY collection")]

    def by_vector_ids(self, vector_ids: Sequence[str]) -> dict[str, Row]:
        """Rows of the vectors that exist in the visible generation."""
        rows = self._connection().execute(
            "SELECT p.id, p.vector_id FROM json_each(?) AS wanted JOIN passages p ON p.vector_id = wanted.value", (json.dumps(list(vector_ids)),)
        )
        return {vector_id: self._row(rowid, vector_id) for rowid, vector_id in rows.fetchall()}

    def _row(self, rowid: int, vector_id: str) -> Row:
        """The row of a visible vector. Its id tells its content, so one that was read before is still right."""
        row = self._rows.get(vector_id)
        if row is None or row.rowid != rowid:
            data, vector = self._connection().execute("SELECT data, vector FROM passages WHERE id = ?", (rowid,)).fetchone()
            row = Row(rowid, Passage.model_validate_json(data), np.frombuffer(vector, np.float16).astype(np.float32))
            if len(self._rows) >= ROWS_KEPT:
                self._rows.clear()
            self._rows[vector_id] = row
        return row

    def by_document(self, collection: str, doc_id: str) -> list[Row]:
        """A document's passages in order."""
        rows = self._connection().execute("SELECT id, vector_id FROM passages WHERE collection = ? AND doc_id = ? ORDER BY id", (collection, doc_id))
        return [self._row(*row) for row in rows.fetchall()]

    def unknown_words(self, words: Iterable[str]) -> set[str]:
        """Those of the words that stand in no passage, in any form."""
        found = self._connection().execute(
            "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM words WHERE words MATCH '\"' || replace(value, '\"', '') || '\"')",
            (json.dumps([w for w in words if w.replace("-", "").isalnum()]),),
        )
        return {str(row[0]) for row in found.fetchall()}

    def by_kind(self, collection: str, kind: str) -> list[Passage]:
        """All passages of one kind, in a steady order."""
        rows = self._connection().execute(
            "SELECT data FROM passages WHERE collection = ? AND json_extract(data, '$.kind') = ? ORDER BY doc_id, id", (collection, kind)
        )
        return [Passage.model_validate_json(data) for (data,) in rows]

    def match_words(self, query: str, collection: str, limit: int, weights: Sequence[float]) -> list[tuple[Row, float]]:
        """Lexical search by FTS5's BM25 with a weight for each of title, aliases, section, text. Higher is better."""
        rows = self._connection().execute(
            f"SELECT p.id, p.vector_id, -bm25(words, {', '.join(str(float(w)) for w in weights)}) AS score"
            " FROM words JOIN passages p ON p.id = words.rowid WHERE words MATCH ? AND p.collection = ? ORDER BY score DESC LIMIT ?",
            (query, collection, limit),
        )
        return [(self._row(rowid, vector_id), float(score)) for rowid, vector_id, score in rows.fetchall()]

    # -- Chroma

    def vectors(self, collection: str) -> Chroma:
        """The collection as a LangChain vector store over Chroma; its own embedding function is never used."""
        generation = self.generation
        with self._lock:
            if self._client is None or (generation != self._client_generation and not self._chroma_url):
                self._client, self._collections = self._open(reopen=self._client is not None), {}
                self._client_generation = generation
            if collection not in self._collections:
                from langchain_chroma import Chroma

                self._collections[collection] = Chroma(
                    f"oncolantern-{collection}", client=self._client, collection_configuration={"hnsw": {"space": "cosine"}, "embedding_function": None}
                )
            return self._collections[collection]

    def _open(self, *, reopen: bool) -> Any:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self._chroma_url:
            from urllib.parse import urlsplit

            parts = urlsplit(self._chroma_url)
            return chromadb.HttpClient(host=parts.hostname or "127.0.0.1", port=parts.port or 8000, ssl=parts.scheme == "https", settings=settings)
        if reopen:
            # Another process wrote: the embedded index is read afresh.
            chromadb.api.shared_system_client.SharedSystemClient.clear_system_cache()
        return chromadb.PersistentClient(str(self.folder / "chroma"), settings=settings)

    def add_vectors(self, collection: str, ids: Sequence[str], vectors: Vectors, passages: Sequence[Passage]) -> None:
        """Put vectors into Chroma; they stay unseen until their rows are committed."""
        chroma = self.vectors(collection)._collection
        for start in range(0, len(ids), CHROMA_BATCH):
            part = slice(start, start + CHROMA_BATCH)
            chroma.upsert(
                ids=list(ids[part]), embeddings=list(vectors[part]), documents=[p.text for p in passages[part]],
                metadatas=[{"doc_id": p.doc_id, "section": p.section} for p in passages[part]],
            )  # fmt: skip

    def sweep_vectors(self, collection: str) -> int:
        """Remove vectors that no row knows (replaced, vanished, or left by a killed ingest). Gives how many."""
        chroma = self.vectors(collection)._collection
        known = {row[0] for row in self._connection().execute("SELECT vector_id FROM passages WHERE collection = ?", (collection,))}
        stale = [i for i in chroma.get(include=[])["ids"] if i not in known]
        for start in range(0, len(stale), CHROMA_BATCH):
            chroma.delete(ids=stale[start : start + CHROMA_BATCH])
        return len(stale)

    def nearest(self, vector: Vectors, collection: str, limit: int) -> list[tuple[Row, float]]:
        """Dense search: visible rows nearest to a unit vector, with their cosine similarity."""
        found = self.vectors(collection).similarity_search_by_vector_with_relevance_scores(list(map(float, vector)), k=limit)
        # langchain-chroma names Chroma's distance a relevance score; for cosine space the similarity is 1 - distance.
        scores = {str(document.id): 1.0 - distance for document, distance in found}
        rows = self.by_vector_ids(list(scores))
        return [(rows[i], score) for i, score in scores.items() if i in rows]


def insert_passages(connection: sqlite3.Connection, passages: Iterable[Passage], ids: Sequence[str], vectors: Vectors) -> None:
    """Write rows and their words inside a transaction."""
    for passage, vector_id, vector in zip(passages, ids, vectors, strict=True):
        cursor = connection.execute(
            "INSERT INTO passages (collection, doc_id, passage_id, vector_id, vector, data) VALUES (?, ?, ?, ?, ?, ?)",
            (passage.collection, passage.doc_id, passage.id, vector_id, vector.astype(np.float16).tobytes(), passage.model_dump_json()),
        )
        connection.execute(
            "INSERT INTO words (rowid, title, aliases, section, text) VALUES (?, ?, ?, ?, ?)",
            (cursor.lastrowid, passage.title, " ".join(passage.aliases), passage.section, passage.text),
        )


def delete_document(connection: sqlite3.Connection, collection: str, doc_id: str) -> None:
    """Remove a document's rows and words inside a transaction."""
    connection.execute("DELETE FROM words WHERE rowid IN (SELECT id FROM passages WHERE collection = ? AND doc_id = ?)", (collection, doc_id))
    connection.execute("DELETE FROM passages WHERE collection = ? AND doc_id = ?", (collection, doc_id))
    connection.execute("DELETE FROM documents WHERE collection = ? AND doc_id = ?", (collection, doc_id))


def set_state(connection: sqlite3.Connection, key: str, value: object) -> None:
    """Set a value of the store's own inside a transaction."""
    text = value if isinstance(value, str) else json.dumps(value)
    connection.execute("INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, text))
