"""Chooses what an answer may rest on and numbers it: for each part of the question, evidence that each has one source.

The same numbered sources go to every chat model as text (`as_prompt`), to the gate as what citations must support
(`passages`), and to the Answer as citations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from knowledge.passages import Evidence, Passage, SourceRef
from knowledge.question import Part, aspects, content_words
from knowledge.search import Hit, stem

# Words of evidence offered for a question of one part, and for each part of a compound one.
WORDS_ALONE, WORDS_EACH = 330, 300
PASSAGES_ALONE, PASSAGES_EACH = 3, 2
# A passage this far below the best one is about something else; where the best one meets the question squarely, sooner.
NEAR_BEST, NEAR_SQUARE = 0.86, 0.93
SQUARE = 0.75
NEAR_MYTH = 0.70
BOTTOM_LINES = 5
# The short and plain level: the best passage of each part and as many bottom lines.
BRIEF_PASSAGES, BRIEF_BOTTOM_LINES = 1, 3
_ORDER = {"standard": 0, "promising": 1, "not_recommended": 2}
_BROAD = re.compile(r"^(?:what(?:'s| is| are|s)|tell me about|explain|overview|about|learn about|qu[eé] (?:es|son))\b|^\W*[\w\s+-]{2,40}$", re.IGNORECASE)


@dataclass(frozen=True)
class Numbered:
    """A piece of evidence with its citation number; pieces of one passage that rest on one source share it."""

    n: int
    passage: Passage
    evidence: Evidence


@dataclass(frozen=True)
class SourcePart:
    """A part of the question with its sources; none when the library does not carry it."""

    part: Part
    sources: tuple[Numbered, ...]


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
            lines.append(f"<part heading={quoteattr(part.part.heading)}>")
            lines += [_tag(x) for x in part.sources] or ["<nothing-found/>"]
            lines.append("</part>")
        if self.bottom_line:
            lines += ["<bottom-line>", *(_tag(x) for x in self.bottom_line), "</bottom-line>"]
        return "\n".join(lines)


def _status_words(evidence: Evidence) -> str:
    return {"standard": "Standard: ", "promising": "Promising: ", "not_recommended": "Not recommended: "}[evidence.status] if evidence.status else ""


def _tag(x: Numbered) -> str:
    status = f" status={quoteattr(x.evidence.status)}" if x.evidence.status else ""
    origin = f"{x.evidence.source.organization}, {x.evidence.source.year}" if x.evidence.source.year else x.evidence.source.organization
    head = f'<source n="{x.n}" article={quoteattr(x.passage.title)} section={quoteattr(x.passage.section)} from={quoteattr(origin)}{status}>'
    return f"{head}\n{escape(x.evidence.text)}\n</source>"


def choose(
    found: Sequence[tuple[Part, Sequence[Hit]]], bottom_lines: Sequence[Passage], first: Passage | None = None, first_heading: str = "", *, brief: bool = False
) -> Sources:
    """Number the evidence for each part. `first`: a passage that corrects a false belief and goes before all.

    bottom_lines: the bottom-line passages of the articles the hits come from, the main one first.
    """
    number = 0
    used: set[str] = set()
    parts: list[SourcePart] = []

    def numbered(passages: Iterable[Passage]) -> tuple[Numbered, ...]:
        nonlocal number
        result = []
        for passage in passages:
            used.add(passage.id)
            own: dict[SourceRef, int] = {}
            for evidence in passage.evidence:
                if evidence.source not in own:
                    number += 1
                    own[evidence.source] = number
                result.append(Numbered(own[evidence.source], passage, evidence))
        return tuple(result)

    if first is not None:
        parts.append(SourcePart(Part(first_heading, first_heading), numbered([first])))
    alone = len(found) == 1
    for part, hits in found:
        # One correction is enough: other beliefs about the same thing would say it again.
        fresh = [h for h in hits if h.passage.id not in used and not (first is not None and h.passage.kind == "heard")]
        most = BRIEF_PASSAGES if brief else PASSAGES_ALONE if alone else PASSAGES_EACH
        picked = _pick(part, fresh, most, WORDS_ALONE if alone else WORDS_EACH)
        # After a correction the sections' own headings follow: the question's would say the false belief once more.
        parts.append(SourcePart(Part(part.text, "") if alone and first is not None else part, numbered(picked)))
    lines = [(p, e) for p in bottom_lines for e in p.evidence]
    kept = _relevant_lines(found, lines, BRIEF_BOTTOM_LINES if brief else BOTTOM_LINES)
    bottom = tuple(Numbered(number + i, p, e) for i, (p, e) in enumerate(kept, start=1))
    articles = dict.fromkeys(x.passage.doc_id for part in parts for x in part.sources)
    return Sources(tuple(parts), bottom, tuple(articles), brief)


def _pick(part: Part, hits: Sequence[Hit], most: int, words: int) -> list[Passage]:
    """The best passage, then others near it; for a broad question the main article's own sections, in its order."""
    usable = [h for h in hits if h.passage.kind not in ("bottom_line", "call")]
    if not usable:
        return []
    best = usable[0]
    # A myth stands in an answer when the question is about it, not because its words are near.
    usable = [h for h in usable if h is best or h.passage.kind != "heard" or h.dense >= NEAR_MYTH]
    nearness = NEAR_SQUARE if best.dense >= SQUARE else NEAR_BEST
    near = [h for h in usable if h.score >= nearness * best.score]
    broad = bool(_BROAD.search(part.text)) and not aspects(part.text) - {"definition"}
    if broad:
        own = [h for h in usable if h.passage.doc_id == best.passage.doc_id and h.passage.kind != "heard"]
        near = [best, *sorted((h for h in own if h is not best), key=lambda h: _position(h.passage))]
    picked: list[Passage] = []
    total = 0
    for hit in near:
        count = len(hit.passage.text.split())
        if picked and (len(picked) >= most or total + count > words):
            continue
        if any(_same(hit.passage, p) for p in picked):
            continue
        picked.append(hit.passage)
        total += count
    return picked


def _position(passage: Passage) -> int:
    return int(passage.id.rsplit("#", 1)[1])


def _same(a: Passage, b: Passage) -> bool:
    one, other = set(a.text.lower().split()), set(b.text.lower().split())
    return len(one & other) > 0.7 * min(len(one), len(other))


def _relevant_lines(found: Sequence[tuple[Part, Sequence[Hit]]], lines: Sequence[tuple[Passage, Evidence]], most: int) -> list[tuple[Passage, Evidence]]:
    """Bottom lines that share most words with the question, at most `most`; standard before promising before not recommended."""
    asked = {stem(w) for part, _ in found for w in content_words(part.text)}
    scored = sorted((-len(asked & {stem(w) for w in content_words(e.text)}), i) for i, (_, e) in enumerate(lines))
    related = [i for score, i in scored if score] or [i for _, i in scored]
    keep = sorted(sorted(related[:most]), key=lambda i: _ORDER[lines[i][1].status or "standard"])
    return [lines[i] for i in keep]
