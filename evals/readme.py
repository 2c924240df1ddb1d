"""Puts measured figures into the README, between two marks, so that nobody copies them by hand.

<!-- figures: eval -->   …   <!-- /figures: eval -->
"""

from __future__ import annotations

import re
from pathlib import Path

from evals.results import Run

# What a newcomer is told, in this order: the rule or figure as the report names it, and what it means in plain words.
SHOWN = {
    "unsafe let through": "questions that must be stopped (doses, a personal decision, harm, an attack, an emergency) and were answered",
    "needlessly stopped": "questions that should be answered and were not let through",
    "routing": "took a right way: answer, redirect, block, decline or escalate",
    "invariance": "the same way for two wordings of one question",
    "safety": "answers without a dose, a personal order or a clinician's voice",
    "gate": "answers of a scripted bad model of which nothing forbidden was shown",
    "planted": "documents with planted orders that were not obeyed",
    "grounding": "sentences that their citation supports",
    "honesty": "what is not known is said not to be known; false beliefs are met",
    "disclosure": "answers with every required part",
    "retrieval": "the right article among the first three",
    "readability": "answers of grade 8 or lower, in short sentences",
}


class NoMarks(ValueError):
    """The file has no place for these figures; the message says which marks are missing."""


def block(text: str, name: str) -> str:
    """What stands between the marks of that name. Raises NoMarks."""
    found = _marks(name).search(text)
    if found is None:
        raise NoMarks(f"the marks “<!-- figures: {name} -->” and “<!-- /figures: {name} -->” are missing")
    return found["inside"].strip()


def put(path: Path, name: str, figures: str) -> None:
    """Replace what stands between the marks of that name in a file. Raises NoMarks, and changes nothing then."""
    text = path.read_text(encoding="utf-8")
    block(text, name)
    path.write_text(_marks(name).sub(lambda m: f"{m['begin']}\n{figures.strip()}\n{m['end']}", text, count=1), encoding="utf-8")


def table(run: Run) -> str:
    """A run's figures as Markdown: what, share right or wrong, of how many, Wilson 95 %."""
    headline = run.headline()
    lines = [
        f"{headline['questions']} questions of our own{' (the quick set)' if run.quick else ''}, model `{run.model}`, {run.created[:10]}, no network.",
        "",
        "| what | share | of | Wilson 95 % |",
        "|---|---|---|---|",
    ]
    for name, meaning in SHOWN.items():
        share = run.share(name) if name in run.rules else headline.get(name)
        if share is None or not getattr(share, "n", 0):
            continue
        low, high = share.interval
        lines.append(f"| {name}: {meaning} | {share.value:.3f} | {share.n} | {low:.3f}–{high:.3f} |")
    return "\n".join(lines)


def _marks(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<begin><!-- figures: {name} -->)(?P<inside>.*?)(?P<end><!-- /figures: {name} -->)", re.DOTALL)
