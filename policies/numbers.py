"""Reads numbers that are written as words, English and Spanish, so that "two", "dos" and "2" are one thing to a policy."""

from __future__ import annotations

import re

_EN = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ES = {
    "cero": 0, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12,
    "trece": 13, "catorce": 14, "quince": 15, "dieciséis": 16, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19,
    "veinte": 20, "veintiuno": 21, "veintiún": 21, "veintidós": 22, "veintiocho": 28, "treinta": 30, "cuarenta": 40,
    "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "doscientos": 200, "trescientos": 300,
    "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "mil": 1000, "ciento": 100}
_VALUES = {**_EN, **_ES}
# English "once" is a frequency and "mil" a Spanish word only after a number; both are left to the patterns that need them.
_VALUES.pop("once")

_ALTERNATIVES = "|".join(sorted([*_VALUES, *_SCALES], key=len, reverse=True))
_RUN = re.compile(rf"\b(?:{_ALTERNATIVES})(?:(?:\s+(?:and\s+|y\s+)?|-)(?:{_ALTERNATIVES}))*\b", re.IGNORECASE)
_PART = re.compile(r"[^\W\d_]+")
_HALF = re.compile(r"\b(?:one[- ]half|half an?|half of an?|medio|media)\b", re.IGNORECASE)
_AND_HALF = re.compile(r"(\d+) (?:and (?:a |one[- ])?half|y medi[oa])\b", re.IGNORECASE)
_PERCENT = re.compile(r"(?<=\w )por ciento\b", re.IGNORECASE)  # else "ciento" would be a hundred
_NUMBER_LIKE = re.compile(rf"\b(?:{_ALTERNATIVES}|half|medi[oa])\b", re.IGNORECASE)


def _value(words: list[str]) -> str:
    """Digits for one run of number words. "two three" stays two numbers; "twenty five" and "one hundred fifty" are one."""
    out: list[int] = []
    total = current = 0
    last = 10**9
    for word in words:
        scale = _SCALES.get(word)
        if scale:
            current = max(current, 1) * scale
            if scale >= 1000:
                total, current = total + current, 0
            last = scale
            continue
        value = _VALUES[word]
        if (current or total) and (value >= last or last < 20):
            out.append(total + current)
            total = current = 0
        current += value
        last = value if value >= 20 else 1
    return " ".join(str(n) for n in [*out, total + current])


def as_digits(text: str) -> str:
    """The text with number words as digits: "take two pills" → "take 2 pills", "media tableta" → "0.5 tableta"."""
    if not _NUMBER_LIKE.search(text):
        return text
    text = _PERCENT.sub("%", text)
    text = _HALF.sub("0.5", _AND_HALF.sub(r"\1.5", text))
    text = _RUN.sub(lambda m: _value([w for w in _PART.findall(m.group().lower()) if w not in ("and", "y")]), text)
    return _AND_HALF.sub(r"\1.5", text)
