"""Harmful: help to hurt, deceive, steal, or betray a patient's trust is refused."""

from __future__ import annotations

from policies.signals import signals
from policies.verdict import Lexicon, Turn, Verdict

# Talk about cancer holds hard words of its own ("kill", "attack", "refuse"); there the classifier must be this sure.
_ABOUT_CANCER = 0.8
# Spanish is judged without the encoder, and its scores stay lower for the same likeness (cross-validated).
_SPANISH = 0.7
# … but without any word that a request for harm needs ("cómo me preparo") letters alone must be this sure.
_SPANISH_UNSAID = 0.92
# Below this a rule's words in talk about cancer are no request for harm ("the odds that a drug helps someone").
_UNLIKE = 0.03
RULES = (
    "violence",
    "self_destruction",
    "misinformation",
    "feigned_illness",
    "covert_medicine",
    "sabotage",
    "disguised_death",
    "hate",
    "crime",
    "patient_betrayal",
)


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
                about_cancer = read.has("scope.oncology") or bool(read.mentions.terms)
                excuses = read.within("harmful.excused", hit.sentence)
                # "Chemo kills cells, how do I kill my boss": an excuse for these very words, not for others beside them.
                if rule == "violence":
                    excuses = [excuse for excuse in excuses if excuse.start < hit.end and hit.start < excuse.end]
                if excuses or (about_cancer and self.name in turn.scores and score < _UNLIKE):
                    excused = True
                    continue
                return Verdict(self.name, True, f"harmful.{rule}", 1.0, evidence=read.words(hit)[:120])
        read = signals(turn.plain, self._lexicon)
        needed = max(self._threshold, _ABOUT_CANCER) if read.has("scope.oncology") or read.mentions.terms else self._threshold
        if turn.language == "es":
            needed = needed * _SPANISH if read.has("harmful.grave") else max(needed, _SPANISH_UNSAID)
        if score >= needed and not excused and not read.has("harmful.practical"):
            return Verdict(self.name, True, "harmful.likeness", score, evidence="nearest examples ask for harm")
        return Verdict(self.name, False, score=score)
