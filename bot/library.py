"""The operator's side of the library: the overlay held to the checker's rules at start, and the record of reviews."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings
from knowledge.errors import LibraryBroken
from knowledge.reviews import FILE, Reviews


def reviews(settings: Settings) -> Reviews:
    """Who reviewed what: the overlay's record where there is an overlay, and the data folder's."""
    return Reviews([folder / FILE for folder in (settings.overlay, settings.data) if folder])


def check_overlay(settings: Settings, articles: list[Path]) -> None:
    """Hold the operator's articles, of the library's files, to every rule of the format. Raises LibraryBroken with file and line.

    An article that states a dose, or a fact without a source, must not be served because it came from an overlay.
    """
    overlay = settings.overlay
    own = [path for path in articles if overlay is not None and path.is_relative_to(overlay)]
    if not own:
        return
    from knowledge.article_checks import check
    from knowledge.articles import read_article
    from knowledge.catalogs import catalog
    from policies.output_dosing import states_dose

    books = {book.id for book in catalog().guidelines}
    problems = [str(problem) for path in own for problem in check(read_article(path), states_dose=states_dose, guidelines=books)]
    if problems:
        raise LibraryBroken(f"overlay: {problems[0]}", len(problems))
