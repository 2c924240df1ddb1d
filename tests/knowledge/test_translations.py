"""Articles in Spanish: what a translation owes its original, and which of its passages says what a passage of the original says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.article_checks import check
from knowledge.articles import LIBRARY, read_article
from knowledge.chunking import chunk_article
from knowledge.ingest import ingest
from knowledge.overlay import library_articles
from knowledge.passages import Passage
from knowledge.readability import measure_spanish, syllables_spanish
from knowledge.shipped import library_texts
from knowledge.store import Store
from knowledge.translations import paired

SLUG = "fever-neutropenia"


def translation(folder: Path, *pairs: tuple[str, str], original: tuple[str, str] = ("", "")) -> Path:
    """The Spanish article on fever beside its original, in a folder of its own, with pieces of either replaced."""
    text, source = ((LIBRARY / name).read_text(encoding="utf-8") for name in (f"es/{SLUG}.md", f"{SLUG}.md"))
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    assert original[0] in source
    (folder / "es").mkdir()
    (folder / f"{SLUG}.md").write_text(source.replace(*original, 1), encoding="utf-8")
    path = folder / "es" / f"{SLUG}.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_translation_has_no_problem(tmp_path: Path) -> None:
    assert check(read_article(translation(tmp_path))) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("por debajo de 500", "por debajo de 1,500", "translation"),
        ("Tratar pronto una infección salva vidas. [cdc-sepsis]", "Tratar pronto una infección salva vidas. [idsa-fn]", "translation"),
        ("## ¿Qué es la neutropenia?\n", "", "translation"),
        ("- prometedor: ", "- estándar: ", "translation"),
        ("(no-symptoms)", "(other)", "translation"),
        ("- ¿A qué sala de emergencias debo ir?\n", "", "translation"),
        ("translation_of: fever-neutropenia", "translation_of: fatigue", "translation"),
        ("translated: machine\n", "", "translation"),
        ("kind: side-effect", "kind: care", "translation"),
        ("year: 2011", "year: 2012", "translation"),
        ("language: es", "language: en", "front-matter"),
        ("Manténgase lejos de personas enfermas. [nci-infection]", "Manténgase lejos de personas enfermas.", "sourced"),
        ("Manténgase lejos de personas enfermas.", "No se preocupe por personas enfermas.", "voice"),
    ],
)
def test_a_translation_that_tells_something_else_is_refused(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert rule in {p.rule for p in check(read_article(translation(tmp_path, (old, new))))}


def test_a_translation_older_than_its_original_is_stale(tmp_path: Path) -> None:
    path = translation(tmp_path, original=("reviewed: 2026-11-23", "reviewed: 2027-01-05"))
    assert {p.rule for p in check(read_article(path))} == {"stale"}


def test_a_hard_spanish_text_is_refused(tmp_path: Path) -> None:
    hard = "La caracterización inmunohistoquímica interdisciplinaria imposibilita consideraciones epidemiológicas generalizables. [nci-infection] " * 14
    path = translation(tmp_path, ("## ¿Cuándo están más bajos", f"{hard}\n\n## ¿Cuándo están más bajos"))
    assert "ease" in {p.rule for p in check(read_article(path))}


@pytest.mark.parametrize(
    ("word", "count"), [("cáncer", 2), ("país", 2), ("ciudad", 2), ("quién", 1), ("quimioterapia", 5), ("leer", 2), ("antigüedad", 4), ("muy", 1)]
)
def test_spanish_syllables_follow_the_vowels(word: str, count: int) -> None:
    assert syllables_spanish(word) == count


def test_spanish_ease_is_fernandez_huertas() -> None:
    # 7 words, 10 syllables, 2 sentences.
    assert measure_spanish("La casa es azul. El sol sale.").ease == pytest.approx(206.84 - 60 * 10 / 7 - 1.02 * 7 / 2, abs=0.01)


def passage(number: int, section: str, language: str = "en", kind: str = "section") -> Passage:
    doc_id = "es/x" if language == "es" else "x"
    return Passage(
        id=f"{doc_id}#{number}", collection="library", doc_id=doc_id, title="x", section=section, kind=kind, evidence=(), language=language,
    )  # fmt: skip


def test_passages_are_paired_by_their_place() -> None:
    english = [passage(0, "What?"), passage(1, "How?"), passage(2, "Bottom line", kind="bottom_line")]
    spanish = [passage(0, "¿Qué?", "es"), passage(1, "¿Cómo?", "es"), passage(2, "¿Cómo?", "es"), passage(3, "En resumen", "es", "bottom_line")]
    found = paired(english, spanish)
    assert {own: [twin.id for twin in twins] for own, twins in found.items()} == {"x#0": ["es/x#0"], "x#1": ["es/x#1", "es/x#2"], "x#2": ["es/x#3"]}


def test_articles_whose_parts_do_not_match_are_not_paired() -> None:
    assert paired([passage(0, "What?"), passage(1, "How?")], [passage(0, "¿Qué?", "es")]) == {}


@pytest.mark.parametrize("path", sorted((LIBRARY / "es").glob("*.md")), ids=lambda p: p.stem)
def test_every_passage_of_a_translated_article_has_its_twin(path: Path) -> None:
    english = chunk_article(read_article(LIBRARY / path.name)).passages
    spanish = chunk_article(read_article(path), doc_id=f"es/{path.stem}").passages
    found = paired(english, spanish)
    assert set(found) == {p.id for p in english}
    assert {twin.id for twins in found.values() for twin in twins} == {p.id for p in spanish}


class Refuses:
    """An encoder that must not be asked."""

    def encode(self, texts: list[str]) -> np.ndarray:
        raise AssertionError(f"encoded {texts[0][:40]}")


def test_spanish_passages_are_never_encoded(tmp_path: Path) -> None:
    path = translation(tmp_path)
    store = Store(tmp_path / "store")
    assert not ingest(store, Refuses(), [path], "library").problems
    rows = store.by_document("library", f"es/{SLUG}")
    assert rows and not any(row.vector.any() for row in rows)
    spanish = {p.indexed for p in chunk_article(read_article(path)).passages}
    assert not spanish & set(library_texts())


def test_our_translation_goes_with_the_article_that_an_operator_replaces(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / f"{SLUG}.md").write_text("x")
    found = library_articles(tmp_path)
    assert LIBRARY / "es" / f"{SLUG}.md" not in found
    assert LIBRARY / "es" / "chemotherapy.md" in found
