"""Counts of “helpful” and “not helpful”, by topic and action, and of the reasons; never a word of what was asked or answered.

A reason in somebody's own words is kept only with their consent, with identifiers masked, for a limited time.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from bot.conversation import Action

log = logging.getLogger(__name__)

ACTIONS = frozenset(get_args(Action))
OTHER = "other"
# What the page offers to choose from (ui.words, static/chat-tools.js).
REASONS = frozenset(("clear", "answered", "calming", "wrong", "unclear", "missing", "off", "tone"))
# People's own words: how long, how many characters and how many of them are kept. The oldest go first.
KEPT_DAYS = 180
MAX_CHARS = 500
MAX_COMMENTS = 5000
_TABLES = """
CREATE TABLE IF NOT EXISTS counts (topic TEXT, action TEXT, helpful INTEGER, times INTEGER, PRIMARY KEY (topic, action, helpful));
CREATE TABLE IF NOT EXISTS reasons (topic TEXT, action TEXT, helpful INTEGER, reason TEXT, times INTEGER, PRIMARY KEY (topic, action, helpful, reason));
CREATE TABLE IF NOT EXISTS comments (id INTEGER PRIMARY KEY, day TEXT, topic TEXT, action TEXT, helpful INTEGER, reason TEXT, text TEXT);
"""


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
        known = self._known(topic)
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

    def why(self, topic: str, action: str, helpful: bool, reason: str, text: str = "", *, today: date | None = None) -> None:
        """Counts a reason, and keeps `text` (with consent given: the caller's part) masked and cut. An unknown action or reason is ignored.

        Raises sqlite3.Error when the folder cannot be written. When masking fails, the text is not kept.
        """
        if action not in ACTIONS or (reason and reason not in REASONS):
            return
        day = today or datetime.now(UTC).date()
        known, words = self._known(topic), masked(text)
        with closing(self._connect()) as connection, connection:
            if reason:
                connection.execute(
                    "INSERT INTO reasons VALUES (?, ?, ?, ?, 1) ON CONFLICT (topic, action, helpful, reason) DO UPDATE SET times = times + 1",
                    (known, action, int(helpful), reason),
                )
            if words:
                connection.execute(
                    "INSERT INTO comments (day, topic, action, helpful, reason, text) VALUES (?, ?, ?, ?, ?, ?)",
                    (day.isoformat(), known, action, int(helpful), reason, words),
                )
            connection.execute("DELETE FROM comments WHERE day < ?", ((day - timedelta(days=KEPT_DAYS)).isoformat(),))
            connection.execute("DELETE FROM comments WHERE id NOT IN (SELECT id FROM comments ORDER BY id DESC LIMIT ?)", (MAX_COMMENTS,))

    def reasons(self) -> dict[tuple[str, str, bool, str], int]:
        """{(topic, action, helpful, reason): times}."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT topic, action, helpful, reason, times FROM reasons").fetchall()
        return {(topic, action, bool(helpful), reason): times for topic, action, helpful, reason, times in rows}

    def comments(self) -> list[dict[str, Any]]:
        """What people said in their own words, the newest first."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT day, topic, action, helpful, reason, text FROM comments ORDER BY id DESC").fetchall()
        return [dict(zip(("day", "topic", "action", "helpful", "reason", "text"), (*row[:3], bool(row[3]), *row[4:]), strict=True)) for row in rows]

    def _known(self, topic: str) -> str:
        return topic if topic in self._topics else OTHER

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=5)
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        connection.executescript(_TABLES)
        return connection


def masked(text: str) -> str:
    """The text without identifiers, cut to what is kept; nothing when masking fails (fails closed)."""
    from policies.identifiers import mask

    clean = " ".join(text.split())[:MAX_CHARS]
    try:
        return mask(clean).text
    except Exception as failure:
        log.error("a comment was not kept, masking failed: %s", type(failure).__name__)
        return ""


def library_topics() -> frozenset[str]:
    """The names of the built-in library's articles."""
    import knowledge

    return frozenset(path.stem for path in (Path(knowledge.__file__).parent / "library").rglob("*.md"))
