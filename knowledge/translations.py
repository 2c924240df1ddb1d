"""Articles in two languages: what a translation owes its original, and which passages of the one say what a passage of the other says.

A translation has the sections of its original in the same order, so that the place of a passage tells its twin: the encoder reads
English only, a Spanish question is met in English, and the answer is made of the twins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Protocol

from knowledge.articles import LIBRARY, Article, Sentence, read_article
from knowledge.errors import ArticleError
from knowledge.passages import Passage

# A day or month of a standard ("as of 2026-11") is written out in a translation: its year is what must stand there.
_DATED = re.compile(r"\b((?:19|20)\d\d)-\d\d(?:-\d\d)?\b")
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,.]*(?<![.,])")

Group = tuple[str, int, tuple[Sentence, ...]]


def original_path(article: Article) -> Path | None:
    """The file that a translation translates: beside its folder, else in the built-in library; None where neither has it."""
    if not article.front.translation_of:
        return None
    name = f"{article.front.translation_of}.md"
    return next((path for path in (article.path.parent.parent / name, *LIBRARY.rglob(name)) if path.is_file() and path.parent.name != "es"), None)


def is_stale(article: Article) -> bool:
    """Whether the original was held against its sources later than the translation against it."""
    path = original_path(article)
    return path is not None and read_article(path).front.reviewed > article.front.reviewed


def differences(article: Article) -> Iterator[tuple[int, str, str]]:
    """(line, rule, message) of what a translation lacks or tells otherwise than its original."""
    front = article.front
    if front.translation_of != front.id:
        yield 2, "translation", f"translation_of {front.translation_of!r} must be the original's id, which is the file's name {front.id!r}"
        return
    path = original_path(article)
    if path is None:
        yield 2, "translation", f"there is no article {front.translation_of!r} to translate"
        return
    try:
        original = read_article(path)
    except ArticleError as error:
        yield 2, "translation", f"the original cannot be read: {error}"
        return
    if front.translated is None:
        yield 2, "translation", "must say `translated: machine`, or `translated: person` once a person has checked it"
    if original.front.reviewed > front.reviewed:
        yield 2, "stale", f"the original was reviewed on {original.front.reviewed}, after this translation was held against it on {front.reviewed}"
    for name in ("kind", "cancers", "guidelines", "sources"):
        if getattr(front, name) != getattr(original.front, name):
            yield 2, "translation", f"{name} must be the original's"
    yield from _told(article, original)


def _told(article: Article, original: Article) -> Iterator[tuple[int, str, str]]:
    ours, theirs = _groups(article), _groups(original)
    if [kind for kind, _, _ in ours] != [kind for kind, _, _ in theirs]:
        yield (
            article.body_line, "translation",
            f"must have the sections of its original in the same order, with the same statuses and kinds of beliefs: {_first_difference(ours, theirs)}",
        )  # fmt: skip
        return
    if len(article.questions) != len(original.questions):
        yield article.body_line, "translation", f"{len(article.questions)} questions to ask, {len(original.questions)} in the original"
    for (kind, line, sentences), (_, _, others) in zip(ours, theirs, strict=True):
        for name, of in (("source keys", _keys), ("numbers", _numbers)):
            own, wanted = of(sentences), of(others)
            if own != wanted:
                lacks, adds = ", ".join(sorted((wanted - own).elements())), ", ".join(sorted((own - wanted).elements()))
                yield line, "translation", f"{kind}: {name} differ from the original's: lacks {lacks or 'none'}, adds {adds or 'none'}"


def _first_difference(ours: Sequence[Group], theirs: Sequence[Group]) -> str:
    for own, other in zip(ours, theirs, strict=False):
        if own[0] != other[0]:
            return f"line {own[1]} is {own[0]}, the original has {other[0]} there"
    return f"{len(ours)} parts, {len(theirs)} in the original"


def _groups(article: Article) -> list[Group]:
    """The parts of an article in order: (what it is, line, sentences)."""
    found: list[Group] = [(f"section of level {len(s.path)}", s.line, s.sentences) for s in article.sections]
    found += [(f"bottom line, {status}", s.line, (s,)) for status, s in article.bottom_line]
    found += [("when to call", article.when_to_call[0].line if article.when_to_call else article.body_line, article.when_to_call)]
    return found + [(f"belief, {b.kind}", b.truth[0].line if b.truth else article.body_line, b.truth) for b in article.heard]


def _keys(sentences: Sequence[Sentence]) -> Counter[str]:
    """Which sources a part rests on, each once."""
    return Counter({key for s in sentences for key in s.keys})


def _numbers(sentences: Sequence[Sentence]) -> Counter[str]:
    return Counter(n for s in sentences for n in _NUMBER.findall(_DATED.sub(r"\1", s.text).replace("mid-", "mid ")))


class Rows(Protocol):
    """A row of the store, for its passage."""

    @property
    def passage(self) -> Passage: ...


class Shelf(Protocol):
    """What is asked of the store."""

    @property
    def generation(self) -> int: ...

    def by_document(self, collection: str, doc_id: str) -> Sequence[Rows]: ...


class Twins:
    """The Spanish passages that say what an English passage of the library says. Safe across threads."""

    def __init__(self, store: Shelf, collection: str) -> None:
        self._store, self._collection = store, collection
        self._known: dict[tuple[int, str], dict[str, tuple[Passage, ...]]] = {}

    def of(self, passage: Passage) -> tuple[Passage, ...]:
        """The twins of a passage, in order; a passage in Spanish is its own; empty where there is none."""
        if passage.language == "es":
            return (passage,)
        if passage.collection != self._collection:
            return ()
        return self._of_document(passage.doc_id).get(passage.id, ())

    def document(self, doc_id: str) -> str | None:
        """The id of an article's translation, where there is one whose parts match."""
        return f"es/{doc_id}" if self._of_document(doc_id) else None

    def _of_document(self, doc_id: str) -> dict[str, tuple[Passage, ...]]:
        key = (self._store.generation, doc_id)
        if key not in self._known:
            if len(self._known) > 1_000:
                self._known.clear()
            spanish = [row.passage for row in self._store.by_document(self._collection, f"es/{doc_id}")]
            self._known[key] = paired([row.passage for row in self._store.by_document(self._collection, doc_id)], spanish) if spanish else {}
        return self._known[key]


def paired(originals: Sequence[Passage], translated: Sequence[Passage]) -> dict[str, tuple[Passage, ...]]:
    """The passages of a translation by the id of the one they stand for; empty where the parts do not match.

    A long section may be cut into more passages in one language than in the other: its parts go together.
    """
    ours, theirs = _parts(originals), _parts(translated)
    if [part[0].kind for part in ours] != [part[0].kind for part in theirs]:
        return {}
    found: dict[str, tuple[Passage, ...]] = {}
    for own, other in zip(ours, theirs, strict=True):
        if len(own) == len(other):
            found |= {a.id: (b,) for a, b in zip(own, other, strict=True)}
        else:
            found |= {a.id: tuple(other) for a in own}
    return found


def _parts(passages: Sequence[Passage]) -> list[list[Passage]]:
    return [list(group) for _, group in groupby(passages, key=lambda p: (p.kind, p.section))]
