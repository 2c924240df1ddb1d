"""The vectors and weights that come with the project are those of the library and the examples as they stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge.encoder import OnnxEncoder
from knowledge.shipped import SHIPPED, ShippedEncoder, asked_texts, heading_texts, heard_texts, library_texts, write_vectors


class Refuses:
    """An encoder that must not be asked."""

    def __init__(self, name: str) -> None:
        self.name = name

    def encode(self, texts: list[str]) -> np.ndarray:
        raise AssertionError(f"not shipped, say make vectors: {texts[0][:60]}")


def test_every_text_of_the_library_is_shipped(encoder: OnnxEncoder) -> None:
    texts = library_texts() + asked_texts() + heard_texts() + heading_texts()
    assert ShippedEncoder(Refuses(encoder.name)).encode(texts).shape == (len(texts), 384)


def test_shipped_vectors_are_the_encoders_own(encoder: OnnxEncoder) -> None:
    texts = library_texts()[::60]
    shipped = ShippedEncoder(Refuses(encoder.name), SHIPPED).encode(texts)
    # Batches change int8 activations a little, and the table rounds once more.
    assert float(np.min(np.sum(shipped * encoder.encode(texts), axis=1))) > 0.97
    assert np.allclose(np.linalg.norm(shipped, axis=1), 1, atol=1e-5)


def test_a_text_that_is_not_shipped_is_encoded(encoder: OnnxEncoder, tmp_path: Path) -> None:
    write_vectors(encoder, ["fever", "fatigue"], tmp_path / "v.npz")
    both = ShippedEncoder(encoder, tmp_path / "v.npz").encode(["fever", "a port under the skin"])
    assert float(both[1] @ encoder.encode(["a port under the skin"])[0]) > 0.999
    assert float(both[0] @ encoder.encode(["fever"])[0]) > 0.99


def test_the_shipped_weights_were_trained_on_these_examples(encoder: OnnxEncoder) -> None:
    from policies.classifier import EXAMPLES, fingerprint, read_examples
    from policies.classifier import SHIPPED as WEIGHTS

    with np.load(WEIGHTS, allow_pickle=False) as data:
        assert str(data["mark"]) == fingerprint(read_examples(EXAMPLES), encoder), "say make vectors"
