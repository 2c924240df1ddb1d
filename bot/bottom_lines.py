"""Which of the articles' bottom lines belong under an answer: what is standard, promising or not recommended about what was asked."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from knowledge.passages import Evidence, Passage
from knowledge.words import content_words, stem, stems

# Share of the best line's weight that another needs.
NEAR = 0.45
# Words of a bottom line that tell nothing of what it is about.
_EVERYWHERE = stems(
    "cancer usual usually care advice after before during help helps treatment therapy part people person good best new first "
    "cáncer atención después antes durante parte ayuda personas"
)
# A title that lists: an article on many things, each with lines of its own.
_LISTS = re.compile(r",|\b(?:and|or|y|o)\b")
_ORDER = {"standard": 0, "promising": 1, "not_recommended": 2}


def relevant_lines(asked: str, answered: str, lines: Sequence[tuple[Passage, Evidence]], most: int) -> list[tuple[Passage, Evidence]]:
    """Bottom lines that are about what was asked, at most `most`; standard before promising before not recommended.

    answered: the sections that answer it. A word that all lines hold, or that stands everywhere, says nothing. Where no line is about the question, the
    first standard one that shares a word with those sections stands for the topic alone; of an article on one thing the first.
    """
    texts = [stems(e.text) for _, e in lines]
    spread = Counter(s for text in texts for s in text)
    words = {stem(w) for w in content_words(asked)} - _EVERYWHERE
    scores = [sum(math.log(1 + len(texts) / spread[s]) for s in words & text) for text in texts]
    best = max(scores, default=0.0)
    ranked = sorted((-score, i) for i, score in enumerate(scores) if score)
    # What is promising and what is not recommended is told beside what is standard, when the article knows it.
    leaders = {lines[i][1].status: (score, i) for score, i in reversed(ranked)}
    related = sorted(leaders.values()) + [x for x in ranked if x not in leaders.values() and -x[0] >= NEAR * best]
    near = stems(answered) - _EVERYWHERE
    standard = [i for i, (_, line) in enumerate(lines) if line.status in (None, "standard")]
    related = related or [(0.0, i) for i in standard if texts[i] & near or not _LISTS.search(lines[i][0].title)][:1]
    keep = sorted((i for _, i in related[:most]), key=lambda i: (_ORDER[lines[i][1].status or "standard"], i))
    return [lines[i] for i in keep]
