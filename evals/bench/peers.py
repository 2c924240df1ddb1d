"""Other people's routers and retrieval beside ours: same rows, same examples, same encoder, one run, on one machine.

    make bench-peers            (python -m evals.bench.peers [--shared DIR] [--rows N] [--out FILE] [--readme FILE])

semantic-router and NeMo Guardrails (embeddings only) come from PyPI into an environment of their own, `.venv-peers`, which the make
target builds; so does a plain LangChain + Chroma store. Rows are shared/data's where it lies beside the repository, else those of our
own sets that no example repeats. A peer's route counts by the action that our policies tie to its label.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings
from evals.bench._measure import load, machine
from evals.bench._shared import SHARED, rows, score_routes
from evals.figures import Share, percentile
from evals.readme import put
from evals.sets import library_sets, read_rows
from evals.workbench import SEED, Workbench, build_workbench

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
RESULTS = Path(__file__).with_name("peers.md")
# What a label of policies/examples leads to.
ACTIONS = {
    "education": "answer", "distress": "answer", "none": "answer", "dosing": "block", "harmful": "block", "personal": "redirect", "injection": "decline",
    "off_topic": "decline", "health_other": "decline", "emergency": "escalate", "crisis": "escalate", "poisoning": "escalate",
}  # fmt: skip
OURS = "Oncolantern"
ROWS = ("intents_real.dev", "emergency_hardneg.dev")


def main(args: Sequence[str] | None = None) -> int:
    """Ask everybody, score, print, write."""
    parser = argparse.ArgumentParser(prog="make bench-peers", description="Other routers and retrieval beside ours.")
    parser.add_argument("--shared", type=Path, default=SHARED, metavar="DIR")
    parser.add_argument("--rows", type=int, help="at most so many rows to route")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--readme", type=Path, metavar="FILE", help="put the tables between the marks of this file as well (README.md)")
    parsed = parser.parse_args(args)
    if not PYTHON.is_file():
        print("the peers have an environment of their own; say `make bench-peers`, which builds it", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="oncolantern-peers-") as folder:
        settings = Settings(data=Path(folder) / "data")
        bench = build_workbench(settings)
        labelled = _labelled(parsed.shared, parsed.rows)
        questions = [r for r in read_rows(library_sets(), {"actions": ("answer",)}).rows if r.article]
        found = _peers(settings, bench, [r["text"] for r in labelled], [q.question for q in questions], Path(folder))
        found[OURS] = _ours(bench, [r["text"] for r in labelled])
        searched = _our_search(bench, [q.question for q in questions])
    text = _report(labelled, found, searched, [{str(q.article), *q.also} for q in questions], parsed.shared)
    print(text)
    parsed.out.write_text(text, encoding="utf-8")
    if parsed.readme:
        put(parsed.readme, "peers", body(text))
    return 0


def body(report: str) -> str:
    """The report without its title: what the README shows."""
    return report.partition("\n")[2].strip()


def _labelled(shared: Path, most: int | None) -> list[dict[str, Any]]:
    """Rows with id, text and label, in the form of shared/data."""
    if (shared / "data").is_dir():
        found = [r for name in ROWS for r in rows(shared, name) if not r.get("turns")]
    else:
        from evals.tasks import all_tasks

        names = ("education", "borderline", "dosing", "personal", "safety", "attacks", "scope")
        found = [
            {"id": r.id, "text": r.question, "category": name, "actions": list(r.actions)}
            for name in names for r in all_tasks()[name].rows().rows if len(r.messages) == 1
        ]  # fmt: skip
    return random.Random(SEED).sample(found, most) if most and most < len(found) else found


def _examples() -> dict[str, list[str]]:
    from policies.classifier import EXAMPLES, read_examples

    by_label: dict[str, list[str]] = {}
    for example in read_examples(EXAMPLES):
        by_label.setdefault("education" if example.label in ("none", "distress") else example.label, []).append(example.text)
    return by_label


def _peers(settings: Settings, bench: Workbench, texts: list[str], questions: list[str], folder: Path) -> dict[str, Any]:
    from knowledge.search import LIBRARY

    store = bench.whole.known.store
    passages = [
        {"doc": doc, "text": f"{row.passage.title}. {row.passage.section}. {row.passage.text}"}
        for doc in store.documents(LIBRARY) for row in store.by_document(LIBRARY, doc)
    ]  # fmt: skip
    job = {"encoder": str(settings.data / "encoder"), "examples": _examples(), "texts": texts, "questions": questions, "passages": passages}
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    command = [str(PYTHON), "-m", "evals.bench._peer_worker", str(folder / "job.json"), str(folder / "out.json")]
    subprocess.run(command, cwd=ROOT, check=True)
    found: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return found


def _ours(bench: Workbench, texts: list[str]) -> dict[str, Any]:
    said, times = [], []
    for text in texts:
        started = time.perf_counter()
        screening = bench.whole.screen.screen([text])
        times.append((time.perf_counter() - started) * 1000)
        said.append("error" if screening.failed else screening.action)
    return {"said": said, "ms": times, "version": "this one"}


def _our_search(bench: Workbench, questions: list[str]) -> dict[str, Any]:
    from knowledge.search import LIBRARY

    said, times = [], []
    for question in questions:
        started = time.perf_counter()
        hits = bench.whole.known.searcher.search(question, collections=[LIBRARY], k=3).hits
        times.append((time.perf_counter() - started) * 1000)
        said.append([h.passage.doc_id for h in hits])
    return {"said": said, "ms": times}


def _report(labelled: list[dict[str, Any]], found: dict[str, Any], searched: dict[str, Any], articles: list[set[str]], shared: Path) -> str:
    tool = score_routes(shared) if (shared / "data").is_dir() else None
    lines = [
        "# Peers", "",
        f"`make bench-peers`, {datetime.now(UTC):%Y-%m-%d}, on {machine()}; load average {load()}. {len(labelled)} rows, the same examples and the same encoder for all.",
        "A peer's route counts as the action that our policies tie to its label; our screen judges alone, without search. Cells: share right, Wilson 95 %.",
        "These are development rows, which the authors of our policies have looked at while they worked; the peers are as they come. Read the distance with that in mind.",
        "",
    ]  # fmt: skip
    routers = {name: said for name, said in found.items() if name != "LangChain + Chroma"}
    columns: dict[str, dict[str, str]] = {}
    for name, said in routers.items():
        if "failed" in said:
            lines.append(f"{name} could not be asked: {said['failed']}")
            continue
        actions = {r["id"]: _action(name, label) for r, label in zip(labelled, said["said"], strict=True)}
        columns[f"{name} {said['version']}" if name != OURS else name] = _cells(labelled, actions, said["ms"], tool)
    measures = list(dict.fromkeys(m for cells in columns.values() for m in cells))
    lines += ["", f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    lines += [f"| {m} | {' | '.join(cells.get(m, '–') for cells in columns.values())} |" for m in measures]
    plain = found.get("LangChain + Chroma", {})
    if "failed" in plain:
        lines += ["", f"LangChain + Chroma could not be asked: {plain['failed']}"]
    else:
        lines += ["", f"| the library's {len(articles)} questions | Oncolantern | LangChain + Chroma {plain['version']} |", "|---|---|---|"]
        for label, k in (("article hit@1", 1), ("article hit@3", 3)):
            shares = [Share(sum(bool(a & set(s[:k])) for a, s in zip(articles, x["said"], strict=True)), len(articles)) for x in (searched, plain)]
            lines.append(f"| {label} | {_short(shares[0])} | {_short(shares[1])} |")
        lines.append(f"| ms, median / p95 | {_ms(searched['ms'])} | {_ms(plain['ms'])} |")
    return "\n".join([*lines, ""])


def _action(name: str, label: str | None) -> str:
    """A label's action; a router that knows no route lets the message pass."""
    return label or "error" if name == OURS else ACTIONS.get(label or "education", "answer")


def _cells(labelled: list[dict[str, Any]], actions: dict[str, str], times: list[float], tool: Any) -> dict[str, str]:
    cells = {}
    if tool is not None:
        table, through, stopped, _ = tool.score(labelled, actions)
        cells = {label: _short(Share(table[label][0], table[label][1])) for label in sorted(table)}
        cells |= {"unsafe let through (lower is better)": _short(Share(*through)), "education wrongly stopped (lower is better)": _short(Share(*stopped))}
    else:
        for label in sorted({r["category"] for r in labelled}):
            group = [r for r in labelled if r["category"] == label]
            cells[label] = _short(Share(sum(actions[r["id"]] in (*r["actions"],) for r in group), len(group)))
    return {**cells, "ms a message, median / p95": _ms(times)}


def _short(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.3f} [{low:.2f}, {high:.2f}]"


def _ms(times: list[float]) -> str:
    return f"{percentile(times, 0.5):.1f} / {percentile(times, 0.95):.1f}"


if __name__ == "__main__":
    sys.exit(main())
