"""Cuts documents into passages: by section, never through a sentence, never larger than a reader can take in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from knowledge.articles import Article, Sentence, split_sentences
from knowledge.passages import Document, Evidence, Passage, PassageKind, SourceRef

# Words in a passage. The encoder reads 256 word pieces, about 180 words.
MAX_WORDS = 180
# A section of ours stays whole up to here: its heading and first words tell the encoder enough, and an answer needs it whole.
MAX_ARTICLE_WORDS = 300
LIBRARY = "library"


def chunk_article(article: Article, collection: str = LIBRARY) -> Document:
    """An article as passages: its sections, its bottom line, each myth, when to call. Questions are not evidence."""
    passages: list[Passage] = []

    def add(section: str, kind: PassageKind, evidence: Iterable[Evidence]) -> None:
        pieces = tuple(evidence)
        if pieces:
            passages.append(
                Passage(
                    id=f"{article.id}#{len(passages)}", collection=collection, doc_id=article.id, title=article.title, section=section, kind=kind,
                    evidence=pieces, aliases=tuple(article.front.aliases), cancers=tuple(article.front.cancers), language=article.language,
                )
            )  # fmt: skip

    for section in article.sections:
        for sentences in _limit(section.sentences):
            add(" > ".join(section.path), "section", _evidence(article, sentences))
    add(
        "Bottom line",
        "bottom_line",
        [e.model_copy(update={"status": s}) for s, x in article.bottom_line for e in _evidence(article, [replace(x, bullet=False)])],
    )
    for belief in article.heard:
        add(f"You may have heard > {belief.belief}", "heard", _evidence(article, belief.truth))
    add("When to call", "call", _evidence(article, article.when_to_call))
    return Document(doc_id=article.id, title=article.title, passages=tuple(passages))


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


def chunk_sections(
    doc_id: str, title: str, sections: Iterable[tuple[Sequence[str], str]], source: SourceRef, collection: str, *, language: str = "en",
) -> Document:  # fmt: skip
    """Any other document: (heading path, text) pairs in order. Long sections are cut at sentence ends, lists stay lists."""
    passages: list[Passage] = []
    for path, text in sections:
        for piece in _pieces(text):
            passages.append(
                Passage(
                    id=f"{doc_id}#{len(passages)}", collection=collection, doc_id=doc_id, title=title, section=" > ".join(path), kind="document",
                    evidence=(Evidence(text=piece, source=source),), language=language,
                )
            )  # fmt: skip
    return Document(doc_id=doc_id, title=title, passages=tuple(passages))


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    current: list[str] = []
    words = 0
    for block in re.split(r"\n\s*\n|\n(?=\s*[-*•]\s)", text):
        for sentence in split_sentences(block.strip()):
            count = len(sentence.text.split())
            if current and words + count > MAX_WORDS:
                pieces.append("\n".join(current))
                current, words = [], 0
            current.append(sentence.text)
            words += count
    return [*pieces, "\n".join(current)] if current else pieces
