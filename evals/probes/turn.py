"""A whole turn of the assistant, scored by every rule of evals.scorers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.conversation import Answer, Message
from evals.outcome import Outcome, Score
from evals.probes import Probe, Rule
from evals.scorers import RULES
from evals.sets import Row
from evals.workbench import Workbench


def messages_of(row: Row) -> list[Message]:
    """The row's conversation."""
    return [Message(content=text) for text in row.messages]


def run(row: Row, bench: Workbench) -> Outcome:
    """Ask."""
    facts: dict[str, Any] = {}
    with bench.counted(facts):
        answer = bench.assistant.ask(messages_of(row))
    return Outcome(answer=answer, facts=facts)


def on_answer(rule: Callable[[Row, Answer], Score]) -> Rule:
    """A rule on Answers as a rule on Outcomes."""

    def judge(row: Row, outcome: Outcome) -> Score:
        if outcome.answer is None:
            return Score(rule.__name__, False, "no answer")
        return rule(row, outcome.answer)

    return judge


PROBE = Probe(run, {name: on_answer(rule) for name, rule in RULES.items()})
