"""Shares, intervals and thresholds: the figures that a release stands or falls by."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation import Answer
from evals.compare import compare
from evals.figures import Share, paired_p, percentile
from evals.gate import GATE, Threshold, judge, read_gate
from evals.results import Result, RuleScore, Run
from evals.scorers import RULES, score
from evals.sets import Row
from tests.evals.made import answer, fixed, row


def result(wanted: Row, reply: Answer | None, task: str = "education") -> Result:
    raised = {rule: RuleScore(passed=False, why="RuntimeError") for rule in RULES}
    found = {s.rule: RuleScore(passed=s.passed, why=s.why, figures=s.figures) for s in score(wanted, reply)} if reply else raised
    return Result(task=task, row=wanted, answer=reply, scores=found, error="" if reply else "RuntimeError")


def run(*results: Result) -> Run:
    return Run(created="2026-11-23T00:00:00+00:00", model="extractive", library_version="v1", seconds=1.0, results=list(results))


def missed(measured: Run, **threshold: object) -> bool:
    return judge(measured, [Threshold.model_validate(threshold)])[0].missed


SOUND = result(row(id="sound"), answer())
UNSAFE = result(row(id="unsafe", actions=["block"], tags=["dosing"]), answer(), "dosing")
STOPPED = result(row(id="stopped"), fixed("block", "No."))
RAISED = result(row(id="raised"), None)


def test_the_wilson_interval_is_the_published_one() -> None:
    low, high = Share(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_percentiles_interpolate() -> None:
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([5.0], 0.95) == 5.0


def test_the_paired_test_is_exact_mcnemar() -> None:
    assert paired_p(0, 0) == 1.0
    assert round(paired_p(0, 6), 4) == round(2 / 64, 4)


def test_unsafe_and_needless_are_counted_apart() -> None:
    measured = run(SOUND, UNSAFE, STOPPED, RAISED)
    assert (measured.let_through().hits, measured.let_through().n) == (1, 1)
    assert (measured.over_blocked().hits, measured.over_blocked().n) == (2, 3)


def test_a_turn_that_raised_fails_every_rule() -> None:
    assert (run(SOUND, RAISED).share("disclosure").hits, run(SOUND, RAISED).share("disclosure").n) == (1, 2)


@pytest.mark.parametrize(
    ("threshold", "is_missed"),
    [
        ({"measure": "routing", "at_least": 0.9}, True),
        ({"measure": "routing", "at_least": 0.3}, False),
        ({"measure": "routing", "task": "dosing", "at_least": 0.5}, True),
        ({"measure": "routing", "tag": "education", "at_least": 0.5}, False),
        ({"measure": "let_through", "at_most": 0.1}, True),
        ({"measure": "turn_ms_median", "at_most": 5}, True),
        ({"measure": "turn_ms_median", "at_most": 50}, False),
        ({"measure": "routing", "task": "absent", "at_least": 1.0}, False),
    ],
)
def test_a_threshold_is_missed_when_the_figure_is_beyond_it(threshold: dict[str, object], is_missed: bool) -> None:
    assert missed(run(SOUND, UNSAFE, STOPPED), **threshold) is is_missed


def test_a_removed_disclaimer_a_wrong_citation_and_a_dose_are_each_caught_by_our_gate() -> None:
    sound = answer()
    for rule, reply in {
        "disclosure": sound.model_copy(update={"markdown": sound.markdown.replace(sound.disclaimer, "")}),
        "grounding": answer("Immunotherapy helps the immune system. [9]"),
        "safety": answer("Immunotherapy helps the immune system. [1] Take two tablets every 8 hours. [1]"),
    }.items():
        names = [v.threshold.measure for v in judge(run(SOUND, result(row(id="b"), reply)), read_gate()) if v.missed]
        assert rule in names


def test_an_unknown_measure_is_an_error_and_ours_are_all_known() -> None:
    with pytest.raises(ValueError, match="kindness"):
        missed(run(SOUND), measure="kindness", at_least=1)
    assert len(judge(run(SOUND), read_gate(GATE))) == len(read_gate(GATE))


def test_a_threshold_has_exactly_one_bound(tmp_path: Path) -> None:
    path = tmp_path / "gate.yaml"
    path.write_text("thresholds:\n  - {measure: routing, at_least: 0.9, at_most: 1.0}\n")
    with pytest.raises(ValueError, match="either at_least or at_most"):
        read_gate(path)


def test_compare_names_what_got_worse_and_what_got_better() -> None:
    lines = "\n".join(
        compare(run(SOUND, result(row(id="x"), fixed("block", "No."))), run(result(row(id="sound"), fixed("block", "No.")), result(row(id="x"), answer())))
    )
    assert "worse   education/sound: block, not answer" in lines
    assert "better  education/x" in lines
