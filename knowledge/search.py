"""Hybrid retrieval: dense and lexical together, then what the question asks of its topic. The cancer type boosts, never filters.

A candidate found by either side is scored on all of: cosine to the question, BM25 within its list, the share of the question's
telling words that it holds, how well its title and aliases are named, whether its heading answers the aspect asked for. The
weights were fitted on our own questions (evals/sets/library) and checked on others' (evals/bench/retrieval.py). Passages in
Spanish are found by their words alone: the encoder knows English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from heapq import nlargest

import numpy as np

from knowledge.answerable import Judge
from knowledge.asks import Asked, Section
from knowledge.definitions import says_what
from knowledge.ingest import Encodes
from knowledge.passages import Passage, asks_of, heading
from knowledge.query import Names, Query, Reader
from knowledge.question import aspects, is_spanish, only_explains
from knowledge.store import DenseIndex, Row, Store, Vectors, quoted
from knowledge.words import stem, stems

__all__ = ["DOCUMENTS", "LIBRARY", "Found", "Hit", "Names", "Searcher", "stem"]

LIBRARY, DOCUMENTS = "library", "documents"
# Candidates taken from each side before scoring.
CANDIDATES = 40
# BM25 weights of title, aliases, section, text.
WORD_WEIGHTS = (4.0, 3.0, 2.0, 1.0)
# Entries of the word index that a search may read: rare words first, so that a large store costs no more than a small one.
POSTINGS = 4_000
# A candidate that only its vector found has no BM25; what it holds of the question stands in, at this rate.
UNLISTED = 0.6
DENSE, LEXICAL, COVERAGE, CANCER, ORGAN = 1.0, 0.32, 0.41, 0.19, 0.10
# How people ask for an article, and for a section (knowledge.asks): what each point of likeness above the usual counts for, and the usual.
ASKED, USUAL_LIKENESS = 0.6, 0.40
SECTION_ASKED, USUAL_SECTION = 0.6, 0.65
# Sections that are candidates by what is asked for them alone, however little their own words hold of the question.
ASKED_FOR = 4
# A Spanish question is asked in its own words, of which a share of LEAST or more tells: that share times OWN_WORDS, from OWN on, is the likeness; that of the
# English words it stands for, some of which are lost, counts less.
LEAST_SHARE, OWN, OWN_WORDS, IN_ENGLISH = 0.25, 0.3, 2.0, 0.85
# A thing in a list is less surely what a section is about than its whole heading.
LISTED_LESS = 0.05
# What the section that says what a thing is counts for where nothing else is asked.
DEFINES = 0.40
# Two passages of one article come first; the next place is another article's whose best passage scores this share of the first (what an answer
# may still be made of: NEAR_SCORE of bot.choice), so that a question that two articles answer meets both.
SECOND_ARTICLE = 0.78


@dataclass(frozen=True)
class Weights:
    """What titles and headings count for. off: a heading that only asks something else than the question does."""

    title: float
    aspect: float
    off: float


# An article's headings are questions, and its aliases the words of many other articles; a document's title and headings are all that sorts it.
ARTICLE, DOCUMENT = Weights(0.10, 0.10, 0.0), Weights(0.45, 0.50, 0.20)
# Myths and calls answer their own question and no other.
KINDS = {"heard": -0.10, "call": -0.15}


@dataclass(frozen=True)
class Hit:
    """A passage with its score; `dense` is the cosine (−1 to 1), `lexical` BM25 scaled to 0–1 within the result, `coverage` 0–1.

    headed: cosine of question and heading, for the library's English sections; 0 for all else.
    asked: likeness of the question and the nearest of what is asked for its section (knowledge.asks), 0 where nothing is.
    """

    passage: Passage
    score: float
    dense: float
    lexical: float
    coverage: float = 0.0
    stems: str = field(default="", repr=False)
    headed: float = 0.0
    asked: float = 0.0

    def better(self, other: Hit | None) -> Hit:
        """The same passage as both searches know it best."""
        if other is None:
            return self
        return replace(
            self, score=max(self.score, other.score), dense=max(self.dense, other.dense), coverage=max(self.coverage, other.coverage),
            headed=max(self.headed, other.headed), asked=max(self.asked, other.asked),
        )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Hits, best first. `no_answer`: nothing found is good enough to answer from; why says which rule decided, unknown the names that stand nowhere."""

    hits: tuple[Hit, ...]
    no_answer: bool
    why: str = ""
    unknown: tuple[str, ...] = ()


class Searcher:
    """Searches collections of a store. Safe across threads."""

    def __init__(self, store: Store, encoder: Encodes, names: Names | None = None, asks: Asked | None = None) -> None:
        self._store, self._encoder, self._asks = store, encoder, asks
        self._reader = Reader(names, store, asks.stems if asks else ())
        self._judge = Judge(names)
        self._known: dict[str, Vectors] = {}
        self._beside = ThreadPoolExecutor(thread_name_prefix="search")

    def search(
        self, question: str, *, collections: Sequence[str] | None = None, k: int = 8, vector: Vectors | None = None, spanish: bool | None = None,
        own: str = "",
    ) -> Found:  # fmt: skip
        """The `k` best passages for a question, all of one generation. `vector`: its (384,) unit vector when it is already computed.

        A Spanish question gets Spanish passages where they answer it, else the English ones that its names and aspects stand for.
        spanish: whether it is one, for who knows it; otherwise its words tell. own: the Spanish words of a question that is given in English.
        """
        return self._store.settled(lambda: self._search(question, collections, k, vector, is_spanish(question) if spanish is None else spanish, own))

    def _search(self, question: str, collections: Sequence[str] | None, k: int, vector: Vectors | None, spanish: bool, own: str) -> Found:
        places = list(collections) if collections is not None else [c for c in (LIBRARY, DOCUMENTS) if self._store.count(c)]
        if spanish:
            query = self._reader.read(question, spanish=True)
            hits = self._score(query, None, self._lexical(query, places))
            if query.strange:
                return Found(tuple(hits[:k]), True, "names that stand nowhere", query.strange)
            if hits and self._judge.spanish(query, hits):
                return Found(tuple(hits[:k]), False)
        query = self._reader.read(question)
        # Encoder and Chroma on one core, the word index on another. Rows are read by this thread alone, out of one generation.
        indexes = [self._store.dense_index(place) for place in places]
        dense = self._beside.submit(self._dense, query.text, vector if query.text == question else None, indexes)
        lexical = self._lexical(query, places)
        vector, near = dense.result()
        sections = self._sections(query.text, vector, question if spanish else own) if LIBRARY in places else {}
        asked_for = {row.rowid: (row, 0.0) for row in self._asked_for(sections)}
        candidates = asked_for | {row.rowid: (row, 0.0) for row in self._store.by_vector_ids(near).values()} | lexical
        if not candidates:
            return Found((), True, "nothing found", query.strange)
        articles = self._asks.articles.likeness(query.text, vector) if self._asks else {}
        hits = _spread(self._score(query, vector, candidates, articles, sections))
        why = self._judge.english(query, hits)
        return Found(self._headed(hits[:k], vector), bool(why), why, query.strange or (query.doubtful if why else ()))

    def _sections(self, text: str, vector: Vectors, own: str) -> dict[Section, float]:
        """Section → likeness of what is asked for it and the question, by its English words and by its own where it is Spanish."""
        if self._asks is None:
            return {}
        found = self._asks.sections.likeness(text, vector)
        if not own:
            return found
        found = {section: IN_ENGLISH * likeness for section, likeness in found.items()}
        for section, share in self._asks.spanish.likeness(own, None).items():
            if share >= LEAST_SHARE:
                found[section] = max(found.get(section, 0.0), OWN + OWN_WORDS * share)
        return found

    def _asked_for(self, sections: Mapping[Section, float]) -> list[Row]:
        """Passages of the sections that are most asked for by what the question says."""
        best = [section for section in nlargest(ASKED_FOR, sections, key=sections.__getitem__) if sections[section] > USUAL_SECTION]
        return [row for article, section in best for row in self._store.by_document(LIBRARY, article) if row.passage.section == section]

    def _headed(self, hits: Sequence[Hit], vector: Vectors) -> tuple[Hit, ...]:
        """Hits with the likeness of their headings: the library's are questions, and a long section drowns the one that it answers."""
        ours = [h.passage.kind in ("section", "heard") and h.passage.collection == LIBRARY and h.passage.language == "en" for h in hits]
        if not any(ours):
            return tuple(hits)
        return tuple(replace(h, headed=self._likeness(heading(h.passage), vector)) if own else h for h, own in zip(hits, ours, strict=True))

    def _likeness(self, heading: str, vector: Vectors) -> float:
        """Cosine to a heading or, a little less sure, to the nearest thing that it lists."""
        alike = self._headings(asks_of(heading)) @ vector
        return round(float(max(alike[0], *(alike[1:] - LISTED_LESS)) if len(alike) > 1 else alike[0]), 4)

    def _headings(self, texts: tuple[str, ...]) -> Vectors:
        """(len(texts), 384); each heading is encoded once, and those of the built-in library come with it."""
        if missing := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known |= dict(zip(missing, self._encoder.encode(missing), strict=True))
        return np.stack([self._known[text] for text in texts])

    def _dense(self, text: str, vector: Vectors | None, indexes: Sequence[DenseIndex]) -> tuple[Vectors, list[str]]:
        """(the text's vector, ids of the vectors nearest to it)."""
        if vector is None:
            vector = self._encoder.encode([text])[0]
        return vector, [found for nearest in indexes for found in nearest(vector, CANDIDATES)]

    def _lexical(self, query: Query, places: Sequence[str]) -> dict[int, tuple[Row, float]]:
        """Row id → (row, BM25) by the word index."""
        counts, _ = self._store.frequencies(query.words)
        words: list[str] = []
        budget = POSTINGS
        for word in query.words:
            if counts[word] > budget:
                break
            budget -= counts[word]
            words.append(word)
        match = " OR ".join(filter(None, map(quoted, words)))
        if not match:
            return {}
        found = (pair for place in places for pair in self._store.match_words(match, place, CANDIDATES, WORD_WEIGHTS, query.language))
        return {row.rowid: (row, score) for row, score in found}

    def _score(
        self, query: Query, vector: Vectors | None, candidates: dict[int, tuple[Row, float]], articles: Mapping[str, float] | None = None,
        sections: Mapping[Section, float] | None = None,
    ) -> list[Hit]:  # fmt: skip
        rows = list(candidates.values())
        if not rows:
            return []
        cosines = np.stack([row.vector for row, _ in rows]) @ vector if vector is not None else np.zeros(len(rows), np.float32)
        top = max(score for _, score in rows) or 1.0
        # Passages of one document share its title and aliases.
        named: dict[tuple[str, tuple[str, ...]], float] = {}
        wanted = query.aspects - {"definition"}
        hits = []
        for (row, lexical), cosine in zip(rows, cosines.tolist(), strict=True):
            passage = row.passage
            weights = DOCUMENT if passage.kind == "document" else ARTICLE
            coverage = query.coverage(row.stems)
            called = (passage.title, passage.aliases)
            if called not in named:
                named[called] = _named(query.stems, *called)
            score = DENSE * cosine + LEXICAL * (lexical / top if lexical else UNLISTED * coverage) + COVERAGE * coverage + weights.title * named[called]
            score += _aspect_score(query.aspects, passage, weights) + KINDS.get(passage.kind, 0.0)
            if not query.cancers.isdisjoint(passage.cancers):
                score += CANCER
            elif not query.organs.isdisjoint(passage.cancers):
                score += ORGAN
            if query.defines and passage.kind == "section" and says_what(passage.section, query.defines):
                score += DEFINES
            if articles and passage.collection == LIBRARY:
                score += ASKED * max(0.0, articles.get(passage.doc_id, 0.0) - USUAL_LIKENESS)
            asked = sections.get((passage.doc_id, passage.section), 0.0) if sections and passage.collection == LIBRARY else 0.0
            if wanted and only_explains(passage.section):
                asked = 0.0  # what a thing is was not asked by who asks something else of it, however alike the words
            score += SECTION_ASKED * max(0.0, asked - USUAL_SECTION)
            hits.append(Hit(passage, round(score, 4), round(cosine, 4), round(lexical / top, 4), round(coverage, 4), row.stems, asked=round(asked, 4)))
        return sorted(hits, key=lambda h: (-h.score, h.passage.id))


def _spread(hits: list[Hit]) -> list[Hit]:
    """Hits, best first, with another article's best in the third place where the first two are of one article and it is nearly as good."""
    if len(hits) < 3 or not hits[0].passage.doc_id == hits[1].passage.doc_id == hits[2].passage.doc_id or hits[0].passage.kind == "document":
        return hits
    other = next((h for h in hits[3:] if h.passage.doc_id != hits[0].passage.doc_id and h.score >= SECOND_ARTICLE * hits[0].score), None)
    return hits if other is None else [*hits[:2], other, *(h for h in hits[2:] if h is not other)]


def _named(asked: frozenset[str], title: str, aliases: tuple[str, ...]) -> float:
    """How much of the title, or of the best alias, the question names (0–1)."""
    best = 0.0
    for names in _names(title, aliases):
        if not names.isdisjoint(asked):
            best = max(best, len(names & asked) / len(names))
    return best


@lru_cache(maxsize=4096)
def _names(title: str, aliases: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return tuple(stems(name) for name in (title, *aliases))


def _aspect_score(wanted: frozenset[str], passage: Passage, weights: Weights) -> float:
    offered = aspects(passage.section)
    if not wanted or not offered:
        return 0.0
    return weights.aspect if wanted & offered else -weights.off
