"""What may reach Gradio: the few addresses its page needs, with bodies that carry text and nothing else.

Gradio serves an API beside its page: uploads from anybody, files, code editing. And it fetches what a message names as a
file, wherever the name points. None of that is ours to offer, so everything but an allow-list ends here.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.headers import public_path

# Measured on the page: all that it asks for.
_NEEDED = re.compile(r"(queue/join|queue/data|run/predict|heartbeat/[a-z0-9]+|cancel|reset|startup-events|theme\.css|app_id)/?")
_WITH_BODY = ("queue/join", "run/predict")
_CANCEL = re.compile(r"cancel/?")
_OFF = re.compile(r"/(monitoring|login|logout|user|token|login_check|dev|svelte|pwa_icon|robots\.txt|share)(/|$)")
_QUERY = re.compile(rb"(^|&)(deep_link|view)=")
# A conversation of forty long answers is about 1 MB.
MAX_BODY = 4_000_000
_API = "/gradio_api/"


class Gate:
    """Answers 404 to what the page does not need, 413 to a body too large and 400 to one that names files or components."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] != "websocket":
                await self._app(scope, receive, send)
            return
        path = public_path(scope)
        rest = path.partition(_API)[2] if _API in path else None
        if (rest is not None and not _NEEDED.fullmatch(rest)) or path.endswith("/gradio_api") or _is_off(path) or _QUERY.search(scope.get("query_string", b"")):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
            return
        if rest is not None and _CANCEL.fullmatch(rest):
            await self._cancel(scope, receive, send)
            return
        if rest is None or not rest.startswith(_WITH_BODY):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            await PlainTextResponse("Too large", status_code=413)(scope, receive, send)
        elif not _is_text_only(body):
            await PlainTextResponse("Bad request", status_code=400)(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)

    async def _cancel(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a stop on. Gradio forgets an event twice when the stop meets its end, and answers 500: the event is gone, as was asked."""
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        try:
            await self._app(scope, receive, hold)
        except KeyError:
            await JSONResponse({"success": True})(scope, receive, send)
            return
        for message in held:
            await send(message)


def _is_off(path: str) -> bool:
    return bool(_OFF.match(re.sub(r"^(/embed)?(/es)?", "", path)))


async def _read(receive: Receive) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


def _is_text_only(body: bytes) -> bool:
    try:
        return not _names_more(json.loads(body))
    except (ValueError, RecursionError):
        return False


def _names_more(value: Any) -> bool:
    if isinstance(value, dict):
        if "_type" in value or value.get("type") in ("file", "component") or ("path" in value and "meta" in value):
            return True
        return any(_names_more(item) for item in value.values())
    return isinstance(value, list) and any(_names_more(item) for item in value)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
