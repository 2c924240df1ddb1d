"""Whether an answer rests on what it cites: every factual sentence has a source, and its numbers, names and words stand there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from bot.conversation import Answer, Citation
from bot.extractive import NOTHING
from evals._text import Sentence, sentences

# Share of a sentence's content words that its quoted passages must hold. A sentence in other words still shares its terms; one set
# beside the wrong source shares next to none.
MIN_SHARED = 0.34
_NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w]|-\w)")

Names = Callable[[str], frozenset[str]]


def grounding_faults(answer: Answer, names: Names) -> list[str]:
    """What is wrong, a line each; empty when nothing is. `names`: the medicines that a text names, each by its one name."""
    sources = {c.n: c for c in answer.citations}
    faults: list[str] = []
    for sentence in cited_sentences(answer):
        unknown = [n for n in sentence.cites if n not in sources]
        if unknown:
            faults.append(f"no source [{unknown[0]}]: {_short(sentence)}")
        elif not sentence.cites:
            if sentence.factual:
                faults.append(f"no citation: {_short(sentence)}")
        elif fault := _unsupported(sentence, [sources[n] for n in sentence.cites], names, answer.language):
            faults.append(f"{fault}: {_short(sentence)}")
    if answer.citations and (never := sorted(set(sources) - {n for s in cited_sentences(answer) for n in s.cites})):
        faults.append(f"listed but never cited: {never}")
    return faults


def citation_figures(answer: Answer, names: Names) -> dict[str, float]:
    """citation_recall: share of factual sentences that cite and rest on it; citation_precision: share of citations that hold something up."""
    sources = {c.n: c for c in answer.citations}
    factual = supported = given = useful = 0
    for sentence in cited_sentences(answer):
        known = [sources[n] for n in sentence.cites if n in sources]
        given += len(sentence.cites)
        useful += sum(_carries(sentence, source, answer.language) for source in known)
        if sentence.factual or sentence.cites:
            factual += 1
            supported += bool(known) and not _unsupported(sentence, known, names, answer.language)
    figures = {}
    if factual:
        figures["citation_recall"] = round(supported / factual, 3)
    if given:
        figures["citation_precision"] = round(useful / given, 3)
    return figures


def _carries(sentence: Sentence, source: Citation, language: str) -> bool:
    """Whether one source alone holds part of what the sentence says: a word of its content, or a number."""
    if language != "en":
        return True
    quoted = f"{source.title}. {source.quote}"
    return bool(_words(sentence.text) & _words(quoted)) or bool(set(_numbers(sentence.text)) & set(_numbers(quoted)))


def cited_sentences(answer: Answer) -> list[Sentence]:
    """The sentences that have to rest on sources: those of the sections and the bottom line, fixed words of ours left out.

    Fixed words (a greeting, a redirect's lead) are a section without heading and without any citation.
    """
    found: list[Sentence] = []
    for section in answer.sections:
        inside = sentences(section.markdown)
        if section.heading or any(s.cites for s in inside):
            found += [s for s in inside if s.text != NOTHING]
    for line in answer.bottom_line:
        found += sentences(line.text)
    return found


def _unsupported(sentence: Sentence, sources: list[Citation], names: Names, language: str) -> str:
    quoted = " ".join(f"{c.title}. {c.quote}" for c in sources)
    held = set(_numbers(quoted))
    missing = [n for n in _numbers(sentence.text) if n not in held]
    if missing:
        return f"number {missing[0]} is not in the quoted passage"
    strange = names(sentence.text) - names(quoted)
    if strange:
        return f"{min(strange)} is not in the quoted passage"
    if language != "en":  # a Spanish answer may rest on an English source
        return ""
    words = _words(sentence.text)
    shared = words & _words(quoted)
    if words and len(shared) / len(words) < MIN_SHARED:
        return "the quoted passage says something else"
    return ""


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    from knowledge.question import content_words
    from knowledge.search import stem

    return frozenset(stem(w) for w in content_words(text))


def _numbers(text: str) -> list[str]:
    return [n.replace(",", "").rstrip(".") for n in _NUMBER.findall(text)]


def _short(sentence: Sentence) -> str:
    return sentence.text if len(sentence.text) <= 120 else sentence.text[:117] + "…"
