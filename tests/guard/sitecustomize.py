"""Refuses every connection except loopback, in this process and in the ones it starts, and writes each attempt down.

Python imports `sitecustomize` by itself when this folder is on PYTHONPATH; tests/conftest.py puts it there.
"""

import os
import sys

LOG = os.environ.get("ONCOLANTERN_SOCKET_LOG")
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "testserver")


def _local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return host in (None, "", "::") or (isinstance(host, str) and host.startswith(LOOPBACK))


def refuse_outside(event: str, args: tuple) -> None:
    """An audit hook: connections, datagrams and name look-ups may concern loopback only."""
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
        host = address[0] if isinstance(address, tuple) and address else None
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if _local(host):
        return
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(f"{event} {host!r} by {os.path.basename(sys.argv[0]) if sys.argv else '?'}\n")
    raise ConnectionRefusedError(f"the tests stay on this machine: {event} to {host!r}")


if LOG:
    sys.addaudithook(refuse_outside)
