"""How much of what a sentence says stands in a text, by words: stems and plain synonyms (`lexicons/meanings.yaml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from policies.lexicons import load
from policies.normalise import fold

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
STOP = frozenset(
    (
        "a an the of to in on at by for from with and or as is are was were be been being am it its this that these those they them their there here he she his her we our you your i my me who whom which what when where"
        " how why than then so if but not no nor do does did done doing have has had having will would shall should also too very just about into over out up down off again further once own same such each other another both"
        " one ones any while during through because until between after before under per via yet still even well way ways thing things called known say says said mean means include includes including like"
        " el la los las un una unos unas de del al en y o u que se su sus lo le les por para con sin es son está están ser estar ha han como más muy ya si no esto esta este estos estas eso esa ese hay también pero cuando"
    ).split()
)
_SUFFIXES = (
    "izations",
    "ization",
    "ational",
    "fulness",
    "iveness",
    "ations",
    "ation",
    "ments",
    "ment",
    "ness",
    "ingly",
    "ally",
    "edly",
    "ing",
    "ies",
    "ied",
    "ers",
    "ors",
    "ive",
    "ous",
    "ity",
    "ion",
    "ions",
    "ed",
    "es",
    "er",
    "or",
    "al",
    "ly",
    "s",
    "e",
    "y",
)
_SUFFIXES_ES = (
    "amientos",
    "amiento",
    "aciones",
    "ación",
    "imiento",
    "mente",
    "ando",
    "iendo",
    "ados",
    "adas",
    "ado",
    "ada",
    "idos",
    "ido",
    "ida",
    "aron",
    "arán",
    "ará",
    "ar",
    "er",
    "ir",
    "os",
    "as",
    "an",
    "en",
)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word's stem, crude and stable: "treatments", "treated" and "treating" come out as one."""
    word = fold(word).replace("'s", "").strip("'")
    if len(word) <= 3 or any(c.isdigit() for c in word):
        return word
    for suffix in (*_SUFFIXES, *_SUFFIXES_ES):
        folded = fold(suffix)
        if word.endswith(folded) and len(word) - len(folded) >= 3:
            word = word[: -len(folded)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


@cache
def _groups() -> dict[str, frozenset[int]]:
    """Stem → numbers of the synonym lines it stands in."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(load("meanings")["same"]):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(lines) for word, lines in found.items()}


@dataclass(frozen=True)
class Sense:
    """What comparison needs of a text: its content words' stems, how often each stands there, and their synonym lines."""

    stems: frozenset[str]
    lines: frozenset[int]


def content(text: str) -> list[str]:
    """The stems of a text's content words, in order. Numbers are none: they are compared by value."""
    return [stem(w) for w in WORD.findall(text) if w.lower() not in STOP and (len(w) > 2 or any(c.isdigit() for c in w)) and not w.isdigit()]


@lru_cache(maxsize=4096)
def sense(text: str) -> Sense:
    """Read a text (visible text, no citations). Cached: the same evidence is compared with every sentence."""
    stems = frozenset(content(text))
    groups = _groups()
    return Sense(stems, frozenset(n for s in stems for n in groups.get(s, ())))


def support(sentence: Sense, evidence: Sense) -> float:
    """Share of the sentence's content words that the evidence has, or has a synonym of: 0–1 (1 for a sentence without any)."""
    if not sentence.stems:
        return 1.0
    groups = _groups()
    found = 0.0
    for s in sentence.stems:
        if s in evidence.stems or any(s.startswith(e) or e.startswith(s) for e in evidence.stems if min(len(e), len(s)) >= 5):
            found += 1
        elif groups.get(s, frozenset()) & evidence.lines:
            found += 0.9
    return found / len(sentence.stems)
