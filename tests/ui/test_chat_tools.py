"""What a person can do with a conversation: change, repeat, keep, print, forget and leave it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.ui.conftest import Visit

Open = Callable[..., Visit]
PAGES = re.compile(rb"/Type\s*/Page\b")


def stored(tab: Visit) -> str:
    return str(tab.page.evaluate("() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"))


def test_a_changed_question_replaces_its_answer_and_all_that_came_after(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    tab.ask("what does my stage mean")
    tab.page.locator("button[data-do=edit]").first.click()
    assert tab.page.input_value("#onco-question") == "What is immunotherapy?"
    tab.page.fill("#onco-question", "I have a fever on chemo")
    tab.page.keyboard.press("Enter")
    tab.page.locator("article[data-action=escalate]").wait_for()
    assert tab.page.locator(".onco-said").count() == 1
    assert tab.page.locator("article").count() == 1


def test_an_answer_is_asked_for_again_in_its_place(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    first = tab.page.locator("details.onco-source").first.get_attribute("id")
    tab.page.locator("button[data-do=again]").click()
    tab.page.wait_for_function("first => { const now = document.querySelector('details.onco-source'); return now && now.id !== first; }", arg=first)
    assert tab.page.locator(".onco-said").count() == 1


def test_a_reload_and_the_other_language_lose_nothing_and_a_new_tab_has_nothing(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    assert tab.page.context.cookies() == []
    assert "immunotherapy" not in str(tab.page.evaluate("() => JSON.stringify({...localStorage})"))
    tab.page.reload()
    tab.page.locator("article .onco-bottom-line").wait_for()
    tab.page.locator("header a.onco-language").click()
    tab.page.locator("html[lang=es] article .onco-bottom-line").wait_for()
    assert "immunotherapy" in tab.page.locator(".onco-said").inner_text()
    assert visit(scripted).page.locator("article").count() == 0


def test_a_conversation_is_kept_on_the_device_only_when_asked_and_one_button_deletes_it(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    tab.page.click("#onco-menu-open")
    tab.page.check("#onco-keep-here")
    tab.page.keyboard.press("Escape")
    later = visit(scripted)
    later.page.locator("article .onco-bottom-line").wait_for()
    later.page.click("#onco-menu-open")
    later.page.get_by_role("button", name="Delete everything from this device").click()
    later.page.locator("#onco-starters").wait_for()
    assert "immunotherapy" not in stored(later)
    assert "Standard" not in stored(later)


def test_leaving_clears_the_tab_and_takes_its_place_in_the_history(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    tab.page.route("https://www.weather.gov/**", lambda route: route.fulfill(body="<title>Weather</title>Sun", content_type="text/html"))
    asked = len(tab.requests)
    tab.page.click("#onco-leave")
    tab.page.wait_for_url("https://www.weather.gov/")
    assert [address for address in tab.requests[asked:] if scripted in address and "heartbeat" not in address] == []
    tab.page.unroute_all()
    assert "immunotherapy" not in stored(visit(scripted))
    tab.page.go_back()
    assert "immunotherapy" not in tab.page.content()


def test_looks_are_chosen_in_the_menu_and_stay(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.click("#onco-menu-open")
    for name in ("Large", "Dark", "Short and plain"):
        tab.page.get_by_role("radio", name=name).check()
    tab.page.reload()
    assert tab.page.evaluate("[document.documentElement.dataset.theme, document.documentElement.dataset.text, onco.look.level]") == ["dark", "large", "plain"]
    assert tab.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"


def test_a_visit_sheet_is_one_page_with_questions_sources_and_room_for_notes(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.evaluate("window.print = () => { window.printed = true; }")
    for _ in range(2):
        tab.ask("What is immunotherapy?")
    for number in range(3):
        tab.page.locator(".onco-keep").nth(number).click()
    assert "(3)" in tab.page.locator("#onco-mine").inner_text()
    tab.page.click("#onco-mine")
    for number in range(9):
        tab.page.fill("#onco-visit-new", f"My own question number {number}, which is long enough to take more than one line on a page of paper, I am sure?")
        tab.page.keyboard.press("Enter")
    tab.page.locator("[data-do=sheet-print]").click()
    sheet = tab.page.locator("#onco-print").text_content() or ""
    for expected in (
        "Is immunotherapy used for my kind of cancer?",
        "My own question number 1",
        "and 3 more",
        "National Cancer Institute, 2026",
        "100.4",
        "Notes",
    ):
        assert expected in sheet
    assert len(PAGES.findall(tab.page.pdf(format="Letter"))) == 1


def test_a_printed_answer_has_question_notice_passages_and_disclaimer_and_no_buttons(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.evaluate("window.print = () => {}")
    tab.ask("What is immunotherapy?")
    tab.page.locator("[data-do=print]").click()
    paper = tab.page.locator("#onco-print")
    text = paper.text_content() or ""
    for expected in (
        "What is immunotherapy?",
        "Printed from Oncolantern",
        "AI, not a doctor",
        "CAR T cells are made from",
        "https://www.cancer.gov/",
        "Not affiliated with NCCN",
    ):
        assert expected in text
    assert paper.locator("button").count() == 0


def test_a_reason_is_sent_as_a_word_of_a_list_and_own_words_only_with_consent(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    tab.page.locator("[data-do=not-helpful]").click()
    tab.page.get_by_label("Something is missing").check()
    tab.page.get_by_label("In your own words").fill("It left out rashes")
    with tab.page.expect_request("**/api/v1/feedback/reason") as sent:
        tab.page.locator(".onco-reasons button[type=submit]").click()
    assert sent.value.post_data_json["reason"] == "missing"
    assert sent.value.post_data_json["text"] == ""
    assert sent.value.response().status == 204  # type: ignore[union-attr]


def test_only_a_voice_of_the_device_reads_aloud(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    assert tab.page.evaluate("document.documentElement.dataset.speaks") == ""
    assert not tab.page.locator("[data-do=read]").is_visible()


def test_what_was_typed_and_not_sent_outlives_a_reload(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.fill("#onco-question", "What is a biop")
    tab.page.reload()
    assert tab.page.input_value("#onco-question") == "What is a biop"


@pytest.mark.slow
def test_a_lost_server_gives_the_question_back_with_a_clear_word(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.wait_for_timeout(1500)
    tab.page.route("**/gradio_api/**", lambda route: route.abort())
    tab.page.route("**/healthz", lambda route: route.abort())
    tab.page.fill("#onco-question", "What is immunotherapy?")
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("alert").filter(has_text="could not reach our server").wait_for(timeout=40_000)
    assert tab.page.input_value("#onco-question") == "What is immunotherapy?"
    tab.page.unroute_all()
    tab.page.wait_for_timeout(4000)  # Gradio finds its server again, and loads the page anew
    tab.page.locator("#onco-wire").wait_for(state="attached")
    assert tab.page.input_value("#onco-question") == "What is immunotherapy?"
    tab.page.focus("#onco-question")
    tab.page.keyboard.press("Enter")
    tab.page.locator("article[data-state=done]").wait_for(timeout=20_000)
    assert tab.page.locator(".onco-said").count() == 1
