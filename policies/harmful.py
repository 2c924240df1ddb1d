"""Harmful: help to hurt, deceive, steal, or betray a patient's trust is refused."""

from __future__ import annotations

from policies.signals import signals
from policies.verdict import Lexicon, Turn, Verdict

_ABOUT_CANCER = 0.8
RULES = ("violence", "self_destruction", "hate", "crime", "patient_betrayal")


class Harmful:
    """Fires on rules in any reading of the turn, or on a sure classifier. Killing cancer cells is not violence."""

    name = "harmful"

    def __init__(self, lexicon: Lexicon, threshold: float = 0.6) -> None:
        self._lexicon = lexicon
        self._threshold = threshold

    def judge(self, turn: Turn) -> Verdict:
        """The first rule whose words are not excused, else the classifier's word."""
        score = turn.scores.get(self.name, 0.0)
        excused = False
        for text in dict.fromkeys(turn.readings):
            read = signals(text, self._lexicon)
            for rule, hit in read.rules(self.name, RULES):
                if read.within("harmful.excused", hit.sentence):
                    excused = True
                    continue
                return Verdict(self.name, True, f"harmful.{rule}", 1.0, evidence=read.words(hit)[:120])
        read = signals(turn.plain, self._lexicon)
        # Talk about cancer holds hard words of its own; there the classifier must be surer.
        needed = max(self._threshold, _ABOUT_CANCER) if read.has("scope.oncology") or read.mentions.terms else self._threshold
        if score >= needed and not excused:
            return Verdict(self.name, True, "harmful.likeness", score, evidence="nearest examples ask for harm")
        return Verdict(self.name, False, score=score)
