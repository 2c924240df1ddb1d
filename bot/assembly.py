"""The one place where parts are built and joined. What policies need from knowledge is handed in here.

settings ─► encoder, store (library ingested) ─► lexicon, myths ─► screen, output guard ─► Assistant
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import EXTRACTIVE, Settings

if TYPE_CHECKING:
    from bot.sources import Sources
    from bot.turn import Assistant
    from knowledge.asks import Asked
    from knowledge.ingest import IngestReport
    from knowledge.search import Searcher
    from knowledge.store import Store
    from policies.guard import OutputGuard
    from policies.screen import Screen
    from policies.second_opinion import SecondOpinion
    from policies.verdict import Encoder, Lexicon, Myth, Vectors

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Knowledge:
    """The knowledge side, ready to search."""

    encoder: Encoder
    store: Store
    searcher: Searcher
    asked: Asked


def _silence() -> None:
    """No library of ours phones home, whatever the environment says."""
    import os

    for name, value in {
        "ANONYMIZED_TELEMETRY": "False", "OTEL_SDK_DISABLED": "true", "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1", "GUARDRAILS_RUN_SYNC": "true", "LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false",
    }.items():  # fmt: skip
        os.environ[name] = value


def prepare(settings: Settings, progress: Progress | None = None) -> Knowledge:
    """Encoder, store and searcher; the built-in library is ingested when it is new or changed. Idempotent."""
    _silence()
    from knowledge import catalogs
    from knowledge.asks import load_asked
    from knowledge.encoder import CachingEncoder, load_encoder
    from knowledge.errors import LibraryBroken
    from knowledge.ingest import library_in_place
    from knowledge.overlay import library_articles
    from knowledge.search import LIBRARY, Searcher
    from knowledge.shipped import ShippedEncoder
    from knowledge.store import Store

    if progress:
        progress("encoder", 0, 1)
    encoder = CachingEncoder(ShippedEncoder(load_encoder(settings.data / "encoder")))
    _one_thread_for_small_work()
    store = Store(settings.data / "store", chroma_url=settings.chroma_url)
    settings.branding  # noqa: B018 - a wrong branding.yaml is said now, not when the first page is shown
    catalogs.use_overlay(settings.overlay)
    articles = library_articles(settings.overlay)
    mark = library_in_place(articles)
    if store.state("library_mark") != mark:
        from bot.library import check_overlay
        from knowledge.ingest import ingest
        from knowledge.store import set_state

        check_overlay(settings, articles)
        report = ingest(store, encoder, articles, LIBRARY, progress, complete=True)
        if report.problems:
            raise LibraryBroken(report.problems[0], len(report.problems))
        with store.writing() as connection:
            set_state(connection, "library_mark", mark)
    asked = load_asked(encoder)
    return Knowledge(encoder, store, Searcher(store, encoder, catalogs, asked), asked)


def library_version(settings: Settings) -> str:
    """The version of the library that answers come from now."""
    from knowledge.search import DOCUMENTS, LIBRARY
    from knowledge.versions import present_version

    return present_version(prepare(settings).store, (LIBRARY, DOCUMENTS))


class _WhenNeeded:
    """The encoder of a prepared data folder, made when the first text comes: a run that finds nothing to do stays quick."""

    def __init__(self, settings: Settings, progress: Progress | None) -> None:
        self._settings, self._progress = settings, progress
        self._ready: Encoder | None = None
        self._lock = threading.Lock()

    def encode(self, texts: list[str]) -> Vectors:
        with self._lock:
            if self._ready is None:
                self._ready = prepare(self._settings, self._progress).encoder
        return self._ready.encode(texts)


def add_documents(settings: Settings, paths: list[Path], collection: str, progress: Progress | None = None) -> IngestReport:
    """Bring a collection in line with the operator's files."""
    _silence()
    from knowledge.ingest import ingest
    from knowledge.store import Store

    store = Store(settings.data / "store", chroma_url=settings.chroma_url)
    return ingest(store, _WhenNeeded(settings, progress), paths, collection, progress)


def lexicon() -> Lexicon:
    """Names for the policies, from the catalogues."""
    from knowledge import catalogs
    from policies.verdict import Lexicon

    return Lexicon(**catalogs.lexicon_words())


def names_in(text: str) -> list[str]:
    """Topic names that a text mentions: diseases, medicines, tests; everyday glossary words are not topics."""
    from knowledge import catalogs

    return [t.term for t in catalogs.resolve(text) if t.kind != "word"]


def myths(store: Store) -> list[Myth]:
    """Every *You may have heard* of the library, in the language that the encoder reads."""
    from knowledge.heard import SOUND, read_heard
    from knowledge.search import LIBRARY
    from knowledge.translations import Twins
    from policies.verdict import Myth

    said, sound = read_heard(), read_heard(SOUND)
    found = store.by_kind(LIBRARY, "heard")
    twins = Twins(store, LIBRARY)
    return [
        Myth(
            id=p.id,
            belief=belief,
            truth=p.text,
            article=p.doc_id,
            languages=frozenset({"en", "es"} if twins.of(p) else {"en"}),
            said=said.get((p.doc_id, belief), ()),
            sound=sound.get((p.doc_id, belief), ()),
        )
        for p, belief in ((p, p.section.split(" > ", 1)[1]) for p in found if p.language == "en")
    ]


def build_screen(settings: Settings, known: Knowledge) -> Screen:
    """The input engine with everything it needs; what is worked out from the policies' files is kept in the data folder."""
    from policies.kept import keep_in

    keep_in(settings.data / "policies")
    from bot.nearness import Nearness
    from knowledge.spanish import told_in_english
    from policies.build import build_screen as build

    return build(
        encoder=known.encoder,
        lexicon=lexicon(),
        myths=myths(known.store),
        cache_dir=settings.data / "policies",
        nearness=Nearness(known.store, known.asked.nearest),
        second_opinion=second_opinion(settings),
        english=told_in_english,
    )


def second_opinion(settings: Settings) -> SecondOpinion | None:
    """The optional judge behind the rules, when a setting names its model."""
    if not settings.judge_model:
        return None
    from bot.judge import build_judge
    from policies.second_opinion import SecondOpinion

    return SecondOpinion(build_judge(settings), settings.judge_timeout_seconds)


@dataclass(frozen=True)
class Parts:
    """What takes long to build and does not depend on the model, the site or the country."""

    known: Knowledge
    screen: Screen
    guard: OutputGuard


def build_parts(settings: Settings, progress: Progress | None = None) -> Parts:
    """Knowledge and policies. Raises NotReady when a policy fails its self-test: then nothing is served."""
    # Two cores, one start: guardrails-ai is imported while the encoder loads and the library is read.
    warm = threading.Thread(target=_warm, daemon=True)
    warm.start()
    known = prepare(settings, progress)
    warm.join()
    # While the policies load: Chroma takes half a second to open and to read its index.
    threading.Thread(target=_open_index, args=(known.store,), daemon=True).start()
    if progress:
        progress("policies", 0, 1)
    from bot.errors import NotReady
    from policies.output_guard import build_output_guard

    try:
        screen = build_screen(settings, known)
        guard = build_output_guard(lexicon(), known.encoder)
        _keep()
        _prove(settings, screen)
    except Exception as error:
        raise NotReady(f"a policy failed its start-up self-test, so nothing is served: {error}") from error
    return Parts(known, screen, guard)


def _one_thread_for_small_work() -> None:
    """Keep linear algebra on the thread that asks for it: a second one costs more than a turn's small products (6.5 ms for 0.4)."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    threadpool_limits(1, user_api="blas")


def _keep() -> None:
    """Keep what the policies have worked out, whole, so that the next start only reads it."""
    from policies import kept, lexicons, literals

    if kept.is_new():
        for name in lexicons.names():
            lexicons.load(name)
        literals.read_needs()
        kept.save()


def _prove(settings: Settings, screen: Screen) -> None:
    """Run the screen's self-test, once for these files: a second start over the very same ones need not prove them again."""
    import hashlib

    import policies
    from policies.kept import seal

    folder = Path(policies.__file__).parent
    files = sorted((str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
    # What was kept is part of what is proven.
    mark = hashlib.sha256(f"{files} {seal()}".encode()).hexdigest()
    proven = settings.data / "policies" / "proven"
    if proven.is_file() and proven.read_text() == mark:
        return
    screen.self_test()
    proven.parent.mkdir(parents=True, exist_ok=True)
    proven.write_text(mark)


def join(settings: Settings, parts: Parts, *, collections: tuple[str, ...] | None = None, count_gaps: bool = False) -> Assistant:
    """An Assistant over built parts, for these settings' model, site and country. count_gaps: people ask it, so what it cannot answer is counted."""
    from bot.answers import AnswerDesk
    from bot.chain import AnswerChain
    from bot.compose import Composer
    from bot.extractive import ExtractiveChatModel
    from bot.extras import ExtrasBuilder, Shelf
    from bot.gaps import GapCounter
    from bot.library import reviews
    from bot.models import build_model
    from bot.retrieval import Retriever
    from bot.turn import Assistant
    from knowledge.gaps import Gaps
    from knowledge.search import DOCUMENTS, LIBRARY
    from knowledge.versions import present_version
    from policies.disclosure import check_answer
    from policies.release import Gate
    from policies.wording import wording

    fallback = AnswerChain(ExtractiveChatModel(), EXTRACTIVE)
    chain = fallback if settings.chat_model == EXTRACTIVE else AnswerChain(build_model(settings), settings.chat_model)

    def gate(question: str, sources: Sources) -> Gate:
        return Gate(parts.guard, question=question, passages=sources.passages(), system_prompt=chain.system_prompt)

    store = parts.known.store
    shelf = Shelf(lambda doc_id: store.documents(LIBRARY).get(doc_id, (None, ""))[0])
    on_gap = GapCounter(Gaps(settings.data), store, parts.known.encoder) if count_gaps else lambda _: None
    version = partial(present_version, store, collections or (LIBRARY, DOCUMENTS))
    desk = AnswerDesk(settings, ExtrasBuilder(shelf, settings.country), wording, check_answer, version, on_gap)
    record = reviews(settings)

    def reviewer_of(doc_id: str) -> str | None:
        if not record.of(doc_id):
            return None
        path = store.documents(LIBRARY).get(doc_id, ("", ""))[0]
        found = record.holding(doc_id, Path(path), medical=True) if path else None
        return found.named if found else None

    retriever = Retriever(store, parts.known.searcher, names_in, collections, reviewer_of)
    return Assistant(settings, parts.screen, retriever, Composer(chain, fallback, gate), desk)


def assemble(
    settings: Settings, progress: Progress | None = None, *, collections: tuple[str, ...] | None = None, count_gaps: bool = False
) -> Assistant:  # fmt: skip
    """The whole product for one process. Raises NotReady."""
    assistant = join(settings, build_parts(settings, progress), collections=collections, count_gaps=count_gaps)
    if progress:
        progress("ready", 1, 1)
    return assistant


def _open_index(store: Store) -> None:
    import contextlib

    import numpy as np

    from knowledge.search import LIBRARY

    # A store that cannot be opened is told where it is searched.
    with contextlib.suppress(Exception):
        store.nearest(np.full(384, 384**-0.5, np.float32), LIBRARY, 1)


def _warm() -> None:
    """Import what is slow while the encoder loads: two cores, one start."""
    import policies.guard

    policies.guard.load()
