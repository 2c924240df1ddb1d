"""The public side of the records upload: the form, the streaming upload, status, deletion. Mount it with `include_router`."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bot.settings import Settings
from ui.records.errors import KeyProblem, RecordsError, Refused
from ui.records.intake import Intake, boundary_of, disk_problem
from ui.records.limits import Limits
from ui.records.pages import ASSETS, HEADERS, language_of, page
from ui.records.rates import Rates
from ui.records.submission import Receipt, Status, clean_reference, show_reference
from ui.records.vault import Vault
from ui.records.words import WORDS, refusal_words, size_words

log = logging.getLogger("oncolantern.records")
_SMALL_FORM = 4096
_HOUR, _QUARTER = 3600.0, 900.0
# How long a browser that is still sending may take until it hears that it was refused.
_DRAIN_SECONDS = 600.0


class Desk:
    """What the routes share: the vault, opened once, and who has asked how often."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self.settings, self.limits = settings, limits
        self.uploads = Rates(limits.uploads_per_hour, _HOUR)
        self.pins = Rates(limits.pin_tries_per_quarter, _QUARTER)
        self.busy = threading.BoundedSemaphore(limits.uploads_at_once)
        self.vault: Vault | None = None
        try:
            self.vault = Vault(settings.data, limits)
        except (KeyProblem, OSError) as error:
            # The chat goes on without uploads; the operator reads why.
            log.error("records uploads are closed: %s", error)

    async def receive(self, request: Request) -> tuple[Receipt, int, bool]:
        """Take one upload; gives its receipt, how many files, and whether a contact was left. Raises Refused."""
        assert self.vault is not None
        boundary = boundary_of(request.headers.get("content-type", ""))
        announced = int(request.headers.get("content-length") or 0) if (request.headers.get("content-length") or "0").isdigit() else 0
        if announced > self.limits.body_bytes:
            raise Refused("total-size", 413, most=self.limits.total_bytes)
        if shutil.disk_usage(self.vault.folder).free - announced < self.limits.spare_disk_bytes:
            raise Refused("disk", 507)
        if not self.uploads.allow(_address(request)):
            raise Refused("rate", 429)
        if not self.busy.acquire(blocking=False):
            raise Refused("busy", 503)
        try:
            return await self._stream(request, boundary)
        finally:
            self.busy.release()

    async def _stream(self, request: Request, boundary: bytes) -> tuple[Receipt, int, bool]:
        assert self.vault is not None
        try:
            intake = await run_in_threadpool(Intake, self.vault, boundary, language_of(request))
        except OSError as error:
            raise disk_problem(error) from error
        done = False
        try:
            async with asyncio.timeout(self.limits.upload_seconds):
                async for part in self._parts(request):
                    await run_in_threadpool(intake.feed, part)
            receipt = await run_in_threadpool(intake.finish)
            done = True
            return receipt, intake.count, intake.has_contact
        except TimeoutError as error:
            raise Refused("slow", 408) from error
        except ClientDisconnect as error:
            raise Refused("cut-off") from error
        finally:
            # Runs for a cancelled request too, and never waits on the event loop.
            if not done:
                intake.abort()

    async def _parts(self, request: Request) -> AsyncIterator[bytes]:
        """The body, piece by piece, with a limit on how long a client may stay silent."""
        stream = request.stream()
        while (part := await asyncio.wait_for(anext(stream, None), self.limits.idle_seconds)) is not None:
            yield part

    def find(self, request: Request, form: dict[str, str]) -> Status:
        """The submission of a reference and PIN. Raises Refused."""
        assert self.vault is not None
        if not self.pins.allow(_address(request)):
            raise Refused("pin", 403)
        return self.vault.check_pin(clean_reference(form.get("reference", "")), "".join(c for c in form.get("pin", "") if c.isdigit()))


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

    desk = Desk(settings, limits or Limits())

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
            await run_in_threadpool(desk.vault.delete, found.reference)
        except Exception as error:
            text, status = trouble_of(request, error)
            return status_page(request, text, status, found=found, pin=form.get("pin", ""))
        words = WORDS[language_of(request)]
        return page(request, settings, desk.limits, "message.html", heading=words["deleted_title"], text=words["deleted_lead"], closed=False)

    @router.get("/records/assets/{name}")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            return Response(status_code=404)
        folder, kind = ASSETS[name]
        return FileResponse(folder / name, media_type=kind, headers={**HEADERS, "Cache-Control": "no-cache"})

    return router


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


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
