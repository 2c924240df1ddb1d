"""A question in Spanish as the English words it stands for, so that the encoder, which reads English, can be asked with it.

Word by word, longest phrase first: enough for a search, never shown to anybody.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path

import yaml

from knowledge.names import fold

WORDS = Path(__file__).parent / "catalog" / "spanish_words.yaml"
# What people say when they tell of a body, a danger or a home: words that would only blur a search.
TELLING = Path(__file__).parent / "catalog" / "spanish_telling.yaml"
# Spanish words that ask or join and that English search words do without.
_NOTHING = frozenset(
    """a al algo alguien ante aquel asi aun aunque cada como con cual cuales cuando cuanta cuantas cuantos de del desde donde e el ella ellas ellos en entre era es esa
    ese eso esta estas este esto estos estoy fue gracias ha hace hacen hacer hacia han hasta hay he hola la las le les lo los mas me mi mis mismo mucha muchas mucho
    muchos muy nada ni no nos o otra otro para pero por porque puede pueden puedo que quiero quien saber se ser si sido sin sobre son soy su sus tan tanto te tengo
    tanta tantas tantos tener ti tiene tienen toda todas todo todos tu tus un una unas uno unos usted va van voy y ya yo q xq pq tmb d k x ahi ahora ahorita alguna algunas alguno
    algunos algun anda aqui asi aunque ayer bastante bien cosa dan darle deben debe dice dicen dicho digan dijeron dijo doy eres estaba estamos estan estoy etc favor
    haber habia hablaron hago haya hice hizo iba ido incluso ir les llama llaman luego mandaron manda medio mencionaron menciono mismas nadie ningun ninguna pues
    puse quiere quieren quieres recien sale salio sea sean segun seria sido sigue sino somos suele supuesto tampoco tenemos tenga tengan tenia tuve tuvo vamos varios
    varias vas vez veces visto""".split()
)


# Letters that tell two words apart and that folding would lose: mamá is no breast, a year no anus, a nail no article.
_TOLD_BY_LETTERS = ((re.compile(r"\bmam[áÁ](s?)\b", re.IGNORECASE), r"madre\1"), (re.compile("ñ", re.IGNORECASE), "ny"))
_ENCLITIC = re.compile(r"(?<=[aei]r)(?:me|te|se|nos)?(?:l[aeo]s?)?$")
# Endings of verbs, nouns and adjectives, the longest first; what is left has four letters or more.
_ENDINGS = re.compile(
    r"(?<=\w{4})(?:amientos?|imientos?|aciones|acion|iendo|ando|aron|ieron|aban?|[aei]rian?|[ai]d[ao]s?|[aei]mos|[aei]ran?|[aei]r|[aeio]n|[aeo]s?|s)$"
)

# A word of the language that the table does not know says nothing to an English encoder; a name that it does not know must stay.
_SPANISH_ENDING = re.compile(r"(?:[aeo]s?|[aei]r|[aeio]n|[ai]d|al|z|i|u)$")
_NAME_LIKE = re.compile(r"\b[A-ZÁÉÍÓÚÑ]\w*[A-Z0-9]\w*|(?<=[a-záéíóúñ,] )[A-ZÁÉÍÓÚÑ]\w+")
# A sentence that asks, and how many English words it needs so that the story around it can go unsaid.
_ASKED = re.compile(r"¿[^?]+\?|(?:(?<=[.!?;:\n] )|^)[^.!?;:\n]+\?")
ASKS_ENOUGH = 5


@lru_cache(maxsize=2)
def _table(*files: Path) -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """(words and phrases as they are written, roots of single words, what finds the longest of them in a folded question); a later file overrides."""
    told = {str(spanish): str(english) for file in files for spanish, english in yaml.safe_load(file.read_text(encoding="utf-8")).items()}
    words = {_folded(spanish): english for spanish, english in told.items()}
    # People leave the tilde out.
    words |= {fold(s): english for s, english in told.items() if fold(s) not in words and fold(s) not in _NOTHING}
    roots: dict[str, str] = {}
    for word, english in words.items():
        if " " not in word:
            roots.setdefault(_root(word), english)
    phrases = sorted((w for w in words if " " in w), key=len, reverse=True)
    return words, roots, re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b|[a-z0-9][a-z0-9/+-]*")


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    for pattern, spelling in _TOLD_BY_LETTERS:
        text = pattern.sub(spelling, text)
    return fold(text)


def _root(word: str) -> str:
    """A word without the pronouns that hang on a verb (“cuidarla”) and without its ending: “cansados”, “cansar” and “cansa” are one."""
    return _ENDINGS.sub("", _ENCLITIC.sub("", word))


@lru_cache(maxsize=2_000)
def in_english_words(question: str, names: frozenset[str] = frozenset()) -> str:
    """The English search words of a Spanish question; what is not known stays where it may be a name, or is a word of `names` (folded).

    Of a story with a question in it, the question is what is looked for, where it says two things or more.
    """
    asked = " ".join(_ASKED.findall(question))
    if asked and len((words := _translated(asked, names, WORDS)).split()) >= ASKS_ENOUGH:
        return words
    return _translated(question, names, WORDS)


@lru_cache(maxsize=2_000)
def _told(text: str) -> str:
    return _translated(text, frozenset(), WORDS, TELLING)


class _Teller:
    """The English words of all that a Spanish text tells, its stories as well as its questions."""

    def __call__(self, text: str) -> str:
        return _told(text)

    @cached_property
    def name(self) -> str:
        """What tells these word lists from any other: whatever was trained on the words they give is as old as they are."""
        return blake2b(WORDS.read_bytes() + TELLING.read_bytes(), digest_size=8).hexdigest()


told_in_english = _Teller()


def _translated(text: str, names: frozenset[str], *files: Path) -> str:
    words, roots, pattern = _table(*files)
    capitals = {fold(word) for word in _NAME_LIKE.findall(text)}
    found: list[str] = []
    for match in pattern.finditer(_folded(text)):
        word = match.group()
        english = words.get(word)
        if english is None and word not in _NOTHING:
            plain = word.replace("ny", "n")
            may_be_a_name = plain in names or plain in capitals or not _SPANISH_ENDING.search(plain)
            english = roots.get(_root(word), plain if may_be_a_name else None)
        if english and english not in found:
            found.append(english)
    return " ".join(found)
