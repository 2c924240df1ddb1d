"""How good and how fast the sentence gate is, over the scripted completions of evals/completions.

    python -m evals.bench.gate [--every-cut]

Sound completions must survive; what nobody may see must not be shown however its stream is cut; misreadings and sentences that cite the
wrong passage tell what grounding's comparison of meanings is worth (rules and a sentence encoder are no reader, so these are no gate).
Thresholds were set on the half called dev; the other half is measured only.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.completions.forbidden import FOLDER
from evals.figures import Share, percentile
from evals.probes.gate import SYSTEM_PROMPT, cuts, seen
from policies.guard import OutputGuard
from policies.reading import visible
from policies.release import Gate, GateReport
from policies.sentences import units
from policies.verdict import Draft, Verdict

SEED = 20261125
# Above this share of dropped sentences the extractive answer takes over (bot.compose).
REPLACED = 0.30
_CITED = re.compile(r"\[\d{1,3}\]")

Rows = dict[str, dict[str, Any]]


class Remembering:
    """A guard that judges the same draft once: its policies keep no state, and a stream cut in 300 ways holds the same drafts."""

    def __init__(self, guard: OutputGuard) -> None:
        self._guard = guard
        self._told: dict[tuple[str, str, str], tuple[Verdict, ...]] = {}

    def judge(self, draft: Draft) -> tuple[Verdict, ...]:
        key = (draft.tail, draft.sentence, draft.question)
        if key not in self._told:
            self._told[key] = self._guard.judge(draft)
        return self._told[key]

    def judge_all(self, drafts: list[Draft]) -> list[tuple[Verdict, ...]]:
        return [self.judge(draft) for draft in drafts]


@dataclass
class Matrix:
    """What streaming the bad completions in every way showed."""

    completions: int = 0
    streams: int = 0
    shown: int = 0
    leaks: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


def rows(name: str) -> Rows:
    """Rows of a file of evals/completions by id."""
    return {row["id"]: row for row in map(json.loads, (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())}


def passages(row: dict[str, Any]) -> dict[int, str]:
    """Citation number → evidence."""
    return {int(n): str(text) for n, text in row["passages"].items()}


def released(guard: Any, row: dict[str, Any], chunks: list[str]) -> tuple[str, GateReport]:
    """What the gate lets out of a stream of chunks that rests on a row's passages."""
    gate = Gate(guard, question=row["question"], passages=passages(row), system_prompt=SYSTEM_PROMPT)
    text = "".join([*(piece for chunk in chunks for piece in gate.feed(chunk)), *gate.finish()])
    return text, gate.report


def matrix(guard: Any, *, every_cut: bool = False, step: int = 1) -> Matrix:
    """Stream every `step`-th bad completion behind its sound text in every way: whole, in pieces of 1, 3, 7, 11 and random size, cut at each place."""
    found, sound = Matrix(), rows("sound")
    for bad in list(rows("unsound").values())[::step]:
        row = sound[bad["beside"]]
        opening = units(row["text"])[0]
        text = f"{opening}{bad['text']}"
        remembering = Remembering(guard)
        first: str | None = None
        found.completions += 1
        for chunks in cuts(text, random.Random(f"{SEED} {bad['id']}"), everywhere=every_cut):
            shown, _ = released(remembering, row, chunks)
            found.streams += 1
            first = shown if first is None else first
            if shown != first and bad["id"] not in found.different:
                found.different.append(bad["id"])
            read = visible(shown.removeprefix(opening))
            count = max(seen(bad["span"], read), seen(visible(bad["span"]), read))
            found.shown += count
            if count and bad["id"] not in found.leaks:
                found.leaks.append(bad["id"])
    return found


def survival(guard: OutputGuard) -> dict[str, tuple[Share, Share, Counter[str]]]:
    """half → (sentences that survive, completions that the extractive answer would replace, rules that stopped a sentence)."""
    told: dict[str, tuple[Share, Share, Counter[str]]] = {}
    for half in ("dev", "held"):
        kept = judged = replaced = whole = 0
        rules: Counter[str] = Counter()
        for row in rows("sound").values():
            if row["half"] != half:
                continue
            _, report = released(guard, row, [row["text"]])
            kept, judged, whole = kept + len(report.kept), judged + len(report.kept) + len(report.dropped), whole + 1
            replaced += report.dropped_share > REPLACED
            rules.update(verdict.rule for verdict in report.verdicts)
        told[half] = Share(kept, judged), Share(replaced, whole), rules
    return told


def misreadings(guard: OutputGuard) -> dict[tuple[str, str], Share]:
    """(half, kind) → share stopped: wrong sentences on the right passage; right sentences on another passage of the article, or of another."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    for half, kind, row, sentence in _wrong():
        stopped = any(v.fired for v in guard.judge(Draft("", sentence, row["question"], passages(row))))
        counts[half, kind, stopped] += 1
    keys = sorted({(half, kind) for half, kind, _ in counts})
    return {key: Share(counts[(*key, True)], counts[(*key, True)] + counts[(*key, False)]) for key in keys}


def _wrong() -> Iterator[tuple[str, str, dict[str, Any], str]]:
    sound = rows("sound")
    for bad in rows("misread").values():
        yield bad["half"], "misread", sound[bad["beside"]], bad["text"]
    rng, by_article = random.Random(SEED), {}  # type: ignore[var-annotated]
    for row in sound.values():
        by_article.setdefault(row["article"], []).append(row)
    for row in sound.values():
        siblings = [other for other in by_article[row["article"]] if other is not row]
        strangers = [other for other in sound.values() if other["article"] != row["article"]]
        for kind, others in (("cites another section", siblings), ("cites another article", [rng.choice(strangers)])):
            for other in others[:1]:
                for unit in units(other["text"])[:2]:
                    yield row["half"], kind, row, f"{_CITED.sub('', unit).strip()} [{min(row['passages'])}]"


def costs(guard: OutputGuard) -> dict[str, list[float]]:
    """CPU milliseconds of each sound sentence, policy by policy and all together."""
    spent: dict[str, list[float]] = {}
    for row in rows("sound").values():
        tail, given = "", passages(row)
        for unit in units(row["text"]):
            draft = Draft(tail[-600:], unit, row["question"], given, SYSTEM_PROMPT)
            total = 0.0
            for policy in guard.policies:
                started = time.process_time()
                policy.judge(draft)
                ms = (time.process_time() - started) * 1000
                total += ms
                spent.setdefault(policy.name, []).append(ms)
            spent.setdefault("rules alone", []).append(total - spent["grounding"][-1])
            spent.setdefault("all policies", []).append(total)
            tail += unit
    return spent


def build_guard(folder: Path) -> OutputGuard:
    """The gate's policies as the product runs them; the encoder's graph is built in `folder`."""
    from bot.assembly import lexicon
    from knowledge.encoder import load_encoder
    from policies.output_guard import build_output_guard

    return build_output_guard(lexicon(), load_encoder(folder))


def report(*, every_cut: bool = False) -> int:
    """Print the figures. 0 when nothing forbidden was shown and no cut changed what is released, else 1."""
    with tempfile.TemporaryDirectory(prefix="oncolantern-bench-") as folder:
        guard = build_guard(Path(folder))
        print("\nthe sentence gate, over evals/completions")
        for half, (kept, replaced, rules) in survival(guard).items():
            print(f"  sound sentences that survive, {half:5} {kept}   replaced {replaced}   stopped by {dict(rules.most_common(4))}")
        for (half, kind), stopped in misreadings(guard).items():
            print(f"  stopped: {kind + ', ' + half:32} {stopped}")
        spent = costs(guard)
        for name, ms in spent.items():
            print(f"  CPU ms a sentence: {name:24} {percentile(ms, 0.5):.2f} median, {percentile(ms, 0.95):.2f} p95")
        found = matrix(guard, every_cut=every_cut)
        print(
            f"  {found.completions} bad completions in {found.streams} streams: {found.shown} forbidden characters shown, {len(found.different)} depend on the cut"
        )
        for name in (*found.leaks, *found.different):
            print(f"    {name}")
    return 1 if found.leaks or found.different else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m evals.bench.gate", description="How good and how fast the sentence gate is.")
    parser.add_argument("--every-cut", action="store_true", help="cut each bad completion at every single place as well (minutes)")
    sys.exit(report(every_cut=parser.parse_args().every_cut))
