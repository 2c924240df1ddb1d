"""Tells in which language a message is written, from its script and its frequent words. Made for short, hurried messages."""

from __future__ import annotations

import re
from functools import cache

from policies.lexicons import load
from policies.normalise import fold

# The first part of a message tells its language; judging more costs time and adds nothing.
_LOOKED_AT = 2000
# Whole words only: the "her" of HER2 is not English.
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:'[^\W\d_]+)?(?![\w-])")
# A foreign language must beat English by this factor: medical English is full of Latin and French words.
_MARGIN = 1.15
# A single word shared by several languages ("no", "cancer") decides nothing.
_ENOUGH = 0.5

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")),
    ("zh", re.compile(r"[\u3400-\u9fff\U00020000-\U0002fa1f]")),
    ("ar", re.compile(r"[\u0600-\u06ff\u0750-\u077f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("pa", re.compile(r"[\u0a00-\u0a7f]")),
    ("gu", re.compile(r"[\u0a80-\u0aff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("te", re.compile(r"[\u0c00-\u0c7f]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("am", re.compile(r"[\u1200-\u137f]")),
)
# Letters that settle which of the languages sharing a script it is.
_NARROWED: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "ar": (("ur", re.compile("[ٹڈڑےںھ]")), ("fa", re.compile("[پچژگیک]"))),
    "ru": (("uk", re.compile("[іїєґІЇЄҐ]")),),
}
# Latin letters of one language; each sighting is worth this many points for it.
_LETTERS: tuple[tuple[str, re.Pattern[str], float], ...] = (
    ("es", re.compile("[ñ¿¡]"), 1.5),
    ("es", re.compile("[áíóú]"), 0.4),
    ("pt", re.compile("[ãõ]|ç[aãoõ]|câncer|\\bé\\b"), 1.2),
    ("fr", re.compile("[àèêëîïœûù]|ç[ae]"), 0.8),
    ("fr", re.compile(r"\b(?:j|l|d|qu|n|c|s|m)['’][aeéèêiouhy]", re.IGNORECASE), 0.8),
    ("de", re.compile("[äöüß]"), 0.4),
    ("it", re.compile("[àèìòù]\\b"), 0.6),
    ("vi", re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]"), 1.0),
    ("pl", re.compile("[ąęłńśźżć]"), 1.0),
    ("tr", re.compile("[ışğ]"), 1.0),
    ("ro", re.compile("[țşșă]"), 0.8),
)


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """Word → (language, weight): a word of one language counts 1, of three a third, so shared words say little."""
    languages: dict[str, set[str]] = {}
    for code, words in load("languages").items():
        for word in words.split():
            languages.setdefault(word, set()).add(code)
    return {word: tuple((code, 1 / len(codes)) for code in sorted(codes)) for word, codes in languages.items()}


def language_of(text: str) -> str:
    """ISO 639-1 code of the language a message is written in; "en" when nothing tells otherwise. Never raises.

    A request to be answered in another language, in that language, before an English or Spanish question does not make it foreign.
    """
    found = _language_of(text)
    if found in ("en", "es") or not _PART.search(text[:_LOOKED_AT]):
        return found
    parts = [(_language_of(part), part) for part in _PART.split(text[:_LOOKED_AT]) if len(part.split()) >= _LEAST_WORDS]
    ours = [(code, len(part.split())) for code, part in parts if code in ("en", "es") and _speaks(code, part)]
    return max(ours, key=lambda found: found[1])[0] if sum(size for _, size in ours) * 2 >= len(text[:_LOOKED_AT].split()) else found


# Where one part of a message ends, and the words a part needs to say its language.
_PART = re.compile(r"(?<=[:.!?\n;])\s+")
_LEAST_WORDS = 4


def _speaks(language: str, part: str) -> bool:
    """Whether a part has a word of this language: "en" is also what nothing tells otherwise."""
    return any(code == language for word in _WORD.findall(fold(part)) for code, _ in _weights().get(word, ()))


def _language_of(text: str) -> str:
    head = text[:_LOOKED_AT]
    letters = sum(map(str.isalpha, head))
    if not letters:
        return "en"
    if not head.isascii():
        counts = [(len(pattern.findall(head)), code) for code, pattern in _SCRIPTS]
        found = {code: count for count, code in counts if count}
        # A language that writes without spaces says in 4 signs what takes 10 Latin letters.
        dense = found.get("ja", 0) + found.get("zh", 0) + found.get("ko", 0)
        if found and (sum(found.values()) + 2 * dense) * 2 >= letters:
            code = "ja" if "ja" in found and dense else max(found, key=lambda key: found[key])
            return next((narrow for narrow, pattern in _NARROWED.get(code, ()) if pattern.search(head)), code)
    scores: dict[str, float] = {"en": 0.0}
    weights = _weights()
    for word in _WORD.findall(fold(head.replace("’", "'"))):
        for code, weight in weights.get(word, ()):
            scores[code] = scores.get(code, 0.0) + weight
    if not head.isascii():
        lowered = head.lower()
        for code, pattern, points in _LETTERS:
            scores[code] = scores.get(code, 0.0) + points * len(pattern.findall(lowered))
    # On a tie the language more of our readers speak.
    best = max(scores, key=lambda key: (round(scores[key], 3), key == "en", key == "es"))
    return best if scores[best] >= _ENOUGH and scores[best] > _MARGIN * scores["en"] else "en"
