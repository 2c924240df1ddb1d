"""Flesch-Kincaid grade and Flesch reading ease of English text, by the published formulas with pyphen's syllables; ease of Spanish text.

Sources: Kincaid et al. 1975 (grade), Flesch 1948 (ease), Fernández Huerta 1959 (ease of Spanish: 206.84 − 60 × syllables a word − 1.02 × words
a sentence). pyphen's hyphenation counts are the syllable count that
textstat uses as well, so figures compare with the literature that quotes textstat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pyphen

_WORD = re.compile(r"[A-Za-zÀ-ÿ0-9]+(?:['’\-][A-Za-zÀ-ÿ0-9]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")


@dataclass(frozen=True)
class Reading:
    """words, sentences; grade: Flesch-Kincaid (US school years); ease: Flesch, 0–100, higher is easier."""

    words: int
    sentences: int
    grade: float
    ease: float


@dataclass(frozen=True)
class SpanishReading:
    """words, sentences; ease: Fernández-Huerta, 0–100, higher is easier. grade: there is none for Spanish."""

    words: int
    sentences: int
    ease: float
    grade: None = None


@lru_cache(maxsize=1)
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


@lru_cache(maxsize=50_000)
def syllables(word: str) -> int:
    """Syllables of one word, at least one."""
    return sum(len(_dictionary().positions(part)) + 1 for part in re.split(r"[\-'’]", word.lower()) if part) or 1


def plain_text(markdown: str) -> str:
    """Markdown without what nobody reads aloud: citation numbers, source keys, marks, link addresses."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    text = re.sub(r"\[[^\]\s]{1,60}\]", "", text)
    text = re.sub(r"^\s{0,3}#{1,6}\s+(.*)$", r"\1.", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*(?:[-*+]|\d+\.)\s+", "", text, flags=re.MULTILINE)
    return re.sub(r"[*_`>|✅⏳❌]+", " ", text)


@lru_cache(maxsize=50_000)
def syllables_spanish(word: str) -> int:
    """Syllables of one Spanish word by its vowels, at least one: weak ones lean on a neighbour unless an accent parts them."""
    plain = re.sub(r"qu|gu(?=[eéií])", "k", word.lower())
    plain = re.sub(r"y(?![aeiouáéíóúü])", "i", plain)
    return len(re.findall(r"[iuü]?[aeoáéó](?:[iuü](?![aeoáéóíú]))?|[íú]|[iuü]+", plain)) or 1


def measure_spanish(markdown: str) -> SpanishReading:
    """Words, sentences and Fernández-Huerta ease (0–100, higher is easier) of a Spanish Markdown text."""
    words, sentences = _counted(markdown)
    if not words:
        return SpanishReading(0, 0, 100.0)
    per_word = sum(syllables_spanish(w) for w in words) / len(words)
    return SpanishReading(len(words), sentences, round(206.84 - 60 * per_word - 1.02 * len(words) / sentences, 2))


def _counted(markdown: str) -> tuple[list[str], int]:
    """The words of a Markdown text, and how many sentences they make."""
    sentences = [s for s in _SENTENCE_END.split(plain_text(markdown)) if _WORD.search(s)]
    return [w for s in sentences for w in _WORD.findall(s)], len(sentences)


def measure(markdown: str) -> Reading:
    """Reading figures of a Markdown text; an empty one reads as grade 0, ease 100."""
    words, sentences = _counted(markdown)
    if not words:
        return Reading(0, 0, 0.0, 100.0)
    per_sentence = len(words) / sentences
    per_word = sum(syllables(w) for w in words) / len(words)
    return Reading(
        words=len(words),
        sentences=sentences,
        grade=round(0.39 * per_sentence + 11.8 * per_word - 15.59, 2),
        ease=round(206.835 - 1.015 * per_sentence - 84.6 * per_word, 2),
    )
