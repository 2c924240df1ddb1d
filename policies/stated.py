"""Whether a statement of a question says what a false belief of the library says: words, meaning and denials weighed together.

"Since sugar feeds cancer we emptied the pantry. What can I bake?" states a belief and asks something else. Each statement, and each part of
it, is laid beside the beliefs it shares words with. A statement that denies what the belief affirms, that is hedged where the belief is not, or that
holds only a belief's condition and not its conclusion does not say it. The weights come from `python -m evals.bench.premises` (lexicons/premises.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from policies.corrections import Corrections
from policies.lexicons import load
from policies.normalise import fold
from policies.presupposition import content
from policies.verdict import Encoder, Myth, Vectors

LONGEST = 600
# A statement whose words hold less than this share of every belief is not worth encoding.
_WORTH = 0.4
# A shorter message asks, with or without a question mark ("chemo vs immunotherapy"); it takes nothing for granted.
_LEAST_WORDS = 9
_NEAR = (0.6, 0.5)
# Statements of one message that are encoded, likeliest first.
_ENCODED = 4
# How many beliefs a statement is compared with, nearest first.
_NEAREST = 6
# A belief's conclusion counts as said when a word of it stands there or its meaning is this near.
_CONCLUDES = 0.4
# Two words tell too little of a belief unless the statement is nearly the belief itself.
_FEW, _SAME = 3, 0.8
# Weight of a word that no belief has.
_FOREIGN = 4.0

_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_LEAD = re.compile(r"^(?:(?:since|because|as|given that|now that|knowing that|considering that|if|when|so|and|but|of course)\s+)+", re.IGNORECASE)
_ASKS = re.compile(r"^(?:so |and |but |then )?(?:what|which|who|where|when|why|how|is|are|do|does|did|can|could|should|will|would|any|right)\b", re.IGNORECASE)
_PART = re.compile(r",\s+(?:so|because|since|as|and|but|which|that is)\s+|\s+(?:so|because|since)\s+|,\s+", re.IGNORECASE)
_CONCLUSION = re.compile(r",\s+so\s+|\s+means?(?: that)?\s+|,\s+(?:but|it.s|no|it|then|nothing|that.s)\s+|,\s+", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|neither|cannot|can.?t|don.?t|doesn.?t|didn.?t|isn.?t|aren.?t|wasn.?t|won.?t|wouldn.?t|needn.?t|without"
    r"|stop\w*|skip\w*|rules? out|refuse\w*|useless|pointless|rarely|seldom|few|ignored?|unlike\w*|far from|hardly)\b"
)
_HEDGED = re.compile(
    r"\b(?:can (?:be|have|happen|come|get|take|also|still|often)|some|many|most|often|usually|sometimes|may|might|could|rarely|seldom|several|mostly|though|still"
    r"|as well|when needed|for a time)\b|\btoo(?=\s*(?:[.,!;]|$))"
)
_SWEEPING = re.compile(r"\b(?:every\w*|all|always|never|only|nothing|nobody|no one|any|surely|for sure|must|has to|have to|can.?t|cannot|ends? up|will)\b")


def statements(text: str) -> list[str]:
    """What a message states: its sentences that do not ask, the parts of each, and what stands before a question in the same sentence."""
    found: list[str] = []
    if len(text.split()) < _LEAST_WORDS:
        return []
    for sentence in (piece.strip() for piece in _SENTENCE.split(text[:LONGEST])):
        parts = _PART.split(sentence)
        asks = sentence.endswith("?") or _ASKS.match(sentence) is not None
        if not asks:
            found.append(sentence)
        if len(parts) > 1:
            found += [part for part in parts if not _ASKS.match(part) and not part.endswith("?")]
            before = next((i for i, part in enumerate(parts) if _ASKS.match(part) or part.endswith("?")), len(parts))
            if asks and before > 1:
                found.append(", so ".join(parts[:before]))
    return [piece for piece in dict.fromkeys(_LEAD.sub("", piece) for piece in found) if len(piece.split()) >= 3]


@dataclass(frozen=True)
class Claim:
    """How a text claims: whether its denials are odd in number, whether it is hedged, whether it says "always" or "only"."""

    denies: bool
    hedged: bool
    sweeping: bool


@lru_cache(maxsize=2048)
def claim(text: str) -> Claim:
    """Read a statement or a belief."""
    plain = fold(text)
    return Claim(len(_DENIES.findall(plain)) % 2 == 1, _HEDGED.search(plain) is not None, _SWEEPING.search(plain) is not None)


def conclusion(belief: str) -> str:
    """What a belief of the form "X, so Y" or "X means Y" concludes; nothing for any other."""
    parts = _CONCLUSION.split(belief)
    return parts[-1] if len(parts) > 1 else ""


def condition(belief: str) -> str:
    """What a belief of that form concludes from; nothing for any other."""
    parts = _CONCLUSION.split(belief)
    return parts[0] if len(parts) > 1 else ""


class Stated:
    """The beliefs of the library, ready to be found in statements."""

    def __init__(self, myths: Sequence[Myth], encoder: Encoder) -> None:
        beliefs = [myth.belief.rstrip(".") for myth in myths]
        self._encoder = encoder
        self._words = [content(belief) for belief in beliefs]
        counts: dict[str, int] = {}
        for words in self._words:
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        self._weight = {word: float(np.log((len(beliefs) + 1) / count)) + 0.2 for word, count in counts.items()}
        self._whole = np.array([self._sum(words) or 1.0 for words in self._words])
        self._holding = {word: np.array([i for i, words in enumerate(self._words) if word in words], np.int64) for word in counts}
        self._claims = [claim(belief) for belief in beliefs]
        self._denies = np.array([c.denies for c in self._claims], dtype=bool)
        self._hedged = np.array([c.hedged for c in self._claims], dtype=bool)
        self._concluded = [conclusion(belief) for belief in beliefs]
        # Words that only the condition has: those of the conclusion as well ("cancer") do not tell it.
        self._from = [content(condition(belief)) - content(end) for belief, end in zip(beliefs, self._concluded, strict=True)]
        self._elsewhere = Corrections(myths).of_other_cancers
        self._conclusions: dict[int, Vectors] = {}
        self._vectors: Vectors = encoder.encode([myth.belief for myth in myths])
        data = load("premises")["stated"]
        self.use(np.array(data["weights"], np.float64), float(data["bias"]))

    def use(self, weights: npt.NDArray[np.float64], bias: float) -> None:
        """Judge by other weights (9,) than those of the file: for cross-validation."""
        self._weights, self._bias = weights, bias

    def best(self, text: str, least: float = 0.0) -> tuple[int, float]:
        """(number of the belief that the message states most clearly, how surely 0–1); (-1, 0.0) when it states none.

        least: below it nobody asks how surely; statements whose words alone rule it out are not encoded, and of many the likeliest are.
        """
        found, sure = -1, 0.0
        needed = float(np.log(least / (1 - least))) if least > 0 else -np.inf
        elsewhere = self._elsewhere(fold(text[:LONGEST]))
        hopeful = [(self._at_most(statement), statement) for statement in statements(text)]
        for most, statement in sorted(hopeful, key=lambda pair: -pair[0])[:_ENCODED]:
            if most < needed:
                break
            for place, features in self._beside(statement):
                if elsewhere[place]:
                    continue
                chance = float(1 / (1 + np.exp(-(features @ self._weights + self._bias))))
                if chance > sure:
                    found, sure = place, chance
        return found, sure

    def _at_most(self, statement: str) -> float:
        """The highest logit that a statement can be expected to reach with any belief, by its words."""
        said, words = claim(statement), content(statement)
        shares, own = self._shares(words)
        may = (self._denies == said.denies) & (self._hedged | (not said.hedged)) & (shares > 0)
        if not may.any():
            return float("-inf")
        near, share, of_own, product, smaller = self._weights[:5]
        # With few words in common a meaning is hardly the same: 99 in 100 comparisons of our pairs lie below this line.
        cosine = np.minimum(_NEAR[0] + _NEAR[1] * shares, 1.0)
        logits = (
            near * cosine
            + (share + product * cosine) * shares
            + of_own * own
            + smaller * np.minimum(shares, own)
            + np.maximum(self._weights[5:], 0).sum()
            + self._bias
        )
        return float(logits[may].max())

    def candidates(self, text: str) -> list[tuple[int, Vectors]]:
        """(number of a belief, features) of every statement with each of its nearest beliefs that it may say."""
        elsewhere = self._elsewhere(fold(text[:LONGEST]))
        return [pair for statement in statements(text) for pair in self._beside(statement) if not elsewhere[pair[0]]]

    def _beside(self, statement: str) -> list[tuple[int, Vectors]]:
        words = content(statement)
        shares, own = self._shares(words)
        if not len(shares) or shares.max() < _WORTH:
            return []
        vector = self._encoder.encode([statement])[0]
        near = self._vectors @ vector
        said = claim(statement)
        ranked = [int(i) for i in np.argsort(-(near + shares))[: 3 * _NEAREST] if bool(self._denies[i]) is said.denies][:_NEAREST]
        found = []
        for i in ranked:
            concludes = float(self._conclusion(i) @ vector) if self._concluded[i] else 0.0
            if self._concluded[i] and not content(self._concluded[i]) & words and concludes < _CONCLUDES:
                continue
            if self._from[i] and not self._from[i] & words:
                continue
            belief = self._claims[i]
            if (said.hedged and not belief.hedged) or (len(words) < _FEW and near[i] < _SAME):
                continue
            numbers = (near[i], shares[i], own[i], near[i] * shares[i], min(shares[i], own[i]), belief.sweeping and not said.sweeping,
                       said.sweeping and belief.sweeping, said.denies, concludes)  # fmt: skip
            found.append((i, np.array(numbers, np.float32)))
        return found

    def _shares(self, words: frozenset[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """How much of each belief the words hold, and how much of the words each belief holds, 0–1."""
        held = np.zeros(len(self._words))
        for word in words:
            if word in self._holding:
                held[self._holding[word]] += self._weight[word]
        return held / self._whole, held / (self._sum(words) or 1.0)

    def _conclusion(self, place: int) -> Vectors:
        """The vector of a belief's conclusion, worked out when a message first comes near the belief: all of them would hold up every start."""
        known = self._conclusions.get(place)
        if known is None:
            known = self._conclusions[place] = self._encoder.encode([self._concluded[place]])[0]
        return known

    def warm(self) -> None:
        """Work out the conclusions of all beliefs."""
        places = [place for place, concluded in enumerate(self._concluded) if concluded]
        self._conclusions.update(zip(places, self._encoder.encode([self._concluded[place] for place in places]), strict=True))

    def _sum(self, words: frozenset[str]) -> float:
        return sum(self._weight.get(word, _FOREIGN) for word in words)
