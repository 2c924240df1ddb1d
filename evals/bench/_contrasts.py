"""Takes the claim out of a statement: "everyone on chemo goes bald" → "not everyone on chemo goes bald", or only what it concludes from.

For learning what tells a false belief from sound talk about it (evals/bench/saying.py). What comes out need not be good English, and one in ten still
says something false; it is never shown and never tested on.
"""

from __future__ import annotations

import random
import re

_CHANGES: list[tuple[str, tuple[str, ...]]] = [
    (r"\balways\b", ("sometimes", "not always", "often", "at times")),
    (r"\bnever\b", ("seldom", "sometimes", "not always", "rarely")),
    (r"\b(?:everyone|everybody|anyone|anybody)\b", ("not everyone", "some people", "a few people", "many people")),
    (r"\b(?:every|each|any)\b", ("not every", "hardly any", "some")),
    (r"\ball\b", ("not all", "some", "most")),
    (r"\b(?:nobody|no one|none)\b", ("some people", "many people", "quite a few", "a lot of people")),
    (r"\bonly\b", ("not only", "mostly", "also")),
    (r"\b(?:must|has to|have to|had to)\b", ("may", "might", "need not", "doesn't have to", "could")),
    (r"\b(?:must not|mustn't)\b", ("may", "can")),
    (r"\b(?:can't|cannot|can not)\b", ("can", "can often", "may still", "could")),
    (r"\bcan\b(?!'t| not)", ("can't", "cannot", "can hardly")),
    (r"\bmeans?\b(?: that)?", ("doesn't mean", "need not mean", "may mean", "does not mean that")),
    (r", (?:so|therefore|hence|and therefore|and so|thus)\b(?! that)", (", but that doesn't mean", "; that's no reason to think", ", yet it may not be that")),
    (r"\b(?:won't|will not)\b", ("may", "will", "could well", "might")),
    (r"\bwill\b", ("won't", "may", "might", "need not")),
    (r"\b(?:causes?|caused)\b", ("doesn't cause", "did not cause", "isn't known to cause", "has not been shown to cause")),
    (r"\b(?:gives?|gave)\b", ("doesn't give", "did not give", "can't give")),
    (r"\b(?:makes?|made)\b", ("doesn't make", "did not make", "won't make")),
    (r"\b(?:isn't|is not)\b", ("is", "may be", "can be")),
    (r"\b(?:aren't|are not)\b", ("are", "may be")),
    (r"\b(?:doesn't|does not)\b", ("does", "may", "can")),
    (r"\b(?:don't|do not)\b", ("do", "may", "should")),
    (r"\b(?:didn't|did not)\b", ("did", "may have")),
    (r"\bis\b", ("isn't", "is not", "may be", "is not always", "is seldom")),
    (r"\bare\b", ("aren't", "are not", "may be", "are sometimes")),
    (r"\bnothing\b", ("something", "a lot", "several things")),
    (r"\bno\b", ("some", "a", "enough")),
    (r"\bturns? into\b", ("rarely turns into", "doesn't turn into")),
    (r"\b(?:shows?|proves?) that\b", ("doesn't show that", "doesn't prove that", "may show that")),
    (r"\b(?:useless|pointless|hopeless|senseless|for nothing)\b", ("useful", "worth it", "not hopeless")),
    (r"\b(?:harmless|safe)\b", ("not harmless", "not always safe", "risky")),
    (r"\b(?:impossible|out of the question|ruled out)\b", ("possible", "not ruled out")),
    (r"\b(?:better|best|worse|worst|stronger|weaker)\b", ("not better", "about the same", "as good")),
]
_COMPILED = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in _CHANGES]
_DENIED = (
    "it is a myth that", "it isn't true that", "my doctor told me it's wrong that", "I no longer believe that", "I used to think that",
    "it is not the case that", "nobody has shown that", "I don't think that",
)  # fmt: skip
_ENDS = (
    "and I have an appointment on Monday", "and the doctor will look at it", "and we have a visit on Friday", "and the nurse knows about it",
    "and I am going to ask about it", "and we take it step by step", "and there are more tests next week", "and they told us about the choices",
    "and that can have several causes", "and I called the team", "so I asked my doctor", "so we have it checked", "and the plan goes on",
    "so we are going to see what the scan says", "and she is doing all right", "but that need not be so", "and it may turn out well",
)  # fmt: skip
_CONCLUDES = re.compile(
    r",? (?:therefore|hence|and therefore|and so|which means|that means|and that's how|and that's why|because|since)\b|, so\b(?! that)|,? means?\b",
    re.IGNORECASE,
)
_LEAST, _CHANGED, _DENY, _BARE = 3, 2, 0.2, 0.4


def without_its_claim(statement: str, chance: random.Random) -> list[str]:
    """A few texts with the words of a false statement that do not make its claim."""
    fitting = [change for change in _COMPILED if change[0].search(statement)]
    chance.shuffle(fitting)
    found = []
    for pattern, instead in fitting[:_CHANGED]:
        last = list(pattern.finditer(statement))[-1]
        found.append(statement[: last.start()] + chance.choice(instead) + statement[last.end() :])
    if chance.random() < _DENY:
        found.append(f"{chance.choice(_DENIED)} {statement}")
    concludes = _CONCLUDES.search(statement)
    if concludes and len(statement[: concludes.start()].split()) >= _LEAST:
        ground = statement[: concludes.start()]
        found.append(ground if chance.random() < _BARE else f"{ground} {chance.choice(_ENDS)}")
    return found
