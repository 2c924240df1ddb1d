"""What of an operator's passage may be offered to a model or quoted beside a citation: no sentence that states a dose or speaks to a model.

The library's own articles were checked before they came; documents were not. What speaks to a model was set apart when the document was
read (`knowledge.instructions`); it is looked for here once more, because a document stays as it was read while the rules grow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from knowledge.articles import split_sentences
from knowledge.instructions import marked, speaks_to_a_model
from knowledge.passages import Evidence, Passage
from knowledge.search import LIBRARY, Hit
from policies.output_dosing import find_dose

# How often something is given. The gate lets such words pass where nothing names a medicine ("treatment is given once a day"), as our own
# articles are held to the same by people; an unknown leaflet is not, so there they count as a dose beside a word of giving.
_OFTEN = (
    r"(?:(?:once|twice|one time|two times|three times|four times|\d+ times|\d+x)\s+(?:an?|per|each|every)\s+(?:day|week|month)|\b(?:once|twice)[ -](?:daily|weekly)|"
    r"every\s+(?:other\s+)?(?:day|night|morning|evening|(?:\d+|two|three|four|six|eight|twelve)\s+(?:hours?|days?|weeks?))|daily\s+for|"
    r"(?:una|dos|tres|\d+)\s+ve(?:z|ces)\s+(?:al|por)\s+(?:d[ií]a|semana)|cada\s+(?:d[ií]a|noche|\w+\s+(?:horas|d[ií]as|semanas)))"
)
_GIVEN = (
    r"\b(?:treatments?|therap(?:y|ies)|cycles?|given|gives?|tak(?:e|en|es|ing)|receives?|infusions?|injections?|injected|infused|medicines?|medications?|drugs?|"
    r"tablets?|pills?|capsules?|tratamientos?|ciclos?|tom(?:a|e|ar)|inyecci[oó]n|medicinas?|pastillas?)\b"
)
_SCHEDULE = re.compile(rf"{_OFTEN}[^.!?]*{_GIVEN}|{_GIVEN}[^.!?]*{_OFTEN}", re.IGNORECASE)
# What is done often and is no medicine.
_NO_MEDICINE = re.compile(
    r"\b(?:radiation|radiotherapy|radioterapia|scans?|mammograms?|screen\w*|visits?|check-?ups?|exams?|tests?|follow-?up|walks?|exercise|meals?|snacks?|weigh\w*|"
    r"rides?|shuttle|classes|groups?|meetings?|temperature|rinse|brush\w*|wash\w*|blood pressure)\b",
    re.IGNORECASE,
)
UNTITLED = "A document of this site"


def presentable_hits(hits: Sequence[Hit], reviewer_of: Callable[[str], str | None] = lambda _: None) -> tuple[Hit, ...]:
    """Hits as they may be shown, those with nothing left taken out; the library's carry the name of who reviewed the article."""
    found = []
    for hit in hits:
        passage = hit.passage
        if passage.collection == LIBRARY:
            named = with_reviewer(passage, reviewer_of)
            hit = hit if named is passage else replace(hit, passage=named)
        else:
            kept = presentable(passage)
            if kept is None:
                continue
            hit = hit if kept is passage else replace(hit, passage=kept)
        found.append(hit)
    return tuple(found)


def with_reviewer(passage: Passage, reviewer_of: Callable[[str], str | None]) -> Passage:
    """A passage of the library whose sources name the medical reviewer on record; itself when there is none."""
    reviewer = reviewer_of(passage.doc_id)
    if not reviewer:
        return passage
    evidence = tuple(e.model_copy(update={"source": e.source.model_copy(update={"reviewed_by": reviewer})}) for e in passage.evidence)
    return passage.model_copy(update={"evidence": evidence})


def states_dose(text: str, tail: str = "") -> bool:
    """Whether a text of a document states a dose or a schedule of a medicine, alone or with what stands before it."""
    return bool(find_dose(text, tail)[0]) or bool(_SCHEDULE.search(text) and not _NO_MEDICINE.search(text))


@lru_cache(maxsize=2_000)
def presentable(passage: Passage) -> Passage | None:
    """The passage without sentences that state a dose, alone or with the one before, or that speak to a model; None when nothing is left."""
    evidence: list[Evidence] = []
    changed = False
    tail = passage.section
    for piece in passage.evidence:
        lines = []
        for line in piece.text.split("\n"):
            kept = []
            sentences = [s.text for s in split_sentences(line)]
            for text, order in zip(sentences, marked(sentences), strict=True):
                # Judged with what stood before it, whether that was kept or not: a seam may lie anywhere.
                unfit = order or states_dose(text, tail)
                tail = f"{tail}\n{text}"[-600:]
                changed = changed or unfit
                if not unfit:
                    kept.append(text)
            if kept:
                lines.append(" ".join(kept))
        source = piece.source
        if _unfit(source.title):
            source, changed = source.model_copy(update={"title": UNTITLED}), True
        if lines:
            evidence.append(piece.model_copy(update={"text": "\n".join(lines), "source": source}))
    update: dict[str, object] = {"evidence": tuple(evidence)}
    if _unfit(passage.section):
        update["section"], changed = "", True
    if _unfit(passage.title):
        update["title"], changed = UNTITLED, True
    if not evidence:
        return None
    return passage.model_copy(update=update) if changed else passage


def _unfit(heading: str) -> bool:
    return states_dose(heading) or speaks_to_a_model(heading)
