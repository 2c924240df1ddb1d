"""Cuts documents into passages: by section, never through a sentence, never larger than a reader can take in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from knowledge.articles import Article, Sentence, split_sentences
from knowledge.errors import DocumentError
from knowledge.instructions import Foreign, asks_for_work, marked, speaks_to_a_model
from knowledge.passages import Document, Evidence, Passage, PassageKind, SourceRef
from knowledge.reading import Piece, Reading

# Words in a passage. The encoder reads 256 word pieces, about 180 words.
MAX_WORDS = 180
# A section of ours stays whole up to here: its heading and first words tell the encoder enough, and an answer needs it whole.
MAX_ARTICLE_WORDS = 300
# A question's answer stays whole up to here.
MAX_PAIR_WORDS = 600
LIBRARY = "library"
# What closes an article, as its passages are called.
CLOSING_NAMES = {"en": ("Bottom line", "You may have heard", "When to call"), "es": ("En resumen", "Quizás ha oído", "Cuándo llamar")}
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*[-*•]\s)")


def chunk_article(article: Article, collection: str = LIBRARY, doc_id: str | None = None) -> Document:
    """An article as passages: its sections, its bottom line, each myth, when to call. Questions are not evidence."""
    passages: list[Passage] = []
    doc_id = doc_id or article.id
    bottom, heard, call = CLOSING_NAMES[article.language]

    def add(section: str, kind: PassageKind, evidence: Iterable[Evidence]) -> None:
        pieces = tuple(evidence)
        if pieces:
            passages.append(
                Passage(
                    id=f"{doc_id}#{len(passages)}", collection=collection, doc_id=doc_id, title=article.title, section=section, kind=kind,
                    evidence=pieces, aliases=tuple(article.front.aliases), cancers=tuple(article.front.cancers), language=article.language,
                )
            )  # fmt: skip

    for section in article.sections:
        for sentences in _limit(section.sentences):
            add(" > ".join(section.path), "section", _evidence(article, sentences))
    add(
        bottom,
        "bottom_line",
        [e.model_copy(update={"status": s}) for s, x in article.bottom_line for e in _evidence(article, [replace(x, bullet=False)])],
    )
    for belief in article.heard:
        add(f"{heard} > {belief.belief}", "heard", _evidence(article, belief.truth))
    add(call, "call", _evidence(article, article.when_to_call))
    return Document(doc_id=doc_id, title=article.title, passages=tuple(passages))


def _limit(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    parts: list[list[Sentence]] = [[]]
    words = 0
    for sentence in sentences:
        count = len(sentence.text.split())
        if parts[-1] and words + count > MAX_ARTICLE_WORDS:
            parts.append([])
            words = 0
        parts[-1].append(sentence)
        words += count
    return parts


def _evidence(article: Article, sentences: Sequence[Sentence]) -> Iterable[Evidence]:
    """Join neighbours that rest on the same first source; a sentence to the reader goes with what stands before it."""
    key = ""
    keyed = []
    for sentence in sentences:
        key = sentence.keys[0] if sentence.keys else key or next((s.keys[0] for s in sentences if s.keys), "")
        keyed.append((key, sentence))
    for key, group in groupby(keyed, key=lambda pair: pair[0]):
        text = "\n".join(f"- {s.text}" if s.bullet else s.text for _, s in group)
        yield Evidence(text=text, source=source_of(article, key))


def source_of(article: Article, key: str) -> SourceRef:
    """The source behind a key; an article's own page where a closing sentence carries none."""
    source = article.front.sources.get(key)
    reviewed = article.front.reviewed.isoformat()
    if source is None:
        return SourceRef(title=article.title, organization="Oncolantern library", year=article.front.reviewed.year, url=None, reviewed=reviewed)
    return SourceRef(title=source.title, organization=source.organization, year=source.year, url=str(source.url), reviewed=reviewed)


def chunk_reading(
    doc_id: str, reading: Reading, source: SourceRef, collection: str, *, language: str = "en", foreign: Foreign | None = None,
) -> Document:  # fmt: skip
    """Any other document. Long sections are cut at sentence ends, lists stay lists; what speaks to a model is set apart.

    Raises DocumentError when nothing else is left.
    """
    passages: list[Passage] = []
    waiting: list[str] = []  # marked sentences with no passage yet to lie beside
    if speaks_to_a_model(source.title):
        waiting.append(source.title)
        source = source.model_copy(update={"title": doc_id.rsplit("/", 1)[-1].replace("-", " ").replace("_", " ")})
    if speaks_to_a_model(source.organization):
        waiting.append(source.organization)
        source = source.model_copy(update={"organization": "Added by this site"})
    for piece in _merged(reading.pieces):
        section = " > ".join(heading for heading in piece.path if not speaks_to_a_model(heading))
        waiting += [heading for heading in piece.path if speaks_to_a_model(heading) and heading not in waiting]
        clean, marks = _set_apart(piece, source.title, foreign)
        waiting += marks
        own = source.model_copy(update={"place": piece.place, "url": piece.url or source.url})
        for text in _pieces(clean, MAX_PAIR_WORDS if piece.whole else MAX_WORDS):
            passages.append(
                Passage(
                    id=f"{doc_id}#{len(passages)}", collection=collection, doc_id=doc_id, title=source.title, section=section, kind="document",
                    evidence=(Evidence(text=text, source=own),), language=language, marked=tuple(waiting),
                )
            )  # fmt: skip
            waiting = []
    if not passages:
        raise DocumentError(f"{doc_id}: holds nothing but text that speaks to a model; left out")
    if waiting:
        passages[-1] = passages[-1].model_copy(update={"marked": (*passages[-1].marked, *waiting)})
    return Document(doc_id=doc_id, title=source.title, passages=tuple(passages))


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours under the same headings, from the same place, as one."""
    for _, group in groupby(enumerate(pieces), key=lambda pair: (pair[1].path, pair[1].place, pair[1].url, pair[0] if pair[1].whole else -1)):
        same = [piece for _, piece in group]
        yield same[0] if len(same) == 1 else replace(same[0], text="\n\n".join(piece.text for piece in same))


def _set_apart(piece: Piece, title: str, foreign: Foreign | None) -> tuple[list[list[str]], list[str]]:
    """(paragraphs and list items as sentences, without what speaks to a model; the sentences that do)."""
    blocks = [[s.text for s in split_sentences(block.strip())] for block in _BLOCK.split(piece.text)]
    others = [sentence for block in blocks for sentence in block]
    judge = None
    # A pair's question set the subject already; only other text can hold a task that does not belong.
    if foreign is not None and not piece.whole:
        about = [title, *piece.path]
        judge = lambda asked: foreign(asked, [*about, *(s for s in others if not asks_for_work(s))])  # noqa: E731
    clean: list[list[str]] = []
    marks: list[str] = []
    for block in blocks:
        hits = marked(block, judge)
        marks += [sentence for sentence, hit in zip(block, hits, strict=True) if hit]
        clean.append([sentence for sentence, hit in zip(block, hits, strict=True) if not hit])
    return clean, marks


def _pieces(blocks: Iterable[Sequence[str]], most: int) -> list[str]:
    pieces: list[str] = []
    current: list[str] = []
    words = 0
    for block in blocks:
        for sentence in block:
            for part in _parts(sentence, most):
                count = len(part.split())
                if current and words + count > most:
                    pieces.append("\n".join(current))
                    current, words = [], 0
                current.append(part)
                words += count
    return [*pieces, "\n".join(current)] if current else pieces


def _parts(sentence: str, most: int) -> list[str]:
    """A sentence; a run of words without an end (a table, a log) is cut so that a passage stays one."""
    words = sentence.split(" ")
    return [sentence] if len(words) <= most else [" ".join(words[i : i + most]) for i in range(0, len(words), most)]
