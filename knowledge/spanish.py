"""A question in Spanish as the English words it stands for, so that the encoder, which reads English, can be asked with it.

Word by word, longest phrase first: enough for a search, never shown to anybody.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from knowledge.names import fold

WORDS = Path(__file__).parent / "catalog" / "spanish_words.yaml"
# Spanish words that ask or join and that English search words do without.
_NOTHING = frozenset(
    """a al algo alguien ante aquel asi aun aunque cada como con cual cuales cuando cuanta cuantas cuantos de del desde donde e el ella ellas ellos en entre era es esa
    ese eso esta estas este esto estos estoy fue gracias ha hace hacen hacer hacia han hasta hay he hola la las le les lo los mas me mi mis mismo mucha muchas mucho
    muchos muy nada ni no nos o otra otro para pero por porque puede pueden puedo que quiero quien saber se ser si sido sin sobre son soy su sus tan tanto te tengo
    tener ti tiene tienen toda todas todo todos tu tus un una unas uno unos usted va van voy y ya yo""".split()
)


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    words = {fold(str(spanish)): str(english) for spanish, english in yaml.safe_load(WORDS.read_text(encoding="utf-8")).items()}
    phrases = sorted((w for w in words if " " in w), key=len, reverse=True)
    return words, re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b|[a-z0-9][a-z0-9/+-]*")


@lru_cache(maxsize=2_000)
def in_english_words(question: str) -> str:
    """The English search words of a Spanish question; what is not known stays as it is (a name often is the same), what only joins goes."""
    words, pattern = _table()
    found: list[str] = []
    for match in pattern.finditer(fold(question)):
        word = match.group()
        english = words.get(word) or next((words[short] for short in (word[:-1], word[:-2]) if word.endswith("s") and len(short) > 3 and short in words), None)
        if english is None and word not in _NOTHING:
            english = word
        if english and english not in found:
            found.append(english)
    return " ".join(found)
