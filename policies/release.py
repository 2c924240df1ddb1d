"""The sentence gate: text leaves it only in whole units that every output policy has passed, and what leaves reads well.

Each unit is judged together with the tail already shown. What falls takes along what made sense only with it: a heading or a table
header with nothing under it, an introduction to an emptied list, a sentence that points back ("It also …"), a connective. When a
policy *fails*, the gate closes: nothing more is released.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from policies.guard import OutputGuard
from policies.readable import points_back, separator, wider_gap, without_connective
from policies.sentences import Kind, Segmenter, kind_of
from policies.verdict import Draft, Verdict

# Characters of what is shown that the policies see before a new sentence.
TAIL_CHARACTERS = 600

_BOTTOM_LINE = re.compile(r"^\W*(?:the\s+)?bottom line\W*$|^\W*(?:en resumen|conclusión|lo esencial)\W*$", re.IGNORECASE)
_LEVEL = re.compile(r"[ \t]*(#{1,6})[ \t]")
_PLAIN_LEVEL = 7  # a bold line stands below every `#` heading
_LINK = re.compile(
    r"\[([^\[\]]*)\]\(\s*<?(https?://([^/()\s<>?#:]+)[^()\s<>]*)>?(?:\s+[\"']([^\"']*)[\"'])?\s*\)|<?(https?://([^/()\s<>?#:]+)[^()\s<>]*)>?", re.IGNORECASE
)


@dataclass(frozen=True)
class GateReport:
    """What the gate did with a whole text.

    kept, dropped: units verbatim, in order (headings and introductions that lost all they led to count as neither).
    dropped_share: dropped sentences among all judged sentences, 0–1. verdicts: what fired or failed, in order.
    failed: a policy failed and the gate closed. dropped_bottom_line: something under *Bottom line* fell.
    """

    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    dropped_share: float = 0.0
    verdicts: tuple[Verdict, ...] = ()
    failed: bool = False
    dropped_bottom_line: bool = False


@dataclass
class _Held:
    """A unit that is shown only together with something it leads to."""

    text: str
    kind: Kind
    level: int = 0
    lost: bool = False


@dataclass
class _Tally:
    kept: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    sentences: int = 0
    fallen: int = 0
    bottom_line: bool = False


class Gate:
    """One stream's gate. Not shared between streams; the guard behind it is.

    question, passages (citation number → evidence), system_prompt: what the policies judge against.
    allowed_hosts: hosts whose links pass. tidy: take the connective off a sentence whose predecessor fell; without it the
    released text is the kept sentences verbatim.
    """

    def __init__(
        self,
        guard: OutputGuard,
        *,
        question: str = "",
        passages: Mapping[int, str] | None = None,
        system_prompt: str = "",
        allowed_hosts: frozenset[str] = frozenset(),
        tidy: bool = True,
    ) -> None:
        self._guard = guard
        self._question = question
        self._passages = dict(passages) if passages is not None else None
        self._system_prompt = system_prompt
        self._hosts = frozenset(host.lower() for host in allowed_hosts)
        self._tidy = tidy
        self._segmenter = Segmenter()
        self._shown = ""  # its last TAIL_CHARACTERS characters
        self._held: list[_Held] = []
        self._gap = ""  # white space that fell with dropped units
        self._after_drop = False
        self._in_paragraph = False
        self._in_table = False
        self._under_bottom_line = False
        self._failed = False
        self._tally = _Tally()
        self._foreseen: dict[tuple[str, str], tuple[Verdict, ...]] = {}

    def feed(self, chunk: str) -> list[str]:
        """Pieces of Markdown that may be shown now, to be appended to what is shown."""
        return self._pass(self._segmenter.feed(chunk)) if not self._failed else []

    def finish(self) -> list[str]:
        """The end of the stream: the last pieces, judged like all others."""
        pieces = self._pass(self._segmenter.finish()) if not self._failed else []
        if not self._tidy and not any(h.lost for h in self._held):
            # Verbatim: what led to nothing because nothing followed has passed and stays.
            pieces += self._show(self._held)
        self._held.clear()
        return pieces

    @property
    def report(self) -> GateReport:
        """What happened so far; whole after `finish`."""
        t = self._tally
        share = t.fallen / t.sentences if t.sentences else 0.0
        return GateReport(tuple(t.kept), tuple(t.dropped), share, tuple(t.verdicts), self._failed, t.bottom_line)

    def _pass(self, units: list[str]) -> list[str]:
        pieces: list[str] = []
        self._foresee(units)
        for unit in units:
            pieces += self._unit(unit)
            if self._failed:
                break
        return pieces

    def _foresee(self, units: list[str]) -> None:
        """Judge units that came together in one call, each behind the tail that it has when all before it pass.

        Only a saving: what comes out otherwise (a unit falls, white space is set anew) is judged by itself.
        """
        self._foreseen.clear()
        spoken = [unit for unit in units if any(c.isalnum() for c in unit)]
        if len(spoken) < 2:
            return
        drafts = []
        tail = self._shown + "".join(h.text for h in self._held)
        gap = self._gap
        for unit in units:
            kind = kind_of(unit)
            if kind == "blank" or (kind in ("rule", "fence") and not any(c.isalnum() for c in unit)):
                gap = wider_gap(gap, "\n\n" if kind == "rule" else unit)
                continue
            drafts.append(self._draft(tail[-TAIL_CHARACTERS:], unit))
            tail += unit if kind in ("heading", "intro") else separator(tail, gap) + unit
            gap = "" if kind not in ("heading", "intro") else gap
        verdicts = self._guard.judge_all(drafts)
        if verdicts is not None:
            self._foreseen.update({(d.tail, d.sentence): found for d, found in zip(drafts, verdicts, strict=True)})

    def _draft(self, tail: str, unit: str) -> Draft:
        return Draft(tail, self._without_allowed_links(unit), self._question, self._passages, self._system_prompt)

    def _unit(self, unit: str) -> list[str]:
        kind = kind_of(unit)
        self._leave_blocks(kind, unit)
        if kind == "blank" or (kind in ("rule", "fence") and not any(c.isalnum() for c in unit)):
            if kind == "fence":
                return self._release(unit, kind)
            if kind == "rule" and self._in_table:
                self._held.append(_Held(unit, kind))
            else:
                self._gap = wider_gap(self._gap, "\n\n" if kind == "rule" else unit)
            return []
        if not self._passes(unit):
            if not self._failed:
                self._drop(unit, kind)
            return []
        orphan = self._after_drop and self._in_paragraph and kind in ("text", "intro") and points_back(unit)
        if orphan:
            self._drop(unit, kind)
            return []
        if kind in ("heading", "intro") or (kind == "row" and not self._in_table):
            self._in_table = kind == "row"
            self._held.append(_Held(unit, kind, _level(unit) if kind == "heading" else 0))
            return []
        return self._release(unit, kind)

    def _leave_blocks(self, kind: Kind, unit: str) -> None:
        """Forget held units whose content can no longer come."""
        if self._in_table and kind not in ("row", "rule"):
            self._in_table = False
            self._discard(lambda h: h.kind in ("row", "rule"))
        if kind == "heading":
            level = _level(unit)
            self._discard(lambda h: h.kind != "heading" or h.level >= level)
            self._under_bottom_line = bool(_BOTTOM_LINE.match(unit.strip())) or (self._under_bottom_line and level > 2 and level < _PLAIN_LEVEL)
        elif kind in ("text", "intro"):
            self._discard(lambda h: h.kind == "intro" and h.lost)

    def _discard(self, gone: Callable[[_Held], bool]) -> None:
        kept: list[_Held] = []
        for held in self._held:
            if gone(held):
                self._gap = wider_gap(self._gap, held.text)
            else:
                kept.append(held)
        self._held = kept

    def _passes(self, unit: str) -> bool:
        tail = (self._shown + "".join(h.text for h in self._held))[-TAIL_CHARACTERS:]
        draft = self._draft(tail, unit)
        found = self._foreseen.get((draft.tail, draft.sentence)) or self._guard.judge(draft)
        told = [v for v in found if v.fired or v.failed]
        self._tally.verdicts += told
        if any(v.failed for v in told):
            self._failed = True
            self._held.clear()
        return not told

    def _without_allowed_links(self, unit: str) -> str:
        """What is judged of links to allowed hosts: their words. All other links are left for the markup policy."""

        def words(m: re.Match[str]) -> str:
            host = (m.group(3) or m.group(6) or "").lower()
            return " ".join(filter(None, (m.group(1), m.group(4)))) if host in self._hosts else m.group()

        return _LINK.sub(words, unit) if self._hosts and "://" in unit else unit

    def _drop(self, unit: str, kind: Kind) -> None:
        self._tally.dropped.append(unit)
        self._count(kind, fell=True)
        self._tally.bottom_line |= self._under_bottom_line
        for held in self._held:
            held.lost = True
        self._gap = wider_gap(self._gap, unit)
        self._after_drop = True
        self._in_paragraph = "\n\n" not in unit and kind in ("text", "intro")
        if kind == "row" and not self._in_table:
            self._in_table = True  # the rows under a fallen header keep their place; the header does not come back

    def _release(self, unit: str, kind: Kind) -> list[str]:
        pieces = self._show([*self._held, _Held(unit, kind)])
        self._held.clear()
        self._count(kind, fell=False)
        return pieces

    def _show(self, units: list[_Held]) -> list[str]:
        pieces = []
        for held in units:
            text = held.text
            self._tally.kept.append(text)
            if self._tidy and self._after_drop and held.kind in ("text", "intro"):
                text = without_connective(text)
            text = separator(self._shown, self._gap) + text
            self._gap = ""
            self._after_drop = False
            self._shown = (self._shown + text)[-TAIL_CHARACTERS:]
            pieces.append(text)
        return pieces

    def _count(self, kind: Kind, fell: bool) -> None:
        if kind not in ("heading", "rule", "fence"):
            self._tally.sentences += 1
            self._tally.fallen += fell


def _level(unit: str) -> int:
    hashes = _LEVEL.match(unit)
    return len(hashes.group(1)) if hashes else _PLAIN_LEVEL
