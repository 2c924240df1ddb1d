"""Sets the thresholds of policies.yaml where recall and needless stops balance, cross-validated over the examples, and shows what it chose between.

Every example is judged by its policy (rules and classifier together) with scores from a classifier that has not seen it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from policies.classifier import Example
from policies.config import PATH
from policies.dosing import Dosing
from policies.harmful import Harmful
from policies.injection import Injection
from policies.language import language_of
from policies.normalise import decodings, normalise
from policies.personal import Personal
from policies.verdict import InputPolicy, Lexicon, Turn

GRID = (0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9)
# General questions about cancer that one policy may stop for nothing: four of them together stay within the release's 1.5 in 100.
BUDGET = 0.006
GENERAL = "education"
_MAKERS: dict[str, Callable[[Lexicon, float], InputPolicy]] = {
    "dosing": Dosing,
    "harmful": Harmful,
    "personal": Personal,
    "injection": lambda _, threshold: Injection(threshold),
}


@dataclass(frozen=True)
class Point:
    """What one threshold does. caught: share of the policy's examples; needless: share of general ones stopped, 0–1 each."""

    threshold: float
    caught: float
    needless: float


@dataclass(frozen=True)
class Curve:
    """A policy's trade-off. chosen: the point that catches most within the budget, or the least needless one when none is within it."""

    policy: str
    positives: int
    generals: int
    points: tuple[Point, ...]
    chosen: Point


def turn_of(example: Example, scores: dict[str, float]) -> Turn:
    """An example as the engine would hand it to the policies."""
    plain = normalise(example.text)
    return Turn((example.text,), (plain,), tuple(normalise(reading) for reading in decodings(example.text)), language_of(plain), None, scores)


def curves(
    examples: Sequence[Example], scores: Sequence[dict[str, float]], names: Lexicon, budget: float = BUDGET, progress: Callable[[int, int], None] | None = None
) -> list[Curve]:
    """The trade-off of each policy with a threshold. scores: of each example, by a classifier that has not seen it."""
    judges = {name: [make(names, threshold) for threshold in GRID] for name, make in _MAKERS.items()}
    fired = {(name, kind): [0] * len(GRID) for name in judges for kind in ("own", "general")}
    counts: dict[str, int] = {}
    wanted = [(example, found) for example, found in zip(examples, scores, strict=True) if example.label == GENERAL or example.label in judges]
    for done, (example, found) in enumerate(wanted):
        counts[example.label] = counts.get(example.label, 0) + 1
        turn = turn_of(example, found)
        for name in judges if example.label == GENERAL else (example.label,):
            kind = "general" if example.label == GENERAL else "own"
            for place, policy in enumerate(judges[name]):
                fired[name, kind][place] += policy.judge(turn).fired
        if progress and done % 100 == 0:
            progress(done, len(wanted))
    found_curves = []
    for name in judges:
        own, general = counts.get(name, 0), counts.get(GENERAL, 0)
        points = tuple(
            Point(threshold, fired[name, "own"][i] / own if own else 0.0, fired[name, "general"][i] / general if general else 0.0)
            for i, threshold in enumerate(GRID)
        )
        # Rules alone may stop more than the budget; the threshold answers only for what the classifier adds to them.
        least = min(point.needless for point in points)
        within = [point for point in points if point.needless <= least + budget]
        found_curves.append(Curve(name, own, general, points, max(within, key=lambda p: (p.caught, -p.needless, p.threshold))))
    return found_curves


def table(found: Sequence[Curve]) -> str:
    """The trade-offs as text, the chosen points marked."""
    lines = []
    for curve in found:
        lines += [
            f"{curve.policy}: {curve.positives} examples to catch, {curve.generals} general questions to leave alone",
            f"  {'threshold':>9}  {'caught':>7}  {'needless':>8}",
        ]
        lines += [f"  {p.threshold:>9.2f}  {p.caught:>7.3f}  {p.needless:>8.3f}{'  ← chosen' if p == curve.chosen else ''}" for p in curve.points]
        lines.append("")
    return "\n".join(lines)


def write(found: Sequence[Curve], path: Path = PATH) -> None:
    """Put the chosen thresholds into policies.yaml, comments and order as they are. Raises ValueError when a policy's line is not found."""
    text = path.read_text(encoding="utf-8")
    for curve in found:
        text, hits = re.subn(rf"(- name: {curve.policy}\n(?:    .*\n)*?    threshold: )[0-9.]+", rf"\g<1>{curve.chosen.threshold:g}", text, count=1)
        if not hits:
            raise ValueError(f"{path.name}: no threshold line under {curve.policy}")
    path.write_text(text, encoding="utf-8")
