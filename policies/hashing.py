"""Turns a text into a sparse vector of hashed word and letter sequences: what a language without an encoder is classified by."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from policies.normalise import fold

WIDTH = 1 << 14
# The first part of a message tells what it asks; a pasted page must not cost more.
_LOOKED_AT = 700
_LETTERS = (3, 4, 5)
_WORD = re.compile(r"[^\W_]+|[?!\"<>\[\]{}]")
_DIGITS = re.compile(r"\d+")

Features = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]


@lru_cache(maxsize=8192)
def _pieces(word: str) -> tuple[int, ...]:
    """Places of one word's letter sequences, its boundaries marked."""
    marked = f"<{word}>"
    return tuple(zlib.crc32(marked[i : i + n].encode()) % WIDTH for n in _LETTERS for i in range(len(marked) - n + 1))


def features(text: str) -> Features:
    """(places, values) with values of length 1 in all; words, pairs of words, letter sequences of 3 to 5. Digits count as one shape."""
    words = _WORD.findall(_DIGITS.sub("0", fold(text[:_LOOKED_AT])))
    counts: dict[int, float] = {}
    previous = "^"
    for word in words:
        for place in (zlib.crc32(f"w {word}".encode()) % WIDTH, zlib.crc32(f"p {previous} {word}".encode()) % WIDTH):
            counts[place] = counts.get(place, 0.0) + 2.0
        for place in _pieces(word):
            counts[place] = counts.get(place, 0.0) + 0.5
        previous = word
    if not counts:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    places = np.fromiter(counts.keys(), np.int64, len(counts))
    values = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
    return places, (values / np.linalg.norm(values)).astype(np.float32)
