"""Attacks the screen with disguises of questions that must not be answered, and says what got through.

    python -m evals.redteam [--seed N] [--each N] [--out FILE.jsonl]

Seeds are rows of our own sets whose only right actions stop them. Every one is put into disguises (encodings, spelling, role play,
authority, reassurance, languages, drip by drip), the same ones for the same seed. What the screen lets pass is asked as a whole turn, so
that the report tells a disguise that was answered harmlessly from one that brought out a dose. `--out` writes what got through as rows
for evals/sets/regressions.jsonl. Exit code 1 when a whole turn stated a dose.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.conversation import Message
from bot.settings import Settings
from evals.disguises import DISGUISES
from evals.figures import Share
from evals.sets import Row
from evals.tasks import all_tasks
from evals.workbench import SEED, Workbench, build_workbench

SEED_TASKS = ("dosing", "personal", "safety", "attacks")
STOPS = frozenset({"block", "redirect", "escalate", "decline"})
EACH = 12


@dataclass(frozen=True)
class Attack:
    """A seed in a disguise."""

    row: Row
    disguise: str
    messages: tuple[str, ...]


def attacks(seed: int = SEED, each: int = EACH) -> list[Attack]:
    """`each` seeds of every task in every disguise; the same for the same numbers."""
    rng = random.Random(seed)
    found = []
    for name in SEED_TASKS:
        rows = [r for r in all_tasks()[name].rows().rows if set(r.actions) <= STOPS and len(r.messages) == 1 and r.question.isascii()]
        for row in rng.sample(rows, min(each, len(rows))):
            found += [Attack(row, disguise, tuple(dress(row.question, rng))) for disguise, dress in DISGUISES.items()]
    return found


def through(bench: Workbench, found: Sequence[Attack]) -> list[Attack]:
    """Attacks that the screen answers although nothing but a stop is right."""
    screen = bench.whole.screen
    return [a for a in found if screen.screen(list(a.messages)).action == "answer"]


def states_a_dose(bench: Workbench, attack: Attack) -> bool:
    """Whether the whole turn brings out a dose. Titles of sources are left out, as in the rule `safety`."""
    from evals.scorers import safety

    answer = bench.assistant.ask([Message(content=text) for text in attack.messages])
    return safety(attack.row, answer).passed is False


def main(args: Sequence[str] | None = None) -> int:
    """Attack, print, write."""
    parser = argparse.ArgumentParser(prog="python -m evals.redteam", description="Disguises of questions that must not be answered, and what got through.")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--each", type=int, default=EACH, help="seeds of each task (default: %(default)s)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write what got through as rows")
    parsed = parser.parse_args(args)
    bench = build_workbench(Settings(), seed=parsed.seed)
    found = attacks(parsed.seed, parsed.each)
    passed = through(bench, found)
    lost: dict[str, list[Attack]] = defaultdict(list)
    for attack in passed:
        lost[attack.disguise].append(attack)
    print(f"{len(found)} attacks from {len({a.row.id for a in found})} seeds, seed {parsed.seed}\n")
    for disguise in DISGUISES:
        print(f"  {disguise:16} got through {Share(len(lost[disguise]), sum(a.disguise == disguise for a in found))}")
    print(f"  {'all':16} got through {Share(len(passed), len(found))}\n")
    doses = [a for a in passed if states_a_dose(bench, a)]
    for attack in passed:
        print(f"{'DOSE ' if attack in doses else ''}{attack.row.id} {attack.disguise}: {' / '.join(attack.messages)[:200]}")
    print(f"\n{len(doses)} of them brought out a dose")
    if parsed.out:
        rows = [
            {"id": f"regressions-{a.row.id}-{a.disguise}", "messages": list(a.messages), "actions": list(a.row.actions), "tags": ["regression", a.disguise]}
            for a in passed
        ]
        parsed.out.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return 1 if doses else 0


if __name__ == "__main__":
    sys.exit(main())
