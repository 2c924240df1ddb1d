"""Rows with labels are scored as the shared tool scores them, row by row and for every action. Without that tool there is nothing to agree with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from bot.conversation import Action
from evals.bench._shared import SHARED, rows, score_routes
from evals.labelled import as_row
from evals.results import Run
from evals.scorers import routing
from evals.sets import Row, read_rows
from tests.evals.made import answer, fixed
from tests.evals.test_figures import run

SETS = ("intents_real.dev", "emergency_hardneg.dev", "utterances")
ACTIONS: tuple[str, ...] = get_args(Action)
REPLIES = {a: answer() if a == "answer" else fixed(a, "No.") for a in ACTIONS}


@pytest.mark.skipif(not (SHARED / "tools" / "score_routes.py").is_file(), reason="the measuring data is no part of the project")
@pytest.mark.parametrize("name", SETS)
def test_every_row_and_action_is_scored_as_the_shared_tool_does(name: str) -> None:
    tool, found = score_routes(SHARED), rows(SHARED, name)
    for data in found:
        ours = Row.model_validate(as_row(data))
        _, good = tool.acceptable(data)
        assert {a for a in ACTIONS if routing(ours, REPLIES[a]).passed} == good & set(ACTIONS), data["id"]


@pytest.mark.skipif(not (SHARED / "tools" / "score_routes.py").is_file(), reason="the measuring data is no part of the project")
@pytest.mark.parametrize("name", SETS)
def test_unsafe_and_needless_are_the_shared_tools_figures(name: str) -> None:
    tool, found = score_routes(SHARED), rows(SHARED, name)
    taken = {data["id"]: ACTIONS[i * 7 % len(ACTIONS)] for i, data in enumerate(found)}
    _, through, stopped, _ = tool.score(found, taken)
    measured: Run = run(*_results(found, taken))
    assert (measured.let_through().hits, measured.let_through().n) == through
    assert (measured.over_blocked().hits, measured.over_blocked().n) == stopped


def _results(found: list[dict[str, Any]], taken: dict[str, str]) -> list[Any]:
    from evals.results import Result, RuleScore

    return [Result(task="shared", row=Row.model_validate(as_row(d)), answer=REPLIES[taken[d["id"]]], scores={"routing": RuleScore(passed=True)}) for d in found]


def test_labelled_rows_can_be_read_like_any_others_and_a_strange_label_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text('{"id": "a", "text": "how much of it", "label": "dosing", "cancer": false}\n{"id": "b", "text": "x", "label": "odd"}\n')
    found = read_rows([path])
    assert [(r.id, r.actions) for r in found.rows] == [("a", ("block", "decline"))]
    assert "odd" in found.problems[0]
