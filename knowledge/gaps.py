"""Counts what people asked about and the library could not answer: names of topics and numbers, never a word of what was said.

A topic is always one of our own names (glossary, cancers, titles of articles) or `other`, so nothing a person typed can get in.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

OTHER = "other"
_SCHEMA = "CREATE TABLE IF NOT EXISTS gaps (topic TEXT NOT NULL, month TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (topic, month))"


@dataclass(frozen=True)
class Gap:
    """A topic without an answer: how often it was asked about, and the last month (UTC, `2026-11`) in which it was."""

    topic: str
    count: int
    last: str


class Gaps:
    """The counter of one data folder, `gaps.sqlite`. Safe across threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "gaps.sqlite"

    def count(self, topic: str) -> None:
        """Add one. Raises sqlite3.Error or OSError when the folder cannot be written."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as connection:
            connection.execute(_SCHEMA)
            connection.execute(
                "INSERT INTO gaps (topic, month, count) VALUES (?, ?, 1) ON CONFLICT (topic, month) DO UPDATE SET count = count + 1",
                (topic, f"{datetime.now(UTC):%Y-%m}"),
            )

    def table(self) -> list[Gap]:
        """All topics, the most asked first."""
        if not self._path.exists():
            return []
        with closing(sqlite3.connect(self._path, timeout=5)) as connection:
            connection.execute(_SCHEMA)
            rows = connection.execute("SELECT topic, sum(count), max(month) FROM gaps GROUP BY topic ORDER BY sum(count) DESC, topic").fetchall()
        return [Gap(*row) for row in rows]

    def clear(self) -> None:
        """Start over."""
        self._path.unlink(missing_ok=True)
