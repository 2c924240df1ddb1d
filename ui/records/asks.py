"""General questions to ask while people wait: the library's, on what the question from the chat names; else those that fit any cancer talk.

Only the question's words are looked at, by names the library knows. No model, and never a file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation import Language
from bot.extras import GENERAL_QUESTIONS

if TYPE_CHECKING:
    from knowledge.articles import Article

log = logging.getLogger("oncolantern.records")
MOST = 7
_SHORT = 5  # with a space on either side: names of three letters and fewer mean many things
_WORD = re.compile(r"[^\W_]+")
_FOR_ANYBODY = "questions-to-ask"


@dataclass(frozen=True)
class Asks:
    """Questions, and the article they are from: its id and title, empty for general ones."""

    questions: tuple[str, ...]
    titles: tuple[str, ...] = ()


def questions_for(question: str, language: Language, overlay: Path | None = None) -> Asks:
    """Up to seven questions in a language. Never fails: a library that cannot be read gives the general ones."""
    try:
        shelf = _shelf(overlay, language)
        articles = _named(question, shelf) if question.strip() else []
        rows = list(dict.fromkeys(_in_turns([article.questions for article in articles])))[:MOST]
        titles = tuple(article.title for article in articles)
        if not rows:
            rows = [text for article in shelf if article.id == _FOR_ANYBODY for text in article.questions][:MOST]
    except Exception:
        log.exception("the library's questions could not be read")
        rows, titles = [], ()
    if len(rows) < len(GENERAL_QUESTIONS[language]):
        rows += [text for text in GENERAL_QUESTIONS[language] if text not in rows][: MOST - len(rows)]
    return Asks(tuple(rows), titles)


@lru_cache(maxsize=4)
def _shelf(overlay: Path | None, language: Language) -> tuple[Article, ...]:
    from knowledge.articles import read_article
    from knowledge.overlay import library_articles

    return tuple(article for article in map(read_article, library_articles(overlay)) if article.language == language)


def _named(question: str, shelf: Sequence[Article]) -> list[Article]:
    """The article on the cancer that is named, and the one on the test, treatment or side effect that is named at the greatest length.

    Nothing else is guessed: questions on hospice or money must not meet somebody who asked for neither.
    """
    from knowledge import catalogs

    found: list[Article] = []
    cancers = catalogs.cancers_in(question)
    if cancers:
        family = catalogs.cancer_family(cancers[0])
        about = [a for a in shelf if a.front.kind == "cancer" and set(family) & set(a.front.cancers)]
        # The nearest one: names the cancer itself rather than a parent, and few others beside it.
        about.sort(key=lambda a: (min(family.index(c) for c in a.front.cancers if c in family), -_longest(question, a), len(a.front.cancers)))
        found += about[:1]
    rest = [a for a in shelf if a.front.kind in ("test", "treatment", "side-effect") and _longest(question, a) > _SHORT]
    return found + sorted(rest, key=lambda a: -_longest(question, a))[:1]


def _longest(question: str, article: Article) -> int:
    """Length of the longest name of an article that stands in the question; 0 when none does."""
    return max((len(name) for name in map(_words, article.front.aliases) if name in _words(question)), default=0)


def _words(text: str) -> str:
    """Lower-case words, one space before and after each."""
    return f" {' '.join(re.findall(_WORD, text.casefold()))} "


def _in_turns(rows: Sequence[Sequence[str]]) -> list[str]:
    """First of each, second of each, and so on."""
    return [row[at] for at in range(max(map(len, rows), default=0)) for row in rows if at < len(row)]
