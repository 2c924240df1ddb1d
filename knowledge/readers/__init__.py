"""Readers, one per file format: each turns a file into a `Reading`; `read_document` makes a Document of it.

Formats that need a parser of others (PDF, Word, web pages) are read in a process of their own, see `isolated`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from knowledge.articles import read_article
from knowledge.chunking import chunk_article, chunk_reading
from knowledge.errors import ArticleError, DocumentError
from knowledge.instructions import Foreign
from knowledge.passages import Document, SourceRef
from knowledge.readers.isolated import Isolated
from knowledge.readers.source import Facts
from knowledge.reading import Reading

MAX_BYTES = 50_000_000
OURS = "Added by this site"
_ARTICLE_FIELDS = (b"\nkind:", b"\nreviewed:", b"\nsources:")


def _reader(module: str, function: str) -> Callable[[Path], Reading]:
    """A reader whose parser is imported when the first such file comes."""

    def read(path: Path) -> Reading:
        call: Callable[[Path], Reading] = getattr(import_module(f"knowledge.readers.{module}"), function)
        return call(path)

    return read


_PAGE, _CAPTIONS, _MARKDOWN = _reader("html", "read_html"), _reader("captions", "read_captions"), _reader("markdown", "read_markdown")
READERS: dict[str, Callable[[Path], Reading]] = {
    ".md": _MARKDOWN, ".markdown": _MARKDOWN, ".txt": _reader("text", "read_text"), ".html": _PAGE, ".htm": _PAGE, ".xhtml": _PAGE,
    ".pdf": _reader("pdf", "read_pdf"), ".docx": _reader("docx", "read_docx"), ".json": _reader("pairs", "read_json"), ".jsonl": _reader("pairs", "read_jsonl"),
    ".vtt": _CAPTIONS, ".srt": _CAPTIONS,
}  # fmt: skip
ISOLATED = frozenset({".pdf", ".docx", ".html", ".htm", ".xhtml"})


def refuse_unreadable(path: Path) -> None:
    """Raise DocumentError for a file that need not be opened: no reader for it, or far too large."""
    if path.suffix.lower() not in READERS:
        raise DocumentError(f"{path.name}: no reader for {path.suffix or 'a file without an ending'}; known: {', '.join(READERS)}")
    if (size := path.stat().st_size) > MAX_BYTES:
        raise DocumentError(f"{path.name}: {size // 1_000_000} MB, at most {MAX_BYTES // 1_000_000} MB are taken in; split it")


def read_document(
    path: Path, collection: str, doc_id: str | None = None, *, facts: Facts | None = None, isolated: Isolated | None = None, foreign: Foreign | None = None,
    problems: list[str] | None = None,
) -> Document:  # fmt: skip
    """Read one file. `problems` takes a line for each part that was left out. Raises DocumentError with one line that says what to do."""
    refuse_unreadable(path)
    doc_id, facts = doc_id or path.stem, facts or Facts()
    if path.suffix.lower() == ".md" and _is_article(path):
        try:
            return chunk_article(read_article(path), collection, doc_id)
        except ArticleError as error:
            raise DocumentError(str(error)) from error
    reading = isolated.read(path) if isolated and path.suffix.lower() in ISOLATED else READERS[path.suffix.lower()](path)
    if not any(piece.text.strip() for piece in reading.pieces):
        raise DocumentError(f"{path.name}: holds no text")
    if problems is not None:
        problems += reading.problems
    title = facts.title or reading.title or path.stem.replace("-", " ").replace("_", " ")
    source = SourceRef(
        title=" ".join(title.split())[:300], organization=facts.organization or reading.organization or OURS,
        year=facts.year or reading.year or (reading.updated.year if reading.updated else None), url=facts.url or reading.url,
        reviewed=facts.reviewed.isoformat() if facts.reviewed else None,
    )  # fmt: skip
    return chunk_reading(doc_id, reading, source, collection, language=facts.language or reading.language or "en", foreign=foreign)


def _is_article(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(20_000).replace(b"\r\n", b"\n")
    front = start[3 : start.find(b"\n---", 4)] if start.startswith(b"---\n") else b""
    return all(field in front for field in _ARTICLE_FIELDS)
