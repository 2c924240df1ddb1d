"""Scope: cancer and what people with cancer ask is ours. Other health questions and everything else are declined, kindly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from policies.grammar import Hit
from policies.intent import intent_of
from policies.lexicons import load
from policies.signals import Signals, signals
from policies.verdict import Lexicon, Turn, Vectors, Verdict

_REMEMBERED = 8
# Labels of examples that belong to us, whatever is then done with them.
_OURS = ("education", "emergency", "crisis", "poisoning", "dosing")
# A message this short leans on the ones before it.
_FOLLOW_UP_WORDS = 12
_DEFINITION = re.compile(r"^\W*(?:que significa|que es|que son|que quiere decir|what does .{1,60} mean|define |definition of |meaning of )", re.IGNORECASE)

# Cosine to the nearest passage of the library from which a message counts as ours. Off-topic messages stay below .42 (98 in 100 below .39);
# health questions outside oncology come nearer (95 in 100 below .47).
COVERED, COVERED_HEALTH = 0.43, 0.50
# … and with a classifier that leans our way this much less will do.
_LEANS, _NEARLY = 0.3, 0.07
# Words of body and illness without another illness in them: people with cancer leave the word out. Declined when this surely not ours.
_OUTSIDE = 0.6
_SURELY = 0.8

# This surely another field of health ("what vaccines does a baby need"): the library must stand nearer still.
_OF_OTHERS = 0.9

# Cosine of a message's vector to the nearest passage of the library; handed in by bot.assembly.
Nearness = Callable[[Vectors], float]


@dataclass(frozen=True)
class ScopeThresholds:
    """off_topic: how sure the classifier must be to decline a message with no word of ours; ours: to keep one without any."""

    off_topic: float = 0.5
    ours: float = 0.6


class Scope:
    """Fires (declines) when neither the message nor the conversation before it is about cancer."""

    name = "scope"

    def __init__(self, lexicon: Lexicon, thresholds: ScopeThresholds | None = None, nearness: Nearness | None = None) -> None:
        self._lexicon = lexicon
        self._thresholds = thresholds or ScopeThresholds()
        self._nearness = nearness

    def judge(self, turn: Turn) -> Verdict:
        """`scope.off_topic`, `scope.health` or `scope.animal` when declined."""
        scores = turn.scores
        off = scores.get("off_topic", 0.0)
        outside = off + scores.get("health_other", 0.0)
        read = signals(turn.plain, self._lexicon)
        if read.has("scope.animal_patient") or (read.has("scope.animal") and not ours(read)):
            return Verdict(self.name, True, "scope.animal", max(off, 0.9), evidence=_first(read, "scope.animal_patient") or _first(read, "scope.animal"))
        if read.has("scope.namesake") and not read.has("scope.health"):
            return Verdict(self.name, True, "scope.off_topic", max(off, 0.9), evidence=_first(read, "scope.namesake"))
        if self._treats_another(read, scores):
            return Verdict(self.name, True, "scope.health", max(outside, 0.6), evidence=_first(read, "scope.other_illness"))
        if intent_of(turn) != "question" or ours(read) or foreign_oncology(turn.plain):
            if intent_of(turn) == "question" and (foreign := self._dressed_up(read)):
                return Verdict(self.name, True, "scope.off_topic", max(off, 0.6), evidence=foreign)
            # A word of ours in a message about something else altogether does not make it ours.
            if intent_of(turn) == "question" and read.has("scope.elsewhere") and off >= 0.9 and not read.mentions.terms:
                return Verdict(self.name, True, "scope.off_topic", off, evidence=_first(read, "scope.elsewhere"))
            return Verdict(self.name, False, score=outside)
        if (
            self._continues(turn, read, off)
            or read.has("scope.care")
            or (read.has("scope.unsaid") and not read.has("scope.other_illness") and _only_bills(read))
        ):
            return Verdict(self.name, False, score=outside)
        if turn.language not in ("en", "es") and not read.has("scope.elsewhere"):
            return Verdict(self.name, False, score=outside)
        if _DEFINITION.search(_folded(turn.plain)) and not read.has("scope.elsewhere") and turn.language == "es":
            return Verdict(self.name, False, score=outside)
        likely = sum(scores.get(label, 0.0) for label in _OURS)
        # Bills beside a word of health are those of care: "why three bills for one surgery".
        elsewhere = read.has("scope.elsewhere") and not (read.has("scope.health") and _only_bills(read))
        if likely >= self._thresholds.ours and not elsewhere and not read.has("scope.other_illness"):
            return Verdict(self.name, False, score=outside)
        # "Why would a doctor order a scan": an everyday word does not outweigh a sure likeness and a word of health.
        if likely >= _SURELY and read.has("scope.health") and not read.has("scope.other_illness"):
            return Verdict(self.name, False, score=outside)
        if self._covered(turn, read, likely):
            return Verdict(self.name, False, score=outside)
        if read.has("scope.health") and outside < _OUTSIDE and scores and not read.has("scope.elsewhere", "scope.other_illness"):
            return Verdict(self.name, False, score=outside)
        if read.has("scope.health") and not (read.has("scope.elsewhere") and off >= self._thresholds.off_topic):
            return Verdict(self.name, True, "scope.health", max(outside, 0.6), evidence=_first(read, "scope.health"))
        return Verdict(self.name, True, "scope.off_topic", max(off, 0.6), evidence=_first(read, "scope.elsewhere") or "no word about cancer or health")

    def _dressed_up(self, read: Signals) -> str:
        """What a message asks for that has nothing to do with the illness it is introduced by (“as a cancer patient, the best pizza in town”)."""
        costume = read.hits.get("scope.costume")
        if not costume or not read.has("scope.elsewhere"):
            return ""
        rest = signals(_without(read, costume), self._lexicon)
        if ours(rest) or rest.has("scope.health", "scope.own_life", "scope.unsaid"):
            return ""
        return _first(rest, "scope.elsewhere")

    def _treats_another(self, read: Signals, scores: dict[str, float]) -> bool:
        """Whether the only word of ours is "treatment" and it treats an illness of others: “what is the treatment for gout”."""
        hits = read.hits.get("scope.oncology", ())
        if not hits or read.mentions.terms or read.mentions.drugs or read.mentions.cancers or not read.has("scope.other_illness"):
            return False
        return scores.get("health_other", 0.0) >= _OUTSIDE and all(read.words(hit).strip() in ("the treatment", "el tratamiento") for hit in hits)

    def _covered(self, turn: Turn, read: Signals, likely: float) -> bool:
        """Whether the library speaks of it although no word of the message does: “what happens to your voice after the operation”."""
        if self._nearness is None or turn.vector is None or turn.language != "en" or read.has("scope.elsewhere", "scope.other_illness"):
            return False
        needed = (COVERED_HEALTH if read.has("scope.health") else COVERED) - (_NEARLY if likely >= _LEANS else 0.0)
        if turn.scores.get("health_other", 0.0) >= _OF_OTHERS:
            needed += _NEARLY
        return self._nearness(turn.vector) >= needed

    def _continues(self, turn: Turn, read: Signals, off: float) -> bool:
        """Whether a message without a word of ours belongs to a conversation about cancer."""
        earlier = [signals(text, self._lexicon) for text in turn.normalised[:-1][-_REMEMBERED:]]
        if not any(ours(before) for before in earlier) and not any(foreign_oncology(text) for text in turn.normalised[:-1][-_REMEMBERED:]):
            return False
        size = sum(len(s.text.split()) for s in read.sentences)
        if read.has("scope.elsewhere"):
            return False
        return read.has("scope.health") or (size <= _FOLLOW_UP_WORDS and off < 0.9)


def ours(read: Signals) -> bool:
    """Whether a message speaks of cancer or its treatment."""
    return read.has("scope.oncology") or bool(read.mentions.terms or read.mentions.drugs)


def _without(read: Signals, hits: list[Hit]) -> str:
    """The message's sentences without the words of some finds."""
    texts = []
    for number, sentence in enumerate(read.sentences):
        text = sentence.text
        for hit in sorted((h for h in hits if h.sentence == number), key=lambda h: -h.start):
            text = f"{text[: hit.start]} {text[hit.end :]}"
        texts.append(text)
    return " . ".join(texts)


def _only_bills(read: Signals) -> bool:
    """Whether the only word of elsewhere is the bills, which are ours here."""
    return all(read.words(hit).strip() in ("bill", "bills") for hit in read.hits.get("scope.elsewhere", ()))


def _first(read: Signals, concept: str) -> str:
    hits = read.hits.get(concept)
    return read.words(hits[0])[:120] if hits else ""


def _folded(text: str) -> str:
    from policies.normalise import fold

    return fold(text[:200])


@lru_cache(maxsize=1)
def _parts() -> tuple[str, ...]:
    return tuple(str(part).lower() for part in load("scope")["oncology_substrings"])


def foreign_oncology(text: str) -> bool:
    """Whether a message in a language without rules of its own speaks of cancer."""
    if text.isascii():
        return False
    lowered = text.lower()
    return any(part in lowered for part in _parts() if not part.isascii())
