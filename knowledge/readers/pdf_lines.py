"""The lines of a PDF page as PDFium sees them: words, size of type, weight, where they stand."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

# Above this weight type is bold (CSS and PDF: 400 regular, 700 bold).
BOLD = 600
# PDFium marks a hyphen that only ends a line with this character.
SOFT_HYPHEN_MARK = "\x02"
# A running head stands on this many pages, or on half of a short document's.
RUNNING_PAGES = 3
# Share of the page's height at its top and bottom where running heads and page numbers stand.
MARGIN = 0.10
_PAGE_NUMBER = re.compile(r"(?:page|p\.|página|pág\.)?\s*[-–]?\s*\d{1,4}\s*(?:(?:of|de|/)\s*\d{1,4})?\s*[-–]?", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A line. size: type in points. top: 0 at the page's bottom, 1 at its top. gap: blank space above it in heights of its own type."""

    text: str
    size: float
    bold: bool
    top: float
    gap: float
    page: int


def lines_of(document: Any) -> list[list[Line]]:
    """The lines of every page of a pypdfium2.PdfDocument, running heads and page numbers left out."""
    pages = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        pages.append(list(_lines(text, page.get_height() or 1.0, number + 1)))
        text.close()
        page.close()
    return _without_running_heads(pages)


def _lines(page: Any, height: float, number: int) -> Iterator[Line]:
    from pypdfium2 import raw

    count = page.count_chars()
    buffer: list[str] = []
    first = 0
    last_y: float | None = None

    def close(end: int) -> Line | None:
        nonlocal last_y
        text = " ".join("".join(buffer).split())
        if not text:
            return None
        sample = [i for i in range(first, end) if raw.FPDFText_GetUnicode(page, i) > 32]
        probes = {sample[0], sample[len(sample) // 2], sample[-1]}
        size = sorted(_size(page, i) for i in probes)[len(probes) // 2]
        bold = all(raw.FPDFText_GetFontWeight(page, i) >= BOLD for i in probes)
        y = _baseline(page, sample[0])
        gap = (last_y - y) / size if last_y is not None and size else 0.0
        last_y = y
        return Line(text, round(size, 1), bold, y / height, gap, number)

    for i in range(count):
        code = raw.FPDFText_GetUnicode(page, i)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if character in ("\r", "\n"):
            if line := close(i):
                yield line
            buffer, first = [], i + 1
        else:
            buffer.append(SOFT_HYPHEN_MARK if character == "\x02" or code == 0xFFFE else character)
    if line := close(count):
        yield line


def _size(page: Any, index: int) -> float:
    """Points on paper: the font's nominal size times the scale of its matrix (many files set size 1 and scale it)."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    scale = math.hypot(matrix.c, matrix.d) if raw.FPDFText_GetMatrix(page, index, ctypes.byref(matrix)) else 1.0
    return float(raw.FPDFText_GetFontSize(page, index)) * (scale or 1.0) or 1.0


def _baseline(page: Any, index: int) -> float:
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    return float(y.value) if raw.FPDFText_GetCharOrigin(page, index, ctypes.byref(x), ctypes.byref(y)) else 0.0


def _without_running_heads(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """What stands at the same edge of many pages, but for its digits, is no part of the text."""
    seen = Counter(key for lines in pages for key in {_key(line) for line in lines if _at_edge(line)})
    often = max(2, min(RUNNING_PAGES, math.ceil(len(pages) / 2)))
    return [[x for x in lines if not (_at_edge(x) and (seen[_key(x)] >= often or _PAGE_NUMBER.fullmatch(x.text)))] for lines in pages]


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())


def _at_edge(line: Line) -> bool:
    return line.top < MARGIN or line.top > 1 - MARGIN
