"""One browser, one scripted server and one real server for all tests of the page."""

from __future__ import annotations

import http.client
import http.server
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--test-third-party-cookie-phaseout",
]  # fmt: skip
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, path: str, seconds: float) -> None:
    """Until the path answers 200."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{path} did not answer in {seconds} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser: {CHROMIUM} is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Hosts:
    """Two sites that frame the embed: one we allow and one we do not."""

    allowed: int = field(default_factory=free_port)
    stranger: int = field(default_factory=free_port)


@pytest.fixture(scope="session")
def hosts() -> Hosts:
    return Hosts()


@pytest.fixture(scope="session")
def scripted(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose turns are hand-written."""
    import uvicorn

    from bot.settings import Settings
    from tests.ui.scripted import Scripted
    from ui.server import create_app

    port = free_port()
    settings = Settings(data=tmp_path_factory.mktemp("scripted"), embed_origins=(f"http://localhost:{hosts.allowed}",))
    server = uvicorn.Server(uvicorn.Config(create_app(Scripted, settings), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(port, "/readyz", 30)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def real(prepared: Path) -> Iterator[str]:
    """The address of the product itself, started as its users start it."""
    port = free_port()
    environment = {**os.environ, "ONCOLANTERN_DATA": str(prepared)}
    process = subprocess.Popen([sys.executable, "-m", "ui.cli", "serve", "--port", str(port)], cwd=ROOT, env=environment)
    try:
        wait_for(port, "/readyz", 120)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def site(hosts: Hosts) -> Iterator[Callable[[int, str], str]]:
    """Serves a page that frames an address; gives that page's own address, on `localhost`, another site than 127.0.0.1."""
    servers: list[http.server.HTTPServer] = []

    def serve(port: int, framed: str) -> str:
        page = f'<!doctype html><title>host</title><iframe src="{framed}" width="380" height="700" title="chat"></iframe>'.encode()

        class Host(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Host)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://localhost:{port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


# What passes need not be described node by node.
AXE_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}, "resultTypes": ["violations"]}


def accessible(page: Page, state: str) -> None:
    """Fails with what axe-core finds in the page as it stands.

    axe_playwright_python's own run sends the script of 570 kB anew for each look at the same page and fetches all that passed: twice the time.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    page.wait_for_load_state()  # without its style sheet a page has other colours
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(rules) => axe.run(rules).then(({ passes, violations }) => [passes.length, violations])", AXE_RULES)
    assert found[0], f"{state}: axe looked at nothing"
    assert not found[1], f"{state}: " + "; ".join(f"{one['id']} {one['nodes'][0]['html'][:120]}" for one in found[1])


@dataclass
class Visit:
    """A tab, with everything it asked for and complained about."""

    page: Page
    requests: list[str]
    complaints: list[str]

    def ask(self, text: str, until: str = "article[data-state=done]") -> None:
        """Types a question and waits for its answer."""
        before = self.page.locator(until).count()
        # A panel that just closed gives the focus back in a task of its own; on a busy machine that came between typing and Enter.
        self.page.evaluate("() => new Promise(done => setTimeout(done, 50))")
        self.page.fill("#onco-box textarea", text)
        self.page.locator("#onco-box textarea").press("Enter")
        self.page.locator(until).nth(before).wait_for(timeout=20_000)


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all tabs, so that the assets of the page are loaded once."""
    profile = browser.new_context()
    profile.set_default_timeout(15_000)
    yield profile
    profile.close()


@pytest.fixture
def visit(context: BrowserContext) -> Iterator[Callable[..., Visit]]:
    """Opens addresses in tabs of their own: `visit(url, width=390, height=844, dark=False)`; `first` is a script that runs before ours."""
    from tests.ui.scripted import Scripted

    Scripted.hurry.clear()
    tabs: list[Page] = []

    def open_page(url: str, *, width: int = 390, height: int = 844, dark: bool = False, ready: str = "#onco-box textarea", first: str = "") -> Visit:
        page = context.new_page()
        if first:
            page.add_init_script(first)
        tabs.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        tab = Visit(page, [], [])
        page.on("request", lambda request: tab.requests.append(request.url))
        page.on("console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        page.goto(url)
        if ready:
            page.locator(ready).wait_for()
        return tab

    yield open_page
    for page in tabs:
        page.close()
