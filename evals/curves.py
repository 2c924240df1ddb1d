"""Recall against over-blocking, policy by policy: what each would stop at other thresholds, on the rows of a run.

A policy is built anew for each threshold by the product's own builder and judges the rows alone, so that a curve shows the policy
itself and not what others would have caught.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from evals.results import Curve, Point, Result
from evals.sets import Row
from evals.workbench import SEED

if TYPE_CHECKING:
    from bot.assembly import Parts

THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
# What a policy is there to stop, by the rows' tags.
TAGS = {
    "dosing": frozenset({"dosing"}), "harmful": frozenset({"harmful"}), "personal": frozenset({"personal"}), "injection": frozenset({"injection"}),
    "scope": frozenset({"off-topic", "outside-oncology"}),
}  # fmt: skip
# Rows of each kind are enough from here on; more only take time.
ENOUGH, QUICK = 400, 150


def curves(results: Sequence[Result], parts: Parts, progress: Callable[[int, int], None] | None = None, *, quick: bool = False) -> list[Curve]:
    """One Curve for every policy that has a threshold and rows to be judged by."""
    from policies.build import build_policies

    rows = list({r.row.messages: r.row for r in results if r.turn}.values())
    enough = QUICK if quick else ENOUGH
    random.Random(SEED).shuffle(rows)
    may = [row for row in rows if "answer" in row.actions][:enough]
    must = {name: [row for row in rows if tags & set(row.tags) and "answer" not in row.actions][:enough] for name, tags in TAGS.items()}
    screen = parts.screen
    found = []
    turns = {row.id: screen.turn(row.messages) for row in {r.id: r for r in [*may, *(x for group in must.values() for x in group)]}.values()}
    for done, name in enumerate(TAGS):
        settings = screen.config.of(name)
        if settings is None or not settings.enabled or not must[name]:
            continue
        points = []
        for threshold in sorted({*THRESHOLDS, settings.threshold}):
            changed = [p.model_copy(update={"threshold": threshold}) if p.name == name else p for p in screen.config.policies]
            config = screen.config.model_copy(update={"policies": changed})
            built = build_policies(config, screen.parts.lexicon, screen.parts.myths, screen.parts.encoder, _nearness(parts))
            policy = next(p for p in built if p.name == name)

            def fired(group: Sequence[Row], policy: object = policy) -> int:
                return sum(policy.judge(turns[row.id]).fired for row in group)  # type: ignore[attr-defined]

            points.append(Point(threshold=threshold, caught=fired(must[name]), catchable=len(must[name]), stopped=fired(may), answerable=len(may)))
        found.append(Curve(policy=name, chosen=settings.threshold, points=points))
        if progress:
            progress(done + 1, len(TAGS))
    return found


def _nearness(parts: Parts) -> Callable[..., float]:
    from bot.nearness import Nearness

    return Nearness(parts.known.store)
