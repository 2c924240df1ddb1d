"""Renders the upload pages from templates, and sets the headers that keep them to themselves."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from bot.conversation import Language
from bot.settings import Settings
from ui.records.limits import Limits
from ui.records.words import WORDS, count_words, size_words

HERE = Path(__file__).parent
SHARED = HERE.parent / "static"
# Files the pages may load: ours, and the look they share with the chat.
ASSETS = {
    "records.css": (HERE / "static", "text/css"), "records.js": (HERE / "static", "text/javascript"), "records-send.js": (HERE / "static", "text/javascript"),
    "answer.css": (SHARED, "text/css"), "lantern.svg": (SHARED, "image/svg+xml"),
}  # fmt: skip
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    # same-origin, not none: a browser that is told none sends `Origin: null` with our own form.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def language_of(request: Request) -> Language:
    """`?lang=es`, else the browser's first language that we speak, else English."""
    wishes = [request.query_params.get("lang", ""), *(part.strip()[:2] for part in request.headers.get("accept-language", "").lower().split(","))]
    return next((language for wish in wishes for language in WORDS if language == wish), "en")


def page(request: Request, settings: Settings, limits: Limits, name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """One page. `facts` are what its template asks for beside the words."""
    from knowledge.catalogs import contacts_for

    language = language_of(request)
    sizes = {"count": limits.files, "size": size_words(limits.file_bytes), "total": size_words(limits.total_bytes), "days": limits.keep_days}
    number = contacts_for(settings.country).emergency.named(language)[1]
    root = request.scope.get("root_path", "").rstrip("/")
    text = _environment().get_template(name).render(
        t=SimpleNamespace(**{key: value.format_map(_Keep(sizes, number=number)) for key, value in WORDS[language].items()}), language=language, limits=limits,
        count=lambda files: count_words(WORDS[language], files), site=settings.site_name, base=f"{root}/records", home=f"{root}/{'es/' if language == 'es' else ''}", **facts,
    )  # fmt: skip
    return HTMLResponse(text, status_code=status, headers=HEADERS)


class _Keep(dict[str, object]):
    """Fills in what is the same on every page and leaves the other blanks as they are."""

    def __init__(self, sizes: dict[str, object], **more: object) -> None:
        super().__init__({**sizes, **more})

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
