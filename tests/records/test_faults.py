"""What goes wrong on the way: kills, full disks, silent and endless clients. Nothing readable stays, and it is said."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.settings import Settings
from tests.records.conftest import BOUNDARY, PDF, body_of, holds, trouble
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
    asyncio.run(run)  # type: ignore[arg-type]
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
