"""Builds turns the way the engine does, and reads our labelled examples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from policies.normalise import decodings, normalise
from policies.premise import Premise
from policies.verdict import Encoder, Myth, Turn, Verdict

EXAMPLES = Path(__file__).resolve().parents[2] / "policies" / "examples"


def turn(*texts: str, **scores: float) -> Turn:
    """A conversation whose last message is being judged; scores: what the classifier said of it."""
    return Turn(tuple(texts), tuple(normalise(text) for text in texts), tuple(normalise(reading) for reading in decodings(texts[-1])), scores=scores)


def corrector(myths: Sequence[Myth], encoder: Encoder) -> Callable[[str], Verdict]:
    """Judges messages by the false-premise policy over these beliefs."""
    premise = Premise(myths, encoder)
    return lambda text: premise.judge(replace(turn(text), vector=encoder.encode([text])[0]))


def examples(name: str, label: str) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """(messages, row) of policies/examples/<name>.jsonl with this label."""
    for line in (EXAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["label"] == label:
            yield tuple(row.get("turns") or [row["text"]]), row
