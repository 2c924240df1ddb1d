"""An Answer as HTML: the order of need, nothing unsafe, nothing missing."""

from __future__ import annotations

import re

import pytest

from bot.conversation import BottomLine, Citation, Contact, Section
from tests.ui.scripted import DISCLAIMER, NOTICE, UPLOAD, answer, escalation, full_answer, redirect
from ui.markup import markdown_html, sanitise_answer
from ui.reach import reach
from ui.render import answer_html, dialled, error_html, stream_html
from ui.strings import ENGLISH
from ui.turns import said_html, said_text


def test_every_part_of_an_answer_is_shown_in_words() -> None:
    shown = answer_html(full_answer())
    for expected in (
        "Standard:", "Promising, under study:", "Not recommended:", "Questions to ask your care team", "When to call your care team",
        "National Cancer Institute, 2026", "Reviewed on", "2026-11-01", "Immunotherapy helps the immune system find and fight cancer cells.",
        "(2026)", "Browse all NCCN Guidelines for Patients", "Cancer Information Service", NOTICE, DISCLAIMER, UPLOAD.text,
    ):  # fmt: skip
        assert expected in shown, expected
    assert 'lang="en"' in shown
    assert "https://www.nccn.org/patientresources/patient-resources/guidelines-for-patients" in shown


@pytest.mark.parametrize("one", [full_answer(), escalation(), redirect(), answer("block"), answer("decline"), answer("no_answer"), answer("error")])
def test_the_disclaimer_is_the_last_thing_of_every_answer(one: object) -> None:
    shown = answer_html(one)  # type: ignore[arg-type]
    assert NOTICE in shown
    assert re.search(r'onco-disclaimer">' + re.escape(DISCLAIMER) + r"</p></article>$", shown)


def test_an_escalation_starts_with_its_contacts_and_offers_no_upload() -> None:
    shown = answer_html(escalation())
    assert shown.index('role="alert"') < shown.index("tel:911") < shown.index("100.4")
    assert shown.index("100.4") < shown.index(NOTICE)
    assert "/records" not in shown


def test_a_redirect_starts_with_the_upload_call_even_when_somebody_is_to_be_called() -> None:
    shown = answer_html(redirect().model_copy(update={"contacts": [Contact(name="Emergency services", phone="911")]}))
    assert shown.index("/records") < shown.index("tel:911") < shown.index("Stage III")


def test_contacts_that_stay_after_an_escalation_come_before_the_text_but_do_not_alert() -> None:
    shown = answer_html(full_answer().model_copy(update={"contacts": [Contact(name="Emergency services", phone="911")]}))
    assert shown.index("tel:911") < shown.index("What is immunotherapy?")
    assert 'role="alert"' not in shown


@pytest.mark.parametrize(
    ("phone", "how", "links"),
    [
        ("988", "call or text", ["tel:988", "sms:988"]),
        ("1-800-4-CANCER", "call", ["tel:18004226237"]),
        ("85258", "text the word SHOUT", ["sms:85258"]),
        ("13 11 14", "call; or text 0477 13 11 14", ["tel:131114"]),
        ("your local emergency number", "call", []),
        ("+34 91 562 04 20", None, ["tel:+34915620420"]),
    ],
)
def test_a_contact_links_only_what_a_phone_can_dial(phone: str, how: str | None, links: list[str]) -> None:
    shown = answer_html(answer("escalate", urgency="crisis", contacts=[Contact(name="Line", phone=phone, text=how)]))
    assert re.findall(r'href="((?:tel|sms):[^"]*)"', shown) == links
    assert phone in shown


def test_a_number_with_letters_is_dialled_as_on_a_keypad() -> None:
    assert dialled("1-800-4-CANCER") == "18004226237"


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](https://evil.example/x.png)", "[a](javascript:alert(1))",
    "[a](data:text/html,<script>1</script>)", "<form action=https://evil.example><input></form>", '<div style="position:fixed;inset:0">x</div>',
    "<iframe src=https://evil.example></iframe>", "<svg onload=alert(1)>", "<video src=https://evil.example/v.mp4>", "<base href=https://evil.example>",
    "[x]: https://evil.example\n\n[x]", "<style>*{display:none}</style>", "<a href='vbscript:x'>y</a>", "```\n<b onclick=x>\n```",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_an_answer_becomes_anything_but_words(text: str) -> None:
    citation = Citation(n=1, title=text, organization=text, year=2026, url="javascript:alert(1)", reviewed=text, passage_id="p#1", quote=text)
    one = answer(
        sections=[Section(heading=text, markdown=text)], bottom_line=[BottomLine(status="standard", text=text)], questions_to_ask=[text],
        when_to_call=text, citations=[citation], contacts=[Contact(name=text, phone=text, text=text)], notice=text, disclaimer=text,
    )  # fmt: skip
    for shown in (answer_html(one), stream_html(text, text)):
        tags = set(re.findall(r"<\s*([a-z0-9]+)", shown))
        assert not tags & {"script", "img", "form", "input", "iframe", "svg", "video", "base", "style", "object", "link", "meta"}
        opened = re.findall(r"<[a-z][^>]*>", shown)
        assert not [tag for tag in opened if re.search(r"\son\w+=|style=|javascript:|vbscript:|data:text", tag)]
        assert not [tag for tag in opened if "evil.example" in tag]


def test_markup_of_ours_survives_its_way_through_a_browser_unchanged_and_a_forged_one_does_not() -> None:
    shown = answer_html(full_answer())
    assert sanitise_answer(shown) == shown
    forged = sanitise_answer('<article class="onco-answer" onclick="x"><form action="https://evil.example"><p style="position:fixed">hi</p></form></article>')
    assert forged == '<article class="onco-answer"><p>hi</p></article>'


def test_a_citation_links_its_source_and_an_unknown_number_stays_text() -> None:
    shown = markdown_html("Yes. [1][7] And [1] again, `[1]` not.", answer_id="a", citations={1})
    assert shown.count('href="#src-a-1"') == 2
    assert "[7]" in shown
    assert "<code>[1]</code>" in shown


def test_an_answer_is_one_line_so_that_no_blank_line_ends_it() -> None:
    shown = answer_html(answer(sections=[Section(heading="Code", markdown="```\na\n\nb\n```\n\n- x\n\n- y")]))
    assert "\n" not in shown
    assert "a&#10;&#10;b" in shown


@pytest.mark.parametrize("typed", ["a < b & c", "line\nline", "<br>", '<p class="onco-said">x</p>', "&lt;", "¿Qué?\n\n\n*x*", "  spaced  ", "long < " * 200])
def test_what_was_typed_comes_back_from_the_page_as_it_was_typed(typed: str) -> None:
    assert said_text(said_html(typed, ENGLISH)) == typed


def test_the_safe_reply_names_whom_to_call_and_is_disclaimed() -> None:
    shown = error_html("en", "Oncolantern", reach("US", "en"))
    assert "call 911" in shown
    assert "1-800-4-CANCER" in shown
    assert "It is not medical advice." in shown
    assert "911" not in error_html("es", "Oncolantern", reach("ZZ", "es"))


def test_each_cell_of_a_table_knows_its_column_for_narrow_screens() -> None:
    from ui.markup import markdown_html

    shown = markdown_html('| | **Chemo** | Rays [1] |\n|---|---|---|\n| Place | Whole "body" | One place |')
    assert re.findall(r'<td data-label="([^"]*)"', shown) == ["", "Chemo", "Rays"]
    assert '<td data-label="a&quot; onmouseover=&quot;x">' in markdown_html('| a" onmouseover="x |\n|---|\n| b |')
