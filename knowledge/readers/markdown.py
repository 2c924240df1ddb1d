"""Reads Markdown by its headings; front matter and markup are dropped, the words kept."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.readers.encoding import decode
from knowledge.reading import Piece, Reading


def read_markdown(path: Path) -> Reading:
    """The first `#` heading is the title, deeper headings make the path."""
    title, sections = sections_of(decode(path.read_bytes(), path.name))
    return Reading(title, [Piece(headings, text) for headings, text in sections])


def sections_of(text: str) -> tuple[str | None, list[tuple[tuple[str, ...], str]]]:
    """(title, sections) of a Markdown text."""
    if text.startswith("---\n"):
        text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    title: str | None = None
    path: list[str] = []
    sections: list[tuple[tuple[str, ...], str]] = []
    lines: list[str] = []

    def close() -> None:
        if body := "\n".join(lines).strip():
            sections.append((tuple(path), body))
        lines.clear()

    in_list = 0
    for index, token in enumerate(tokens):
        in_list += (token.type == "list_item_open") - (token.type == "list_item_close")
        if token.type == "heading_open":
            close()
            level, heading = int(token.tag[1]), _words(tokens[index + 1])
            if level == 1 and title is None:
                title = heading
            else:
                del path[max(0, level - 2) :]
                path.append(heading)
        elif token.type == "inline" and tokens[index - 1].type != "heading_open":
            lines.append(("- " if in_list else "") + _words(token))
            if not in_list:
                lines.append("")
        elif token.type in ("fence", "code_block"):
            lines += [token.content.strip(), ""]
    close()
    return title, sections


def _words(token: Token) -> str:
    parts = (
        child.content if child.type in ("text", "code_inline") else " " if child.type in ("softbreak", "hardbreak") else "" for child in token.children or []
    )
    return " ".join("".join(parts).split())
