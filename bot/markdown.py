"""The whole answer as one Markdown text, in the order in which a person should meet it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation import STATUS_MARKS, STATUS_WORDS, BottomLine, Citation, Contact, Guideline, Language, RecordsUpload, Section, Service

BROWSE_ALL = "https://www.nccn.org/patientresources/patient-resources/guidelines-for-patients"

HEADINGS: dict[Language, dict[str, str]] = {
    "en": {
        "bottom_line": "Bottom line", "questions": "Questions to ask", "call": "When to call", "sources": "Sources", "guidelines": "Patient guidelines",
        "browse": "Browse all patient guidelines", "services": "Related services", "reviewed": "last checked by us", "contacts": "Who to contact",
        "reviewed_by": "medically reviewed by", "page": "page", "at": "at",
    },
    "es": {
        "bottom_line": "En resumen", "questions": "Preguntas para hacer", "call": "Cuándo llamar", "sources": "Fuentes", "guidelines": "Guías para pacientes",
        "browse": "Ver todas las guías para pacientes", "services": "Servicios de ayuda", "reviewed": "revisado por nosotros", "contacts": "A quién llamar",
        "reviewed_by": "revisión médica de", "page": "página", "at": "en",
    },
}  # fmt: skip


def whole_answer(
    *, language: Language, notice: str, disclaimer: str, sections: Sequence[Section], bottom_line: Sequence[BottomLine] = (), questions: Sequence[str] = (),
    when_to_call: str | None = None, citations: Sequence[Citation] = (), guidelines: Sequence[Guideline] = (), services: Sequence[Service] = (),
    upload: RecordsUpload | None = None, upload_first: bool = False, contacts: Sequence[Contact] = (), contacts_first: bool = False,
) -> str:  # fmt: skip
    """Notice first, disclaimer last, both verbatim; an escalation's contacts and a redirect's upload call before the text."""
    words = HEADINGS[language]
    blocks = [notice]
    contact_block = _list(words["contacts"], [_contact(c) for c in contacts])
    upload_block = f"[{upload.text}]({upload.url})" if upload else ""
    if contacts_first:
        blocks.append(contact_block)
    if upload_first:
        blocks.append(upload_block)
    blocks += [f"## {s.heading}\n\n{s.markdown}" if s.heading else s.markdown for s in sections]
    blocks.append(_list(words["bottom_line"], [f"{STATUS_MARKS[b.status]} {STATUS_WORDS[language][b.status]}: {b.text}" for b in bottom_line]))
    blocks.append(_list(words["questions"], questions))
    blocks.append(f"## {words['call']}\n\n{when_to_call}" if when_to_call else "")
    if not contacts_first:
        blocks.append(contact_block)
    blocks.append(_list(words["services"], [f"[{s.name}]({s.url}): {s.why}" for s in services]))
    books = [f"[{g.title}]({g.url}), {g.year}" for g in guidelines]
    blocks.append(_list(words["guidelines"], [*books, f"[{words['browse']}]({BROWSE_ALL})"] if books else []))
    blocks.append(_list(words["sources"], _sources(citations, words)))
    if not upload_first:
        blocks.append(upload_block)
    blocks.append(disclaimer)
    return "\n\n".join(b for b in blocks if b)


def _contact(c: Contact) -> str:
    return f"**{c.name}**: " + (f"{c.phone} ({c.text})" if c.phone and c.text else c.phone or c.text or "")


def _list(heading: str, items: Sequence[str]) -> str:
    return f"## {heading}\n\n" + "\n".join(f"- {i}" for i in items) if items else ""


def _sources(citations: Sequence[Citation], words: dict[str, str]) -> list[str]:
    """One line a source: a page that several numbers lead to stands once."""
    numbers: dict[tuple[object, ...], list[int]] = {}
    first: dict[tuple[object, ...], Citation] = {}
    for c in citations:
        key = (c.title, c.organization, c.year, c.url, c.reviewed, c.place, c.reviewed_by)
        numbers.setdefault(key, []).append(c.n)
        first.setdefault(key, c)
    return [_source(first[key], found, words) for key, found in numbers.items()]


def _source(c: Citation, numbers: Sequence[int], words: dict[str, str]) -> str:
    marks = " ".join(f"\\[{n}\\]" for n in numbers)
    title = re.sub(r"([\[\]])", r"\\\1", c.title)
    linked = f"[{title}]({_target(c.url)})" if c.url else title
    year = f", {c.year}" if c.year else ""
    notes = [f"{words['reviewed']} {c.reviewed}" if c.reviewed else "", f"{words['reviewed_by']} {c.reviewed_by}" if c.reviewed_by else ""]
    noted = "; ".join(note for note in notes if note)
    return f"{marks} {linked}. {c.organization}{year}{f', {place_words(c.place, words)}' if c.place else ''}" + (f" ({noted})." if noted else ".")


def place_words(place: str, words: dict[str, str]) -> str:
    """A place in the reader's language: `page 3`, `at 0:01:12`."""
    return place.replace("page", words["page"]) if place.startswith("page") else f"{words['at']} {place}"


def _target(url: str) -> str:
    """An address whose brackets do not end a Markdown link."""
    return url.replace("(", "%28").replace(")", "%29")


def sections_of(markdown: str) -> tuple[list[Section], list[tuple[str, str]]]:
    """Split a released answer at its `##` headings: (sections, bottom-line bullets as (status words, text))."""
    sections: list[Section] = []
    bottom: list[tuple[str, str]] = []
    for block in re.split(r"^##\s+(?!#)", "\n" + markdown, flags=re.MULTILINE):
        heading, _, body = block.partition("\n")
        if block.startswith("\n"):
            heading, body = "", block
        body = body.strip()
        if heading.strip().lower().rstrip(":") in BOTTOM_HEADINGS:
            bottom += [(m.group(1).lower(), m.group(2).strip()) for m in _BOTTOM_BULLET.finditer(body)]
        elif body:
            sections.append(Section(heading=heading.strip().strip("#").strip(), markdown=body))
    return sections, bottom


BOTTOM_HEADINGS = frozenset({"bottom line", "en resumen", "the bottom line", "conclusión", "lo esencial"})
BOTTOM_HEADING = re.compile(rf"^##\s+(?:{'|'.join(sorted(BOTTOM_HEADINGS))})\b", re.IGNORECASE | re.MULTILINE)
_BOTTOM_BULLET = re.compile(
    r"^[-*]\s+(?:[✅⏳❌]\s*)?(?:\*\*)?(standard|promising(?:, under study)?|not recommended|estándar|prometedor(?:, en estudio)?|no recomendado)(?:\*\*)?:(?:\*\*)?\s*(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
