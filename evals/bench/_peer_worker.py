"""Runs in the peers' own environment (`make bench-peers`): routes rows and finds passages with other people's libraries and our encoder.

    .venv-peers/bin/python -m evals.bench._peer_worker JOB.json OUT.json

The job holds the encoder's files, the examples by label, the texts to route, passages and questions; the output what each peer said and
how long each text took. Nothing is downloaded: every peer is given the same ONNX encoder.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.update({"ANONYMIZED_TELEMETRY": "False", "OTEL_SDK_DISABLED": "true"})
Job = dict[str, Any]
Said = dict[str, Any]


def main() -> int:
    """Read the job, ask every peer, write what they said."""
    logging.disable(logging.WARNING)  # one of them says for every message that it has no model
    job_path, out_path = map(Path, sys.argv[1:3])
    job: Job = json.loads(job_path.read_text(encoding="utf-8"))
    from knowledge.encoder import load_encoder

    encoder = Once(load_encoder(Path(job["encoder"])))
    found = {}
    for name, peer in (("semantic-router", semantic_router), ("NeMo Guardrails", nemo_guardrails), ("LangChain + Chroma", langchain_chroma)):
        try:
            found[name] = peer(job, encoder)
        except Exception as error:  # one peer's trouble is no reason to lose the others' figures
            found[name] = {"failed": f"{type(error).__name__}: {error}"}
    out_path.write_text(json.dumps(found), encoding="utf-8")
    return 0


class Once:
    """The encoder, which encodes examples and passages once for all peers; a single text, a question, is always encoded anew."""

    def __init__(self, encoder: Any) -> None:
        self._encoder, self._known = encoder, {}  # type: ignore[var-annotated]

    def encode(self, texts: list[str]) -> Any:
        import numpy as np

        if len(texts) == 1:
            return self._encoder.encode(texts)
        fresh = list(dict.fromkeys(t for t in texts if t not in self._known))
        if fresh:
            self._known.update(zip(fresh, self._encoder.encode(fresh), strict=True))
        return np.stack([self._known[t] for t in texts])


def _each(texts: list[str], call: Callable[[str], Any]) -> Said:
    answers, times = [], []
    for text in texts:
        started = time.perf_counter()
        answers.append(call(text))
        times.append((time.perf_counter() - started) * 1000)
    return {"said": answers, "ms": times}


def semantic_router(job: Job, encoder: Any) -> Said:
    """One route for each label, each route's own examples, thresholds fitted by its own `fit` on one example in five."""
    from importlib.metadata import version

    from semantic_router import IndexedRouter, Route
    from semantic_router.encoders import DenseEncoder

    class Ours(DenseEncoder):
        name: str = "oncolantern"

        def __call__(self, docs: list[Any]) -> list[list[float]]:
            vectors: list[list[float]] = encoder.encode([str(d) for d in docs]).tolist()
            return vectors

        async def acall(self, docs: list[Any]) -> list[list[float]]:
            return self(docs)

    routes = [Route(name=label, utterances=[t for i, t in enumerate(texts) if i % 5]) for label, texts in job["examples"].items()]
    router = IndexedRouter(encoder=Ours(), routes=routes)
    held = [(t, label) for label, texts in job["examples"].items() for i, t in enumerate(texts) if not i % 5]
    router.fit([t for t, _ in held], [label for _, label in held])
    return {"version": version("semantic-router"), **_each(job["texts"], lambda text: router(text).name)}


def nemo_guardrails(job: Job, encoder: Any) -> Said:
    """A dialog rail with `embeddings_only`: a canonical form for each label with all its examples, and a fixed bot message for each."""
    from importlib.metadata import version

    from nemoguardrails import LLMRails, RailsConfig
    from nemoguardrails.embeddings.providers import register_embedding_provider
    from nemoguardrails.embeddings.providers.base import EmbeddingModel

    class Ours(EmbeddingModel):
        engine_name = "oncolantern"

        def __init__(self, embedding_model: str = "", **more: Any) -> None:
            self.model = embedding_model

        def encode(self, documents: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = encoder.encode(documents).tolist()
            return vectors

        async def encode_async(self, documents: list[str]) -> list[list[float]]:
            return self.encode(documents)

    register_embedding_provider(Ours, "oncolantern")
    colang = []
    for label, texts in job["examples"].items():
        form = label.replace("_", " ")
        said = "\n".join(f'  "{_plain(t)}"' for t in texts)
        colang.append(f'define user ask {form}\n{said}\n\ndefine bot route {form}\n  "{label}"\n\ndefine flow {form}\n  user ask {form}\n  bot route {form}\n')
    settings = (
        "models:\n  - type: embeddings\n    engine: oncolantern\n    model: minilm\nrails:\n  dialog:\n    user_messages:\n      embeddings_only: true\n"
        "      embeddings_only_fallback_intent: ask education\n"
    )
    rails = LLMRails(RailsConfig.from_content(colang_content="\n".join(colang), yaml_content=settings))
    loop = asyncio.new_event_loop()

    def ask(text: str) -> str:
        reply = loop.run_until_complete(rails.generate_async(messages=[{"role": "user", "content": text}]))
        return str(reply["content"]).strip()

    return {"version": version("nemoguardrails"), **_each(job["texts"], ask)}


def langchain_chroma(job: Job, encoder: Any) -> Said:
    """Passages with their titles in a Chroma collection by langchain-chroma; three nearest for each question."""
    from importlib.metadata import version

    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = encoder.encode(texts).tolist()
            return vectors

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    with tempfile.TemporaryDirectory() as folder:
        store = Chroma("peer", Ours(), persist_directory=folder, collection_metadata={"hnsw:space": "cosine"})
        passages = job["passages"]
        for start in range(0, len(passages), 2000):
            part = passages[start : start + 2000]
            store.add_texts([p["text"] for p in part], metadatas=[{"doc": p["doc"]} for p in part])
        found = _each(job["questions"], lambda q: [d.metadata["doc"] for d in store.similarity_search(q, k=3)])
    return {"version": version("langchain-chroma"), **found}


def _plain(text: str) -> str:
    """A text as a Colang string on one line: signs that mean something in Colang or Markdown become spaces."""
    return " ".join(re.sub(r"[^\w\s,.?!'%/+():;¿¡-]|--+", " ", text).split())


if __name__ == "__main__":
    sys.exit(main())
