"""Finds medicines, supplements, diseases and oncology words in a message, and rewrites it so that rules need not list names.

`How much xelodda in 500 mg tablets?` becomes `how much zdrug in zamount tablets ?`. Rules in `lexicons/*.yaml` are written
against these tags: zdrug, zsupp, zcancer, zgene, zkin (a relative or friend), zamount (a number with a dose unit),
zlab (a laboratory value).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from policies.lexicons import load
from policies.normalise import fold
from policies.verdict import Lexicon

# Names longer than this many words are matched by their beginning only.
_LONGEST = 5
# Shorter names have too many everyday words one letter away.
_TYPO_LENGTH = 6
_STEM_LENGTH = 8
_LOOKED_AT = 4000
# Most tumours are named so; `no_tumors` lists the other words that end like them.
_TUMOR_ENDINGS = ("oma", "omas")

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*(?:['’.-][^\W_]+)*\+?|[^\w\s]|_")
_NUMBER = r"(?:\d+(?:[.,]\d+)*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|half|una?|dos|tres|cuatro|cinco|seis|siete|ocho|diez|media|medio)"
_DOSE_UNIT = (
    r"(?:mgs?|mcgs?|µg|μg|ug|milligrams?|micrograms?|milligrammes?|gramos?|grams|miligramos?|microgramos?|mls?|milliliters?|millilitres?|mililitros?|cc|ccs|ius?|units|unidades|grays?|gy|cgy"
    r"|tablets?|tabs?|pills?|capsules?|caps|puffs?|drops|patch(?:es)?|pastillas?|tabletas?|comprimidos?|capsulas?|gotas|parches?|gummies|edibles)"
)
# A concentration in blood is a laboratory value, not a dose.
_LAB = re.compile(r"\d+(?:[.,]\d+)*\s?(?:(?:mg|mcg|ng|pg|g|ug|µg|meq|mmol|u|iu|miu|units|cells|k)\s?/\s?(?:d?l|ml|mm3|mcl|ul|µl)|ng/ml)\b", re.IGNORECASE)
_AMOUNT = re.compile(rf"\b{_NUMBER}[\s-]?(?:{_DOSE_UNIT})\b(?:\s?(?:/|per|a|each|every)\s?(?:kg|m2|m²|day|dose|d|hour|h|week|dia|día)\b)?", re.IGNORECASE)
_RATE = re.compile(r"\b(?:mg|mcg|g)\s?/\s?(?:kg|m2|m²|day|d)\b", re.IGNORECASE)


# Said of one's own parents and of nobody else.
_PARENTS = frozenset("mom mum mommy dad daddy grandma grandpa nana hubby".split())
_POSSESSIVES = frozenset("my our his her their".split())
_BETWEEN = frozenset(
    "year years yr yo month months old - younger older little late elderly best dear best oldest youngest baby big step twin teenage mother own other sweet poor in law".split()
)


@dataclass(frozen=True)
class Mentions:
    """What a message names, and the message with the names replaced by tags. `terms`: oncology words, diseases and genes included."""

    tagged: str
    drugs: tuple[str, ...] = ()
    supplements: tuple[str, ...] = ()
    cancers: tuple[str, ...] = ()
    genes: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    other_medicines: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def _words(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+\+?", fold(name)))


class Finder:
    """Looks names up by their words, longest first. Built once per lexicon (about 4,000 names)."""

    def __init__(self, lexicon: Lexicon) -> None:
        data = load("medicines")
        self._plain = {_words(word) for word in str(data["everyday_words"]).split()}
        self._not_medicines = set(str(data["not_medicines"]).split())
        self._no_tumors = set(str(data["no_tumors"]).split())
        self._stems = tuple(str(data["stems"]).split())
        self._names: dict[tuple[str, ...], str] = {}
        for kind, names in (
            ("drug", lexicon.drugs), ("cancer", lexicon.cancers), ("gene", lexicon.genes), ("term", lexicon.terms),
            ("supp", [w.replace("-", " ") for w in str(data["supplements"]).split()]), ("other", [w.replace("-", " ") for w in str(data["everyday"]).split()]),
        ):  # fmt: skip
            for name in names:
                words = _words(name)
                if words and words not in self._plain:
                    self._names.setdefault(words, kind)
        # Supplements are asked about as supplements even where the catalogue lists them among medicines.
        for name in str(data["supplements"]).split():
            self._names[_words(name)] = "supp"
        self._firsts = {words[0] for words in self._names}
        self._near: dict[str, str] = {}
        for words, kind in self._names.items():
            if len(words) == 1 and len(words[0]) >= _TYPO_LENGTH and kind in ("drug", "other", "cancer") and words[0].isalpha():
                for form in _deletes(words[0]):
                    self._near.setdefault(form, words[0])
        self._known = set(self._firsts) | _english()

    def find(self, text: str) -> Mentions:
        """The names in a message. Linear in its length; only its first 4,000 characters are read."""
        text = fold(text[:_LOOKED_AT])
        text = _LAB.sub(" zlab ", text)
        amounts = [m.group() for m in _AMOUNT.finditer(text)]
        text = _RATE.sub(" zamount ", _AMOUNT.sub(" zamount ", text))
        tokens = _TOKEN.findall(text)
        out: list[str] = []
        found: dict[str, list[str]] = {}
        at = 0
        while at < len(tokens):
            size, kind = _relative(tokens, at) or self._at(tokens, at)
            if kind is None:
                out.append(tokens[at])
                at += 1
                continue
            found.setdefault(kind, []).append(" ".join(tokens[at : at + size]))
            out.append(" ".join(tokens[at : at + size]) if kind == "term" else {"other": "zdrug"}.get(kind, f"z{kind}"))
            at += size
        get = {kind: tuple(dict.fromkeys(names)) for kind, names in found.items()}
        none: tuple[str, ...] = ()
        return Mentions(
            " ".join(out), get.get("drug", none), get.get("supp", none), get.get("cancer", none), get.get("gene", none),
            get.get("term", none) + get.get("cancer", none) + get.get("gene", none), get.get("other", none), tuple(amounts),
        )  # fmt: skip

    def _at(self, tokens: list[str], at: int) -> tuple[int, str | None]:
        """How many tokens from here are a name, and of what."""
        first = _words(tokens[at])
        if not first:
            return 1, None
        if first[0] in self._firsts:
            words: list[str] = []
            best: tuple[int, str | None] = (1, None)
            for size in range(1, min(_LONGEST, len(tokens) - at) + 1):
                piece = tokens[at + size - 1]
                if size > 1 and piece in ".?!,;:":
                    break
                words.extend(_words(piece))
                kind = self._names.get(tuple(words))
                if kind is None and words and words[-1].endswith("s"):
                    kind = self._names.get((*words[:-1], words[-1][:-1]))
                if kind is not None:
                    best = (size, kind)
            if best[1] is not None:
                return best
        return 1, self._unlisted(tokens[at])

    def _unlisted(self, word: str) -> str | None:
        """A medicine by its ending, or a name one slip away."""
        word = word.removesuffix("'s")
        if not word.isalpha() or len(word) < _TYPO_LENGTH or word in self._known:
            return None
        if word.endswith(_TUMOR_ENDINGS) and word not in self._no_tumors:
            return "cancer"
        if len(word) >= _STEM_LENGTH and word.endswith(self._stems) and word not in self._not_medicines:
            return "drug"
        for form in _deletes(word):
            near = self._near.get(form)
            if near is not None and near[0] == word[0] and abs(len(near) - len(word)) <= 1:
                return self._names[(near,)]
        return None


@lru_cache(maxsize=1)
def _kin() -> frozenset[str]:
    return frozenset(str(load("speech")["kin"]).strip().split("|")) - {"patient"}


def _relative(tokens: list[str], at: int) -> tuple[int, str] | None:
    """ "my mom", "our 6 year old son", "dad's": a relative or friend, with what stands between the two words."""
    word = tokens[at].removesuffix("'s")
    if word in _PARENTS:
        return 1, "kin"
    if word not in _POSSESSIVES:
        return None
    for size in range(1, min(5, len(tokens) - at)):
        following = tokens[at + size].removesuffix("'s")
        if following in _kin() and not (size > 1 and following in ("friend", "friends")):
            return size + 1, "kin"
        if following == "old" and word != "their" and (at + size + 1 >= len(tokens) or tokens[at + size + 1] not in _kin()):
            return size + 1, "kin"
        if not (following.isdigit() or following in _BETWEEN):
            return None
    return None


def _deletes(word: str) -> list[str]:
    return [word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))]


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Everyday words that are never read as a misspelt medicine: the language lists, and what looked like one in general text."""
    words = {word for line in load("languages").values() for word in fold(str(line)).split()}
    return frozenset(words | set(str(load("scope")["not_names"]).split()))


@lru_cache(maxsize=4)
def finder_for(lexicon: Lexicon) -> Finder:
    """One Finder per lexicon, shared by the policies."""
    return Finder(lexicon)
