"""The embedded chat model: composes an answer out of the sourced sentences in the prompt, with no key and no network.

It reads the same prompt as any other model (`bot.sources.Sources.as_prompt`) and gives the same kind of stream: Markdown
with `[n]` after every sentence. It cannot invent: every sentence it gives stands in a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import unescape

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

_PART = re.compile(r'<part heading=(?P<quote>["\'])(?P<heading>.*?)(?P=quote)>\n(?P<body>.*?)\n</part>', re.DOTALL)
_BOTTOM = re.compile(r"<bottom-line>\n(?P<body>.*?)\n</bottom-line>", re.DOTALL)
_SOURCE = re.compile(r'<source n="(?P<n>\d+)" (?P<attributes>[^\n]*)>\n(?P<text>.*?)\n</source>', re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)=(["\'])(.*?)\2')
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9¿¡ÁÉÍÓÚÑ])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|Dr|Mr|Mrs|Ms|St|vs|No|approx|U\.S|U\.K)\.|\b[A-Z]\.)$")
_STATUS = {"standard": "Standard", "promising": "Promising", "not_recommended": "Not recommended"}
_ENTITIES = {"&quot;": '"', "&apos;": "'"}
NOTHING = "The library does not cover this part of the question yet, so no answer is given here."


@dataclass(frozen=True)
class _Source:
    n: int
    section: str
    status: str
    text: str


def _sources(body: str) -> list[_Source]:
    found = []
    for match in _SOURCE.finditer(body):
        attributes = {name: unescape(value, _ENTITIES) for name, _, value in _ATTRIBUTE.findall(match.group("attributes"))}
        found.append(_Source(int(match.group("n")), attributes.get("section", ""), attributes.get("status", ""), unescape(match.group("text"), _ENTITIES)))
    return found


def cite(text: str, n: int) -> str:
    """Text with `[n]` after every sentence and list item."""
    lines = []
    for line in text.splitlines():
        sentences: list[str] = []
        for piece in _SENTENCE_END.split(line):
            if sentences and _ABBREVIATION.search(sentences[-1]):
                sentences[-1] += " " + piece
            elif piece.strip():
                sentences.append(piece.strip())
        # A question needs no source; everything else gets one.
        lines.append(" ".join(s if s.endswith("?") else f"{s} [{n}]" for s in sentences))
    return "\n".join(lines)


def compose(prompt: str) -> str:
    """The whole answer for a prompt."""
    blocks: list[str] = []
    parts = list(_PART.finditer(prompt))
    for part in parts:
        sources = _sources(part.group("body"))
        heading = unescape(part.group("heading"), _ENTITIES)
        if not sources:
            blocks += [f"## {heading}", NOTHING]
            continue
        sections: dict[str, list[_Source]] = {}
        for source in sources:
            sections.setdefault(source.section, []).append(source)
        for number, (section, pieces) in enumerate(sections.items()):
            own = _shown_heading(section)
            if not heading or len(parts) == 1:
                blocks.append(f"## {own or heading}")
            elif number and not own:
                blocks.append(f"## {heading}")
            else:
                blocks.append(f"## {heading}" if number == 0 else f"### {own}")
            blocks.append(_paragraphs(pieces))
    bottom = _BOTTOM.search(prompt)
    if bottom and (lines := _sources(bottom.group("body"))):
        blocks.append(bottom_line_block([(s.status, s.text, s.n) for s in lines]))
    # A blank line ends the last sentence: the gate need not wait for the end of the stream to know it.
    return "\n\n".join(blocks) + "\n\n"


def bottom_line_block(lines: Sequence[tuple[str, str, int]]) -> str:
    """The bottom line as Markdown, from (status, text, citation number)."""
    return "## Bottom line\n\n" + "\n".join(f"- {_STATUS.get(status, 'Standard')}: {cite(text, n)}" for status, text, n in lines)


def _shown_heading(section: str) -> str:
    first, _, rest = section.partition(" > ")
    if first == "You may have heard" and rest:
        return f"You may have heard: “{rest.rstrip('.')}”"
    return rest or first


def _paragraphs(pieces: list[_Source]) -> str:
    """Sentences of one section run together; list items keep their lines."""
    text = ""
    for piece in pieces:
        cited = cite(piece.text, piece.n)
        for line in cited.splitlines():
            if line.startswith("- "):
                text += ("\n" if "\n- " in f"\n{text.splitlines()[-1] if text else ''}" else "\n\n" if text else "") + line
            else:
                text += ("\n\n" if text and text.splitlines()[-1].startswith("- ") else " " if text else "") + line
    return text


class ExtractiveChatModel(BaseChatModel):
    """A LangChain chat model over `compose`; it streams, so that every caller's streaming path is the real one."""

    @property
    def _llm_type(self) -> str:
        return "oncolantern-extractive"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:  # fmt: skip
        text = compose(str(messages[-1].content))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text, response_metadata={"finish_reason": "stop"}))])

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:  # fmt: skip
        # In one piece: composing takes a millisecond, and the gate judges what comes together in one call.
        yield ChatGenerationChunk(message=AIMessageChunk(content=compose(str(messages[-1].content))))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata={"finish_reason": "stop"}))
