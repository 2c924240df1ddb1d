"""One real assistant for the tests of the bot: the prepared library, every policy, the embedded model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.assembly import Parts, build_parts, join
from bot.conversation import Answer, Message
from bot.settings import Settings
from bot.turn import Assistant


@pytest.fixture(scope="session")
def parts(prepared: Path) -> Parts:
    return build_parts(Settings(data=prepared))


@pytest.fixture(scope="session")
def assistant(prepared: Path, parts: Parts) -> Assistant:
    return join(Settings(data=prepared), parts)


@pytest.fixture(scope="session")
def ask(assistant: Assistant) -> Callable[..., Answer]:
    def _ask(*texts: str) -> Answer:
        return assistant.ask([Message(content=text) for text in texts])

    return _ask


@pytest.fixture(scope="session")
def with_model(prepared: Path, parts: Parts) -> Callable[..., Assistant]:
    """An assistant whose chat model is behind a scripted server's address."""

    def _build(url: str, **settings: object) -> Assistant:
        return join(Settings(data=prepared, OPENAI_API_KEY="test", OPENAI_BASE_URL=url, model="scripted", **settings), parts)

    return _build
