"""Reads question-answer pairs from JSON and JSONL: each pair is a passage of its own, its question the heading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.errors import DocumentError
from knowledge.readers.encoding import decode
from knowledge.reading import Piece, Reading

QUESTION_KEYS = ("question", "q", "pregunta", "prompt", "name")
ANSWER_KEYS = ("answer", "a", "respuesta", "acceptedanswer", "response", "text")
LIST_KEYS = ("pairs", "questions", "faq", "faqs", "items", "data", "mainentity")
# Problems named one by one; a file of another kind would give thousands.
MAX_NAMED = 20


class _Unfit(ValueError):
    """A row that is no pair; says why."""


def read_jsonl(path: Path) -> Reading:
    """One JSON object a line. A broken line is named with its number, and the rest goes on."""
    rows: list[tuple[int, Any]] = []
    problems: list[str] = []
    for number, line in enumerate(decode(path.read_bytes(), path.name).split("\n"), start=1):
        if line.strip():
            try:
                rows.append((number, json.loads(line)))
            except (json.JSONDecodeError, RecursionError) as error:
                problems.append(f"{path.name}:{number}: not a JSON object ({_why(error)}); the line was left out")
    return _reading(path, None, rows, problems, "line")


def read_json(path: Path) -> Reading:
    """A list of pairs, `{"title": …, "questions": [pairs]}`, or a schema.org FAQPage."""
    try:
        data = json.loads(decode(path.read_bytes(), path.name))
    except json.JSONDecodeError as error:
        raise DocumentError(f"{path.name}:{error.lineno}: is not JSON ({error.msg}); for one object a line name the file .jsonl") from error
    except RecursionError as error:
        raise DocumentError(f"{path.name}: is nested too deep to be question-answer pairs") from error
    title = None
    if isinstance(data, dict):
        title = data.get("title") if isinstance(data.get("title"), str) else None
        lower = {str(key).lower(): value for key, value in data.items()}
        data = next((lower[key] for key in LIST_KEYS if isinstance(lower.get(key), list)), [data])
    if not isinstance(data, list):
        raise DocumentError(f'{path.name}: must hold a list of objects with "question" and "answer"')
    return _reading(path, title, list(enumerate(data, start=1)), [], "entry")


def _reading(path: Path, title: str | None, rows: list[tuple[int, Any]], problems: list[str], unit: str) -> Reading:
    pieces: list[Piece] = []
    for number, row in rows:
        try:
            pieces.append(_pair(row))
        except _Unfit as error:
            where = f"{path.name}:{number}" if unit == "line" else f"{path.name}: entry {number}"
            problems.append(f"{where}: {error}; it was left out")
    if not pieces:
        raise DocumentError(problems[0] if problems else f"{path.name}: holds no question-answer pair")
    if len(problems) > MAX_NAMED:
        problems = [*problems[:MAX_NAMED], f"{path.name}: and {len(problems) - MAX_NAMED} more"]
    return Reading(title, pieces, problems=problems)


def _pair(row: object) -> Piece:
    if not isinstance(row, dict):
        raise _Unfit('not an object with "question" and "answer"')
    lower = {str(key).lower(): value for key, value in row.items()}
    question = next(_texts(lower, QUESTION_KEYS), "")
    answer = next(_texts(lower, ANSWER_KEYS), "")
    if not question or not answer:
        raise _Unfit(f'no text under "{"answer" if question else "question"}"')
    url = next(_texts(lower, ("url", "source_url", "link")), "")
    return Piece((" ".join(question.split()),), answer, url=url if re.match(r"https?://[^\s\"<>]+$", url) else None, whole=True)


def _texts(row: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = row.get(key)
        if isinstance(value, dict):  # schema.org: {"acceptedAnswer": {"text": …}}
            value = value.get("text")
        if isinstance(value, str) and value.strip():
            yield value.strip()


def _why(error: Exception) -> str:
    return f"{error.msg} at character {error.colno}" if isinstance(error, json.JSONDecodeError) else "nested too deep"
