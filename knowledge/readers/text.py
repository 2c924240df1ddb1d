"""Reads plain text: a blank line ends a paragraph; a short line without an end mark before one is its heading."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.readers.encoding import decode
from knowledge.reading import Piece, Reading

_HEADING_WORDS = 12


def read_text(path: Path) -> Reading:
    """The first heading is the title as well."""
    text = decode(path.read_bytes(), path.name)
    title: str | None = None
    pieces: list[Piece] = []
    headings: tuple[str, ...] = ()
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip().splitlines()
        if not lines:
            continue
        if len(lines) == 1 and len(lines[0].split()) <= _HEADING_WORDS and not re.search(r"[.!?:;,]$", lines[0].strip()):
            title = title or lines[0].strip()
            headings = (lines[0].strip(),)
        else:
            pieces.append(Piece(headings, "\n".join(lines)))
    return Reading(title, pieces)
