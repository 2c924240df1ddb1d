"""Runs tasks through inspect-ai, with no model of its own and no network, and turns its logs into a Run."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.journal import Journal
from evals.outcome import Outcome
from evals.probes import probes
from evals.results import Result, RuleScore, Run
from evals.sets import Row
from evals.tasks import EvalTask
from evals.tasks._inspect import OUTCOME, inspect_task
from evals.workbench import Workbench

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

# Turns at a time. Two cores and one interpreter: more only makes each turn's time look longer.
AT_ONCE = 2


class EvalFailed(Exception):
    """The run itself broke; it says nothing about the answers."""


def run_tasks(
    tasks: list[EvalTask], bench: Workbench, *, model: str, logs: Path, limit: int | None = None, progress: Callable[[int, int], None] | None = None,
    at_once: int = AT_ONCE, journal: Journal | None = None,
) -> Run:  # fmt: skip
    """Run every row of the tasks and score what came out. logs: folder for inspect-ai's own logs. Raises EvalFailed."""
    # inspect-ai keeps traces and locks in the platform's folders unless it is told otherwise.
    logs.mkdir(parents=True, exist_ok=True)
    os.environ.update({"INSPECT_DISPLAY": "none", "INSPECT_LOG_DIR": str(logs), "INSPECT_TRACE_FILE": str(logs / "trace.log"), "INSPECT_NO_ANALYTICS": "1"})
    import inspect_ai

    journal = journal or Journal(None)
    loaded = [(task, task.picked(quick=bench.quick, limit=limit, seed=bench.seed)) for task in tasks]
    problems = [problem for _, rows in loaded for problem in rows.problems]
    total, done = sum(len(rows.rows) for _, rows in loaded), 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    started = time.perf_counter()
    found: list[EvalLog] = []
    root = logging.getLogger()
    level = root.level
    # What looks at a clock comes last and by itself.
    try:
        for alone in (False, True):
            ours = [
                inspect_task(task.name, list(rows.rows), probes()[task.probe], bench, journal, step)
                for task, rows in loaded if rows.rows and probes()[task.probe].alone is alone
            ]  # fmt: skip
            if ours:
                found += inspect_ai.eval(
                    ours, model="none/none", display="none", log_dir=str(logs), log_level="error", log_format="eval", fail_on_error=False,
                    max_samples=1 if alone else at_once, max_tasks=1, score_display=False, ctl_server=False, log_realtime=False,
                )  # fmt: skip
    finally:
        root.setLevel(level)  # inspect-ai silences everybody's warnings for as long as the process lives
    rules = {task.name: list(probes()[task.probe].rules) for task in tasks}
    results = [result for log in found for result in _results(log, rules)]
    order = {(task.name, row.id): i for i, (task, row) in enumerate((task, row) for task, rows in loaded for row in rows.rows)}
    results.sort(key=lambda r: order[r.task, r.row.id])
    if len(results) != total:
        raise EvalFailed(f"{total} rows were asked, {len(results)} came back; see {logs}")
    version = next((r.answer.library_version for r in results if r.answer), "")
    return Run(
        created=datetime.now(UTC).isoformat(timespec="seconds"), model=model, library_version=version, seconds=round(time.perf_counter() - started, 1),
        limit=limit, quick=bench.quick, seed=bench.seed, results=results, problems=problems,
    )  # fmt: skip


def _results(log: EvalLog, rules: dict[str, list[str]]) -> list[Result]:
    if log.status != "success":
        raise EvalFailed(f"task {log.eval.task}: {log.error.message if log.error else log.status}")
    return [_result(log.eval.task, sample, rules[log.eval.task]) for sample in log.samples or []]


def _result(task: str, sample: EvalSample, rules: list[str]) -> Result:
    row = Row.model_validate(sample.metadata)
    stored: Any = sample.store.get(OUTCOME)
    if sample.error or stored is None:
        why = sample.error.message if sample.error else "nothing came out"
        return Result(task=task, row=row, answer=None, scores={rule: RuleScore(passed=False, why=why) for rule in rules}, error=why)
    outcome = Outcome.model_validate(stored)
    scores = {name: _score(score.value, score.explanation or "", score.metadata or {}) for name, score in (sample.scores or {}).items()}
    return Result(task=task, row=row, answer=outcome.answer, text=outcome.text, facts=outcome.facts, scores=scores)


def _score(value: Any, why: str, about: dict[str, Any]) -> RuleScore:
    applies = isinstance(value, (int, float)) and not math.isnan(value)
    return RuleScore(passed=bool(value) if applies else None, why=why, figures=about.get("figures", {}))
