"""A message that is nothing but a name we know, or asks what it is ("Keytruda", "what is a PARP inhibitor"): somebody looks a word up.

The classifier learnt from sentences; a name alone looks to it like the sentences that the name stands in, and those on medicines ask for doses.
"""

from __future__ import annotations

import re

from policies.normalise import fold
from policies.verdict import Lexicon

_ASKS = re.compile(
    r"^(?:(?:hi|hello|ok|so|and|please|hola)\W+)?(?:what(?:'?s| is| are| does)|define|meaning of|explain|tell me about|about|que (?:es|son|significa)|hableme de)\s+(?:an? |the |el |la |los |las |una? )?"
)
_MEANS = re.compile(r"\s+(?:means?|stands? for)$")
_BETWEEN = re.compile(r"\s*(?:,|\+|/|\band\b|\bor\b|\bvs\b|\bversus\b|\by\b|\bo\b)\s*")
_AROUND = " .,;:?!¿¡\"'()"


def looked_up(message: str, lexicon: Lexicon) -> str:
    """What a message looks up and says nothing of: "thing" (medicines, cancers, genes), "word" (whatever else the glossary has), "" for any other message."""
    text = fold(message).strip(_AROUND)
    text = _MEANS.sub("", _ASKS.sub("", text)).strip(_AROUND)
    names = [name.strip(_AROUND) for name in (text, *(_BETWEEN.split(text) if _BETWEEN.search(text) else ()))]
    things = lexicon.drugs | lexicon.cancers | lexicon.genes

    def all_in(known: frozenset[str]) -> bool:
        return names[0] in known or (len(names) > 1 and all(name in known for name in names[1:]))

    return "thing" if all_in(things) else "word" if all_in(things | lexicon.terms) else ""


def without_likeness(scores: dict[str, float], found: str) -> dict[str, float]:
    """The classifier's scores for a message that looks something up: education and nothing else. A word of the body keeps its alarm: it may be a cry."""
    return {label: score if label.startswith("alarm.") and found == "word" else 0.0 for label, score in scores.items()} | {"education": 1.0}
