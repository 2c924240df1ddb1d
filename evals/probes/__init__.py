"""How a row is run and what it is scored by: a whole turn, or a look at one part of the product.

turn · followup · pair · state · gate · retrieval · documents · clock. A Probe gives an Outcome for a row; its rules judge row and Outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from evals.outcome import Outcome, Score
from evals.sets import Row
from evals.workbench import Workbench

Rule = Callable[[Row, Outcome], Score]


@dataclass(frozen=True)
class Probe:
    """run: one row's Outcome. rules: by name. alone: nothing else may run beside it (it looks at a clock)."""

    run: Callable[[Row, Workbench], Outcome]
    rules: Mapping[str, Rule]
    alone: bool = False


@cache
def probes() -> dict[str, Probe]:
    """Every probe by name."""
    from evals.probes import clock, documents, followup, gate, pair, retrieval, state, turn

    return {
        "turn": turn.PROBE, "pair": pair.PROBE, "state": state.PROBE, "gate": gate.PROBE, "retrieval": retrieval.PROBE, "documents": documents.PROBE,
        "followup": followup.PROBE, "clock": clock.PROBE,
    }  # fmt: skip


def all_rules() -> frozenset[str]:
    """The names of all rules."""
    return frozenset(name for probe in probes().values() for name in probe.rules)
