"""The HTML document around Gradio's page: its language, our head, our header; nothing that names anybody else.

Gradio builds its page with scripts. What must be there before them, and without them, is written into the document:
the name, the notice that this is an AI, whom to call, and the region that speaks to screen readers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.conversation import Language
from ui.headers import public_path

_LANGUAGE = re.compile(r'<html\s+lang="[a-z-]*"')
_FOREIGN_META = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>', re.S)
_VIEWPORT = re.compile(r'<meta\s+name="viewport"[^>]*>', re.S)
# Gradio loads a resizer for frames on other sites and tells the parent page to stop scrolling; neither is wanted.
_PARENT = re.compile(r"window\.parent\?\.postMessage\(.*?\);", re.S)
_RESIZER = re.compile(r'<script[^>]*iframeResizer[^>]*>\s*</script>|<link[^>]*href="https?://[^>]*>', re.S)
_BODY = re.compile(r"<body[^>]*>", re.S)


@dataclass(frozen=True)
class Frame:
    """What one page adds to its document: `head` goes to the end of the head, `top` to the start of the body,
    `bottom` to its end."""

    language: Language
    head: str
    top: str
    bottom: str = ""


def framed(markup: str, frame: Frame) -> str:
    """Gradio's document with ours around it."""
    markup = _LANGUAGE.sub(f'<html lang="{frame.language}"', markup, count=1)
    markup = _FOREIGN_META.sub("", markup)
    markup = _RESIZER.sub("", markup)
    markup = _PARENT.sub("", markup, count=1)
    markup = _VIEWPORT.sub('<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">', markup, count=1)
    markup = markup.replace("</head>", frame.head + "</head>", 1)
    markup = _BODY.sub(lambda match: match[0] + frame.top, markup, count=1)
    before, end, after = markup.rpartition("</body>")
    return before + frame.bottom + end + after if end else markup + frame.bottom


class Documents:
    """Frames the document of each page; `frames` is by path, with and without the closing slash."""

    def __init__(self, app: ASGIApp, frames: Mapping[str, Frame]) -> None:
        self._app = app
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        frame = self._frames.get(public_path(scope).rstrip("/")) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if frame is None:
            await self._app(scope, receive, send)
            return
        # Compressed markup cannot be framed.
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        start: Message | None = None
        body = b""

        async def frame_it(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body") or start is None:
                return
            if Headers(raw=start["headers"]).get("content-type", "").startswith("text/html") and body:
                body = framed(body.decode(), frame).encode()
                MutableHeaders(scope=start)["content-length"] = str(len(body))
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, frame_it)
