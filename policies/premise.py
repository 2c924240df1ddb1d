"""Premise: a question that takes a known false belief for granted is answered with the correction first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from policies.corrections import Corrections
from policies.normalise import fold
from policies.presupposition import content, taken_for_granted
from policies.spoken import said
from policies.stated import Stated, statements
from policies.verdict import Encoder, Myth, Turn, Vectors, Verdict

# How sure a statement must say a belief (chosen on our pairs, cross-validated: evals/bench/premises.py).
SURE = 0.78
# How sure a question must ask about one that it words in its own way.
ASKED = 0.85
# A belief counts as taken for granted when words and meaning both agree: cosine of the vectors, share of the belief's weight found.
_CLOSE, _CLOSE_SHARE = 0.66, 0.6
# A question that states nothing must ask about the belief itself, and so say nearly all of it: "is dcis cancer" does not ask whether it has spread.
_ASKED_SHARE = 0.78
# With a marker of assumption ("since", "so how do we") the clause itself is compared, and less will do.
_MARKED, _MARKED_SHARE = 0.55, 0.45
# Words alone, where there is no vector for the language.
_WORDS_ONLY_SHARE = 0.8
# A ground of fewer telling words ("since I'm on tamoxifen") says no belief.
_LEAST_CLAUSE = 2
_LONGEST = 600
# Where the belief says "only", "always", "never", "nothing", the question must claim as much, or it merely asks about the same thing.
_CLAIM = re.compile(
    r"\b(?:only|always|every\w*|all|never|nothing|no|not|cannot|nobody|must|has to|have to|means?|any|forever|the end|same|at all|ever|solo|siempre|nunca|todos?|nada)\b|n't\b",
    re.IGNORECASE,
)

_MARKER = re.compile(
    r"(?:^as\b|\b(?:since|now that|given that|because|as we know|knowing that|seeing that|considering(?: that)?|it.?s known that|everyone knows(?: that)?|i know(?: that)?|i heard(?: that)?)\b|^if\b)"
    r"\s+(?P<clause>[^,.?!;]{8,160})",
    re.IGNORECASE,
)
_SO = re.compile(r"(?P<clause>[^.?!;]{8,160}?)[,.;]?\s+\b(?:so|therefore|right\?|then|entonces|asi que|verdad)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|no|never|cannot|can't|don't|doesn't|isn't|aren't|won't|without|nunca|ning[uú]n\w*)\b", re.IGNORECASE)
_DEFINES = re.compile(r"^\W*(?:what|que|qué) (?:is|are|es|son) (?:an? |the |el |la |un |una )?(?:[\w'-]+\s*){1,3}\?*$", re.IGNORECASE)
# What opens a question that assumes nothing of its matter: it asks what, how or when, or whether somebody may do a thing.
_OPEN = re.compile(
    r"^\W*(?:(?:so|and|but|hi|hello|please|ok|then|well)\b\W*)*(?:what|which|who|whom|whose|where|when|how|tell|explain|"
    r"(?:can|could|may|should|must|do|will|would|am|is it (?:ok|okay|safe|all right|fine|normal|good|bad) (?:to|if|for)|are) (?:(?:i|we|you|he|she|they|someone|my|our|her|his|their)\b|"
    r"(?:\w+ )?(?:people|patients|women|men|children|kids|survivors) (?:\w+ )?(?:with|on|in|get|have|having|during|who|keep|use|take)\b))",
    re.IGNORECASE,
)
# What says of somebody that they are the only ones, or never: asked whether they can, the belief is what is asked.
_EXCLUDES = re.compile(r"\b(?:only|never|cannot|can.?t|don.?t|nobody|no one)\b", re.IGNORECASE)
# A question for yes or no: what follows is what it asks about.
_CLOSED = re.compile(
    r"^\W*(?:(?:so|and|but|is it true that)\W+)?(?:is|are|does|do|did|can|will|must|has|have)\s+(?P<rest>(?:[\w'-]+\W+){3,18}[\w'-]+)\W*$", re.IGNORECASE
)
# A question that says its belief and asks whether it is so.
_IF_TRUE = re.compile(r"^\W*is it (?:really )?(?:true|so|a fact|right) (?:that )?", re.IGNORECASE)

# "Do deodorants give you cancer?" asks about the belief that one gave it, in whichever word of cause.
_CAUSE = re.compile(r"\b(?:caus\w+|g[ai]ves?|given|rais\w+ (?:the |your )?risk|leads? to|led to|from)\b", re.IGNORECASE)


class Premise:
    """Fires with `premise.myth` and the myth's id as evidence. Silent when no myths are handed in."""

    name = "premise"

    def __init__(self, myths: Sequence[Myth], encoder: Encoder | None = None, threshold: float = 0.0) -> None:
        self._myths = tuple(myths)
        self._encoder = encoder
        self._margin = threshold
        self._words = [content(myth.belief) for myth in self._myths]
        self._negated = [bool(_NEGATION.search(myth.belief)) for myth in self._myths]
        self._claims = [bool(_CLAIM.search(myth.belief)) for myth in self._myths]
        self._causes = [bool(_CAUSE.search(myth.belief)) for myth in self._myths]
        self._excludes = [bool(_EXCLUDES.search(myth.belief)) for myth in self._myths]
        self._corrections = Corrections(self._myths)
        counts: dict[str, int] = {}
        for words in self._words:
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        # Rare words tell one belief from another; "cancer" is in all of them.
        total = len(self._myths) + 1
        weight = {word: float(np.log(total / count)) + 0.2 for word, count in counts.items()}
        whole = np.array([sum(weight[word] for word in words) for words in self._words])
        self._whole = np.where(whole > 0, whole, 1.0)
        # Word → the beliefs it stands in and its weight: a message looks up its own words only.
        self._holding = {word: (np.array([i for i, words in enumerate(self._words) if word in words], np.int64), weight[word]) for word in counts}
        self.stated = Stated(self._myths, encoder) if encoder is not None and self._myths else None
        self._vectors: Vectors | None = encoder.encode([myth.belief for myth in self._myths]) if encoder is not None and self._myths else None

    def warm(self) -> None:
        """Work out now what messages near a belief need."""
        if self.stated is not None:
            self.stated.warm()

    def judge(self, turn: Turn) -> Verdict:
        """The belief that the question rests on, if any."""
        if not self._myths or _DEFINES.search(turn.plain):
            return Verdict(self.name, False)
        text = turn.plain[:_LONGEST]
        spoken = self._written_for(turn, [(form.corrected_by, "premise.said") for form in said(text)], text)
        # The beliefs are in English: words of another language and the vectors of an English encoder tell nothing of them.
        if spoken.fired or turn.language != "en":
            return spoken
        if self.stated is not None and turn.vector is not None and statements(text):
            found, sure = self.stated.best(text)
            if found >= 0 and sure >= SURE + self._margin:
                return replace(self._verdict(found, sure, True), rule="premise.stated")
            return self._assumed(turn, text)
        clause = self._clause(text)
        if len(content(clause)) < _LEAST_CLAUSE:
            clause = ""
        words = content(text)
        shares = self._shares(words)
        claims = bool(_CLAIM.search(text))
        candidates = np.array([i for i in np.flatnonzero(shares >= _MARKED_SHARE) if claims or not self._claims[i]], dtype=np.int64)
        if not len(candidates):
            return self._otherwise(turn, text, claims)
        narrower = self._corrections.narrower(fold(text))
        of_cause = _CAUSE.search(text) is not None
        asked = {int(i): self._asks_about(int(i), text) and not narrower[i] for i in candidates}
        if turn.vector is None or self._vectors is None:
            best = int(candidates[np.argmax(shares[candidates])])
            fires = shares[best] >= _WORDS_ONLY_SHARE + self._margin and asked[best]
            return self._verdict(best, float(shares[best]), fires)
        near = self._vectors @ turn.vector
        clause_near = self._vectors @ self._encoder.encode([clause])[0] if clause and self._encoder is not None else None
        clause_shares = self._shares(content(clause)) if clause else shares
        best, top, fires = -1, 0.0, False
        for i, fits in asked.items():
            close = float(near[i])
            marked = max(close, float(clause_near[i])) if clause_near is not None else close
            good = (fits and close >= _CLOSE + self._margin and shares[i] >= (_CLOSE_SHARE if clause or (of_cause and self._causes[i]) else _ASKED_SHARE)) or (
                clause_near is not None and marked >= _MARKED + self._margin and clause_shares[i] >= _MARKED_SHARE and self._same_polarity(int(i), clause)
            )
            score = 0.5 * marked + 0.5 * float(shares[i])
            if (good, score) > (fires, top):
                best, top, fires = int(i), score, good
        if best >= 0 and fires:
            return self._verdict(best, top, True)
        otherwise = self._otherwise(turn, text, claims)
        return otherwise if otherwise.fired or best < 0 else self._verdict(best, top, False)

    def _otherwise(self, turn: Turn, text: str, claims: bool) -> Verdict:
        """What a question asks about in words of its own, or rests on."""
        asked = self._asked(text) if claims and turn.vector is not None else -1
        return replace(self._verdict(asked, 1.0, True), rule="premise.asked") if asked >= 0 else self._assumed(turn, text)

    def _asked(self, text: str) -> int:
        """The belief that a question asks about in words of its own ("are trials only for people with no hope"); -1 for none."""
        closed = _CLOSED.match(text)
        if closed is None or _OPEN.match(text) is not None or self.stated is None:
            return -1
        found, sure = self.stated.best(text, (closed["rest"],))
        return found if sure >= ASKED + self._margin and not self._corrections.narrower(fold(text))[found] else -1

    def _assumed(self, turn: Turn, text: str) -> Verdict:
        """The belief that answers a frame the question rests on without saying it."""
        return self._written_for(turn, [(frame.corrected_by, "premise.frame") for frame in taken_for_granted(text)], text)

    def _written_for(self, turn: Turn, found: Sequence[tuple[tuple[str, ...], str]], text: str) -> Verdict:
        """The belief that was written for the first of what was found and that the library has, for this cancer and in this language."""
        if not found:
            return Verdict(self.name, False)
        plain = fold(text)
        near = self._vectors @ turn.vector if self._vectors is not None and turn.vector is not None and turn.language == "en" else None
        for patterns, rule in found:
            index = self._corrections.best(patterns, plain, turn.language, near)
            if index >= 0:
                return replace(self._verdict(index, 1.0, True), rule=rule)
        return Verdict(self.name, False)

    def _verdict(self, index: int, score: float, fires: bool) -> Verdict:
        myth = self._myths[index]
        return Verdict(self.name, bool(fires), "premise.myth" if fires else "", float(min(score, 1.0)), evidence=myth.id if fires else "")

    def _shares(self, words: frozenset[str]) -> Vectors:
        """How much of each belief's weight the words hold: (beliefs,) float32 in 0–1."""
        found = np.zeros(len(self._myths))
        for word in words:
            if word in self._holding:
                places, weight = self._holding[word]
                found[places] += weight
        return np.asarray(found / self._whole, dtype=np.float32)

    def _asks_about(self, index: int, text: str) -> bool:
        """Whether a question may be about the belief itself: "does a biopsy spread cancer" is, "can I get a flu shot" is about something else."""
        if self._negated[index] and not _NEGATION.search(text):
            return False
        return self._excludes[index] or _IF_TRUE.match(text) is not None or _OPEN.match(text) is None

    def _same_polarity(self, index: int, clause: str) -> bool:
        return bool(_NEGATION.search(clause)) == self._negated[index]

    @staticmethod
    def _clause(text: str) -> str:
        found = _MARKER.search(text) or _SO.search(text)
        return found["clause"].strip() if found else ""
