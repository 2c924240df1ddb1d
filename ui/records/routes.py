"""The public side of the records upload: the form, the streaming upload, what a code and PIN open. Mount it with `include_router`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bot.settings import Settings
from ui.records.asks import questions_for
from ui.records.desk import Desk
from ui.records.errors import NotFound, RecordsError, Refused
from ui.records.hooks import Courier
from ui.records.ledger import REPLIES
from ui.records.limits import Limits
from ui.records.pages import ASSETS, HEADERS, language_of, page
from ui.records.pieces import add_pieces
from ui.records.receipts import kept_until, receipt_text
from ui.records.sniff import KINDS
from ui.records.submission import Details, Receipt, Status, show_reference
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

    def words_of(request: Request) -> dict[str, str]:
        return WORDS[language_of(request)]

    def closed(request: Request) -> Response:
        words = words_of(request)
        return page(request, settings, desk.limits, "message.html", 503, heading=words["closed_title"], text=words["closed_lead"], closed=True)

    def form_page(request: Request, trouble: str = "", status: int = 200) -> Response:
        return page(request, settings, desk.limits, "upload.html", status, trouble=trouble, say=_say(request, desk.limits))

    def trouble_of(request: Request, error: Exception) -> tuple[str, int]:
        words = words_of(request)
        if isinstance(error, Refused):
            log.info("records request refused: %s", error.code)
            return refusal_words(words, error.code, error.facts), error.status
        log.exception("records request failed", exc_info=error)
        return words["e_broken"], 500

    @router.get("/records")
    def show_form(request: Request) -> Response:
        return form_page(request) if desk.vault else closed(request)

    async def receipt_page(request: Request, receipt: Receipt, details: Details) -> Response:
        asks = await run_in_threadpool(questions_for, details.question, language_of(request), settings.overlay)
        facts = {"reference": show_reference(receipt.reference), "pin": receipt.pin, "n": len(details.files), "contact": bool(details.contact), "asks": asks}
        return page(request, settings, desk.limits, "receipt.html", 201, **facts)

    @router.post("/records")
    async def upload(request: Request) -> Response:
        if not desk.vault:
            return closed(request)
        try:
            _same_site(request, settings)
            taken = await desk.receive(request)
        except Exception as error:
            text, status = trouble_of(request, error)
            await _drain(request, desk.limits)
            return form_page(request, text, status)
        return await receipt_page(request, taken.receipt, taken.details)

    def status_page(request: Request, trouble: str = "", status: int = 200) -> Response:
        return page(request, settings, desk.limits, "status.html", status, trouble=trouble)

    def submission_page(request: Request, found: Status, pin: str, added: int = 0, trouble: str = "", status: int = 200) -> Response:
        """What somebody with both codes sees. Raises Refused when the submission went meanwhile."""
        assert desk.vault is not None
        try:
            details, replies = desk.vault.details(found.reference)[0], desk.vault.said(REPLIES, found.reference)
        except NotFound as error:
            raise Refused("pin", 403) from error
        return page(
            request, settings, desk.limits, "submission.html", status, trouble=trouble, found=found, pin=pin, added=added, details=details, replies=replies,
            until=kept_until(found, desk.limits), size=size_words, kinds=KINDS, say=_say(request, desk.limits),
            asks=questions_for(details.question, language_of(request), settings.overlay),
        )  # fmt: skip

    async def with_codes(request: Request, act: Callable[[dict[str, str], Status], Response]) -> Response:
        """A short form with reference and PIN: what `act` makes of it, or what is wrong with it."""
        if not desk.vault:
            return closed(request)
        found, form = None, dict[str, str]()
        try:
            _same_site(request, settings)
            form = await _small_form(request)
            found = await run_in_threadpool(desk.find, request, form)
            return await run_in_threadpool(act, form, found)
        except Exception as error:
            text, status = trouble_of(request, error)
            if found and isinstance(error, Refused) and error.code == "sure":
                return await run_in_threadpool(submission_page, request, found, form.get("pin", ""), 0, text, status)
            return status_page(request, text, status)

    @router.get("/records/status")
    def ask_status(request: Request) -> Response:
        return status_page(request) if desk.vault else closed(request)

    @router.post("/records/status")
    async def show_status(request: Request) -> Response:
        def show(form: dict[str, str], found: Status) -> Response:
            added = form.get("added", "")
            return submission_page(request, found, form.get("pin", ""), int(added) if added.isascii() and added.isdigit() and len(added) < 4 else 0)

        return await with_codes(request, show)

    @router.post("/records/receipt")
    async def receipt(request: Request) -> Response:
        def download(form: dict[str, str], found: Status) -> Response:
            assert desk.vault is not None
            try:
                details = desk.vault.details(found.reference)[0]
            except NotFound as error:
                raise Refused("pin", 403) from error
            text = receipt_text(found, details, words_of(request), desk.limits, settings.site_name)
            name = f'attachment; filename="{words_of(request)["receipt_file"]}-{found.shown}.txt"'
            return Response(text.encode("utf-8"), media_type="text/plain; charset=utf-8", headers={**HEADERS, "Content-Disposition": name})

        return await with_codes(request, download)

    @router.post("/records/add")
    async def add(request: Request) -> Response:
        if not desk.vault:
            return closed(request)
        try:
            _same_site(request, settings)
            taken = await desk.receive(request, joins=True)
            found = await run_in_threadpool(desk.vault.status, taken.receipt.reference)
            return await run_in_threadpool(submission_page, request, found, taken.pin, len(taken.details.files))
        except Exception as error:
            text, status = trouble_of(request, error)
            await _drain(request, desk.limits)
            return status_page(request, text, status)

    @router.post("/records/delete")
    async def delete(request: Request) -> Response:
        def remove(form: dict[str, str], found: Status) -> Response:
            assert desk.vault is not None
            if form.get("sure") != "yes":
                raise Refused("sure")
            with suppress(NotFound):  # gone is what was asked for
                desk.vault.delete(found.reference, "the person")
            words = words_of(request)
            return page(request, settings, desk.limits, "message.html", heading=words["deleted_title"], text=words["deleted_lead"], closed=False)

        return await with_codes(request, remove)

    async def committed(request: Request, receipt: Receipt, details: Details) -> Response:
        if not receipt.pin:
            return JSONResponse({"added": len(details.files)}, headers={"Cache-Control": "no-store"})
        return await receipt_page(request, receipt, details)

    add_pieces(router, desk, lambda request: _same_site(request, settings), committed)

    @router.get("/records/static/{name}")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            return Response(status_code=404)
        folder, kind = ASSETS[name]
        return FileResponse(folder / name, media_type=kind, headers={**HEADERS, "Cache-Control": "no-cache"})

    return router


def _say(request: Request, limits: Limits) -> dict[str, str]:
    """The refusals that records.js says by itself."""
    words = WORDS[language_of(request)]
    named = {"name": "{name}"}
    return {
        "large": refusal_words(words, "file-size", {**named, "most": limits.file_bytes}), "none": words["e_no-files"],
        "much": refusal_words(words, "total-size", {"most": limits.total_bytes}), "many": refusal_words(words, "count", {"most": limits.files}),
        "empty": refusal_words(words, "empty", named), "unreadable": refusal_words(words, "unreadable", named),
    }  # fmt: skip


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
