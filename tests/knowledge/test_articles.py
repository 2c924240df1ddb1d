"""The article format: what is read, and what the checker refuses, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.article_checks import check
from knowledge.articles import LIBRARY, library_paths, read_article, split_sentences
from knowledge.errors import ArticleError

SENTENCE = "A treatment team explains each step in plain words before it begins. [nci-x]"


def article(tmp_path: Path, *, replace: tuple[str, str] = ("", "")) -> Path:
    """A sound article of about 560 words, with one piece replaced."""
    body = "\n".join(f"## What is part {i}?\n{' '.join([SENTENCE] * 13)}\n" for i in range(1, 4))
    text = f"""---
id: sound
title: A sound article
kind: treatment
aliases: [sound]
cancers: []
guidelines: [46]
reviewed: 2026-11-23
sources:
  nci-x:
    title: A page
    organization: National Cancer Institute
    year: 2024
    url: https://www.cancer.gov/x
---
{body}
## Bottom line
- standard: A team explains each step. [nci-x]
- promising: Trials test shorter words. [nci-x]
- not recommended: Long words alone. [nci-x]

## Questions to ask
- What is the goal?
- What are the risks?
- What else could we do?
- Who can I call?
- What happens next?

## When to call
- Call for a fever of 100.4 °F or higher. [nci-x]

## You may have heard
- "Words do not matter." (other) Plain words help people to decide. [nci-x]
- "Nothing can be done." (no-treatment) Many things can be done. [nci-x]
"""
    old, new = replace
    assert not old or old in text
    path = tmp_path / "sound.md"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_sound_article_has_no_problem(tmp_path: Path) -> None:
    assert check(read_article(article(tmp_path))) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("id: sound", "id: other", "front-matter"),
        ("[46]", "[999]", "front-matter"),
        (SENTENCE, "A treatment team explains each step in plain words before it begins.", "sourced"),
        (SENTENCE, "A treatment team explains each step in plain words before it begins. [nobody]", "unknown-key"),
        (SENTENCE, "A treatment team [nci-x] explains each step in plain words before it begins. [nci-x]", "stray-key"),
        ("- Who can I call?\n", "", "questions"),
        ("- Who can I call?", "- Call them.", "questions"),
        ("- standard: A team", "- promising: A team", "bottom-line"),
        ("(other)", "(strange)", "heard"),
        ("## When to call", "## When to phone", "sections"),
        (SENTENCE, "Aspirin comes as 81 mg. [nci-x]", "dose"),
        (SENTENCE, "**Bold** words are here. [nci-x]", "markup"),
        (SENTENCE, "You should stop the pills at once. [nci-x]", "voice"),
        (SENTENCE, " ".join(["Multidisciplinary immunohistochemical characterisation necessitates interdisciplinary reconsideration. [nci-x]"] * 12), "grade"),
        ("## What is part 3?", "## What is part 3?\n" + " ".join([SENTENCE] * 60), "words"),
    ],
)
def test_the_checker_refuses(tmp_path: Path, old: str, new: str, rule: str) -> None:
    problems = check(read_article(article(tmp_path, replace=(old, new))), states_dose=lambda s: " mg" in s, guidelines={46})
    assert rule in {p.rule for p in problems}
    assert all(p.line > 0 and str(p).startswith("sound.md:") for p in problems)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("---\nid", "id", "no front matter"),
        ("year: 2024", "year: soon", "sources.nci-x.year"),
        ("kind: treatment", "kind: poem", "kind"),
        ("- standard: A", "- maybe: A", "bottom line bullet"),
        ('- "Words do not matter." (other)', "- Words do not matter.", "a bullet here must read"),
    ],
)
def test_a_broken_file_says_what_to_mend(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        read_article(article(tmp_path, replace=(old, new)))


def test_keys_belong_to_the_sentence_before_them() -> None:
    found = split_sentences("One fact. [a] Two facts, e.g. this one, stand here. [b][c] A third of 2.5 cm. [d, e]")
    assert [(s.text, s.keys) for s in found] == [
        ("One fact.", ("a",)),
        ("Two facts, e.g. this one, stand here.", ("b", "c")),
        ("A third of 2.5 cm.", ("d", "e")),
    ]


def test_keys_end_a_sentence_that_ends_in_an_abbreviation() -> None:
    found = split_sentences("The best proof is for CBT-I. [a] It teaches habits, as Dr. Lee says. [b]")
    assert [(s.text, s.keys) for s in found] == [("The best proof is for CBT-I.", ("a",)), ("It teaches habits, as Dr. Lee says.", ("b",))]


@pytest.mark.parametrize("path", library_paths(LIBRARY), ids=lambda p: p.stem)
def test_the_library_holds_its_rules(path: Path) -> None:
    from knowledge.catalogs import catalog
    from policies.output_dosing import states_dose

    problems = check(read_article(path), states_dose=states_dose, guidelines={book.id for book in catalog().guidelines})
    assert [str(p) for p in problems] == []
