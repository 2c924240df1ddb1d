"""Writes the same documents in every format that `ingest` takes, to measure how fast each is read."""

from __future__ import annotations

import ctypes
import json
import textwrap
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def write_all(documents: Iterable[Row], folder: Path) -> dict[str, Path]:
    """format → the folder with its files. A document has `doc_id`, `title`, `sections` of `heading` and `text`."""
    places = {}
    documents = list(documents)
    for name, write in _WRITERS.items():
        places[name] = folder / name
        places[name].mkdir(parents=True)
        for document in documents:
            write(document, places[name] / f"{document['doc_id']}.{name}")
    return places


def _md(document: Row, path: Path) -> None:
    parts = [f"# {_line(document['title'])}", *(f"## {_line(s['heading'])}\n\n{s['text'].replace('#', '')}" for s in document["sections"])]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _txt(document: Row, path: Path) -> None:
    path.write_text("\n\n".join([document["title"], *(f"{_line(s['heading']).rstrip('?.:')}\n\n{s['text']}" for s in document["sections"])]), encoding="utf-8")


def _html(document: Row, path: Path) -> None:
    body = "".join(f"<h2>{escape(s['heading'])}</h2>" + "".join(f"<p>{escape(p)}</p>" for p in s["text"].split("\n")) for s in document["sections"])
    path.write_text(f"<html><body><nav>Menu</nav><main><h1>{escape(document['title'])}</h1>{body}</main></body></html>", encoding="utf-8")


def _docx(document: Row, path: Path) -> None:
    import docx

    word = docx.Document()
    word.add_heading(document["title"], 0)
    for section in document["sections"]:
        word.add_heading(_line(section["heading"]), 1)
        for paragraph in section["text"].split("\n"):
            word.add_paragraph(paragraph)
    word.save(str(path))


def _jsonl(document: Row, path: Path) -> None:
    rows = [json.dumps({"question": s["heading"], "answer": s["text"]}) for s in document["sections"]]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _vtt(document: Row, path: Path) -> None:
    cues = ["WEBVTT", ""]
    second = 0
    for section in document["sections"]:
        for line in textwrap.wrap(_line(section["text"]).replace("-->", " "), 80):
            cues += [f"{_clock(second)} --> {_clock(second + 3)}", line, ""]
            second += 3
    path.write_text("\n".join(cues), encoding="utf-8")


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000"


def _pdf(document: Row, path: Path) -> None:
    import pypdfium2
    from pypdfium2 import raw

    pdf = pypdfium2.PdfDocument.new()
    font = raw.FPDFText_LoadStandardFont(pdf.raw, b"Helvetica")
    lines = [(20.0, document["title"])]
    for section in document["sections"]:
        lines += [(15.0, line) for line in textwrap.wrap(_line(section["heading"]), 60)]
        lines += [(10.0, line) for paragraph in section["text"].split("\n") for line in textwrap.wrap(paragraph, 95)]
    while lines:
        page, height = pdf.new_page(612, 792), 740.0
        while lines and height > 60:
            size, text = lines.pop(0)
            item = raw.FPDFPageObj_CreateTextObj(pdf.raw, font, size)
            encoded = (text + "\0").encode("utf-16-le")
            buffer = (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded)
            raw.FPDFText_SetText(item, buffer)
            raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 60, height)
            raw.FPDFPage_InsertObject(page.raw, item)
            height -= 1.4 * size
        page.gen_content()
    pdf.save(str(path))


def _line(text: str) -> str:
    return " ".join(text.split())


_WRITERS: dict[str, Callable[[Row, Path], None]] = {"md": _md, "txt": _txt, "html": _html, "docx": _docx, "pdf": _pdf, "jsonl": _jsonl, "vtt": _vtt}
