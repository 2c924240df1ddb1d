"""A question as search reads it: what it names, resolved once; its words with what else they are called; what it asks of its topic."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from rapidfuzz.distance import DamerauLevenshtein

from knowledge.definitions import asks_of_medicine
from knowledge.everyday import INSTEAD, meant
from knowledge.question import aspects, in_english
from knowledge.strange import strange_names
from knowledge.words import GENERIC, RELATIVES, content_words, stem
from knowledge.words import stems as stems_of

# A shorter word that stands nowhere is a name or a number rather than a slip.
SLIP_LENGTH = 5
# Of a class with many names, the first few are synonyms, the others its members.
SYNONYMS = 4
# Where somebody goes, in capitals like the receptor.
_EMERGENCY_ROOM = re.compile(r"(?<=\bthe )(?:ER|E\.R\.)(?=\W|$)(?!\s+(?:status|receptor|test|positive|negative|result))|(?<=\b(?:to|in) )ER(?=\W*$)")
# Somebody speaks to the page: “you” is this assistant.
_TO_US = re.compile(
    r"^\W*(?:so\s+)?(?:are you\b|who (?:are|made|built|trained) you\b|(?:can|should) (?:i|we) (?:trust|believe|rely on) you\b|what (?:are you able|can you (?:do|help))\b|"
    r"why (?:can'?t|won'?t|don'?t|can ?not|will not|do not) you (?:just |simply )?(?:tell|say|give|answer|help)\b|do you (?:keep|store|save|remember|share) (?:my|what|this)\b)",
    re.IGNORECASE,
)
# Who cares for somebody ill speaks of their own tiredness, anger or fear.
_CARER = re.compile(
    r"\b(?:my|our) (?:mom|mum|mother|dad|father|husband|wife|partner|son|daughter|brother|sister|aunt|uncle|grand\w+|friend|parents?)\b.{0,60}\b(?:i(?:'m|’m|m| am| feel)|i(?:'ve|’ve| have) been|i(?: just)? can(?:'t|’t|not)) "
    r"(?:\w+ ){0,2}(?:exhausted|tired|worn out|burn(?:ed|t) out|burning out|overwhelmed|angry|resentful|drained|cope|do this|falling apart|lonely|at my limit)\b",
    re.IGNORECASE,
)
_NUMBERS = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4"}
_STAGE = re.compile(rf"\b(stages?|grades?) ({'|'.join(_NUMBERS)})\b", re.IGNORECASE)
# Bare words looked up as organs.
MOST_ORGANS = 8


class Named(Protocol):
    """A thing with names: `term` is the one that the library uses. `cancer`: its word when it is one."""

    @property
    def term(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...

    @property
    def es(self) -> str: ...

    @property
    def cancer(self) -> str | None: ...

    @property
    def kind(self) -> str: ...

    @property
    def article(self) -> str: ...


class Names(Protocol):
    """Names known to the catalogue: what a text names, as written and as known, misspellings and brand names included."""

    def find(self, text: str) -> Sequence[tuple[str, Named]]: ...

    def cancer_family(self, word: str) -> tuple[str, ...]: ...


class Frequencies(Protocol):
    """What an index tells of words."""

    def frequencies(self, words: Iterable[str]) -> tuple[dict[str, int], int]: ...

    def like_words(self, word: str) -> list[str]: ...


@dataclass(frozen=True)
class Concept:
    """One thing that a question says. `ways`: groups of stems, each of which says it; `weight`: how telling it is (inverse document frequency).

    named: the catalogue knows it. unknown: no passage at all holds it.
    """

    ways: tuple[tuple[str, ...], ...]
    weight: float
    named: bool = False
    unknown: bool = False
    generic: bool = False


@dataclass(frozen=True)
class Query:
    """A question ready to be searched. text: for the encoder, in English, with the library's names in it; words: for the word index, rare ones first.

    cancers: those named, the wider disease included; organs: cancers of the organs named without the word (“immunotherapy lung”);
    defines: the names, each as its stems, of the one thing whose meaning is all that is asked; strange: names as written that stand nowhere;
    doubtful: words that may be such names.
    """

    text: str
    language: str
    words: tuple[str, ...]
    stems: frozenset[str]
    concepts: tuple[Concept, ...]
    aspects: frozenset[str]
    cancers: frozenset[str]
    organs: frozenset[str] = frozenset()
    rarest: float = 1.0
    defines: frozenset[frozenset[str]] = frozenset()
    strange: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    def coverage(self, padded_stems: str) -> float:
        """Share of what the question says, by weight, that a passage holds (0–1)."""
        held = total = 0.0
        for weight, ways in self._padded:
            total += weight
            for way in ways:
                if all(map(padded_stems.__contains__, way)):
                    held += weight
                    break
        return held / total if total else 0.0

    def names_held(self, padded_stems: str) -> float:
        """Share of the things named that a passage holds (0–1); 1 when nothing is named."""
        named = [ways for c, (_, ways) in zip(self.concepts, self._padded, strict=True) if c.named]
        return sum(any(all(map(padded_stems.__contains__, way)) for way in ways) for ways in named) / len(named) if named else 1.0

    def held(self, texts: Sequence[str]) -> tuple[float, float]:
        """(share of what the question says that the texts hold together, weight of the rarest thing they hold), both 0–1."""
        total = sum(c.weight for c in self.concepts)
        kept = [c for c, (_, ways) in zip(self.concepts, self._padded, strict=True) if any(all(map(text.__contains__, way)) for text in texts for way in ways)]
        rarest = max((c.weight for c in kept if not c.generic), default=0.0)
        return (sum(c.weight for c in kept) / total if total else 0.0), rarest / self.rarest

    @cached_property
    def _padded(self) -> tuple[tuple[float, tuple[tuple[str, ...], ...]], ...]:
        return tuple((c.weight, tuple(tuple(f" {s} " for s in way) for way in c.ways)) for c in self.concepts)


def _without_relatives(words: list[str], named: bool) -> list[str]:
    """Words of a question without those that only tell whom it is about, where others tell what it asks."""
    others = [w for w in words if w.removesuffix("'s") not in RELATIVES]
    return others if named or any(w not in GENERIC for w in others) else words


class Reader:
    """Reads questions against a catalogue and an index. asked: stems of what people ask, known besides."""

    def __init__(self, names: Names | None, index: Frequencies, asked: Container[str] = ()) -> None:
        self._names, self._index, self._asked = names, index, asked

    def _known(self, word: str) -> bool:
        """Whether a word stands anywhere: in a passage or in what people ask, as a name, or as one slip of these."""
        if stem(word) in self._asked or (self._names and self._names.find(word)):
            return True
        return bool(self._index.frequencies([word])[0][word]) or bool(self._near(word))

    def read(self, question: str, *, spanish: bool | None = None) -> Query:
        """The Query of a question in English; of a Spanish one, the English search that its names and aspects stand for.

        spanish: True keeps a Spanish question in Spanish, for passages in Spanish.
        """
        question = _EMERGENCY_ROOM.sub("emergency room", question)
        question = _STAGE.sub(lambda m: f"{m[1]} {_NUMBERS[m[2].lower()]}", question)
        if _TO_US.match(question):
            question = f"{question} (this assistant)"
        elif _CARER.search(question):
            question = f"{question} (caregiver)"
        found = list(self._names.find(question)) if self._names else []
        terms = list(dict.fromkeys(term for _, term in found))
        lower = question.lower()
        others = [t.term for t in terms if t.term.lower() not in lower]
        # A medicine's effects are told with those of its class.
        classes = {w: t.article.replace("-", " ") for w, t in found if t.kind == "drug"} if "side-effects" in aspects(question) else {}
        others += [f"{name} side effects" for name in dict.fromkeys(classes.values())]
        text = question if spanish else in_english(question, [t.term for t in terms])
        translated = text != question
        if translated:
            written: set[str] = set()
            said = meant(text)
            plain = [w for w in content_words(text) if stem(w) not in {stem(x) for t in terms for x in content_words(t.term)}]
        else:
            written = {w for name, _ in found for w in content_words(name)} | {w for name, _ in found for w in name.split()}
            said = {} if spanish else meant(question) | {w: content_words(name) for w, name in classes.items()}
            # “Settle the stomach” is about no stomach: of such a phrase its meaning counts.
            phrased = {w for phrase in said if phrase in INSTEAD for w in phrase.split()}
            plain = [w for w in content_words(question) if w not in written | phrased and not all(stem(p) in {stem(x) for x in written} for p in w.split("-"))]
            text = f"{question} ({', '.join(others[:4])})" if others and not spanish else question
        plain = _without_relatives(plain, bool(found))
        return self._query(text, "es" if spanish else "en", question, found, terms, plain, said)

    def _query(
        self, text: str, language: str, question: str, found: Sequence[tuple[str, Named]], terms: Sequence[Named], plain: Sequence[str], said: dict[str, list[str]],
    ) -> Query:  # fmt: skip
        names = {id(t): [t.term, t.es, *t.aliases[:SYNONYMS], *(written for written, other in found if other is t)] for t in terms}
        lookup = dict.fromkeys(
            [*plain, *(w for group in said.values() for w in group), *(w for group in names.values() for n in group for w in content_words(n))]
        )
        counts, total = self._index.frequencies(lookup)

        def weight(count: int) -> float:
            return math.log(1 + (total - count + 0.5) / (count + 0.5))

        concepts: list[Concept] = []
        searched: dict[str, int] = {}
        for term in terms:
            ways: list[tuple[str, ...]] = []
            commonest = 0
            for name in names[id(term)]:
                words = content_words(name)
                if words and (count := min(counts[w] for w in words)):
                    ways.append(tuple(stem(w) for w in words))
                    commonest = max(commonest, count)
                    searched |= {w: counts[w] for w in words}
            concepts.append(Concept(tuple(dict.fromkeys(ways)), weight(commonest), named=True, unknown=not ways))
        for word in plain:
            key = next((k for k in said if word in k.split()), None)
            also = said[key] if key else []
            near = [] if counts[word] or also else self._near(word)
            # A slip says less than the word would: it weighs as if the word stood in one passage.
            known = {w: counts[w] for w in (word, *also) if counts[w]} | dict.fromkeys(near, 1)
            ways = [(stem(w),) for w in known] or [(stem(word),)]
            # A slip that could only be one word is that word; its parts say a word with a hyphen too.
            if "-" in word:
                ways.append(tuple(stem(part) for part in word.split("-")))
            concepts.append(Concept(tuple(dict.fromkeys(ways)), weight(max(known.values(), default=0)), unknown=not known, generic=word in GENERIC))
            searched |= known
        for key, also in said.items():
            # A phrase of words that say nothing each (“say no”), or a name that stands for its class.
            if not any(word in key.split() for word in plain) and (known := {w: counts[w] for w in also if counts[w]}):
                concepts.append(Concept(tuple((stem(w),) for w in known), weight(max(known.values()))))
                searched |= known
        order = sorted(searched, key=lambda w: searched[w])
        cancers = frozenset(relative for t in terms if t.cancer and self._names for relative in self._names.cancer_family(t.cancer))
        stems = frozenset(stem(part) for w in searched for part in {w, *w.split("-")})
        organs = frozenset() if cancers else self._organs(plain)
        asked = aspects(question)
        alone = (len(terms) == 1 and not plain and "definition" in asked) or asks_of_medicine(question, terms)
        defines = frozenset(stems_of(name) for name in (terms[0].term, *terms[0].aliases)) if alone else frozenset()
        strange, doubtful = map(tuple, strange_names(question, self._known))
        return Query(text, language, tuple(order), stems, tuple(concepts), asked, cancers, organs, math.log(max(total, 3)), defines, strange, doubtful)

    def _organs(self, plain: Sequence[str]) -> frozenset[str]:
        """Cancers of the organs that bare words name."""
        found = (self._names.find(f"{word} cancer") for word in plain[:MOST_ORGANS] if word.isalpha()) if self._names else ()
        return frozenset(term.cancer for names in found if len(names) == 1 and names[0][0].endswith(" cancer") and (term := names[0][1]).cancer)

    def _near(self, word: str) -> list[str]:
        """The words of the index that an unknown one is one slip away from."""
        if len(word) < SLIP_LENGTH or not word.isalpha():
            return []
        near = [w for w in self._index.like_words(stem(word)) if DamerauLevenshtein.distance(stem(word), w, score_cutoff=1) <= 1]
        # The index stems its own way: therapy is `therapi` there.
        return [way for w in near for way in ((w, w[:-1] + "y") if w.endswith("i") else (w,))]
