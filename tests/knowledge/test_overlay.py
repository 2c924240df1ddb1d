"""The operator's overlay: the same id replaces ours, the rest is added, and a fault is said with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import catalogs
from knowledge.articles import LIBRARY, library_paths
from knowledge.overlay import OverlayError, lay_over, library_articles
from knowledge.yaml_lines import FileError

SERVICE = """services:
  - id: lakeside-rides
    name: Lakeside Rides
    url: https://rides.example.org
    whom: patients of Lakeside
    cost: free
    why: Rides to treatment at Lakeside
    topics: [transport]
    cancers: []
    countries: [US]
    verified_on: 2026-11-01
"""
GLOSSARY = """sources:
  lakeside: {title: Words we use, organization: Lakeside, year: 2026, url: https://lakeside.example.org/words}
terms:
  - {term: lantern line, es: línea linterna, kind: word, plain: Our night phone line for patients., article: support-groups, source: lakeside}
"""


@pytest.fixture(autouse=True)
def plain_catalogue() -> Iterator[None]:
    yield
    catalogs.use_overlay(None)


def test_an_article_of_the_same_id_stands_for_ours(tmp_path: Path) -> None:
    (tmp_path / "articles" / "es").mkdir(parents=True)
    for name in ("articles/fatigue.md", "articles/lakeside-parking.md", "articles/es/fatigue.md"):
        (tmp_path / name).write_text("x")
    found = library_articles(tmp_path)
    # Our translation of the article that is replaced gives way to the operator's own.
    assert len(found) == len(library_paths()) + 2 - (LIBRARY / "es" / "fatigue.md").is_file()
    assert [p for p in found if p.stem == "fatigue" and p.parent.name == "articles"]
    assert LIBRARY / "fatigue.md" not in found


def test_services_contacts_and_words_are_laid_over_ours(tmp_path: Path) -> None:
    ours = catalogs.catalog()
    (tmp_path / "services.yaml").write_text(SERVICE)
    (tmp_path / "glossary.yaml").write_text(GLOSSARY)
    catalogs.use_overlay(tmp_path)
    assert len(catalogs.catalog().services) == len(ours.services) + 1
    assert catalogs.services_for(topics=["transport"])[0].name == "Lakeside Rides"
    assert [t.term for t in catalogs.resolve("What is the lantern line?")] == ["lantern line"]
    catalogs.use_overlay(None)
    assert catalogs.resolve("What is the lantern line?") == []


def test_the_same_id_replaces_ours(tmp_path: Path) -> None:
    ours = catalogs.catalog()
    first = ours.services[0]
    (tmp_path / "services.yaml").write_text(SERVICE.replace("lakeside-rides", first.id))
    found = lay_over(ours, tmp_path).services
    assert len(found) == len(ours.services)
    assert next(s for s in found if s.id == first.id).name == "Lakeside Rides"


@pytest.mark.parametrize(
    ("name", "text", "line", "wrong"),
    [
        ("services.yaml", SERVICE.replace("    cost: free\n", ""), 2, "cost"),
        ("services.yaml", SERVICE.replace("https://rides", "http://rides"), 4, "url"),
        ("services.yaml", SERVICE.replace("cancers: []", "cancers: [elbow]"), 2, "elbow"),
        ("services.yaml", SERVICE + "    fax: 1\n", 12, "unknown key 'fax'"),
        ("glossary.yaml", GLOSSARY.replace("source: lakeside", "source: lake"), 4, "'lake' is not among the sources"),
        ("contacts.yaml", "countries:\n  US:\n    name: United States\n", 2, "emergency"),
        ("contacts.yaml", "country: {}\n", 1, "unknown key 'country'"),
    ],
)
def test_a_fault_is_said_with_file_and_line_and_ours_stays(tmp_path: Path, name: str, text: str, line: int, wrong: str) -> None:
    before = catalogs.catalog()
    (tmp_path / name).write_text(text)
    with pytest.raises(FileError, match=wrong) as raised:
        catalogs.use_overlay(tmp_path)
    assert str(raised.value).startswith(f"{name}:{line}: ")
    assert catalogs.catalog().services == before.services


def test_a_file_that_no_overlay_has_is_a_slip_and_said(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SERVICE)
    with pytest.raises(OverlayError, match=r"service\.yaml: not a file of an overlay"):
        library_articles(tmp_path)
    with pytest.raises(OverlayError, match="not a folder"):
        library_articles(tmp_path / "nowhere")
