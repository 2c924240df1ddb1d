"""Sentences of an answer's Markdown, with the citation numbers that stand behind each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policies.sentences import units

_CITATION = re.compile(r"\[(\d{1,3})\](?!\()")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s")
# A row that a rule of dashes follows: the names of the columns.
_TABLE_HEAD = re.compile(r"^[ \t]*\|.*\|[ \t]*\n(?=[ \t]*\|[ \t]*:?-)", re.MULTILINE)
_MARKS = re.compile(r"[*_`>]+|^\s*(?:[-*+]|\d{1,2}[.)])\s+")
# Sentences to the reader that hold no fact may stand without a source (docs/article-format.md, rule `sourced`).
_TO_READER = re.compile(
    r"^(?:you can|you may want|you do not have to|you are not|ask|tell|talk|bring|call|write|keep|it is okay|it is normal to feel|it helps to|if you|your care team"
    r"|your team|your doctor|many people find|this page|some people choose|puede|pregunte|hable|llame|diga)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """text: the words without Markdown marks and citation numbers; cites: the numbers in the order they stand."""

    text: str
    cites: tuple[int, ...]

    @property
    def factual(self) -> bool:
        """Whether it states something that needs a source: not a question, not plain advice to the reader."""
        if not re.search(r"[^\W\d_]", self.text) or self.text.rstrip('"”’) ').endswith(("?", ":")):
            return False
        return bool(re.search(r"\d", self.text)) or not _TO_READER.match(self.text)


def sentences(markdown: str) -> list[Sentence]:
    """The sentences, list items and table rows of a Markdown text; headings are none, and the head of a table is one."""
    found = []
    markdown = _TABLE_HEAD.sub("", markdown)
    for unit in units(markdown):
        if not unit.strip() or _HEADING.match(unit):
            continue
        text = _MARKS.sub("", _CITATION.sub("", unit)).strip()
        cites = tuple(int(n) for n in _CITATION.findall(unit))
        if text:
            found.append(Sentence(text, cites))
    return found
