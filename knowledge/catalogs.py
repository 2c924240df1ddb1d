"""Answers from the catalogues: who to call, who helps, which patient book, what a word means, what else it is called.

`catalog()` reads and checks the YAML files under knowledge/catalog once; every other function here asks it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.catalog_models import Cancer, Catalog, CatalogError, ContactLine, Contacts, Guideline, ServiceEntry, Source, Term
from knowledge.errors import KnowledgeError
from knowledge.names import NameIndex

__all__ = [
    "Cancer", "Catalog", "CatalogError", "ContactLine", "Contacts", "Guideline", "ServiceEntry", "Source", "Term", "cancer_family", "cancers_in",
    "catalog", "contacts_for", "expand", "find", "guidelines_for", "guidelines_for_cancers", "lexicon_words", "read_catalog", "resolve", "services_for",
    "use_overlay",
]  # fmt: skip

CATALOG = Path(__file__).parent / "catalog"
NCI_CANCERS = Source(title="A to Z List of Cancer Types", organization="National Cancer Institute", year=2025, url="https://www.cancer.gov/types")
# ISO 3166 says GB; people say UK.
_COUNTRY_NAMES = {"GB": "UK"}

Model = TypeVar("Model", bound=BaseModel)


def _load(path: Path, *keys: str) -> dict[str, Any]:
    """The top of one YAML file, with exactly these keys. Raises CatalogError."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogError(path, "-", f"cannot be read: {error}") from error
    if not isinstance(data, dict) or set(data) != set(keys):
        raise CatalogError(path, "-", f"must have the keys {', '.join(keys)} and no other")
    return data


def _one(model: type[Model], path: Path, entry: str, data: object, **more: object) -> Model:
    try:
        if not isinstance(data, dict):
            raise CatalogError(path, entry, "is not a mapping")
        return model.model_validate({**data, **more})
    except ValidationError as error:
        first = error.errors()[0]
        raise CatalogError(path, entry, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _each(model: type[Model], path: Path, rows: Iterable[dict[str, Any]], key: str) -> list[Model]:
    found: dict[object, Model] = {}
    for number, row in enumerate(rows, start=1):
        entry = str(row.get(key, f"number {number}")) if isinstance(row, dict) else f"number {number}"
        value = _one(model, path, entry, row)
        if (name := getattr(value, key)) in found:
            raise CatalogError(path, entry, f"{key} stands twice")
        found[name] = value
    return list(found.values())


def read_catalog(folder: Path = CATALOG) -> Catalog:
    """Read and check all catalogues in a folder. Raises CatalogError with file and entry."""
    path = folder / "cancers.yaml"
    cancers = {c.id: c for c in _each(Cancer, path, _load(path, "cancers")["cancers"], "id")}
    for cancer in cancers.values():
        if cancer.parent and cancer.parent not in cancers:
            raise CatalogError(path, cancer.id, f"parent {cancer.parent!r} is not a cancer of this file")

    path = folder / "guidelines.yaml"
    data = _load(path, "browse_all", "detail_url", "guidelines")
    books = _each(Guideline, path, [{**row, "url": data["detail_url"].format(id=row.get("id"))} for row in data["guidelines"]], "id")

    path = folder / "contacts.yaml"
    lines = {code: _one(Contacts, path, code, row, country=code) for code, row in _load(path, "countries")["countries"].items()}
    if "default" not in lines:
        raise CatalogError(path, "default", "is missing: somebody in an unlisted country needs it")

    path = folder / "services.yaml"
    services = _each(ServiceEntry, path, _load(path, "services")["services"], "id")

    for file, entry, words in [("guidelines.yaml", str(b.id), b.cancers) for b in books] + [("services.yaml", s.id, s.cancers) for s in services]:
        if unknown := set(words) - set(cancers):
            raise CatalogError(folder / file, entry, f"cancers: {', '.join(sorted(unknown))} is not in cancers.yaml")

    terms = _terms(folder / "glossary.yaml")
    diseases = [_disease(cancer) for cancer in cancers.values()]
    return Catalog(guidelines=tuple(books), browse_all=data["browse_all"], contacts=lines, services=tuple(services), cancers=cancers, terms=(*terms, *diseases))


def _terms(path: Path) -> list[Term]:
    data = _load(path, "sources", "terms")
    sources = {key: _one(Source, path, f"sources.{key}", row) for key, row in data["sources"].items()}
    rows = []
    for row in data["terms"]:
        if row.get("source") not in sources:
            raise CatalogError(path, str(row.get("term")), f"source {row.get('source')!r} is not among the sources of this file")
        rows.append({**row, "source": sources[row["source"]]})
    return _each(Term, path, rows, "term")


def _disease(cancer: Cancer) -> Term:
    return Term(
        term=cancer.name, es=cancer.es, kind="disease", plain=cancer.plain, article=cancer.article, source=NCI_CANCERS,
        aliases=cancer.aliases, misspelt=cancer.misspelt, exact=cancer.exact, cancer=cancer.id,
    )  # fmt: skip


# The operator's folder, see knowledge.overlay; set once, when parts are joined.
_overlay: Path | None = None


def use_overlay(folder: Path | None) -> None:
    """Lay an operator's services, contacts and words over ours in this process. Raises FileError with file and line."""
    global _overlay
    if folder == _overlay:
        return
    before, _overlay = _overlay, folder
    catalog.cache_clear()
    _index.cache_clear()
    try:
        catalog()
    except KnowledgeError:
        _overlay = before
        raise


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """The catalogues of this installation with the operator's laid over, read once."""
    from knowledge.overlay import lay_over

    return lay_over(read_catalog(), _overlay) if _overlay else read_catalog()


@lru_cache(maxsize=1)
def _index() -> NameIndex:
    return NameIndex(catalog().terms)


def resolve(text: str) -> list[Term]:
    """Glossary terms that a text names, in order of appearance; the longest name wins, clear misspellings count."""
    return _index().resolve(text)


def find(text: str) -> list[tuple[str, Term]]:
    """Names as a text writes them (lower case, accents and hyphens aside), each with its term, in order of appearance."""
    return _index().find(text)


def expand(query: str) -> list[str]:
    """Other names of what a query names (Keytruda → pembrolizumab, and back), without the ones it already holds."""
    return _index().expand(query)


def lexicon_words() -> dict[str, frozenset[str]]:
    """Lower-case names by use: drugs (with classes), cancers, genes (with biomarkers), terms (the rest). No everyday words."""
    return _index().words()


def cancers_in(text: str) -> list[str]:
    """Our words for the cancers that a text names, in order (`her2-breast`, `dlbcl`)."""
    return list(dict.fromkeys(term.cancer for term in resolve(text) if term.cancer))


def cancer_family(word: str) -> tuple[str, ...]:
    """A cancer word and its parents, nearest first; a word we do not know stands alone."""
    found = [word]
    while (entry := catalog().cancers.get(found[-1])) and entry.parent and entry.parent not in found:
        found.append(entry.parent)
    return tuple(found)


def contacts_for(country: str) -> Contacts:
    """Who to call in a country (ISO 3166, any case); an unknown one gets `your local emergency number`."""
    code = country.strip().upper()
    found = catalog().contacts
    return found.get(_COUNTRY_NAMES.get(code, code)) or found["default"]


def services_for(cancers: Collection[str] = (), topics: Collection[str] = (), country: str = "US", limit: int = 4) -> list[ServiceEntry]:
    """Organisations for these cancers and topics in a country, best first.

    One for another cancer or country never appears; one for this very cancer comes before a general one. With topics,
    only those that serve one of them (or this very cancer) appear.
    """
    code = _COUNTRY_NAMES.get(country.strip().upper(), country.strip().upper())
    family = {relative for word in cancers for relative in cancer_family(word)}
    ranked: list[tuple[int, bool, int, ServiceEntry]] = []
    for place, entry in enumerate(catalog().services):
        if entry.countries and code not in entry.countries:
            continue
        specific = bool(family & set(entry.cancers))
        if entry.cancers and not specific:
            continue
        matches = len(set(topics) & set(entry.topics))
        if topics and not matches and not specific:
            continue
        ranked.append((-(2 * matches + 3 * specific), entry.verified_on == "unverified", place, entry))
    return [entry for *_, entry in sorted(ranked, key=lambda row: row[:3])[:limit]]


def guidelines_for(ids: Iterable[int] | Literal["all"]) -> list[Guideline]:
    """The patient books with these ids, in the order asked. `all` gives one entry: the list of all books.

    An id we do not carry is left out: an answer must not fail for a link. The library checker asks `catalog()` itself.
    """
    books = catalog().guidelines
    if ids == "all":
        year = max(book.year for book in books)
        return [Guideline(id=0, title="all books", year=year, category="All", url=catalog().browse_all)]
    by_id = {book.id: book for book in books}
    return [by_id[number] for number in dict.fromkeys(ids) if number in by_id]


def guidelines_for_cancers(cancers: Iterable[str]) -> list[Guideline]:
    """The patient books about these cancers: their own first, then those of the wider disease."""
    found: dict[int, Guideline] = {}
    for word in cancers:
        for relative in cancer_family(word):
            found.update({book.id: book for book in catalog().guidelines if relative in book.cancers and book.id not in found})
    return list(found.values())
