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
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from knowledge.passages import Passage
from knowledge.vector_index import VectorIndex
from knowledge.words import stems

if TYPE_CHECKING:
    from langchain_chroma import Chroma

Vectors = npt.NDArray[np.float32]
Result = TypeVar("Result")
DenseIndex = Callable[[Vectors, int], dict[str, float]]

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
    vector_id TEXT NOT NULL UNIQUE, vector BLOB NOT NULL, data TEXT NOT NULL, language TEXT NOT NULL DEFAULT 'en', stems TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS passages_document ON passages (collection, doc_id);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (title, aliases, section, text, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (words, 'row');
"""
# What the encoder reads well enough for vectors to mean something; passages in other languages are found by their words alone.
ENCODED_LANGUAGE = "en"
# Parsed rows kept in memory, about 3 kB each.
ROWS_KEPT = 20_000


@dataclass(frozen=True)
class Row:
    """A stored passage with its vector (float32, unit length) and the stems of title, aliases, section and text, a blank around each."""

    rowid: int
    passage: Passage
    vector: Vectors
    stems: str


class Store:
    """One data folder's passages. Safe across threads; several processes may read while one writes."""

    def __init__(self, folder: Path, *, chroma_url: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.chroma = VectorIndex(folder / "chroma", chroma_url)
        self._path = folder / "passages.sqlite"
        self._local = threading.local()
        self._rows: dict[str, Row] = {}
        self._frequencies: tuple[int, dict[str, int]] = (-1, {})
        self._vocabulary: tuple[int, dict[str, list[str]]] = (-1, {})
        with self._connection() as connection:
            connection.executescript(SCHEMA)
        self._upgrade()
        # Narrow beside the rows, which are as wide as their text and vector: lexical search tells collections and languages apart by it.
        self._connection().execute("CREATE INDEX IF NOT EXISTS passages_words ON passages (id, collection, language)")

    # -- SQLite

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = connection
        return connection

    def _upgrade(self) -> None:
        """Give a store of an earlier version the columns it lacks, out of what it holds."""

        def lacks(table: str, column: str) -> bool:
            return column not in {row[1] for row in self._connection().execute(f"PRAGMA table_info({table})")}

        if not lacks("documents", "facts") and not lacks("passages", "stems"):
            return
        with self.writing() as connection:  # asked again inside: another process may have been first
            if lacks("documents", "facts"):
                connection.execute("ALTER TABLE documents ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'")
            if lacks("passages", "stems"):
                connection.execute(f"ALTER TABLE passages ADD COLUMN language TEXT NOT NULL DEFAULT '{ENCODED_LANGUAGE}'")
                connection.execute("ALTER TABLE passages ADD COLUMN stems TEXT NOT NULL DEFAULT ''")
                for rowid, data in connection.execute("SELECT id, data FROM passages").fetchall():
                    passage = Passage.model_validate_json(data)
                    connection.execute("UPDATE passages SET language = ?, stems = ? WHERE id = ?", (passage.language, _stems(passage), rowid))

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
        return {vector_id: row for (_, vector_id), row in self._read(rows.fetchall())}

    def _read(self, found: Sequence[tuple[int, str]]) -> list[tuple[tuple[int, str], Row]]:
        """Visible vectors, as (row id, vector id), with their rows. A vector's id tells its content, so a row that was read before is still right."""
        held = {vector_id: row for rowid, vector_id in found if (row := self._rows.get(vector_id)) is not None and row.rowid == rowid}
        missing = [rowid for rowid, vector_id in found if vector_id not in held]
        if missing:
            rows = self._connection().execute(
                "SELECT p.id, p.vector_id, p.data, p.vector, p.stems FROM json_each(?) AS wanted JOIN passages p ON p.id = wanted.value", (json.dumps(missing),)
            )
            fresh = {
                vector_id: Row(rowid, Passage.model_validate_json(data), np.frombuffer(vector, np.float16).astype(np.float32), f" {held_stems} ")
                for rowid, vector_id, data, vector, held_stems in rows.fetchall()
            }
            if len(self._rows) + len(fresh) > ROWS_KEPT:
                self._rows.clear()
            self._rows.update(fresh)
            held |= fresh
        return [(key, held[key[1]]) for key in found if key[1] in held]

    def by_document(self, collection: str, doc_id: str) -> list[Row]:
        """A document's passages in order."""
        rows = self._connection().execute("SELECT id, vector_id FROM passages WHERE collection = ? AND doc_id = ? ORDER BY id", (collection, doc_id))
        return [row for _, row in self._read(rows.fetchall())]

    def frequencies(self, words: Iterable[str]) -> tuple[dict[str, int], int]:
        """(in how many passages each word stands in any form, how many passages there are); kept for a generation."""
        generation = self.generation
        if self._frequencies[0] != generation:
            total = self._connection().execute("SELECT count(*) FROM passages").fetchone()[0]
            self._frequencies = (generation, {"": int(total)})
        known = self._frequencies[1]
        for word in words:
            if word not in known and (query := quoted(word)):
                known[word] = int(self._connection().execute("SELECT count(*) FROM words WHERE words MATCH ?", (query,)).fetchone()[0])
        return {word: known.get(word, 0) for word in words}, known[""]

    def like_words(self, word: str) -> list[str]:
        """Words of the index (as it stems them) that begin with the same letter and are about as long; for slips."""
        generation = self.generation
        if self._vocabulary[0] != generation:
            table: dict[str, list[str]] = {}
            for (term,) in self._connection().execute("SELECT term FROM vocabulary WHERE length(term) > 3 AND doc > 1"):
                table.setdefault(term[0], []).append(term)
            self._vocabulary = (generation, table)
        return [term for term in self._vocabulary[1].get(word[:1], ()) if abs(len(term) - len(word)) <= 2]

    def by_kind(self, collection: str, kind: str) -> list[Passage]:
        """All passages of one kind, in a steady order."""
        rows = self._connection().execute(
            "SELECT data FROM passages WHERE collection = ? AND json_extract(data, '$.kind') = ? ORDER BY doc_id, id", (collection, kind)
        )
        return [Passage.model_validate_json(data) for (data,) in rows]

    def match_words(self, query: str, collection: str, limit: int, weights: Sequence[float], language: str = ENCODED_LANGUAGE) -> list[tuple[Row, float]]:
        """Lexical search by FTS5's BM25 with a weight for each of title, aliases, section, text. Higher is better."""
        columns = ", ".join(str(float(w)) for w in weights)
        found = self._connection().execute(
            f"SELECT p.id, -bm25(words, {columns}) AS score FROM words JOIN passages p INDEXED BY passages_words ON p.id = words.rowid"
            " WHERE words MATCH ? AND p.collection = ? AND p.language = ? ORDER BY score DESC LIMIT ?",
            (query, collection, language, limit),
        )
        scores = {int(rowid): float(score) for rowid, score in found.fetchall()}
        ids = self._connection().execute(
            "SELECT p.id, p.vector_id FROM json_each(?) AS wanted JOIN passages p ON p.id = wanted.value", (json.dumps(list(scores)),)
        )
        rows = self._read(ids.fetchall())
        return sorted(((row, scores[row.rowid]) for _, row in rows), key=lambda pair: -pair[1])

    # -- Chroma

    def vectors(self, collection: str) -> Chroma:
        """The collection as a LangChain vector store over Chroma."""
        return self.chroma.collection(collection, self.generation)

    def add_vectors(self, collection: str, ids: Sequence[str], vectors: Vectors, passages: Sequence[Passage]) -> None:
        """Put vectors into Chroma; they stay unseen until their rows are committed. Those of a language the encoder does not know stay out."""
        read = [i for i, passage in enumerate(passages) if passage.language == ENCODED_LANGUAGE]
        self.chroma.add(self.vectors(collection), [ids[i] for i in read], vectors[read], [passages[i] for i in read])

    def sweep_vectors(self, collection: str) -> int:
        """Remove vectors that no row knows (replaced, vanished, or left by a killed ingest). Gives how many."""
        rows = self._connection().execute("SELECT vector_id FROM passages WHERE collection = ? AND language = ?", (collection, ENCODED_LANGUAGE))
        known = {row[0] for row in rows}
        return self.chroma.keep(self.vectors(collection), known)

    def dense_index(self, collection: str) -> DenseIndex:
        """Dense search alone, for any thread: (unit vector, limit) → vector ids with their cosine similarity, best first; not all need be visible."""
        return partial(self.chroma.nearest, self.vectors(collection))

    def nearest(self, vector: Vectors, collection: str, limit: int) -> list[tuple[Row, float]]:
        """Dense search: visible rows nearest to a unit vector, with their cosine similarity."""
        found = self.dense_index(collection)(vector, limit)
        rows = self.by_vector_ids(list(found))
        return [(rows[i], score) for i, score in found.items() if i in rows]


def quoted(word: str) -> str:
    """A word as an FTS5 query, quoted so that no character of it is syntax; empty when nothing of it is a letter or digit."""
    plain = word.replace('"', "").replace("\x00", "")
    return f'"{plain}"' if any(c.isalnum() for c in plain) else ""


def _stems(passage: Passage) -> str:
    return " ".join(sorted(stems(" ".join([passage.title, *passage.aliases, passage.section, passage.text]))))


def insert_passages(connection: sqlite3.Connection, passages: Iterable[Passage], ids: Sequence[str], vectors: Vectors) -> None:
    """Write rows and their words inside a transaction."""
    for passage, vector_id, vector in zip(passages, ids, vectors, strict=True):
        cursor = connection.execute(
            "INSERT INTO passages (collection, doc_id, passage_id, vector_id, vector, data, language, stems) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage.collection,
                passage.doc_id,
                passage.id,
                vector_id,
                vector.astype(np.float16).tobytes(),
                passage.model_dump_json(),
                passage.language,
                _stems(passage),
            ),
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
