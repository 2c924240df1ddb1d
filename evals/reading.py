"""How hard an answer reads: grade, ease, length of sentences, and hard words that it uses without a word of explanation."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.conversation import Answer
from evals._text import sentences

# US school years. The aim is 8 (reference on reading level); above 9 an answer counts as too hard.
MAX_GRADE = 9.0
# Kinds of glossary entries whose long names are hard words; medicines and diseases are what was asked about.
_HARD_KINDS = frozenset({"word", "test", "procedure", "side-effect"})
_HARD_LETTERS = 9
_EXPLAINS = r"(?:\s*\(|,? (?:which|that) (?:is|are|means)| (?:is|are|means?|refers?|was|were) |,? (?:also )?called| — |: )"


def figures(answer: Answer) -> dict[str, float]:
    """grade, ease, sentence_words (words a sentence) over the whole text as shown; unexplained_terms in what was said."""
    from knowledge.readability import measure

    reading = measure(answer.markdown)
    length = reading.words / reading.sentences if reading.sentences else 0.0
    return {"grade": reading.grade, "ease": reading.ease, "sentence_words": round(length, 1), "unexplained_terms": float(len(unexplained(answer)))}


def unexplained(answer: Answer) -> list[str]:
    """Long glossary words in the sections that no sentence, heading or question of the person's explains or brings along."""
    text = "\n".join(f"{s.heading}. " + " ".join(x.text for x in sentences(s.markdown)) for s in answer.sections)
    own = answer.question.lower()
    found = []
    for term in _terms(text):
        word = re.escape(term)
        explained = re.search(rf"\b{word}s?\b{_EXPLAINS}|(?:called|named|known as|or|\() ?(?:an? |the )?{word}", text, re.IGNORECASE)
        if not explained and term.lower() not in own:
            found.append(term)
    return found


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[str, ...]:
    from knowledge import catalogs

    named = {t.term for t in catalogs.resolve(text) if t.kind in _HARD_KINDS and len(t.term) >= _HARD_LETTERS and " " not in t.term}
    return tuple(sorted(named))
