"""Reads Word files: headings by their style, lists and tables in order. What unpacks to far more than it holds is refused unread."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from knowledge.errors import DocumentError
from knowledge.reading import Piece, Reading

# What a file may unpack to, in bytes; only its text parts are ever read, pictures are not.
MAX_UNPACKED = 200_000_000
MAX_PARTS = 5_000
# Text and markup shrink to a twentieth at most; a bomb to a thousandth.
MAX_RATIO = 100
_LIST_STYLE = re.compile(r"^list\b", re.IGNORECASE)


def read_docx(path: Path) -> Reading:
    """Sections of a Word file. Raises DocumentError for a bomb, a locked or a broken file."""
    _refuse_bombs(path)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        document = docx.Document(str(path))
        return _read(document)
    except (OpcError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, etree.XMLSyntaxError, NotImplementedError, OSError) as error:
        raise DocumentError(f"{path.name}: is damaged or not a Word file (.docx); open it and save it anew") from error


def _refuse_bombs(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentError(f"{path.name}: is locked with a password or an old Word file (.doc); save it as .docx without a password")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise DocumentError(f"{path.name}: is damaged or not a Word file (.docx); open it and save it anew") from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or (unpacked > 1_000_000 and unpacked / packed > MAX_RATIO):
        raise DocumentError(f"{path.name}: unpacks to {unpacked // 1_000_000} MB from {packed / 1_000_000:.1f} MB, as no honest Word file does; left unread")


def _read(document: Any) -> Reading:
    from docx.table import Table

    given = str(document.core_properties.title or "").strip()
    title: str | None = None
    path: list[tuple[int, str]] = []
    pieces: list[Piece] = []
    lines: list[str] = []

    def close() -> None:
        if body := "\n".join(lines).strip():
            pieces.append(Piece(tuple(h for _, h in path), body))
        lines.clear()

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines.extend(_rows(block))
            lines.append("")
            continue
        text = " ".join(block.text.split())
        if not text:
            continue
        style = str(getattr(block.style, "name", "") or "")
        level = _level(block, style)
        if level is not None:
            close()
            if level <= 1 and title is None and not pieces:
                title, path = text, []
            else:
                path = [*((n, h) for n, h in path if n < level), (level, text)]
        elif _LIST_STYLE.match(style) or block._p.xpath("./w:pPr/w:numPr"):
            lines.append(f"- {text}")
        else:
            lines += [text, ""]
    close()
    modified = document.core_properties.modified
    return Reading(title or given or None, pieces, updated=modified.date() if modified else None)


def _level(block: Any, style: str) -> int | None:
    """0 for a title, 1 to 9 for headings, None for text. A style of the writer's own counts by its outline level."""
    if style.lower() == "title":
        return 0
    if match := re.fullmatch(r"heading (\d)", style, re.IGNORECASE):
        return int(match[1])
    levels = block._p.xpath("./w:pPr/w:outlineLvl/@w:val") or block.style.element.xpath("./w:pPr/w:outlineLvl/@w:val")
    return int(levels[0]) + 1 if levels and str(levels[0]).isdigit() and int(levels[0]) < 9 else None


def _rows(table: Any) -> list[str]:
    found = []
    for row in table.rows:
        cells = list(dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells))  # a merged cell comes once for each column
        if text := "; ".join(c for c in cells if c):
            found.append(f"- {text}")
    return found
