"""Checks a finished text by the output policies alone: `oncolantern check --side output`.

Runs the very gate that answers stream through. Without passages grounding is skipped; disclosure belongs to whole answers and never runs here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.guard import OutputGuard
from policies.output_guard import build_output_guard
from policies.release import Gate
from policies.verdict import Verdict

__all__ = ["OutputCheck", "build_output_guard", "check_output"]


@dataclass(frozen=True)
class OutputCheck:
    """action: `answer` when all was kept, `block` when a sentence fell, `error` when a policy failed. hits: what fired or failed, once a rule.
    released: the kept sentences verbatim."""

    action: Literal["answer", "block", "error"]
    hits: tuple[Verdict, ...]
    released: str


def check_output(
    text: str,
    question: str = "",
    passages: Sequence[str] | None = None,
    *,
    guard: OutputGuard | None = None,
    system_prompt: str = "",
    allowed_hosts: Iterable[str] = (),
) -> OutputCheck:
    """Judge a whole text. passages are numbered from 1; None skips grounding. guard: built once by the caller for a batch.

    Raises policies.guard.PolicyBroken when no guard was given and a policy fails its self-test.
    """
    gate = Gate(
        guard or build_output_guard(),
        question=question,
        passages=None if passages is None else dict(enumerate(passages, start=1)),
        system_prompt=system_prompt,
        allowed_hosts=frozenset(allowed_hosts),
        tidy=False,
    )
    released = "".join([*gate.feed(text), *gate.finish()])
    report = gate.report
    hits = tuple({(v.policy, v.rule): v for v in report.verdicts}.values())
    action: Literal["answer", "block", "error"] = "error" if report.failed else "block" if report.dropped else "answer"
    return OutputCheck(action, hits, released)
