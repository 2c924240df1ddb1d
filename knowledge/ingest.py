"""Brings a collection in line with files: what changed is read again, what vanished goes, the rest is left alone.

Order of work, so that being killed anywhere loses nothing and shows nothing by halves:
1. read and encode what changed; 2. put the new vectors into Chroma, unseen; 3. in one SQLite transaction swap the rows
and raise the generation; 4. sweep vectors that no row knows.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from knowledge.errors import DocumentError
from knowledge.passages import Document, Passage
from knowledge.readers import READERS, read_document
from knowledge.store import Store, Vectors, delete_document, insert_passages, set_state

# Rises when reading, chunking or encoding changes what a file gives: everything is then read again.
FORMAT_VERSION = "2"
# Passages encoded between two steps of the progress bar.
ENCODE_BATCH = 64

Progress = Callable[[str, int, int], None]


class Encodes(Protocol):
    """Texts to unit vectors, float32 of shape (n, 384)."""

    def encode(self, texts: list[str]) -> Vectors: ...


@dataclass(frozen=True)
class IngestReport:
    """What a run did. `problems`: one clear line for each file that could not be taken in; the rest went on."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    passages: int = 0
    problems: tuple[str, ...] = field(default_factory=tuple)


def files_under(paths: Iterable[Path]) -> list[Path]:
    """Readable files under the paths, sorted; hidden files, README files and `source.yaml` are not documents."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found |= {p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in READERS and not _skipped(p, path)}
        else:
            found.add(path)
    return sorted(p.absolute() for p in found)


def _skipped(path: Path, root: Path) -> bool:
    return path.name.lower() == "readme.md" or any(part.startswith(".") for part in path.relative_to(root).parts)


def ingest(store: Store, encoder: Encodes, paths: list[Path], collection: str, progress: Progress | None = None) -> IngestReport:
    """Bring `collection` in line with the files under `paths`. Raises DocumentError only when a path does not exist."""
    for path in paths:
        if not path.exists() and not _known_under(store, collection, path):
            raise DocumentError(f"{path}: no such file or folder")
    files = files_under(p for p in paths if p.exists())
    known = store.documents(collection)
    wanted: dict[str, tuple[Path, str]] = {}
    problems: list[str] = []
    for file in files:
        if file.stem in wanted:
            problems.append(f"{file.name}: another file has the same name ({wanted[file.stem][0]}); rename one")
            continue
        wanted[file.stem] = (file, digest(file))
    gone = [d for d, (place, _) in known.items() if d not in wanted and _under(Path(place), paths)]
    fresh = {d: w for d, w in wanted.items() if d not in known or known[d] != (str(w[0]), w[1])}
    documents: dict[str, Document] = {}
    for number, (doc_id, (file, _)) in enumerate(fresh.items()):
        if progress:
            progress("reading", number, len(fresh))
        try:
            documents[doc_id] = read_document(file, collection)
        except (DocumentError, OSError) as error:
            problems.append(str(error))
    unchanged = len(wanted) - len(fresh)
    if not documents and not gone:
        return IngestReport(unchanged=unchanged, problems=tuple(problems))

    passages = [p for d in documents.values() for p in d.passages]
    vectors = _encode(encoder, passages, progress)
    vector_ids = [_vector_id(p) for p in passages]
    store.add_vectors(collection, vector_ids, vectors, passages)
    with store.writing() as connection:
        for doc_id in [*gone, *(d for d in documents if d in known)]:
            delete_document(connection, collection, doc_id)
        insert_passages(connection, passages, vector_ids, vectors)
        for doc_id, document in documents.items():
            file, mark = wanted[doc_id]
            connection.execute(
                "INSERT INTO documents (collection, doc_id, path, digest, title) VALUES (?, ?, ?, ?, ?)",
                (collection, doc_id, str(file), mark, document.title),
            )
        set_state(connection, "generation", str(store.generation + 1))
        marks = sorted(f"{d}:{m}" for d, m in connection.execute("SELECT doc_id, digest FROM documents WHERE collection = ?", (collection,)))
        set_state(connection, f"version:{collection}", hashlib.sha256("\n".join(marks).encode()).hexdigest()[:12])
    store.sweep_vectors(collection)
    changed = sum(d in known for d in documents)
    return IngestReport(len(documents) - changed, changed, len(gone), unchanged, len(passages), tuple(problems))


def _encode(encoder: Encodes, passages: list[Passage], progress: Progress | None) -> Vectors:
    import numpy as np

    parts: list[Vectors] = [np.empty((0, 384), np.float32)]
    # Long with long: padding would cost more than the reading.
    order = sorted(range(len(passages)), key=lambda i: len(passages[i].indexed))
    for start in range(0, len(order), ENCODE_BATCH):
        if progress:
            progress("encoding", start, len(order))
        parts.append(encoder.encode([passages[i].indexed for i in order[start : start + ENCODE_BATCH]]))
    if progress:
        progress("encoding", len(order), len(order))
    vectors = np.empty((len(passages), 384), np.float32)
    vectors[order] = np.concatenate(parts)
    return vectors


def _vector_id(passage: Passage) -> str:
    """Collection, passage and content: a changed passage gets a new vector, so the old one stays whole until the swap."""
    mark = hashlib.sha256(passage.model_dump_json().encode()).hexdigest()[:12]
    return f"{passage.collection}/{passage.id}@{mark}"


def digest(file: Path) -> str:
    """What tells a changed file: its bytes, those of its `source.yaml`, and our own format version."""
    parts = hashlib.sha256(FORMAT_VERSION.encode())
    parts.update(file.read_bytes())
    sidecar = file.parent / "source.yaml"
    if sidecar.exists():
        parts.update(sidecar.read_bytes())
    return parts.hexdigest()


def _under(place: Path, paths: list[Path]) -> bool:
    return any(place == path.absolute() or path.absolute() in place.parents for path in paths)


def _known_under(store: Store, collection: str, path: Path) -> bool:
    return any(_under(Path(place), [path]) for place, _ in store.documents(collection).values())


def library_in_place(folder: Path) -> str:
    """A cheap mark of a folder's state (names, sizes, times), to skip hashing on every start."""
    entries = sorted((str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*.md"))
    return hashlib.sha256(os.fsencode(repr((FORMAT_VERSION, entries)))).hexdigest()[:16]
