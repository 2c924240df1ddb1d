"""Renders the /team pages, and tells whether a request may be one of theirs: private line, own site, short form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse

from bot.conversation import Language
from bot.settings import Settings
from ui.records.office import STATE_WORDS, TEXT_CHARS
from ui.records.pages import language_of
from ui.records.sniff import KINDS
from ui.records.submission import show_reference
from ui.records.team_access import Session
from ui.records.words import WORDS, size_words
from ui.records.words_team import speaker

HERE = Path(__file__).parent
# No script at all, nothing from elsewhere, in nobody's frame, in no store.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    # same-origin, not none: a browser that is told none sends `Origin: null` with our own form.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Three bytes of percent-encoding for each of up to four bytes of a character, two texts, and the other fields.
_FORM_BYTES = 2 * 12 * TEXT_CHARS + 4096
LANGUAGE_COOKIE = "onco_team_language"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Form:
    """A form that was sent: its fields, and whether it came whole and from a page of ours."""

    fields: dict[str, str]
    ours: bool

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


async def read_form(request: Request) -> Form:
    """A url-encoded form of bearable length."""
    body = bytearray()
    async for part in request.stream():
        if len(body) + len(part) > _FORM_BYTES:
            return Form({}, False)
        body += part
    fields = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=20) if body.count(b"&") < 20 else {}
    return Form({name: values[0] for name, values in fields.items()}, _same_site(request))


def _same_site(request: Request) -> bool:
    # Browsers say where a form comes from, one way or the other; what says nothing is no browser that could be misled.
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def is_secure(request: Request, settings: Settings) -> bool:
    """Whether the person's browser speaks TLS, to us or to the proxy in front."""
    return request.url.scheme == "https" or (settings.public_url or "").startswith("https://")


def is_private(request: Request, settings: Settings) -> bool:
    """Whether nobody on the way can read along: TLS, or the same machine."""
    return is_secure(request, settings) or request.url.hostname in _LOOPBACK


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"size": size_words, "shown": show_reference, "state": STATE_WORDS.__getitem__, "kind": KINDS.__getitem__, "when": _when}
    return environment


def _when(time: str) -> str:
    """`2026-11-25T09:40:00+00:00` → `2026-11-25 09:40 UTC`."""
    return f"{time[:16].replace('T', ' ')} UTC"


def team_page(request: Request, settings: Settings, name: str, status: int = 200, *, session: Session | None = None, **facts: Any) -> HTMLResponse:
    """One page of the team's. `facts` are what its template asks for."""
    root = request.scope.get("root_path", "").rstrip("/")
    language = _language(request)
    say = speaker(language)
    facts |= {key: say(facts[key]) for key in ("heading", "text", "trouble", "done") if key in facts}
    # The other language, on the same page; a page that answers a form cannot be asked for again.
    kept = {key: value for key, value in request.query_params.items() if key in ("state", "page")}
    switch = f"?{urlencode(kept)}&" if kept else "?"
    text = _environment().get_template(name).render(
        _=say, language=language, switch=switch if request.method == "GET" else "", site=settings.site_name, base=f"{root}/team", look=f"{root}/records/static", session=session, states=STATE_WORDS, most=TEXT_CHARS, **facts
    )  # fmt: skip
    answer = HTMLResponse(text, status_code=status, headers=HEADERS)
    if request.query_params.get("lang") == language:
        answer.set_cookie(
            LANGUAGE_COOKIE, language, max_age=365 * 86400, path=f"{root}/team", secure=is_secure(request, settings), httponly=True, samesite="strict"
        )
    return answer


def _language(request: Request) -> Language:
    """The language that was chosen here, now or before; else the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if "lang" not in request.query_params and chosen in WORDS:
        return "es" if chosen == "es" else "en"
    return language_of(request)
