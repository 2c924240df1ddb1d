"""An HTTP server and an SMTP server on loopback that speak the real protocols and keep what they were told."""

from __future__ import annotations

import base64
import contextlib
import http.server
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any


@dataclass
class Told:
    """What a server was told, and how it answers: `statuses` one after the other, the last one from then on."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [200])
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    # Waits here before it answers, when a test holds it.
    gate: threading.Event = field(default_factory=threading.Event)

    def status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextlib.contextmanager
def _serving(server: Any, told: Told) -> Iterator[Told]:
    told.port = server.server_address[1]
    told.gate.set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def http_server() -> Iterator[Told]:
    """Takes POSTs."""
    told = Told()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.headers.append({name.lower(): value for name, value in self.headers.items()})
            told.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            told.gate.wait(30)
            self.send_response(told.status())
            self.send_header("location", f"http://127.0.0.1:{told.port}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with _serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler), told) as ready:
        yield ready


@contextlib.contextmanager
def smtp_server(tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None, refuse: str = "") -> Iterator[Told]:
    """RFC 5321, with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954) when they are given. Recipients that contain `refuse` are refused."""
    told = Told(statuses=[250])

    class Handler(socketserver.StreamRequestHandler):
        def _say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")
            self.wfile.flush()

        def handle(self) -> None:
            secure, known = False, login is None
            self._say("220 loopback ESMTP")
            while line := self.rfile.readline().decode().strip():
                told.commands.append(line)
                verb, _, rest = line.partition(" ")
                match verb.upper():
                    case "EHLO":
                        offers = ["loopback", *(["STARTTLS"] if tls and not secure else []), *(["AUTH PLAIN"] if login and (secure or not tls) else [])]
                        for offer in offers[:-1]:
                            self._say(f"250-{offer}")
                        self._say(f"250 {offers[-1]}")
                    case "STARTTLS" if tls:
                        self._say("220 go ahead")
                        self.request = tls.wrap_socket(self.request, server_side=True)
                        self.rfile, self.wfile, secure = self.request.makefile("rb"), self.request.makefile("wb"), True
                    case "AUTH" if login:
                        given = tuple(base64.b64decode(rest.removeprefix("PLAIN ")).decode().split("\0")[1:])
                        known = given == login
                        self._say("235 welcome" if known else "535 no")
                    case "MAIL":
                        self._say("250 ok" if known else "530 sign in first")
                    case "RCPT":
                        self._say("550 nobody here" if refuse and refuse in rest else "250 ok")
                    case "DATA":
                        self._say("354 go on")
                        body = b""
                        while (piece := self.rfile.readline()) != b".\r\n":
                            body += piece
                        status = told.status()
                        if status == 250:
                            told.bodies.append(body)
                        self._say(f"{status} {'kept' if status == 250 else 'later'}")
                    case "QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("250 ok" if verb.upper() in ("RSET", "NOOP") else "502 what")

        def handle_error(self) -> None:
            pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that does not trust the certificate hangs up

    with _serving(Server(("127.0.0.1", 0), Handler), told) as ready:
        yield ready


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """TLS for 127.0.0.1 with a certificate made just now, and the file that makes it trusted."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(moment - timedelta(days=1)).not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / "tls.pem", folder / "tls.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
