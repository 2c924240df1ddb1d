"""Fixed wording, per language, from `replies/<language>/<key>.md`: what is said when no model may speak.

A reply that a language lacks is given in English: a person in danger gets the words that there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

REPLIES = Path(__file__).parent / "replies"
FALLBACK = "en"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class MissingReply(KeyError):
    """A reply that exists in no language: a fault of ours."""


@dataclass(frozen=True)
class Wording:
    """The replies of one language."""

    language: str

    def get(self, key: str, **placeholders: str) -> str:
        """The reply with its placeholders filled; an unknown placeholder stays as it is. Raises MissingReply."""
        text = _read(self.language, key) or _read(FALLBACK, key)
        if text is None:
            raise MissingReply(key)
        return _PLACEHOLDER.sub(lambda match: placeholders.get(match.group(1), match.group()), text)

    def keys(self) -> frozenset[str]:
        """Keys that this language has a text of its own for."""
        return frozenset(p.stem for p in (REPLIES / self.language).glob("*.md"))


@lru_cache(maxsize=256)
def _read(language: str, key: str) -> str | None:
    path = REPLIES / language / f"{key}.md"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


@lru_cache(maxsize=8)
def wording(language: str) -> Wording:
    """The wording of a language, English when there is none."""
    return Wording(language if (REPLIES / language).is_dir() else FALLBACK)
