"""A scripted server that speaks the OpenAI Chat Completions protocol on loopback, for the real `openai` client.

A script says what the next completion does: stream these chunks, answer with this status, hang, cut the connection in the
middle, or send a chunk that is not JSON. The last script stays for every further request.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Script:
    """One completion. `then`: what happens after the chunks: done, cut, malformed or hang."""

    chunks: Sequence[str] = ()
    status: int = 200
    then: str = "done"
    delay_seconds: float = 0.0


@dataclass
class Served:
    """A running server: its address and every request body it got."""

    url: str
    scripts: list[Script]
    requests: list[dict[str, Any]] = field(default_factory=list)

    def next_script(self) -> Script:
        return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]


def _chunk(text: str | None) -> bytes:
    choice: dict[str, Any] = {
        "index": 0,
        "delta": {"role": "assistant", "content": text} if text is not None else {},
        "finish_reason": None if text is not None else "stop",
    }
    body = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


@contextmanager
def openai_server(*scripts: Script) -> Iterator[Served]:
    """Serve scripts on a free loopback port until the block ends."""
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Quiet."""

        def do_POST(self) -> None:
            served.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            script = served.next_script()
            if script.status != 200:
                body = json.dumps({"error": {"message": "scripted", "type": "scripted", "code": script.status}}).encode()
                self.send_response(script.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            for text in script.chunks:
                self.wfile.write(_chunk(text))
                self.wfile.flush()
                if script.delay_seconds:
                    time.sleep(script.delay_seconds)
            if script.then == "malformed":
                self.wfile.write(b"data: {this is not json\n\n")
            elif script.then == "hang":
                stop.wait(30)
            elif script.then == "cut":
                self.wfile.write(b'data: {"id": "chatcmpl-1", "choi')
                self.wfile.flush()
                self.connection.shutdown(2)
            elif script.then == "done":
                self.wfile.write(_chunk(None) + b"data: [DONE]\n\n")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = Served(f"http://127.0.0.1:{server.server_address[1]}/v1", list(scripts))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        stop.set()
        server.shutdown()
        server.server_close()


def pieces(text: str, size: int) -> list[str]:
    """A text in pieces of a size, as tokens come."""
    return [text[i : i + size] for i in range(0, len(text), size)]
