"""The encoder: published weights, unit vectors, the same whatever stands beside a text."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from knowledge import encoder as module
from knowledge.encoder import CachingEncoder, OnnxEncoder, load_encoder
from knowledge.errors import KnowledgeError


def test_vectors_are_unit_length_and_close_in_meaning(encoder: OnnxEncoder) -> None:
    about = encoder.encode(["What is immunotherapy?", "How does immunotherapy work", "Will it rain in Boston tomorrow?"])
    assert about.shape == (3, 384)
    assert np.allclose(np.linalg.norm(about, axis=1), 1, atol=1e-5)
    assert about[0] @ about[1] > 0.7
    assert about[0] @ about[2] < 0.2


def test_a_text_has_the_same_vector_alone_and_in_a_batch(encoder: OnnxEncoder) -> None:
    texts = ["Fever on chemo", "A much longer text about what radiation therapy does to the skin and how it heals again", "HER2"]
    together = encoder.encode(texts)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(encoder.encode([text])[0], vector, atol=1e-6)


def test_an_empty_list_gives_an_empty_array(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pkg" / "model"
    package.mkdir(parents=True)
    (package / "model.safetensors").write_bytes(b"not the published weights")
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path / "pkg")])
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda _: spec)
    with pytest.raises(KnowledgeError, match="not the published file"):
        load_encoder(tmp_path / "cache")
    assert not list((tmp_path).glob("cache/*.onnx"))


def test_single_texts_are_remembered_and_cannot_be_changed(encoder: OnnxEncoder) -> None:
    caching = CachingEncoder(encoder)
    first = caching.encode(["fatigue"])
    assert caching.encode(["fatigue"]) is first
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 0


def test_the_folder_can_be_removed_and_is_built_again(tmp_path: Path, encoder: OnnxEncoder, encoder_folder: Path) -> None:
    shutil.copytree(encoder_folder, tmp_path / "enc")
    load_encoder(tmp_path / "enc")
    shutil.rmtree(tmp_path / "enc")
    again = load_encoder(tmp_path / "enc")
    assert float(again.encode(["port"])[0] @ encoder.encode(["port"])[0]) > 0.999
