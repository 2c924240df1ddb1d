"""Speed of ingest and search: passages a second, and milliseconds of a search at a few thousand and at many passages.

The large store is synthetic and says so: each of its passages is one of the measured corpora's with a fifth of its words exchanged for others
of the corpora and its vector turned by noise (cosine about .87 to its original), so that neighbours crowd as in a real store of that size.
Both ways to keep vectors are measured: Chroma embedded in this process, and a Chroma server (`chroma run`) on loopback over the same folder.
"""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.bench._measure import Times
from knowledge.encoder import OnnxEncoder
from knowledge.passages import Evidence, Passage
from knowledge.search import Names, Searcher
from knowledge.store import Row, Store, Vectors, insert_passages, set_state

SEED = 20261125
# Share of words exchanged, and length of the noise beside a vector of length 1.
EXCHANGED, NOISE = 0.2, 0.55
STEP = 2_000
QUESTIONS, WARM_UP = 200, 20
LARGE = "large"
K = 5
READY_SECONDS = 120.0


@dataclass(frozen=True)
class Timed:
    """A measurement by the clock, and the processor time it took in this process."""

    wall: Times
    cpu: Times

    def row(self) -> str:
        """A row of a Markdown table: name, median and p95 by the clock, median processor time, how often."""
        return f"| {self.wall.name} | {self.wall.median:.1f} | {self.wall.p95:.1f} | {self.cpu.median:.1f} | {len(self.wall.ms)} |"


def clocked(name: str, call: Callable[[str], object], questions: Sequence[str]) -> Timed:
    """How long a call takes for each question that was not asked to warm up."""
    for question in questions[:WARM_UP]:
        call(question)
    wall, cpu = [], []
    for question in questions[WARM_UP:]:
        busy, started = time.process_time(), time.perf_counter()
        call(question)
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
    return Timed(Times(name, tuple(wall)), Times(name, tuple(cpu)))


def plain_chroma(store: Store, encoder: OnnxEncoder, collection: str) -> Callable[[str], object]:
    """The peer: langchain-chroma's own similarity_search over the same collection with the same encoder; dense alone, no names, no words."""
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    class Plain(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = encoder.encode(texts).tolist()
            return found

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    ours = store.vectors(collection)
    peer = Chroma(ours._collection.name, client=ours._client, embedding_function=Plain())
    return lambda question: peer.similarity_search(question, k=K)


def measure(store: Store, encoder: OnnxEncoder, names: Names, collection: str, questions: Sequence[str], where: str) -> list[Timed]:
    """Search and its peer over one collection. The encoder remembers nothing here: each question is encoded anew."""
    size = f"{store.count(collection):,} passages, {where}"
    searcher = Searcher(store, encoder, names)
    return [
        clocked(f"search, {size}", lambda q: searcher.search(q, collections=[collection], k=K), questions),
        clocked(f"langchain-chroma similarity_search, {size}", plain_chroma(store, encoder, collection), questions),
    ]


def speeds(store: Store, encoder: OnnxEncoder, names: Names, sources: Sequence[str], questions: Sequence[str], size: int) -> list[Timed]:
    """Search over the first source and, unless `size` is 0, over a synthetic collection of that many passages; embedded and against a server."""
    places = [sources[0]]
    if size:
        print(f"large store: built in {grow(store, sources, LARGE, size):.0f} s")
        places.append(LARGE)
    asked = random.Random(SEED).sample(sorted(questions), min(len(questions), QUESTIONS + WARM_UP))
    found = [timed for place in places for timed in measure(store, encoder, names, place, asked, "embedded")]
    with chroma_server(store.folder / "chroma") as address:
        served = Store(store.folder, chroma_url=address)
        return found + [timed for place in places for timed in measure(served, encoder, names, place, asked, "Chroma server")]


def grow(store: Store, sources: Sequence[str], collection: str, size: int) -> float:
    """Fill a collection with `size` synthetic passages made from those of the source collections; what an earlier run made stays. Gives the seconds it took.

    Each step has a seed of its own and is committed whole: a run that is cut off anywhere goes on at the step it was at, to the same passages.
    """
    started = time.perf_counter()
    made = store.count(collection)
    if made >= size:
        return 0.0
    base = [row for source in sources for row in _rows(store, source)]
    vocabulary = [word for row in base for word in row.passage.text.split()]
    for start in range(made, size, STEP):
        chance, noise = random.Random(SEED + start), np.random.default_rng(SEED + start)
        rows = [base[(start + n) % len(base)] for n in range(min(STEP, size - start))]
        passages = [_other_words(row.passage, collection, start + n, chance, vocabulary) for n, row in enumerate(rows)]
        vectors = _turned(np.stack([row.vector for row in rows]), noise)
        ids = [f"{collection}/{passage.id}" for passage in passages]
        store.add_vectors(collection, ids, vectors, passages)
        with store.writing() as connection:
            insert_passages(connection, passages, ids, vectors)
        done = start + len(rows)
        left = (time.perf_counter() - started) / (done - made) * (size - done)
        print(f"\r{done:,} of {size:,} synthetic passages, about {left:.0f} s left ", end="", file=sys.stderr, flush=True)
    with store.writing() as connection:
        set_state(connection, "generation", str(store.generation + 1))
    print(file=sys.stderr)
    return time.perf_counter() - started


def _rows(store: Store, collection: str) -> list[Row]:
    return [row for doc_id in sorted(store.documents(collection)) for row in store.by_document(collection, doc_id)]


def _turned(vectors: Vectors, noise: np.random.Generator) -> Vectors:
    turned = vectors + noise.standard_normal(vectors.shape, np.float32) * np.float32(NOISE / np.sqrt(vectors.shape[1]))
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), np.float32)


def _other_words(passage: Passage, collection: str, number: int, chance: random.Random, vocabulary: Sequence[str]) -> Passage:
    evidence = tuple(
        Evidence(text=" ".join(chance.choice(vocabulary) if chance.random() < EXCHANGED else word for word in e.text.split()), source=e.source)
        for e in passage.evidence
    )
    doc_id = f"{passage.doc_id}-{number}"
    return passage.model_copy(update={"id": f"{doc_id}#0", "doc_id": doc_id, "collection": collection, "evidence": evidence})


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """A Chroma server on loopback over a folder of vectors; its address. Ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    process = subprocess.Popen(
        [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/api/v2/heartbeat", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("`chroma run` did not get ready")
