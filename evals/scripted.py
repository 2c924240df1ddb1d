"""The scripted completions of evals/completions as rows of the gate task: sound ones, and wrong sentences set beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evals.sets import Row, Rows

FOLDER = Path(__file__).parent / "completions"


def completion_rows() -> Rows:
    """Rows of sound.jsonl, and of unsound.jsonl with each wrong sentence behind the sound text whose passages it misreads."""
    sound, problems = _read(FOLDER / "sound.jsonl")
    unsound, more = _read(FOLDER / "unsound.jsonl")
    by_id = {item["id"]: item for item in sound}
    rows = [_row(item, item["text"], sound=True) for item in sound]
    for item in unsound:
        beside = by_id.get(item.get("beside", ""))
        if beside is None:
            more.append(f"unsound.jsonl, {item['id']}: no sound completion {item.get('beside')!r}")
            continue
        rows.append(_row({**beside, "id": item["id"]}, f"{beside['text']} {item['text']}", forbidden=[item.get("span", item["text"])]))
    return Rows(tuple(rows), tuple(problems + more))


def _row(item: dict[str, Any], text: str, **probe: Any) -> Row:
    return Row(
        id=f"completion-{item['id']}", messages=(item["question"],), actions=("answer",), tags=("gate", "sound" if probe.get("sound") else "unsound"),
        article=item.get("article"), probe={"text": text, "passages": item["passages"], **probe},
    )  # fmt: skip


def _read(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    if not path.is_file():
        return [], []
    items, problems = [], []
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            item = json.loads(line)
            if not {"id", "text"} <= item.keys():
                raise ValueError("needs id and text")
            items.append(item)
        except (ValueError, AttributeError) as error:
            problems.append(f"{path.name}, line {n}: {error}")
    return items, problems
