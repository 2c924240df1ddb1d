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
    if _alone(plain):
        return "distress"
    if len(plain) <= _FEELING and _any("distress", plain) and not _any("distress_asks", plain):
        return "distress"
    return "question"


def _alone(plain: str) -> bool:
    said = plain.strip(" .,;:!?¡¿")
    return len(said) <= _SHORT and any(pattern.fullmatch(said) for pattern in _patterns()["feeling_alone"])


@lru_cache(maxsize=512)
def feeling_alone(text: str) -> bool:
    """Whether a message tells a feeling and has not one word besides ("the waiting is killing me")."""
    return _alone(fold(text[:2000]))


def intent_of(turn: Turn) -> Intent:
    """What the last message is about; `question` in doubt. A feeling with a question of fact in it is a question."""
    return _intent(turn.plain)


@lru_cache(maxsize=512)
def _minor(text: str) -> bool:
    plain = fold(text[:4000])
    return _any("minor", plain) and not _any("not_minor", plain)


def without_age(text: str) -> str:
    """A child's message without the clause that gives the age, which tells nothing of what is asked; the whole where nothing else is said."""
    if not _minor(text):
        return text
    rest = _AGE.sub(" ", text, count=1).strip(" ,.;:!-–")
    return rest if len(rest.split()) >= _LEAST_LEFT else text


_AGE = re.compile(
    r"(?:\b(?:hi|hello|hey)[\s,]+)?(?:\b(?:i['’]?m|i am|my age is|(?:i['’]?ve )?just turned|i turned|i['’]?ll be|i will be|me and my \w+ are|tengo|cumplo|soy de|yo tengo)\s+(?:only |just |almost |a |solo )*"
    r"(?:1[0-7]|[6-9]|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)\b|^\s*(?:1[0-7]|[6-9]|[fm]1[0-7]|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)(?=\b|yo|f\b|m\b))"
    r"\s*(?:yo\b|y/?o\b|yrs?\b|years?\b|f\b|m\b|años\b|anos\b)?[ -]*(?:old\b)?\s*(?:girl|boy|kid)?\s*(?:here\b|next week\b|tomorrow\b|mañana\b)?\s*(?:and\b|n\b|so\b|but\b|y\b|,|\.)?\s*",
    re.IGNORECASE,
)
_LEAST_LEFT = 2


def is_minor(turn: Turn) -> bool:
    """Whether the person says, in any message so far, that they are under 18, or writes from a school desk."""
    return any(_minor(text) for text in turn.normalised)
