"""Corrects misspelt words of alarm ("fevr", "bleding", "siezure") before the rules for emergencies read a message.

A frightened person types badly, and a rule that knows "fever" must hear "fevr". Only towards the few dozen words of `lexicons/misspelt.yaml`,
never from a real word, so that an ordinary sentence stays as it is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extractOne

from policies.lexicons import load
from policies.normalise import fold

_WORD = re.compile(r"[^\W\d_]{4,20}")
# A slip in a short word; two in a long one.
_LONG = 7


@cache
def _known() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """The alarm words by their first letter, and every word that is never corrected."""
    data = load("misspelt")
    alarm = str(data["alarm"]).split()
    by_letter = {letter: tuple(word for word in alarm if word[0] == letter) for letter in {word[0] for word in alarm}}
    speech = str(load("speech")["not_typos"]).split()
    return by_letter, frozenset([*alarm, *str(data["words"]).split(), *speech])


@lru_cache(maxsize=8192)
def _corrected(word: str) -> str:
    by_letter, known = _known()
    plain = fold(word)
    choices = by_letter.get(plain[:1], ())
    # A form of a real word ("breathes", "stops") is none of ours to change.
    if not choices or plain in known or (plain.endswith("s") and plain[:-1] in known):
        return word
    found = extractOne(plain, choices, scorer=DamerauLevenshtein.distance, score_cutoff=2)
    if found is None:
        return word
    right, slips, _ = found
    if plain.startswith(right) and plain[len(right) :] in ("d", "r", "s", "ed", "er", "es", "ly", "al", "ic"):
        return word
    return str(right) if slips <= (2 if len(right) >= _LONG and len(plain) >= _LONG - 1 else 1) else word


def towards_alarm(text: str) -> str:
    """The text with misspelt alarm words put right; the same text when there are none."""
    return _WORD.sub(lambda found: _corrected(found.group()), text)
