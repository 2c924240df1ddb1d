"""Reviews hold for the text they were made of, and only one with credentials is a medical one; gaps hold no word of anybody's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.gaps import Gaps
from knowledge.reviews import Review, Reviews, text_mark
from knowledge.yaml_lines import FileError


def review(article: Path, **more: object) -> Review:
    return Review.model_validate({"by": "Ana Ruiz", "credentials": "MD, oncologist", "day": date(2026, 11, 20), "text": text_mark(article), **more})


def test_a_review_holds_until_the_article_changes(tmp_path: Path) -> None:
    article = tmp_path / "fatigue.md"
    article.write_text("one text")
    record = Reviews([tmp_path / "data" / "reviews.yaml"])
    record.record("fatigue", review(article))
    found = record.holding("fatigue", article, medical=True)
    assert found is not None
    assert found.named == "Ana Ruiz, MD, oncologist, 2026-11-20"
    article.write_text("another text, longer")
    assert record.holding("fatigue", article) is None
    assert len(record.of("fatigue")) == 1


def test_a_check_without_credentials_is_no_medical_review(tmp_path: Path) -> None:
    article = tmp_path / "fatigue.md"
    article.write_text("one text")
    record = Reviews([tmp_path / "reviews.yaml"])
    record.record("fatigue", review(article, credentials=None))
    assert record.holding("fatigue", article) is not None
    assert record.holding("fatigue", article, medical=True) is None


def test_both_files_count_and_a_slip_is_said_with_its_line(tmp_path: Path) -> None:
    article = tmp_path / "fatigue.md"
    article.write_text("one text")
    overlay, data = tmp_path / "overlay.yaml", tmp_path / "data.yaml"
    Reviews([overlay]).record("fatigue", review(article, by="Sam Lee", day=date(2026, 1, 2)))
    Reviews([data]).record("fatigue", review(article))
    assert [r.by for r in Reviews([overlay, data]).of("fatigue")] == ["Ana Ruiz", "Sam Lee"]
    data.write_text("fatigue:\n  - by: Ana Ruiz\n    day: 2026-11-20\n    text: short\n")
    with pytest.raises(FileError, match=r"data\.yaml:4: text"):
        Reviews([data]).of("fatigue")


def test_gaps_are_counted_by_topic(tmp_path: Path) -> None:
    gaps = Gaps(tmp_path)
    for topic in ("Thymoma", "other", "Thymoma"):
        gaps.count(topic)
    assert [(g.topic, g.count) for g in gaps.table()] == [("Thymoma", 2), ("other", 1)]
    gaps.clear()
    assert gaps.table() == []
