"""Stops a sentence that tells how much, how often, when or how long to take a medicine, whatever disguise it wears.

Two kinds of evidence. An *amount* (a number with a unit, or of a counted form) is a dose unless what stands around it makes it a lab
value, a food or the like. An *interval* ("every 8 hours", "twice a day") is a dose when the nearest thing it can belong to is a
medicine: scans, radiation sessions, meals and cigarettes have intervals as well. The rules are `safety.md`'s section *Dosing*.
"""

from __future__ import annotations

import re

from policies import dose_context as context
from policies import dose_patterns as shapes
from policies import dose_words as words
from policies.dose_patterns import compiled
from policies.numbers import as_digits
from policies.reading import visible, visible_tail
from policies.verdict import Draft, Lexicon, Verdict

# Characters of the released tail that the next sentence can complete to a dose.
_SEAM = 200
# A piece of so few words (a table row, a list item) says little by itself: what stands before it tells what its number counts.
_FRAGMENT_WORDS = 7


def _inside(positions: list[int], low: int, high: int) -> bool:
    return any(low <= p < high for p in positions)


def _amount(text: str, piece: context.Piece, tail: str) -> str:
    """The words that state an amount, or nothing."""
    for m in shapes.MASS.finditer(text):
        unit, rest = m.group("u").lower(), text[m.end() :]
        taken = piece.medicines or piece.taking or piece.giving or context.FORM.search(tail)
        if unit.startswith(("u", "i")) and not unit.startswith("ug"):
            if shapes.UNITS_LAB.match(rest) or (m.group("n") == "1" and not taken):
                continue
        elif (
            shapes.LAB_AFTER.match(rest)
            or (shapes.UNITS_LAB.match(rest) and context.STRENGTH_LAB.search(text))
            or (not m.group("per") and (shapes.FOOD_AFTER.match(rest) or (context.EATEN.search(text) and not taken)))
        ):
            continue
        if context.FINDING.search(text) and context.RESULT.search(text) and not context.ADVICE.search(text) and not shapes.INTERVAL.search(text):
            continue  # a finding about people in a study, not something to do
        return m.group()
    for m in shapes.LOOSE.finditer(text):
        rest = text[m.end() :]
        low, high = piece.clause(m.start(), m.end())
        if shapes.LAB_AFTER.match(rest) or shapes.FOOD_AFTER.match(rest):
            continue
        near = m.group("per") or _inside(piece.medicines, low, high) or _inside(piece.taking, low, high)
        if not near and (shapes.FOOD.search(text) or piece.others or not (len(text.split()) <= _FRAGMENT_WORDS and context.FORM.search(tail))):
            continue
        return m.group()
    for m in shapes.COUNTED.finditer(text):
        form = m.group("u").lower()
        if form in ("dose", "doses", "dosis") and (context.VACCINE.search(text) or (context.RADIATION.search(text) and not piece.medicines)):
            continue
        if m.group("n") == "1" and form.endswith(("injection", "infusion", "shot", "dose", "dosis")) and not m.group().endswith("s") and not piece.taking:
            continue
        return m.group()
    per_day = shapes.PER_DAY.search(text)
    if per_day and not piece.others and not context.EVERYDAY.search(text) and not context.EATEN.search(text):
        return per_day.group()
    found = shapes.AUC.search(text) or (None if context.VACCINE.search(text) else shapes.DOSE_IS.search(text))
    return found.group() if found else ""


def _belongs_to_medicine(piece: context.Piece, start: int, end: int, tail: context.Piece | None) -> bool:
    """Whether the interval at [start, end) is a medicine's schedule."""
    low, high = piece.clause(start, end)
    taking = _inside(piece.taking, low, high)
    kind = piece.nearest(start, low, high)
    if kind:
        verb = taking or _inside(piece.giving, low, high)
        return kind == "medicine" and (verb or _inside(piece.medicines, low, start)) and not (not verb and context.EVERYDAY.search(piece.text, low, high))
    if taking:
        return True
    if context.EVERYDAY.search(piece.text, low, high):
        return False
    kind = piece.nearest(start, 0, len(piece.text))
    if kind:
        return kind == "medicine" and bool(piece.giving or piece.taking or len(piece.text.split()) <= _FRAGMENT_WORDS)
    if piece.taking:
        return True
    before = tail.nearest(len(tail.text), 0, len(tail.text)) if tail else None
    if piece.giving:
        return before != "other"
    # A fragment or a sentence about "it" is about what was said before.
    loose = len(piece.text.split()) <= _FRAGMENT_WORDS or bool(context.PRONOUN_START.search(piece.text))
    return loose and (before == "medicine" or bool(before is None and tail and tail.taking))


def _schedule(piece: context.Piece, tail: context.Piece | None) -> str:
    """The words that state when or how often, or nothing."""
    latin = shapes.LATIN.search(piece.text)
    if latin:
        return latin.group()
    everyday = [m.span() for m in context.EVERYDAY_LIFE.finditer(piece.text)]
    for m in shapes.INTERVAL.finditer(piece.text):
        if any(a < m.end() and m.start() < b for a, b in everyday):
            continue
        if _belongs_to_medicine(piece, m.start(), m.end(), tail):
            return m.group()
    for m in shapes.MOMENT.finditer(piece.text):
        low, high = piece.clause(m.start(), m.end())
        verb = piece.taking
        if piece.medicines:
            verb = verb + [s.start() for s in context.STOPPING.finditer(piece.text)]
            if m.group().lower().startswith(("over", "durante")):
                verb = verb + piece.giving
        if _inside(verb, low, high) and piece.nearest(m.start(), low, high) != "other" and not re.search(r"\btakes (?:about|up to|\d)", piece.text[low:high]):
            return m.group()
    return ""


def _dose(text: str, tail: str, drugs: frozenset[str]) -> tuple[str, str]:
    """(rule, evidence) of the dose that `text` states, ("", "") if none. Both texts are visible text with digits."""
    for sentence in _SENTENCES.split(text.replace("\n", " ")):
        if not sentence.strip():
            continue
        piece = context.Piece(sentence, drugs)
        amount = _amount(sentence, piece, tail)
        if amount:
            return "dosing.amount", amount
        schedule = _schedule(piece, context.Piece(tail, drugs) if tail else None)
        if schedule:
            return "dosing.schedule", schedule
        if not sentence.rstrip().endswith("?"):
            for rule in shapes.RULES:
                found = rule.search(sentence)
                if found:
                    return "dosing.rule", found.group()
        tail = f"{tail} {sentence}"[-_SEAM:]
    return "", ""


_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[\"'(¿¡]?[A-ZÁÉÍÓÚÑ0-9])")


def _read(text: str) -> str:
    return as_digits(visible(text))


def _across(tail: str, text: str) -> str:
    """A dose whose number stands at the end of the tail and whose unit opens the text ("two" · "tablets"), or nothing."""
    segments = [s for s in _SEGMENT.split(tail) if s.strip()]
    last = segments[-1] if segments else ""
    before = context.PUNCTUATION.sub(" ", tail).split()[-5:]
    after = context.PUNCTUATION.sub(" ", text).split()[:8]
    if not before or not after:
        return ""
    left = " ".join(before)
    window = f"{left} {' '.join(after)}"
    for pattern in (shapes.MASS, shapes.LOOSE, shapes.COUNTED, shapes.AUC, shapes.INTERVAL):
        for m in pattern.finditer(window):
            if not m.start() < len(left) < m.end():
                continue
            if m.group()[0].isdigit() and not context.BARE_NUMBER.search(left, max(0, m.start() - 8)) and m.start() < len(left):
                continue  # "stage 2" counts no tablets
            # Numbers further back belong to a sentence of their own, unless that was a mere fragment.
            if left[m.start() :].count(" ") == 0 or len(last.split()) <= 4:
                return m.group()
    return ""


def _counts_what_the_heading_names(tail: str, raw: str, text: str) -> str:
    """A bare number in a table row or list item whose heading or header counts tablets, or nothing."""
    marked = bool(_MARKED_LINE.match(raw)) or tail.rstrip().endswith(":")
    listed = _ORDERED_FORM.match(raw)
    if listed:
        return listed.group().strip()
    if len(text.split()) > _FRAGMENT_WORDS or not (marked or len(text.split()) <= 3):
        return ""
    number = context.BARE_NUMBER.search(text)
    return number.group() if number and context.FORM.search(tail[-120:]) else ""


_SEGMENT = re.compile(r"(?<=[.!?:;])\s+|\n+")
_MARKED_LINE = re.compile(r"\s*(?:[-*+•|>]|\d{1,3}[.)])")
_ORDERED_FORM = compiled(rf"\s*\d{{1,2}}[.)]\s+(?:{words.FORMS})\b(?!\s+(?:are|is|can|may|that|which|work|come|help|or|and|for|de|son|para))")


def find_dose(sentence: str, tail: str = "", drugs: frozenset[str] = frozenset()) -> tuple[str, str]:
    """(rule, evidence) of the dose in a Markdown sentence judged with the tail before it; ("", "") when there is none."""
    text, before = _read(sentence), as_digits(visible_tail(tail, 2 * _SEAM))[-_SEAM:]
    rule, evidence = _dose(text, before, drugs)
    if rule:
        return rule, evidence
    if before:
        evidence = _across(before, text) or _counts_what_the_heading_names(before, sentence, text)
        if evidence:
            return "dosing.seam", evidence
    return "", ""


def states_dose(sentence: str) -> bool:
    """Whether a sentence, read alone, states an amount, strength, frequency, schedule, maximum or missed-dose rule of a medicine.

    >>> states_dose("Take **two** pills every 8 hours.")
    True
    >>> states_dose("Mammograms are done every 2 years from age 40.")
    False
    """
    return bool(find_dose(sentence)[0])


class OutputDosing:
    """Output policy "dosing": fires on a sentence that states a dose, alone or together with the tail already shown."""

    name = "dosing"

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._drugs = lexicon.drugs if lexicon else frozenset()

    def judge(self, draft: Draft) -> Verdict:
        rule, evidence = find_dose(draft.sentence, draft.tail, self._drugs)
        return Verdict(policy=self.name, fired=bool(rule), rule=rule, score=1.0 if rule else 0.0, evidence=evidence)
