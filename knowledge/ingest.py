"""Brings a collection in line with files: what changed is read again, what vanished goes, the rest is left alone.

Order of work, so that being killed anywhere loses nothing and shows nothing by halves:
1. read what changed, encode it meanwhile; 2. put the new vectors into Chroma as they come, unseen; 3. in one SQLite
transaction swap the rows and raise the generation; 4. sweep vectors that no row knows. A note in SQLite, from before 2
to after 4, tells the next run to sweep.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from knowledge.errors import DocumentError
from knowledge.passages import Document, Passage
from knowledge.plan import Plan, Wanted, library_in_place, make_plan
from knowledge.readers import read_document
from knowledge.readers.isolated import Isolated
from knowledge.store import ENCODED_LANGUAGE, Store, Vectors, delete_document, insert_passages, set_state
from knowledge.subjects import Encodes, Subjects
from knowledge.versions import record_version

__all__ = ["LIBRARY", "Encodes", "IngestReport", "ingest", "library_in_place"]

LIBRARY = "library"
# Passages encoded between two steps of the progress bar.
ENCODE_BATCH = 64
# Passages put into Chroma at a time, while the next ones are encoded.
STORE_BATCH = 512

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class IngestReport:
    """What a run did. problems: one clear line each; the rest went on. failed: files that could not be taken in at all.

    marked: sentences that speak to a model, set apart, by document.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    passages: int = 0
    problems: tuple[str, ...] = field(default_factory=tuple)
    failed: int = 0
    marked: dict[str, int] = field(default_factory=dict)


def ingest(
    store: Store, encoder: Encodes, paths: list[Path], collection: str, progress: Progress | None = None, *, complete: bool = False,
) -> IngestReport:  # fmt: skip
    """Bring `collection` in line with the files under `paths`. complete: they are all that it holds, whatever lay elsewhere goes.

    Raises DocumentError only when a path does not exist. With nothing to do neither encoder nor Chroma is touched.
    """
    plan = make_plan(store, paths, collection, complete=complete)
    if plan.empty:
        if store.state(_unswept(collection)):  # a run was killed: what it put into Chroma must not stay
            _sweep(store, collection)
        return IngestReport(unchanged=plan.unchanged, problems=tuple(plan.problems), failed=plan.failed)
    with _Encoding(encoder) as encoding:
        documents, failures = _read(store, encoder, plan, collection, progress, encoding)
        if documents or plan.gone:
            with store.writing() as connection:
                set_state(connection, _unswept(collection), "yes")
        passages = [p for _, document, _ in documents for p in document.passages]
        vector_ids = [_vector_id(p) for p in passages]
        vectors = _vectors(store, collection, passages, vector_ids, encoding, progress)
    if not documents and not plan.gone:
        with store.writing() as connection:
            _keep_failures(connection, collection, plan, failures)
        return IngestReport(unchanged=plan.unchanged, problems=tuple(plan.problems), failed=plan.failed)

    if progress:
        progress("storing", 0, 1)
    known = store.documents(collection)
    with store.writing() as connection:
        for doc_id in [*plan.gone, *(w.doc_id for w, _, _ in documents if w.doc_id in known)]:
            delete_document(connection, collection, doc_id)
        insert_passages(connection, passages, vector_ids, vectors)
        for wanted, document, problems in documents:
            connection.execute(
                "INSERT INTO documents (collection, doc_id, path, digest, title, facts) VALUES (?, ?, ?, ?, ?, ?)",
                (collection, wanted.doc_id, str(wanted.path), wanted.digest, document.title, json.dumps(_facts(wanted, document, problems))),
            )
        _keep_failures(connection, collection, plan, failures)
        set_state(connection, "generation", str(store.generation + 1))
        record_version(connection, collection)
    _sweep(store, collection)
    changed = sum(w.doc_id in known for w, _, _ in documents)
    return IngestReport(
        len(documents) - changed, changed, len(plan.gone), plan.unchanged, len(passages), tuple(plan.problems), plan.failed,
        {d.doc_id: n for _, d, _ in documents if (n := sum(len(p.marked) for p in d.passages))},
    )  # fmt: skip


def _unswept(collection: str) -> str:
    return f"unswept:{collection}"


def _sweep(store: Store, collection: str) -> None:
    store.sweep_vectors(collection)
    with store.writing() as connection:
        set_state(connection, _unswept(collection), "")


Read = tuple[Wanted, Document, list[str]]


class _Encoding:
    """Encodes passages in the background, in the order in which they come. Use as a context manager: leaving it early drops what waits."""

    def __init__(self, encoder: Encodes) -> None:
        self._encoder = encoder
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="ingest")
        self._waiting: list[str] = []
        self._parts: list[Future[Vectors]] = []
        self.taken = 0

    @property
    def done(self) -> int:
        """Passages encoded so far."""
        return min(self.taken, ENCODE_BATCH * sum(part.done() for part in self._parts))

    def __enter__(self) -> _Encoding:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._worker.shutdown(cancel_futures=True)

    def add(self, passages: Iterable[Passage]) -> None:
        """Take passages in; those in a language that the encoder cannot read are left out."""
        new = [passage.indexed for passage in passages if passage.language == ENCODED_LANGUAGE]
        self._waiting += new
        self.taken += len(new)
        while len(self._waiting) >= ENCODE_BATCH:
            self._submit()

    def _submit(self) -> None:
        texts, self._waiting = self._waiting[:ENCODE_BATCH], self._waiting[ENCODE_BATCH:]
        self._parts.append(self._worker.submit(self._encoder.encode, texts))

    def finish(self) -> Iterator[Vectors]:
        """The vectors of all passages, in parts of up to ENCODE_BATCH, as soon as they are there."""
        if self._waiting:
            self._submit()
        for part in self._parts:
            yield part.result()


def _read(
    store: Store, encoder: Encodes, plan: Plan, collection: str, progress: Progress | None, encoding: _Encoding,
) -> tuple[list[Read], list[tuple[Wanted, str]]]:  # fmt: skip
    """Read what is new or changed and hand it on to be encoded; what fails is told, and its earlier version stays."""
    subjects = Subjects(store, encoder, LIBRARY)
    documents: list[Read] = []
    failures: list[tuple[Wanted, str]] = []
    with Isolated() as isolated:
        for number, wanted in enumerate(plan.fresh):
            if progress:
                progress("reading", number, len(plan.fresh))
            problems: list[str] = []
            try:
                document = read_document(
                    wanted.path, collection, wanted.doc_id, facts=wanted.facts, isolated=isolated, foreign=subjects.foreign, problems=problems
                )
            except (DocumentError, OSError) as error:
                message = str(error) if isinstance(error, DocumentError) else f"{wanted.path.name}: cannot be read ({error.strerror or type(error).__name__})"
                failures.append((wanted, message))
                plan.problems.append(message)
                plan.failed += 1
                continue
            plan.problems += problems
            documents.append((wanted, document, problems))
            encoding.add(document.passages)
            if progress:
                progress("encoding", encoding.done, encoding.taken)
    return documents, failures


def _facts(wanted: Wanted, document: Document, problems: Sequence[str]) -> dict[str, Any]:
    """What the library's list shows of a document and its passages do not say."""
    source = document.passages[0].evidence[0].source if document.passages else None
    found: dict[str, Any] = {**wanted.facts.model_dump(mode="json", exclude_none=True), "format": wanted.path.suffix.lower().removeprefix(".")}
    if source is not None and document.passages[0].kind == "document":
        found |= {key: value for key in ("organization", "year", "url") if (value := getattr(source, key)) is not None}
    if problems:
        found["problems"] = list(problems)
    return found


def _keep_failures(connection: sqlite3.Connection, collection: str, plan: Plan, failures: Sequence[tuple[Wanted, str]]) -> None:
    for path in [*plan.stale_failures, *(str(w.path) for w in plan.fresh)]:
        connection.execute("DELETE FROM failures WHERE collection = ? AND path = ?", (collection, path))
    for wanted, message in failures:
        connection.execute(
            "INSERT INTO failures (collection, path, digest, message) VALUES (?, ?, ?, ?)", (collection, str(wanted.path), wanted.digest, message)
        )


def _vectors(
    store: Store, collection: str, passages: Sequence[Passage], ids: Sequence[str], encoding: _Encoding, progress: Progress | None,
) -> Vectors:  # fmt: skip
    """The passages' vectors, put into Chroma as they come. What the encoder cannot read has no direction: a vector of zeros."""
    vectors = np.zeros((len(passages), 384), np.float32)
    order = [i for i, passage in enumerate(passages) if passage.language == ENCODED_LANGUAGE]
    done = stored = 0
    for part in encoding.finish():
        vectors[order[done : done + len(part)]] = part
        done += len(part)
        if done - stored >= STORE_BATCH or done == len(order):
            new = order[stored:done]
            store.add_vectors(collection, [ids[i] for i in new], vectors[new], [passages[i] for i in new])
            stored = done
        if progress:
            progress("encoding", done, len(order))
    return vectors


def _vector_id(passage: Passage) -> str:
    """Collection, passage and content: a changed passage gets a new vector, so the old one stays whole until the swap."""
    mark = hashlib.sha256(passage.model_dump_json().encode()).hexdigest()[:12]
    return f"{passage.collection}/{passage.id}@{mark}"
