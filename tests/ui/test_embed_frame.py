"""The embed inside another site's page: it works where it is allowed and is refused where it is not."""

from __future__ import annotations

from collections.abc import Callable

from tests.ui.conftest import Hosts, Visit

Open = Callable[..., Visit]
Site = Callable[[int, str], str]


def refused(tab: Visit) -> bool:
    """Whether the browser said, within three seconds, that it will not show the frame."""
    for _ in range(30):
        if any("frame-ancestors" in complaint or "X-Frame-Options" in complaint for complaint in tab.complaints):
            return True
        tab.page.wait_for_timeout(100)
    return False


def test_an_allowed_site_frames_the_chat_and_it_answers_without_third_party_cookies(visit: Open, scripted: str, site: Site, hosts: Hosts) -> None:
    tab = visit(site(hosts.allowed, f"{scripted}/embed/"), ready="iframe")
    frame = tab.page.frame_locator("iframe")
    frame.locator("#onco-box textarea").fill("What is immunotherapy?")
    frame.locator("#onco-send").click()
    frame.locator("article[data-state=done] .onco-disclaimer").wait_for(timeout=20_000)
    inner = next(child for child in tab.page.frames if "/embed" in child.url)
    assert inner.evaluate("async () => await document.hasStorageAccess()") is False
    assert tab.page.context.cookies() == []


def test_a_site_that_is_not_named_cannot_frame_the_embed(visit: Open, scripted: str, site: Site, hosts: Hosts) -> None:
    tab = visit(site(hosts.stranger, f"{scripted}/embed/"), ready="iframe")
    assert refused(tab)
    assert tab.page.frame_locator("iframe").locator("#onco-box").count() == 0


def test_the_chat_page_itself_is_never_framed(visit: Open, scripted: str, site: Site, hosts: Hosts) -> None:
    tab = visit(site(hosts.allowed, f"{scripted}/"), ready="iframe")
    assert refused(tab)
    assert tab.page.frame_locator("iframe").locator("#onco-box").count() == 0
