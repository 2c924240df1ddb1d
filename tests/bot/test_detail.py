"""The reading level: short and plain says less of what was found, never less of what keeps somebody safe."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversation import Answer, Message
from bot.turn import Assistant
from tests.openai_server import Script, openai_server

QUESTION = "What is chemotherapy, and what are its side effects?"


def both(assistant: Assistant, question: str) -> tuple[Answer, Answer]:
    return assistant.ask([Message(content=question)], "plain"), assistant.ask([Message(content=question)], "more")


def length(answer: Answer) -> int:
    return sum(len(part.markdown.split()) for part in answer.sections)


@pytest.mark.parametrize("question", ["Tell me about chemotherapy", "What is immunotherapy?", "Información sobre la inmunoterapia"])
def test_a_short_answer_is_shorter_and_has_fewer_bottom_lines(assistant: Assistant, question: str) -> None:
    plain, more = both(assistant, question)
    assert plain.action == more.action == "answer"
    assert 0 < length(plain) < length(more)
    assert len(plain.bottom_line) <= 3


def test_the_safety_parts_are_the_same_at_both_levels(assistant: Assistant) -> None:
    plain, more = both(assistant, QUESTION)
    assert (plain.notice, plain.disclaimer, plain.when_to_call, plain.records_upload) == (more.notice, more.disclaimer, more.when_to_call, more.records_upload)
    assert plain.citations
    urgent = [assistant.ask([Message(content="I am on chemo and my temperature is 101")], level) for level in ("plain", "more")]
    assert urgent[0].sections == urgent[1].sections and urgent[0].contacts == urgent[1].contacts


def test_a_model_is_told_the_level(with_model: Callable[..., Assistant]) -> None:
    with openai_server(Script(chunks=["nothing"])) as server:
        chosen = with_model(server.url)
        prompts = []
        for level in ("plain", "more"):
            chosen.ask([Message(content="What is chemotherapy?")], level)
            prompts.append(str(server.requests[-1]["messages"][-1]["content"]))
    assert "short and plain" in prompts[0]
    assert "short and plain" not in prompts[1]
