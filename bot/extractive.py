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

from knowledge.words import stems

_PART = re.compile(r'<part heading=(?P<quote>["\'])(?P<heading>.*?)(?P=quote)>\n(?P<body>.*?)\n</part>', re.DOTALL)
_BOTTOM = re.compile(r"<bottom-line>\n(?P<body>.*?)\n</bottom-line>", re.DOTALL)
_TABLE = re.compile(r'<comparison left=(["\'])(?P<left>.*?)\1 right=(["\'])(?P<right>.*?)\3>\n(?P<body>.*?)\n</comparison>', re.DOTALL)
_ROW = re.compile(r'<row label=(["\'])(?P<label>.*?)\1>\n(?P<left>.*?)\n<against/>\n(?P<right>.*?)\n</row>', re.DOTALL)
_SOURCE = re.compile(r'<source n="(?P<n>\d+)" (?P<attributes>[^\n]*)>\n(?P<text>.*?)\n</source>', re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)=(["\'])(.*?)\2')
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9¿¡ÁÉÍÓÚÑ])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|Dr|Mr|Mrs|Ms|St|vs|No|approx|U\.S|U\.K)\.|\b[A-Z]\.)$")
_STATUS = {"standard": "Standard", "promising": "Promising", "not_recommended": "Not recommended"}
_STATUS_ES = {"standard": "Estándar", "promising": "Prometedor", "not_recommended": "No recomendado"}
_SPANISH = re.compile(r'^<source n="\d+" [^\n]*\blanguage="es"', re.MULTILINE)
_ENTITIES = {"&quot;": '"', "&apos;": "'"}
# Sentences that share so many of their stems say the same; shorter ones are not compared.
SAME_SHARE, FEWEST_STEMS = 0.75, 4
NOTHING = "The library does not cover this part of the question yet, so no answer is given here."
NOTHING_ES = "La biblioteca no cubre todavía esta parte de la pregunta, así que aquí no hay respuesta."


@dataclass(frozen=True)
class _Source:
    n: int
    section: str
    status: str
    text: str
    language: str = "en"


def _sources(body: str) -> list[_Source]:
    found = []
    for match in _SOURCE.finditer(body):
        attributes = {name: unescape(value, _ENTITIES) for name, _, value in _ATTRIBUTE.findall(match.group("attributes"))}
        text = unescape(match.group("text"), _ENTITIES)
        found.append(_Source(int(match.group("n")), attributes.get("section", ""), attributes.get("status", ""), text, attributes.get("language", "en")))
    return found


def cite(text: str, n: int) -> str:
    """Text with `[n]` after every sentence and list item."""
    return "\n".join(_cited(_sentences(line), n) for line in text.splitlines())


def _sentences(line: str) -> list[str]:
    found: list[str] = []
    for piece in _SENTENCE_END.split(line):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] += " " + piece
        elif piece.strip():
            found.append(piece.strip())
    return found


def _cited(sentences: Sequence[str], n: int) -> str:
    # A question needs no source; everything else gets one.
    return " ".join(s if s.endswith("?") else f"{s} [{n}]" for s in sentences)


def _alike(words: frozenset[str], held: frozenset[str]) -> bool:
    return len(words & held) >= SAME_SHARE * min(len(words), len(held))


class _Said:
    """What an answer has said so far: the same is not said again in other places and nearly the same words."""

    def __init__(self) -> None:
        self._held: list[frozenset[str]] = []

    def fresh(self, sentence: str) -> bool:
        """Whether a sentence says something new; if so it is remembered."""
        if new := self.new([sentence]):
            self.remember(new)
        return bool(new)

    def new(self, texts: Sequence[str]) -> list[str]:
        """Those of some texts that nothing said before says. They are not compared with each other: the items of a list are alike by nature."""
        return [text for text in texts if len(words := stems(text)) < FEWEST_STEMS or not any(_alike(words, held) for held in self._held)]

    def remember(self, texts: Sequence[str]) -> None:
        """Texts that have been said."""
        self._held += [words for text in texts if len(words := stems(text)) >= FEWEST_STEMS]


def compose(prompt: str) -> str:
    """The whole answer for a prompt."""
    blocks: list[str] = []
    said = _Said()
    parts = list(_PART.finditer(prompt))
    for part in parts:
        table = _TABLE.search(part.group("body"))
        sources = _sources(_TABLE.sub("", part.group("body")))
        heading = unescape(part.group("heading"), _ENTITIES)
        if table:
            blocks += _compared(heading, sources, table, said)
        elif sources:
            blocks += _sections(heading, sources, said, alone=len(parts) == 1)
        else:
            blocks += [f"## {heading}", NOTHING_ES if _SPANISH.search(prompt) else NOTHING]
    bottom = _BOTTOM.search(prompt)
    if bottom and (lines := _sources(bottom.group("body"))):
        blocks.append(bottom_line_block([(s.status, s.text, s.n) for s in lines], lines[0].language))
    # A blank line ends the last sentence: the gate need not wait for the end of the stream to know it.
    return "\n\n".join(blocks) + "\n\n"


def _sections(heading: str, sources: Sequence[_Source], said: _Said, *, alone: bool) -> list[str]:
    """A part's sources as blocks, under their own headings when the part stands alone, else under the part's."""
    grouped: dict[str, list[_Source]] = {}
    for source in sources:
        grouped.setdefault(source.section, []).append(source)
    blocks: list[str] = []
    for section, pieces in grouped.items():
        text = _paragraphs(pieces, said)
        if not text:
            continue
        own = _shown_heading(section)
        if not heading or alone:
            blocks.append(f"## {own or heading}")
        else:
            blocks.append(f"### {own}" if blocks and own else f"## {heading}")
        blocks.append(text)
    return blocks


def _compared(heading: str, sources: Sequence[_Source], table: re.Match[str], said: _Said) -> list[str]:
    """A comparison: what tells the two apart in a sentence or two, then the table."""
    blocks = [f"## {heading}"]
    if text := _paragraphs(sources, said):
        blocks.append(text)
    left, right = (_cell_text(unescape(table.group(side), _ENTITIES)) for side in ("left", "right"))
    rows = [f"| | {left} | {right} |", "|---|---|---|"]
    for row in _ROW.finditer(table.group("body")):
        cells = (" ".join(cite(_unnamed(s.text), s.n) for s in _sources(row.group(side))) for side in ("left", "right"))
        rows.append(f"| **{unescape(row.group('label'), _ENTITIES)}** | {' | '.join(map(_cell_text, cells))} |")
    return [*blocks, "\n".join(rows)]


def _unnamed(text: str) -> str:
    """A glossary line without the name that stands at the head of its column."""
    name, colon, rest = text.partition(": ")
    return rest if colon and len(name.split()) <= 6 and rest[:1].isupper() else text


def _cell_text(text: str) -> str:
    """Text that neither ends a cell nor a row."""
    return " ".join(text.replace("|", "/").split())


def bottom_line_block(lines: Sequence[tuple[str, str, int]], language: str = "en") -> str:
    """The bottom line as Markdown, from (status, text, citation number)."""
    heading, words = ("## En resumen", _STATUS_ES) if language == "es" else ("## Bottom line", _STATUS)
    return f"{heading}\n\n" + "\n".join(f"- {words.get(status, words['standard'])}: {cite(text, n)}" for status, text, n in lines)


def _shown_heading(section: str) -> str:
    first, _, rest = section.partition(" > ")
    if first == "You may have heard" and rest:
        return f"You may have heard: “{rest.rstrip('.')}”"
    if first == "Quizás ha oído" and rest:
        return f"Quizás ha oído: «{rest.rstrip('.')}»"
    return rest or first


def _paragraphs(pieces: Sequence[_Source], said: _Said) -> str:
    """Sentences of one section run together; list items keep their lines; what was said already stays out."""
    lines: list[str] = []  # a paragraph, or an item that begins with a dash
    for piece in pieces:
        written = piece.text.splitlines()
        items = said.new([line for line in written if line.startswith("- ")])
        for line in written:
            if line.startswith("- "):
                if line in items:
                    lines.append(cite(line, piece.n))
            elif text := _cited([s for s in _sentences(line) if said.fresh(s)], piece.n):
                if lines and not lines[-1].startswith("- "):
                    lines[-1] += f" {text}"
                else:
                    lines.append(text)
        said.remember(items)
    text = ""
    for line in lines:
        both = line.startswith("- ") and text.rpartition("\n")[2].startswith("- ")
        text += ("\n" if both else "\n\n" if text else "") + line
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
