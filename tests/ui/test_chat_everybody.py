"""The page under the conditions people bring along: a keyboard and no mouse, a voice on the device, a browser that stores nothing, a hospital's own name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ui.conftest import Visit, free_port, wait_for

Open = Callable[..., Visit]
MOST_TABS = 160


def walk_to(tab: Visit, selector: str, key: str = "Tab") -> None:
    """Moves the focus with one key alone until it stands on the selector."""
    for _ in range(MOST_TABS):
        if tab.page.evaluate("selector => Boolean(document.activeElement?.matches(selector))", selector):
            return
        tab.page.keyboard.press(key)
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def focused_outline(tab: Visit) -> str:
    return str(tab.page.evaluate("() => { const s = getComputedStyle(document.activeElement); return `${s.outlineStyle} ${s.outlineWidth} ${s.boxShadow}`; }"))


def test_the_keyboard_alone_does_everything(visit: Open, scripted: str) -> None:
    tab = visit(scripted, width=1280, height=800)
    keys = tab.page.keyboard
    tab.page.evaluate("window.print = () => { window.printed = (window.printed || 0) + 1; }")
    # The first stop leads past the header to the box.
    tab.page.evaluate("document.activeElement?.blur?.()")
    walk_to(tab, "a.onco-skip")
    keys.press("Enter")
    walk_to(tab, "#onco-question")
    keys.type("What is immunotherapy?")
    keys.press("Enter")
    tab.page.locator("article[data-state=done]").wait_for()
    # A source opens, holds the focus, and gives it back.
    walk_to(tab, "a.onco-cite", "Shift+Tab")
    keys.press("Enter")
    assert tab.page.locator("#onco-source").is_visible()
    for _ in range(6):
        keys.press("Tab")
        assert tab.page.evaluate(
            "!document.hasFocus() || document.activeElement === document.body || document.querySelector('#onco-source').contains(document.activeElement)"
        )
    keys.press("Escape")
    assert tab.page.evaluate("document.activeElement.matches('a.onco-cite')")
    # A question is kept, a own one is added, the sheet is printed.
    walk_to(tab, ".onco-keep")
    keys.press("Enter")
    walk_to(tab, "#onco-mine")
    keys.press("Enter")
    walk_to(tab, "#onco-visit-new")
    keys.type("May I travel?")
    keys.press("Enter")
    walk_to(tab, "[data-do=sheet-print]")
    keys.press("Enter")
    assert "May I travel?" in (tab.page.locator("#onco-print").text_content() or "")
    keys.press("Escape")
    assert tab.page.evaluate("document.activeElement.id") == "onco-mine"
    # Looks, by arrow keys.
    walk_to(tab, "#onco-menu-open", "Shift+Tab")
    keys.press("Enter")
    walk_to(tab, "input[name=theme]")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    assert tab.page.evaluate("document.documentElement.dataset.theme") == "dark"
    keys.press("Escape")
    # A thumb with a reason, an edit, a stop.
    walk_to(tab, "[data-do=helpful]")
    keys.press("Enter")
    walk_to(tab, ".onco-reasons input[type=radio]")
    keys.press("Space")
    walk_to(tab, ".onco-reasons button[type=submit]")
    keys.press("Enter")
    walk_to(tab, "button[data-do=edit]", "Shift+Tab")
    keys.press("Enter")
    assert tab.page.evaluate("document.activeElement.id") == "onco-question"
    keys.press("Control+A")
    keys.type("a slow one")
    keys.press("Enter")
    tab.page.locator("article[data-state=streaming]").wait_for()
    walk_to(tab, "#onco-stop")
    keys.press("Enter")
    tab.page.locator("body[data-turn=idle]").wait_for()
    # A new conversation, and a starter.
    walk_to(tab, "#onco-new", "Shift+Tab")
    keys.press("Enter")
    walk_to(tab, "#onco-starters button", "Shift+Tab")
    keys.press("Enter")
    tab.page.locator("article[data-state=done]").wait_for()
    assert tab.complaints == []


@pytest.mark.parametrize("dark", [False, True])
def test_whoever_walks_by_keyboard_sees_where_they_are(visit: Open, scripted: str, dark: bool) -> None:
    tab = visit(scripted, dark=dark)
    tab.ask("What is immunotherapy?")
    tab.page.evaluate("document.activeElement.blur()")
    unseen = []
    for _ in range(60):
        tab.page.keyboard.press("Tab")
        name = tab.page.evaluate("document.activeElement === document.body ? '' : document.activeElement.outerHTML.slice(0, 80)")
        style, width, shadow = focused_outline(tab).split(" ", 2)
        if name and (style == "none" or width == "0px") and shadow == "none":
            unseen.append(name)
    assert unseen == []


# Voices as browsers have them: one of the device and one that sends the text away, preferred by the browser.
VOICES = """
window.spoken = [];
const voices = [{ lang: "en-US", localService: false, name: "far" }, { lang: "en-US", localService: true, name: "near" }];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, addEventListener() {}, cancel() { window.cancelled = (window.cancelled || 0) + 1; }, speak(said) { window.spoken.push(said); },
} });
"""


def test_an_answer_is_read_aloud_by_the_devices_voice_without_its_numbers_and_can_be_silenced(visit: Open, scripted: str) -> None:
    tab = visit(scripted, first=VOICES)
    tab.ask("What is immunotherapy?")
    button = tab.page.locator("[data-do=read]")
    button.click()
    spoken = tab.page.evaluate("spoken.map(said => [said.text, said.voice.name, said.lang])")
    text = " ".join(said[0] for said in spoken)
    assert {said[1] for said in spoken} == {"near"}
    assert "Checkpoint inhibitors take a brake off immune cells" in text
    assert "Part of regular care" in text
    assert "call 911" in text
    assert "[1]" not in text
    assert "cancer.gov" not in text
    assert "stop" in button.inner_text().lower()
    button.click()
    assert tab.page.evaluate("cancelled") == 1
    # From the start again, and silent when the last sentence is over.
    button.click()
    tab.page.evaluate("spoken.at(-1).onend()")
    assert "stop" not in button.inner_text().lower()


NO_STORE = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}
"""


def test_a_browser_that_stores_nothing_chats_as_well_and_is_not_offered_to_keep(visit: Open, scripted: str) -> None:
    tab = visit(scripted, first=NO_STORE)
    tab.ask("What is immunotherapy?")
    tab.page.locator(".onco-keep").first.click()
    assert "(1)" in tab.page.locator("#onco-mine").inner_text()
    tab.page.click("#onco-menu-open")
    assert tab.page.locator("#onco-keep-here").is_disabled()
    tab.page.get_by_role("radio", name="Dark").check()
    assert tab.page.evaluate("document.documentElement.dataset.theme") == "dark"
    ours = [said for said in tab.complaints if "onco" in said or "static/" in said]
    assert ours == []


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[str]:
    """A server that a hospital runs under its own name."""
    import uvicorn

    from bot.settings import Settings
    from tests.ui.scripted import Scripted
    from ui.server import create_app

    overlay = tmp_path / "overlay"
    overlay.mkdir()
    (overlay / "mark.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>')
    (overlay / "branding.yaml").write_text(
        'name: Lakeside Cancer Centre\nlogo: mark.svg\naccent: "#7a1f5c"\ncontact_line: Our help desk is at 555-0100.\nhome_url: https://lakeside.example.org\n'
    )
    port = free_port()
    settings = Settings(data=tmp_path / "data", overlay=overlay, country="UK")
    server = uvicorn.Server(uvicorn.Config(create_app(Scripted, settings), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(port, "/readyz", 30)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    thread.join(10)


def test_a_hospitals_page_bears_its_name_mark_colour_and_contact_line_and_its_countrys_numbers(visit: Open, hospital: str) -> None:
    tab = visit(hospital, width=1280, height=800)
    assert tab.page.title() == "Lakeside Cancer Centre"
    assert tab.page.locator(".onco-brand h1").inner_text() == "Lakeside Cancer Centre"
    assert tab.page.locator(".onco-brand h1 a").get_attribute("href") == "https://lakeside.example.org"
    assert tab.page.evaluate("document.querySelector('.onco-brand img').naturalWidth > 0")
    assert tab.page.locator(".onco-welcome .onco-contact").inner_text() == "Our help desk is at 555-0100."
    assert tab.page.evaluate("getComputedStyle(document.querySelector('#onco-send')).backgroundColor") == "rgb(122, 31, 92)"
    assert "999" in tab.page.locator(".onco-standing-notice").inner_text()
    assert "Oncolantern" not in tab.page.locator("body").inner_text()
    assert all(address.startswith((hospital, "data:")) for address in tab.requests)
