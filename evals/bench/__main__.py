"""How fast and how large the product is here: `make bench` prints it and writes results.md with the machine described.

    python -m evals.bench [--questions N] [--out FILE]

Everything runs offline with the extractive model, in a data folder of its own: first start, cold commands, the turn in a running
process and in the running server (first time and repeated, 1, 8 and 64 people at once), its parts alone and beside what the same libraries
take without guards, a scripted model's stream through the gate, documents taken in, memory. It ends after about four minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.conversation import Answer, Message
from bot.settings import EXTRACTIVE, Settings
from evals.bench._measure import Times, load, machine, memory_mb, timed
from evals.bench._server import command, running_server
from evals.bench._work import first_sentences, many, plain_chain, plain_search, ratio, taken_in
from evals.tasks import all_tasks

RESULTS = Path(__file__).parent / "results.md"
SEED = 20261123
WARM_UP = 5
COLD_RUNS = 5


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench", description="How fast and how large the product is on this machine.")
    parser.add_argument("--questions", type=int, default=60, help="varied questions for the turn (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the results go (default: evals/bench/results.md)")
    args = parser.parse_args()
    questions = varied_questions(args.questions + WARM_UP)
    with tempfile.TemporaryDirectory(prefix="oncolantern-bench-") as folder:
        environment = {**os.environ, "ONCOLANTERN_DATA": folder, "ONCOLANTERN_MODEL": EXTRACTIVE}
        # A file of bytecode saves seconds of every cold start; the shell may forbid it, an installation does not.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        text = measure(Settings(data=Path(folder), model=EXTRACTIVE), environment, questions)
    print(text)
    args.out.write_text(text, encoding="utf-8")
    return 0


def varied_questions(n: int) -> list[str]:
    """n questions over all tasks, the same ones each time."""
    rows = [row for task in all_tasks().values() for row in task.rows().rows if len(row.messages) == 1]
    return [row.question for row in random.Random(SEED).sample(rows, n)]


def measure(settings: Settings, environment: dict[str, str], questions: Sequence[str]) -> str:
    """The results as Markdown."""
    before = load()
    warm, asked = questions[:WARM_UP], questions[WARM_UP:]
    question = "What is immunotherapy and does it work for HER2-positive breast cancer?"
    cold = [timed("first start: `ask` in an empty data folder", lambda q: command(["ask", q], environment), [question])]
    cold.append(timed("`oncolantern --help`", lambda _: command(["--help"], environment), range(COLD_RUNS)))
    cold.append(timed("cold `oncolantern ask`", lambda _: command(["ask", question], environment), range(COLD_RUNS)))
    turns, steps, answers = _turns(settings, warm, asked)
    parts = _parts(settings, warm, asked, answers)
    with running_server(environment) as server:
        for q in warm:
            server.ask(q)
        served = timed("turn in the running server (HTTP, JSON), questions new to it", server.ask, asked)
        again = timed("… the same questions again", server.ask, asked)
        crowd = list(many(server, asked))
        resident, peak = memory_mb(server.pid)
    passages, speed = taken_in(settings)
    lines = [
        "# Benchmarks", "",
        f"`make bench`, {datetime.now(UTC):%Y-%m-%d}, on {machine()}; load average {before} before, {load()} after (other work slows every figure).",
        f"Extractive model, no network, library of {answers[0].library_version}, {len(asked)} varied questions from evals/sets. Milliseconds.", "",
        "| what | median | p95 | runs |", "|---|---|---|---|", *(t.row() for t in [*cold, turns, served, again, *(t for _, t, _ in crowd), *parts]), "",
        "Where the milliseconds of a turn go (`timings_ms`, turns that have the step):", "",
        "| step | median | p95 | turns |", "|---|---|---|---|", *(Times(step, tuple(ms)).row() for step, ms in steps.items()), "",
        "Turns a second: " + ", ".join(f"{rate:.0f} with {users}" for users, _, rate in crowd) + f" at once. Documents: {passages} passages taken in, {speed:.0f} a second.", "",
        f"The server while serving, the crowd of 64 included: {resident:.0f} MB resident, {peak:.0f} MB at its highest.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _turns(settings: Settings, warm: Sequence[str], asked: Sequence[str]) -> tuple[Times, dict[str, list[float]], list[Answer]]:
    from bot.assembly import assemble

    assistant = assemble(settings)
    for q in warm:
        assistant.ask([Message(content=q)])
    answers: list[Answer] = []
    turns = timed("turn in a running process", lambda q: answers.append(assistant.ask([Message(content=q)])), asked)
    steps: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        for step, ms in answer.timings_ms.items():
            steps[step].append(ms)
    print(f"{sum(a.action == 'answer' for a in answers)} of {len(answers)} questions were answered, the rest screened", file=sys.stderr)
    return turns, dict(steps), answers


def _parts(settings: Settings, warm: Sequence[str], asked: Sequence[str], answers: Sequence[Answer]) -> list[Times]:
    """Screen, search and gate alone, with an encoder that has not seen the questions."""
    from bot.assembly import build_screen, lexicon, prepare
    from policies.check_output import build_output_guard
    from policies.release import Gate

    known = prepare(settings)
    screen = build_screen(settings, known)
    screen.self_test()
    screen.warm()
    guard = build_output_guard(lexicon(), known.encoder)
    texts = [
        (a.question, "\n\n".join(f"## {s.heading}\n\n{s.markdown}" for s in a.sections), {c.n: c.quote for c in a.citations}) for a in answers if a.citations
    ]

    def release(item: tuple[str, str, dict[int, str]]) -> None:
        question, text, passages = item
        gate = Gate(guard, question=question, passages=passages, system_prompt="")
        for _ in gate.feed(text):
            pass
        for _ in gate.finish():
            pass

    for q in warm:
        screen.screen([q])
    found: list[Any] = [timed("screen alone", lambda q: screen.screen([q]), asked)]
    # The encoder remembers what it has encoded: questions in other letters are new to it, and the same to a reader.
    fresh = [q.swapcase() for q in asked]
    searched = timed("search alone", lambda q: known.searcher.search(q, k=8), fresh)
    plain = timed("peer of search: one encoder call, one Chroma query", plain_search(known), [q.title() for q in asked])
    chain = plain_chain(known)
    chain(warm[0])
    bare = timed("peer of the turn: LangChain and Chroma with no guard", chain, [q.upper() for q in asked])
    found += [searched, plain, bare, *first_sentences(guard)]
    print(f"search takes {ratio(searched, plain)} its peer", file=sys.stderr)
    if texts:
        gate = timed("gate over a whole answer", release, texts)
        units = [max(1, text.count("[")) for _, text, _ in texts]
        found += [gate, Times("gate for each cited sentence", tuple(ms / n for ms, n in zip(gate.ms, units, strict=True)))]
    return found


if __name__ == "__main__":
    started = time.perf_counter()
    code = main()
    print(f"measured in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    sys.exit(code)
