"""Vectors that come with the library, so that a first start reads them instead of computing them for a minute.

`vectors.npz` holds, for each text of the built-in library, a hash of encoder and text, and the vector as int8 with a scale (cosine error
below 0.005, as large as the quantised encoder's own). A text that is not in it, or was changed, is encoded. `make vectors` writes it anew;
a test compares it with the encoder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.encoder import NamedEncoder, Vectors

SHIPPED = Path(__file__).parent / "vectors.npz"


class ShippedEncoder:
    """Encodes like the encoder it stands before, and looks up what came with the library. Safe across threads."""

    def __init__(self, encoder: NamedEncoder, path: Path = SHIPPED) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._places: dict[int, int] = {}
        self._scales: npt.NDArray[np.float16] | None = None
        self._values: npt.NDArray[np.int8] | None = None
        if path.is_file():
            with np.load(path, allow_pickle=False) as table:
                self._places = {int(key): place for place, key in enumerate(table["keys"])}
                self._scales, self._values = table["scales"], table["values"]

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


def _key(encoder: str, text: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{encoder}\n{text}".encode(), digest_size=8).digest(), "little")


def write_vectors(encoder: NamedEncoder, texts: Sequence[str], path: Path = SHIPPED) -> int:
    """Encode texts and write the table. Gives how many there are."""
    unique = sorted(set(texts))
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
