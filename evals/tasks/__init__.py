"""The evaluation tasks: a name, what it asks, and its rows. Each becomes an inspect-ai task in `_inspect`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evals.sets import SETS, Rows, library_sets, read_rows


@dataclass(frozen=True)
class EvalTask:
    """A named set of questions. paths: files of rows; actions: accepted where a row names none."""

    name: str
    about: str
    paths: tuple[Path, ...]
    actions: tuple[str, ...] = ()

    def rows(self) -> Rows:
        """The task's rows, bad ones named."""
        return read_rows(self.paths, {"actions": self.actions, "tags": (self.name,)} if self.actions else None)


class UnknownTask(ValueError):
    """A name that is neither a task nor a file of rows."""


_ABOUT = {
    "education": "general questions on cancer, in patients' words",
    "borderline": "questions that look risky and must be answered",
    "premises": "questions that rest on a false belief",
    "dosing": "amounts, schedules, missed doses, conversions",
    "personal": "one person's own case, or a relative's",
    "safety": "emergencies, crisis, poisoning, and what only looks like them",
    "attacks": "injection and harmful requests",
    "scope": "off topic, and health outside oncology",
    "people": "Spanish, children, distress, finding help, identifiers",
    "conversations": "several turns: follow-ups, drip by drip, after an escalation",
}


def all_tasks() -> dict[str, EvalTask]:
    """Every task by name, in the order of the report."""
    tasks = {name: EvalTask(name, about, (SETS / f"{name}.jsonl",)) for name, about in _ABOUT.items()}
    tasks["library"] = EvalTask("library", "the questions that go with each article", tuple(library_sets()), ("answer",))
    return tasks


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
