"""How people ask for the articles, in their own words (catalog/asks.yaml): a second way for a question to meet its article.

The articles are written in the library's words; what is said at home often shares none of them. A question is compared with what is
asked for each article, by meaning and by words, and the likeness of the nearest is added to what its passages score.
"""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import yaml

from knowledge.errors import KnowledgeError
from knowledge.words import stems

PATH = Path(__file__).parent / "catalog" / "asks.yaml"
Vectors = npt.NDArray[np.float32]
# What shared words count for beside the cosine. Set on the library's own questions, of which none stands in the file (a test compares).
WORDS = 0.5


class Encodes(Protocol):
    """Texts to unit vectors, float32 of shape (n, 384)."""

    def encode(self, texts: list[str]) -> Vectors: ...


@lru_cache(maxsize=1)
def read_asks(path: Path = PATH) -> dict[str, tuple[str, ...]]:
    """Article → how it is asked for. Raises KnowledgeError when the file is not a mapping of lists of texts."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(data, dict) or not all(isinstance(asks, list) and all(isinstance(ask, str) for ask in asks) for asks in data.values()):
        raise KnowledgeError(f"{path.name}: must be a mapping of article ids to lists of texts")
    return {str(article): tuple(asks) for article, asks in data.items()}


class Asks:
    """Compares questions with what is asked for each article. Safe across threads; the texts are encoded when the first question comes."""

    def __init__(self, asks: Mapping[str, Sequence[str]], encoder: Encodes) -> None:
        self._encoder = encoder
        pairs = [(article, ask) for article, group in asks.items() for ask in group]
        self._texts = [ask for _, ask in pairs]
        self._articles = list(dict.fromkeys(article for article, _ in pairs))
        place = {article: i for i, article in enumerate(self._articles)}
        self._owner = np.array([place[article] for article, _ in pairs], np.intp)
        held = [stems(ask) for ask in self._texts]
        counts = Counter(word for words in held for word in words)
        self._idf = {word: math.log(1 + (len(held) - n + 0.5) / (n + 0.5)) for word, n in counts.items()}
        self._rarest = math.log(1 + (len(held) + 0.5) / 0.5)
        self._norms = np.array([math.sqrt(sum(self._idf[w] for w in words)) or 1.0 for words in held], np.float32)
        self._places: dict[str, list[int]] = defaultdict(list)
        for i, words in enumerate(held):
            for word in words:
                self._places[word].append(i)
        self.stems = frozenset(counts)
        self._lock = threading.Lock()
        self._vectors: Vectors | None = None

    def likeness(self, question: str, vector: Vectors) -> dict[str, float]:
        """Article → likeness of the question and the nearest of what is asked for it: cosine plus half the share of common words (0 to about 1.5)."""
        if not self._texts:
            return {}
        with self._lock:
            if self._vectors is None:
                self._vectors = self._encoder.encode(self._texts)
        alike = self._vectors @ np.asarray(vector, np.float32)
        asked = stems(question)
        if weight := sum(self._idf.get(word, self._rarest) for word in asked):
            shared = np.zeros(len(self._texts), np.float32)
            for word in asked:
                shared[self._places.get(word, [])] += self._idf.get(word, 0.0)
            alike = alike + WORDS * shared / (self._norms * math.sqrt(weight))
        best = np.full(len(self._articles), -1.0, np.float32)
        np.maximum.at(best, self._owner, alike)
        return dict(zip(self._articles, best.tolist(), strict=True))
