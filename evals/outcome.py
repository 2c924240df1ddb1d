"""What one row brought out: the Answer of a turn, or what a probe saw where there is no whole turn (a gate, a search, a clock)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation import Answer


class Outcome(BaseModel):
    """answer: the turn's Answer, where there was a turn. text: what came out otherwise. facts: what a probe measured, plain values only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: Answer | None = None
    text: str = ""
    facts: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """One rule's word on one outcome. passed: None when the rule does not apply. value: the figure behind it, if there is one."""

    rule: str
    passed: bool | None
    why: str = ""
    value: float | None = None
    figures: dict[str, float] = field(default_factory=dict)


# Faults named in a reason before the rest is only counted.
_NAMED = 5


def score_of(rule: str, faults: list[str], figures: dict[str, float] | None = None) -> Score:
    """A Score that passes when there is no fault."""
    more = f" (and {len(faults) - _NAMED} more)" if len(faults) > _NAMED else ""
    return Score(rule, not faults, "; ".join(faults[:_NAMED]) + more, float(len(faults)), figures or {})
