"""How long the screen takes, as a multiple of what one call of the encoder takes in the same moment: a figure that survives busy machines.

Each row's question is put in words that this process has not seen (caches would answer), encoded alone and screened alone, several
times in turn. `screen_ratio` is the lower quartile of the wall-clock ratios, `screen_cpu_ratio` that of the processor's time: a screen that
works more shows in both, one that waits only in the first. `turn_cpu_ms` is the processor's time of a whole turn with nothing beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.conversation import Message
from evals.figures import percentile
from evals.outcome import Outcome, Score
from evals.probes import Probe
from evals.sets import Row
from evals.workbench import Workbench

REPEATS = 7
# What else the machine does only adds time: the lower quartile is nearer to the truth than the middle.
SHARE = 0.25


def run(row: Row, bench: Workbench) -> Outcome:
    """Encode and screen, in turn."""
    encoder, screen = bench.whole.known.encoder, bench.whole.screen
    wall, cpu, took = [], [], []
    screen.screen([f"{row.question} (first, {bench.seed})"])  # word lists are compiled when a message needs them
    for i in range(REPEATS):
        reference = _timed(lambda i=i: encoder.encode([f"{row.question} (again, {bench.seed + i})"]))  # type: ignore[misc]
        screened = _timed(lambda i=i: screen.screen([f"{row.question} (once more, {bench.seed + i})"]))  # type: ignore[misc]
        wall.append(screened[0] / reference[0])
        cpu.append(screened[1] / max(reference[1], 1e-6))
        took.append(screened[0] * 1000)
    turn = _timed(lambda: bench.assistant.ask([Message(content=f"{row.question} (at last, {bench.seed})")]))
    figures = {
        "screen_ratio": percentile(wall, SHARE), "screen_cpu_ratio": percentile(cpu, SHARE), "screen_ms": percentile(took, 0.5),
        "turn_alone_ms": turn[0] * 1000, "turn_cpu_ms": turn[1] * 1000,
    }  # fmt: skip
    return Outcome(facts={name: round(value, 3) for name, value in figures.items()})


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def clock(row: Row, outcome: Outcome) -> Score:
    """Gives the figures; only the gate's thresholds judge them."""
    return Score("clock", None, figures=outcome.facts)


PROBE = Probe(run, {"clock": clock}, alone=True)
