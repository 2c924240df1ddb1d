"""What a store holds, for people who keep a library: documents, passages, age, what is due for review, what was marked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from knowledge.articles import read_article
from knowledge.errors import ArticleError
from knowledge.store import Store

LIBRARY = "library"
# An article of ours is looked at again a year after it was last held against its sources.
ARTICLE_DAYS = 365
SOON_DAYS = 30


@dataclass(frozen=True)
class Entry:
    """One document. dated: its own date or year, as text. review_by: ISO date. added: the day on which this text came into the store."""

    collection: str
    doc_id: str
    title: str
    path: str
    format: str
    passages: int
    marked: int
    organization: str | None
    url: str | None
    licence: str | None
    dated: str | None
    review_by: str | None
    added: str
    overlay: bool = False

    def age_days(self, today: date) -> int | str:
        """Days since the document's own date, or since it came in where it gives none."""
        day = self.dated if self.dated and len(self.dated) == 10 else f"{self.dated}-12-31" if self.dated and int(self.dated) < today.year else self.added
        return max(0, (today - date.fromisoformat(day)).days)

    def due(self, today: date) -> bool:
        """Whether somebody must look at it again."""
        return self.review_by is not None and date.fromisoformat(self.review_by) <= today

    def note(self, today: date) -> str:
        """What a librarian should know at a glance."""
        notes = ["PAST REVIEW" if self.due(today) else "review soon" if self.review_by and _days(self.review_by, today) <= SOON_DAYS else ""]
        notes += [f"{self.marked} marked" if self.marked else "", "overlay" if self.overlay else ""]
        return ", ".join(note for note in notes if note)


def _days(day: str, today: date) -> int:
    return (date.fromisoformat(day) - today).days


def listing(store: Store, overlay: Path | None = None) -> list[Entry]:
    """Every document of every collection, the library first, then by name."""
    counts = {
        (collection, doc_id): (passages, marked)
        for collection, doc_id, passages, marked in store.query(
            "SELECT collection, doc_id, count(*), sum(json_array_length(data, '$.marked')) FROM passages GROUP BY collection, doc_id"
        )
    }
    found = []
    for collection, doc_id, path, title, added, text in store.query("SELECT collection, doc_id, path, title, added, facts FROM documents"):
        facts = json.loads(text)
        organization, dated, review_by = facts.get("organization"), facts.get("reviewed") or facts.get("year"), facts.get("review_by")
        if collection == LIBRARY:
            organization, dated, review_by = _article(path, organization, dated, review_by)
        passages, marked = counts.get((collection, doc_id), (0, 0))
        own = overlay is not None and Path(path).is_relative_to(overlay.absolute())
        found.append(
            Entry(
                collection, doc_id, title, path, facts.get("format", "md"), passages, marked or 0, organization, facts.get("url"), facts.get("licence"),
                str(dated) if dated else None, review_by, added[:10], own,
            )
        )  # fmt: skip
    return sorted(found, key=lambda e: (e.collection != LIBRARY, e.collection, e.doc_id))


def _article(path: str, organization: str | None, dated: str | None, review_by: str | None) -> tuple[str | None, str | None, str | None]:
    try:
        front = read_article(Path(path)).front
    except ArticleError:
        return organization, dated, review_by
    organizations = list(dict.fromkeys(source.organization for source in front.sources.values()))
    return f"{len(organizations)} sources' publishers", front.reviewed.isoformat(), (front.reviewed + timedelta(days=ARTICLE_DAYS)).isoformat()


def marked_sentences(store: Store) -> list[tuple[str, str, str, str]]:
    """(collection, document, section, sentence) of all that speaks to a model instead of a reader."""
    rows: Sequence[tuple[str, str, str]] = store.query(
        "SELECT collection, doc_id, data FROM passages WHERE json_array_length(data, '$.marked') > 0 ORDER BY collection, doc_id, id"
    )
    found = []
    for collection, doc_id, data in rows:
        passage = json.loads(data)
        found += [(collection, doc_id, str(passage["section"]), str(sentence)) for sentence in passage["marked"]]
    return found


def day_of(text: str) -> date:
    """A day as people type it, `2026-11-20`. Raises ValueError with what is asked for."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day like 2026-11-20") from error
