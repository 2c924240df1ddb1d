"""What a run has found so far, a line a row, so that a run that was broken off goes on where it stopped.

The first line says what the run measures (model, seed, and a digest of everything an answer depends on). Where it does not say the
same as the run at hand, the old lines are of no use and a new journal begins.
"""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

from pydantic import ValidationError

from evals.outcome import Outcome
from evals.sets import Row

NAME = "journal.jsonl"
# Folders whose files an answer depends on.
_DEPENDS = ("bot", "policies", "knowledge", "evals/probes")
_BUILT = frozenset({".pyc", ".npz"})


class Journal:
    """Outcomes by row. `kept`: how many were there before. Without a path nothing is kept."""

    def __init__(self, path: Path | None, measures: dict[str, object] | None = None) -> None:
        self._path, self._lock = path, threading.Lock()
        self._known: dict[str, Outcome] = {}
        if path is None:
            return
        head = json.dumps(measures or {}, sort_keys=True, default=str)
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        if lines and lines[0] == head:
            self._read(lines[1:])
        path.parent.mkdir(parents=True, exist_ok=True)
        # A last line that was cut off goes; what is whole stays.
        whole = [head, *(json.dumps({"key": k, "outcome": o.model_dump(mode="json")}, ensure_ascii=False) for k, o in self._known.items())]
        path.write_text("\n".join(whole) + "\n", encoding="utf-8")

    @property
    def kept(self) -> int:
        return len(self._known)

    def get(self, task: str, row: Row) -> Outcome | None:
        """What the row brought out before, if it is the very same row."""
        return self._known.get(_key(task, row))

    def put(self, task: str, row: Row, outcome: Outcome) -> None:
        """Keep an outcome; written at once."""
        if self._path is None:
            return
        line = json.dumps({"key": _key(task, row), "outcome": outcome.model_dump(mode="json")}, ensure_ascii=False)
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def close(self) -> None:
        """The run is whole: the report holds all of it now."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _read(self, lines: list[str]) -> None:
        for line in lines:
            try:
                item = json.loads(line)
                self._known[item["key"]] = Outcome.model_validate(item["outcome"])
            except (ValueError, KeyError, TypeError, ValidationError):
                continue


def _key(task: str, row: Row) -> str:
    return f"{task}/{row.id}/{hashlib.blake2b(row.model_dump_json().encode(), digest_size=8).hexdigest()}"


def product_digest() -> str:
    """A digest of the files that an answer depends on: other code, articles or examples give another."""
    root = Path(__file__).parents[1]
    digest = hashlib.blake2b(digest_size=16)
    for folder in _DEPENDS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix not in _BUILT:
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
