"""A run in the terminal: headline figures, a table of shares with intervals, the thresholds that were missed."""

from __future__ import annotations

from evals.gate import Verdict
from evals.results import EVERYTHING, Run

# Columns are narrow enough for 100 characters; the report has all.
_RULE_WIDTH = 22


def print_table(run: Run, verdicts: list[Verdict]) -> None:
    """Print the run to stdout, plain text so that a pipe can read it."""
    print(f"{len(run.results)} questions, {run.model}, library {run.library_version}, {run.seconds:.0f} s\n")
    for task in [*run.tasks, EVERYTHING]:
        print(f"{task} ({len(run.of(task))})")
        for rule in run.rules:
            share = run.share(rule, task)
            if share.n:
                print(f"  {rule:{_RULE_WIDTH}} {share}")
    print()
    for name, figure in run.headline().items():
        if name not in run.rules:
            print(f"{name:24} {figure}")
    print()
    for verdict in verdicts:
        print(verdict)
