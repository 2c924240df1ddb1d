"""Whether what was found answers the question: a wrong yes shows somebody an irrelevant article, a wrong no leaves somebody alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from knowledge.passages import Passage
from knowledge.query import Concept, Names, Query

if TYPE_CHECKING:
    from knowledge.search import Hit

# Hits that are looked at: the answer is made of the first few.
LOOKED_AT = 5
# Cosine (mean of the first and the best) plus COVERED × share of what the question says that the hits hold together, plus TELLING × how rare
# the rarest word is that they hold (0–1): below ENOUGH there is no answer. Set on the library's own questions, of which 2 % may be turned
# away wrongly, against questions that it does not carry.
COVERED, TELLING, ENOUGH = 0.20, 0.30, 0.60
# From these cosines on, a strange word or a cancer filed elsewhere changes nothing: the question is met.
MET, MET_SQUARELY = 0.60, 0.72
# Likeness (knowledge.asks) of the question and what is asked for a section at which that section answers it, whatever words its text has.
ASKED_MET = 0.8
# Shorter unknown words are slips and names.
STRANGE_LENGTH = 4
# Likeness (0–100) at which two long words are one in two spellings.
SPELLING = 85
# A Spanish question is answered from a Spanish passage that holds these shares of its telling words and of the things it names.
SPANISH_COVERAGE, SPANISH_NAMES = 0.5, 0.5


def is_asked(hits: Sequence[Hit]) -> bool:
    """Whether one of the first hits is a section that people ask for in just these words."""
    return any(h.asked >= ASKED_MET for h in hits[:LOOKED_AT])


class Judge:
    """Judges hits for a question. names: the catalogue, to tell which cancer a text is about."""

    def __init__(self, names: Names | None) -> None:
        self._names = names

    def english(self, query: Query, hits: Sequence[Hit]) -> str:
        """Why there is no answer; empty when there is one."""
        if query.strange:
            return "names that stand nowhere"
        hits = hits[:LOOKED_AT]
        best = max(h.dense for h in hits)
        if query.doubtful and best < MET:
            return "what may be a name stands nowhere"
        if query.defines or is_asked(hits):
            return ""  # the glossary says what it is, or people ask for this section so
        texts = [h.stems for h in hits]
        covered, telling = query.held(texts)
        if (best + hits[0].dense) / 2 + COVERED * covered + TELLING * telling < ENOUGH:
            return f"best cosine {best:.2f}, {covered:.0%} of what it says"
        strange = self._strange(query)
        if strange and best < MET:
            return f"nothing here holds {strange} of its words"
        if query.cancers and best < MET_SQUARELY and not any(self._about(h.passage, query.cancers) for h in hits):
            return f"no passage on {', '.join(sorted(query.cancers))}"
        return ""

    def spanish(self, query: Query, hits: Sequence[Hit]) -> bool:
        """Whether the first Spanish passage answers a Spanish question: it holds most of what is named and said, and is about the cancer named."""
        if query.cancers and not self._about(hits[0].passage, query.cancers):
            return False
        return hits[0].coverage >= SPANISH_COVERAGE and query.names_held(hits[0].stems) >= SPANISH_NAMES

    def _strange(self, query: Query) -> int:
        """How many words the question is about that no passage holds: two or more, or all that it says."""
        telling = [c for c in query.concepts if not c.generic]
        unknown = [c for c in telling if c.unknown and not c.named and not self._spelt(c, telling)]
        return len(unknown) if len(unknown) > 1 or (unknown and len(unknown) == len(telling)) else 0

    @staticmethod
    def _spelt(concept: Concept, others: Sequence[Concept]) -> bool:
        """Whether an unknown word is short, or another spelling of something that is known."""
        word = concept.ways[0][0]
        if len(word) <= STRANGE_LENGTH:
            return True
        held = [s for c in others if c.named for way in c.ways for s in way]
        return len(word) > STRANGE_LENGTH + 1 and process.extractOne(word, held, scorer=fuzz.ratio, score_cutoff=SPELLING) is not None

    def _about(self, passage: Passage, cancers: frozenset[str]) -> bool:
        """Whether a passage is about one of the cancers: filed under it, or its title or heading says so; of a general
        article its words count too."""
        general = passage.kind != "document" and not passage.cancers
        text = f"{passage.title} {passage.section} {passage.text if general else ''}"
        return bool(cancers & set(passage.cancers)) or bool(cancers & self._cancers(text))

    def _cancers(self, text: str) -> frozenset[str]:
        if self._names is None:
            return frozenset()
        return frozenset(relative for _, term in self._names.find(text) if term.cancer for relative in self._names.cancer_family(term.cancer))
