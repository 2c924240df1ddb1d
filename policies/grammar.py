"""Finds the concepts of a lexicon (symptoms, treatments, ways to say one wants to die) in a message, typos included.

A lexicon names concepts and lists phrases for each, in words a reviewer can read:

    chest_pain: ["chest (pain|pressure|hurts)", "(pain|pressure) in ... chest", "breath*"]

`(a|b c)` are alternatives, a `?` after a bracket or word makes it optional, `word*` is any ending, `...` up to four words of one sentence.
Phrases and messages take the same canonical form: lower case, no accents, contractions written out, one space before each word.
Only phrases that share a word with the sentence are tried, so a long message costs little more than reading it once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any
from weakref import WeakSet

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from policies.kept import kept
from policies.lexicons import load
from policies.normalise import fold
from policies.phrases import ENDS, KEY, compile_phrase, expansions, flat, union, words_of

__all__ = ["Hit", "Phrasebook", "Reading", "Sentence", "union", "words_of"]

_MIN_TYPO = 5  # shorter words have too many neighbours that are words themselves
_BOOKS: WeakSet[Phrasebook] = WeakSet()
_READINGS_KEPT = 256
_LONGEST_SENTENCE = 90  # words; a message without full stops is cut here


@dataclass(frozen=True)
class Sentence:
    """One sentence in canonical form: ` i can not breathe ` (a space before and after each word); asks: it ends in a question mark."""

    text: str
    asks: bool = False


@dataclass(frozen=True)
class Hit:
    """A concept found: in sentence number `sentence` of the message, at characters start–end of its canonical form."""

    concept: str
    sentence: int
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """A message read: its sentences and, by concept, what was found in them."""

    sentences: tuple[Sentence, ...]
    hits: dict[str, list[Hit]] = field(default_factory=dict)


def compile_all() -> None:
    """Compile every phrase book in use, so that no later message waits for it. For a server, behind its first turns."""
    for book in list(_BOOKS):
        book.compile_all()


class Phrasebook:
    """The compiled phrases of one lexicon. `read` finds them in a message in time linear in its length."""

    def __init__(self, concepts: dict[str, Any], ignored_typos: Iterable[str] = ()) -> None:
        written = json.dumps(concepts, ensure_ascii=False)
        self._sources: dict[str, dict[str, str]]
        self._sources, words = kept(f"phrases {blake2b(written.encode(), digest_size=16).hexdigest()}", lambda: _by_key(concepts))
        self.vocabulary = frozenset(words)
        self._index: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}
        _BOOKS.add(self)
        self._known = self.vocabulary | _plain_words() | frozenset(ignored_typos) | frozenset(str(load("speech")["not_typos"]).split())
        # Words that a slip may stand for, by first letter.
        self._likely: dict[str, list[str]] = {}
        for word in sorted(w for w in self.vocabulary if len(w) >= _MIN_TYPO and w.isalpha() and w.isascii()):
            self._likely.setdefault(word[0], []).append(word)
        # Each turn reads the messages before it again.
        self.read = lru_cache(maxsize=_READINGS_KEPT)(self._read)

    def _read(self, text: str) -> Reading:
        """The message's sentences and every concept in them."""
        sentences = tuple(self._sentences(_words(text)))
        hits: dict[str, list[Hit]] = {}
        seen: dict[str, list[Hit]] = {}
        for number, sentence in enumerate(sentences):
            if sentence.text in seen:
                continue  # the same sentence again tells nothing new
            found = seen[sentence.text] = list(self._find(sentence.text, number))
            for hit in found:
                hits.setdefault(hit.concept, []).append(hit)
        return Reading(sentences, hits)

    def _find(self, sentence: str, number: int) -> Iterator[Hit]:
        for key in dict.fromkeys([word[:KEY] for word in sentence.split()]):
            if key in self._sources:
                for concept, pattern in self._patterns(key):
                    for match in pattern.finditer(sentence):
                        yield Hit(concept, number, match.start(), match.end())

    def _patterns(self, key: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The expressions of a key, compiled when a message first holds it: all of them together take seconds."""
        found = self._index.get(key)
        if found is None:
            found = self._index[key] = tuple((concept, re.compile(source)) for concept, source in self._sources[key].items())
        return found

    def compile_all(self) -> None:
        """Compile what no message has needed yet."""
        for key in self._sources:
            self._patterns(key)

    def _sentences(self, words: Iterable[str]) -> Iterator[Sentence]:
        memo: dict[str, str] = {}
        current: list[str] = []
        for word in words:
            if word in ENDS or len(current) >= _LONGEST_SENTENCE:
                if current:
                    yield Sentence(f" {' '.join(current)} ", word == "?")
                current = [] if word in ENDS else [word]
                continue
            if len(word) >= _MIN_TYPO and word not in self._known:
                corrected = memo.get(word)
                if corrected is None:
                    corrected = memo[word] = self._corrected(word)
                word = corrected
            current.append(word)
        if current:
            yield Sentence(f" {' '.join(current)} ")

    def _corrected(self, word: str) -> str:
        """The one word of the lexicon a slip away (a letter more, less, other or swapped; the first is right), else the word."""
        if len(word) > 20:
            return word
        alike = extract(word, self._likely.get(word[0], ()), scorer=OSA.distance, score_cutoff=1, limit=None)
        near = [candidate for candidate, *_ in alike if one_slip(candidate, word)]
        if len(near) < 2:
            return near[0] if near else word
        # Several: the one that shares the earliest form, as when each word is looked up without one letter after the other.
        forms = (word, *_deletes(word))
        return min(near, key=lambda candidate: (min(forms.index(form) for form in (candidate, *_deletes(candidate)) if form in forms), candidate))


@lru_cache(maxsize=_READINGS_KEPT)
def _words(text: str) -> tuple[str, ...]:
    """`words_of`, kept: the phrase books of crisis, emergency and poisoning read the same messages."""
    return tuple(words_of(text))


def _by_key(concepts: dict[str, Any]) -> list[Any]:
    """[first letters of a telling word → concept → expression, the plain words], of all phrases."""
    by_key: dict[str, dict[str, list[str]]] = {}
    vocabulary: set[str] = set()
    for concept, phrases in concepts.items():
        for phrase in flat(phrases):
            pattern, anchors, words = compile_phrase(phrase)
            if not anchors:
                raise ValueError(f"{concept}: a phrase needs a word of its own, at least {KEY} fixed letters if it has an ending: {phrase!r}")
            vocabulary |= words
            for anchor in sorted(anchors):
                by_key.setdefault(anchor[:KEY], {}).setdefault(concept, []).append(pattern)
    return [{key: {concept: "|".join(dict.fromkeys(patterns)) for concept, patterns in found.items()} for key, found in by_key.items()}, sorted(vocabulary)]


def _deletes(word: str) -> Iterator[str]:
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def one_slip(a: str, b: str) -> bool:
    """Whether two words differ by one letter added, dropped, changed or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        # Another last letter is another form of the word ("guardo", "guarde"), not a slip.
        return (i < len(a) - 1 and a[i + 1 :] == b[i + 1 :]) or (
            a[i + 1 : i + 2] == b[i : i + 1] and a[i : i + 1] == b[i + 1 : i + 2] and a[i + 2 :] == b[i + 2 :]
        )
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[i + 1 :] == shorter[i:]


@cache
def _plain_words() -> frozenset[str]:
    words = {word for line in load("languages").values() for word in fold(line).replace("'", "").split()}
    return frozenset(words | {word for full in expansions().values() for word in full.split()})
