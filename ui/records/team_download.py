"""Files on their way to the team's browser: decrypted piece by piece in memory, never on this disk, always as a download."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from ui.records.office import Office, known
from ui.records.submission import show_reference
from ui.records.team import letter, safe_name
from ui.records.team_pages import HEADERS

_PIECE = 256 * 1024


def one_file(office: Office, reference: str, file_id: str) -> StreamingResponse:
    """One file, byte for byte. Raises NotFound, Tampered: a file that is cut off is noticed before the first byte leaves."""
    file, number, content = office.file(reference, file_id)
    return _download(_pieces(content), safe_name(file, number), {"Content-Length": str(file.size)})


def all_files(office: Office, reference: str) -> StreamingResponse:
    """Every file and what the person wrote, as a ZIP that is made while it is sent. Raises NotFound, Tampered."""
    code = known(reference)
    details, key = office.take_out(code)
    for file in details.files:
        office.vault.open(code, file, key).close()  # what cannot be opened is said before the download begins

    def entries() -> Iterator[tuple[str, BinaryIO]]:
        if text := letter(details):
            yield "00-message.txt", io.BytesIO(text.encode())
        for number, file in enumerate(details.files, start=1):
            yield safe_name(file, number), office.vault.open(code, file, key)

    return _download(_zipped(f"{show_reference(code)}/", entries()), f"{show_reference(code)}.zip")


def _download(pieces: Iterator[bytes], name: str, more: dict[str, str] | None = None) -> StreamingResponse:
    plain = "".join(c if c.isascii() and c not in '"\\' else "_" for c in name)
    headers = {
        **HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}", **(more or {}),
        # nginx would otherwise write a large answer to its own disk, in plain.
        "X-Accel-Buffering": "no",
    }  # fmt: skip
    # Never by its own type: nothing that a stranger sent is ever opened as a page of ours.
    return StreamingResponse(pieces, media_type="application/octet-stream", headers=headers)


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    # An error in the middle breaks the connection off, so that the browser reports a failed download.
    with content:
        while piece := content.read(_PIECE):
            yield piece


class _Outlet(io.RawIOBase):
    """A file that can only be written on, and hands over what was written."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        piece = bytes(self._written)
        self._written.clear()
        return piece


def _zipped(folder: str, entries: Iterator[tuple[str, BinaryIO]]) -> Iterator[bytes]:
    outlet = _Outlet()
    moment = datetime.now(UTC).timetuple()[:6]
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(folder + name, moment)
            info.external_attr = 0o600 << 16
            with content, archive.open(info, "w", force_zip64=True) as entry:
                while piece := content.read(_PIECE):
                    entry.write(piece)
                    yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()
