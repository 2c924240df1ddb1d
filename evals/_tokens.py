"""Counts the characters that go to a chat model and come back, by LangChain's callbacks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage
from langchain_core.tracers.context import register_configure_hook


class Count(BaseCallbackHandler):
    """Characters of the prompts and of the answers."""

    def __init__(self) -> None:
        self.prompt = self.answer = 0

    def on_chat_model_start(self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **more: Any) -> None:
        self.prompt += sum(len(str(m.content)) for batch in messages for m in batch)

    def on_llm_new_token(self, token: Any, **more: Any) -> None:
        self.answer += len(str(token))


_counting: ContextVar[Count | None] = ContextVar("oncolantern_tokens", default=None)
register_configure_hook(_counting, inheritable=True)


@contextmanager
def counting() -> Iterator[Count]:
    """A Count of every chat model call made in the block, in this thread."""
    count = Count()
    token = _counting.set(count)
    try:
        yield count
    finally:
        _counting.reset(token)
