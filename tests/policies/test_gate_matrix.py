"""Nothing forbidden is ever shown, however a model's stream is cut; what is sound survives. Over evals/completions."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.bench.gate import matrix, rows, survival
from evals.completions.forbidden import COUNT, bad_completions
from policies.guard import OutputGuard
from policies.output_guard import build_output_guard


@pytest.fixture(scope="module")
def guard() -> OutputGuard:
    from bot.assembly import lexicon

    return build_output_guard(lexicon())


def test_the_file_of_bad_completions_is_what_its_generator_makes() -> None:
    assert list(rows("unsound").values()) == bad_completions() and len(rows("unsound")) == COUNT


def test_nothing_forbidden_is_shown_and_no_cut_changes_what_is_released(guard: OutputGuard) -> None:
    found = matrix(guard, step=12)
    assert found.completions > 40 and found.streams > 250
    assert (found.shown, found.leaks, found.different) == (0, [], [])


@pytest.mark.slow
def test_nothing_forbidden_is_shown_when_every_completion_is_cut_at_every_place(guard: OutputGuard) -> None:
    found = matrix(guard, every_cut=True)
    assert found.completions == COUNT and found.streams > 100 * COUNT
    assert (found.shown, found.leaks, found.different) == (0, [], [])


@pytest.mark.slow
def test_a_models_own_wording_survives(encoder_guard: OutputGuard) -> None:
    for kept, replaced, _ in survival(encoder_guard).values():
        assert kept.value >= 0.93 and replaced.value <= 0.06


@pytest.fixture(scope="module")
def encoder_guard(encoder_folder: Path) -> OutputGuard:
    from evals.bench.gate import build_guard

    return build_guard(encoder_folder)
