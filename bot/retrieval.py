"""From a screened turn to numbered sources: the question made whole and split, each part searched, evidence chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.choice import gives_verdict, is_closed
from bot.comparison import Comparison, compare, compared
from bot.followup import made_whole
from bot.presentable import presentable_hits, with_reviewer
from bot.sources import Sources, choose
from knowledge.answerable import is_asked
from knowledge.definitions import Definition, at_large, definitions
from knowledge.passages import Passage
from knowledge.question import Part, asking_clause, aspects, in_english, split_parts, without_masks
from knowledge.search import LIBRARY, Found, Hit, Searcher
from knowledge.store import Store
from knowledge.translations import Twins

if TYPE_CHECKING:
    from policies.verdict import Screening

HITS = 12
# What the score of a Spanish passage, found by the question's own words, adds to that of the English passage that it translates.
OWN_WORDS = 0.2
# Cosine of the best passage below which the English words alone, some of which may have been lost, are no ground for an answer.
MEANT = 0.45
# Cosine of heading and question asked of cancer at large at which the section answers, and how much better it must be met than any of the cancer's own.
AT_LARGE, CLEARER = 0.60, 0.08
# Words from which a message is a story, whose telling drowns what it asks.
LONG = 25
_OF_CAUSE = re.compile(r"\bcaus(?:e|es|ed|ing)\b|\bcontagi|\binfectious\b|\bcatch|\bcaught\b|\binherit|\bhereditary\b|\bprevent", re.IGNORECASE)
_CATCHING = re.compile(r"\bcontagi|\binfectious\b|\bcatch(?:y|ing|able)?\b", re.IGNORECASE)
PREMISE_HEADINGS = {"en": "First, about something in your question", "es": "Primero, sobre algo en su pregunta"}


@dataclass(frozen=True)
class Retrieved:
    """What was found. `no_answer`: no part of the question has an answer in the library; `why` for the log; unknown: names in it that stand nowhere."""

    question: str
    sources: Sources
    hits: tuple[Hit, ...]
    no_answer: bool
    why: str = ""
    unknown: tuple[str, ...] = ()


class Retriever:
    """Finds sources for turns in the library and the operator's documents, or in the collections named."""

    def __init__(
        self, store: Store, searcher: Searcher, names_in: Callable[[str], list[str]], collections: tuple[str, ...] | None = None,
        reviewer_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:  # fmt: skip
        self.searcher = searcher
        self._reviewer_of = reviewer_of
        self._store, self._names_in, self._collections = store, names_in, collections
        self._twins = Twins(store, LIBRARY)

    def find(self, screening: Screening, *, brief: bool = False) -> Retrieved:
        """Search each part of the question. A false belief that was found in it brings its correction along. `brief`: the best passage of each part alone."""
        return self._store.settled(lambda: self._find(screening, brief))

    def _find(self, screening: Screening, brief: bool) -> Retrieved:
        question = made_whole([without_masks(text) for text in (*screening.texts[:-1], screening.question)])
        spanish = screening.language == "es"
        comparison = self._comparison(question, screening.language)
        # A comparison is one question, whatever commas and “or” stand in it.
        whole = comparison is not None or screening.action != "answer"
        parts = [Part(question, _comparing(comparison, question, screening.language) if comparison else "")] if whole else split_parts(question, self._names_in)
        results = [(part, self._search(part.text, spanish)) for part in parts]
        correction = self._correction(screening)
        if spanish and correction is not None:
            correction = next(iter(self._twin(correction)), None)  # in English it would greet a Spanish reader with words they cannot read
        found = [(part, () if r.no_answer else presentable_hits(r.hits, self._reviewer_of)) for part, r in results]
        sources = choose(
            found, self._bottom_line, first=correction, first_heading=PREMISE_HEADINGS.get(screening.language, PREMISE_HEADINGS["en"]), brief=brief,
            define=definitions, comparison=comparison, twins=self._twin if spanish else None,
        )  # fmt: skip
        hits = tuple(h for _, hits in found for h in hits)
        nothing = not hits and correction is None
        if spanish:
            hits = tuple(replace(h, passage=twin) for h in hits for twin in self._twins.of(h.passage))
        unknown = tuple(dict.fromkeys(name for _, r in results for name in r.unknown))
        return Retrieved(question, sources, hits, nothing, "; ".join(r.why for _, r in results if r.no_answer), unknown)

    def _search(self, text: str, spanish: bool) -> Found:
        """What answers a part. A Spanish one is asked twice: in the English words that it stands for, which encoder and library read best, and in its own.

        English passages whose twins hold the question's own words rise. Where the English words find nothing, its own have the say.
        """
        found = self.searcher.search(text, collections=self._collections, k=HITS, spanish=spanish)
        if not spanish or found.unknown:
            return found if spanish or found.unknown else self._at_large(text, self._told(text, found))
        english = self.searcher.search(in_english(text, self._names_in(text), spanish=True), collections=self._collections, k=HITS, spanish=False, own=text)
        if english.no_answer or (found.no_answer and max(h.dense for h in english.hits) < MEANT and not is_asked(english.hits)):
            return found
        own = {h.passage.id: h.score for h in found.hits if h.passage.language == "es"}
        held = [max((own.get(twin.id, 0.0) for twin in self._twins.of(h.passage)), default=0.0) for h in english.hits]
        both = (replace(h, score=round(h.score + OWN_WORDS * score, 4)) for h, score in zip(english.hits, held, strict=True))
        return Found(tuple(sorted(both, key=lambda h: (-h.score, h.passage.id))), False)

    def _told(self, text: str, found: Found) -> Found:
        """What was found for a story, together with what is found for the clause of it that asks: in a long one the telling drowns the question."""
        clause = asking_clause(text)
        if not clause or not (found.no_answer or len(text.split()) >= LONG):
            return found
        unsaid = [name for name in self._names_in(text) if name.lower() not in clause.lower()][:3]
        asked = self.searcher.search(f"{clause} ({', '.join(unsaid)})" if unsaid else clause, collections=self._collections, k=HITS, spanish=False)
        if asked.no_answer or found.no_answer:
            return found if asked.no_answer else asked
        best: dict[str, Hit] = {}
        for hit in (*found.hits, *asked.hits):
            best[hit.passage.id] = hit.better(best.get(hit.passage.id))
        return Found(tuple(sorted(best.values(), key=lambda h: (-h.score, h.passage.id))), False)

    def _at_large(self, text: str, found: Found) -> Found:
        """What was found, behind what is so of any cancer where a yes-or-no question on what causes one cancer meets that better.

        "Is lymphoma contagious?" is answered by the section on whether any cancer is, which does not name this one.
        """
        general = at_large(text) if is_closed(text) and _OF_CAUSE.search(text) and not aspects(text) - {"risk"} else ""
        if not general:
            return found
        wide = self.searcher.search(general, collections=self._collections, k=HITS, spanish=False)
        own = max((h.headed for h in found.hits), default=0.0) + CLEARER
        # Whether it is catching no cancer's own sections say.
        enough = AT_LARGE if _CATCHING.search(text) else max(AT_LARGE, own)
        met = next(
            (h for h in wide.hits[:3] if h.passage.kind == "section" and not h.passage.cancers and h.headed >= enough and gives_verdict(h.passage)), None
        )
        if met is None:
            return found
        first = replace(met, score=max(met.score, found.hits[0].score), headed=max(met.headed, own))
        return Found((first, *(h for h in found.hits if h.passage.id != met.passage.id)), False)

    def _comparison(self, question: str, language: str) -> Comparison | None:
        sides = compared(question, definitions)
        if sides is None:
            return None
        if language == "es" and not (sides[0].family and sides[1].family):
            spanish = self._comparison_in_spanish(question, sides)
            if spanish or self._answered_in_spanish(question):
                return spanish
        return compare(question, sides, self._sections, language)

    def _comparison_in_spanish(self, question: str, sides: tuple[Definition, Definition]) -> Comparison | None:
        """A comparison of two things that both have an article in Spanish, of the rows that those can fill; of one that has, none."""
        if not all(self._twins.document(side.article) for side in sides):
            return None
        found = compare(question, sides, lambda doc_id: self._sections(f"es/{doc_id}"), "es")
        rows = tuple(row for row in found.rows if row.left.language == row.right.language == "es") if found else ()
        left, right = (side.term.es[0].upper() + side.term.es[1:] for side in sides)
        return Comparison(left, right, rows) if rows else None

    def _answered_in_spanish(self, question: str) -> bool:
        """Whether what answers a question best stands in Spanish: then a table in English would be the worse answer."""
        found = self.searcher.search(question, collections=self._collections, k=1, spanish=True)
        return not found.no_answer and bool(self._twins.of(found.hits[0].passage))

    def _sections(self, doc_id: str) -> list[Passage]:
        return [row.passage for row in self._store.by_document(LIBRARY, doc_id)]

    def _twin(self, passage: Passage) -> list[Passage]:
        """What says the same in Spanish, with the reviewer of the translation."""
        return [with_reviewer(twin, self._reviewer_of) for twin in self._twins.of(passage)]

    def _bottom_line(self, doc_id: str) -> list[Passage]:
        return [with_reviewer(row.passage, self._reviewer_of) for row in self._store.by_document(LIBRARY, doc_id) if row.passage.kind == "bottom_line"]

    def _correction(self, screening: Screening) -> Passage | None:
        if screening.myth is None:
            return None
        rows = self._store.by_document(LIBRARY, screening.myth.article)
        return next((with_reviewer(row.passage, self._reviewer_of) for row in rows if row.passage.id == screening.myth.id), None)


def _comparing(comparison: Comparison, question: str, language: str) -> str:
    """The heading of a comparison, as a question; the second name as the person wrote its first letter."""
    left, right = comparison.left, comparison.right
    if right[:1].lower() + right[1:] in question:
        right = right[:1].lower() + right[1:]
    return f"{left} y {right}: ¿en qué se diferencian?" if language == "es" else f"{left} and {right}: how do they differ?"
