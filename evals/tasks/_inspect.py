"""Our tasks as inspect-ai tasks: rows as the dataset, one probe on the shared workbench as the solver, our rules as the scorers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from evals.journal import Journal
from evals.outcome import Outcome
from evals.probes import Probe, Rule
from evals.sets import Row
from evals.workbench import Workbench

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.scorer import Scorer
    from inspect_ai.solver import Solver

OUTCOME = "outcome"


def inspect_task(name: str, rows: list[Row], probe: Probe, bench: Workbench, journal: Journal, step: Callable[[], None]) -> Task:
    """A task over the rows. What the journal holds already is not run again. `step` is called after every row, for a progress bar."""
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset, Sample

    samples = [Sample(id=row.id, input=row.question, target=list(row.actions), metadata=row.model_dump(mode="json")) for row in rows]
    scorers = [_scorer(rule, judge) for rule, judge in probe.rules.items()]
    return Task(name=name, dataset=MemoryDataset(samples, name=name), solver=_solve(name, probe, bench, journal, step), scorer=scorers)


def _solve(task: str, probe: Probe, bench: Workbench, journal: Journal, step: Callable[[], None]) -> Solver:
    from inspect_ai.solver import Generate, TaskState, solver

    @solver(name="bot")
    def build() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            from anyio.to_thread import run_sync

            row = Row.model_validate(state.metadata)
            try:
                outcome = journal.get(task, row)
                if outcome is None:
                    outcome = await run_sync(probe.run, row, bench)
                    journal.put(task, row, outcome)
            finally:
                step()
            state.store.set(OUTCOME, outcome.model_dump(mode="json"))
            state.output.completion = outcome.answer.markdown if outcome.answer else outcome.text
            state.completed = True
            return state

        return solve

    return build()


def _scorer(name: str, rule: Rule) -> Scorer:
    from inspect_ai.scorer import Score, Target, accuracy, scorer, stderr
    from inspect_ai.solver import TaskState

    @scorer(metrics=[accuracy(), stderr()], name=name)
    def build() -> Scorer:
        async def judge(state: TaskState, target: Target) -> Score:
            found = rule(Row.model_validate(state.metadata), Outcome.model_validate(state.store.get(OUTCOME)))
            about: dict[str, Any] = {"figures": found.figures}
            if found.passed is None:
                return Score.unscored(reason="does not apply", metadata=about)
            return Score(value=int(found.passed), answer=state.output.completion, explanation=found.why, metadata=about)

        return judge

    return build()
