"""The embed: the script for other people's pages, what its frame adds to the chat page, and the page with the live builder.

host page ── /embed.js ──► launcher + <iframe src="/embed/?…"> ◄── postMessage, both ends checked ──► embed-frame.js
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from bot.conversation import Language
from bot.settings import Settings
from ui.page import STATIC, static_version

# The demo pages are ours alone and need no inline script; the builder shows the embed in frames of this host.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
# A site that embeds us sees a new script within five minutes.
_SCRIPT_SECONDS = 300
# Heading and starter questions, for one cancer and for a group of them ("brain tumors").
_NAMES: dict[Language, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("Questions about {name}", "What is {name}?", "How is {name} found?", "How is {name} treated?", "What should I ask about {name}?"),
        ("Questions about {name}", "What are {name}?", "How are {name} found?", "How are {name} treated?", "What should I ask about {name}?"),
    ),
    "es": (
        ("Preguntas sobre {name}", "¿Qué es {name}?", "¿Cómo se detecta {name}?", "¿Cómo se trata {name}?", "¿Qué puedo preguntar sobre {name}?"),
        ("Preguntas sobre {name}", "¿Qué son {name}?", "¿Cómo se detectan {name}?", "¿Cómo se tratan {name}?", "¿Qué puedo preguntar sobre {name}?"),
    ),
}
_PROPER = re.compile(r"HER2|Hodgkin|Ewing|Kaposi|Wilms|Merkel|Burkitt|Waldenström")
_GROUP: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(cancers|tumors|syndromes|neoplasms)\b"), "es": re.compile(r"\b(cánceres|tumores|síndromes|neoplasias)\b"),
}  # fmt: skip
_SPANISH_THE = {"leucemia": "la", "enfermedad": "la", "tricoleucemia": "la", "mastocitosis": "la", "macroglobulinemia": "la", "neoplasias": "las"}


def topic_opening(topic: str, language: Language) -> str:
    """What a person would have said first on a page about one cancer; empty for anything that is no word of the catalogue."""
    name = _topic_names(language).get(topic)
    return f"{_NAMES[language][0][0].format(name=name)}." if name else ""


@cache
def _topic_names(language: Language) -> dict[str, str]:
    from knowledge import catalogs

    names = {}
    for cancer in catalogs.catalog().cancers.values():
        name = cancer.name if language == "en" else cancer.es
        # Inside a sentence only what is named after somebody, or by letters, keeps its capital.
        name = name if _PROPER.match(name) else name[0].lower() + name[1:]
        if language == "es":
            first = name.split(" ", 1)[0]
            name = f"{_SPANISH_THE.get(first, 'los' if _GROUP['es'].match(name) else 'el')} {name}"
        names[cancer.id] = name
    return names


def topics(language: Language) -> dict[str, dict[str, Any]]:
    """{word of the catalogue: its heading and its starter questions}, for a page that opens on one cancer."""
    lists = {}
    for topic, name in _topic_names(language).items():
        heading, *questions = (words.format(name=name) for words in _NAMES[language][bool(_GROUP[language].search(name))])
        lists[topic] = {"name": heading, "starters": questions}
    return lists


def frame_head(origins: Sequence[str], language: Language, *, depth: int) -> str:
    """What the frame's document adds to the chat page's head; `depth` is how many folders below the root the page lives."""
    up = "../" * depth
    return (
        f'<link rel="stylesheet" href="{up}static/embed-frame.css?v={static_version("embed-frame.css")}">'
        f'<script src="{up}static/embed-frame.js?v={static_version("embed-frame.js")}" defer data-topics="{up}embed/topics-{language}.json"'
        f' data-origins="{escape(json.dumps(list(origins)))}"></script>'
    )


def embed_router(settings: Settings, origins: Sequence[str]) -> APIRouter:
    """`/embed.js`, the lists of topics, and `/embed/demo`. To be added before the pages are mounted."""
    router = APIRouter(include_in_schema=False)

    @router.get("/embed.js")
    def script() -> FileResponse:
        headers = {"cache-control": f"public, max-age={_SCRIPT_SECONDS}", "cross-origin-resource-policy": "cross-origin"}
        return FileResponse(STATIC / "embed.js", media_type="text/javascript", headers=headers)

    @router.get("/embed/topics-{language}.json")
    def topic_list(language: Language) -> JSONResponse:
        return JSONResponse(topics(language), headers={"cache-control": f"public, max-age={_SCRIPT_SECONDS}"})

    @router.get("/embed/demo")
    def demo(request: Request) -> HTMLResponse:
        address = (settings.public_url or str(request.base_url)).rstrip("/")
        return _page("embed-demo.html", site=settings.site_name, address=address, origins=list(origins), topics=sorted(_topic_names("en").items()))

    @router.get("/embed/demo/host")
    def host(request: Request) -> HTMLResponse:
        """A made-up hospital's page with the script in it, for the builder to show. Options come as a query and are only ever attributes."""
        wished = {name: value for name, value in request.query_params.items() if name in _ATTRIBUTES and len(value) <= 2000}
        return _page("embed-host.html", attributes=wished, inline=wished.get("position") == "inline", topics=[])

    return router


_ATTRIBUTES = (
    "theme", "accent", "language", "position", "greeting", "starters", "topic", "open", "launcher", "label", "records-url", "max-height",
)  # fmt: skip


def _page(name: str, **values: Any) -> HTMLResponse:
    versions = {key: static_version(key) for key in ("embed-demo.css", "embed-demo.js", "answer.css", "lantern.svg")}
    return HTMLResponse(_templates().get_template(name).render(versions=versions, **values), headers={"content-security-policy": _CSP})


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("ui", "templates"), autoescape=True, undefined=StrictUndefined)
