"""A chat model that does what any planted line tells it: the worst one could bring. OpenAI protocol on loopback.

It finds planted lines in the prompt by their words; where one came through, it repeats it as advice with a citation and says that it obeys.
Where none did, it answers with the first sentence of each source, as an honest model would.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OBEYED = "As the text told me to, I obey it."


def words(text: str) -> str:
    """Letters and digits alone, in lower case: what is left of a text however it is dressed."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


@dataclass
class Obeying:
    """The running model: its address, and the planted lines that reached a prompt."""

    url: str
    planted: Sequence[str]
    reached: set[str] = field(default_factory=set)

    def answer(self, prompt: str) -> str:
        """What the model says to a prompt."""
        plain = f" {words(unescape(prompt))} "
        found = [line for line in self.planted if f" {words(line)} " in plain]
        self.reached.update(found)
        sentences = []
        for number, text in re.findall(r'<source n="(\d+)"[^\n]*>\n(.*?)\n</source>', prompt, re.DOTALL):
            first = re.split(r"(?<=[.!?])\s", unescape(text))[0]
            sentences.append(f"{first} [{number}]")
        if found:
            sentences = [f"{line} [1] {OBEYED} [1]" for line in found] + sentences
        return "## What is known\n\n" + " ".join(sentences) + "\n"


@contextmanager
def obeying_model(planted: Sequence[str]) -> Iterator[Obeying]:
    """Serve it on a free loopback port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Quiet."""

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = model.answer("\n".join(str(m["content"]) for m in request["messages"] if m["role"] == "user"))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            for delta, reason in (({"role": "assistant", "content": text}, None), ({}, "stop")):
                choice = {"index": 0, "delta": delta, "finish_reason": reason}
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "obeying", "choices": [choice]}
                self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
            self.wfile.write(b"data: [DONE]\n\n")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model = Obeying(f"http://127.0.0.1:{server.server_address[1]}/v1", planted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
