"""A compact record of every version of a collection, in the data folder's `passages.sqlite`, and what changed between two of them.

A version is named by a hash over its documents. Its record keeps, for each document, title and mark, and for each passage its heading and
a hash of its words: about 20 kB for the whole library, compressed. The last `KEPT` versions are kept.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.store import Store, set_state

KEPT = 100


@dataclass(frozen=True)
class DocumentChange:
    """What became of one document: `added`, `removed` or `changed`; the headings whose words came, went or changed."""

    doc_id: str
    title: str
    kind: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """A recorded version: its name, when it came (UTC), how much it held."""

    collection: str
    name: str
    created: str
    documents: int
    passages: int


def record_version(connection: sqlite3.Connection, collection: str) -> str:
    """Name the collection's present state and keep its record, inside the transaction that made it."""
    record: dict[str, Any] = {}
    for doc_id, mark, title in connection.execute("SELECT doc_id, digest, title FROM documents WHERE collection = ? ORDER BY doc_id", (collection,)):
        record[doc_id] = {"title": title, "mark": mark[:12], "passages": []}
    for doc_id, data in connection.execute("SELECT doc_id, data FROM passages WHERE collection = ? ORDER BY doc_id, id", (collection,)):
        passage = json.loads(data)
        words = " ".join(e["text"] for e in passage["evidence"])
        record[doc_id]["passages"].append([passage["section"], hashlib.blake2b(words.encode(), digest_size=6).hexdigest()])
    name = hashlib.sha256("\n".join(f"{d}:{r['mark']}" for d, r in record.items()).encode()).hexdigest()[:12]
    blob = zlib.compress(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    # A version that comes back (a change undone) is the newest again.
    connection.execute("INSERT OR REPLACE INTO versions (collection, version, record) VALUES (?, ?, ?)", (collection, name, blob))
    connection.execute(
        "DELETE FROM versions WHERE collection = ? AND rowid NOT IN (SELECT rowid FROM versions WHERE collection = ? ORDER BY rowid DESC LIMIT ?)",
        (collection, collection, KEPT),
    )
    set_state(connection, f"version:{collection}", name)
    return name


def present_version(store: Store, collections: Sequence[str]) -> str:
    """The name of what is in these collections now, as answers carry it: `a`, or `a+b` when the operator's documents are in it too."""
    names = [store.state(f"version:{collection}") for collection in collections if store.count(collection)]
    return "+".join(name for name in names if name) or "empty"


def versions(store: Store) -> list[Version]:
    """All recorded versions, newest first."""
    found = []
    for collection, name, created, blob in store.query("SELECT collection, version, created, record FROM versions ORDER BY rowid DESC"):
        record = _record(blob)
        found.append(Version(collection, name, created, len(record), sum(len(d["passages"]) for d in record.values())))
    return found


def diff(store: Store, old: str, new: str) -> list[DocumentChange]:
    """What changed from one version to another, by document. Versions are named whole or by their beginning; an answer's `a+b` names several.

    Raises KnowledgeError for a name that is not recorded.
    """
    before, after = _union(store, old), _union(store, new)
    changes = []
    for doc_id in sorted({*before, *after}):
        was, now = before.get(doc_id), after.get(doc_id)
        if was is None or now is None:
            there = now or was or {}
            headings = tuple(dict.fromkeys(section for section, _ in there["passages"]))
            changes.append(DocumentChange(doc_id[1], there["title"], "added" if was is None else "removed", headings if now else (), headings if was else ()))
        elif was["mark"] != now["mark"]:
            changes.append(_compare(doc_id[1], was, now))
    return changes


def _compare(doc_id: str, was: dict[str, Any], now: dict[str, Any]) -> DocumentChange:
    old, new = _by_heading(was), _by_heading(now)
    return DocumentChange(
        doc_id, now["title"], "changed", tuple(h for h in new if h not in old), tuple(h for h in old if h not in new),
        tuple(h for h in new if h in old and new[h] != old[h]),
    )  # fmt: skip


def _by_heading(document: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for section, mark in document["passages"]:
        found.setdefault(section, []).append(mark)
    return found


def _union(store: Store, name: str) -> dict[tuple[str, str], dict[str, Any]]:
    record: dict[tuple[str, str], dict[str, Any]] = {}
    for part in name.split("+"):
        rows = store.query("SELECT collection, version, record FROM versions WHERE substr(version, 1, ?) = ?", (len(part), part)) if len(part) >= 4 else []
        if not rows:
            raise KnowledgeError(f"no library version {part!r} is recorded here; `oncolantern library --versions` lists them")
        if len({version for _, version, _ in rows}) > 1:
            raise KnowledgeError(f"{part!r} begins the names of {len(rows)} versions; give more of it")
        record |= {(rows[0][0], doc_id): document for doc_id, document in _record(rows[0][2]).items()}
    return record


def _record(blob: bytes) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(zlib.decompress(blob))
    return found
