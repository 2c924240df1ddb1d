"""ClamAV where it is installed, with one signature of our own; and everywhere a clamd that speaks the real INSTREAM protocol (clamd(8)) on loopback or a Unix socket, and knows one signature: EICAR's."""

from __future__ import annotations

import getpass
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def eicar() -> bytes:
    """EICAR's test string, put together here so that no scanner takes this file for it."""
    return b"".join((b"X5O!P%@AP[4", b"\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!", b"$H+H*"))


class Clamd:
    """What it was sent, stream by stream; `most`: its StreamMaxLength; `mute`: takes everything and never answers."""

    def __init__(self, listener: socket.socket, address: str, most: int, mute: bool) -> None:
        self.address, self.streams, self._most, self._mute = address, list[bytes](), most, mute
        self.listener = listener
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                connection.sendall(self._answer(stream))

    def _answer(self, stream: object) -> bytes:
        read = stream.read  # type: ignore[attr-defined]
        if read(10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND\0"
        data = b""
        while length := int.from_bytes(read(4), "big"):
            data += read(length)
            if len(data) > self._most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.streams.append(data)
        if self._mute:
            return b""
        return b"stream: Eicar-Test-Signature FOUND\0" if eicar() in data else b"stream: OK\0"


@contextmanager
def clamd(path: Path | None = None, most: int = 100_000_000, mute: bool = False) -> Iterator[Clamd]:
    """A running clamd: at a Unix socket, or at a free port."""
    with socket.socket(socket.AF_UNIX if path else socket.AF_INET) as listener:
        listener.bind(str(path) if path else ("127.0.0.1", 0))
        listener.listen()
        yield Clamd(listener, str(path) if path else f"127.0.0.1:{listener.getsockname()[1]}", most, mute)


@contextmanager
def real_clamd(home: Path) -> Iterator[str]:
    """ClamAV itself, at the Unix socket given; its only signature is EICAR's, since the real ones are a download."""
    database, at, settings = home / "db", home / "s", home / "clamd.conf"
    database.mkdir()
    (database / "own.ndb").write_text(f"Eicar-Own:0:*:{eicar().hex()}\n")
    settings.write_text(f"LocalSocket {at}\nDatabaseDirectory {database}\nForeground true\nUser {getpass.getuser()}\nStreamMaxLength 100M\n")
    process = subprocess.Popen(["clamd", "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not at.exists():
            assert process.poll() is None and time.monotonic() < end, "clamd did not start"
            time.sleep(0.05)
        yield str(at)
    finally:
        process.terminate()
        process.wait(30)
