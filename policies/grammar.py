"""Finds the concepts of a lexicon (symptoms, treatments, ways to say one wants to die) in a message, typos included.

A lexicon names concepts and lists phrases for each, in words a reviewer can read:

    chest_pain: ["chest (pain|pressure|hurts)", "(pain|pressure) in ... chest", "breath*"]

`(a|b c)` are alternatives, a `?` after a bracket or word makes it optional, `word*` is any ending, `...` up to four words of one sentence.
Phrases and messages take the same canonical form: lower case, no accents, contractions written out, one space before each word.
Only phrases that share a word with the sentence are tried, so a long message costs little more than reading it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from policies.lexicons import load
from policies.normalise import fold

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_][^\W_]*(?:'[^\W_]+)*|[.?!;,\n]")
_LETTERS = str.maketrans({"đ": "d", "ß": "ss", "ø": "o", "ł": "l", "’": "'", "‘": "'", "´": "'", "`": "'", "º": "°", "¿": ".", "¡": ".", ":": ",", "…": "."})
_ENDS = frozenset(".?!;\n")
_KEY = 4  # letters of a word that index its phrases
_MIN_TYPO = 5  # shorter words have too many neighbours that are words themselves
_GAP = r"(?: (?![.?] )[^ ]+){0,4}?"
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


@cache
def _expansions() -> dict[str, str]:
    return {str(short): str(full) for short, full in load("speech")["short_forms"].items()}


def words_of(text: str) -> list[str]:
    """Tokens in canonical form; sentence ends stay as ".", "?"."""
    out: list[str] = []
    short = _expansions()
    for token in _TOKEN.findall(fold(text).translate(_LETTERS)):
        token = token.replace("'", "")
        full = short.get(token)
        if full is None:
            out.append(token)
        else:
            out.extend(full.split())
    return out


class Phrasebook:
    """The compiled phrases of one lexicon. `read` finds them in a message in time linear in its length."""

    def __init__(self, concepts: dict[str, Any], ignored_typos: Iterable[str] = ()) -> None:
        by_key: dict[str, dict[str, list[str]]] = {}
        self.vocabulary: set[str] = set()
        for concept, phrases in concepts.items():
            for phrase in _flat(phrases):
                pattern, anchors, words = _compile(phrase)
                if not anchors:
                    raise ValueError(f"{concept}: a phrase needs a word of its own, at least {_KEY} fixed letters if it has an ending: {phrase!r}")
                self.vocabulary |= words
                for anchor in anchors:
                    by_key.setdefault(anchor[:_KEY], {}).setdefault(concept, []).append(pattern)
        self._index = {
            key: tuple((concept, re.compile("|".join(dict.fromkeys(patterns)))) for concept, patterns in found.items()) for key, found in by_key.items()
        }
        speech = load("speech")
        self._known = self.vocabulary | _plain_words() | set(ignored_typos) | set(str(speech["not_typos"]).split())
        self._deletes: dict[str, list[str]] = {}
        for word in sorted(w for w in self.vocabulary if len(w) >= _MIN_TYPO and w.isalpha() and w.isascii()):
            for form in (word, *_deletes(word)):
                self._deletes.setdefault(form, []).append(word)

    def read(self, text: str) -> Reading:
        """The message's sentences and every concept in them."""
        sentences = tuple(self._sentences(words_of(text)))
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
        for key in {word[:_KEY] for word in sentence.split()}:
            for concept, pattern in self._index.get(key, ()):
                for match in pattern.finditer(sentence):
                    yield Hit(concept, number, match.start(), match.end())

    def _sentences(self, words: list[str]) -> Iterator[Sentence]:
        memo: dict[str, str] = {}
        current: list[str] = []
        for word in words:
            if word in _ENDS or len(current) >= _LONGEST_SENTENCE:
                if current:
                    yield Sentence(f" {' '.join(current)} ", word == "?")
                current = [] if word in _ENDS else [word]
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
        for form in (word, *_deletes(word)):
            for candidate in self._deletes.get(form, ()):
                if candidate[0] == word[0] and _one_slip(candidate, word):
                    return candidate
        return word


def _deletes(word: str) -> Iterator[str]:
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _one_slip(a: str, b: str) -> bool:
    """Whether two words differ by one letter added, dropped, changed or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        # Another last letter is another form of the word ("guardo", "guarde"), not a slip.
        return (i < len(a) - 1 and a[i + 1 :] == b[i + 1 :]) or (a[i + 1 : i + 2] == b[i : i + 1] and a[i : i + 1] == b[i + 1 : i + 2] and a[i + 2 :] == b[i + 2 :])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[i + 1 :] == shorter[i:]


@cache
def _plain_words() -> frozenset[str]:
    words = {word for line in load("languages").values() for word in fold(line).replace("'", "").split()}
    return frozenset(words | {word for full in _expansions().values() for word in full.split()})


def _flat(phrases: Any) -> Iterator[str]:
    """Phrases may be a list, a text with one phrase a line, or either of them by language."""
    if isinstance(phrases, dict):
        for value in phrases.values():
            yield from _flat(value)
    elif isinstance(phrases, str):
        yield from (line for line in (raw.strip() for raw in phrases.splitlines()) if line)
    else:
        for value in phrases:
            yield from _flat(value)


_COMMON = frozenset(
    "i a an am is are was were be been the my me he she it his her him we our they them to of in on at for with and or not no can do does did have has had"
    " will would so that this you your de la el en no me mi se un una y que a con los las es esta le te lo je de ich ist nicht nao o e ho di non".split()
)


@dataclass(frozen=True)
class _Part:
    """A piece of a phrase: its expression, words one of which it needs (empty: it may be absent), how telling they are."""

    pattern: str
    anchors: frozenset[str] = frozenset()
    score: int = -1


class _Parser:
    """Reads `a (b|c d)? ... e*`, brackets within brackets too."""

    _TOKENS = re.compile(r"\.\.\.|\(|\)\??|\||[^\s()|]+")

    def __init__(self, phrase: str) -> None:
        self._tokens = self._TOKENS.findall(phrase)
        self._next = 0
        self.words: set[str] = set()

    def alternatives(self) -> _Part:
        """`a b|c d` up to the closing bracket or the end."""
        choices = [self._sequence()]
        while self._peek() == "|":
            self._next += 1
            choices.append(self._sequence())
        anchors = frozenset().union(*(c.anchors for c in choices)) if all(c.anchors for c in choices) else frozenset()
        return _Part(f"(?:{'|'.join(c.pattern for c in choices)})" if len(choices) > 1 else choices[0].pattern, anchors, min(c.score for c in choices))

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _sequence(self) -> _Part:
        """Elements one after the other; the most telling of them that must be there anchors the whole."""
        patterns: list[str] = []
        best = _Part("")
        while (token := self._peek()) and token not in ("|", ")", ")?"):
            self._next += 1
            part = self._group() if token == "(" else self._word(token)
            patterns.append(part.pattern)
            best = max(best, part, key=lambda p: p.score)
        return _Part("".join(patterns), best.anchors, best.score)

    def _group(self) -> _Part:
        inner = self.alternatives()
        optional = self._peek() == ")?"
        self._next += 1
        return _Part(f"(?:{inner.pattern})?") if optional else _Part(f"(?:{inner.pattern})", inner.anchors, inner.score)

    def _word(self, token: str) -> _Part:
        if token == "...":
            return _Part(_GAP)
        if "#" in token:  # a digit
            return _Part(f" {token.replace('#', '[0-9]')}(?= )")
        optional, wild = token.endswith("?"), token.endswith("*")
        canonical = words_of(token.rstrip("?*")) or [token]
        pattern = "".join(f" {re.escape(w)}" for w in canonical) + ("[^ ]*" if wild else "(?= )")
        if not wild:
            self.words.update(canonical)
        if optional:
            return _Part(f"(?:{pattern})?")
        rare = max(canonical, key=lambda w: (w not in _COMMON, len(w)))
        score = -1 if wild and len(canonical[-1]) < _KEY else 0 if rare in _COMMON else len(rare)
        return _Part(pattern, frozenset({rare}) if score >= 0 else frozenset(), score)


def _compile(phrase: str) -> tuple[str, frozenset[str], set[str]]:
    """A phrase as (regular expression, words one of which must be in the sentence, all its plain words)."""
    parser = _Parser(phrase)
    part = parser.alternatives()
    return part.pattern, part.anchors, parser.words


def union(phrases: Any, **names: str) -> re.Pattern[str]:
    """One expression for many phrases, to be searched in a canonical sentence. names: word → alternatives it stands for."""
    patterns = []
    for phrase in _flat(phrases):
        for name, alternatives in names.items():
            phrase = re.sub(rf"(?<![\w-]){name}(?![\w-])", alternatives, phrase)
        patterns.append(_compile(phrase)[0])
    return re.compile("|".join(dict.fromkeys(patterns)))
