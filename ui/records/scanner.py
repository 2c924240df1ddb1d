"""ClamAV by its socket: bytes are streamed to it (INSTREAM) and a verdict comes back. No answer is never a clean one.

Protocol: clamd(8), "zINSTREAM\\0", then chunks of <4 bytes big-endian length><data>, ended by a length of 0.
"""

from __future__ import annotations

import logging
import socket
from contextlib import suppress

from ui.records.errors import Refused

log = logging.getLogger("oncolantern.records")
_SECONDS = 120.0


class Scanner:
    """A clamd at `address`: a socket's path, or host:port."""

    def __init__(self, address: str) -> None:
        self._address = address

    def begin(self) -> Scan:
        """A scan of one file. Raises Refused (`scanner`) when clamd cannot be reached."""
        try:
            if self._address.startswith("/"):
                connection = socket.socket(socket.AF_UNIX)
                connection.settimeout(_SECONDS)
                connection.connect(self._address)
            else:
                host, _, port = self._address.rpartition(":")
                connection = socket.create_connection((host or "127.0.0.1", int(port)), timeout=_SECONDS)
            connection.sendall(b"zINSTREAM\0")
        except (OSError, ValueError) as error:
            raise _failed(error) from error
        return Scan(connection)


class Scan:
    """One file on its way through clamd."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def feed(self, data: bytes) -> None:
        """More of the file. Raises Refused (`scanner`)."""
        try:
            self._connection.sendall(len(data).to_bytes(4, "big") + data)
        except OSError as error:
            # clamd hangs up on what is larger than its StreamMaxLength, and says so first.
            said = self._answer()
            raise _failed(RuntimeError(said) if said else error) from error

    def end(self) -> str:
        """What was found; empty when nothing was. Raises Refused (`scanner`)."""
        try:
            self._connection.sendall(bytes(4))
            said = self._answer()
        except OSError as error:
            raise _failed(error) from error
        if said.endswith("OK"):
            return ""
        if said.endswith("FOUND"):
            return said.removeprefix("stream:").removesuffix("FOUND").strip()
        raise _failed(RuntimeError(said or "no answer"))

    def _answer(self) -> str:
        said = b""
        with suppress(OSError):
            while not said.endswith(b"\0") and len(said) < 4096 and (part := self._connection.recv(4096)):
                said += part
        self._connection.close()
        return said.rstrip(b"\0").decode("utf-8", errors="replace").strip()


def _failed(error: Exception) -> Refused:
    log.error("the virus scanner failed, so nothing is taken: %s: %s", type(error).__name__, error)
    return Refused("scanner", 503)
