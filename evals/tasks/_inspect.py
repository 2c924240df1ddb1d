"""Our tasks as inspect-ai tasks: rows as the dataset, one shared Assistant as the solver, our rules as the scorers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from bot.conversation import Answer, Message
from evals.scorers import RULES
from evals.sets import Row

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.scorer import Scorer
    from inspect_ai.solver import Solver

ANSWER = "answer"


class Asks(Protocol):
    """What a solver needs of an assistant."""

    def ask(self, messages: list[Message]) -> Answer: ...


def inspect_task(name: str, rows: list[Row], assistant: Asks, step: Callable[[], None]) -> Task:
    """A task over the rows. `step` is called after every turn, for a progress bar."""
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset, Sample

    samples = [Sample(id=row.id, input=row.question, target=list(row.actions), metadata=row.model_dump(mode="json")) for row in rows]
    return Task(name=name, dataset=MemoryDataset(samples, name=name), solver=_ask(assistant, step), scorer=[_scorer(rule) for rule in RULES])


def _ask(assistant: Asks, step: Callable[[], None]) -> Solver:
    from inspect_ai.solver import Generate, TaskState, solver

    @solver(name="bot")
    def build() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            from anyio.to_thread import run_sync

            messages = [Message(content=text) for text in state.metadata["messages"]]
            try:
                answer = await run_sync(assistant.ask, messages)
            finally:
                step()
            state.store.set(ANSWER, answer.model_dump(mode="json"))
            state.output.completion = answer.markdown
            state.completed = True
            return state

        return solve

    return build()


def _scorer(rule: str) -> Scorer:
    from inspect_ai.scorer import Score, Target, accuracy, scorer, stderr
    from inspect_ai.solver import TaskState

    @scorer(metrics=[accuracy(), stderr()], name=rule)
    def build() -> Scorer:
        async def judge(state: TaskState, target: Target) -> Score:
            found = RULES[rule](Row.model_validate(state.metadata), Answer.model_validate(state.store.get(ANSWER)))
            about: dict[str, Any] = {"figures": found.figures}
            if found.passed is None:
                return Score.unscored(reason="does not apply", metadata=about)
            return Score(value=int(found.passed), answer=state.output.completion, explanation=found.why, metadata=about)

        return judge

    return build()
