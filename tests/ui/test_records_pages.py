"""The records pages in a real browser: a line that is lost, a server that is killed, a tab that is reloaded; and everybody can use them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route

from bot.settings import Settings
from tests.records.conftest import PNG
from tests.ui.conftest import ROOT, Visit, accessible, free_port, wait_for
from ui.records.ledger import REPLIES
from ui.records.submission import clean_reference
from ui.records.team import export_submission
from ui.records.vault import Vault

Open = Callable[..., Visit]
SERVE = """
import sys
from pathlib import Path
import uvicorn
from fastapi import FastAPI
from bot.settings import Settings
from ui.headers import SecurityHeaders
from ui.records.limits import Limits
from ui.records.routes import records_router
app = FastAPI()
app.include_router(records_router(Settings(data=Path(sys.argv[2])), Limits(uploads_per_hour=1000, pin_tries_per_quarter=1000)))
uvicorn.run(SecurityHeaders(app), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


class Server:
    """The records pages in a process of their own, which can be killed and started again at the same place."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", SERVE, str(self.port), str(self.data)], cwd=ROOT)
        wait_for(self.port, "/records", 60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("records"))
    yield running
    running.kill()


@pytest.fixture
def records(server: Server, visit: Open) -> Callable[..., Visit]:
    def open_page(path: str = "/records?lang=en", **look: object) -> Visit:
        return visit(server.url + path, ready="main h1", **look)

    return open_page


def choose(tab: Visit, *files: Path) -> None:
    tab.page.set_input_files("#files", [str(file) for file in files])


def until(tab: Visit, script: str, also: Callable[[], bool] = lambda: True) -> None:
    """Until the page says yes. (The pages' own policy forbids the evaluation that wait_for_function needs.)"""
    for _ in range(600):
        if tab.page.evaluate(script) and also():
            return
        tab.page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {script}: {tab.page.locator('main').inner_text()}")


class Line:
    """The line that pieces take: lets so many through, then holds the next until it is opened, so that no test races a clock."""

    def __init__(self, tab: Visit, let: int) -> None:
        self._let, self._held, self._tab = let, list[Route](), tab
        tab.page.route("**/files/**", self._handle)

    def _handle(self, route: Route) -> None:
        self._let -= 1
        if self._let >= 0:
            route.continue_()
        else:
            self._held.append(route)

    def full(self) -> None:
        """Until it has let through what it lets through."""
        until(self._tab, "true", lambda: bool(self._held))

    def open(self) -> None:
        """What is held goes on, and all that follows."""
        self._let = 1_000_000
        for route in self._held:
            route.continue_()

    def drop(self) -> None:
        """What is held is the matter of a page that goes; what follows passes."""
        self._let, self._held = 1_000_000, []

    def cut(self) -> None:
        """As when a phone loses its network: what is on the way is lost, and the next tries fail at once. It comes back with `back`."""
        self._tab.page.context.set_offline(True)
        for route in self._held:
            route.abort("internetdisconnected")
        self._held.clear()

    def back(self, let: int = 1_000_000) -> None:
        """The network is there again."""
        self._let = let
        self._tab.page.context.set_offline(False)


def codes(tab: Visit) -> tuple[str, str]:
    tab.page.locator("#receipt").wait_for(timeout=30_000)
    return tab.page.locator("#reference").inner_text(), tab.page.locator("#pin").inner_text()


def kept(server: Server, reference: str, out: Path) -> list[bytes]:
    return [path.read_bytes() for path in export_submission(Settings(data=server.data), reference, out) if not path.name.startswith("00")]


def pieces(tab: Visit) -> list[tuple[str, int]]:
    """Every piece the tab sent: file and offset."""
    return [
        (url.path.rsplit("/", 1)[-1], int(parse_qs(url.query)["offset"][0]))
        for url in map(urlsplit, tab.requests)
        if "/files/" in url.path and "offset=" in url.query
    ]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(6_000_000))
    return path


def test_an_upload_survives_a_server_that_is_killed_and_sends_nothing_acknowledged_twice(
    records: Callable[..., Visit], server: Server, scan: Path, tmp_path: Path
) -> None:
    tab = records()
    choose(tab, scan)
    tab.page.check("#consent")
    line = Line(tab, 3)
    tab.page.click("#send")
    line.full()
    server.kill()
    line.open()
    until(tab, "/Trying again/.test(document.getElementById('going').textContent)")
    server.start()
    reference, _ = codes(tab)
    assert kept(server, reference, tmp_path / "out") == [scan.read_bytes()]
    offsets = [offset for _, offset in pieces(tab)]
    # Only the piece that was on its way is sent again; what came before stays acknowledged over the kill.
    assert len(offsets) - len(set(offsets)) <= 8 and offsets == sorted(offsets)


def test_a_lost_line_is_told_and_sending_goes_on_by_itself(records: Callable[..., Visit], server: Server, scan: Path, tmp_path: Path) -> None:
    tab = records()
    choose(tab, scan)
    tab.page.check("#consent")
    line = Line(tab, 2)
    tab.page.click("#send")
    line.full()
    line.cut()
    try:
        tab.page.get_by_text("Sending goes on by itself when it is back").wait_for()
    finally:
        line.back()
    reference, _ = codes(tab)
    assert kept(server, reference, tmp_path / "out") == [scan.read_bytes()]


def test_after_a_reload_the_same_files_go_on_where_they_stopped(records: Callable[..., Visit], server: Server, scan: Path, tmp_path: Path) -> None:
    second = tmp_path / "page.png"
    second.write_bytes(PNG)
    tab = records()
    choose(tab, scan, second)
    tab.page.fill("#note", "typed once")
    tab.page.check("#consent")
    line = Line(tab, 5)
    tab.page.click("#send")
    line.full()
    before = max(offset for _, offset in pieces(tab))
    assert before > 1_000_000
    line.drop()
    tab.page.on("dialog", lambda dialog: dialog.accept())
    tab.page.reload()
    tab.page.locator("#unfinished").wait_for()
    assert not tab.page.locator("#note").is_visible() and not tab.page.locator("#consent").is_visible()
    assert tab.page.get_by_text("Still needed").count() == 2
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7\n" + os.urandom(500))
    choose(tab, other)
    assert "not one of the files that were cut off" in tab.page.locator("#problem").inner_text()
    # A phone may give the same photo another name the second time.
    renamed = tmp_path / "image-2.pdf"
    renamed.write_bytes(scan.read_bytes())
    choose(tab, renamed, second)
    tab.requests.clear()
    tab.page.click("#send")
    reference, _ = codes(tab)
    assert kept(server, reference, tmp_path / "out") == [scan.read_bytes(), PNG]
    assert min(offset for _, offset in pieces(tab)) >= before
    assert Vault(server.data).details(clean_reference(reference))[0].note == "typed once"


def test_stopping_keeps_nothing_and_says_so(records: Callable[..., Visit], server: Server, scan: Path) -> None:
    before = {folder.name for folder in (server.data / "records" / "files").iterdir()}
    tab = records()
    choose(tab, scan)
    tab.page.check("#consent")
    line = Line(tab, 2)
    tab.page.click("#send")
    line.full()
    with tab.page.expect_response(lambda response: response.request.method == "DELETE") as gone:
        tab.page.click("#cancel")
    assert gone.value.status == 204
    assert "Nothing was kept" in tab.page.locator("#problem").inner_text()
    assert {folder.name for folder in (server.data / "records" / "files").iterdir()} == before
    # The form is as it was: the same can be sent again.
    assert tab.page.locator("#send").is_enabled() and tab.page.locator("#chosen li").count() == 1


def test_a_file_that_is_not_taken_is_told_before_the_others_are_sent(records: Callable[..., Visit], server: Server, scan: Path, tmp_path: Path) -> None:
    program = tmp_path / "report.pdf"
    program.write_bytes(b"MZ\x90\x00" + bytes(300))
    tab = records()
    choose(tab, scan, program)
    tab.page.check("#consent")
    tab.page.click("#send")
    tab.page.locator("#problem").wait_for()
    assert "“report.pdf” is not a kind of file we can take" in tab.page.locator("#problem").inner_text()
    assert all(offset == 0 for _, offset in pieces(tab))
    tab.page.get_by_label("Remove: report.pdf").click()
    tab.page.click("#send")
    codes(tab)


def test_with_both_codes_people_see_the_answer_add_files_take_a_receipt_and_delete(
    records: Callable[..., Visit], server: Server, scan: Path, tmp_path: Path
) -> None:
    tab = records("/records?lang=en#question=" + "Is%20my%20colon%20cancer%20stage%203%3F")
    assert tab.page.locator("#question").input_value() == "Is my colon cancer stage 3?" and "#" not in tab.page.url
    assert "filled in your question" in tab.page.locator("#carried").inner_text()
    choose(tab, scan)
    tab.page.check("#consent")
    tab.page.click("#send")
    reference, pin = codes(tab)
    assert "Colon cancer" in tab.page.locator("section[aria-labelledby=meanwhile]").inner_text()
    Vault(server.data).say(REPLIES, clean_reference(reference), "nurse", "Please call us on Monday.\nWe read your report.", state="answered")
    tab.page.goto(f"{server.url}/records/status?lang=en")
    tab.page.fill("#reference", reference.lower())
    tab.page.fill("#pin", pin)
    tab.page.keyboard.press("Enter")
    tab.page.get_by_text("Please call us on Monday.").wait_for()
    assert "Answered" in tab.page.locator(".state").inner_text()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="Download a receipt").click()
    text = Path(download.value.path()).read_text()
    assert download.value.suggested_filename == f"receipt-{reference}.txt" and reference in text and not re.search(rf"\b{pin}\b", text)
    more = tmp_path / "more.png"
    more.write_bytes(PNG)
    choose(tab, more)
    tab.page.check("#consent")
    tab.page.click("#send")
    tab.page.locator("#added").wait_for()
    assert "1 more" in tab.page.locator("#added").inner_text() and tab.page.locator(".kept li").count() == 2
    # Something new came: it waits for the team again.
    assert "Waiting" in tab.page.locator(".state").inner_text()
    assert kept(server, reference, tmp_path / "out") == [scan.read_bytes(), PNG]
    tab.page.check("#sure")
    tab.page.get_by_role("button", name="Delete my files").click()
    tab.page.get_by_role("heading", name="Your files are deleted").wait_for()
    assert not (server.data / "records" / "files" / clean_reference(reference)).exists()


def clean(tab: Visit, state: str) -> None:
    accessible(tab.page, state)
    wide = tab.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{state}: scrolls sideways by {wide} px"


@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 320), ("es", True, 320), ("en", True, 1280)])
def test_axe_finds_nothing_in_any_state(
    records: Callable[..., Visit], server: Server, scan: Path, tmp_path: Path, language: str, dark: bool, width: int
) -> None:
    tab = records(f"/records?lang={language}#question=What%20is%20my%20stage%3F", dark=dark, width=width, height=700)
    clean(tab, "form")
    long = tmp_path / ("a-very-long-name-of-a-report-" * 5 + ".png")
    long.write_bytes(PNG)
    choose(tab, scan, long)
    clean(tab, "files chosen")
    tab.page.check("#consent")
    line = Line(tab, 3)
    tab.page.click("#send")
    line.full()
    clean(tab, "sending")
    line.cut()
    try:
        until(tab, "/solo|by itself/.test(document.getElementById('going').textContent)")
        clean(tab, "offline")
    finally:
        line.back(0)
    line.full()
    line.drop()
    tab.page.on("dialog", lambda dialog: dialog.accept())
    tab.page.reload()
    tab.page.locator("#unfinished").wait_for()
    clean(tab, "unfinished")
    choose(tab, scan, long)
    tab.page.click("#send")  # at once: files that are still being told apart are waited for
    reference, pin = codes(tab)
    clean(tab, "receipt")
    Vault(server.data).say(REPLIES, clean_reference(reference), "nurse", "Please call us.\nWe read it.", state="answered")
    tab.page.goto(f"{server.url}/records/status?lang={language}")
    clean(tab, "codes")
    tab.page.fill("#reference", reference)
    tab.page.fill("#pin", "1")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#problem").wait_for()
    clean(tab, "wrong pin")
    tab.page.fill("#reference", reference)
    tab.page.fill("#pin", pin)
    tab.page.keyboard.press("Enter")
    tab.page.locator(".reply").wait_for()
    clean(tab, "submission")
    tab.page.check("#sure")
    tab.page.click("button.danger")
    until(tab, "!document.querySelector('button.danger')")
    clean(tab, "deleted")
    assert not [line for line in tab.complaints if "net::ERR" not in line and "403" not in line]
