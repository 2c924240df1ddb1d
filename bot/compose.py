"""Composes the text of an answer from sources: model → gate → renumbered sentences; the extractive answer stands ready."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.chain import AnswerChain
from bot.conversation import Citation
from bot.errors import ModelUnavailable
from bot.extractive import bottom_line_block
from bot.markdown import BOTTOM_HEADING
from bot.sources import Numbered, Sources
from knowledge.passages import SourceRef

if TYPE_CHECKING:
    from policies.release import Gate
    from policies.verdict import Verdict

log = logging.getLogger(__name__)

# Above this share of dropped text the rest no longer hangs together (DESIGN, release).
MAX_DROPPED_SHARE = 0.30
_CITATION = re.compile(r"\[(\d{1,3})\]")


@dataclass
class Numbering:
    """Citation numbers in the order of their first appearance: a reader meets [1] first, and a source of an article once."""

    sources: dict[int, Numbered]
    order: dict[int, int] = field(default_factory=dict)
    _given: dict[tuple[str, SourceRef], int] = field(default_factory=dict)

    def renumber(self, text: str) -> str:
        """The text with the reader's numbers; a number that no source has is taken out."""
        return _CITATION.sub(self._one, text)

    def _one(self, match: re.Match[str]) -> str:
        n = int(match.group(1))
        if n not in self.sources:
            return ""
        if n not in self.order:
            x = self.sources[n]
            self.order[n] = self._given.setdefault((x.passage.doc_id, x.evidence.source), len(self._given) + 1)
        return f"[{self.order[n]}]"

    def citations(self) -> list[Citation]:
        """Citations as the reader numbers them."""
        held: dict[int, list[Numbered]] = {}
        for old, n in self.order.items():
            held.setdefault(n, []).append(self.sources[old])
        return [self._citation(n, pieces) for n, pieces in held.items()]

    @staticmethod
    def _citation(n: int, pieces: list[Numbered]) -> Citation:
        x = pieces[0]
        s = x.evidence.source
        quote = "\n".join(dict.fromkeys(piece.evidence.text for piece in pieces))
        return Citation(
            n=n, title=s.title, organization=s.organization, year=s.year, url=s.url, reviewed=s.reviewed, passage_id=x.passage.id, quote=quote,
            place=s.place, reviewed_by=s.reviewed_by,
        )  # fmt: skip


@dataclass(frozen=True)
class Composed:
    """A released text. model: who wrote it. failed: a policy broke, nothing may be shown."""

    text: str
    model: str
    citations: tuple[Citation, ...]
    verdicts: tuple[Verdict, ...]
    failed: bool = False


@dataclass(frozen=True)
class Piece:
    """Released text on its way; `replace` says that it stands for everything shown before."""

    text: str
    replace: bool = False


GateFactory = Callable[[str, Sources], "Gate"]


class Composer:
    """Runs one model through the gate, and the extractive one when the first fails, breaks off or says too much that falls."""

    def __init__(self, chain: AnswerChain, fallback: AnswerChain, gate: GateFactory) -> None:
        self._chain, self._fallback, self._gate = chain, fallback, gate

    def stream(self, question: str, sources: Sources, language: str, *, safe_only: bool = False) -> Generator[Piece, None, Composed]:
        """Yield released pieces; return the whole. `safe_only`: the extractive model alone (background beside a redirect)."""
        replacing = False
        if not safe_only and self._chain.name != self._fallback.name:
            composed = yield from self._run(self._chain, question, sources, language)
            if composed is not None:
                return composed
            replacing = True
        gate = self._gate(question, sources)
        numbering = Numbering(sources.by_number())
        text = ""
        for chunk in self._fallback.stream(question, sources, language):
            for piece in gate.feed(chunk):
                released = numbering.renumber(piece)
                text += released
                if not replacing:
                    yield Piece(released)
        for piece in gate.finish():
            released = numbering.renumber(piece)
            text += released
            if not replacing:
                yield Piece(released)
        if replacing:
            yield Piece(text, replace=True)
        report = gate.report
        return Composed(text.strip(), self._fallback.name, tuple(numbering.citations()), tuple(report.verdicts), report.failed)

    def _run(self, chain: AnswerChain, question: str, sources: Sources, language: str) -> Generator[Piece, None, Composed | None]:
        """The chosen model's answer, or None when the extractive one must stand in."""
        gate = self._gate(question, sources)
        numbering = Numbering(sources.by_number())
        raw = text = ""
        try:
            for chunk in chain.stream(question, sources, language):
                raw += chunk
                for piece in gate.feed(chunk):
                    text += (released := numbering.renumber(piece))
                    yield Piece(released)
                if gate.report.failed:
                    break
        except ModelUnavailable as error:
            log.warning("model failed, the extractive answer takes over: %s", error)
            return None
        if not any(int(n) in numbering.sources for n in _CITATION.findall(raw)):
            log.warning("model answer cites nothing, the extractive answer takes over")
            return None
        for piece in [*self._bottom_line(gate, raw, sources), *gate.finish()]:
            text += (released := numbering.renumber(piece))
            yield Piece(released)
        report = gate.report
        if report.failed:
            return Composed(text, chain.name, tuple(numbering.citations()), tuple(report.verdicts), failed=True)
        if report.dropped_share > MAX_DROPPED_SHARE or report.dropped_bottom_line or not numbering.order:
            log.warning(
                "model answer blocked (%.0f %% dropped, bottom line dropped: %s), the extractive answer takes over",
                100 * report.dropped_share, report.dropped_bottom_line,
            )  # fmt: skip
            return None
        return Composed(text.strip(), chain.name, tuple(numbering.citations()), tuple(report.verdicts))

    @staticmethod
    def _bottom_line(gate: Gate, raw: str, sources: Sources) -> list[str]:
        """Where the model gave no bottom line, the library's own follows, through the same gate."""
        if not sources.bottom_line or BOTTOM_HEADING.search(raw) or gate.report.failed:
            return []
        lines = [(x.evidence.status or "standard", x.evidence.text, x.n) for x in sources.bottom_line]
        return gate.feed("\n\n" + bottom_line_block(lines, sources.bottom_line[0].passage.language))
