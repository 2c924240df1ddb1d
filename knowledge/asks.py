"""How people ask, in their own words: a second way for a question to meet its article (catalog/asks.yaml) and its section (catalog/asks/LANGUAGE/ARTICLE.yaml).

The library is written in the library's words; what is said at home often shares none of them. A question is compared with what is asked
for each article and each section, by meaning and by words (a Spanish one by words alone), and the likeness of the nearest counts in search.
"""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import yaml

from knowledge.errors import KnowledgeError
from knowledge.words import stems

PATH = Path(__file__).parent / "catalog" / "asks.yaml"
FOLDER = Path(__file__).parent / "catalog" / "asks"
Vectors = npt.NDArray[np.float32]
# An article's id and a heading of its English text.
Section = tuple[str, str]
Owner = TypeVar("Owner", bound=Hashable)
# What shared words count for beside the cosine. Set on the library's own questions, of which none stands in the files (a test compares).
WORDS = 0.5
# Words of an ask that is a phrase: fewer (“keep my womb”) are like much that has nothing to do with cancer.
PHRASE = 4


class Encodes(Protocol):
    """Texts to unit vectors, float32 of shape (n, 384)."""

    def encode(self, texts: list[str]) -> Vectors: ...


@lru_cache(maxsize=1)
def read_asks(path: Path = PATH) -> dict[str, tuple[str, ...]]:
    """Article → how it is asked for. Raises KnowledgeError when the file is not a mapping of lists of texts."""
    return _lists(path, "article ids")


@lru_cache(maxsize=2)
def read_section_asks(language: str = "en", folder: Path = FOLDER) -> dict[Section, tuple[str, ...]]:
    """(article, heading) → how that section is asked for in a language. Raises KnowledgeError when a file is not a mapping of lists of texts."""
    return {(path.stem, heading): asks for path in sorted((folder / language).glob("*.yaml")) for heading, asks in _lists(path, "headings").items()}


def _lists(path: Path, keys: str) -> dict[str, tuple[str, ...]]:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(data, dict) or not all(isinstance(asks, list) and all(isinstance(ask, str) for ask in asks) for asks in data.values()):
        raise KnowledgeError(f"{path.name}: must be a mapping of {keys} to lists of texts")
    return {str(owner): tuple(asks) for owner, asks in data.items()}


class Asks(Generic[Owner]):
    """Compares questions with what is asked for each owner. Safe across threads; the texts are encoded when the first question comes.

    encoder: None compares by words alone.
    """

    def __init__(self, asks: Mapping[Owner, Sequence[str]], encoder: Encodes | None) -> None:
        self._encoder = encoder
        groups = {owner: group for owner, group in asks.items() if group}
        self._texts = [ask for group in groups.values() for ask in group]
        self._owners = list(groups)
        # Where each owner's texts begin: they stand together.
        self._starts = np.cumsum([0, *(len(group) for group in groups.values())][:-1], dtype=np.intp)
        held = [stems(ask) for ask in self._texts]
        counts = Counter(word for words in held for word in words)
        self._idf = {word: math.log(1 + (len(held) - n + 0.5) / (n + 0.5)) for word, n in counts.items()}
        self._rarest = math.log(1 + (len(held) + 0.5) / 0.5)
        self._norms = np.array([math.sqrt(sum(self._idf[w] for w in words)) or 1.0 for words in held], np.float32)
        places: dict[str, list[int]] = defaultdict(list)
        for i, words in enumerate(held):
            for word in words:
                places[word].append(i)
        self._places = {word: np.array(found, np.intp) for word, found in places.items()}
        self.stems = frozenset(counts)
        self._phrases = np.array([len(ask.split()) >= PHRASE for ask in self._texts], bool)
        self._lock = threading.Lock()
        self._vectors: Vectors | None = None

    def likeness(self, question: str, vector: Vectors | None) -> dict[Owner, float]:
        """Owner → likeness of the question and the nearest of what is asked for it: cosine plus half the share of common words (0 to about 1.5).

        vector: of the question, (384,); not looked at by an encoder-less comparison, whose likeness is the share of common words (0 to 1).
        """
        if not self._texts:
            return {}
        alike = self._shared(question)
        if self._encoder is not None and vector is not None:
            alike = self._encoded(self._encoder) @ np.asarray(vector, np.float32) + WORDS * alike
        return dict(zip(self._owners, np.maximum.reduceat(alike, self._starts).tolist(), strict=True))

    def nearest(self, vector: Vectors) -> float:
        """Cosine (−1 to 1) of a (384,) unit vector and the nearest of what is asked in whole phrases, for whatever owner; −1 without an encoder or a phrase."""
        if self._encoder is None or not self._phrases.any():
            return -1.0
        return float((self._encoded(self._encoder) @ np.asarray(vector, np.float32))[self._phrases].max())

    def _encoded(self, encoder: Encodes) -> Vectors:
        with self._lock:
            if self._vectors is None:
                self._vectors = encoder.encode(self._texts)
            return self._vectors

    def _shared(self, question: str) -> Vectors:
        """Cosine of the words of the question and of each text, rare ones weighing more."""
        asked = stems(question)
        shared = np.zeros(len(self._texts), np.float32)
        weight = sum(self._idf.get(word, self._rarest) for word in asked)
        for word in asked & self.stems:
            shared[self._places[word]] += self._idf[word]
        return np.asarray(shared / (self._norms * (math.sqrt(weight) or 1.0)), np.float32)


@dataclass(frozen=True)
class Asked:
    """All that is asked: for articles, for sections, and for sections in Spanish."""

    articles: Asks[str]
    sections: Asks[Section]
    spanish: Asks[Section]

    def nearest(self, vector: Vectors) -> float:
        """Cosine of a (384,) unit vector and the nearest of all that is asked in English."""
        return max(self.articles.nearest(vector), self.sections.nearest(vector))

    @property
    def stems(self) -> frozenset[str]:
        """Stems of every English ask."""
        return self.articles.stems | self.sections.stems


def load_asked(encoder: Encodes) -> Asked:
    """What people ask, as it comes with the library."""
    return Asked(Asks(read_asks(), encoder), Asks(read_section_asks("en"), encoder), Asks(read_section_asks("es"), None))
