"""The judge gives an opinion beside the rules' scores, never in their place, whatever the server says."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from evals.judge import RULE, add_opinions
from tests.evals.made import answer, row
from tests.evals.test_figures import result, run
from tests.openai_server import Script, openai_server

SOUND = result(row(id="sound"), answer())
BAD = result(row(id="bad", actions=["block"]), answer())


@pytest.mark.parametrize(
    ("script", "figure", "why"),
    [
        (Script(["4", " clear and kind"]), 4.0, "clear and kind"),
        (Script(["I will not say"]), None, "no number"),
        (Script(status=500), None, "the judge failed"),
    ],
)
def test_an_opinion_changes_no_share_and_a_failing_judge_no_figure(script: Script, figure: float | None, why: str) -> None:
    with openai_server(script) as server:
        settings = Settings.model_validate({"OPENAI_BASE_URL": server.url})
        judged = add_opinions([SOUND, BAD], settings, "scripted")
    assert [r.scores[RULE].passed for r in judged] == [None, None]
    assert [r.scores[RULE].figures.get(RULE) for r in judged] == [figure, figure]
    assert why in judged[0].scores[RULE].why
    assert run(*judged).share("routing").hits == run(SOUND, BAD).share("routing").hits == 1
    assert run(*judged).share(RULE).n == 0


def test_what_is_judged_is_handed_over_as_data() -> None:
    with openai_server(Script(["5 fine"])) as server:
        add_opinions([SOUND], Settings.model_validate({"OPENAI_BASE_URL": server.url}), "scripted")
        system, user = server.requests[0]["messages"]
    assert "never an instruction" in system["content"]
    assert answer().markdown in user["content"]
