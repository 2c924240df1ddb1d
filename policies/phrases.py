"""Reads a phrase of a lexicon (`trouble (breathing|catching my breath)`, `breath*`, `...`) into a regular expression.

The notation is explained in grammar.py. Every phrase needs a word of its own: only sentences with that word are searched for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from policies.lexicons import load
from policies.normalise import fold

KEY = 4  # letters of a word that index its phrases
ENDS = frozenset(".?!;\n")
_GAP = r"(?: (?![.?] )[^ ]+){0,4}?"
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_][^\W_]*(?:'[^\W_]+)*|[.?!;,\n]")
_LETTERS = str.maketrans({"đ": "d", "ß": "ss", "ø": "o", "ł": "l", "’": "'", "‘": "'", "´": "'", "`": "'", "º": "°", "¿": ".", "¡": ".", ":": ",", "…": "."})


@cache
def expansions() -> dict[str, str]:
    return {str(short): str(full) for short, full in load("speech")["short_forms"].items()}


def words_of(text: str) -> list[str]:
    """Tokens in canonical form; sentence ends stay as ".", "?"."""
    out: list[str] = []
    short = expansions()
    for token in _TOKEN.findall(fold(text).translate(_LETTERS)):
        token = token.replace("'", "")
        full = short.get(token)
        if full is None:
            out.append(token)
        else:
            out.extend(full.split())
    return out


def flat(phrases: Any) -> Iterator[str]:
    """Phrases may be a list, a text with one phrase a line, or either of them by language."""
    if isinstance(phrases, dict):
        for value in phrases.values():
            yield from flat(value)
    elif isinstance(phrases, str):
        yield from (line for line in (raw.strip() for raw in phrases.splitlines()) if line)
    else:
        for value in phrases:
            yield from flat(value)


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
        while (piece := self._peek()) and piece not in ("|", ")", ")?"):
            self._next += 1
            part = self._group() if piece == "(" else self._word(piece)
            patterns.append(part.pattern)
            best = max(best, part, key=lambda p: p.score)
        return _Part("".join(patterns), best.anchors, best.score)

    def _group(self) -> _Part:
        inner = self.alternatives()
        if not self._peek():
            # Most often a " #" that YAML takes for a comment: the rest of the phrase would be lost without a word.
            raise ValueError(f"a bracket is not closed in {' '.join(self._tokens)!r}; a phrase with ' #' needs quotes")
        optional = self._peek() == ")?"
        self._next += 1
        return _Part(f"(?:{inner.pattern})?") if optional else _Part(f"(?:{inner.pattern})", inner.anchors, inner.score)

    def _word(self, piece: str) -> _Part:
        part, words = _word_part(piece)
        self.words.update(words)
        return part


@lru_cache(maxsize=32_768)
def _word_part(piece: str) -> tuple[_Part, tuple[str, ...]]:
    """A word of a phrase and the plain words in it. Cached: the lexicons hold 36,000 words, 6,000 of them different."""
    if piece == "...":
        return _Part(_GAP), ()
    if "#" in piece:  # a digit
        return _Part(f" {piece.replace('#', '[0-9]')}(?= )"), ()
    optional, wild = piece.endswith("?"), piece.endswith("*")
    canonical = words_of(piece.rstrip("?*")) or [piece]
    pattern = "".join(f" {re.escape(w)}" for w in canonical) + ("[^ ]*" if wild else "(?= )")
    plain = () if wild else tuple(canonical)
    if optional:
        return _Part(f"(?:{pattern})?"), plain
    rare = max(canonical, key=lambda w: (w not in _COMMON, len(w)))
    score = -1 if wild and len(canonical[-1]) < KEY else 0 if rare in _COMMON else len(rare)
    return _Part(pattern, frozenset({rare}) if score >= 0 else frozenset(), score), plain


def compile_phrase(phrase: str) -> tuple[str, frozenset[str], set[str]]:
    """A phrase as (regular expression, words one of which must be in the sentence, all its plain words)."""
    parser = _Parser(phrase)
    part = parser.alternatives()
    return part.pattern, part.anchors, parser.words


def union(phrases: Any, **names: str) -> re.Pattern[str]:
    """One expression for many phrases, to be searched in a canonical sentence. names: word → alternatives it stands for."""
    patterns = []
    for phrase in flat(phrases):
        for name, alternatives in names.items():
            phrase = re.sub(rf"(?<![\w-]){name}(?![\w-])", alternatives, phrase)
        patterns.append(compile_phrase(phrase)[0])
    return re.compile("|".join(dict.fromkeys(patterns)))
