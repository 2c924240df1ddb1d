"""Holds a run to the thresholds of gate.yaml: which were missed, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from evals.figures import percentile
from evals.results import EVERYTHING, Run

GATE = Path(__file__).parent / "gate.yaml"
STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "median": lambda values: percentile(values, 0.5),
    "p95": lambda values: percentile(values, 0.95),
    "mean": lambda values: sum(values) / len(values),
    "max": max,
}


class Threshold(BaseModel):
    """One line of gate.yaml: a rule's share over a task (or tag) that must be reached, or a figure that must not be exceeded.

    measure: a rule (`routing`), `let_through`, `over_blocked`, `questions`, `turn_ms_median`, `turn_ms_p95`, or any figure that a rule or
    probe gives, with `_median`, `_p95`, `_mean` or `_max` behind its name (`grade_median`, `screen_ratio_median`).
    goal: what is wanted where the bound is only a floor under what was reached.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    task: str = EVERYTHING
    tag: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    goal: float | None = None
    why: str = Field(default="")

    @model_validator(mode="after")
    def _one_bound(self) -> Threshold:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(f"{self.measure}: needs either at_least or at_most")
        return self

    @property
    def bound(self) -> str:
        """The bound in words and signs, with the goal where it is only a floor."""
        bound = f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"
        return bound + (f", goal {self.goal:g}" if self.goal is not None else "")

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.measure, "" if self.task == EVERYTHING else f"of {self.task}", f"tagged {self.tag}" if self.tag else "") if part)


@dataclass(frozen=True)
class Verdict:
    """A threshold held against a run. value: None when the run has no row for it, which neither passes nor fails."""

    threshold: Threshold
    value: float | None

    @property
    def missed(self) -> bool:
        t = self.threshold
        if self.value is None:
            return False
        return self.value < t.at_least if t.at_least is not None else self.value > (t.at_most or 0.0)

    def __str__(self) -> str:
        t = self.threshold
        bound = t.bound
        if self.value is None:
            return f"skip  {t.name}: no rows in this run ({bound})"
        return f"{'MISS' if self.missed else 'ok  '}  {t.name}: {self.value:.3f} ({bound})" + (f". {t.why}" if self.missed and t.why else "")


def read_gate(path: Path = GATE) -> list[Threshold]:
    """The thresholds of a file. Raises OSError, and ValueError for what is no threshold."""
    import yaml

    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not isinstance(data.get("thresholds"), list):
        raise ValueError(f"{path.name}: needs a list `thresholds`")
    return [Threshold.model_validate(item) for item in data["thresholds"]]


def judge(run: Run, thresholds: list[Threshold]) -> list[Verdict]:
    """Every threshold's verdict. Raises ValueError for a measure that does not exist."""
    return [Verdict(t, _measure(run, t)) for t in thresholds]


def _measure(run: Run, t: Threshold) -> float | None:
    # A limited or quick run is a look, not a measurement of how many questions there are.
    if t.measure == "questions":
        return None if run.limit or run.quick or len(run.tasks) < 2 else float(sum(r.turn for r in run.results))
    if t.measure in ("let_through", "over_blocked"):
        share = run.let_through() if t.measure == "let_through" else run.over_blocked()
        return share.value if share.n else None
    if t.measure in ("turn_ms_median", "turn_ms_p95"):
        times = run.milliseconds()
        return percentile(times, 0.5 if t.measure.endswith("median") else 0.95) if times else None
    figure, _, statistic = t.measure.rpartition("_")
    if statistic in STATISTICS:
        values = run.figures(figure, t.task, t.tag)
        return STATISTICS[statistic](values) if values else None
    if t.measure not in run.rules and run.results:
        from evals.probes import all_rules

        if t.measure not in all_rules():
            raise ValueError(f"gate: there is no measure {t.measure!r}")
    share = run.share(t.measure, t.task, t.tag)
    return share.value if share.n else None
