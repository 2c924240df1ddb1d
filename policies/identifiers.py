"""Masks what points at one person (names in context, numbers, addresses) before anything is searched, answered or kept.

Diseases, genes, drugs, hospitals, laboratory values, stage codes, trial ids and help lines stay. Masking twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from policies.identifier_patterns import RULES
from policies.names import find_names
from policies.normalise import fold
from policies.verdict import Lexicon, Turn, Verdict

MARKS: dict[str, str] = {
    "name": "[name removed]",
    "date_of_birth": "[date of birth removed]",
    "record_number": "[number removed]",
    "ssn": "[Social Security number removed]",
    "card": "[card number removed]",
    "phone": "[phone number removed]",
    "email": "[e-mail removed]",
    "address": "[address removed]",
    "url": "[link removed]",
}
_MARK = re.compile("|".join(re.escape(mark) for mark in MARKS.values()))


@dataclass(frozen=True)
class Masked:
    """A message with identifiers replaced, and the kinds that were found (keys of MARKS, sorted, each once)."""

    text: str
    kinds: tuple[str, ...]


# What may stand around an identifier in a message that holds nothing else.
_CONTACT_WISH = re.compile(
    r"\b(?:my|our|the|is|it'?s|this|here'?s?|at|on|or|and|please|pls|can|could|would|will|someone|somebody|you|me|us|i|i'm|am|be|hi|hello|hey|thanks?|thank|have|want|need|like|to|a|"
    r"number|phone|cell|mobile|home|work|e-?mail|mail|address|name|call(?:ing|ed)?|text|contact|reach|ring|message|whatsapp|back|get|in|touch|doctor|nurse|team|soon|asap|today|tomorrow|now|anytime|"
    r"dob|mrn|ssn|id|insurance|record|records|upload|send|sent|file|reach|talk|speak|with|about|regarding|re|for|of|results?|biopsy|scan|report|appointment|appt|case|diagnosis|treatment|cancer|labs?|tests?|"
    r"mi|es|el|la|los|las|de|del|al|numero|telefono|celular|movil|correo|nombre|llam[ae]n?(?:me)?|llamar(?:me)?|por|favor|pueden?|puede|alguien|contact[ea]n?(?:me)?|escriban?(?:me)?|sobre|mis?|resultados?|biopsia|cita|"
    r"hola|gracias|quiero|necesito|que|me|hablar|con|un|una|doctora?|enfermera|hoy|manana)\b",
    re.IGNORECASE,
)  # fmt: skip
_CALL = re.compile(
    r"\b(?:call|text|contact|reach|ring|message|e-?mail|get back|get in touch|upload|send|whatsapp|llam|contact|escrib|number|phone|here is|here's|this is|my|mi)\w*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:what|why|how|when|where|which|who|does|do|is it|should|que es|qué|cómo|cuál|cuándo|dónde|cuánto|por qué|significa|explain|tell me|mean)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4)
def _words(lexicon: Lexicon) -> frozenset[str]:
    entries = (*lexicon.drugs, *lexicon.cancers, *lexicon.genes, *lexicon.terms)
    return frozenset(word for entry in entries for word in fold(entry).split() if len(word) > 2)


def _mask_names(text: str, known: frozenset[str]) -> str:
    """Names replaced; overlapping finds are one."""
    out: list[str] = []
    position = 0
    for start, end in sorted(find_names(text, known)):
        if start < position:
            continue
        out += (text[position:start], MARKS["name"])
        position = end
    return "".join((*out, text[position:]))


_MAYBE_ADDRESS = re.compile(r"@|\bat\b|arroba|://", re.IGNORECASE)
# Every numbered identifier stands, with its label and its street or town, within this many characters of a digit.
_AROUND = 120
_DIGITS = re.compile(r"\d+")


def _split_at_digits(text: str) -> list[str]:
    """Pieces without digits (even places) and pieces around digits (odd places), in order."""
    windows: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(text):
        start, end = max(0, match.start() - _AROUND), min(len(text), match.end() + _AROUND)
        if windows and start <= windows[-1][1]:
            start = windows.pop()[0]
        windows.append((start, end))
    pieces: list[str] = []
    position = 0
    for start, end in windows:
        pieces += (text[position:start], text[start:end])
        position = end
    return [*pieces, text[position:]]


@lru_cache(maxsize=256)
def mask(text: str, lexicon: Lexicon | None = None) -> Masked:
    """The message with every identifier replaced by a readable mark. lexicon: words that are never a person's name."""
    kinds: set[str] = set()
    pieces = _split_at_digits(text)
    for kind, pattern, holds in RULES:

        def replace(match: re.Match[str], kind: str = kind, holds: Callable[[str], bool] | None = holds) -> str:
            group: str | int = "v" if match.groupdict().get("v") is not None else 0
            if holds is not None and not holds(match.group(group)):
                return match.group()
            kinds.add(kind)
            before, after = match.start(group) - match.start(), match.end(group) - match.start()
            return match.group()[:before] + MARKS[kind] + match.group()[after:]

        if kind in ("email", "url"):
            if _MAYBE_ADDRESS.search(text):
                text = pattern.sub(replace, text)
                pieces = _split_at_digits(text)
        else:
            pieces = [pattern.sub(replace, piece) if number % 2 else piece for number, piece in enumerate(pieces)]
    text = "".join(pieces)
    named = _mask_names(text, frozenset() if lexicon is None else _words(lexicon))
    if named != text:
        kinds.add("name")
    return Masked(named, tuple(sorted(kinds)))


def only_identifiers(text: str) -> bool:
    """Whether nothing is left but an identifier and a wish to be contacted ("my number is …, call me about my biopsy")."""
    masked = mask(text)
    if not masked.kinds or _ASKS.search(text):
        return False
    rest = _MARK.sub(" ", masked.text)
    if masked.kinds == ("name",) and not _CALL.search(rest):
        return False  # "Hi, I'm Jane" is a greeting
    return not re.search(r"\w", _CONTACT_WISH.sub(" ", fold(rest)))


class Identifiers:
    """Fires when a message holds an identifier. The engine masks every message with `masked`; the turn goes on without it."""

    name = "identifiers"

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon

    def masked(self, text: str) -> Masked:
        """`mask` with this policy's lexicon."""
        return mask(text, self._lexicon)

    def judge(self, turn: Turn) -> Verdict:
        """Over the last message as typed and normalised (an identifier may be spaced out). Evidence names kinds, never values."""
        for reading in dict.fromkeys((turn.text.strip(), turn.plain)):
            found = self.masked(reading)
            if found.kinds:
                return Verdict(self.name, True, f"identifiers.{found.kinds[0]}", 1.0, evidence=", ".join(found.kinds))
        return Verdict(self.name, False)
