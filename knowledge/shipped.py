"""Vectors that come with the library, so that a first start reads them instead of computing them for a minute.

`vectors.npz` holds, for each text of the built-in library (`asks.npz`: for each way in which an article or a section is asked for; `heard.npz`: for each way in which
a false belief is said; `headings.npz`: for each heading), a hash of encoder and text, and the vector as int8 with a scale (cosine error below 0.005, as large as the quantised encoder's own).
A text that is not in it, or was changed, is encoded. `make vectors` writes it anew; a test compares it with the encoder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.encoder import NamedEncoder, Vectors

SHIPPED = Path(__file__).parent / "vectors.npz"
SHIPPED_ASKS = Path(__file__).parent / "asks.npz"
SHIPPED_HEARD = Path(__file__).parent / "heard.npz"
SHIPPED_HEADINGS = Path(__file__).parent / "headings.npz"


class ShippedEncoder:
    """Encodes like the encoder it stands before, and looks up what came with the library. Safe across threads."""

    def __init__(self, encoder: NamedEncoder, *paths: Path) -> None:
        self.name = encoder.name
        self._encoder = encoder
        tables = [_read(path) for path in paths or (SHIPPED, SHIPPED_ASKS, SHIPPED_HEARD, SHIPPED_HEADINGS) if path.is_file()]
        keys = [int(key) for table in tables for key in table[0]]
        self._places: dict[int, int] = {key: place for place, key in enumerate(keys)}
        self._scales: npt.NDArray[np.float16] | None = np.concatenate([table[1] for table in tables]) if tables else None
        self._values: npt.NDArray[np.int8] | None = np.concatenate([table[2] for table in tables]) if tables else None

    def encode(self, texts: list[str]) -> Vectors:
        """float32 of shape (len(texts), 384), rows of length 1."""
        places = [self._places.get(_key(self.name, text), -1) for text in texts]
        missing = [i for i, place in enumerate(places) if place < 0]
        if len(missing) == len(texts) or self._values is None or self._scales is None:
            return self._encoder.encode(texts)
        vectors = self._values[places].astype(np.float32) * self._scales[places].astype(np.float32)[:, None]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        if missing:
            vectors[missing] = self._encoder.encode([texts[i] for i in missing])
        return np.asarray(vectors, np.float32)


def _read(path: Path) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float16], npt.NDArray[np.int8]]:
    with np.load(path, allow_pickle=False) as table:
        return table["keys"], table["scales"], table["values"]


def _key(encoder: str, text: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{encoder}\n{text}".encode(), digest_size=8).digest(), "little")


def write_vectors(encoder: NamedEncoder, texts: Sequence[str], path: Path = SHIPPED) -> int:
    """Encode texts and write the table, unless it holds just these. Gives how many there are."""
    unique = sorted(set(texts))
    if path.is_file() and {int(key) for key in _read(path)[0]} == {_key(encoder.name, text) for text in unique}:
        return len(unique)
    vectors = encoder.encode(unique)
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float16)
    values = np.clip(np.round(vectors / scales.astype(np.float32)[:, None]), -127, 127).astype(np.int8)
    keys = np.array([_key(encoder.name, text) for text in unique], np.uint64)
    np.savez_compressed(path, keys=keys, scales=scales, values=values)
    return len(unique)


def library_texts() -> list[str]:
    """What the built-in library has encoded: its English passages, and the beliefs of *You may have heard*."""
    from knowledge.articles import library_paths, read_article
    from knowledge.chunking import chunk_article

    articles = [article for article in map(read_article, library_paths()) if article.language == "en"]
    passages = [passage.indexed for article in articles for passage in chunk_article(article).passages]
    return passages + [belief.belief for article in articles for belief in article.heard]


def heading_texts() -> list[str]:
    """The headings of the built-in library's English sections; its beliefs are among `library_texts`."""
    from knowledge.articles import library_paths, read_article
    from knowledge.chunking import chunk_article
    from knowledge.passages import asks_of, heading

    articles = [article for article in map(read_article, library_paths()) if article.language == "en"]
    sections = (passage for article in articles for passage in chunk_article(article).passages if passage.kind == "section")
    return [ask for passage in sections for ask in asks_of(heading(passage))]


def asked_texts() -> list[str]:
    """How people ask for the built-in library's articles and sections; the Spanish ones are met by words alone."""
    from knowledge.asks import read_asks, read_section_asks

    return [ask for group in (read_asks(), read_section_asks()) for asks in group.values() for ask in asks]


def heard_texts() -> list[str]:
    """How people say the false beliefs of the built-in library, and what they say soundly about the same things."""
    from knowledge.heard import SOUND, read_heard

    return [statement for heard in (read_heard(), read_heard(SOUND)) for statements in heard.values() for statement in statements]
