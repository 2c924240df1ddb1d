"""Published answer pages: drafted by us, reviewed by a person, and never reviewed in words that person did not read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.conversation import Answer, Message
from bot.settings import Settings
from tests.ui.scripted import answer, full_answer, redirect
from ui.answers.manifest import MANIFEST, Approval, PublishError, read_manifest, read_questions, slug_of
from ui.answers.site import approve, draft

APPROVAL = Approval(by="A. Rivera, oncology nurse", on="2026-11-20")


def ask(messages: Sequence[Message]) -> Answer:
    text = messages[-1].content
    return redirect() if "my" in text.split() else full_answer().model_copy(update={"question": text})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", public_url="https://onco.example")


def test_a_draft_page_carries_every_part_and_says_that_nobody_read_it(tmp_path: Path, settings: Settings) -> None:
    report = draft(["What is immunotherapy?"], tmp_path, ask, settings)
    page = (tmp_path / "what-is-immunotherapy.html").read_text()
    assert report.drafts == ["what-is-immunotherapy"]
    shown = full_answer()
    for part in (
        "<h1>What is immunotherapy?</h1>", "Draft, not reviewed", '<meta name="robots" content="noindex">', shown.notice, "Questions to ask", "bottom line",
        shown.disclaimer, 'href="https://onco.example/records"', "Browse all", shown.services[0].name, "library version 1", "What a reviewer must check",
    ):  # fmt: skip
        assert part.lower() in page.lower(), part
    assert [tag for tag in re.findall(r"<script[^>]*>", page) if "ld+json" not in tag] == []
    assert re.findall(r'(?:src|href)="(?!https?:|#|tel:|sms:)([^"]+)"', page.split("<main>")[0]) == [
        "lantern.svg",
        "answer.css",
        "answer-page.css",
        "index.html",
        "lantern.svg",
    ]
    for name in ("lantern.svg", "answer.css", "answer-page.css", "index.html"):
        assert (tmp_path / name).is_file()


def test_the_reviewer_sees_every_cited_statement_beside_its_source(tmp_path: Path, settings: Settings) -> None:
    draft(["What is immunotherapy?"], tmp_path, ask, settings)
    review = (tmp_path / "what-is-immunotherapy.html").read_text().split('id="review"')[1]
    for statement in (
        "take a brake off immune cells",
        "changes some of a person&#39;s own T cells",
        "Part of regular care",
        "New combinations are being studied",
    ):
        assert statement in review
    assert "https://www.cancer.gov/about-cancer/treatment/types/immunotherapy" in review


def test_the_structured_data_names_a_reviewer_only_when_there_is_one(tmp_path: Path, settings: Settings) -> None:
    def data() -> dict[str, object]:
        page = (tmp_path / "what-is-immunotherapy.html").read_text()
        found = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0])
        assert isinstance(found, dict)
        return found

    draft(["What is immunotherapy?"], tmp_path, ask, settings)
    assert data()["@type"] == "MedicalWebPage" and "reviewedBy" not in data()
    approve(["What is immunotherapy?"], tmp_path, APPROVAL, "1", settings)
    assert data()["reviewedBy"] == {"@type": "Person", "name": APPROVAL.by} and data()["lastReviewed"] == APPROVAL.on
    page = (tmp_path / "what-is-immunotherapy.html").read_text()
    assert f"reviewed by {APPROVAL.by}" in page and "noindex" not in page and 'id="review"' not in page


def test_an_approved_page_keeps_its_approval_while_its_words_stay_and_loses_it_with_them(tmp_path: Path, settings: Settings) -> None:
    draft(["What is immunotherapy?"], tmp_path, ask, settings)
    approve(["What is immunotherapy?"], tmp_path, APPROVAL, "1", settings)
    assert draft(["What is immunotherapy?"], tmp_path, ask, settings).approved == ["what-is-immunotherapy"]

    def changed(messages: Sequence[Message]) -> Answer:
        return ask(messages).model_copy(update={"disclaimer": "Other words."})

    report = draft(["What is immunotherapy?"], tmp_path, changed, settings)
    assert report.lost_approval == ["what-is-immunotherapy"] == report.drafts
    assert "Draft, not reviewed" in (tmp_path / "what-is-immunotherapy.html").read_text()


def test_what_was_never_drafted_or_is_of_another_library_cannot_be_approved(tmp_path: Path, settings: Settings) -> None:
    draft(["What is immunotherapy?"], tmp_path, ask, settings)
    before = (tmp_path / MANIFEST).read_bytes()
    with pytest.raises(PublishError, match="no draft of 'What is a biopsy"):
        approve(["What is immunotherapy?", "What is a biopsy?"], tmp_path, APPROVAL, "1", settings)
    with pytest.raises(PublishError, match="the library changed"):
        approve(["What is immunotherapy?"], tmp_path, APPROVAL, "2", settings)
    assert (tmp_path / MANIFEST).read_bytes() == before


def test_only_general_answers_are_published(tmp_path: Path, settings: Settings) -> None:
    report = draft(["What is immunotherapy?", "What does my stage mean?"], tmp_path, ask, settings)
    assert report.refused == [("What does my stage mean?", "redirect")]
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["index.html", "what-is-immunotherapy.html"]


def test_a_question_that_is_gone_takes_its_page_along(tmp_path: Path, settings: Settings) -> None:
    draft(["What is immunotherapy?", "What is a biopsy?"], tmp_path, ask, settings)
    (tmp_path / "own.html").write_text("the site's own page")
    assert draft(["What is a biopsy?"], tmp_path, ask, settings).removed == ["what-is-immunotherapy"]
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["index.html", "own.html", "what-is-a-biopsy.html"]


def test_hostile_words_in_a_question_stay_words(tmp_path: Path, settings: Settings) -> None:
    question = 'What is <script>alert(1)</script> "immunotherapy"?'
    draft([question], tmp_path, ask, settings)
    page = next(path for path in tmp_path.glob("what-is*.html")).read_text()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "no such file"), (b"\xff\xfe\xfa", "not UTF-8"), (b"# only a comment\n\n", "no question")],
)
def test_a_bad_list_of_questions_is_said_in_one_line(tmp_path: Path, text: bytes | None, message: str) -> None:
    path = tmp_path / "q.txt"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(PublishError, match=message):
        read_questions(path)


def test_questions_are_read_once_each_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "q.txt"
    path.write_text("# list\nWhat is a port?\n\n  What is a scan?  \nWhat is a port?\n")
    assert read_questions(path) == ["What is a port?", "What is a scan?"]


def test_two_questions_with_one_address_are_refused(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(PublishError, match="share the page"):
        draft(["What is a port?", "What is a port"], tmp_path, ask, settings)


def test_a_damaged_manifest_is_said_and_not_overwritten(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(PublishError, match="damaged"):
        draft(["What is a port?"], tmp_path, ask, settings)
    assert (tmp_path / MANIFEST).read_text() == "{"
    with pytest.raises(PublishError):
        read_manifest(tmp_path)


def test_file_names_are_plain_and_never_empty() -> None:
    assert slug_of("¿Qué es la quimioterapia?") == "que-es-la-quimioterapia"
    assert slug_of("../../etc/passwd") == "etc-passwd"
    assert re.fullmatch(r"question-[0-9a-f]{10}", slug_of("什么是癌症？"))
    assert len(slug_of("word " * 60)) <= 80


def test_an_answer_without_a_public_address_says_that_its_upload_leads_nowhere(tmp_path: Path) -> None:
    draft(
        ["What is immunotherapy?"],
        tmp_path / "site",
        lambda _: answer(sections=full_answer().sections, records_upload=full_answer().records_upload),
        Settings(data=tmp_path),
    )
    assert "ONCOLANTERN_PUBLIC_URL" in (tmp_path / "site" / "what-is-immunotherapy.html").read_text()
