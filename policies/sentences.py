"""Cuts a stream of Markdown into units that can be judged and shown alone: a sentence with its citations, a list item, a row.

The same units come out however the stream was cut into chunks: an end is accepted only when no further text could change it, and at
most `_WINDOW` characters are ever looked at. Joined, the units are the text, character for character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

# Longest unit. A cut forced by it never parts a number from what it counts.
MAX_UNIT = 600
# Characters beyond MAX_UNIT that may be needed to decide on an end near it.
_WINDOW = MAX_UNIT + 80
# An opening bracket, tag or emphasis without its partner within so many characters is just a character.
_OPEN_SPAN = 200

Kind = Literal["heading", "item", "row", "rule", "fence", "intro", "text", "blank"]

# Never the end of a sentence, whatever follows.
_NEVER_LAST = "dr dra mr mrs ms sr sra prof st fig figs eq vs viz cf e.g i.e eg ie approx aprox p.ej p ej incl pág núm dept u.ej"
# Not the end when a number follows ("No. 5"), an end otherwise ("No.").
_BEFORE_A_NUMBER = "no nos nr ch pp vol grade stage"
# An end only before a word that starts sentences.
_SELDOM_LAST = "etc inc ltd co corp jr u.s u.k u.s.a e.u ee.uu a.m p.m ph.d m.d r.n b.i.d t.i.d q.d wk hr min mg ml kg cm mm oz lb max avg al"
_STARTING_WORDS = (
    "the a an it this that these those they he she we you your in on if when while some many most other its their there here but and so however ask call talk"
    " el la los las un una es esto este estos si en se su"
)
# After these a single capital is the end of a name, not an initial.
_NAMED_BY_LETTER = (
    "vitamin vitamins hepatitis type group grade stage class phase plan part protein factor influenza and or to vitamina tipo grupo clase etapa parte"
)
_LETTERED = frozenset(_NAMED_BY_LETTER.split())
_ALWAYS = frozenset(_NEVER_LAST.split())
_BEFORE_NUMBER = frozenset(_BEFORE_A_NUMBER.split())
_MAYBE = frozenset(_SELDOM_LAST.split())
_STARTERS = frozenset(_STARTING_WORDS.split())

_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]*_`]*|\n")
_AFTER = re.compile(r"[*_]*(?:[ \t]*\n?[ \t]*\[\^?\d{1,3}(?:[ ]?[,;–-][ ]?\d{1,3})*\](?:\([^()\s]*\))?)*[.!?]?[*_]*")
_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*$")
_BLOCK_START = re.compile(r"[ \t]*(?:#{1,6}[ \t]|[-*+•‣][ \t]|\d{1,3}[.)][ \t]|\||```|~~~|>)")
_ITEM = re.compile(r"[ \t]*(?:>[ \t]*)*(?:[-*+•‣]|\d{1,3}[.)])[ \t]+\S")
_HEADING = re.compile(r"[ \t]*(?:#{1,6}[ \t]+\S[^\n]*|(?:\*\*|__)[^*_\n]{1,120}?(?:\*\*|__):?|(?:\*\*|__)[^*_\n]{1,120}?:(?:\*\*|__))\s*$")
_ROW = re.compile(r"[ \t]*\|")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t:|-]*)?\s*$|[ \t]*(?:\*[ \t]*){3,}\s*$|[ \t]*(?:_[ \t]*){3,}\s*$")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_LINE_KIND = re.compile(r"[ \t]*(?:#{1,6}[ \t]|\||```|~~~)")
_MARKER = re.compile(r"[ \t]*\d{1,3}[.)]$")
_OPEN_LINK = re.compile(rf"\[[^\[\]]{{0,{_OPEN_SPAN}}}(?:\]\([^()]{{0,{_OPEN_SPAN}}})?$")
_OPEN_TAG = re.compile(rf"<(?:!--(?:(?!-->).){{0,{_OPEN_SPAN}}}|[a-zA-Z/][^<>]{{0,{_OPEN_SPAN}}})$", re.DOTALL)
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half once twice every each"
    " un una uno dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta cincuenta cien cada medio media to or and a of per up least"
)
_NUMBER_LIKE = re.compile(rf"\d|^\W*(?:{'|'.join(_NUMBER_WORDS.split())})\W*$", re.IGNORECASE)


def kind_of(unit: str) -> Kind:
    """What a unit is in Markdown. An `intro` is a text that ends in a colon and promises what follows."""
    if not unit.strip():
        return "blank"
    if _FENCE.match(unit):
        return "fence"
    if _RULE.match(unit):
        return "rule"
    if _ROW.match(unit):
        return "row"
    if _HEADING.match(unit):
        return "heading"
    if _ITEM.match(unit):
        return "item"
    return "intro" if unit.rstrip().rstrip("*_").endswith(":") else "text"


def _take_space(text: str, at: int, final: bool) -> int | None:
    """Where the unit that ends at `at` stops: after the following white space, the next line's indent left to the next unit."""
    end = at
    while end < len(text) and text[end].isspace():
        end += 1
    if end == len(text) and not final:
        return None
    newline = text.rfind("\n", at, end)
    return newline + 1 if newline >= 0 else end


def _is_open(head: str) -> bool:
    """Whether a link, tag, code span or bold run is still open at the end of `head`."""
    line = head[-_OPEN_SPAN:]
    if line.count("**") % 2 or (line.rpartition("\n")[2]).count("`") % 2:
        return len(head) <= _OPEN_SPAN or "**" not in line
    return bool(_OPEN_LINK.search(head) or _OPEN_TAG.search(head))


def _ends_sentence(text: str, mark: re.Match[str], end: int, final: bool) -> bool | None:
    """Whether the full stop at `mark` ends a sentence whose citations end at `end`; None when more text is needed."""
    if end < len(text) and not text[end].isspace():
        return text[end] in "¿¡" or "\u3000" <= text[end] <= "\u9fff"
    following = text[end:].lstrip()
    if not following:
        return True if final else None
    if "\n\n" in text[end : len(text) - len(following)].replace(" ", ""):
        return True
    stop = mark.group()[0]
    before = text[: mark.start()]
    if _MARKER.match(before + stop):
        return False  # "1." opens a list item
    opener = re.match(r"[\"'“‘«(\[*_¿¡`]*", following)
    word = following[opener.end() if opener else 0 :]
    if not word:
        return True if final else None
    if word[0].islower():
        return False
    if stop in "!?" or end > mark.end():
        return True
    found = _WORD_BEFORE.search(before)
    last = found.group().lower() if found else ""
    if last in _ALWAYS or (len(last) == 1 and last.isalpha() and found is not None and found.group().isupper() and word[0].isupper() and _initial(before)):
        return False
    if last in _BEFORE_NUMBER or (before[-1:].isdigit() and word[0].isdigit()):
        return not word[0].isdigit()
    if last in _MAYBE or ("." in last and len(last) <= 7):
        next_word = re.match(r"[^\W\d_]*", word)
        size = next_word.end() if next_word else 0
        if size == len(word) and not final:
            return None
        return word[:size].lower() in _STARTERS
    return True


def _initial(before: str) -> bool:
    """Whether the single capital that ends `before` is a person's initial ("J. Smith"), not a name that ends so ("vitamin D")."""
    previous = before[:-1].split()
    return not previous or previous[-1].lower() not in _LETTERED


def _next_block(text: str, newline: int, final: bool) -> bool | None:
    """Whether a block starts (or a blank line stands) after the line break; None when more text is needed."""
    rest = text[newline + 1 :]
    stripped = rest.lstrip(" \t")
    if not stripped:
        return True if final else None
    if stripped[0] == "\n":
        return True
    if len(stripped) < 8 and "\n" not in stripped and not final:
        return None
    return bool(_BLOCK_START.match(rest))


class Segmenter:
    """Feed it chunks; it gives the units that are whole so far. `finish` gives the rest.

    >>> segmenter = Segmenter()
    >>> segmenter.feed("It helps. [1] Ask Dr. L"), segmenter.feed("ee. "), segmenter.finish()
    (['It helps. [1] '], [], ['Ask Dr. Lee. '])
    """

    def __init__(self) -> None:
        self._buffer = ""
        self._line_start = True
        self._fenced = False

    def feed(self, chunk: str) -> list[str]:
        """Units that became whole with this chunk."""
        self._buffer += chunk
        return list(self._units(final=False))

    def finish(self) -> list[str]:
        """What is left, as units. The segmenter is then as new."""
        rest = list(self._units(final=True))
        self.__init__()  # type: ignore[misc]
        return rest

    def _units(self, final: bool) -> Iterator[str]:
        while self._buffer:
            text = self._buffer[:_WINDOW]
            last = final and len(text) == len(self._buffer)
            end = self._end(text, last)
            if end is None and not last and len(text) < _WINDOW:
                return
            if end is None or end > MAX_UNIT:
                end = _forced(text) if len(text) > MAX_UNIT else len(text)
            unit, self._buffer = self._buffer[:end], self._buffer[end:]
            if self._line_start and _FENCE.match(unit):
                self._fenced = not self._fenced
            self._line_start = unit.endswith("\n")
            yield unit

    def _end(self, text: str, final: bool) -> int | None:
        """The end of the first unit, or None when it is not yet certain."""
        start = len(text) - len(text.lstrip())
        if start == len(text):
            return len(text) if final else None
        start = text.rfind("\n", 0, start) + 1
        line_start = self._line_start or start > 0
        head = text[start:]
        if line_start and not final and len(head.lstrip()) < 8 and "\n" not in head.lstrip():
            return None
        by_line = self._fenced or (line_start and _LINE_KIND.match(head))
        item = line_start and _ITEM.match(head)
        for mark in _END.finditer(text, start + (len(head) - len(head.lstrip()))):
            if mark.group() == "\n":
                block = True if by_line else _next_block(text, mark.start(), final)
                if block is None:
                    return None
                if block or (item and mark.end() < len(text) and text[mark.end()] not in " \t"):
                    return _take_space(text, mark.start(), final)
                continue
            if by_line or item:
                continue
            after = _AFTER.match(text, mark.end())
            end = after.end() if after else mark.end()
            # White space or a bracket at the edge may still bring a citation.
            if not final and re.fullmatch(r"[\s\[\d,;^–\-]*", text[end:]):
                return None
            verdict = _ends_sentence(text, mark, end, final)
            if verdict is None:
                return None
            if verdict and not _is_open(text[start:end]):
                return _take_space(text, end, final)
        return len(text) if final else None


def _forced(text: str) -> int:
    """Where to cut a unit that is too long: at a space with no number among the three words before it, the latest there is."""
    for separators in (r"[,;:][ ]+", r"[ \n]+"):
        cuts = [m.end() for m in re.finditer(separators, text[:MAX_UNIT])]
        for cut in reversed(cuts):
            if cut > MAX_UNIT // 3 and not any(_NUMBER_LIKE.search(word) for word in text[:cut].split()[-3:]):
                return cut
    return MAX_UNIT


def units(text: str) -> list[str]:
    """A whole text as units; joined they are the text again."""
    segmenter = Segmenter()
    return [*segmenter.feed(text), *segmenter.finish()]


def units_of(chunks: Iterable[str]) -> Iterator[str]:
    """A stream of chunks as units."""
    segmenter = Segmenter()
    for chunk in chunks:
        yield from segmenter.feed(chunk)
    yield from segmenter.finish()
