"""Turns a message into a sparse vector: hashed words and letter sequences, of the text and of what is left when names become tags, and the rules' finds.

The classifier rests on it: a language without an encoder is classified by nothing else.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from policies.normalise import fold

# Places of the words and letters of one text; the tagged text has as many again, then come the rules' finds.
WIDTH = 1 << 14
FINDS = 1 << 10
ALL = 2 * WIDTH + FINDS
# A find weighs as much as a word or two of a short message (cross-validated; .1 to .4 hardly differ).
_FIND_WEIGHT = 0.2
# The first part of a message tells what it asks; a pasted page must not cost more.
_LOOKED_AT = 700
_LETTERS = (3, 4, 5)
# A word and a pair of words weigh as much as this many of their letter sequences.
_WORD_WEIGHT = 4
_WORD = re.compile(r"[^\W_]+|[?!\"<>\[\]{}]")
_DIGITS = re.compile(r"\d+")

Features = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]


@lru_cache(maxsize=8192)
def _pieces(word: str) -> tuple[int, ...]:
    """Places of one word's letter sequences, its boundaries marked."""
    marked = f"<{word}>"
    return tuple(zlib.crc32(marked[i : i + n].encode()) % WIDTH for n in _LETTERS for i in range(len(marked) - n + 1))


@lru_cache(maxsize=16_384)
def _pair(previous: str, word: str) -> tuple[int, int]:
    """Places of a word and of it with the word before."""
    return zlib.crc32(f"w {word}".encode()) % WIDTH, zlib.crc32(f"p {previous} {word}".encode()) % WIDTH


@lru_cache(maxsize=256)
def features(text: str) -> Features:
    """(places, values) with values of length 1 in all; words, pairs of words, letter sequences of 3 to 5. Digits count as one shape.

    Kept for a while and read-only: classifier and alarm of one turn ask for the same texts.
    """
    found: list[int] = []
    previous = "^"
    for word in _WORD.findall(_DIGITS.sub("0", fold(text[:_LOOKED_AT]))):
        found += _pair(previous, word) * _WORD_WEIGHT
        found += _pieces(word)
        previous = word
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    counts = Counter(found)
    places = np.fromiter(counts.keys(), np.int64, len(counts))
    values = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)) / 2)
    values /= np.sqrt(values @ values)
    places.flags.writeable = values.flags.writeable = False
    return places, values


@lru_cache(maxsize=1024)
def _find_place(find: str) -> int:
    return 2 * WIDTH + zlib.crc32(find.encode()) % FINDS


def joined_features(text: str, tagged: str, finds: Iterable[str]) -> Features:
    """(places in 0…ALL-1, values) of a message, of its tagged form, and of the names of the rules' finds in it."""
    own, own_values = features(text)
    other, other_values = features(tagged)
    found = np.array(sorted({_find_place(find) for find in finds}), np.int64)
    return np.concatenate([own, other + WIDTH, found]), np.concatenate([own_values, other_values, np.full(len(found), _FIND_WEIGHT, np.float32)])
