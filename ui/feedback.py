"""Counts of “helpful” and “not helpful”, by topic and action. Never a word of what was asked or answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import get_args

from bot.conversation import Action

ACTIONS = frozenset(get_args(Action))
OTHER = "other"


class Feedback:
    """A table of counts in the data folder. `topics` is the closed list of topics that may be named; the rest is `other`.

    The closed lists are what keeps text out: a browser can send anything as a topic.
    """

    def __init__(self, data: Path, topics: Collection[str]) -> None:
        self._path = data / "feedback.sqlite3"
        self._topics = frozenset(topics)

    def count(self, topic: str, action: str, helpful: bool) -> None:
        """Adds one. An unknown action is ignored; raises sqlite3.Error when the folder cannot be written."""
        if action not in ACTIONS:
            return
        known = topic if topic in self._topics else OTHER
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "INSERT INTO counts VALUES (?, ?, ?, 1) ON CONFLICT (topic, action, helpful) DO UPDATE SET times = times + 1",
                (known, action, int(helpful)),
            )

    def totals(self) -> dict[tuple[str, str, bool], int]:
        """{(topic, action, helpful): times}."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT topic, action, helpful, times FROM counts").fetchall()
        return {(topic, action, bool(helpful)): times for topic, action, helpful, times in rows}

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=5)
        connection.execute("CREATE TABLE IF NOT EXISTS counts (topic TEXT, action TEXT, helpful INTEGER, times INTEGER, PRIMARY KEY (topic, action, helpful))")
        return connection


def library_topics() -> frozenset[str]:
    """The names of the built-in library's articles."""
    import knowledge

    return frozenset(path.stem for path in (Path(knowledge.__file__).parent / "library").rglob("*.md"))
