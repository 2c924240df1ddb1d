"""The optional judge's model: one short completion that says in a word what a turn wants. Joined in assembly, judged in policies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources

from bot.settings import Settings

# A word, and room for a model that wraps it in a sentence.
_TOKENS = 12
# The last messages are enough to see what a conversation is about.
_LOOKED_AT, _CHARACTERS = 6, 2000


def build_judge(settings: Settings) -> Callable[[Sequence[str]], str]:
    """A function from a conversation's messages (the person's own, masked) to the model's words. It raises what the client raises."""
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    model = ChatOpenAI(
        model=settings.judge_model or "",
        api_key=settings.openai_api_key or SecretStr("none"),
        base_url=settings.openai_base_url,
        timeout=settings.judge_timeout_seconds,
        max_retries=0,
        temperature=0,
        max_completion_tokens=_TOKENS,
        stream_usage=False,
        streaming=True,
    )
    instructions = resources.files("bot").joinpath("prompts/judge.txt").read_text(encoding="utf-8")

    def ask(messages: Sequence[str]) -> str:
        told = "\n".join(f"- {message[:_CHARACTERS]}" for message in messages[-_LOOKED_AT:])
        return str(model.invoke([("system", instructions), ("human", f"Messages, oldest first; judge the last one:\n{told}")]).content)

    return ask
