"""Ways to write the same message that must not change how it is judged."""

from __future__ import annotations

from collections.abc import Iterator

_ZERO_WIDTH = "\u200b"
_CYRILLIC = str.maketrans("aeopcxy", "аеорсху")


def disguises(text: str) -> Iterator[tuple[str, str]]:
    """(name, the text so written): invisible characters, look-alike letters, case, spacing."""
    yield "zero-width characters", _ZERO_WIDTH.join(text)
    yield (
        "look-alike letters",
        " ".join(word.translate(_CYRILLIC) if any(c.isascii() and c.isalpha() and c not in "aeopcxy" for c in word) else word for word in text.split(" ")),
    )
    yield "capitals", text.upper()
    yield "small letters", text.lower()
    yield "doubled spaces", text.replace(" ", "  ")
    yield "spaced letters", "  ".join(" ".join(word) for word in text.split())
