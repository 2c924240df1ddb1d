"""Runs tasks through inspect-ai, with no model of its own and no network, and turns its logs into a Run."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.conversation import Answer
from evals.results import Result, RuleScore, Run
from evals.sets import Row
from evals.tasks import EvalTask
from evals.tasks._inspect import ANSWER, Asks, inspect_task

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

# Turns at a time. Two cores and one interpreter: more only makes each turn's time look longer.
AT_ONCE = 2


class EvalFailed(Exception):
    """The run itself broke; it says nothing about the answers."""


def run_tasks(
    tasks: list[EvalTask], assistant: Asks, *, model: str, logs: Path, limit: int | None = None, progress: Callable[[int, int], None] | None = None,
    at_once: int = AT_ONCE,
) -> Run:  # fmt: skip
    """Ask every row of the tasks and score the answers. logs: folder for inspect-ai's own logs. Raises EvalFailed."""
    # inspect-ai keeps traces and locks in the platform's folders unless it is told otherwise.
    logs.mkdir(parents=True, exist_ok=True)
    os.environ.update({"INSPECT_DISPLAY": "none", "INSPECT_LOG_DIR": str(logs), "INSPECT_TRACE_FILE": str(logs / "trace.log"), "INSPECT_NO_ANALYTICS": "1"})
    import inspect_ai

    loaded = [(task, task.rows()) for task in tasks]
    problems = [problem for _, rows in loaded for problem in rows.problems]
    picked = [(task.name, list(rows.rows)[:limit]) for task, rows in loaded]
    total, done = sum(len(rows) for _, rows in picked), 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    started = time.perf_counter()
    found = inspect_ai.eval(
        [inspect_task(name, rows, assistant, step) for name, rows in picked if rows],
        model="none/none", display="none", log_dir=str(logs), log_level="error", log_format="eval", fail_on_error=False, max_samples=at_once, max_tasks=1,
        score_display=False, ctl_server=False, log_realtime=False,
    )  # fmt: skip
    results = [result for log in found for result in _results(log)]
    order = {(name, row.id): i for i, (name, row) in enumerate((name, row) for name, rows in picked for row in rows)}
    results.sort(key=lambda r: order[r.task, r.row.id])
    if len(results) != total:
        raise EvalFailed(f"{total} rows were asked, {len(results)} came back; see {logs}")
    version = next((r.answer.library_version for r in results if r.answer), "")
    return Run(
        created=datetime.now(UTC).isoformat(timespec="seconds"), model=model, library_version=version, seconds=round(time.perf_counter() - started, 1),
        limit=limit, results=results, problems=problems,
    )  # fmt: skip


def _results(log: EvalLog) -> list[Result]:
    if log.status != "success":
        raise EvalFailed(f"task {log.eval.task}: {log.error.message if log.error else log.status}")
    return [_result(log.eval.task, sample) for sample in log.samples or []]


def _result(task: str, sample: EvalSample) -> Result:
    row = Row.model_validate(sample.metadata)
    stored: Any = sample.store.get(ANSWER)
    if sample.error or stored is None:
        return Result(task=task, row=row, answer=None, scores={}, error=sample.error.message if sample.error else "no answer")
    scores = {name: _score(score.value, score.explanation or "", score.metadata or {}) for name, score in (sample.scores or {}).items()}
    return Result(task=task, row=row, answer=Answer.model_validate(stored), scores=scores)


def _score(value: Any, why: str, about: dict[str, Any]) -> RuleScore:
    applies = isinstance(value, (int, float)) and not math.isnan(value)
    return RuleScore(passed=bool(value) if applies else None, why=why, figures=about.get("figures", {}))
