"""Reads the text layer of a PDF with PDFium: headings by size of type, paragraphs by the space between lines, page numbers kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from knowledge.errors import DocumentError
from knowledge.readers.pdf_lines import SOFT_HYPHEN_MARK, Line, lines_of
from knowledge.reading import Piece, Reading

# Type this much larger than the body's is a heading.
HEADING_RATIO = 1.12
HEADING_WORDS = 20
# Space above a line, in heights of type, from which on it begins a paragraph.
PARAGRAPH_GAP = 1.75
# Fewer characters than these are no text layer but a stamp on a scan.
MIN_PAGE_CHARACTERS = 25
MAX_PAGES = 3_000
_BULLET = re.compile(r"^(?:[•●▪◦‣·o*]|[–-])\s+|^[•●▪◦‣]")


def read_pdf(path: Path) -> Reading:
    """Sections with their page. Raises DocumentError for a scan, a locked or a broken file."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise DocumentError(f"{path.name}: is locked with a password; save a copy without one") from error
        raise DocumentError(f"{path.name}: is damaged or not a PDF; open it and save it anew") from error
    try:
        if len(document) > MAX_PAGES:
            raise DocumentError(f"{path.name}: {len(document)} pages; at most {MAX_PAGES} are taken in, split it")
        pages = lines_of(document)
        given = str(document.get_metadata_dict().get("Title") or "").strip()
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"{path.name}: a page is damaged ({error}); open it and save it anew") from error
    finally:
        document.close()
    empty = [number for number, lines in enumerate(pages, start=1) if sum(len(line.text) for line in lines) < MIN_PAGE_CHARACTERS]
    if len(empty) == len(pages):
        raise DocumentError(
            f"{path.name}: {_pages(empty)} without a text layer (a scan); run text recognition over it, for example ocrmypdf, and add the result"
        )
    title, pieces = _sections(pages)
    problems = []
    if len(empty) > len(pages) / 2:
        problems.append(f"{path.name}: {_pages(empty)} of {len(pages)} without a text layer (scanned?); only the others were read")
    return Reading(title or _usable(given), pieces, problems=problems)


def _pages(numbers: Sequence[int]) -> str:
    return f"{len(numbers)} page{'s' if len(numbers) != 1 else ''}"


def _usable(title: str) -> str | None:
    """Programs that print leave names of files as titles."""
    return title if title and not re.search(r"\.(?:docx?|pdf|indd|pptx?|tmp)\b|^microsoft word|^untitled", title, re.IGNORECASE) else None


def _sections(pages: Sequence[Sequence[Line]]) -> tuple[str | None, list[Piece]]:
    lines = [line for page in pages for line in page]
    body = _body_size(lines)
    sizes = sorted({line.size for line in lines if _is_larger(line, body)}, reverse=True)
    title: str | None = None
    path: list[tuple[float, str]] = []
    pieces: list[Piece] = []
    blocks: list[str] = []
    start_page = 1
    last: Line | None = None
    last_rank: float | None = None

    def close() -> None:
        if blocks:
            text = "\n\n".join(_joined(b) for b in blocks)
            pieces.append(Piece(tuple(h for _, h in path), text.replace("\n\n- ", "\n- "), f"page {start_page}"))
            blocks.clear()

    for index, line in enumerate(lines):
        rank = _heading_rank(lines, index, body, sizes)
        new_page = last is not None and line.page != last.page
        if rank is not None:
            goes_on = rank == last_rank and not new_page and 0 < line.gap < PARAGRAPH_GAP
            if goes_on and (path or title):
                # A heading over two lines.
                if path:
                    path[-1] = (rank, f"{path[-1][1]} {line.text}")
                else:
                    title = f"{title} {line.text}"
            else:
                close()
                path = [(r, h) for r, h in path if r < rank]
                if title is None and not pieces and not path and (not sizes or rank == 0):
                    title = line.text
                else:
                    path.append((rank, line.text))
        else:
            unfinished = bool(blocks) and not re.search(r"[.!?:;][\"”’)\]]*$", blocks[-1])
            if new_page and blocks and not unfinished:
                close()
            text = _BULLET.sub("- ", line.text)
            if not blocks:
                start_page = line.page
            carries_on = blocks and not text.startswith("- ") and ((new_page and unfinished) or (not new_page and 0 < line.gap < PARAGRAPH_GAP))
            if carries_on and last_rank is None:
                blocks[-1] += f"\n{text}"
            else:
                blocks.append(text)
        last, last_rank = line, rank
    close()
    return title, pieces


def _body_size(lines: Sequence[Line]) -> float:
    weights = Counter[float]()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 1.0


def _is_larger(line: Line, body: float) -> bool:
    return line.size >= HEADING_RATIO * body and len(line.text.split()) <= HEADING_WORDS and bool(re.search(r"[^\W\d_]", line.text))


def _heading_rank(lines: Sequence[Line], index: int, body: float, sizes: Sequence[float]) -> float | None:
    """0 for the largest type and so on; a short bold line of the body's size before other text comes below all. None: no heading."""
    line = lines[index]
    if _is_larger(line, body):
        return float(sizes.index(line.size))
    following = lines[index + 1] if index + 1 < len(lines) else None
    short = len(line.text.split()) <= 12 and not re.search(r"[.,;]$", line.text) and not _BULLET.match(line.text)
    if line.bold and short and line.size >= 0.95 * body and following is not None and not following.bold and (index == 0 or line.gap > 1.2 or line.gap <= 0):
        return float(len(sizes))
    return None


def _joined(block: str) -> str:
    """A paragraph's lines as one: a hyphen that only ended a line goes."""
    text = re.sub(rf"{SOFT_HYPHEN_MARK}\s*", "", block)
    text = re.sub(r"(?<=[a-záéíóúñ])-\n(?=[a-záéíóúñ])", "", text)
    return " ".join(text.split())
