"""Finds the glossary's names in a text: longest first, accents and hyphens aside, clear misspellings included.

A misspelling counts when it sounds alike (lymfoma) or is one keystroke away (Kytruda), is long enough, is no everyday
word, and points at one term only. Two medicines that look alike are never guessed between.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

from knowledge.catalog_models import Term
from knowledge.words import GENERIC

# Letters of a name that may be written as two words.
_LEAST_APART = 8
# Where the name of a class or a word holds narrower ones among its aliases, only the first few are synonyms.
_SYNONYMS = 3
_LONGEST = 200_000
# Words whose judgement is kept.
_REMEMBERED = 50_000
# Below these lengths a near miss is more likely another word.
_SOUND_LENGTH, _SLIP_LENGTH = 5, 7
# Words of a name whose first may be misspelt.
_PHRASE = 3
_TOKEN = re.compile(r"[^\W_]+\+?")
_SOUNDS = (("ph", "f"), ("y", "i"), ("ck", "k"), ("qu", "k"), ("oe", "e"), ("ae", "e"), ("rh", "r"), ("z", "s"), ("x", "ks"))
_REPEATED = re.compile(r"(.)\1+")
# Words one slip away from a name that are no slip: every false hit in half a million long words of health text, and a few from everyday talk.
EVERYDAY = frozenset(
    [
        "ontology",
        "genetics",
        "carrier",
        "carriers",
        "career",
        "careers",
        "staring",
        "staying",
        "stating",
        "stinging",
        "generic",
        "nephropathy",
        "rejection",
        "rejections",
        "fulfill",
        "fulfil",
        "estudio",
        "estudios",
        "relaxed",
        "relaxes",
        "aspiring",
        "factions",
        "fractional",
        "morphing",
        "radiography",
        "photon",
    ]
)


def fold(text: str) -> str:
    """Lower case without accents; what is not a letter, digit or plus becomes a blank (`PD-L1` → `pd l1`)."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_TOKEN.findall(plain.casefold()))


def _sound(word: str) -> str:
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return _REPEATED.sub(r"\1", word)


class NameIndex:
    """Names to terms, built once (some 3,000 names) and asked often: under a millisecond for 200 characters."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = tuple(terms)
        self._judged: dict[str, Term | None] = {}
        self._names: dict[str, Term] = {}
        self._exact: dict[str, Term] = {}
        self._by_sound: dict[str, set[str]] = defaultdict(set)
        self._slips: dict[tuple[str, int], list[str]] = defaultdict(list)
        for term in self._terms:
            for name in (term.term, *term.aliases, term.es, *term.misspelt):
                if name not in term.exact:
                    self._names.setdefault(fold(name), term)
            self._exact.update(dict.fromkeys(term.exact, term))
        for name in self._names:
            if " " not in name and name.isalpha() and len(name) >= _SOUND_LENGTH:
                sound = _sound(name)
                self._by_sound[sound].add(name)
                self._slips[(sound[0], len(sound))].append(sound)
        # What stands after the first word of a name of several → those first words.
        self._after: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            first, _, rest = name.partition(" ")
            if rest and len(first) >= _SOUND_LENGTH and first.isalpha() and rest.count(" ") < _PHRASE - 1:
                self._after[rest].append(first)
        # Longest name, in words, that starts with a word: most words start none, and are passed at once.
        self._longest: dict[str, int] = {}
        for name in self._names:
            first, size = name.split(" ", 1)[0], name.count(" ") + 1
            for start in {first, first + "s"} if size == 1 else {first}:
                self._longest[start] = max(size, self._longest.get(start, 0))

    def resolve(self, text: str) -> list[Term]:
        """Terms named in a text, each once, in order of appearance."""
        return list(dict.fromkeys(term for _, term in self.find(text)))

    def find(self, text: str) -> list[tuple[str, Term]]:
        """Names as a text writes them, folded, each with its term, in order of appearance."""
        text = text[:_LONGEST]
        written = _TOKEN.findall("".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)))
        words = [word.casefold() for word in written]
        shouting = not any(word != word.upper() for word in written)
        found: list[tuple[str, Term]] = []
        at = 0
        while at < len(words):
            for size in range(min(self._longest.get(words[at], 0), len(words) - at), 0, -1):
                name = " ".join(words[at : at + size])
                if term := self._names.get(name) or (self._names.get(name[:-1]) if name.endswith("s") and len(name) > 4 else None):
                    break
            else:
                name, size = words[at], 1
                term = (None if shouting else self._exact.get(written[at])) or self._slip(name)
                if term is None:
                    name, size, term = self._slipped_phrase(words, at)
                if term is None and (apart := "".join(words[at : at + 2])) in self._names and len(apart) >= _LEAST_APART:
                    # A long name heard as two: "carbo platin".
                    name, size, term = apart, 2, self._names[apart]
            if term:
                found.append((name, term))
            at += size
        return found

    def _slipped_phrase(self, words: list[str], at: int) -> tuple[str, int, Term | None]:
        """(text, words, term) of a name of several words whose first is one keystroke off (“panceatic cancer”): the others vouch for it."""
        word = words[at]
        if len(word) >= _SOUND_LENGTH and word.isalpha() and at + 1 < len(words) and word not in self._longest and word not in EVERYDAY | GENERIC:
            for size in range(min(_PHRASE, len(words) - at), 1, -1):
                rest = " ".join(words[at + 1 : at + size])
                near = [first for first in self._after.get(rest, ()) if first[0] == word[0] and DamerauLevenshtein.distance(first, word, score_cutoff=1) == 1]
                if len(near) == 1:
                    return " ".join(words[at : at + size]), size, self._names[f"{near[0]} {rest}"]
        return word, 1, None

    def _slip(self, word: str) -> Term | None:
        """As `_misspelt`, remembered: texts say the same words again and again."""
        if word not in self._judged:
            if len(self._judged) >= _REMEMBERED:
                self._judged.clear()
            self._judged[word] = self._misspelt(word)
        return self._judged[word]

    def _misspelt(self, word: str) -> Term | None:
        """The one term a word can only be a slip for, or None."""
        if len(word) < _SOUND_LENGTH or not word.isalpha() or word in EVERYDAY:
            return None
        sound = _sound(word)
        if not (names := self._by_sound.get(sound)) and len(word) >= _SLIP_LENGTH:
            near = [
                other
                for size in (len(sound) - 1, len(sound), len(sound) + 1)
                for other in self._slips.get((sound[0], size), ())
                if DamerauLevenshtein.distance(sound, other, score_cutoff=1) <= 1
            ]
            names = {name for other in near for name in self._by_sound[other]}
        candidates = {id(term): term for term in (self._names[name] for name in names or ())}
        return next(iter(candidates.values())) if len(candidates) == 1 else None

    def expand(self, query: str) -> list[str]:
        """Other correct names of what a query names."""
        held = f" {fold(query)} "
        others: dict[str, None] = {}
        for term in self.resolve(query):
            whole = term.kind in ("drug", "disease")
            for name in (term.term, term.es, *(term.aliases if whole else term.aliases[:_SYNONYMS])):
                if f" {fold(name)} " not in held:
                    others[name] = None
        return list(others)

    def words(self) -> dict[str, frozenset[str]]:
        """Lower-case names by use, with and without accents; `exact` names stay out, they are everyday words too."""
        groups: dict[str, set[str]] = {"drugs": set(), "cancers": set(), "genes": set(), "terms": set()}
        use = {"drug": "drugs", "drug-class": "drugs", "disease": "cancers", "gene": "genes", "biomarker": "genes"}
        for term in self._terms:
            for name in (term.term, term.es, *term.aliases, *term.misspelt):
                plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
                groups[use.get(term.kind, "terms")].update((name.lower(), plain))
        return {key: frozenset(names) for key, names in groups.items()}
