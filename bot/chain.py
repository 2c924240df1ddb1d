"""The LangChain chain: prompt → chat model → text. One stream of Markdown with `[n]` citations, whichever model it is."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from bot.errors import ModelUnavailable
from bot.sources import Sources

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import BaseMessage

LANGUAGE_NAMES = {"en": "English", "es": "Spanish"}
# What the prompt says of the length: everything, or the reading level “short and plain”.
LEVELS = {False: "Cover what the sources say about each part.", True: "Keep it short and plain: two or three sentences for each part, the main point only."}


def prompt_text(name: str) -> str:
    """A prompt file's text."""
    return resources.files("bot").joinpath("prompts", f"{name}.txt").read_text(encoding="utf-8")


def whole_text(chunks: Iterator[BaseMessage]) -> Iterator[str]:
    """The text of a streamed message. Raises ModelUnavailable when the stream ends without saying why it ended.

    A connection that is cut can look like an end; only a `finish_reason` tells that the model was done.
    """
    finished = False
    for chunk in chunks:
        finished = finished or bool(chunk.response_metadata.get("finish_reason"))
        if chunk.content:
            yield str(chunk.content)
    if not finished:
        raise ModelUnavailable("the stream was cut off")


class AnswerChain:
    """Turns a question and its numbered sources into a stream of Markdown."""

    def __init__(self, model: BaseChatModel, name: str) -> None:
        from langchain_core.prompts import ChatPromptTemplate
        from langchain_core.runnables import RunnableGenerator

        self.name = name
        self.system_prompt = prompt_text("system")
        self._chain = (
            ChatPromptTemplate.from_messages([("system", self.system_prompt), ("human", prompt_text("question"))]) | model | RunnableGenerator(whole_text)
        )

    def stream(self, question: str, sources: Sources, language: str) -> Iterator[str]:
        """Chunks of the model's answer as they come. Raises ModelUnavailable when the model fails, at the start or in the middle."""
        values = {
            "question": escape(question),
            "sources": sources.as_prompt(),
            "language_name": LANGUAGE_NAMES.get(language, "English"),
            "level": LEVELS[sources.brief],
        }
        try:
            yield from self._chain.stream(values)
        except ModelUnavailable:
            raise
        except Exception as error:  # any client, protocol or server fault: the caller has a safe answer
            raise ModelUnavailable(f"{self.name}: {type(error).__name__}") from error
