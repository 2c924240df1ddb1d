"""Reads a message once for all the policies that judge its subject: names, concepts of the lexicons, in which sentence they stand.

Dosing, harmful, personal and scope share one phrase book, because reading costs more than judging; earlier messages of a
conversation come from a cache.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from policies.grammar import Hit, Phrasebook, Sentence, one_slip
from policies.lexicons import load
from policies.mentions import Mentions, finder_for
from policies.verdict import Lexicon

# Lexicon file → the lists that stand beside its `concepts`.
_LISTS = {
    "dosing": ("of_a_visit", "not_a_dose_question", "general_frame", "always", "costume", "follow_up", "not_follow_up", "calculation"),
    "personal": (
        "facts",
        "told",
        "orientation",
        "everyday_ask",
        "general_ask",
        "own_stake",
        "everyday_life",
        "recovers",
        "reports",
        "ways_in",
        "of_a_score",
        "how_to_ask",
        "what_it_tells",
    ),
    "harmful": ("excused", "practical", "grave"),
    "scope": (),
}
_REMEMBERED = 1024


@dataclass(frozen=True)
class Signals:
    """What one message shows. `hits`: "policy.concept" → where; `sentences` in canonical form, names replaced by tags."""

    mentions: Mentions
    sentences: tuple[Sentence, ...] = ()
    hits: dict[str, list[Hit]] = field(default_factory=dict)

    def has(self, *concepts: str) -> bool:
        """Whether any of the concepts was found."""
        return any(concept in self.hits for concept in concepts)

    def within(self, concept: str, sentence: int) -> list[Hit]:
        """The finds of a concept in one sentence."""
        return [hit for hit in self.hits.get(concept, ()) if hit.sentence == sentence]

    def words(self, hit: Hit) -> str:
        """The words of a find, for the record."""
        return self.sentences[hit.sentence].text[hit.start : hit.end].strip()

    def rules(self, policy: str, names: Iterable[str]) -> list[tuple[str, Hit]]:
        """(concept, find) of a policy's concepts, in the order of `names`."""
        return [(name, hit) for name in names for hit in self.hits.get(f"{policy}.{name}", ())]


def expand(phrase: str, macros: dict[str, str]) -> str:
    """A phrase with its {lists} written out."""
    for name, alternatives in macros.items():
        phrase = phrase.replace("{" + name + "}", alternatives)
    return phrase


class _Book(Phrasebook):
    """A phrase book that corrects slips only towards words worth it: in a large one too many words are a slip away from another."""

    def __init__(self, concepts: dict[str, list[str]]) -> None:
        super().__init__(concepts)
        self._worth = frozenset(str(load("medicines")["misspelt"]).split())

    def _corrected(self, word: str) -> str:
        if not any(word[0] == worth[0] and one_slip(worth, word) for worth in self._worth):
            return word  # nearly every word: to search the large book for it costs a tenth of a screening
        corrected = super()._corrected(word)
        return corrected if corrected in self._worth else word


@lru_cache(maxsize=1)
def _book() -> Phrasebook:
    concepts: dict[str, list[str]] = {}
    for name, lists in _LISTS.items():
        data: dict[str, Any] = load(name)
        macros = {key: str(value) for key, value in data.get("macros", {}).items()}
        for concept, phrases in {**data.get("concepts", {}), **{key: data[key] for key in lists}}.items():
            concepts[f"{name}.{concept}"] = [expand(phrase, macros) for phrase in phrases]
    return _Book(concepts)


@lru_cache(maxsize=_REMEMBERED)
def signals(text: str, lexicon: Lexicon) -> Signals:
    """What a message shows, read with the names of a lexicon. Never raises on any text."""
    mentions = finder_for(lexicon).find(text)
    reading = _book().read(mentions.tagged)
    return Signals(mentions, reading.sentences, reading.hits)
