"""Reads plain text: a blank line ends a paragraph; a short line without an end mark before one is its heading."""

from __future__ import annotations

import re

_HEADING_WORDS = 12


def read_text(text: str) -> tuple[str | None, list[tuple[tuple[str, ...], str]]]:
    """(title, sections): the first heading is the title as well."""
    title: str | None = None
    sections: list[tuple[tuple[str, ...], str]] = []
    path: tuple[str, ...] = ()
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = block.strip().splitlines()
        if not lines:
            continue
        if len(lines) == 1 and len(lines[0].split()) <= _HEADING_WORDS and not re.search(r"[.!?:;,]$", lines[0].strip()):
            title = title or lines[0].strip()
            path = (lines[0].strip(),)
        else:
            sections.append((path, "\n".join(lines)))
    return title, sections
