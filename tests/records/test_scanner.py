"""ClamAV: every byte is shown to it before anything is acknowledged; harmful is told from failed, and failed never lets a file through."""

from __future__ import annotations

import html
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.settings import Settings
from tests.records.clamd import clamd, eicar, real_clamd
from tests.records.conftest import PDF, PNG, codes, trouble
from ui.records.vault import Vault

Open = Callable[..., TestClient]


def _send(client: TestClient, *files: tuple[str, bytes]) -> tuple[int, str]:
    answer = client.post("/records", data={"consent": "yes"}, files=[("files", file) for file in files])
    return answer.status_code, answer.text


def _nothing(settings: Settings) -> bool:
    vault = Vault(settings.data)
    return vault.all() == [] and list(vault.files.iterdir()) == []


def test_each_file_is_shown_whole_and_clean_ones_are_taken(open_desk: Open, tmp_path: Path) -> None:
    for path in (None, tmp_path / "clamd.sock"):
        with clamd(path) as scanner:
            status, page = _send(open_desk(clamav=scanner.address), ("a.pdf", PDF), ("b.png", PNG))
            assert status == 201 and codes(page)
            assert scanner.streams == [PDF, PNG]


def test_an_infected_file_is_refused_by_name_and_nothing_of_the_upload_stays(open_desk: Open, settings: Settings) -> None:
    with clamd() as scanner:
        status, page = _send(open_desk(clamav=scanner.address), ("good.pdf", PDF), ("bad.txt", eicar()))
    said = html.unescape(trouble(page))
    assert status == 422 and "“bad.txt” looks harmful" in said and "Eicar-Test-Signature" in said
    assert _nothing(settings)


@pytest.mark.parametrize("fault", ["down", "mute", "too large", "no such socket", "no clamd"])
def test_a_scanner_that_fails_takes_nothing_and_says_that_it_failed(open_desk: Open, settings: Settings, tmp_path: Path, fault: str) -> None:
    with socket.socket() as other, clamd(most=1000 if fault == "too large" else 10**8, mute=fault == "mute") as scanner:
        other.bind(("127.0.0.1", 0))  # bound and never listening: refused
        address = {"down": f"127.0.0.1:{other.getsockname()[1]}", "no such socket": str(tmp_path / "gone.sock"), "no clamd": "no address"}.get(
            fault, scanner.address
        )
        status, page = _send(open_desk(clamav=address), ("a.pdf", PDF * 20))
    assert status == 503 and "scanner is not working" in trouble(page)
    assert _nothing(settings)


def test_uploads_in_pieces_are_scanned_before_they_are_acknowledged(open_desk: Open, settings: Settings) -> None:
    with clamd() as scanner:
        client = open_desk(clamav=scanner.address)
        for content, status in ((b"fine " * 40_000, 201), (b"x" * 100_000 + eicar(), 422)):
            draft = client.post("/records/uploads", json={"consent": "yes", "files": [{"name": "a.txt", "size": len(content)}]}).json()
            token = {"Upload-Token": draft["token"]}
            client.put(f"/records/uploads/{draft['id']}/files/{draft['files'][0]['id']}?offset=0", content=content, headers=token)
            assert client.post(f"/records/uploads/{draft['id']}/commit", headers=token).status_code == status
            assert scanner.streams[-1] == content
    assert len(Vault(settings.data).all()) == 1


@pytest.mark.skipif(shutil.which("clamd") is None, reason="no ClamAV here: apt-get install clamav-daemon")
def test_the_real_clamav_is_understood(open_desk: Open, settings: Settings) -> None:
    # Below /tmp itself: the name of a socket may have a hundred letters.
    with tempfile.TemporaryDirectory(prefix="onco-clam-", dir="/tmp") as home:
        with real_clamd(Path(home)) as address:
            client = open_desk(clamav=address)
            status, page = _send(client, ("bad.pdf", PDF + eicar()))
            assert status == 422 and "Eicar-Own" in html.unescape(trouble(page)) and _nothing(settings)
            assert _send(client, ("a.pdf", PDF * 20), ("b.png", PNG))[0] == 201
        status, page = _send(client, ("a.pdf", PDF))
        assert status == 503 and "scanner is not working" in trouble(page)
