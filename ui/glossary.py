"""Explains words where they stand: the first time a section uses a term of the catalogue, the term becomes a button.

The meaning travels with the answer in a hidden list; static/chat-glossary.js shows it on hover, focus or tap.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from html import escape, unescape

from bot.conversation import Language
from knowledge import catalogs
from knowledge.catalog_models import Term
from knowledge.names import fold
from ui.markup import safe_id

# More would make a page of links out of a page of words.
MOST_IN_SECTION = 6
# What everybody who comes here knows, or what the whole page is about.
_PLAIN_WORDS = frozenset(fold(word) for word in ("cancer", "tumor", "cáncer", "doctor", "side effect", "pain", "dolor", "caregiver", "stage", "etapa"))
_TAG = re.compile(r"(<[^>]+>)")
_NAME = re.compile(r"<(/?)([a-z0-9]+)")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*\+?")
_CLOSED = ("a", "button", "h3", "h4", "h5", "h6", "code", "pre", "th")


@dataclass
class Glossary:
    """The terms of one answer. `mark` is called for each section; `list_html` gives the meanings of all that was marked."""

    answer_id: str
    language: Language
    _shown: dict[str, int] = field(default_factory=dict)
    _meanings: list[str] = field(default_factory=list)

    def mark(self, markup: str) -> str:
        """The section's sanitised HTML with its terms as buttons; headings, links and code are left alone."""
        names = _names(self.language)
        seen: set[str] = set()
        closed = 0
        parts = _TAG.split(markup)
        for at, part in enumerate(parts):
            if at % 2:
                tag = _NAME.match(part)
                if tag and (tag[2] in _CLOSED or 'class="onco-cite"' in part or (closed and tag[2] == "span")):
                    closed += -1 if tag[1] else 1
            elif part.strip() and closed <= 0 and len(seen) < MOST_IN_SECTION:
                parts[at] = self._mark_text(unescape(part), names, seen)
        return "".join(parts)

    def list_html(self) -> str:
        """The hidden list that the buttons are described by; empty when nothing was marked."""
        items = "".join(f'<span id="{self._id(number)}">{escape(text)}</span>' for number, text in enumerate(self._meanings))
        return f'<div class="onco-meanings" hidden>{items}</div>' if items else ""

    def _mark_text(self, text: str, names: dict[str, tuple[str, str]], seen: set[str]) -> str:
        words = list(_WORD.finditer(text))
        longest = _longest(self.language)
        out, done, at = "", 0, 0
        while at < len(words):
            for size in range(min(longest, len(words) - at), 0, -1):
                start, end = words[at].start(), words[at + size - 1].end()
                if size > 1 and re.search(r"[^\s-]", "".join(text[words[i].end() : words[i + 1].start()] for i in range(at, at + size - 1))):
                    continue  # a name does not run over a comma
                found = _look_up(names, text[start:end])
                if found is None:
                    continue
                term, meaning = found
                if term not in seen and len(seen) < MOST_IN_SECTION:
                    seen.add(term)
                    out += escape(text[done:start], quote=False) + self._button(term, meaning, text[start:end])
                    done = end
                at += size
                break
            else:
                at += 1
        return out + escape(text[done:], quote=False)

    def _button(self, term: str, meaning: str, written: str) -> str:
        if term not in self._shown:
            self._shown[term] = len(self._meanings)
            self._meanings.append(meaning)
        return f'<button type="button" class="onco-term" aria-describedby="{self._id(self._shown[term])}">{escape(written)}</button>'

    def _id(self, number: int) -> str:
        return f"term-{safe_id(self.answer_id)}-{number}"


def meaning_of(term: Term, language: Language) -> str | None:
    """A term in plain words of the language; None where the catalogue has none."""
    if language == "en":
        return term.plain
    meaning: str | None = getattr(term, f"plain_{language}", None)
    return meaning


@functools.cache
def _names(language: Language) -> dict[str, tuple[str, str]]:
    """Folded name → (the term, its meaning). Short names that are everyday words too count only as they are written."""
    found: dict[str, tuple[str, str]] = {}
    for term in catalogs.catalog().terms:
        meaning = meaning_of(term, language)
        if meaning is None or term.kind == "disease":
            continue
        for name in term.names:
            key = name if name in term.exact else fold(name)
            if key and fold(name) not in _PLAIN_WORDS:
                found.setdefault(key, (term.term, meaning))
    return found


@functools.cache
def _longest(language: Language) -> int:
    return max((len(name.split()) for name in _names(language)), default=1)


def _look_up(names: dict[str, tuple[str, str]], written: str) -> tuple[str, str] | None:
    folded = fold(written)
    found = names.get(folded) or (names.get(folded[:-1]) if folded.endswith("s") and len(folded) > 4 else None)
    return found or (names.get(written) if written != folded else None)
