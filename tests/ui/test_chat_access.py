"""The page for everybody: axe-core finds nothing in any state, and what it cannot see is looked at besides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.conftest import Visit, accessible
from tests.ui.scripted import Scripted

Open = Callable[..., Visit]


@pytest.mark.parametrize(("path", "dark", "width", "height"), [("", False, 390, 844), ("/es/", True, 320, 568), ("", True, 640, 400)])
def test_axe_finds_nothing_in_any_state(visit: Open, scripted: str, path: str, dark: bool, width: int, height: int) -> None:
    """640 × 400 is a desk of 1280 × 800 at 200 % zoom."""
    tab = visit(scripted + path, dark=dark, width=width, height=height)
    accessible(tab.page, "empty")
    tab.page.fill("#onco-question", "a slow one")
    tab.page.keyboard.press("Enter")
    tab.page.locator("article[data-state=streaming]").wait_for()
    accessible(tab.page, "streaming")
    Scripted.hurry.set()
    tab.page.locator("article[data-state=done]").wait_for(timeout=20_000)
    accessible(tab.page, "answer")
    tab.page.locator("button[data-do=not-helpful]").click()
    accessible(tab.page, "reasons")
    tab.page.locator("a.onco-cite").first.click()
    accessible(tab.page, "source panel")
    tab.page.keyboard.press("Escape")
    tab.page.locator(".onco-keep").first.click()
    tab.page.click("#onco-mine")
    accessible(tab.page, "my questions")
    tab.page.keyboard.press("Escape")
    tab.page.click("#onco-menu-open")
    accessible(tab.page, "menu")
    tab.page.keyboard.press("Escape")
    for question, state in (("I have a fever on chemo", "escalate"), ("what does my stage mean", "redirect"), ("please fail", "error")):
        tab.ask(question, f"article[data-action={state}]")
        accessible(tab.page, state)


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

    accessible(visit(f"{scripted}/embed/demo", dark=dark, width=width, ready="#options").page, "builder")
    settings = Settings(data=tmp_path / "data", public_url="https://onco.example")
    site = tmp_path / "site"
    draft(["What is immunotherapy?"], site, lambda _: full_answer(), settings)
    page = site / "what-is-immunotherapy.html"
    accessible(visit(page.as_uri(), dark=dark, width=width, ready="h1").page, "draft")
    accessible(visit((site / "index.html").as_uri(), dark=dark, width=width, ready="h1").page, "index")
    approve(["What is immunotherapy?"], site, Approval(by="A. Rivera, oncology nurse", on="2026-11-20"), "1", settings)
    accessible(visit(page.as_uri(), dark=dark, width=width, ready="h1").page, "reviewed")
