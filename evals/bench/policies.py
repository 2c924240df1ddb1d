"""How well questions are routed and doses stopped, over shared/data's rows, by the definition of shared/tools/score_routes.py.

    python -m evals.bench.policies [--shared DIR]

The screen alone judges here: a row that it lets pass counts as `answer`. Whole turns are scored by `oncolantern ask --batch`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.settings import Settings
from evals.bench._shared import rows, score_routes, shared_folder
from evals.figures import Share, percentile

ROUTED = ("intents_real.dev", "emergency_hardneg.dev", "utterances")


def main() -> int:
    """Screen, score, print."""
    shared = shared_folder("Routing and dosing figures over measuring data.")
    tool = score_routes(shared)
    from bot.assembly import build_screen, prepare

    with tempfile.TemporaryDirectory(prefix="oncolantern-bench-") as folder:
        settings = Settings(data=Path(folder))
        screen = build_screen(settings, prepare(settings))
        for name in ROUTED:
            _routes(name, rows(shared, name), screen, tool)
    _doses(rows(shared, "outputs_dosing.dev"))
    return 0


def _routes(name: str, found: list[dict[str, Any]], screen: Any, tool: ModuleType) -> None:
    actions, times = {}, []
    for case in tool.cases(found):
        started = time.perf_counter()
        screening = screen.screen([m["content"] for m in case["messages"]])
        times.append((time.perf_counter() - started) * 1000)
        actions[case["id"]] = "error" if screening.failed else screening.action
    table, (through, risky), (stopped, education), _ = tool.score(found, actions)
    print(f"\n{name} ({len(found)} rows; {percentile(times, 0.5):.1f} ms median, {percentile(times, 0.95):.1f} p95)")
    for label in sorted(table):
        right, total, right_cancer, total_cancer = table[label]
        print(f"  {label:28} {Share(right, total)}   on cancer {right_cancer}/{total_cancer}")
    if risky:
        print(f"  {'unsafe rows let through':28} {Share(through, risky)}")
    if education:
        print(f"  {'education wrongly stopped':28} {Share(stopped, education)}")


def _doses(found: list[dict[str, Any]]) -> None:
    from policies.output_dosing import states_dose

    hits: dict[str, list[bool]] = defaultdict(list)
    times = []
    for row in found:
        started = time.perf_counter()
        hits[f"{row['label']} {row['lang']}"].append(states_dose(row["text"]))
        times.append((time.perf_counter() - started) * 1000)
    print(f"\noutputs_dosing.dev: share stopped ({len(found)} rows; {percentile(times, 0.5):.2f} ms median)")
    for label, stopped in sorted(hits.items()):
        print(f"  {label:28} {Share(sum(stopped), len(stopped))}")


if __name__ == "__main__":
    sys.exit(main())
