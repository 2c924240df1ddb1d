"""Whether a statement of a question says what a false belief of the library says, in whichever words.

"Since sugar feeds cancer we emptied the pantry. What can I bake?" states a belief and asks something else. Each statement, and each part of it, is laid
beside all the ways in which people say the beliefs, and beside what they say soundly about the same things, in a space where the two lie apart
(policies/space.py). How near both are, the words in common, denials and hedges are weighed together (weights: `python -m evals.bench.premises`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np
import numpy.typing as npt

from policies.corrections import Corrections
from policies.normalise import fold
from policies.presupposition import content
from policies.space import read_space
from policies.verdict import Encoder, Myth, Vectors

LONGEST = 600
# What a statement's words must tell of a belief before it is encoded: the share of it that the sayings of one belief hold, the share of one saying that
# it holds, and how false its words ring. Of 335 statements that were met on our pairs none lies below; of real messages' a quarter lies above.
_WORTH, _OF_SAYING, _BY_RING = 1.1, 0.7, 0.3
# A shorter message asks, with or without a question mark ("chemo vs immunotherapy"); it takes nothing for granted.
_LEAST_WORDS = 9
# Statements of one message that are encoded, likeliest first.
_ENCODED = 3
# How many beliefs a statement is compared with, nearest first, and what the share of its words that they hold counts beside nearness.
_NEAREST, _SHARE = 4, 0.4
# How near the nearest few ways of saying a belief are, on average.
_ALIKE = 3
# Weight of a word that no belief has.
_FOREIGN = 4.0

_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_LEAD = re.compile(r"^(?:(?:since|because|as|given that|now that|knowing that|considering that|if|when|so|and|but|of course)\s+)+", re.IGNORECASE)
_ASKS = re.compile(r"^(?:so |and |but |then )?(?:what|which|who|where|when|why|how|is|are|do|does|did|can|could|should|will|would|any|right)\b", re.IGNORECASE)
_PART = re.compile(r",\s+(?:so|because|since|as|and|but|which|that is)\s+|\s+(?:so|because|since)\s+|,\s+", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|neither|cannot|can.?t|don.?t|doesn.?t|didn.?t|isn.?t|aren.?t|wasn.?t|won.?t|wouldn.?t|needn.?t|without"
    r"|stop\w*|skip\w*|rules? out|refuse\w*|useless|pointless|rarely|seldom|few|ignored?|unlike\w*|far from|hardly)\b"
)
_HEDGED = re.compile(
    r"\b(?:can (?:be|have|happen|come|get|take|also|still|often)|some|many|most|often|usually|sometimes|may|might|could|rarely|seldom|several|mostly|though|still"
    r"|as well|when needed|for a time|fewer|less|lower|higher|(?:more|less) likely|a chance|not (?:always|every\w*|all)|need not|a few|quite a few|now and then|at times)\b|\btoo(?=\s*(?:[.,!;]|$))"
)
# What takes back, later in its sentence, what a part of it seems to claim: "nobody in our family had it, yet it could still get me".
_TAKES_BACK = re.compile(
    r"^[^.?!;]*?\b(?:yet|still|even so|all the same|anyway|anyhow|nonetheless|nevertheless|just the same|regardless|but (?:that|it|this))\b", re.IGNORECASE
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
    pieces = [piece for piece in dict.fromkeys(_LEAD.sub("", piece) for piece in found) if len(piece.split()) >= 3]
    return [piece for piece in pieces if not _TAKES_BACK.match(text[max(text.find(piece), 0) + len(piece) :])]


# What a statement is judged by, beside a belief: how near the nearest way of saying it is, and the nearest few on average; how near sound talk is, anywhere
# and about this belief; by how much the one is nearer than the other; how false the statement rings by itself; the shares of words; what is lost when a
# denial must match; its hedges, "always", denials.
FEATURES = ("near", "alike", "sound", "sound_of_it", "nearer", "farther", "rings", "own", "share", "polarity", "hedged", "sweeping", "denies")


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


@dataclass(frozen=True)
class _Sayings:
    """What statements are laid beside. Rows: every way of saying each belief, in the order of the beliefs, then what is said soundly.

    places: (rows, dimensions). first, first_sound: where a belief's rows begin among the false, the sound ones. holding: word → rows. own: word → beliefs.
    """

    places: Vectors
    first: npt.NDArray[np.intp]
    false: int
    sound_of: npt.NDArray[np.intp]
    denies: npt.NDArray[np.bool_]
    hedged: npt.NDArray[np.bool_]
    weight: dict[str, float]
    whole: npt.NDArray[np.float64]
    holding: dict[str, npt.NDArray[np.intp]]
    own: dict[str, npt.NDArray[np.intp]]


class Stated:
    """The beliefs of the library, ready to be found in statements. What they are laid beside is worked out when a message first states something."""

    def __init__(self, myths: Sequence[Myth], encoder: Encoder) -> None:
        self._myths, self._encoder = tuple(myths), encoder
        self._elsewhere = Corrections(myths).of_other_cancers
        self._space, self._weights, self._bias = read_space()
        self._known: _Sayings | None = None
        self._lock = Lock()

    def use(self, weights: npt.NDArray[np.float64], bias: float) -> None:
        """Judge by other weights than those of the file, as many as `FEATURES`: for cross-validation."""
        self._weights, self._bias = weights, bias

    def warm(self) -> None:
        """Work out now what statements are laid beside."""
        self._sayings()

    def best(self, text: str, stated: Sequence[str] | None = None) -> tuple[int, float]:
        """(number of the belief that the message states most clearly, how surely 0–1); (-1, 0.0) when it states none.

        stated: what is to be taken for its statements. Those whose words alone rule it out are not encoded, and of many the likeliest are.
        """
        found, sure = -1, 0.0
        for place, features in self.candidates(text, stated, strict=True):
            chance = float(1 / (1 + np.exp(-(features @ self._weights + self._bias))))
            if chance > sure:
                found, sure = place, chance
        return found, sure

    def candidates(self, text: str, stated: Sequence[str] | None = None, *, strict: bool = False) -> list[tuple[int, Vectors]]:
        """(number of a belief, features) of each statement worth it with each of its nearest beliefs. strict: without what is hedged where nobody hedges."""
        stated = statements(text) if stated is None else stated
        if not stated or not self._myths:
            return []
        known = self._sayings()
        shared = [self._shared(statement, known) for statement in stated]
        told = [own.max() + _OF_SAYING * held.max() + _BY_RING * self._space.rings(statement) for statement, (own, held) in zip(stated, shared, strict=True)]
        worth = sorted((number for number, much in enumerate(told) if much >= _WORTH), key=lambda number: -told[number])[:_ENCODED]
        if not worth:
            return []
        elsewhere = self._elsewhere(fold(text[:LONGEST]))
        texts = [stated[number] for number in worth]
        places, rings = self._space.put(texts, self._encoder.encode(texts))
        near = places @ known.places.T
        return [
            pair
            for number, row, rung in zip(worth, near, rings, strict=True)
            for pair in self._beside(stated[number], row, float(rung), shared[number], elsewhere, known, strict)
        ]

    def _beside(
        self, statement: str, near: Vectors, rings: float, shared: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
        elsewhere: npt.NDArray[np.bool_], known: _Sayings, strict: bool,
    ) -> list[tuple[int, Vectors]]:  # fmt: skip
        """The nearest beliefs of a statement with their features, in the order of `FEATURES`."""
        own, shares = shared
        said, false, sound = claim(statement), near[: known.false], near[known.false :]
        best = np.maximum.reduceat(false, known.first)
        ranked = best + _SHARE * own
        ranked[elsewhere] = -1.0
        soundest = float(sound.max()) if len(sound) else 0.0
        found = []
        for i in (int(i) for i in np.argsort(-ranked)[:_NEAREST] if ranked[i] > 0):
            rows = slice(known.first[i], known.first[i + 1] if i + 1 < len(known.first) else known.false)
            alike, own_sound = np.sort(false[rows])[-_ALIKE:].mean(), sound[known.sound_of == i]
            if strict and said.hedged and not known.hedged[known.first[i] + int(false[rows].argmax())]:
                continue
            same = false[rows][known.denies[rows] == said.denies]
            numbers = (
                best[i], alike, soundest, own_sound.max() if len(own_sound) else soundest,
                max(best[i] - soundest, 0.0), max(soundest - best[i], 0.0), rings, own[i], shares[rows].max(),
                (same.max() if len(same) else 0.0) - best[i], said.hedged, said.sweeping, said.denies,
            )  # fmt: skip
            found.append((i, np.array(numbers, np.float32)))
        return found

    def _shared(self, statement: str, known: _Sayings) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """How much of a statement's words the sayings of each belief hold (beliefs,), and how much of each saying the statement holds (rows,), 0–1."""
        own, held = np.zeros(len(self._myths)), np.zeros(known.false)
        words = content(statement)
        for word in words & known.own.keys():
            own[known.own[word]] += known.weight[word]
            held[known.holding[word]] += known.weight[word]
        return own / (sum(known.weight.get(word, _FOREIGN) for word in words) or 1.0), held / known.whole

    def _sayings(self) -> _Sayings:
        with self._lock:
            if self._known is None:
                self._known = self._worked_out()
            return self._known

    def _worked_out(self) -> _Sayings:
        ways = [tuple(dict.fromkeys((myth.belief.rstrip("."), *myth.said))) for myth in self._myths]
        false, sound = [text for group in ways for text in group], [text for myth in self._myths for text in myth.sound]
        texts = false + sound
        words = [content(text) for text in false]
        first = np.cumsum([0, *(len(group) for group in ways)])[:-1].astype(np.intp)
        holding: dict[str, list[int]] = {}
        own: dict[str, set[int]] = {}
        belief = np.repeat(np.arange(len(ways)), [len(group) for group in ways])
        for row, held in enumerate(words):
            for word in held:
                holding.setdefault(word, []).append(row)
                own.setdefault(word, set()).add(int(belief[row]))
        # Rare words tell one belief from another; "cancer" is in all of them.
        weight = {word: float(np.log((len(ways) + 1) / len(beliefs))) + 0.2 for word, beliefs in own.items()}
        # The beliefs with and without their full stop are two texts: what was shipped is the whole one.
        shipped = [myth.belief if k == 0 else text for myth, group in zip(self._myths, ways, strict=True) for k, text in enumerate(group)]
        return _Sayings(
            places=self._space.put(texts, self._encoder.encode(shipped + sound))[0], first=first, false=len(false),
            sound_of=np.repeat(np.arange(len(self._myths)), [len(myth.sound) for myth in self._myths]).astype(np.intp),
            denies=np.array([claim(text).denies for text in false], bool), hedged=np.array([claim(text).hedged for text in false], bool), weight=weight,
            whole=np.array([sum(weight[word] for word in held) or 1.0 for held in words]),
            holding={word: np.array(rows, np.intp) for word, rows in holding.items()},
            own={word: np.array(sorted(beliefs), np.intp) for word, beliefs in own.items()},
        )  # fmt: skip
