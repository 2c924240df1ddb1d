"""The public side of the records upload: the form, the streaming upload, status, deletion. Mount it with `include_router`."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bot.settings import Settings
from ui.records.desk import Desk
from ui.records.errors import RecordsError, Refused
from ui.records.hooks import Courier
from ui.records.limits import Limits
from ui.records.pages import ASSETS, HEADERS, language_of, page
from ui.records.submission import Status, show_reference
from ui.records.team_routes import team_router
from ui.records.words import WORDS, refusal_words, size_words

log = logging.getLogger("oncolantern.records")
_SMALL_FORM = 4096
# How long a browser that is still sending may take until it hears that it was refused.
_DRAIN_SECONDS = 600.0


def records_router(settings: Settings, limits: Limits | None = None) -> APIRouter:
    """Routes under /records. With ONCOLANTERN_RECORDS_URL they only lead there. Opens the vault: leftovers of a crash go now."""
    router = APIRouter()
    if settings.records_url:
        elsewhere = settings.records_url

        @router.get("/records")
        @router.get("/records/status")
        def leave() -> RedirectResponse:
            return RedirectResponse(elsewhere, status_code=307)

        return router

    desk = Desk(settings, limits or Limits(keep_days=settings.records_keep_days))

    router.include_router(team_router(settings, lambda: desk.vault))
    Courier(settings, lambda: desk.vault).start()

    def closed(request: Request) -> Response:
        words = WORDS[language_of(request)]
        return page(request, settings, desk.limits, "message.html", 503, heading=words["closed_title"], text=words["closed_lead"], closed=True)

    def form_page(request: Request, trouble: str = "", status: int = 200) -> Response:
        words = WORDS[language_of(request)]
        say = {
            "large": refusal_words(words, "file-size", {"name": "{name}", "most": desk.limits.file_bytes}), "none": words["e_no-files"],
            "much": refusal_words(words, "total-size", {"most": desk.limits.total_bytes}), "many": refusal_words(words, "count", {"most": desk.limits.files}),
        }  # fmt: skip
        return page(request, settings, desk.limits, "upload.html", status, trouble=trouble, **say)

    def trouble_of(request: Request, error: Exception) -> tuple[str, int]:
        words = WORDS[language_of(request)]
        if isinstance(error, Refused):
            log.info("records request refused: %s", error.code)
            return refusal_words(words, error.code, error.facts), error.status
        log.exception("records request failed", exc_info=error)
        return words["e_broken"], 500

    @router.get("/records")
    def show_form(request: Request) -> Response:
        return form_page(request) if desk.vault else closed(request)

    @router.post("/records")
    async def upload(request: Request) -> Response:
        if not desk.vault:
            return closed(request)
        try:
            _same_site(request, settings)
            receipt, files, contact = await desk.receive(request)
        except Exception as error:
            text, status = trouble_of(request, error)
            await _drain(request, desk.limits)
            return form_page(request, text, status)
        facts = {"reference": show_reference(receipt.reference), "pin": receipt.pin, "n": files, "contact": contact}
        return page(request, settings, desk.limits, "receipt.html", 201, **facts)

    def status_page(request: Request, trouble: str = "", status: int = 200, found: Status | None = None, pin: str = "") -> Response:
        until = found and (datetime.fromisoformat(found.received) + timedelta(days=desk.limits.keep_days)).date().isoformat()
        size = size_words(found.bytes) if found else ""
        return page(request, settings, desk.limits, "status.html", status, trouble=trouble, found=found, pin=pin, until=until, bytes=size)

    @router.get("/records/status")
    def ask_status(request: Request) -> Response:
        return status_page(request) if desk.vault else closed(request)

    @router.post("/records/status")
    async def show_status(request: Request) -> Response:
        if not desk.vault:
            return closed(request)
        try:
            _same_site(request, settings)
            form = await _small_form(request)
            found = await run_in_threadpool(desk.find, request, form)
        except Exception as error:
            return status_page(request, *trouble_of(request, error))
        return status_page(request, found=found, pin=form.get("pin", ""))

    @router.post("/records/delete")
    async def delete(request: Request) -> Response:
        if not desk.vault:
            return closed(request)
        found, form = None, dict[str, str]()
        try:
            _same_site(request, settings)
            form = await _small_form(request)
            found = await run_in_threadpool(desk.find, request, form)
            if form.get("sure") != "yes":
                raise Refused("sure")
            await run_in_threadpool(desk.vault.delete, found.reference, "the person")
        except Exception as error:
            text, status = trouble_of(request, error)
            return status_page(request, text, status, found=found, pin=form.get("pin", ""))
        words = WORDS[language_of(request)]
        return page(request, settings, desk.limits, "message.html", heading=words["deleted_title"], text=words["deleted_lead"], closed=False)

    @router.get("/records/static/{name}")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            return Response(status_code=404)
        folder, kind = ASSETS[name]
        return FileResponse(folder / name, media_type=kind, headers={**HEADERS, "Cache-Control": "no-cache"})

    return router


def _same_site(request: Request, settings: Settings) -> None:
    """A form of another site is not taken, so that nobody uploads or deletes by a click elsewhere. Raises Refused."""
    if request.headers.get("sec-fetch-site", "same-origin") in ("cross-site", "same-site"):
        raise Refused("cross-site", 403)
    origin = request.headers.get("origin")
    ours = {request.headers.get("host", ""), urlsplit(settings.public_url or "").netloc}
    if origin and "sec-fetch-site" not in request.headers and urlsplit(origin).netloc not in ours:
        raise Refused("cross-site", 403)


async def _small_form(request: Request) -> dict[str, str]:
    """A short url-encoded form. Raises Refused."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _SMALL_FORM:
            raise Refused("form", 413)
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", errors="replace")).items()}


async def _drain(request: Request, limits: Limits) -> None:
    """Read on after a refusal, so that a browser still sending gets to see why; within limits, keeping nothing."""
    left = limits.body_bytes
    try:
        async with asyncio.timeout(min(_DRAIN_SECONDS, limits.upload_seconds)):
            async for part in request.stream():
                left -= len(part)
                if left < 0:
                    return
    except (TimeoutError, RuntimeError, ClientDisconnect, RecordsError):
        return
