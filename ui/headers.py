"""Security headers by path, and cross-origin rules of our own: a pure ASGI middleware around everything."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's page starts itself from inline scripts and styles; `unsafe-eval` it does not need. Measured: no violation.
_GRADIO = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'none'; object-src 'none'; base-uri 'self'; form-action 'none'"
)
_PLAIN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)
_PLAIN_PATHS = ("/records", "/team", "/answers", "/api", "/static", "/healthz", "/readyz")
_ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?")
_YEAR = 31_536_000


def embed_origins(origins: Sequence[str]) -> tuple[str, ...]:
    """The sites that may frame /embed, checked. Raises ValueError for `*`, a path, or anything that is not an origin.

    `https://*.example.org` (the subdomains of one site) is fine; everybody is not.
    """
    for origin in origins:
        if not _ORIGIN.fullmatch(origin.rstrip("/")):
            raise ValueError(f"ONCOLANTERN_EMBED_ORIGINS: {origin!r} is not an origin such as https://www.example.org; `*` is refused")
    return tuple(origin.rstrip("/") for origin in origins)


def is_below(path: str, prefix: str) -> bool:
    """Whether a path is the prefix or below it."""
    return path == prefix or path.startswith(prefix + "/")


def public_path(scope: Scope) -> str:
    """The path of a request without the prefix of a proxy (`root_path`)."""
    path, root = str(scope.get("path", "")), str(scope.get("root_path", "")).rstrip("/")
    return path[len(root) :] if root and is_below(path, root) else path


class SecurityHeaders:
    """Adds to every response what its path needs. A policy that an inner page set for itself stays."""

    def __init__(self, app: ASGIApp, origins: Sequence[str] = ()) -> None:
        self._app = app
        self._origins = embed_origins(origins)
        self._frames = " ".join(["'self'", *self._origins])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = public_path(scope)
        origin = Headers(scope=scope).get("origin")
        may_read = origin if is_below(path, "/api") and origin in self._origins else None
        if scope["method"] == "OPTIONS":
            await self._preflight(may_read)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._set(MutableHeaders(scope=message), message["status"], path, scope, may_read)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _set(self, headers: MutableHeaders, status: int, path: str, scope: Scope, may_read: str | None) -> None:
        # Gradio reflects any Origin, with credentials; nothing of that may pass.
        for name in [name for name in headers if name.startswith("access-control-")]:
            del headers[name]
        if may_read:
            headers["access-control-allow-origin"] = may_read
            headers.add_vary_header("Origin")
        embed = is_below(path, "/embed")
        plain = any(is_below(path, prefix) for prefix in _PLAIN_PATHS)
        ancestors = self._frames if embed else "'none'"
        headers.setdefault("content-security-policy", f"{_PLAIN if plain else _GRADIO}; frame-ancestors {ancestors}")
        if not embed:
            headers.setdefault("x-frame-options", "DENY")
            headers.setdefault("cross-origin-opener-policy", "same-origin")
        headers.setdefault("cross-origin-resource-policy", "cross-origin" if embed else "same-origin")
        headers.setdefault("x-content-type-options", "nosniff")
        headers.setdefault("referrer-policy", "no-referrer")
        headers.setdefault("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()")
        if scope.get("scheme") == "https":
            headers.setdefault("strict-transport-security", f"max-age={_YEAR}")
        # Gradio puts a hash into the names of its assets, we into the query of ours.
        named_by_content = "/assets/" in path or (b"v=" in scope.get("query_string", b"") and is_below(path, "/static"))
        if named_by_content and status < 400:
            headers["cache-control"] = f"public, max-age={_YEAR}, immutable"
        elif headers.get("content-type", "").startswith(("text/html", "application/json")):
            headers.setdefault("cache-control", "no-store")

    @staticmethod
    def _preflight(may_read: str | None) -> Response:
        if may_read is None:
            return Response(status_code=403)
        allowed = {
            "access-control-allow-origin": may_read, "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": "content-type, accept", "access-control-max-age": "600", "vary": "Origin",
        }  # fmt: skip
        return Response(status_code=204, headers=allowed)
