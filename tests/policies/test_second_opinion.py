"""The optional judge can only make an outcome stricter; slow, broken or unclear, it leaves the rules' verdict and says failed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Settings
from policies.screen import Screen
from policies.second_opinion import SecondOpinion
from tests.openai_server import Script, openai_server


@pytest.fixture(scope="module")
def screen(prepared: Path) -> Screen:
    from bot.assembly import build_screen, prepare

    settings = Settings(data=prepared)
    return build_screen(settings, prepare(settings))


def judged(screen: Screen, ask: Callable[[Sequence[str]], str], limit: float = 2.0) -> Screen:
    return Screen(replace(screen.parts, second_opinion=SecondOpinion(ask, limit)))


@pytest.mark.parametrize(
    ("word", "action"), [("dosing", "block"), ("personal", "redirect"), ("elsewhere", "decline"), ("crisis", "escalate"), ("general", "answer")]
)
def test_it_makes_an_answer_stricter(screen: Screen, word: str, action: str) -> None:
    screening = judged(screen, lambda _: f"The word is {word}.").screen(["What is a biopsy?"])
    assert screening.action == action
    assert (f"{word}.judge" in {v.rule for v in screening.fired}) == (word != "general")


@pytest.mark.parametrize("word", ["general", "personal", "elsewhere"])
def test_it_never_loosens_what_the_rules_stopped(screen: Screen, word: str) -> None:
    assert judged(screen, lambda _: word).screen(["How many mg of tamoxifen do people take?"]).action == "block"
    assert judged(screen, lambda _: word).screen(["I want to kill myself"]).action == "escalate"


def test_it_reads_no_identifier(screen: Screen) -> None:
    seen: list[str] = []

    def ask(messages: Sequence[str]) -> str:
        seen.extend(messages)
        return "general"

    judged(screen, ask).screen(["I'm Jane Doe, DOB 04/12/1961, what is DCIS?"])
    assert seen and "Jane" not in seen[-1] and "1961" not in seen[-1]


@pytest.mark.parametrize(
    "ask",
    [lambda _: "I cannot say", lambda _: "dosing or personal", lambda _: 1 / 0, lambda _: time.sleep(0.5) or "dosing"],
    ids=["unclear", "two words", "broken", "slow"],
)
def test_a_failed_judge_leaves_the_rules_verdict_and_says_failed(screen: Screen, ask: Callable[[Sequence[str]], str], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        screening = judged(screen, ask, limit=0.1).screen(["What is a biopsy?"])
    assert (screening.action, screening.failed) == ("answer", False)
    assert "judge failed" in caplog.text


def test_over_the_openai_protocol() -> None:
    from bot.assembly import second_opinion

    with openai_server(Script(chunks=("per", "sonal"))) as served:
        settings = Settings(judge_model="any", openai_base_url=served.url)
        opinion = second_opinion(settings)
        assert opinion is not None
        verdict = opinion.verdict(["can my dad have it too"])
    assert verdict is not None and (verdict.policy, verdict.fired) == ("personal", True)
    assert "can my dad have it too" in str(served.requests[0]["messages"])
    with openai_server(Script(status=500)) as served:
        broken = second_opinion(Settings(judge_model="any", openai_base_url=served.url))
        assert broken is not None and broken.verdict(["what is a scan"]) is None
    assert second_opinion(Settings()) is None
