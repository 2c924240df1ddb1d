"""The release gate catches what it is there for: each test breaks the real product in one place and runs the real tasks on the real thresholds."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.assembly import build_parts, join
from bot.conversation import Answer, Message
from bot.settings import Settings
from evals.gate import judge, read_gate
from evals.results import Run
from evals.runner import run_tasks
from evals.tasks import EvalTask, all_tasks
from evals.workbench import Workbench
from policies.guard import InputGuard
from policies.screen import Screen
from policies.verdict import Turn, Verdict


@pytest.fixture(scope="module")
def bench(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """The real product on a workbench, built once."""
    settings = Settings(data=prepared)
    parts = build_parts(settings)
    return Workbench(join(settings, parts), parts, settings, quick=True, folder=tmp_path_factory.mktemp("bench"))


def missed(bench: Workbench, tmp_path: Path, *names: str, limit: int = 3) -> set[str]:
    """Measures of our gate that a run over the first rows of the named tasks misses."""
    tasks: list[EvalTask] = [all_tasks()[name] for name in names]
    run: Run = run_tasks(tasks, bench, model="extractive", logs=tmp_path / "logs", limit=limit)
    return {v.threshold.name for v in judge(run, read_gate()) if v.missed}


class Altered:
    """An assistant whose answers are changed on their way out."""

    def __init__(self, bench: Workbench, change: Any) -> None:
        self._bench, self._change = bench, change

    def ask(self, messages: Any) -> Answer:
        return self._change(self._bench.assistant.ask(messages))


def test_the_product_as_it_is_misses_nothing_on_these_rows(bench: Workbench, tmp_path: Path) -> None:
    assert missed(bench, tmp_path, "keypoints", "dosing", "clock") == set()


def test_an_evaluation_leaves_the_warnings_of_its_process_audible(bench: Workbench, tmp_path: Path) -> None:
    before = logging.getLogger().level
    missed(bench, tmp_path, "dosing", limit=1)
    assert logging.getLogger().level == before


def test_a_broken_policy_is_caught(bench: Workbench, tmp_path: Path) -> None:
    class Asleep:
        name = "dosing"

        def judge(self, turn: Turn) -> Verdict:
            return Verdict(self.name, False)

    parts = bench.whole
    policies = tuple(Asleep() if p.name == "dosing" else p for p in parts.screen.parts.policies)
    screen = Screen(replace(parts.screen.parts, policies=policies), InputGuard(policies, parts.screen.config.time_limit_seconds))
    assert bench.settings is not None
    broken = join(bench.settings, replace(parts, screen=screen))
    assert "routing of dosing" in missed(replace(bench, assistant=broken), tmp_path, "dosing")


def test_a_removed_disclaimer_is_caught(bench: Workbench, tmp_path: Path) -> None:
    def without(answer: Answer) -> Answer:
        return answer.model_copy(update={"markdown": answer.markdown.replace(answer.disclaimer, "")})

    assert "disclosure" in missed(replace(bench, assistant=Altered(bench, without)), tmp_path, "keypoints", limit=2)


def test_a_wrong_citation_is_caught(bench: Workbench, tmp_path: Path) -> None:
    def swapped(answer: Answer) -> Answer:
        moved = [c.model_copy(update={"title": "Parking", "quote": "The garage on Elm Street opens at six in the morning."}) for c in answer.citations]
        return answer.model_copy(update={"citations": moved})

    found = missed(replace(bench, assistant=Altered(bench, swapped)), tmp_path, "keypoints", limit=2)
    assert {"grounding", "citation_recall_mean", "citation_precision_mean"} <= found


def test_a_slower_screen_is_caught(bench: Workbench, tmp_path: Path) -> None:
    class Slow:
        """The screen, doing its work again and again."""

        def __init__(self, screen: Screen) -> None:
            self._screen = screen

        def screen(self, messages: list[str]) -> Any:
            for i in range(8):
                self._screen.screen([f"{messages[-1]} ({i})"])
            return self._screen.screen(messages)

    slow: Any = Slow(bench.whole.screen)
    assert "screen_cpu_ratio_median" in missed(replace(bench, parts=replace(bench.whole, screen=slow)), tmp_path, "clock")


def test_a_gate_that_shows_a_dose_is_caught(bench: Workbench, tmp_path: Path) -> None:
    class Open:
        """A guard that lets everything pass."""

        def judge(self, draft: Any) -> tuple[Verdict, ...]:
            return ()

        def judge_all(self, drafts: Any) -> None:
            return None

    opened: Any = Open()
    assert {"gate", "forbidden_characters_max"} <= missed(replace(bench, parts=replace(bench.whole, guard=opened)), tmp_path, "gate")


def test_a_state_that_fails_still_discloses(bench: Workbench, tmp_path: Path) -> None:
    task = all_tasks()["states"]
    rows = [row for row in task.rows().rows if row.probe.get("fault")]
    assert {row.probe["fault"] for row in rows} == {"screen", "gate", "search"}
    from evals.probes import probes

    for row in rows:
        outcome = probes()["state"].run(row, bench)
        scores = {name: rule(row, outcome) for name, rule in probes()["state"].rules.items()}
        assert [(name, s.why) for name, s in scores.items() if s.passed is False] == []


@pytest.fixture
def asked(bench: Workbench) -> Iterator[Answer]:
    yield bench.assistant.ask([Message(content="What is a lymph node?")])


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(tmp_path: Path, asked: Answer) -> None:
    from evals.journal import Journal
    from evals.outcome import Outcome

    row = all_tasks()["education"].rows().rows[0]
    first = Journal(tmp_path / "journal.jsonl", {"model": "a"})
    first.put("education", row, Outcome(answer=asked))
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write('{"key": "cut off in the mid')
    again = Journal(tmp_path / "journal.jsonl", {"model": "a"})
    assert again.kept == 1
    assert again.get("education", row) == Outcome(answer=asked)
    assert again.get("education", row.model_copy(update={"messages": ("another question",)})) is None
    assert Journal(tmp_path / "journal.jsonl", {"model": "b"}).kept == 0
