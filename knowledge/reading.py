"""What every reader gives: pieces of text in order, each with the headings above it and its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Piece:
    """Text under the headings `path`. place: `page 3` or a time `0:01:12`. whole: one passage, never cut at a size (a question with its answer)."""

    path: tuple[str, ...]
    text: str
    place: str | None = None
    url: str | None = None
    whole: bool = False


@dataclass(frozen=True)
class Reading:
    """A file as read. `problems`: parts that could not be read, a line each, while the rest went on.

    What the file says of itself (a saved page names its address) counts where `source.yaml` says nothing.
    """

    title: str | None
    pieces: list[Piece]
    organization: str | None = None
    year: int | None = None
    url: str | None = None
    updated: date | None = None
    language: str | None = None
    problems: list[str] = field(default_factory=list)
