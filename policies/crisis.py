"""Crisis: a person, or someone they care for, may end or harm their life. Fires more, never less, when a method is named."""

from __future__ import annotations

from functools import cache

from policies.rules import ALIKE, Ruleset
from policies.verdict import Turn, Verdict


@cache
def _ruleset() -> Ruleset:
    return Ruleset("crisis")


class Crisis:
    """Suicide and self-harm over every reading of the turn and the conversation before it. Urgency: "crisis"."""

    name = "crisis"

    def __init__(self, threshold: float = ALIKE) -> None:
        """threshold: how much a message must sound like an alarm where no phrase is known."""
        self._threshold = threshold

    def judge(self, turn: Turn) -> Verdict:
        """Fires on intent, means, self-harm, passive wishes and farewells; a classifier can only raise a weak sign."""
        return _ruleset().judge(turn, self._threshold)
