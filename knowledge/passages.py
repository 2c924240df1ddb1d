"""What search finds and answers rest on: a passage, made of evidence that each rests on one source."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

PassageKind = Literal["section", "bottom_line", "heard", "call", "document"]
BottomStatus = Literal["standard", "promising", "not_recommended"]


_LISTED = re.compile(r",\s*(?:and\s+|or\s+)?")


class Value(BaseModel):
    """A frozen value."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceRef(Value):
    """The source a piece of evidence rests on, as it is shown beside a citation. `place`: `page 3`, or a recording's time `0:01:12`.

    reviewed_by: the medical reviewer of the article, filled in when an answer is made and never stored.
    """

    title: str
    organization: str
    year: int | None = None
    url: str | None = None
    reviewed: str | None = None
    place: str | None = None
    reviewed_by: str | None = None


class Evidence(Value):
    """Consecutive text of a passage that rests on the same source. `status` only in a bottom line."""

    text: str
    source: SourceRef
    status: BottomStatus | None = None


class Passage(Value):
    """A section of a document, small enough to quote. `id` is `<doc_id>#<position>`, unique in its collection.

    marked: sentences of the file that stood here and speak to a model instead of a reader; kept as data, no part of `text`.
    """

    id: str
    collection: str
    doc_id: str
    title: str
    section: str
    kind: PassageKind
    evidence: tuple[Evidence, ...]
    aliases: tuple[str, ...] = ()
    cancers: tuple[str, ...] = ()
    language: str = "en"
    marked: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The passage's own words."""
        return " ".join(e.text for e in self.evidence)

    @property
    def indexed(self) -> str:
        """What the encoder reads: title and heading say what the words are about (dense hit@5 .69 → .90)."""
        return f"{self.title}. {self.section}. {self.text}"


class Document(Value):
    """A document as read from a file: identity, what it is about, its passages."""

    doc_id: str
    title: str
    passages: tuple[Passage, ...]


def heading(passage: Passage) -> str:
    """A passage's own heading, without those above it."""
    return passage.section.rsplit(" > ", 1)[-1]


def asks_of(heading: str) -> tuple[str, ...]:
    """A heading and, where it lists several things, each of them: "Can I dye my hair, wear nail polish or use makeup?" asks three."""
    items = [item for item in _LISTED.split(heading.rstrip("?")) if len(item.split()) > 1]
    return (heading, *items) if len(items) > 1 else (heading,)
