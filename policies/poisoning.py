"""Poisoning: too much, double, the wrong or someone else's medicine, a child who swallowed something, household poisons.

Urgency "poisoning" (Poison Control), or "emergency_now" when the person is drowsy or does not breathe well.
"""

from __future__ import annotations

from functools import cache

from policies.grammar import Reading
from policies.medicine_words import many_taken
from policies.rules import ALIKE, Ruleset
from policies.verdict import Turn, Verdict


def _counted(reading: Reading, _earlier: frozenset[str]) -> set[str]:
    return {"many_taken" for number, sentence in enumerate(reading.sentences) if many_taken(sentence, number)}


@cache
def _ruleset() -> Ruleset:
    return Ruleset("poisoning", extra=_counted)


class Poisoning:
    """Something swallowed, injected, worn or breathed in that should not have been, over every reading of the turn."""

    name = "poisoning"

    def __init__(self, threshold: float = ALIKE) -> None:
        """threshold: how much a message must sound like an alarm where no phrase is known."""
        self._threshold = threshold

    def judge(self, turn: Turn) -> Verdict:
        """Fires with urgency and rule; a missed dose never fires."""
        return _ruleset().judge(turn, self._threshold)
