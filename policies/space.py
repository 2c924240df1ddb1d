"""A space in which ways of saying the same false belief lie near each other, and sound talk about the same things apart from them.

The encoder puts "sugar feeds cancer" and "sugar does not feed cancer" side by side. A text's vector, and the small words and pairs of words that it
has, are mapped together into fewer dimensions; the map was learned from how people say the beliefs, from what they say soundly, and from the same
statements with their claim taken out. `python -m evals.bench.premises --write` learns it (evals/bench/saying.py) and writes stated.npz.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from policies.normalise import fold
from policies.verdict import Vectors

PATH = Path(__file__).parent / "stated.npz"
WIDTH = 384
_TERM = re.compile(r"[a-z']+")


def words_and_pairs(text: str) -> list[str]:
    """The words of a text and each two that follow one another, folded."""
    words = _TERM.findall(fold(text))
    return words + [f"{one} {two}" for one, two in itertools.pairwise(words)]


class Space:
    """The map, and how false a text rings by itself.

    terms: words and pairs that count. turn: (384 + terms, dimensions); a term's row already holds its weight. rings: (384 + terms + 1,), the last is the bias.
    """

    def __init__(self, terms: Sequence[str], turn: npt.NDArray[np.float32], rings: npt.NDArray[np.float32]) -> None:
        self._place = {term: WIDTH + number for number, term in enumerate(terms)}
        self._turn, self._rings = np.ascontiguousarray(turn, np.float32), np.asarray(rings, np.float32)

    def put(self, texts: Sequence[str], vectors: Vectors) -> tuple[Vectors, Vectors]:
        """Unit rows of (texts, dimensions), and how false each text rings as log odds (texts,). vectors: the encoder's, (texts, 384)."""
        rows, rings = vectors @ self._turn[:WIDTH], vectors @ self._rings[:WIDTH] + self._rings[-1]
        for number, text in enumerate(texts):
            if places := self._places(text):
                rows[number] += self._turn[places].sum(axis=0)
                rings[number] += self._rings[places].sum()
        return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), np.float32), np.asarray(rings, np.float32)

    def rings(self, text: str) -> float:
        """How false a text rings by its words alone, as log odds without the bias: what may be known of it before it is encoded."""
        places = self._places(text)
        return float(self._rings[places].sum()) if places else 0.0

    def _places(self, text: str) -> list[int]:
        return list({self._place[term] for term in words_and_pairs(text) if term in self._place})


def read_space(path: Path = PATH) -> tuple[Space, npt.NDArray[np.float64], float]:
    """The space, and the weights and bias by which a statement is judged beside a belief (policies/stated.py)."""
    with np.load(path, allow_pickle=False) as data:
        space = Space(str(data["terms"]).split("\n"), data["turn"].astype(np.float32), data["rings"])
        return space, data["weights"].astype(np.float64), float(data["bias"])
