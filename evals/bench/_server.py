"""Starts the product as people do, as a process of its own: commands that end, and a server on loopback."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

READY_SECONDS = 300.0
_PROGRAM = [sys.executable, "-m", "ui.cli"]


class CommandFailed(Exception):
    """A command ended with an error; the message is the end of what it said."""


def command(arguments: list[str], environment: dict[str, str]) -> str:
    """Run a command of ours to its end; its standard output. Raises CommandFailed."""
    done = subprocess.run([*_PROGRAM, *arguments], env=environment, capture_output=True, text=True, timeout=READY_SECONDS)
    if done.returncode:
        raise CommandFailed(f"{' '.join(arguments)}: {done.stderr[-400:]}")
    return done.stdout


@dataclass(frozen=True)
class Server:
    """A running server and a connection to it that stays open, as a browser's does."""

    pid: int
    connection: http.client.HTTPConnection

    def another(self) -> Server:
        """The same server over a connection of one's own, as another person has it."""
        return Server(self.pid, http.client.HTTPConnection(self.connection.host, self.connection.port, timeout=60))

    def ask(self, question: str) -> dict[str, object]:
        """A turn as JSON. Raises CommandFailed for any status but 200."""
        body = json.dumps({"messages": [{"role": "user", "content": question}]})
        self.connection.request("POST", "/api/v1/chat", body, {"Content-Type": "application/json", "Accept": "application/json"})
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise CommandFailed(f"the server said {reply.status}: {text[:200]!r}")
        answer: dict[str, object] = json.loads(text)
        return answer


@contextmanager
def running_server(environment: dict[str, str]) -> Iterator[Server]:
    """A server that is ready, stopped at the end. Raises CommandFailed when it does not get ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*_PROGRAM, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        _wait(process, port)
        yield Server(process.pid, connection)
    finally:
        connection.close()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise CommandFailed(f"the server ended with {process.returncode}")
        try:
            probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            probe.request("GET", "/readyz")
            if probe.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise CommandFailed("the server did not get ready")
