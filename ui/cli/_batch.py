"""Runs one line in, one line out, in order, with a progress bar; resumes where it stopped and loses nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class BatchError(Exception):
    """A batch that cannot be run as asked."""


class BadLine(Exception):
    """One line that cannot be worked on; the batch goes on."""


def run_batch(source: Path, target: Path, work: Callable[[Row], Row], failed: Callable[[str, str], Row], *, label: str, fresh: bool = False) -> int:
    """Work through `source` and append to `target`. `failed(id, reason)` makes the line for a bad one.

    Raises BatchError when `target` holds something else's output.
    """
    lines = [line for line in source.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    target.parent.mkdir(parents=True, exist_ok=True)
    done = 0 if fresh else _done(target, lines)
    bad = 0
    with progress_bar(label, len(lines)) as step, target.open("a" if done else "w", encoding="utf-8") as out:
        step(done)
        for number, line in enumerate(lines[done:], start=done + 1):
            row_id = f"line-{number}"
            try:
                row = _row(line)
                row_id = str(row.get("id", row_id))
                result = work(row)
            except BadLine as error:
                bad += 1
                print(f"{source.name}, line {number}: {error}", file=sys.stderr)
                result = failed(row_id, str(error))
            out.write(json.dumps(result, ensure_ascii=False) + "\n")
            out.flush()
            step(1)
    print(f"{len(lines)} lines, {len(lines) - done} worked on now, {bad} bad, written to {target}", file=sys.stderr)
    return 0


def _row(line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadLine(f"not JSON ({error})") from error
    if not isinstance(row, dict):
        raise BadLine("not a JSON object")
    if not isinstance(row.get("id"), (str, int)):
        raise BadLine('no "id"')
    return row


def _done(target: Path, lines: list[str]) -> int:
    """Whole lines already written for the same ids. A half-written last line is cut off."""
    if not target.exists():
        return 0
    raw = target.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    written = whole.decode("utf-8").splitlines()
    if len(written) > len(lines):
        raise BatchError(f"{target} holds {len(written)} lines, the batch has {len(lines)}; name another --out or say --fresh")
    for number, (old, line) in enumerate(zip(written, lines, strict=False), start=1):
        try:
            wanted = str(json.loads(line).get("id"))
        except (ValueError, AttributeError):
            continue
        if str(json.loads(old).get("id")) != wanted and not str(json.loads(old).get("id")).startswith("line-"):
            raise BatchError(f"{target}, line {number} is not for {wanted!r}; name another --out or say --fresh")
    if len(whole) != len(raw):
        target.write_bytes(whole)
    return len(written)


class progress_bar:
    """A progress bar on stderr; silent when nobody watches."""

    def __init__(self, label: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        self._bar = Progress(TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task(label, total=total)

    def __enter__(self) -> Callable[[int], None]:
        self._bar.start()
        return lambda n: self._bar.advance(self._task, n)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def texts_of(row: Row) -> list[str]:
    """The person's messages of a batch row: `messages` (roles kept to the person's), else `question` or `text`."""
    if "messages" in row:
        messages = row["messages"]
        if not isinstance(messages, list) or not all(isinstance(m, dict) and isinstance(m.get("content"), str) for m in messages):
            raise BadLine('"messages" must be a list of {"role", "content"}')
        texts = [m["content"] for m in messages if m.get("role", "user") == "user"]
    else:
        text = row.get("question", row.get("text"))
        texts = [text] if isinstance(text, str) else []
    if not texts or not texts[-1].strip():
        raise BadLine('needs "messages" or "question" with some text')
    return texts
