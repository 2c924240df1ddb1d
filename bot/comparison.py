"""Sets two things side by side: “chemo vs immunotherapy”, “lumpectomy or mastectomy, which is better?”. Rows are sentences with a source each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.articles import split_sentences
from knowledge.definitions import Definition, kinds
from knowledge.passages import Evidence, Passage
from knowledge.question import aspects

# Words of a cell: a sentence or two, so that a row stays readable on a phone.
CELL_WORDS = 34
_SIDES = re.compile(
    r"(?:\bdifferen(?:ce|ces|t)\b.*?\b(?:between|from|of)\s+|\bcompar(?:e|ed|ing)\s+|\bdiferencia(?:s)?\b.*?\bentre\s+|^)(?P<a>[^?,;]+?)\s+"
    r"(?:vs\.?|versus|compared (?:to|with)|(?:the )?same(?: thing| disease)? as|lo mismo que|and|or|from|with|to|o|y|e|frente a)\s+(?P<b>[^?,;]+)",
    re.IGNORECASE,
)
COMPARES = re.compile(
    r"\b(?:vs\.?|versus|between\b.*\band|compar(?:e|ed|ing|ison)|differen(?:ce|ces|t from|t than)|diferencias?|the same(?: thing| disease)? as|the same (?:thing|disease)|lo mismo que)\b|\bor\b.*\b(?:better|best|worse|safer|which)\b|\b(?:better|worse|safer)\b.*\b(?:or|than)\b",
    re.IGNORECASE,
)
# What stands after a side's name and is no part of it; nouns that any name may carry.
_VERDICT_WORDS = re.compile(
    r"\b(?:which|what|the same|different|differs?|compared|better|best|worse|worst|safer|safe|more effective|effective|faster|cheaper|stronger)\b.*$|\b(?:mejor|peor|cu[aá]l)\b.*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s+(?:for|in|with|after|before|during|of|to|when|as|at|on|than|plus|para|en|con|de)\b", re.IGNORECASE)
_KIND_WORDS = frozenset(
    "therapy treatment treatments scan scans test tests cancer cancers surgery drug drugs disease tumor tumors cells terapia tratamiento cáncer".split()
)
# Degrees of one thing are no two things: a section tells them apart, no table.
_DEGREE = re.compile(r"\b(?:(?:stages?|grades?|etapas?|estadios?|grados?)\s+|(?:or|and|vs\.?|versus|o|y)\s+)(\d|i{1,3}v?|iv|one|two|three|four)\b")
# What is compared, and what a heading that tells it speaks of. Each row needs both sides.
ROWS = {
    "en": (("What it is", "definition"), ("Signs", "symptoms"), ("Treatment", "treatment"), ("Side effects and risks", "side-effects"), ("Outlook", "outlook")),
    "es": (("Qué es", "definition"), ("Señales", "symptoms"), ("Tratamiento", "treatment"), ("Efectos secundarios", "side-effects"), ("Pronóstico", "outlook")),
}  # fmt: skip
FAMILY_ROWS = {"en": ("What it is", "Main kinds"), "es": ("Qué es", "Tipos principales")}
_ONLY_ASKED = {"symptoms"}


@dataclass(frozen=True)
class Row:
    """A row: its label and the passage cut to a cell for each side."""

    label: str
    left: Passage
    right: Passage


@dataclass(frozen=True)
class Comparison:
    """Two sides by name, and the rows for which the library has something about both."""

    left: str
    right: str
    rows: tuple[Row, ...]


def compared(question: str, define: Callable[[str], list[Definition]]) -> tuple[Definition, Definition] | None:
    """The two things that a question sets against each other, when both are known and of a kind."""
    # A name that compares nothing: “graft versus host disease”.
    for name in sorted({n for d in define(question) for n in d.term.names if COMPARES.search(n)}, key=len, reverse=True):
        question = re.sub(re.escape(name), " ", question, flags=re.IGNORECASE)
    if not COMPARES.search(question) or len(set(_DEGREE.findall(question.lower()))) > 1:
        return None
    whole = True
    for match in _SIDES.finditer(question):
        left, right = match.group("a"), match.group("b")
        # “HER2-positive and triple-negative breast cancer”: the noun stands once for both.
        tail = " ".join(right.split()[-2:])
        a = next(iter(define(f"{left} {tail}") if tail.lower().endswith(("cancer", "lymphoma", "leukemia")) and tail.lower() not in left.lower() else []), None)
        if a is None or a.term.kind != "disease":
            a = next(reversed(define(left)), None)
        b = next(iter(define(right)), None)
        if a and b and a.term.term != b.term.term and _is_named(a, left) and _is_named(b, right):
            return a, b
        whole = whole and bool(a and b and _is_named(a, left) and _is_named(b, right))
    both = define(question)
    return (both[0], both[1]) if whole and len(both) == 2 and both[0].term.kind == both[1].term.kind else None


def _is_named(side: Definition, text: str) -> bool:
    """Whether a definition is of the thing a side names, not of a word beside it: a radiation oncologist is no radiation."""
    head = _AFTER.split(_VERDICT_WORDS.sub("", text), maxsplit=1)[0]
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", head.lower())
    return not words or any(words[-1].rstrip("s") in name.lower() for name in (side.name, *side.term.names)) or words[-1] in _KIND_WORDS


def compare(question: str, sides: tuple[Definition, Definition], sections: Callable[[str], Sequence[Passage]], language: str) -> Comparison | None:
    """The table for two sides; None when nothing can be set side by side. sections: an article's section passages."""
    a, b = sides
    if a.family and b.family:
        # An article is on one kind of the family, and would stand for all of them.
        what, kinds_of = FAMILY_ROWS.get(language, FAMILY_ROWS["en"])
        names = [side.term.es[0].upper() + side.term.es[1:] if language == "es" else _heading(side) for side in sides]
        return Comparison(names[0], names[1], (Row(what, _plain(a), _plain(b)), Row(kinds_of, _kinds(a), _kinds(b))))
    asked = aspects(question)
    rows: list[Row] = []
    own = {side.name: [p for p in sections(side.article) if p.kind == "section"] for side in sides} if a.article != b.article else {}
    for label, aspect in ROWS.get(language, ROWS["en"]):
        if aspect in _ONLY_ASKED and aspect not in asked:
            continue
        left, right = (_cell(side, aspect, own.get(side.name, [])) for side in sides)
        if left and right:
            rows.append(Row(label, left, right))
    return Comparison(_heading(a), _heading(b), tuple(rows)) if rows else None


def _heading(side: Definition) -> str:
    return side.name[0].upper() + side.name[1:]


def _plain(side: Definition) -> Passage:
    """The glossary's word on a family without its kinds."""
    (evidence,) = side.passage.evidence
    return side.passage.model_copy(update={"evidence": (evidence.model_copy(update={"text": f"{side.name}: {side.term.plain}"}),)})


def _kinds(side: Definition) -> Passage:
    """The main kinds of a family by name."""
    (evidence,) = side.passage.evidence
    named = ", ".join(term.term for term in kinds(side.term))
    # Another number than the line above: what a number stands for is one text.
    return side.passage.model_copy(update={"id": f"{side.passage.id} kinds", "evidence": (evidence.model_copy(update={"text": f"{named}."}),)})


def _cell(side: Definition, aspect: str, sections: Sequence[Passage]) -> Passage | None:
    """The first sentences of the side's own section on the aspect; for what it is, the glossary's word where the article has none."""
    passage = next((p for p in sections if aspect in aspects(p.section) and side.named_in(p.section)), None)
    if passage is None:
        return _plain(side) if aspect == "definition" else None
    # A section that only asks something narrower (“What is the outlook after surgery?”) still tells the aspect; its opening says most.
    kept: list[Evidence] = []
    words = 0
    for evidence in passage.evidence:
        text = ""
        if evidence.text.startswith("- "):
            continue
        for sentence in split_sentences(evidence.text.split("\n- ")[0]):
            count = len(sentence.text.split())
            if (kept or text) and words + count > CELL_WORDS:
                return passage.model_copy(update={"evidence": (*kept, *([evidence.model_copy(update={"text": text})] if text else ()))})
            text = f"{text} {sentence.text}".strip()
            words += count
        if text:
            kept.append(evidence.model_copy(update={"text": text}))
    return passage.model_copy(update={"evidence": tuple(kept)}) if kept else None
