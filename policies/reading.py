"""What a reader sees of a piece of Markdown: markup, entities and disguises undone, so that output policies judge words.

`**5** mg`, `5&nbsp;mg`, `5<!-- -->mg`, `[5](x "mg")`, `５ ｍｇ` and `5 m&#8203;g` all read "5 mg". Text that a renderer hides or shows
only on hover (link titles, alternative texts) counts as seen.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from policies.normalise import normalise

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BLOCK_TAG = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|section)\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE_TEXT = re.compile(r"<[a-z][^>]*?\b(?:alt|title|aria-label|value|placeholder)\s*=\s*[\"']?([^\"'>]+)[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(\s*<?[^()\s<>]*>?(?:\s+[\"'(]([^\"')]*)[\"')])?\s*\)")
_REFERENCE_LINK = re.compile(r"!?\[(?!\d{1,3}\])([^\[\]]+)\]\[[^\[\]]*\]")
_DEFINITION = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*\S+(?:[ \t]+[\"'(]([^\"')\n]*)[\"')])?", re.MULTILINE)
_TEX_WRAPPER = re.compile(r"\\(?:mathrm|mathbf|mathit|text|textbf|textit|rm|operatorname)\s*\{([^{}]*)\}")
_TEX_SPACE = re.compile(r"\\[,;:! ]|(?<!\\)~(?=\S)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"\*+|`+|==|(?<![^\W_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![^\W_])")
_LINE_MARK = re.compile(r"^[ \t]*(?:(?:#{1,6}|>|[-*+•‣▪]|\d{1,3}[.)])[ \t]+)+", re.MULTILINE)
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t:|-]*-{2,}[ \t:|-]*$", re.MULTILINE)
_FRACTION = re.compile(r"(\d)\s?⁄\s?(\d)")
_GLUE = re.compile(r"(?<=\d)_+(?=[^\W_])")
_SPACES = re.compile(r"[ \t]{2,}")
# A citation closes a sentence; a bracketed number in its middle ("take [2] tablets") is a number a reader sees.
_MARK = r"(?:\s*\[\^?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\])+"
_CITATION = re.compile(rf"(?<=[.!?:;,\"”’)]){_MARK}|{_MARK}(?=\s*(?:[.!?;,)]|\Z|\n))")
_BRACKETED = re.compile(r"\[(\d{1,4})\]")


def _digits(text: str) -> str:
    """Every script's decimal digits as ASCII ones."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)


def without_markup(text: str) -> str:
    """The words of a piece of Markdown or HTML, in order, with line breaks kept; citations too."""
    for _ in range(2):  # twice: &amp;nbsp; is a disguise too
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _ATTRIBUTE_TEXT.sub(r" \1 ", _BLOCK_TAG.sub(" ", _COMMENT.sub("", text))))
    if "[" in text:
        text = _DEFINITION.sub(r"\1", _REFERENCE_LINK.sub(r"\1", _LINK.sub(lambda m: " ".join(filter(None, m.groups())), text)))
    text = text.replace("~~", "")
    if "\\" in text or "~" in text:
        text = _ESCAPE.sub(r"\1", _TEX_SPACE.sub(" ", _TEX_WRAPPER.sub(r"\1", text)))
    text = _TABLE_RULE.sub("", text)
    text = _EMPHASIS.sub("", _LINE_MARK.sub("", text).replace("|", " ").replace("$", ""))
    return _SPACES.sub(" ", text)


def without_citations(text: str) -> str:
    """Trailing `[n]` removed; a number in brackets amid a sentence stays, without its brackets."""
    return _BRACKETED.sub(r"\1", _CITATION.sub("", text)) if "[" in text else text


_SPACED = re.compile(r"(?<![^\W_])[A-Za-z](?:[ .\-][A-Za-z]){1,11}(?![^\W_])")
# Short words that normalise leaves alone when their letters are spaced ("t w o", "m g").
_SHORT_WORDS = frozenset("two six ten one four five nine half mg mcg ml iu pill pills dose daily twice once day days hour hours dos uno seis diez".split())


def _unspaced(match: re.Match[str]) -> str:
    joined = re.sub(r"[ .\-]", "", match.group())
    return joined if joined.lower() in _SHORT_WORDS else match.group()


@lru_cache(maxsize=8192)
def visible(text: str) -> str:
    """What a reader sees, disguises undone, citations removed. Cached: each policy asks for the same sentence."""
    plain = normalise(_digits(without_citations(without_markup(text))))
    return _FRACTION.sub(r"\1/\2", _SPACED.sub(_unspaced, _GLUE.sub(" ", plain)))


# Characters of the released tail that output policies read again; each takes its own last part.
_TAIL_READ = 400


def visible_tail(tail: str, last: int) -> str:
    """The last characters of what a reader sees of the released tail. Read once a sentence for all policies."""
    return visible(tail[-_TAIL_READ:])[-last:] if tail else ""
