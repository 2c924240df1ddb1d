"""Reads what stands around a number in a sentence: medicines, other things with amounts and intervals, verbs, clauses.

Used by `output_dosing` to decide to what an amount or an interval belongs.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal

from policies import dose_words as words
from policies.dose_patterns import compiled

_OTHER = compiled(rf"\b(?:{words.OTHER})\b")
EVERYDAY = compiled(rf"\b(?:{words.EVERYDAY})\b")
_TAKING = compiled(rf"\b(?:{words.TAKING})\b")
_GIVING = compiled(rf"\b(?:{words.GIVING})\b")
FORM = compiled(rf"\b(?:{words.FORMS})\b|\bm\s?g\b|\bmcg\b|\bml\b|\bunits\b|\b(?:dose|dosis)\b")
VACCINE = compiled(r"\b(?:vaccin\w+|vacun\w+|hpv|vph|flu shots?|boosters?)\b")
RADIATION = compiled(r"\b(?:radiation|radiotherapy|fractions?|radiaci[oó]n|radioterapia)\b")
_CLAUSE = compiled(r"[;:()]|,\s|\s[–—-]+\s|\b(?:while|because|but|unless|whereas|although|so that|mientras|porque|pero|aunque)\b")
_ADJUNCT = compiled(r"\b(?:with|during|before|after|without|plus|alongside|until|between|con|durante|antes de|después de|sin)\s+(?:\w+\s+){0,2}$")
EVERYDAY_LIFE = compiled(
    r"\b(?:(?:daily|every ?day|day-to-day) (?:life|lives|activit\w+|living|routines?|tasks?|diary|news|basis|habits?|walk\w*|exercise|log|journal|words?|things?|needs?|chores)|activities of daily living"
    r"|vida diaria|actividades diarias|(?:one|1|each) day at a time|day (?:to|by) day|from day 1(?! (?:to|through|until|till|and|or|of|on)\b))\b"
)
FINDING = compiled(r"\b(?:study|studies|trials?|researchers|estudios?|ensayos?|(?:men|women|people|adults|patients|those) who took)\b")
RESULT = compiled(r"\b(?:showed|shown|found|risk|compared|increased|mostró|riesgo)\b")
ADVICE = compiled(r"\b(?:you|your|should|recommended|usual|starting|must|need to|usted|su|debe|recomendad\w+|habitual)\b")
STOPPING = compiled(r"\b(?:stop(?:s|ped|ping)?|discontinu\w*|h[eo]ld|withh[eo]ld|paused?|suspend\w*|dej[ae]\w*)\b")
EATEN = compiled(
    r"\b(?:milk|yogh?urt|cheese|eggs?|fish|meat|nuts|fruit|vegetables?|foods?|diet|meals?|cups? of|glass(?:es)? of|servings?|leche|queso|huevos?|pescado|alimentos?|dieta)\b"
)
PRONOUN_START = compiled(r"^\W*(?:it|they|this|these|do (?:it|so)|lo|la|los|las|esto|se)\b")
STRENGTH_LAB = compiled(r"\b(?:levels?|count|serum|blood|psa|creatinine|bilirubin|albumin|h(?:a)?emoglobin|glucose|sugar|protein|nivel(?:es)?|sangre)\b")
BARE_NUMBER = compiled(
    r"(?<![\w.,/-])(?<!stage )(?<!grade )(?<!phase )(?<!type )(?<!step )(?<!age )(?<!her)(?<!page )\d+(?:[.,/]\d+)?(?![\w.,/]*\d)(?!\s?(?:%|percent|°|º|degrees|years?|months?|cm|mm|c\b|f\b|in \d|of every|de cada|times|people|años|meses))"
)
PUNCTUATION = re.compile(r"(?<!\d)[.,;:!?…](?=\s|$)|[.,;:!?…](?=\s|$)|[|()\n\"]")

Kind = Literal["medicine", "other"]


_MEDICINE = compiled(rf"\b(?:{words.MEDICINE}|{words.DRUG_ENDING})\b")
_TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_LONGEST_NAME = 3  # words
_SHORTEST_NAME = 4  # letters; shorter names are everyday words too often


class Piece:
    """A text with what stands in it, each found when first asked for: medicines, other things with intervals, verbs."""

    def __init__(self, text: str, drugs: frozenset[str]) -> None:
        self.text = text
        self._drugs = drugs

    @cached_property
    def taking(self) -> list[int]:
        return [m.start() for m in _TAKING.finditer(self.text)]

    @cached_property
    def giving(self) -> list[int]:
        return [m.start() for m in _GIVING.finditer(self.text)]

    @cached_property
    def medicines(self) -> list[int]:
        found = [m.start() for m in _MEDICINE.finditer(self.text)]
        tokens = list(_TOKEN.finditer(self.text.lower())) if self._drugs else []
        for i, first in enumerate(tokens):
            for last in tokens[i : i + _LONGEST_NAME]:
                name = self.text[first.start() : last.end()].lower()
                if len(name) >= _SHORTEST_NAME and name in self._drugs:
                    found.append(first.start())
        return found

    @cached_property
    def others(self) -> list[int]:
        drugs = set(self.medicines)
        verbs = self.taking + self.medicines
        found = [m.start() for m in _OTHER.finditer(self.text) if m.start() not in drugs]
        # "during radiation" only accompanies a medicine that stands before it.
        return [p for p in found if not (any(v < p for v in verbs) and _ADJUNCT.search(self.text, max(0, p - 40), p))]

    @cached_property
    def breaks(self) -> list[int]:
        return [m.start() for m in _CLAUSE.finditer(self.text)]

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Bounds of the clause around a span."""
        return max([b for b in self.breaks if b < start], default=0), min([b for b in self.breaks if b >= end], default=len(self.text))

    def nearest(self, start: int, low: int, high: int) -> Kind | None:
        """What stands nearest before `start` within bounds, else nearest after it."""
        marks: list[tuple[int, Kind]] = [(p, "medicine") for p in self.medicines] + [(p, "other") for p in self.others]
        before = [m for m in marks if low <= m[0] < start]
        after = [m for m in marks if start <= m[0] < high]
        return max(before)[1] if before else min(after)[1] if after else None
