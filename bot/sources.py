"""Chooses what an answer may rest on and numbers it: for each part of the question, evidence that each has one source.

The same numbered sources go to every chat model as text (`as_prompt`), to the gate as what citations must support
(`passages`), and to the Answer as citations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, quoteattr

from bot.bottom_lines import relevant_lines
from bot.choice import answers_another, pick
from bot.comparison import COMPARES, Comparison
from knowledge.definitions import Definition
from knowledge.passages import Evidence, Passage, SourceRef
from knowledge.question import Part, heading_of
from knowledge.search import Hit
from knowledge.words import GENERIC, stems

BOTTOM_LINES = 3
# Share of the best hit's score at which another section still answers the second half of a question whose best section was used by the first.
STILL = 0.85
# The short and plain level: the best passage of each part and as many bottom lines.
BRIEF_BOTTOM_LINES = 2


@dataclass(frozen=True)
class Numbered:
    """A piece of evidence with its citation number; pieces of one passage that rest on one source share it."""

    n: int
    passage: Passage
    evidence: Evidence


@dataclass(frozen=True)
class TableRow:
    """A row of a comparison: its label and the sources of its two cells."""

    label: str
    left: tuple[Numbered, ...]
    right: tuple[Numbered, ...]


@dataclass(frozen=True)
class Table:
    """A comparison with its sources numbered."""

    left: str
    right: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class SourcePart:
    """A part of the question with its sources; none when the library does not carry it. table: where it sets two things side by side."""

    part: Part
    sources: tuple[Numbered, ...]
    table: Table | None = None


@dataclass(frozen=True)
class Sources:
    """Everything an answer may rest on."""

    parts: tuple[SourcePart, ...]
    bottom_line: tuple[Numbered, ...] = ()
    articles: tuple[str, ...] = field(default_factory=tuple)
    brief: bool = False

    def numbered(self) -> Iterable[Numbered]:
        """All evidence, in order of number."""
        for part in self.parts:
            yield from part.sources
            for row in part.table.rows if part.table else ():
                yield from (*row.left, *row.right)
        yield from self.bottom_line

    def by_number(self) -> dict[int, Numbered]:
        """Citation number → all the evidence that it stands for, as one piece."""
        found: dict[int, Numbered] = {}
        for x in self.numbered():
            if x.n in found:
                joined = x.evidence.model_copy(update={"text": f"{found[x.n].evidence.text}\n{x.evidence.text}"})
                x = Numbered(x.n, x.passage, joined)
            found[x.n] = x
        return found

    def passages(self) -> dict[int, str]:
        """Citation number → what a sentence that cites it may say: the evidence, its heading, its article's title."""
        return {n: f"{x.passage.title}. {x.passage.section}. {_status_words(x.evidence)}{x.evidence.text}" for n, x in self.by_number().items()}

    def as_prompt(self) -> str:
        """The sources as text for a chat model. Their words are escaped: nothing in them can close or open a tag."""
        lines: list[str] = []
        for part in self.parts:
            heading = part.part.heading or ("" if part.sources else heading_of(part.part.text))
            lines.append(f"<part heading={quoteattr(heading)}>")
            lines += [_tag(x) for x in part.sources] or ([] if part.table else ["<nothing-found/>"])
            if part.table:
                lines.append(f"<comparison left={quoteattr(part.table.left)} right={quoteattr(part.table.right)}>")
                for row in part.table.rows:
                    lines += [f"<row label={quoteattr(row.label)}>", *map(_tag, row.left), "<against/>", *map(_tag, row.right), "</row>"]
                lines.append("</comparison>")
            lines.append("</part>")
        if self.bottom_line:
            lines += ["<bottom-line>", *(_tag(x) for x in self.bottom_line), "</bottom-line>"]
        return "\n".join(lines)


def _status_words(evidence: Evidence) -> str:
    return {"standard": "Standard: ", "promising": "Promising: ", "not_recommended": "Not recommended: "}[evidence.status] if evidence.status else ""


def _tag(x: Numbered) -> str:
    status = f" status={quoteattr(x.evidence.status)}" if x.evidence.status else ""
    if x.passage.language != "en":
        status += f" language={quoteattr(x.passage.language)}"
    origin = f"{x.evidence.source.organization}, {x.evidence.source.year}" if x.evidence.source.year else x.evidence.source.organization
    head = f'<source n="{x.n}" article={quoteattr(x.passage.title)} section={quoteattr(x.passage.section)} from={quoteattr(origin)}{status}>'
    return f"{head}\n{escape(x.evidence.text)}\n</source>"


class _Numbers:
    """Numbers evidence: pieces of one passage that rest on one source share a number."""

    def __init__(self) -> None:
        self._last = 0
        self._given: dict[tuple[str, SourceRef], int] = {}
        self.used: set[str] = set()

    def of(self, passages: Iterable[Passage]) -> tuple[Numbered, ...]:
        found = []
        for passage in passages:
            self.used.add(passage.id)
            for evidence in passage.evidence:
                key = (passage.id, evidence.source)
                if key not in self._given:
                    self._last += 1
                    self._given[key] = self._last
                found.append(Numbered(self._given[key], passage, evidence))
        return tuple(found)

    def each(self, lines: Iterable[tuple[Passage, Evidence]]) -> tuple[Numbered, ...]:
        """A number for each line of its own: a status belongs to one."""
        return tuple(Numbered(self._last + i, passage, evidence) for i, (passage, evidence) in enumerate(lines, start=1))


def choose(
    found: Sequence[tuple[Part, Sequence[Hit]]], bottom_lines: Callable[[str], Sequence[Passage]], first: Passage | None = None, first_heading: str = "", *, brief: bool = False,
    define: Callable[[str], Sequence[Definition]] = lambda _: (), comparison: Comparison | None = None,
    twins: Callable[[Passage], Sequence[Passage]] | None = None,
) -> Sources:  # fmt: skip
    """Number the evidence for each part. `first`: a passage that corrects a false belief and goes before all.

    bottom_lines: an article's bottom-line passages. define: the glossary's word on
    what a text names. comparison: what the (only) part sets side by side. twins: what says the same as a passage in the reader's
    language, where that is not the passage's own.
    """
    numbers = _Numbers()
    parts: list[SourcePart] = []
    if first is not None:
        parts.append(SourcePart(Part(first_heading, first_heading), numbers.of([first])))
    alone = len(found) == 1
    for part, hits in found:
        # One correction is enough: other beliefs about the same thing would say it again.
        fresh = [h for h in hits if h.passage.id not in numbers.used and not (first is not None and h.passage.kind == "heard")]
        if comparison is not None and alone:
            told = [h.passage for h in fresh if h.passage.kind == "section" and COMPARES.search(h.passage.section)]
            # What tells two other things apart is no answer.
            direct = next((p for p in told if _tells_of(p, comparison.left) and _tells_of(p, comparison.right)), None)
            said = in_one_language([direct], twins) if direct and twins is not None else [direct] if direct else []
            parts.append(SourcePart(part, numbers.of(said), _table(comparison, numbers)))
            if direct or len(comparison.rows) > 1:
                continue
            # What tells of one side alone would make a comparison lopsided.
            both = [comparison.left, comparison.right]
            part, fresh = Part(part.text, ""), [h for h in fresh if h.passage.id not in numbers.used and _names_all(h.passage, both)]
            if not fresh:
                continue
        if parts and not alone and (top := hits[0].passage if hits else None) is not None and top.id in numbers.used and not _worth(hits, fresh):
            # One section answers both halves: it says so in its heading, and nothing that only lies near follows.
            parts[-1] = replace(parts[-1], part=_both_asked(parts[-1].part, part))
            continue
        translated = twins is not None and bool(fresh) and bool(twins(fresh[0].passage))
        picked = pick(part, fresh, define(part.text) if fresh else (), alone=alone, brief=brief, explain=not translated)
        if twins is not None:
            picked = [p for p in in_one_language(picked, twins) if p.id not in numbers.used]
        if not alone and picked and picked[0].language == "en" and answers_another(picked[0], part.text):
            part = Part(part.text, picked[0].section)
        # After a correction the sections' own headings follow: the question's would say the false belief once more.
        parts.append(SourcePart(Part(part.text, "") if alone and first is not None else part, numbers.of(picked)))
    sources = Sources(tuple(parts))
    articles = list(dict.fromkeys(x.passage.doc_id for x in sources.numbered()))
    lines = [(p, e) for doc_id in main_articles(sources, first) for p in bottom_lines(doc_id) for e in p.evidence]
    asked, answered = (
        " ".join(texts) for texts in ((part.text for part, _ in found), (f"{x.passage.section} {x.evidence.text}" for part in parts for x in part.sources))
    )
    kept = relevant_lines(asked, answered, lines, BRIEF_BOTTOM_LINES if brief else BOTTOM_LINES)
    return Sources(tuple(parts), numbers.each(kept), tuple(articles), brief)


def _names_all(passage: Passage, names: Sequence[str]) -> bool:
    text = f"{passage.section} {passage.text}".lower()
    return all(name.lower() in text for name in names)


def _tells_of(passage: Passage, side: str) -> bool:
    """Whether a passage speaks of a side by the words of its name that are its own: “radiation” of “radiation therapy”."""
    words = stems(side)
    return not (words - GENERIC or words).isdisjoint(stems(f"{passage.section} {passage.text}"))


def _worth(hits: Sequence[Hit], fresh: Sequence[Hit]) -> bool:
    """Whether what is left after the used sections still answers about as well as the best of all."""
    left = next((h for h in fresh if h.passage.kind == "section"), None)
    return left is not None and left.score >= STILL * hits[0].score


def _both_asked(one: Part, other: Part) -> Part:
    first, second = one.heading.rstrip("?"), other.heading
    return Part(f"{one.text} {other.text}", f"{first}, and {second[:1].lower()}{second[1:]}" if first and second else one.heading or second)


def in_one_language(picked: Sequence[Passage], twins: Callable[[Passage], Sequence[Passage]]) -> list[Passage]:
    """The passages of a part in the reader's language, where the one that answers it best has a twin; else as they are: no text in two languages."""
    if not picked or not twins(picked[0]):
        return list(picked)
    return list({twin.id: twin for passage in picked for twin in twins(passage)}.values())


def main_articles(sources: Sources, first: Passage | None) -> list[str]:
    """The article that answers each part, then that of a correction: whose bottom lines may stand under the answer."""
    mains = [x.passage.doc_id for part in sources.parts for x in part.sources[:1] if first is None or x.passage.id != first.id]
    tables = [x[0].passage.doc_id for part in sources.parts if part.table for row in part.table.rows[:1] for x in (row.left, row.right)]
    return list(dict.fromkeys([*mains, *tables, *([first.doc_id] if first else [])]))


def _table(comparison: Comparison, numbers: _Numbers) -> Table:
    rows = tuple(TableRow(row.label, numbers.of([row.left]), numbers.of([row.right])) for row in comparison.rows)
    return Table(comparison.left, comparison.right, rows)
