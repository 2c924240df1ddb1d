"""Measurements of the product at work: streams through the gate, documents taken in, many people at once, the same without guards."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bot.settings import Settings
from evals.bench._measure import Times
from evals.bench._server import Server
from evals.completions.forbidden import FOLDER
from policies.guard import OutputGuard
from policies.release import Gate
from policies.sentences import units

USERS = (1, 8, 64)
# Requests at each number of users.
REQUESTS = 128
# A scripted model's stream: characters in a piece, seconds between pieces (about 60 tokens a second).
PIECE, PAUSE = 4, 0.016
STREAMS = 25
DOCUMENTS = 40
SEED = 20261125


def first_sentences(guard: OutputGuard) -> list[Times]:
    """Milliseconds until a scripted model's first sentence is there raw, and until the gate has let it out, over the same streams."""
    rows = [json.loads(line) for line in (FOLDER / "sound.jsonl").read_text(encoding="utf-8").splitlines()]
    raw, gated = [], []
    for row in random.Random(SEED).sample(rows, STREAMS):
        gate = Gate(guard, question=row["question"], passages={int(n): text for n, text in row["passages"].items()})
        first, seen, text = len(units(row["text"])[0].rstrip()), 0, row["text"] + "\n\n"
        started = time.perf_counter()
        there: float | None = None
        for i in range(0, len(text), PIECE):
            time.sleep(PAUSE)
            seen += PIECE
            if there is None and seen >= first:
                there = (time.perf_counter() - started) * 1000
            if gate.feed(text[i : i + PIECE]) and there is not None:
                raw.append(there)
                gated.append((time.perf_counter() - started) * 1000)
                break
    added = tuple(g - r for r, g in zip(raw, gated, strict=True))
    return [
        Times("scripted model: first sentence of the raw stream", tuple(raw)), Times("scripted model: first validated sentence", tuple(gated)),
        Times("… added by the gate (it waits for what could still belong to the sentence)", added),
    ]  # fmt: skip


def taken_in(settings: Settings) -> tuple[int, float]:
    """(passages, passages a second) of an operator's documents: read, cut, encoded, stored."""
    from bot.assembly import add_documents
    from knowledge.articles import LIBRARY

    with tempfile.TemporaryDirectory(prefix="oncolantern-bench-") as folder:
        for n, path in enumerate(sorted(LIBRARY.glob("*.md"))[:DOCUMENTS]):
            body = path.read_text(encoding="utf-8").split("---", 2)[-1]
            # Words of their own: the library's vectors come with the project and would cost nothing.
            (Path(folder) / f"document-{n}.md").write_text(f"# Leaflet {n}\n" + body.replace(". ", f". (Leaflet {n}) "), encoding="utf-8")
        started = time.perf_counter()
        report = add_documents(settings, [Path(folder)], "bench")
        seconds = time.perf_counter() - started
    return report.passages, report.passages / seconds


def many(server: Server, questions: Sequence[str]) -> Iterator[tuple[int, Times, float]]:
    """(users, milliseconds of each turn, turns a second) with 1, 8 and 64 people asking at once, each behind a connection of their own."""
    for users in USERS:
        asked = [questions[i % len(questions)] for i in range(REQUESTS)]
        lanes = [asked[i::users] for i in range(users)]

        def lane(own: list[str]) -> list[float]:
            person, took = server.another(), []
            for question in own:
                started = time.perf_counter()
                person.ask(question)
                took.append((time.perf_counter() - started) * 1000)
            person.connection.close()
            return took

        started = time.perf_counter()
        with ThreadPoolExecutor(users) as pool:
            times = [ms for took in pool.map(lane, lanes) for ms in took]
        yield (
            users,
            Times(f"turn with {users} {'person' if users == 1 else 'people'} asking at once", tuple(times)),
            len(times) / (time.perf_counter() - started),
        )


def plain_chain(known: Any) -> Callable[[str], object]:
    """The peer of a turn: LangChain over the same Chroma passages and the same embedded model, with no screen, no hybrid search, no gate."""
    from langchain_core.prompts import ChatPromptTemplate

    from bot.extractive import ExtractiveChatModel

    chain = ChatPromptTemplate.from_messages([("system", "Answer from the sources."), ("human", "{question}\n{sources}")]) | ExtractiveChatModel()
    search = plain_search(known)

    def turn(question: str) -> object:
        found = "\n".join(f'<source n="{n}" section="{p.passage.section[:40]}">\n{p.passage.text}\n</source>' for n, (p, _) in enumerate(search(question), 1))
        return chain.invoke({"question": question, "sources": f'<part heading="Answer">\n{found}\n</part>'})

    return turn


def plain_search(known: Any) -> Callable[[str], list[Any]]:
    """The peer of search: one encoder call and one Chroma query."""
    from knowledge.search import LIBRARY

    return lambda question: list(known.store.nearest(known.encoder.encode([question])[0], LIBRARY, 8))


def ratio(one: Times, other: Times) -> str:
    """How many times as long the one takes at the median."""
    return f"{one.median / other.median:.1f} ×" if other.ms and other.median else "–"
