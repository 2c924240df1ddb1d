"""Brings a collection in line with files: what changed is read again, what vanished goes, the rest is left alone.

Order of work, so that being killed anywhere loses nothing and shows nothing by halves:
1. read and encode what changed; 2. put the new vectors into Chroma, unseen; 3. in one SQLite transaction swap the rows
and raise the generation; 4. sweep vectors that no row knows. A note in SQLite, from before 2 to after 4, tells the next run to sweep.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    documents, failures = _read(store, encoder, plan, collection, progress)
    if not documents and not plan.gone:
        with store.writing() as connection:
            _keep_failures(connection, collection, plan, failures)
        return IngestReport(unchanged=plan.unchanged, problems=tuple(plan.problems), failed=plan.failed)

    passages = [p for _, document, _ in documents for p in document.passages]
    vectors = _encode(encoder, passages, progress)
    vector_ids = [_vector_id(p) for p in passages]
    if progress:
        progress("storing", 0, 1)
    with store.writing() as connection:
        set_state(connection, _unswept(collection), "yes")
    store.add_vectors(collection, vector_ids, vectors, passages)
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


def _read(store: Store, encoder: Encodes, plan: Plan, collection: str, progress: Progress | None) -> tuple[list[Read], list[tuple[Wanted, str]]]:
    """Read what is new or changed; what fails is told, and its earlier version stays."""
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


def _encode(encoder: Encodes, passages: list[Passage], progress: Progress | None) -> Vectors:
    import numpy as np

    parts: list[Vectors] = [np.empty((0, 384), np.float32)]
    # Long with long: padding would cost more than the reading. What the encoder cannot read has no direction: a vector of zeros.
    order = sorted((i for i, p in enumerate(passages) if p.language == ENCODED_LANGUAGE), key=lambda i: len(passages[i].indexed))
    for start in range(0, len(order), ENCODE_BATCH):
        if progress:
            progress("encoding", start, len(order))
        parts.append(encoder.encode([passages[i].indexed for i in order[start : start + ENCODE_BATCH]]))
    if progress:
        progress("encoding", len(order), len(order))
    vectors = np.zeros((len(passages), 384), np.float32)
    vectors[order] = np.concatenate(parts)
    return vectors


def _vector_id(passage: Passage) -> str:
    """Collection, passage and content: a changed passage gets a new vector, so the old one stays whole until the swap."""
    mark = hashlib.sha256(passage.model_dump_json().encode()).hexdigest()[:12]
    return f"{passage.collection}/{passage.id}@{mark}"
