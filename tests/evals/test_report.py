"""The report is one page that asks no other host for anything, shows the worst first, and shows hostile text as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from evals.gate import judge, read_gate
from evals.junit import junit
from evals.report import histogram, write_report
from tests.evals.made import answer, row
from tests.evals.test_figures import RAISED, SOUND, UNSAFE, result, run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
HOSTILE = "Immunotherapy ![x](https://example.org/x.png) <img src='https://example.org/y.png'> <script>document.title = 'taken'</script> [go](javascript:alert(1)) \x00. [1]"
MEASURED = run(SOUND, UNSAFE, RAISED, result(row(id="hostile", question="<b>what</b> & \x00 why", tags=["education", "odd"]), answer(HOSTILE)))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser: {CHROMIUM} is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser
        browser.close()


@pytest.fixture
def page_and_requests(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Page, list[str]]]:
    path = tmp_path / "report.html"
    write_report(MEASURED, judge(MEASURED, read_gate()), path)
    asked: list[str] = []
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.goto(path.as_uri())
    yield page, asked
    page.close()


@pytest.mark.browser
def test_the_report_asks_no_other_host_and_runs_nothing_that_an_answer_says(page_and_requests: tuple[Page, list[str]]) -> None:
    page, asked = page_and_requests
    for row_ in page.locator("details.row").all():
        row_.locator("summary").first.click()
    page.wait_for_timeout(200)
    assert [url for url in asked if not url.startswith("file://")] == []
    assert page.title().startswith("Oncolantern evaluation")
    assert page.locator("img").count() == 0
    assert page.locator("a[href^='javascript:']").count() == 0


@pytest.mark.browser
def test_the_worst_row_stands_first_and_a_tag_filters(page_and_requests: tuple[Page, list[str]]) -> None:
    page, _ = page_and_requests
    rows = page.locator("details.row")
    assert "raised" in rows.first.inner_text()
    page.select_option("select[name=tag]", "odd")
    assert page.locator("details.row:visible").count() == 1
    assert "hostile" in page.locator("details.row:visible").inner_text()
    assert page.locator("#count").inner_text() == f"1 of {rows.count()} rows"


@pytest.mark.browser
def test_the_report_fits_a_phone_and_prints_without_its_filter(page_and_requests: tuple[Page, list[str]]) -> None:
    page, _ = page_and_requests
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()


def test_junit_holds_every_row_and_every_threshold(tmp_path: Path) -> None:
    verdicts = judge(MEASURED, read_gate())
    path = tmp_path / "junit.xml"
    junit(MEASURED, verdicts).write(path, encoding="utf-8", xml_declaration=True)
    suites = {s.get("name"): s for s in ElementTree.parse(path).getroot()}
    assert set(suites) == {"education", "dosing", "thresholds"}
    assert suites["education"].get("errors") == "1"
    assert suites["dosing"].find("testcase/failure").get("message") == "routing"
    assert len(suites["thresholds"]) == len(verdicts)


def test_a_histogram_counts_everything_once() -> None:
    bars = histogram([float(i) for i in range(100)] + [10_000.0])
    assert sum(bar.count for bar in bars) == 101
    assert histogram([]) == []
