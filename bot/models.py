"""Which chat model answers: the embedded extractive one, or any model behind the OpenAI protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import EXTRACTIVE, Settings

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

# One more try after a refused or broken request; the extractive answer is waiting, a person too.
RETRIES = 1
TEMPERATURE = 0.2


def build_model(settings: Settings) -> BaseChatModel:
    """The model named by the settings. The server need only speak plain streamed Chat Completions: no tools, no JSON mode."""
    if settings.chat_model == EXTRACTIVE:
        from bot.extractive import ExtractiveChatModel

        return ExtractiveChatModel()
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=settings.chat_model,
        api_key=settings.openai_api_key or SecretStr("none"),  # local servers ask for no key, the client for some string
        base_url=settings.openai_base_url,
        timeout=settings.model_timeout_seconds,
        max_retries=RETRIES,
        temperature=TEMPERATURE,
        stream_usage=False,
    )
