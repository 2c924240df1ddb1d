"""Thresholds are chosen within the budget of needless stops, and written without touching anything else."""

from __future__ import annotations

from pathlib import Path

from policies.classifier import Example
from policies.config import PATH, load_policies
from policies.tuning import Curve, Point, curves, table, write
from policies.verdict import Lexicon


def test_the_chosen_point_catches_most_that_the_budget_allows() -> None:
    examples = [Example(f"strange words number {n} about pills", "dosing") for n in range(10)] + [
        Example(f"strange words {n} about cancer and tablets", "education") for n in range(10)
    ]
    scores = [{"dosing": 0.3 + 0.05 * n} for n in range(10)] + [{"dosing": 0.05 * n} for n in range(10)]
    dosing = next(curve for curve in curves(examples, scores, Lexicon(), budget=0.0) if curve.policy == "dosing")
    assert dosing.chosen.needless == min(p.needless for p in dosing.points)
    assert dosing.chosen.caught == max(p.caught for p in dosing.points if p.needless == dosing.chosen.needless)
    looser = next(curve for curve in curves(examples, scores, Lexicon(), budget=1.0) if curve.policy == "dosing")
    assert looser.chosen.caught > dosing.chosen.caught
    assert "← chosen" in table([dosing])


def test_writing_changes_the_threshold_and_keeps_every_comment(tmp_path: Path) -> None:
    path = tmp_path / "policies.yaml"
    path.write_text(PATH.read_text(encoding="utf-8"), encoding="utf-8")
    point = Point(0.35, 0.9, 0.0)
    write([Curve("personal", 1, 1, (point,), point)], path)
    settings = load_policies(path).of("personal")
    assert settings is not None and settings.threshold == 0.35
    before, after = PATH.read_text(encoding="utf-8").splitlines(), path.read_text(encoding="utf-8").splitlines()
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
