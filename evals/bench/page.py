"""What a first visit to the chat page costs: bytes over the wire and seconds until a person can read, type and be answered.

    python -m evals.bench.page [--runs N]

A cold Chromium (Debian's, by Playwright; a development dependency) on a server of its own with the extractive model. Sizes are what travels,
compressed, headers included. *Typing* is when the box takes a question; *whole* is when Gradio is there too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.settings import EXTRACTIVE
from evals.bench._measure import load, machine
from evals.bench._server import running_server

CHROMIUM = Path("/usr/bin/chromium")
MAX_BYTES = 1_200_000
MAX_SECONDS = 2.5
_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def main() -> int:
    """Measure, print; 1 when the page is over its budget."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.page", description="What a first visit to the chat page costs.")
    parser.add_argument("--runs", type=int, default=5, help="cold visits (default: %(default)s)")
    args = parser.parse_args()
    if not CHROMIUM.exists():
        print(f"{CHROMIUM} is not installed: apt-get install chromium", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="oncolantern-page-") as folder, sync_playwright() as playwright:
        environment = {**os.environ, "ONCOLANTERN_DATA": folder, "ONCOLANTERN_MODEL": EXTRACTIVE}
        with running_server(environment) as server:
            address = f"http://127.0.0.1:{server.connection.port}/"
            visits = [_visit(playwright, address) for _ in range(args.runs)]
    middle = {name: statistics.median(visit[name] for visit in visits) for name in visits[0]}
    print(f"{machine()}; load average {load()}; median of {args.runs} cold visits")
    print(f"transfer    {middle['bytes'] / 1000:8.0f} kB in {middle['requests']:.0f} requests (at most {MAX_BYTES / 1000:.0f} kB)")
    for name in ("paint", "typing", "whole", "answered"):
        print(f"{name:<12}{middle[name]:8.2f} s")
    print(f"first interactive at most {MAX_SECONDS} s")
    return int(middle["bytes"] > MAX_BYTES or middle["typing"] > MAX_SECONDS)


def _visit(playwright: Any, address: str) -> dict[str, float]:
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
    try:
        page = browser.new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(address, wait_until="commit")
        page.locator("body[data-ready=true]").wait_for()
        typing = page.evaluate("performance.now()")
        page.locator("#onco-wire").wait_for(state="attached")
        whole = page.evaluate("performance.now()")
        page.wait_for_load_state("networkidle")
        paint, total, requests = page.evaluate(_PAINT), sum(sizes), len(sizes)
        started = page.evaluate("performance.now()")
        page.fill("#onco-question", "What is immunotherapy?")
        page.keyboard.press("Enter")
        page.locator("article[data-state=done]").wait_for()
        answered = page.evaluate("performance.now()") - started
        return {
            "bytes": total,
            "requests": requests,
            **{n: ms / 1000 for n, ms in (("paint", paint), ("typing", typing), ("whole", whole), ("answered", answered))},
        }
    finally:
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
