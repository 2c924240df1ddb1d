"""Finds what can be checked word by word in a sentence: numbers with what they count, stages, names of genes and medicines."""

from __future__ import annotations

import re
from functools import lru_cache

from policies.dose_words import DRUG_ENDING
from policies.likeness import stem
from policies.normalise import fold
from policies.numbers import as_digits
from policies.verdict import Lexicon

_RATIO = re.compile(
    r"(?<![\w.])(?:(\d[\d.,]*)\s*(?:to|or|and|-|–|a|o|y)\s*)?(\d[\d.,]*)\s+(?:in|out of(?: every)?|of(?: every)?|de cada|en)\s+(?:every\s+)?(\d[\d.,]*)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,/])(?:(?<![A-Za-z]-)|(?<=\d-))(\d+(?:[.,]\d+)*)\s?[-–]?\s?(%|percent\w*|per cent|por ciento|years?|yrs?|años?|months?|meses|mes|weeks?|semanas?|days?|días?|hours?|horas?|minutes?|minutos?|°\s?[CF]|degrees?|grados?|cm|mm|centimet\w+|millimet\w+|inch\w*|times|veces)?",
    re.IGNORECASE,
)
# "There are three kinds": the writer counted a list; a source need not say the number.
_LISTED = re.compile(
    r"\b(?:these|those|the|are|estos|estas|los|las) (?:two|three|four|five|dos|tres|cuatro|cinco)\b(?!\s+(?:in|out|of every|days?|weeks?|months?|years?|times|hours?|percent|hundred|thousand|million|dozen))|\b(?:two|three|dos|tres) of (?:the|these|those|them)\b"
    r"|\b(?:two|three|four|five|dos|tres|cuatro|cinco)\s+(?:main |common |different |other |principales )?(?:kinds|types|ways|groups|forms|options|steps|parts|tipos|formas|maneras|opciones)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bevery (?:other|second) (day|week|month|year)\b", re.IGNORECASE)
# As they read once number words are digits ("two thirds" is "2 thirds").
_FRACTION = re.compile(r"\b(?:(?:an?|1)[ -]third|2[ -]thirds|(?:an?|1)[ -]quarter|3[ -]quarters|un tercio|2 tercios|un cuarto|3 cuartos)\b", re.IGNORECASE)
_FRACTIONS = {"hird": "1/3", "irds": "2/3", "rter": "1/4", "ters": "3/4", "rcio": "1/3", "cios": "2/3", "arto": "1/4", "rtos": "3/4"}
# Said so, a share may be rounded.
_ROUNDED = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|approximately|some|over|more than|close to|cerca de|casi|alrededor de|aproximadamente|unos|unas|más de)\b",
    re.IGNORECASE,
)
_UNITS = {
    "%": "%", "pe": "%", "po": "%", "ye": "year", "yr": "year", "añ": "year", "mo": "month", "me": "month", "we": "week", "se": "week", "da": "day", "dí": "day", "ho": "hour",
    "mi": "minute", "°": "degree", "de": "degree", "gr": "degree", "cm": "cm", "ce": "cm", "mm": "mm", "in": "inch", "ti": "times", "ve": "times",
}  # fmt: skip
_ROMAN = {"0": "0", "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_STAGE = re.compile(
    r"\b(stages?|grades?|phases?|etapas?|estadios?|grados?|fases?|gleason(?: score)?(?: of)?)\s+((?:0|[1-9]\d?|iv|i{1,3}|v)[abc]?\b(?:\s*(?:,|and|or|to|through|y|o|a|-|–)\s*(?:(?:stage|etapa)\s+)?(?:0|[1-9]|iv|i{1,3}|v)[abc]?\b)*)",
    re.IGNORECASE,
)
_STAGE_VALUE = re.compile(r"0|[1-9]\d?|iv|i{1,3}|v", re.IGNORECASE)
_SYMBOL = re.compile(r"\b(?=[\w-]*[A-Z\d])(?:[A-Z]{2,}[\w-]*\d*|[A-Za-z]+-?\d+[\w-]*|[a-z]{1,2}[A-Z]{2,}\w*)(?<!-)")
_EVERYDAY_SYMBOLS = frozenset("ai us usa uk er dna rna tv id ok eu adn arn ee uu eeuu faq iv".split())
_DRUG = re.compile(rf"\b{DRUG_ENDING}\b", re.IGNORECASE)
# Classes and everyday words stand in the lexicon as well; their meaning is compared, not their letters.
_GENERIC = re.compile(
    r"therap|inhibitor|medicin|medicament|drug|vaccine|vacuna|steroid|hormon|antibod|biosimilar|supplement|chemo|quimio|immuno|inmuno|pain|opioid|vitamin|herb|blocker|agent|antiemetic|anti-?nausea|anti-?coagulant|blood thinner|cell|transfus|steroide|inhibidor|anticuerpo",
    re.IGNORECASE,
)
_EVERY_CANCER = frozenset("cancer cancers tumor tumors tumour tumours disease diseases cell cells the and with del los las type types small non large".split())
_TOKEN = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")
_LONGEST = 4


def numbers(text: str) -> frozenset[tuple[str, str]]:
    """(value, what it counts) of every number; "five-year", "5 years" and "5-year" are ("5", "year"), "1 in 8" is ("1/8", "ratio").

    What it counts is "" when nothing tells. A lone "one" is a pronoun more often than a number, "three kinds" the count of a list: both are left out.
    """
    text = _LISTED.sub(" ", text)
    said_one = not re.search(r"(?<![\w.])1(?![\w.])", text)
    text = _STAGE.sub(" ", as_digits(text.replace("half of", "50%")))
    text = _OTHER.sub(r"every 2 \1s", text)
    found = {(f"{_value(a)}/{_value(b)}", "ratio") for low, high, b in _RATIO.findall(text) for a in (low, high) if a}
    found |= {(_FRACTIONS[f.lower()[-4:]], "ratio") for f in _FRACTION.findall(text)}
    text = _FRACTION.sub(" ", text)
    for value, unit in _NUMBER.findall(_RATIO.sub(" ", text)):
        kind = _UNITS.get(unit[:2].lower(), _UNITS.get(unit[:1], "")) if unit else ""
        if value == "1" and not kind and said_one:
            continue
        found.add((_value(value), kind))
    return frozenset(found)


def is_rounded(text: str) -> bool:
    """Whether a text says of its numbers that they are not exact."""
    return bool(_ROUNDED.search(text))


def spelled_out(symbol: str, text: str) -> bool:
    """Whether a text holds the words whose first letters a symbol is made of: "CLL" and "chronic lymphocytic leukemia"."""
    if not (2 <= len(symbol) <= 6 and symbol.isalpha()):
        return False
    initials = "".join(word[0] for word in _TOKEN.findall(fold(text)) if word not in _LITTLE)
    return symbol.lower() in initials


_LITTLE = frozenset("of the and in for to de la el los las y del".split())


def _value(digits: str) -> str:
    plain = re.sub(r",(?=\d{3}\b)", "", digits).replace(",", ".").rstrip(".")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain.lstrip("0") or "0"


def stages(text: str) -> frozenset[str]:
    """Stages, grades and phases as "stage 2"; roman and arabic are one."""
    found = set()
    for word, values in _STAGE.findall(as_digits(text)):
        kind = "phase" if word.lower().startswith(("ph", "fas")) else "grade" if word.lower().startswith(("gr", "gl")) else "stage"
        shown = [_ROMAN.get(v.lower(), v) for v in _STAGE_VALUE.findall(values)]
        if re.search(r"to|through|-|–|\ba\b", values) and len(shown) == 2 and shown[0].isdigit() and shown[1].isdigit():
            shown = [str(n) for n in range(int(shown[0]), int(shown[1]) + 1)]
        found |= {f"{kind} {value}" for value in shown}
    return frozenset(found)


def _bare(symbol: str) -> str:
    return re.sub(r"[-\s/]", "", symbol.lower()).removesuffix("s") if not symbol[-1:].isdigit() else re.sub(r"[-\s/]", "", symbol.lower())


def symbols(text: str) -> frozenset[str]:
    """Genes, proteins and other names written in capitals or with digits: "HER2", "PD-L1", "p53"."""
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.6 * len(letters):
        return frozenset()  # a shouted heading has no symbols
    found = set()
    for m in _SYMBOL.finditer(text):
        for part in re.split(r"-(?=[a-z]{3,})", m.group()):
            bare = _bare(part)
            if part and any(c.isupper() or c.isdigit() for c in part) and bare not in _EVERYDAY_SYMBOLS and not bare.isdigit():
                found.add(bare)
            break
    return frozenset(found)


class Names:
    """Names of medicines and cancers in a text, by a lexicon and by the endings that only drug names have."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        drugs = lexicon.drugs if lexicon else frozenset()
        self._drugs = frozenset(" ".join(_TOKEN.findall(fold(d))) for d in drugs if len(d) > 3 and not _GENERIC.search(d))
        self._cancers = frozenset(" ".join(_TOKEN.findall(fold(c))) for c in (lexicon.cancers if lexicon else frozenset()))

        # The same evidence is read again for every sentence that cites it.
        self.medicines = lru_cache(maxsize=512)(self._medicines)
        self.cancers = lru_cache(maxsize=512)(self._cancers_in)

    def _medicines(self, text: str) -> frozenset[str]:
        """Single medicines and supplements by name; classes ("chemotherapy") are not names."""
        found = {fold(m.group()) for m in _DRUG.finditer(text) if not _GENERIC.search(m.group())}
        return frozenset(found | self._in(text, self._drugs))

    def _cancers_in(self, text: str) -> frozenset[str]:
        """Stems of the words that say which cancer: "breast", "lymphom"."""
        words = {word for name in self._in(text, self._cancers) for word in re.findall(r"[^\W_]{3,}", name)}
        return frozenset(stem(word) for word in words - _EVERY_CANCER)

    @staticmethod
    def _in(text: str, names: frozenset[str]) -> set[str]:
        tokens = _TOKEN.findall(fold(text))
        found: set[str] = set()
        for i in range(len(tokens)):
            for size in range(min(_LONGEST, len(tokens) - i), 0, -1):
                phrase = " ".join(tokens[i : i + size])
                if phrase in names:
                    found.add(phrase)
                    break
        return found


@lru_cache(maxsize=4)
def names_for(lexicon: Lexicon | None) -> Names:
    """Built once per lexicon."""
    return Names(lexicon)
