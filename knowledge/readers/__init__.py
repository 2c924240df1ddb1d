"""Readers, one per file format: each turns a file into (heading path, text) sections.

`read_document(path, collection)` picks the reader by the file's name and gives a Document, or raises DocumentError with
one line that says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import yaml

from knowledge.articles import read_article
from knowledge.chunking import chunk_article, chunk_sections
from knowledge.errors import ArticleError, DocumentError
from knowledge.passages import Document, SourceRef
from knowledge.readers.markdown import read_markdown
from knowledge.readers.text import read_text

Sections = Iterator[tuple[Sequence[str], str]]

READERS: dict[str, Callable[[str], tuple[str | None, list[tuple[tuple[str, ...], str]]]]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
}
MAX_BYTES = 50_000_000
_ARTICLE_FIELDS = ("\nkind:", "\nreviewed:", "\nsources:")


def read_document(path: Path, collection: str) -> Document:
    """Read one file. Raises DocumentError, or ArticleError for a broken article of ours."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError(f"{path.name}: no reader for {path.suffix or 'a file without an ending'}; known: {', '.join(READERS)}")
    if path.stat().st_size > MAX_BYTES:
        raise DocumentError(f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB; split it")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path.name}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    front = text[4 : text.find("\n---", 4)] if text.startswith("---\n") else ""
    if path.suffix.lower() == ".md" and all(field in "\n" + front for field in _ARTICLE_FIELDS):
        try:
            return chunk_article(read_article(path), collection)
        except ArticleError as error:
            raise DocumentError(str(error)) from error
    title, sections = reader(text)
    given = source_beside(path)
    name = str(given.get("title") or title or path.stem.replace("-", " ").replace("_", " "))
    source = SourceRef(
        title=name, organization=str(given.get("organization", "Added by this site")), year=given.get("year"), url=given.get("url"),
        reviewed=str(given["reviewed"]) if given.get("reviewed") else None,
    )  # fmt: skip
    return chunk_sections(path.stem, name, sections, source, collection)


def source_beside(path: Path) -> dict[str, object]:
    """What `source.yaml` in the file's folder says of it: its own entry under `files:` over the folder's own fields."""
    sidecar = path.parent / "source.yaml"
    if not sidecar.exists():
        return {}
    try:
        data = yaml.safe_load(sidecar.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DocumentError(f"{sidecar}: cannot be read: {error}") from error
    files = data.pop("files", {}) or {}
    return {**data, **(files.get(path.name) or {})}
