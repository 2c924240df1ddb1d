"""The operator's overlay: a folder with articles, services, contacts and words laid over ours. The same id replaces; the rest is added.

    articles/<id>.md        articles/es/<id>.md        as docs/article-format.md says
    services.yaml           services:  [ {id, name, url, whom, cost, why, topics, cancers, countries, verified_on}, … ]
    contacts.yaml           countries: { US: {name, emergency, crisis, poison, cancer} }
    glossary.yaml           sources: {key: {title, organization, year, url}}   terms: [ {term, es, kind, plain, article, source}, … ]
    branding.yaml           see bot/branding.py

Every fault is said with file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from knowledge.articles import LIBRARY, library_paths
from knowledge.catalog_models import Catalog, Contacts, ServiceEntry, Source, Term
from knowledge.errors import KnowledgeError
from knowledge.yaml_lines import FileError, Lines

ARTICLES = "articles"
FILES = ("services.yaml", "contacts.yaml", "glossary.yaml", "branding.yaml")

Model = TypeVar("Model", bound=BaseModel)


class OverlayError(KnowledgeError):
    """The overlay folder itself is not as it must be."""


def overlay_articles(overlay: Path | None) -> list[Path]:
    """The operator's articles, sorted. Raises OverlayError for a folder that is not there, or holds what we do not know."""
    if overlay is None:
        return []
    if not overlay.is_dir():
        raise OverlayError(f"ONCOLANTERN_OVERLAY: {overlay} is not a folder")
    strange = sorted(p.name for p in overlay.iterdir() if p.suffix in (".yaml", ".yml", ".md") and p.name not in FILES and p.name.lower() != "readme.md")
    strange = [name for name in strange if name != "reviews.yaml"]
    if strange:
        raise OverlayError(f"{overlay / strange[0]}: not a file of an overlay; known are {ARTICLES}/ and {', '.join((*FILES, 'reviews.yaml'))}")
    return library_paths(overlay / ARTICLES)


def library_articles(overlay: Path | None) -> list[Path]:
    """The files of the whole library: ours without those that the operator replaces, then the operator's.

    Our translation of an article that the operator replaces goes too: it would tell another text than the one it stands for.
    """
    own = overlay_articles(overlay)
    replaced = {_id(path) for path in own}
    replaced |= {f"es/{name}" for name in replaced}
    return [path for path in library_paths(LIBRARY) if _id(path) not in replaced] + own


def _id(path: Path) -> str:
    return f"es/{path.stem}" if path.parent.name == "es" else path.stem


def lay_over(catalog: Catalog, overlay: Path) -> Catalog:
    """The catalogue with the operator's services, contacts and words in it. Raises FileError with file and line."""
    found: dict[str, Any] = {}
    cancers = set(catalog.cancers)
    if lines := _file(overlay, "services.yaml", "services"):
        services = {s.id: s for s in catalog.services}
        for entry, line in _entries(lines, "services", ServiceEntry, "id"):
            _known(lines, line, entry.cancers, cancers)
            services[entry.id] = entry
        # The operator's own come first where both fit equally well.
        own = {entry.id for entry, _ in _entries(lines, "services", ServiceEntry, "id")}
        found["services"] = tuple(sorted(services.values(), key=lambda s: s.id not in own))
    if lines := _file(overlay, "contacts.yaml", "countries"):
        rows = lines.mapping()["countries"]
        if not isinstance(rows, dict):
            raise FileError(lines.path, lines.at("countries"), "countries: must name each country by its code and, under it, its contacts")
        own_contacts = {str(code): lines.model(Contacts, {**(row or {}), "country": str(code)}, "countries", code) for code, row in rows.items()}
        found["contacts"] = {**catalog.contacts, **own_contacts}
    if lines := _file(overlay, "glossary.yaml", "terms", "sources"):
        found["terms"] = _terms(catalog, lines)
    return catalog.model_copy(update=found)


def _terms(catalog: Catalog, lines: Lines) -> tuple[Term, ...]:
    data = lines.mapping()
    sources = {str(key): lines.model(Source, row, "sources", key) for key, row in (data.get("sources") or {}).items()}

    def with_source(row: dict[str, Any], place: Sequence[object]) -> dict[str, Any]:
        key = row.get("source")
        if key not in sources:
            raise FileError(lines.path, lines.at(*place, "source"), f"source {key!r} is not among the sources of this file")
        return {**row, "source": sources[str(key)]}

    own = [term for term, _ in _entries(lines, "terms", Term, "term", with_source)]
    names = {term.term.lower() for term in own}
    return (*(term for term in catalog.terms if term.term.lower() not in names), *own)


def _file(overlay: Path, name: str, *keys: str) -> Lines | None:
    path = overlay / name
    if not path.is_file():
        return None
    lines = Lines(path)
    for key in lines.mapping():
        if key not in keys:
            raise FileError(path, lines.at(key), f"unknown key {key!r}; known: {', '.join(keys)}")
    if keys[0] not in lines.mapping():
        raise FileError(path, 1, f"must begin with the line `{keys[0]}:`")
    return lines


def _entries(
    lines: Lines, key: str, model: type[Model], identity: str, prepare: Callable[[dict[str, Any], Sequence[object]], dict[str, Any]] | None = None,
) -> list[tuple[Model, int]]:  # fmt: skip
    rows = lines.mapping()[key] or []
    if not isinstance(rows, list):
        raise FileError(lines.path, lines.at(key), f"{key}: must be a list of entries, each beginning with `- `")
    found: dict[object, tuple[Model, int]] = {}
    for number, row in enumerate(rows):
        place = (key, number)
        if prepare is not None and isinstance(row, dict):
            row = prepare(row, place)
        value = lines.model(model, row, *place)
        if (name := getattr(value, identity)) in found:
            raise FileError(lines.path, lines.at(*place), f"{identity} {name!r} stands twice")
        found[name] = (value, lines.at(*place))
    return list(found.values())


def _known(lines: Lines, line: int, words: Sequence[str], cancers: set[str]) -> None:
    if unknown := sorted(set(words) - cancers):
        raise FileError(lines.path, line, f"cancers: {', '.join(unknown)} is not among our words for cancers (knowledge/catalog/cancers.yaml)")
