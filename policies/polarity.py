"""Whether a sentence says the opposite of its source: denied where the source affirms, turned round, or stronger than it.

Nothing here is statistical; a reviewer can say for each sentence which word made it fall. Opposites, words that deny without saying
"not", and strong words stand in `lexicons/meanings.yaml`. A sentence in other words than its source denies in other words too, so a
missing or added "not" counts only against an evidence sentence that otherwise says the same.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from policies.lexicons import load
from policies.likeness import STOP, WORD, content, sense, stem, support
from policies.normalise import fold

# Share of the claim's words that an evidence sentence must have before a "not" in one of the two is a contradiction.
SAME_WORDS = 0.60
# ... before an opposite is one; below it the two speak of different things.
_SAME_SUBJECT = 0.40
# Evidence sentences this much further than the nearest one are still compared.
_BESIDE = 0.15

_NOT = re.compile(
    r"\b(?:not|no|never|cannot|can't|won't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|hasn't|haven't|without|neither|nor|none|nunca|jamás|sin|ni|tampoco|ningun[oa]?|ningún)\b|n't\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\b(advis\w+|recommend\w*|warn\w*|speaks?)\s+against\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.;:!?]|,\s")
# What a "not" reaches: to the end of its clause, lists included ("without estrogen receptors, progesterone receptors, or extra HER2").
_REACH = re.compile(r"[.;:!?]|,\s+(?:but|yet|and (?:it|they|you|the)|so)\b|\bbut\b")
# After a negation these are passed over to reach what is denied ("is not yet known to help" denies help).
_LIGHT = frozenset(
    "been be yet always usually often a an the to have has had any show shown shows proven prove seem seems appear known know mean means need needs only just enough much many get gets make makes made work works still also help longer part good someone anyone somebody person people every everyone rule".split()
)
# Each of these is as wide as the others; "most" and its like are said of more than half.
_WHOLE = frozenset("all every each any everyone anyone whole always whenever todos todas cada cualquier siempre".split())
_MOST = frozenset("most mostly usually majority mayoria".split())
_OFTEN = _WHOLE | frozenset(
    "most mostly usual usually often common commonly majority many main mainly nearly typical typically general generally normal tend tends chief largest above largely primarily mayoria frecuente".split()
)
_ONLY = frozenset("only just alone solely sole few seldom rare rarely except exception unless mainly mostly main first where solo sólo unico".split())
# "They can all do it" counts a list; it claims no more than the list does.
_LISTING = re.compile(r"\b(?:can|may|might|could|are|were|these|they|we|us|of|them) all\b|\ball (?:of these|three|four|kinds)\b", re.IGNORECASE)
# "Exactly what they mean", "every day": no claim about how sure or how many.
_IDIOM = re.compile(
    r"\bexactly (?:what|which|where|how|who|when)\b|\b(?:what|which|where|how) exactly\b|\bevery (?:other |single |few )?(?:day|night|week|month|year|time|visit|\d)",
    re.IGNORECASE,
)
_ONLY_SOME = re.compile(r"\bonly (?:some|a (?:few|small|little|bit|handful)|when|if|after|about|around|\d)\b", re.IGNORECASE)
_MORE_THAN_HALF = re.compile(
    r"\b(?:[5-9]\d|100)(?:[.,]\d+)?\s?(?:%|percent|(?:of|in|out of) (?:every )?100)|\b[6-9] (?:of|in|out of) (?:every )?10\b|\b3 (?:of|in|out of) 4\b",
    re.IGNORECASE,
)


@cache
def _implicit() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(load('meanings')['denies'])})\b", re.IGNORECASE)


@cache
def _opposites() -> tuple[tuple[str, str], ...]:
    pairs = [(_base(a), _base(b)) for a, b in load("meanings")["opposite"]]
    return tuple(pairs + [(b, a) for a, b in pairs])


@cache
def _strong() -> frozenset[str]:
    return frozenset(fold(w) for w in load("meanings")["strong"])


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


@dataclass(frozen=True)
class Polarity:
    """words: lower case, no accents. denied: stems each "not" meets first; reached: every stem in the reach of one.
    affirmed: content stems that are not denied each time they stand. denies: whether anything in it denies, "lacks" and "rarely" included.
    """

    words: frozenset[str]
    denied: frozenset[str]
    reached: frozenset[str]
    affirmed: frozenset[str]
    negated: bool
    denies: bool


@lru_cache(maxsize=4096)
def polarity(text: str) -> Polarity:
    """Read a text (visible text, no citations). Cached, as `likeness.sense`."""
    words = frozenset(fold(w) for w in WORD.findall(text))
    first = [stem(m.group(1)) for m in _AGAINST.finditer(text)]
    reached: set[str] = set(first)
    for m in _NOT.finditer(text):
        following = text[m.end() : m.end() + 120]
        reached.update(content(_REACH.split(following)[0]))
        for word in WORD.findall(_CLAUSE_END.split(following)[0])[:6]:
            if word.lower() not in _LIGHT and (word.lower() not in STOP or len(word) >= 6):
                first.append(stem(word))
                break
    denied = Counter(first)
    affirmed = frozenset(s for s, n in Counter(content(text)).items() if n > denied[s])
    negated = bool(first or _NOT.search(text))
    return Polarity(words, frozenset(denied), frozenset(reached), affirmed, negated, negated or bool(_implicit().search(text)))


def contradiction(sentence: str, pieces: tuple[str, ...]) -> str:
    """The word on which a sentence and its evidence disagree, or nothing. pieces: the evidence, sentence by sentence.

    It must disagree with all of the nearest evidence sentences: one that says what it says is enough.
    """
    claim, said = sense(sentence), polarity(sentence)
    scored = sorted(((support(claim, sense(piece)), piece) for piece in pieces), key=lambda x: -x[0])
    if not scored:
        return ""
    best = scored[0][0]
    near = [(share, polarity(piece)) for share, piece in scored if share >= best - _BESIDE][:3]
    found = [_denial(said, piece, share) or (_opposition(said, piece) if share >= _SAME_SUBJECT else "") for share, piece in near]
    if all(found):
        return found[0]
    return _overclaim(sentence, said, " ".join(pieces))


def _denial(said: Polarity, known: Polarity, share: float) -> str:
    """The word that one denies and the other affirms; they must otherwise say the same."""
    if share < SAME_WORDS:
        return ""
    if said.negated and not known.denies:
        return f"not {min(said.denied)}" if said.denied & known.affirmed else ""
    if known.negated and not said.denies:
        return min((known.denied & said.affirmed) - known.affirmed, default="")
    if said.negated and known.negated:
        # Both deny: the one what the other affirms.
        return min((s for s in said.denied if s in known.affirmed and s not in known.reached), default="") and min(
            (s for s in known.denied if s in said.affirmed and s not in said.reached), default=""
        )
    return ""


def _opposition(said: Polarity, known: Polarity) -> str:
    """A word of the sentence whose opposite the evidence says in its place; not where one of the two is denied."""
    mine, theirs = _turned(said.words), _turned(known.words)
    if said.negated != known.negated:
        return ""
    for word, other in _opposites():
        if word in mine and word not in theirs and other in theirs and other not in mine:
            return word
    return ""


def _overclaim(sentence: str, said: Polarity, evidence: str) -> str:
    """A word that claims more than the evidence does; not one that is denied ("does not work for everyone")."""
    known = polarity(evidence)
    if said.words & _MOST and not known.words & _OFTEN and not _MORE_THAN_HALF.search(evidence):
        return min(said.words & _MOST)
    for word in sorted((_strong() | {"only"}) & said.words):
        as_wide = _WHOLE if word in _WHOLE else _ONLY if word == "only" else frozenset({word})
        root = stem(word)
        if known.words & as_wide and (word in _WHOLE or word == "only" or root in known.affirmed or word in STOP):
            continue
        if root in known.affirmed or root in said.reached or _reached(sentence, word):
            continue
        if _IDIOM.search(sentence) or (word in _WHOLE and _LISTING.search(sentence)) or (word == "only" and _ONLY_SOME.search(sentence)):
            continue
        return word
    return ""


def _reached(sentence: str, word: str) -> bool:
    """Whether a denial stands shortly before the word."""
    return bool(re.search(rf"(?:{_NOT.pattern}|{_implicit().pattern})[^.;:]{{0,60}}\b{word}\b", fold(sentence), re.IGNORECASE))
