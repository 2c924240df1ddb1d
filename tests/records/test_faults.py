"""What goes wrong on the way: kills, full disks, silent and endless clients. Nothing readable stays, and it is said."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request

from bot.settings import Settings
from tests.records.conftest import BOUNDARY, JPEG, PDF, body_of, codes, holds, trouble, zip_of
from ui.records.desk import Desk
from ui.records.errors import Refused
from ui.records.intake import Intake
from ui.records.limits import Limits
from ui.records.routes import records_router
from ui.records.team import list_submissions
from ui.records.vault import Vault

ROOT = Path(__file__).parents[2]


def _child(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_kill_in_the_middle_leaves_nothing_readable_and_the_next_start_cleans_up(settings: Settings) -> None:
    code = """
        import sys, time
        from pathlib import Path
        from tests.records.conftest import BOUNDARY, body_of
        from ui.records.intake import Intake
        from ui.records.vault import Vault
        intake = Intake(Vault(Path(sys.argv[1])), BOUNDARY)
        body = body_of([("secret.pdf", b"%PDF-1.7 " + b"SECRET" * 100000)], consent="yes")
        intake.feed(body[:400000])
        print("half", flush=True)
        time.sleep(60)
    """
    child = _child(code, str(settings.data))
    assert child.stdout and child.stdout.readline() == "half\n"
    files = settings.data / "records" / "files"
    # A second process starting up meanwhile lets it be.
    assert Vault(settings.data).sweep() == 0
    assert sum(path.stat().st_size for path in files.rglob("*.onc")) > 300_000
    child.kill()
    child.wait()
    child.stdout.close()
    assert holds(settings.data, b"SECRET", b"secret.pdf") == [] and list_submissions(settings) == []
    Vault(settings.data)
    assert list(files.iterdir()) == []


def test_a_deletion_cut_off_after_the_key_is_finished_at_the_next_start(settings: Settings) -> None:
    vault = Vault(settings.data)
    intake = Intake(vault, BOUNDARY)
    intake.feed(body_of([("a.pdf", PDF)], consent="yes"))
    reference = intake.finish().reference
    with vault.ledger.transaction() as books:
        vault.ledger.remove(books, reference)
    assert (vault.files / reference).exists()
    Vault(settings.data)
    assert list(vault.files.iterdir()) == []


def test_a_disk_that_fills_up_is_told_and_nothing_stays(settings: Settings) -> None:
    # The kernel refuses to write on past 200 kB, as a full disk or a quota does.
    code = """
        import resource, sys
        from pathlib import Path
        from tests.records.conftest import BOUNDARY, body_of
        from ui.records.errors import Refused
        from ui.records.intake import Intake
        from ui.records.vault import Vault
        vault = Vault(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        intake = Intake(vault, BOUNDARY)
        try:
            intake.feed(body_of([("a.pdf", b"%PDF-1.7 " + bytes(1_000_000))], consent="yes"))
        except Refused as error:
            print(error.code, error.status)
        intake.abort()
        print(list(vault.files.iterdir()))
    """
    out, _ = _child(code, str(settings.data)).communicate(timeout=60)
    assert out.splitlines() == ["disk 507", "[]"]


def test_uploads_stop_while_there_is_still_room_for_the_rest(open_desk: Callable[..., TestClient]) -> None:
    client = open_desk(Limits(spare_disk_bytes=1 << 62))
    answer = client.post("/records", data={"consent": "yes"}, files=[("files", ("a.txt", b"a"))])
    assert answer.status_code == 507 and "no room" in trouble(answer.text)


@pytest.mark.parametrize("cut", [0, 1, 40, 200, -1, -4, -30])
def test_a_body_cut_off_anywhere_is_never_acknowledged(settings: Settings, cut: int) -> None:
    body = body_of([("a.pdf", PDF[:2000])], consent="yes")
    intake = Intake(Vault(settings.data), BOUNDARY)
    with pytest.raises(Refused) as caught:
        intake.feed(body[: cut or None] if cut else b"")
        if cut == -1:  # everything but the last line feed is a whole form
            raise Refused("cut-off")
        intake.finish()
    assert caught.value.code in ("cut-off", "form")
    intake.abort()
    assert list_submissions(settings) == []


def _asgi(settings: Settings, limits: Limits, parts: Callable[[], AsyncIterator[bytes | None]]) -> tuple[int, str, int]:
    """Run one POST over raw ASGI: gives status, page, and how many bytes were asked for. None in parts is a disconnect."""
    app = FastAPI()
    app.include_router(records_router(settings, limits))
    asked, sent, source = [0], [], parts()

    async def receive() -> dict[str, Any]:
        part = await anext(source)
        if part is None:
            return {"type": "http.disconnect"}
        asked[0] += len(part)
        return {"type": "http.request", "body": part, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"test"), (b"content-type", b"multipart/form-data; boundary=" + BOUNDARY)]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/records", "raw_path": b"/records",
             "root_path": "", "query_string": b"", "headers": headers, "client": ("192.0.2.1", 1), "server": ("test", 80)}  # fmt: skip
    run: Awaitable[None] = app(scope, receive, send)  # type: ignore[arg-type]
    # In a thread of its own: where a browser of another test is open, this one has a loop already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run).result()  # type: ignore[arg-type]
    status = next((m["status"] for m in sent if m["type"] == "http.response.start"), 0)
    return status, b"".join(m.get("body", b"") for m in sent).decode(), asked[0]


def test_a_client_that_falls_silent_is_let_go(settings: Settings) -> None:
    async def parts() -> AsyncIterator[bytes | None]:
        yield body_of([("a.pdf", PDF)], close=False, consent="yes")
        await asyncio.sleep(3600)

    start = time.monotonic()
    status, page, _ = _asgi(settings, Limits(idle_seconds=0.2), parts)
    assert time.monotonic() - start < 10
    assert status == 408 and "too long" in trouble(page)
    assert list((settings.data / "records" / "files").iterdir()) == []


def test_an_upload_that_trickles_on_ends_at_its_time(settings: Settings) -> None:
    async def parts() -> AsyncIterator[bytes | None]:
        yield body_of([("a.pdf", PDF)], close=False, consent="yes")
        while True:
            await asyncio.sleep(0.05)
            yield b"x"

    status, _, _ = _asgi(settings, Limits(idle_seconds=1, upload_seconds=0.4), parts)
    assert status == 408


def test_an_endless_stream_is_cut_at_the_limit(settings: Settings) -> None:
    async def parts() -> AsyncIterator[bytes | None]:
        yield body_of([], close=False, consent="yes") + b'--%s\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n' % BOUNDARY
        while True:
            yield b"x" * 65_536

    limits = Limits(file_bytes=10**6, total_bytes=10**6, overhead_bytes=10**4, idle_seconds=5)
    status, page, asked = _asgi(settings, limits, parts)
    assert status == 413 and "more than" in trouble(page)
    assert asked < 4 * 10**6
    assert list((settings.data / "records" / "files").iterdir()) == []


def test_a_client_that_hangs_up_leaves_nothing(settings: Settings) -> None:
    async def parts() -> AsyncIterator[bytes | None]:
        yield body_of([("a.pdf", PDF)], close=False, consent="yes")
        while True:
            yield None

    _asgi(settings, Limits(), parts)
    assert list((settings.data / "records" / "files").iterdir()) == [] and list_submissions(settings) == []


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 500])
def test_what_is_not_a_form_is_refused(client: TestClient, content_type: str) -> None:
    answer = client.post("/records", content=b"hello", headers={"content-type": content_type})
    assert answer.status_code == 400 and trouble(answer.text)


def test_what_is_past_its_time_goes_by_itself(settings: Settings) -> None:
    vault = Vault(settings.data)
    intake = Intake(vault, BOUNDARY)
    intake.feed(body_of([("a.pdf", PDF)], consent="yes"))
    reference = intake.finish().reference
    with vault.ledger.transaction() as books:
        vault.ledger.change(books, reference, received=(datetime.now(UTC) - timedelta(days=91)).isoformat())
    assert Vault(settings.data).all() == [] and list(vault.files.iterdir()) == []


def test_ten_thousand_wrong_pins_from_one_address_reach_the_vault_ten_times(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    app = FastAPI()
    app.include_router(records_router(settings))
    client = TestClient(app, headers={"accept-language": "en"})
    reference, pin = codes(client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF))]).text)
    reached, check = [0], Vault.check_pin

    def counted(self: Vault, *given: str) -> object:
        reached[0] += 1
        return check(self, *given)

    monkeypatch.setattr(Vault, "check_pin", counted)
    request, desk = Request({"type": "http", "client": ("192.0.2.9", 1), "headers": []}), Desk(settings, Limits())
    for number in range(10_000):
        with pytest.raises(Refused) as caught:
            desk.find(request, {"reference": reference, "pin": f"{number:05d}"})  # five digits: never the right one
        assert (caught.value.code, caught.value.status) == ("pin", 403)
    assert reached[0] == Limits().pin_tries_per_quarter
    with pytest.raises(Refused):
        desk.find(request, {"reference": reference, "pin": pin})


def test_wrong_pins_from_everywhere_lock_a_code_for_longer_each_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(settings.data)
    intake = Intake(vault, BOUNDARY)
    intake.feed(body_of([("a.pdf", PDF)], consent="yes"))
    receipt = intake.finish()
    clock = [datetime(2026, 11, 25, tzinfo=UTC)]
    monkeypatch.setattr("ui.records.vault._now", lambda: clock[0])
    monkeypatch.setattr("ui.records.vault.now", lambda: clock[0].isoformat())
    tried, end = 0, clock[0] + timedelta(days=Limits().keep_days)
    while clock[0] < end:
        with pytest.raises(Refused):
            vault.check_pin(receipt.reference, f"{tried:05d}")  # five digits: never the right one
        tried += 1
        with vault.ledger.transaction() as books:
            row = vault.ledger.row(books, receipt.reference)
        assert row is not None
        if row.locked_until:
            clock[0] = datetime.fromisoformat(row.locked_until)
    # With all the patience of the time that files are kept: under 500 of a million PINs, however many addresses there are.
    assert 100 < tried < 500
    # The person's own PIN opens it again, and the count begins anew.
    vault.check_pin(receipt.reference, receipt.pin)
    with vault.ledger.transaction() as books:
        assert vault.ledger.row(books, receipt.reference).failures == 0  # type: ignore[union-attr]


def test_looking_with_the_right_codes_is_no_try(client: TestClient) -> None:
    reference, pin = codes(client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF))]).text)
    for _ in range(3 * Limits().pin_tries_per_quarter):
        assert client.post("/records/status", data={"reference": reference, "pin": pin}).status_code == 200


PROGRAM = b"MZ" + bytes(126)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page-and-pdf.pdf", b"<html><script>alert(1)</script>%PDF-1.7" + bytes(200)),
        ("program-and-pdf.pdf", b"MZ" + b"\x90" * 100 + b"%PDF-1.7\n" + bytes(200)),
        ("archive-and-pdf.pdf", b"PK\x03\x04" + bytes(60) + b"%PDF-1.7\n" + bytes(200)),
        ("program-and-dicom.dcm", PROGRAM + b"DICM" + bytes(600)),
        ("linux-and-dicom.dcm", b"\x7fELF" + bytes(124) + b"DICM" + bytes(600)),
        ("script-and-dicom.dcm", b"#!/bin/sh\n" + bytes(118) + b"DICM" + bytes(600)),
        ("script.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("page.txt", b"\xef\xbb\xbf <!-- a --> <html><body>hi</body></html>"),
        ("drawing.xml", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'),
        ("gif-and-js.txt", b"GIF89a/*" + bytes(60) + b"*/=1"),
    ],
)
def test_a_file_that_is_two_things_is_not_taken_as_either(client: TestClient, settings: Settings, name: str, content: bytes) -> None:
    answer = client.post("/records", data={"consent": "yes"}, files=[("files", (name, content))])
    assert answer.status_code == 415 and "Nothing was kept" in trouble(answer.text)
    assert list((settings.data / "records" / "files").iterdir()) == []


def test_a_picture_with_an_archive_behind_it_goes_out_as_a_picture_only(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    from ui.records.team import export_submission

    both = JPEG + zip_of({"run.js": b"x"})
    reference, _ = codes(client.post("/records", data={"consent": "yes"}, files=[("files", ("photo.zip.js", both))]).text)
    [path] = export_submission(settings, reference, tmp_path / "out")
    assert path.name.endswith(".jpg") and path.read_bytes() == both


def test_a_printers_own_lines_before_a_pdf_are_fine(client: TestClient) -> None:
    content = b"\x1b%-12345X@PJL JOB\n" + PDF
    assert client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", content))]).status_code == 201
