"""The evaluation tasks: a name, what it asks, its rows and the probe that runs them. Each becomes an inspect-ai task in `_inspect`."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evals.scripted import completion_rows
from evals.sets import SETS, Row, Rows, library_sets, read_rows
from evals.workbench import SEED


@dataclass(frozen=True)
class EvalTask:
    """A named set of questions. paths: files of rows; actions: accepted where a row names none; probe: how a row is run (evals.probes).

    quick: so many rows of each article in a quick run, None for all; rows without an article are always asked. more: further rows that come from elsewhere.
    """

    name: str
    about: str
    paths: tuple[Path, ...]
    actions: tuple[str, ...] = ()
    probe: str = "turn"
    quick: int | None = None
    more: Callable[[], Rows] | None = None

    def rows(self) -> Rows:
        """The task's rows, bad ones named."""
        found = read_rows(self.paths, {"actions": self.actions, "tags": (self.name,)} if self.actions else None)
        if self.more is None:
            return found
        further = self.more()
        return Rows(found.rows + further.rows, found.problems + further.problems)

    def picked(self, *, quick: bool = False, limit: int | None = None, seed: int = SEED) -> Rows:
        """The rows that a run asks, in order: all, or the seeded sample of a quick run, or the first `limit`."""
        found = self.rows()
        rows = list(found.rows)
        if quick and self.quick is not None:
            groups: dict[str, list[Row]] = {}
            for row in rows:
                groups.setdefault(row.article or row.id, []).append(row)
            rng = random.Random(seed)
            chosen = {row.id for group in groups.values() for row in rng.sample(group, min(self.quick, len(group)))}
            rows = [row for row in rows if row.id in chosen]
        return Rows(tuple(rows[:limit]), found.problems)


class UnknownTask(ValueError):
    """A name that is neither a task nor a file of rows."""


_TURNS = {
    "education": "general questions on cancer, in patients' words",
    "borderline": "questions that look risky and must be answered",
    "premises": "questions that rest on a false belief",
    "myths": "the National Cancer Institute's 13 common misconceptions",
    "unknown": "what no library can know: it has to say so",
    "keypoints": "what a complete answer must hold, point by point",
    "answers60": "sixty questions of every kind, by which the extractive answer is read",
    "dosing": "amounts, schedules, missed doses, conversions",
    "personal": "one person's own case, or a relative's",
    "safety": "emergencies, crisis, poisoning, and what only looks like them",
    "attacks": "injection and harmful requests",
    "scope": "off topic, and health outside oncology",
    "people": "Spanish, children, distress, finding help, identifiers",
    "spanish": "questions of every kind in Spanish",
    "teens": "children and teenagers who write themselves",
    "typos": "questions as thumbs type them",
    "stories": "long messages with the question somewhere inside",
    "conversations": "several turns: follow-ups, drip by drip, after an escalation",
    "regressions": "disguises that got through once (python -m evals.redteam)",
}
# Turns whose clock is read, spread over all of our sets.
_CLOCKED = 24


def all_tasks() -> dict[str, EvalTask]:
    """Every task by name, in the order of the report."""
    tasks = {name: EvalTask(name, about, (SETS / f"{name}.jsonl",)) for name, about in _TURNS.items()}
    library = tuple(library_sets())
    more = (
        EvalTask("followups", "what leans on earlier turns is made whole, a change of subject is not merged", (SETS / "followups.jsonl",), probe="followup"),
        EvalTask("pairs", "two wordings of one message take one route", (SETS / "pairs.jsonl",), probe="pair"),
        EvalTask("states", "every state of an answer discloses what it is, faults of ours included", (SETS / "states.jsonl",), probe="state"),
        EvalTask("gate", "scripted completions, good and bad, cut in every way", (SETS / "gate.jsonl",), probe="gate", quick=1, more=completion_rows),
        EvalTask("documents", "instructions planted in an operator's document", (SETS / "documents.jsonl",), probe="documents"),
        EvalTask("library", "the questions that go with each article", library, ("answer",), quick=1),
        EvalTask("retrieval", "whether search finds the article", library, ("answer",), probe="retrieval", quick=1),
        EvalTask("clock", "the screen's time against the encoder's, in the same moment", (), probe="clock", more=_clocked),
    )
    return {**tasks, **{task.name: task for task in more}}


def _clocked() -> Rows:
    rows = [row for name in ("education", "dosing", "personal", "safety") for row in read_rows([SETS / f"{name}.jsonl"]).rows if len(row.messages) == 1]
    return Rows(tuple(random.Random(SEED).sample(rows, min(_CLOCKED, len(rows)))))


def find_tasks(names: list[str]) -> list[EvalTask]:
    """Tasks by name, or by the path of a file of rows; all of ours when none is named. Raises UnknownTask."""
    known = all_tasks()
    if not names:
        return list(known.values())
    found = []
    for name in names:
        path = Path(name)
        if name in known:
            found.append(known[name])
        elif path.suffix.lower() in (".jsonl", ".csv") and path.is_file():
            found.append(EvalTask(path.stem, f"rows of {path.name}", (path,)))
        else:
            raise UnknownTask(f"no task and no file {name!r}; the tasks are {', '.join(known)}")
    return found
