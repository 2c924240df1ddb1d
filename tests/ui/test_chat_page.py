"""The page in a real browser, with hand-written turns: every state, on a phone and in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from tests.ui.conftest import Visit
from tests.ui.scripted import Scripted

Open = Callable[..., Visit]

# What of the page is wider than the screen, or a control smaller than a finger (links inside a sentence excepted).
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"
IN_VIEW = """(what) => { const box = document.querySelector(what).getBoundingClientRect(); return box.top >= 0 && box.bottom < innerHeight; }"""
TOO_SMALL = """() => [...document.querySelectorAll('button, summary, textarea, a.onco-button, header a')]
  .filter((node) => node.checkVisibility() && !node.matches('.onco-skip, .onco-term'))
  .filter((node) => node.getBoundingClientRect().height < 44).map((node) => node.outerHTML.slice(0, 80))"""


def test_a_question_is_searched_for_checked_streamed_and_answered(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.fill("#onco-box textarea", "What is slow immunotherapy?")
    tab.page.click("#onco-send")
    # It stands below the conversation until the turn has a message of its own, then in there: for a moment both are in the document.
    tab.page.get_by_text("Searching our library…").filter(visible=True).first.wait_for()
    tab.page.get_by_text("Checking every sentence").wait_for()
    tab.page.locator("article[data-state=streaming]", has_text="It is given in several ways").wait_for()
    assert tab.page.locator("#onco-stop").is_visible()
    assert not tab.page.locator("#onco-send").is_visible()
    Scripted.hurry.set()
    tab.page.locator("article[data-state=done]").wait_for(timeout=20_000)
    answer = tab.page.locator("article[data-state=done]")
    assert "Standard:" in answer.inner_text()
    assert "Not recommended:" in answer.inner_text()
    assert answer.locator(".onco-disclaimer").inner_text().startswith("This answer was written by an AI")
    assert tab.page.locator("#onco-send").is_visible()
    assert tab.page.input_value("#onco-box textarea") == ""


def test_a_redirect_starts_with_the_upload_call(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What does my stage mean for me?")
    first = tab.page.locator("article > section").first
    assert "onco-upload" in (first.get_attribute("class") or "")
    assert first.locator("a.onco-button").get_attribute("href") == "/records"


def test_the_question_travels_to_our_own_upload_page_where_it_can_be_taken_out_and_to_no_other_site(visit: Open, scripted: str) -> None:
    tab = visit(f"{scripted}/es/")
    tab.ask("What does my stage mean & what now?")
    link = tab.page.locator("article .onco-upload a").first
    with tab.page.context.expect_page() as opened:
        link.click()
    upload = opened.value
    upload.locator("#carried").wait_for()
    assert upload.locator("#question").input_value() == "What does my stage mean & what now?" and "#" not in upload.url
    # In the language of the answer, which is scripted in English.
    assert "lang=en" in upload.url and "Change it, or take it out" in upload.locator("#carried").inner_text()
    upload.close()
    assert link.get_attribute("href") == "/records"
    tab.page.evaluate(
        """() => {
            const link = document.querySelector("article .onco-upload a");
            link.href = "http://localhost:9/records";
            link.addEventListener("click", (event) => { event.preventDefault(); });
            document.addEventListener("click", () => { window.led = link.href; });
        }"""
    )
    link.click()
    assert tab.page.evaluate("window.led") == "http://localhost:9/records"


def test_an_escalation_starts_with_whom_to_call_and_alerts(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("I have a fever on chemo")
    first = tab.page.locator("article > section").first
    assert first.get_attribute("role") == "alert"
    assert first.locator("a[href='tel:911']").is_visible()
    assert first.locator("a[href='sms:988']").is_visible()
    box = first.bounding_box()
    assert box is not None and box["y"] + 100 < 844  # in view without scrolling


def test_a_long_message_does_not_push_the_number_to_call_off_the_screen(visit: Open, scripted: str) -> None:
    for width, height in ((320, 256), (390, 844)):
        tab = visit(scripted, width=width, height=height)
        tab.page.fill("#onco-box textarea", "I have a fever. " + "And then this happened. " * 100)
        tab.page.click("#onco-send")
        tab.page.locator(".onco-escalate").wait_for()
        tab.page.wait_for_function(IN_VIEW, arg=".onco-escalate h3", timeout=3000)


def test_a_failed_turn_shows_the_safe_reply_and_the_box_still_works(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("please fail", ".onco-error")
    shown = tab.page.locator(".onco-error").inner_text()
    assert "scripted failure" not in shown
    assert "call your care team" in shown
    assert "find cancer cells" not in shown  # half an answer is no answer
    tab.ask("What is immunotherapy?", ".onco-bottom-line")
    assert tab.page.locator(".onco-bottom-line").is_visible()


def test_stop_ends_the_answer_and_says_so(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.fill("#onco-box textarea", "a slow one")
    tab.page.keyboard.press("Enter")
    tab.page.locator("article[data-state=streaming]", has_text="find cancer cells").wait_for()
    tab.page.click("#onco-stop")
    tab.page.get_by_text("You stopped this answer").wait_for()
    tab.page.wait_for_timeout(1200)
    assert tab.page.locator(".onco-bottom-line").count() == 0
    tab.ask("What is immunotherapy?", ".onco-bottom-line")


def test_followups_and_starters_ask_themselves_and_a_new_conversation_is_empty(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.get_by_role("button", name="What do cancer stages mean?").click()
    tab.page.locator("article[data-state=done]").wait_for(timeout=20_000)
    tab.page.get_by_role("button", name="What is a biomarker test?").click()
    tab.page.locator("article[data-state=done]").nth(1).wait_for(timeout=20_000)
    assert "What is a biomarker test?" in tab.page.locator(".onco-said").nth(1).inner_text()
    tab.page.get_by_role("button", name="New chat").click()
    tab.page.locator("#onco-starters").wait_for()
    assert tab.page.locator("article").count() == 0


def test_what_is_typed_is_shown_as_typed(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    typed = "<img src=x onerror=alert(1)> *not bold* <!-- & $x$ &amp;"
    tab.ask(typed)
    assert typed in tab.page.locator(".onco-said").inner_text()
    assert tab.page.locator(".onco-said img").count() == 0


def test_a_copied_answer_is_readable_text_with_its_sources(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.ask("What is immunotherapy?")
    tab.page.get_by_role("button", name="Copy answer").click()
    tab.page.get_by_role("button", name="Copied").wait_for()
    text = tab.page.evaluate("navigator.clipboard.readText()")
    assert "find cancer cells and fight them.[1]" in text
    assert "Open the source: https://www.cancer.gov/about-cancer/treatment/types/immunotherapy" in text
    assert "CAR T cells are made from" in text
    assert "Not affiliated with NCCN" in text
    assert "Helpful" not in text and "<" not in text


def test_a_thumb_is_counted_by_topic_and_action_only(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    with tab.page.expect_request("**/api/v1/feedback") as sent:
        tab.page.get_by_role("button", name="Helpful", exact=True).click()
    body = sent.value.post_data_json
    assert set(body) == {"topic", "action", "helpful"}
    assert body["action"] == "answer"
    assert sent.value.response().status == 204  # type: ignore[union-attr]
    assert tab.page.get_by_role("button", name="Helpful", exact=True).get_attribute("aria-pressed") == "true"


def test_nothing_scrolls_sideways_and_every_control_fits_a_finger(visit: Open, scripted: str) -> None:
    tab = visit(scripted, width=320, height=568)
    assert not tab.page.evaluate(TOO_WIDE)
    assert tab.page.evaluate(TOO_SMALL) == []
    for question in ("What is immunotherapy?", "fever", "What does my stage mean?"):
        tab.ask(question)
    for width, height in [(320, 568), (390, 844), (1280, 800)]:
        tab.page.set_viewport_size({"width": width, "height": height})
        assert not tab.page.evaluate(TOO_WIDE), width
        assert tab.page.evaluate(TOO_SMALL) == [], width


def test_the_dark_page_is_dark_and_readable(visit: Open, scripted: str) -> None:
    tab = visit(scripted, dark=True)
    tab.ask("What is immunotherapy?")
    colours = tab.page.evaluate("""() => { const seen = (node) => getComputedStyle(document.querySelector(node));
        return [seen('body').backgroundColor, seen('article p').color, seen('#onco-box textarea').backgroundColor, seen('#onco-box textarea').color]; }""")
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) / 3 for colour in colours]
    assert light[0] < 60 and light[2] < 80
    assert light[1] > 180 and light[3] > 180


def test_no_request_leaves_for_another_host_and_the_console_is_quiet(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    tab.page.locator("a.onco-cite").first.click()
    hosts = {urlsplit(address).netloc for address in tab.requests if not address.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(scripted).netloc}
    assert tab.complaints == []


def test_the_spanish_page_speaks_spanish(visit: Open, scripted: str) -> None:
    tab = visit(f"{scripted}/es/")
    assert tab.page.evaluate("document.documentElement.lang") == "es"
    assert tab.page.get_by_role("button", name="Enviar").is_visible()
    assert tab.page.get_by_role("textbox", name="Su pregunta").is_visible()
    assert "llame al 911" in tab.page.locator("header").inner_text()


def test_a_citation_opens_a_panel_with_the_passage_and_gives_the_focus_back(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    link = tab.page.locator("a.onco-cite[href$='-2']").first
    link.click()
    panel = tab.page.get_by_role("dialog", name="Source 2")
    panel.wait_for()
    shown = panel.inner_text()
    for expected in ("T-cell Transfer Therapy", "National Cancer Institute, 2025", "Reviewed on 2026-11-01", "CAR T cells are made from"):
        assert expected in shown
    assert panel.get_by_role("link", name="Open the source").get_attribute("href") == "https://www.cancer.gov/"
    assert tab.page.evaluate("document.activeElement.closest('dialog')?.id") == "onco-source"
    tab.page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert link.evaluate("node => node === document.activeElement")


def test_a_finished_answer_is_read_once_and_never_word_by_word(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.page.evaluate("""() => { window.heard = []; new MutationObserver(() => { const text = document.getElementById('onco-live').textContent;
        if (text) window.heard.push(text); }).observe(document.getElementById('onco-live'), {childList: true}); }""")
    tab.ask("What is immunotherapy?")
    tab.page.wait_for_function("() => window.heard.length > 0")
    tab.page.wait_for_timeout(300)
    (heard,) = tab.page.evaluate("window.heard")
    assert heard.startswith("Answer ready. What is immunotherapy?")
    assert heard.count("take a brake off immune cells") == 1
    assert "Source" not in heard
    assert tab.page.locator("#onco-live").get_attribute("aria-live") == "polite"
    assert tab.page.locator("#onco-chat [role=log]").get_attribute("aria-live") == "off"
    assert tab.page.locator("[data-testid=bot][aria-label]").count() == 0


def test_a_question_asked_before_the_page_is_whole_is_kept_and_answered(visit: Open, scripted: str) -> None:
    """Gradio's scripts are held back: what was typed before them must not be lost."""
    tab = visit("about:blank", ready="")
    held = []
    tab.page.route("**/assets/*.js", lambda route: held.append(route) if len(held) < 1 else route.continue_())
    tab.page.goto(scripted, wait_until="commit")
    tab.page.locator("body[data-ready=true]").wait_for()
    tab.page.fill("#onco-question", "What is immunotherapy?")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#onco-waiting", has_text="What is immunotherapy?").wait_for()
    assert tab.page.locator("#onco-stop").is_visible()
    held[0].continue_()
    tab.page.locator("article[data-state=done]").wait_for(timeout=20_000)
    assert tab.page.locator(".onco-said").count() == 1
    assert not tab.page.locator("#onco-waiting").is_visible()


def test_whom_to_call_stays_in_view_for_the_rest_of_the_conversation(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("I have a fever on chemo")
    pinned = tab.page.locator("#onco-pinned")
    assert not pinned.is_visible()  # the card itself is
    tab.ask("What is immunotherapy?")
    call = pinned.locator("a[href='tel:911']")
    call.wait_for()
    tab.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert call.is_visible()
    tab.page.reload()
    tab.page.locator("article").nth(1).wait_for()
    tab.page.wait_for_function(
        "document.querySelector('#onco-pinned a')?.checkVisibility() || document.querySelector('.onco-urgent a').getBoundingClientRect().bottom > 0"
    )
    tab.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    call.wait_for()


def test_the_number_to_call_is_on_the_screen_at_once_on_the_smallest_phone(visit: Open, scripted: str) -> None:
    tab = visit(scripted, width=320, height=600)
    tab.ask("I have a fever on chemo now, at night")
    tab.page.wait_for_function(
        """[...document.querySelectorAll("article a[href='tel:911'], #onco-pinned a[href='tel:911']")].some((link) => {
            const box = link.getBoundingClientRect();
            return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) === link;
        })"""
    )
