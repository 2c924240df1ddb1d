"""Reads and checks test questions: JSON lines or CSV, ours or anyone's. A bad row is named and counted, never dropped in silence.

A row is `{"id", "question" or "messages", "actions": […], "tags": […]}` and may carry `must_mention` (each item a text, or a list of
texts of which one is enough), `must_not_say`, `key_points` (as must_mention; two thirds are enough) and `urgency`. `messages` are the person's own texts, oldest first; the last is the turn
that is judged. In a CSV the lists are separated by `|`, and alternatives inside `must_mention` by ` or `; headers may be written as
people write them (`expected action`, `must mention`).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.conversation import Action, Urgency
from evals.labelled import as_row, is_labelled

SETS = Path(__file__).parent / "sets"
LIBRARY_SETS = SETS / "library"
_LISTS = ("also", "actions", "tags", "must_mention", "must_not_say", "key_points", "urgency", "messages")
_CHOICES = ("must_mention", "key_points")
# Other names of a field that people's files use.
_ALSO = {"action": "actions", "expected": "actions", "expected_action": "actions", "expected_actions": "actions", "must_say": "must_mention"}


class Row(BaseModel):
    """One test question and what a good answer to it does.

    actions: accepted actions. urgency: accepted urgencies of an escalation; empty accepts all. must_mention: every item has to
    stand in the answer. key_points: two thirds of them do. article: the library article that answers it, where there is one;
    also: others that answer it as well, where a reader would be as well served by them.
    probe: what a probe needs beside the question (evals/probes); empty for turns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    messages: tuple[str, ...]
    actions: tuple[Action, ...] = Field(min_length=1)
    tags: tuple[str, ...] = ()
    must_mention: tuple[tuple[str, ...], ...] = ()
    must_not_say: tuple[str, ...] = ()
    key_points: tuple[tuple[str, ...], ...] = ()
    urgency: tuple[Urgency, ...] = ()
    probe: dict[str, Any] = Field(default_factory=dict)
    article: str | None = None
    also: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = {_field(name): value for name, value in data.items()}
        question, messages = data.pop("question", None), data.get("messages")
        if (question is None) == (messages is None):
            raise ValueError('needs either "question" or "messages"')
        if messages is None:
            data["messages"] = (question,)
        elif isinstance(messages, list):
            data["messages"] = tuple(
                m.get("content") if isinstance(m, dict) else m for m in messages if not isinstance(m, dict) or m.get("role", "user") == "user"
            )
        for name in _LISTS:
            if isinstance(data.get(name), str):
                data[name] = (data[name],)
        for name in _CHOICES:
            if isinstance(data.get(name), (list, tuple)):
                data[name] = tuple((x,) if isinstance(x, str) else x for x in data[name])
        return data

    @field_validator("messages")
    @classmethod
    def _has_text(cls, messages: tuple[str, ...]) -> tuple[str, ...]:
        if not messages or not messages[-1].strip():
            raise ValueError("the question is empty")
        return messages

    @property
    def question(self) -> str:
        """The turn that is judged, as typed."""
        return self.messages[-1]


@dataclass(frozen=True)
class Rows:
    """What a file holds. problems: one line for each bad row, with file, line and reason."""

    rows: tuple[Row, ...]
    problems: tuple[str, ...] = field(default_factory=tuple)


def read_rows(paths: Iterable[Path], defaults: dict[str, Any] | None = None) -> Rows:
    """All rows of the files, in order. `defaults` fill fields that a row lacks. Raises OSError when a file cannot be read."""
    rows: dict[str, Row] = {}
    problems: list[str] = []
    for path in paths:
        for place, raw in _raw(path):
            try:
                data = json.loads(raw) if isinstance(raw, str) else raw
                if not isinstance(data, dict):
                    raise ValueError("not a JSON object")
                if is_labelled(data):
                    data = as_row(data)
                row = Row.model_validate({**(defaults or {}), **{_field(name): value for name, value in data.items()}})
                if row.id in rows:
                    raise ValueError(f"the id {row.id!r} is there already")
            except ValidationError as error:
                problems.append(f"{path.name}, line {place}: {_reasons(error)}")
            except ValueError as error:
                problems.append(f"{path.name}, line {place}: {error}")
            else:
                rows[row.id] = row
    return Rows(tuple(rows.values()), tuple(problems))


def _raw(path: Path) -> Iterator[tuple[int, str | dict[str, Any]]]:
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() != ".csv":
        yield from ((n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip())
        return
    reader = csv.DictReader(text.splitlines(keepends=True))
    for cells in reader:
        yield reader.line_num, _from_csv(cells)


def _from_csv(cells: dict[str, Any]) -> dict[str, Any]:
    """Cells as a row: empty ones are absent, lists are split, surplus cells are an error that the row's check will name."""
    row: dict[str, Any] = {}
    for name, cell in cells.items():
        if name is None:
            row["surplus cells"] = cell
        elif isinstance(cell, str) and cell.strip():
            key = _field(name)
            row[key] = [part.strip() for part in cell.split("|") if part.strip()] if key in _LISTS else cell.strip()
    for key in _CHOICES:
        if key in row:
            row[key] = [[x.strip() for x in item.split(" or ")] for item in row[key]]
    return row


def _field(name: str) -> str:
    """A field's own name: `Expected action` is `actions`."""
    plain = re.sub(r"[\s-]+", "_", str(name).strip().lower())
    return _ALSO.get(plain, plain)


def _reasons(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'row'}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors(include_input=False, include_url=False)[:3]
    )


def own_sets() -> dict[str, Path]:
    """Our sets by name, the library's questions apart."""
    return {path.stem: path for path in sorted(SETS.glob("*.jsonl"))}


def library_sets() -> list[Path]:
    """The questions that go with each article; their rows carry no action, a good answer answers them."""
    return sorted(LIBRARY_SETS.glob("*.jsonl"))
