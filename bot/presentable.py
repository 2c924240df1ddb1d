"""What of an operator's passage may be offered to a model or quoted beside a citation: no sentence that states a dose, nowhere.

The library's own articles were checked for doses before they came; documents were not. (What speaks to a model was set apart when the
document was read, see `knowledge.instructions`.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from knowledge.articles import split_sentences
from knowledge.passages import Evidence, Passage
from knowledge.search import LIBRARY, Hit
from policies.output_dosing import find_dose

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


@lru_cache(maxsize=2_000)
def presentable(passage: Passage) -> Passage | None:
    """The passage without sentences that state a dose, alone or with the one before; itself when there are none, None when nothing is left."""
    evidence: list[Evidence] = []
    changed = False
    tail = passage.section
    for piece in passage.evidence:
        lines = []
        for line in piece.text.split("\n"):
            kept = []
            for sentence in split_sentences(line):
                # Judged with what stood before it, whether that was kept or not: a seam may lie anywhere.
                dose = bool(find_dose(sentence.text, tail)[0])
                tail = f"{tail}\n{sentence.text}"[-600:]
                changed = changed or dose
                if not dose:
                    kept.append(sentence.text)
            if kept:
                lines.append(" ".join(kept))
        source = piece.source
        if find_dose(source.title)[0]:
            source, changed = source.model_copy(update={"title": UNTITLED}), True
        if lines:
            evidence.append(piece.model_copy(update={"text": "\n".join(lines), "source": source}))
    update: dict[str, object] = {"evidence": tuple(evidence)}
    if find_dose(passage.section)[0]:
        update["section"], changed = "", True
    if find_dose(passage.title)[0]:
        update["title"], changed = UNTITLED, True
    if not evidence:
        return None
    return passage.model_copy(update=update) if changed else passage
