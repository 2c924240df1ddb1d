"""Tells what an answerable turn is about (a greeting, thanks, the assistant itself, a feeling, a question) and whether a child writes."""

from __future__ import annotations

import re
from functools import lru_cache

from policies.lexicons import load
from policies.normalise import fold
from policies.verdict import Intent, Turn

# Longer messages are stories with a question, not a greeting or a cry.
_SHORT = 90
_FEELING = 400


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    return {name: tuple(re.compile(pattern) for pattern in patterns) for name, patterns in load("intent").items()}


def _any(name: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns()[name])


@lru_cache(maxsize=512)
def _intent(text: str) -> Intent:
    plain = fold(text[:2000]).strip().strip("¿¡")
    if len(plain) <= _SHORT:
        if _any("greeting", plain):
            return "greeting"
        if _any("thanks", plain):
            return "thanks"
    if len(plain) <= 2 * _SHORT and _any("about_assistant", plain):
        return "about_assistant"
    if len(plain) <= _FEELING and _any("distress", plain) and not _any("distress_asks", plain):
        return "distress"
    return "question"


def intent_of(turn: Turn) -> Intent:
    """What the last message is about; `question` in doubt. A feeling with a question of fact in it is a question."""
    return _intent(turn.plain)


@lru_cache(maxsize=512)
def _minor(text: str) -> bool:
    plain = fold(text[:4000])
    return _any("minor", plain) and not _any("not_minor", plain)


def is_minor(turn: Turn) -> bool:
    """Whether the person says, in any message so far, that they are under 18, or writes from a school desk."""
    return any(_minor(text) for text in turn.normalised)
