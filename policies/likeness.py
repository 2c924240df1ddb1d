"""Compares a sentence's meaning with its sources by words: stems, plain synonyms, what is negated, what is the opposite.

Nothing here is statistical; a reviewer can say for each sentence which word made it fall. Synonyms, opposites and strong words stand
in `lexicons/meanings.yaml`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from policies.lexicons import load
from policies.normalise import fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CLAUSE = re.compile(r"(?<=[.!?;])\s+|\n+")
_STOP = frozenset(
    (
        "a an the of to in on at by for from with and or as is are was were be been being am it its this that these those they them their there here he she his her we our you your i my me who whom which what when where"
        " how why than then so if but not no nor do does did done doing have has had having will would shall should also too very just about into over out up down off again further once own same such each other another both"
        " one ones any while during through because until between after before under per via yet still even well way ways thing things called known say says said mean means include includes including like"
        " el la los las un una unos unas de del al en y o u que se su sus lo le les por para con sin es son está están ser estar ha han como más muy ya si no esto esta este estos estas eso esa ese hay también pero cuando"
    ).split()
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|can't|won't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|hasn't|haven't|without|neither|nor|none|nunca|jamás|sin|ni|tampoco|ningun[oa]?|ningún)\b|n't\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\b(advis\w+|recommend\w*|warn\w*|speaks?)\s+against\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.;:!?]|,\s")
# "Surgery is standard, and radiation is not": the denial points back at what was said before.
_WHAT_WAS_SAID = "*"
# After a negation these are passed over to reach what is denied ("is not yet known to help" denies help).
_LIGHT = frozenset(
    "been be yet always usually often a an the to have has had any show shown shows proven prove seem seems appear known know mean means need needs only just enough much many get gets make makes made work works still also help longer part good someone anyone somebody person people every everyone rule".split()
)
# What the whole library is about says nothing by being denied once ("does not prove cancer").
_EVERYWHERE = frozenset(("canc", "cance", "cancer", "tum", "tumor", "diseas"))
_WHOLE = frozenset("all every each any everyone anyone whole todos todas cada cualquier".split())
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


@cache
def _opposites() -> tuple[tuple[str, str], ...]:
    pairs = [(_base(a), _base(b)) for a, b in load("meanings")["opposite"]]
    return tuple(pairs + [(b, a) for a, b in pairs])


def _base(word: str) -> str:
    """A word without its verb or plural ending; unlike `stem` it keeps "lower" and "low" apart."""
    word = fold(word)
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=2048)
def _turned(words: frozenset[str]) -> frozenset[str]:
    """Those of the words that have an opposite, in their base form."""
    known = {word for pair in _opposites() for word in pair}
    return frozenset(base for word in words if (base := _base(word)) in known)


@cache
def _strong() -> frozenset[str]:
    return frozenset(fold(w) for w in load("meanings")["strong"])


def _denied(text: str) -> list[str]:
    """Stems of what the text denies, one for each negation: the first word of weight after it."""
    found = [stem(m.group(1)) for m in _AGAINST.finditer(text)]
    for m in _NEGATION.finditer(text):
        clause = _CLAUSE_END.split(text[m.end() : m.end() + 80])[0]
        for word in _WORD.findall(clause)[:6]:
            if word.lower() not in _LIGHT and (word.lower() not in _STOP or len(word) >= 6):
                found.append(stem(word))
                break
        else:
            found.append(_WHAT_WAS_SAID)
    return found


@dataclass(frozen=True)
class Sense:
    """What comparison needs of a text: content stems, their synonym lines, what is denied, and the plain words."""

    stems: frozenset[str]
    lines: frozenset[int]
    denied: frozenset[str]
    affirmed: frozenset[str]
    words: frozenset[str]
    negated: bool


@lru_cache(maxsize=2048)
def sense(text: str) -> Sense:
    """Read a text (visible text, no citations). Cached: the same evidence is compared with every sentence."""
    words = _WORD.findall(text)
    stems = [stem(w) for w in words if w.lower() not in _STOP and (len(w) > 2 or any(c.isdigit() for c in w))]
    groups = _groups()
    lines = frozenset(n for s in stems for n in groups.get(s, ()))
    denied = Counter(_denied(text))
    # A stem counts as affirmed unless every time it stands it is the thing denied.
    affirmed = frozenset(s for s, n in Counter(stems).items() if n > denied[s])
    return Sense(frozenset(stems), lines, frozenset(denied), affirmed, frozenset(fold(w) for w in words), bool(_NEGATION.search(text)))


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


def contradiction(sentence: Sense, evidence: Sense) -> str:
    """The word on which sentence and evidence disagree, or nothing.

    A denial of what the evidence only affirms; an affirmation of what it only denies; an opposite; a word stronger than the evidence.
    """
    for s in sentence.denied:
        if s in evidence.stems and s not in evidence.denied and _WHAT_WAS_SAID not in evidence.denied:
            return f"not {s}"
    if sentence.negated and not evidence.negated and not evidence.denied and sentence.denied:
        return "not"
    for s in sentence.affirmed:
        if s in evidence.denied and s not in evidence.affirmed and s not in _EVERYWHERE:
            return s
    return opposition(sentence, evidence)


def opposition(sentence: Sense, evidence: Sense) -> str:
    """The word whose opposite the evidence says, or that is stronger than the evidence; nothing if there is none."""
    said, known = _turned(sentence.words), _turned(evidence.words)
    for word, other in _opposites():
        if word in said and word not in known and other in known and other not in said:
            return word
    for word in _strong() & sentence.words:
        if word not in evidence.words and stem(word) not in evidence.stems and not (word in _WHOLE and _WHOLE & evidence.words):
            return word
    return ""
