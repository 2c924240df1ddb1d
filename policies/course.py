"""How long it has been so: whether a message tells of an old complaint and of nothing new in it.

Doctors ask "since when" first, because time tells an ache from an alarm. An old complaint ("for months", "on and off", "every winter") with
nothing new ("since this morning", "now it", "worse") is calm unless a danger sign stands in it. The expressions are in `lexicons/course.yaml`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from policies.lexicons import load
from policies.normalise import fold


@cache
def _expressions() -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(lines)) for name, lines in load("course").items()}


@lru_cache(maxsize=512)
def long_standing(text: str) -> bool:
    """Whether it tells of weeks, months or years, of nothing newer, and names no danger sign."""
    return _expressions()["old"].search(fold(text)) is not None and not is_new(text) and not in_danger(text)


@lru_cache(maxsize=512)
def is_new(text: str) -> bool:
    """Whether it tells of something that began or changed within days: "since lunch", "now it", "getting worse"."""
    return _expressions()["new"].search(fold(text)) is not None


@lru_cache(maxsize=512)
def in_danger(text: str) -> bool:
    """Whether it holds a danger sign, or a treatment or state in which little things are dangerous."""
    return _expressions()["danger"].search(fold(text)) is not None
