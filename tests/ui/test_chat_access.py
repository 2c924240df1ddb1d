"""The page for everybody: axe-core finds nothing in any state, and what it cannot see is looked at besides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.ui.conftest import Visit

Open = Callable[..., Visit]
# What passes need not be described node by node: a third of the time.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}, "resultTypes": ["violations"]}


def clean(tab: Visit, state: str) -> None:
    found = Axe().run(tab.page, options=RULES).response["violations"]
    assert not found, f"{state}: " + "; ".join(f"{one['id']} {one['nodes'][0]['html'][:120]}" for one in found)


@pytest.mark.parametrize(("path", "dark", "width", "height"), [("", False, 390, 844), ("/es/", True, 320, 568), ("", True, 640, 400)])
def test_axe_finds_nothing_in_any_state(visit: Open, scripted: str, path: str, dark: bool, width: int, height: int) -> None:
    """640 × 400 is a desk of 1280 × 800 at 200 % zoom."""
    tab = visit(scripted + path, dark=dark, width=width, height=height)
    clean(tab, "empty")
    tab.page.fill("#onco-question", "a slow one")
    tab.page.keyboard.press("Enter")
    tab.page.locator("article[data-state=streaming]").wait_for()
    clean(tab, "streaming")
    tab.page.locator("article[data-state=done]").wait_for(timeout=20_000)
    clean(tab, "answer")
    tab.page.locator("button[data-do=not-helpful]").click()
    clean(tab, "reasons")
    tab.page.locator("a.onco-cite").first.click()
    clean(tab, "source panel")
    tab.page.keyboard.press("Escape")
    tab.page.locator(".onco-keep").first.click()
    tab.page.click("#onco-mine")
    clean(tab, "my questions")
    tab.page.keyboard.press("Escape")
    tab.page.click("#onco-menu-open")
    clean(tab, "menu")
    tab.page.keyboard.press("Escape")
    for question, state in (("I have a fever on chemo", "escalate"), ("what does my stage mean", "redirect"), ("please fail", "error")):
        tab.ask(question, f"article[data-action={state}]")
        clean(tab, state)


def test_the_meaning_of_a_word_comes_by_keyboard_and_goes_with_escape(visit: Open, scripted: str) -> None:
    tab = visit(scripted)
    tab.ask("What is immunotherapy?")
    term = tab.page.locator(".onco-term").first
    term.focus()
    tip = tab.page.locator("#onco-tip")
    assert tip.is_visible()
    assert tip.inner_text() == tab.page.locator(f"#{term.get_attribute('aria-describedby')}").text_content()
    tab.page.keyboard.press("Escape")
    assert not tip.is_visible()
    assert term.evaluate("node => node === document.activeElement")


@pytest.mark.parametrize(("dark", "width"), [(False, 390), (True, 1280)])
def test_axe_finds_nothing_on_the_builder_and_on_published_pages(visit: Open, scripted: str, tmp_path: Path, dark: bool, width: int) -> None:
    from bot.settings import Settings
    from tests.ui.scripted import full_answer
    from ui.answers.manifest import Approval
    from ui.answers.site import approve, draft

    clean(visit(f"{scripted}/embed/demo", dark=dark, width=width, ready="#options"), "builder")
    settings = Settings(data=tmp_path / "data", public_url="https://onco.example")
    site = tmp_path / "site"
    draft(["What is immunotherapy?"], site, lambda _: full_answer(), settings)
    page = site / "what-is-immunotherapy.html"
    clean(visit(page.as_uri(), dark=dark, width=width, ready="h1"), "draft")
    clean(visit((site / "index.html").as_uri(), dark=dark, width=width, ready="h1"), "index")
    approve(["What is immunotherapy?"], site, Approval(by="A. Rivera, oncology nurse", on="2026-11-20"), "1", settings)
    clean(visit(page.as_uri(), dark=dark, width=width, ready="h1"), "reviewed")
