"""Who reviewed which article, and when: `reviews.yaml` in the data folder, or the one that an operator keeps in the overlay.

A review holds for the very text that was reviewed: an article that changes is due again. Only a review with credentials is a medical one,
and only that is named on answers.

```yaml
fatigue:
  - {by: Ana Ruiz, credentials: "MD, medical oncologist", day: 2026-11-20, text: 3f2a9c01d4e8}
```
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from knowledge.yaml_lines import FileError, Lines

FILE = "reviews.yaml"


class Review(BaseModel):
    """One review: by whom, what makes them one who may judge medicine, when, of which text (`text_mark`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    by: str = Field(min_length=2, max_length=100, pattern=r"^[^<>\n\[\]]+$")
    credentials: str | None = Field(default=None, max_length=120, pattern=r"^[^<>\n\[\]]+$")
    day: date
    text: str = Field(pattern=r"^[0-9a-f]{12}$")
    note: str | None = Field(default=None, max_length=500)

    @property
    def named(self) -> str:
        """As an answer shows it: `Ana Ruiz, MD, medical oncologist, 2026-11-20`."""
        return ", ".join(part for part in (self.by, self.credentials, self.day.isoformat()) if part)


class Reviews:
    """The records of one installation. `files`: the overlay's and the data folder's; both count. Read anew when a file changed."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = tuple(files)

    def of(self, doc_id: str) -> list[Review]:
        """An article's reviews, newest first. Raises FileError with file and line."""
        found = [review for path in self._files for review in _read(path, _stamp(path)).get(doc_id, ())]
        return sorted(found, key=lambda review: review.day, reverse=True)

    def holding(self, doc_id: str, article: Path, *, medical: bool = False) -> Review | None:
        """The newest review of the article's present text; with `medical` the newest by somebody with credentials."""
        reviews = [r for r in self.of(doc_id) if r.credentials or not medical]
        mark = text_mark(article) if reviews else ""
        return next((r for r in reviews if r.text == mark), None)

    def record(self, doc_id: str, review: Review) -> Path:
        """Add a review to the first file; it appears whole or not at all. Gives the file."""
        path = self._files[0]
        kept = {d: list(rows) for d, rows in _read(path, _stamp(path)).items()}
        kept.setdefault(doc_id, []).append(review)
        rows = {d: [r.model_dump(mode="python", exclude_none=True) for r in kept[d]] for d in sorted(kept)}
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".reviews-")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write("# Who reviewed which article, and when. Written by `oncolantern library review`; a review holds for the text it was made of.\n")
            yaml.safe_dump(rows, out, allow_unicode=True, sort_keys=False, width=160)
        Path(name).replace(path)
        return path


def text_mark(article: Path) -> str:
    """What tells that an article's text is the one reviewed."""
    stat = article.stat()
    return _text_mark(article, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1_000)
def _text_mark(article: Path, mtime: int, size: int) -> str:
    return hashlib.sha256(article.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:12]


def _stamp(path: Path) -> tuple[int, int]:
    with contextlib.suppress(OSError):
        stat = path.stat()
        return stat.st_mtime_ns, stat.st_size
    return 0, 0


@lru_cache(maxsize=8)
def _read(path: Path, stamp: tuple[int, int]) -> dict[str, tuple[Review, ...]]:
    return dict(_entries(path)) if stamp != (0, 0) else {}


def _entries(path: Path) -> Iterator[tuple[str, tuple[Review, ...]]]:
    lines = Lines(path)
    for doc_id, rows in lines.mapping().items():
        if not isinstance(rows, list):
            raise FileError(path, lines.at(doc_id), f"{doc_id}: must be a list of reviews, each beginning with `- `")
        yield doc_id, tuple(lines.model(Review, row, doc_id, number) for number, row in enumerate(rows))
