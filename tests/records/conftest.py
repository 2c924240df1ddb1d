"""A records installation of its own for each test: data folder, key, limits, a client for the pages."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.settings import Settings
from ui.records.keys import KEY_VARIABLE
from ui.records.limits import Limits
from ui.records.routes import records_router

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 1200 + b"\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500)
DICOM = bytes(128) + b"DICM" + bytes(600)
BOUNDARY = b"lantern-boundary"


def zip_of(entries: dict[str, bytes]) -> bytes:
    """A ZIP with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


DOCX = zip_of({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<r/>", "word/document.xml": b"<w:document/>"})
DICOM_ZIP = zip_of({"README.TXT": b"viewer", "IMAGES/IM0001": DICOM, "DICOMDIR": DICOM})


def body_of(files: list[tuple[str, bytes]], boundary: bytes = BOUNDARY, close: bool = True, **fields: str) -> bytes:
    """A multipart body as a browser sends it."""
    parts = [b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary, name.encode(), value.encode()) for name, value in fields.items()]
    parts += [
        b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\nContent-Type: application/octet-stream\r\n\r\n%s\r\n'
        % (boundary, name.encode(), content)
        for name, content in files
    ]
    return b"".join(parts) + (b"--%s--\r\n" % boundary if close else b"")


def codes(page: str) -> tuple[str, str]:
    """Reference and PIN on a receipt."""
    reference, pin = re.search(r'id="reference">([^<]+)<', page), re.search(r'id="pin">([^<]+)<', page)
    assert reference and pin, page
    return reference.group(1), pin.group(1)


def trouble(page: str) -> str:
    """What the alert on a page says."""
    found = re.search(r'id="problem".*?<p>(.*?)</p>', page, re.DOTALL)
    return found.group(1) if found else ""


def holds(folder: Path, *needles: bytes) -> list[str]:
    """Files anywhere under a folder that hold one of these bytes, by name or content."""
    return [
        str(path) for path in folder.rglob("*")
        if any(needle in path.name.encode() or (path.is_file() and needle in path.read_bytes()) for needle in needles)
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    # A temporary file made by anybody on the way would land where the tests look for plain bytes.
    spool = tmp_path / "data" / "tmp"
    spool.mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(spool))
    monkeypatch.setattr("tempfile.tempdir", str(spool))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def open_desk(settings: Settings) -> Iterator[Callable[..., TestClient]]:
    clients: list[TestClient] = []

    def make(limits: Limits | None = None, **changes: object) -> TestClient:
        app = FastAPI()
        app.include_router(records_router(settings.model_copy(update=changes), limits))
        clients.append(TestClient(app, headers={"accept-language": "en"}))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(open_desk: Callable[..., TestClient]) -> TestClient:
    return open_desk()
