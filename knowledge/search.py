"""Hybrid retrieval: dense and lexical together, then what the question asks of its topic. The cancer type boosts, never filters.

A candidate found by either side is scored on all of: cosine to the question, BM25 within its list, how well the
document's title and aliases are named by the question, whether its heading answers the aspect asked for. Each part's
weight was set on our own questions (evals/bench/retrieval.py) and is named below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from knowledge.ingest import Encodes
from knowledge.passages import Passage
from knowledge.question import GENERIC, aspects, content_words, in_english
from knowledge.store import Row, Store, Vectors

LIBRARY, DOCUMENTS = "library", "documents"
# Candidates taken from each side before scoring.
CANDIDATES = 40
# BM25 weights of title, aliases, section, text.
WORD_WEIGHTS = (4.0, 3.0, 2.0, 1.0)
DENSE, LEXICAL, TITLE, ASPECT, CANCER = 1.0, 0.25, 0.18, 0.12, 0.08
# A heading that only asks something else than the question does.
OFF_ASPECT = 0.05
# Best cosine plus COVERED × share of the named things that the hits hold: below ENOUGH there is no answer. Set on the library's own
# questions, each with and without its article: 2 % of those with it are turned away wrongly.
COVERED, ENOUGH = 0.40, 0.58
# From these cosines on, a strange word or a cancer filed elsewhere changes nothing: the question is met.
MET, MET_SQUARELY = 0.60, 0.72
# Shorter unknown words are slips and names.
STRANGE_LENGTH = 4
# Likeness (0–100) at which two long words are one in two spellings.
SPELLING = 85


class Named(Protocol):
    """A thing with a name: `term` is the one that the library uses."""

    @property
    def term(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...


class Names(Protocol):
    """Names known to the catalogue: what a text names, misspellings and brand names included."""

    def resolve(self, text: str) -> Sequence[Named]: ...

    def cancers_in(self, text: str) -> list[str]: ...

    def cancer_family(self, word: str) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Hit:
    """A passage with its score; `dense` is the cosine (−1 to 1), `lexical` BM25 scaled to 0–1 within the result."""

    passage: Passage
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True)
class Found:
    """Hits, best first. `no_answer`: nothing found is good enough to answer from; why says which rule decided."""

    hits: tuple[Hit, ...]
    no_answer: bool
    why: str = ""


class Searcher:
    """Searches collections of a store. Safe across threads."""

    def __init__(self, store: Store, encoder: Encodes, names: Names | None = None) -> None:
        self._store, self._encoder, self._names = store, encoder, names

    def search(self, question: str, *, collections: Sequence[str] | None = None, k: int = 8, vector: Vectors | None = None) -> Found:
        """The `k` best passages for a question, all of one generation. `vector`: its (384,) unit vector when it is already computed."""
        return self._store.settled(lambda: self._search(question, collections, k, vector))

    def _search(self, question: str, collections: Sequence[str] | None, k: int, vector: Vectors | None) -> Found:
        places = list(collections) if collections is not None else [c for c in (LIBRARY, DOCUMENTS) if self._store.count(c)]
        others = self._library_names(question)
        translated = in_english(question, others)
        if translated != question:
            question, others, vector = translated, [], None
        if vector is None or others:
            # The library's name helps the vector too: a brand name or a slip means little to the encoder.
            vector = self._encoder.encode([f"{question} ({', '.join(others[:4])})" if others else question])[0]
        words = content_words(" ".join([question, *others]))
        query = _match_query(words)
        candidates: dict[int, tuple[Row, float]] = {}
        for collection in places:
            for row, _ in self._store.nearest(vector, collection, CANDIDATES):
                candidates.setdefault(row.rowid, (row, 0.0))
            for row, score in self._store.match_words(query, collection, CANDIDATES, WORD_WEIGHTS) if query else []:
                candidates[row.rowid] = (row, score)
        if not candidates:
            return Found((), True, "nothing found")
        hits = self._score(question, words, vector, list(candidates.values()))
        no_answer, why = self._judge(question, hits)
        return Found(tuple(hits[:k]), no_answer, why)

    def _score(self, question: str, words: list[str], vector: Vectors, rows: list[tuple[Row, float]]) -> list[Hit]:
        dense = np.stack([row.vector for row, _ in rows]) @ vector
        top = max((score for _, score in rows), default=0.0) or 1.0
        wanted = aspects(question)
        cancers = self._cancers(question)
        stems = {stem(w) for w in words}
        hits = []
        for (row, lexical), cosine in zip(rows, dense, strict=True):
            passage = row.passage
            score = DENSE * float(cosine) + LEXICAL * lexical / top + TITLE * _named(stems, passage)
            score += _aspect_score(wanted, passage)
            if cancers & set(passage.cancers):
                score += CANCER
            hits.append(Hit(passage, round(score, 4), round(float(cosine), 4), round(lexical / top, 4)))
        return sorted(hits, key=lambda h: (-h.score, h.passage.id))

    def _judge(self, question: str, hits: list[Hit]) -> tuple[bool, str]:
        best = max(h.dense for h in hits[:5])
        if best < ENOUGH:
            coverage = self._coverage(question, hits[:5])
            if best + COVERED * coverage < ENOUGH:
                return True, f"best cosine {best:.2f}, {coverage:.0%} of what is named"
        strange = self._strange(question)
        if strange and best < MET:
            return True, f"nothing here holds {len(strange)} of its words"
        cancers = self._cancers(question)
        if cancers and best < MET_SQUARELY and not any(self._about(h.passage, cancers) for h in hits[:5]):
            return True, f"no passage on {', '.join(sorted(cancers))}"
        return False, ""

    def _strange(self, question: str) -> set[str]:
        """What the question is about when no passage at all holds it: two words or more, or all that it names."""
        named = self._names.resolve(question) if self._names else ()
        name_words = {w for t in named for name in (t.term, *t.aliases) for w in content_words(name)}
        words = {w for w in content_words(question) if w not in GENERIC and w not in name_words and len(w) > STRANGE_LENGTH}
        unknown = {w for w in self._store.unknown_words(words) if not _holds(w, name_words)}
        return unknown if len(unknown) > 1 or (unknown and unknown == words and not named) else set()

    def _coverage(self, question: str, hits: Sequence[Hit]) -> float:
        """Share of what the question names that the hits hold; a name the catalogue knows counts twice an everyday word."""
        texts = [f"{h.passage.title} {' '.join(h.passage.aliases)} {h.passage.section} {h.passage.text}" for h in hits]
        named = self._names.resolve(question) if self._names else ()
        held_names = {t.term for text in texts for t in self._names.resolve(text)} if self._names and named else set()
        name_words = {stem(w) for t in named for name in (t.term, *t.aliases) for w in content_words(name)}
        words = {stem(w) for w in content_words(question) if w not in GENERIC} - name_words
        held = {s for text in texts for s in _stems(text)}
        score = 2 * sum(t.term in held_names for t in named) + sum(_holds(w, held) for w in words)
        return score / (2 * len(named) + len(words)) if named or words else 1.0

    def _about(self, passage: Passage, cancers: frozenset[str]) -> bool:
        """Whether a passage is about one of the cancers: filed under it, or its title or heading says so; of a general
        article its words count too."""
        general = passage.kind != "document" and not passage.cancers
        text = f"{passage.title} {passage.section} {passage.text if general else ''}"
        return bool(cancers & set(passage.cancers)) or bool(cancers & self._cancers(text))

    def _cancers(self, text: str) -> frozenset[str]:
        """Cancers that a text names, the wider disease included (triple-negative breast → breast)."""
        if self._names is None:
            return frozenset()
        return frozenset(relative for word in self._names.cancers_in(text) for relative in self._names.cancer_family(word))

    def _library_names(self, question: str) -> list[str]:
        """The library's names for what the question calls otherwise (Keytruda → pembrolizumab, lymfoma → Lymphoma)."""
        lower = question.lower()
        return [t.term for t in self._names.resolve(question) if t.term.lower() not in lower] if self._names else []


def _named(stems: set[str], passage: Passage) -> float:
    """How much of the title, or of the best alias, the question names (0–1)."""
    return max((len(names & stems) / len(names) for names in map(_stems, (passage.title, *passage.aliases)) if names), default=0.0)


def _aspect_score(wanted: frozenset[str], passage: Passage) -> float:
    offered = aspects(passage.section)
    if not wanted or not offered:
        return 0.0
    return ASPECT if wanted & offered else -OFF_ASPECT


def _holds(word: str, held: set[str]) -> bool:
    """Whether a word is held, by its parts (tumor-agnostic) or in another spelling (polycythaemia)."""
    from rapidfuzz import fuzz, process

    if word in held or all(stem(part) in held for part in word.split("-")):
        return True
    return len(word) > 5 and process.extractOne(word, held, scorer=fuzz.ratio, score_cutoff=SPELLING) is not None


def _match_query(words: Sequence[str]) -> str:
    """An FTS5 query: any of the words, quoted so that no character of theirs is syntax."""
    return " OR ".join(f'"{w}"' for w in words if re.search(r"\w", w))


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    """Stems of a text's content words; a word with a hyphen counts whole and by its parts."""
    return frozenset(stem(part) for w in content_words(text) for part in (w, *w.split("-")))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A light stem, enough to meet plurals and verb forms: lymphomas → lymphoma, treated → treat."""
    for ending in ("ies", "ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not (ending == "s" and word.endswith("ss")):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
