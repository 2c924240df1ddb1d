"""Takes one upload from the wire into the vault, within its limits, and finds submissions by reference and PIN."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bot.settings import Settings
from ui.records.drafts import Draft, Drafts
from ui.records.errors import RecordsError, Refused
from ui.records.intake import Admit, Intake, boundary_of, disk_problem
from ui.records.limits import Limits
from ui.records.pages import language_of
from ui.records.rates import Rates
from ui.records.scanner import Scanner
from ui.records.submission import Details, Receipt, Status, clean_reference
from ui.records.vault import Vault, open_vault

log = logging.getLogger("oncolantern.records")
_HOUR, _QUARTER = 3600.0, 900.0
_TIDY_SECONDS = 6 * 3600.0


@dataclass(frozen=True)
class Taken:
    """One plain form, kept. details: what came now; pin: the one that a form which joins a submission came with."""

    receipt: Receipt
    details: Details
    pin: str


class Desk:
    """What the routes share: the vault, opened once, and who has asked how often."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self.settings, self.limits = settings, limits
        self.uploads = Rates(limits.uploads_per_hour, _HOUR)
        self.pins = Rates(limits.pin_tries_per_quarter, _QUARTER)
        self.busy = threading.BoundedSemaphore(limits.uploads_at_once)
        self.pieces = threading.BoundedSemaphore(4 * limits.uploads_at_once)
        self.scanner = Scanner(settings.clamav) if settings.clamav else None
        self.vault: Vault | None = None
        self._closed_because = ""
        self._open()
        threading.Thread(target=self._keep_promises, name="records-purge", daemon=True).start()

    def _open(self) -> None:
        try:
            self.vault = open_vault(self.settings, self.limits)
        except (RecordsError, OSError) as error:
            # The chat goes on without uploads; the operator reads why, once.
            if str(error) != self._closed_because:
                log.error("records uploads are closed: %s", error)
            self._closed_because = str(error)
        else:
            if self._closed_because:
                log.warning("records uploads are open again")

    def _keep_promises(self) -> None:
        """Open as soon as database, store and key are there; delete what is past its time on a server that runs for months, asked or not."""
        while self.vault is None:
            time.sleep(self.limits.reopen_seconds)
            self._open()
        while True:
            time.sleep(_TIDY_SECONDS)
            try:
                self.vault.tidy()
            except Exception:
                log.exception("what is past its time could not be deleted")

    async def receive(self, request: Request, joins: bool = False) -> Taken:
        """Take one plain form; `joins`: it begins with `reference` and `pin`, and its files join that submission. Raises Refused."""
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
            return await self._stream(request, boundary, (lambda form: self.find(request, form).reference) if joins else None)
        finally:
            self.busy.release()

    async def _stream(self, request: Request, boundary: bytes, admit: Admit | None) -> Taken:
        assert self.vault is not None
        try:
            intake = await run_in_threadpool(Intake, self.vault, boundary, language_of(request), self.scanner, admit)
        except OSError as error:
            raise disk_problem(error) from error
        done = False
        try:
            async with asyncio.timeout(self.limits.upload_seconds):
                async for part in self._parts(request):
                    await run_in_threadpool(intake.feed, part)
            receipt = await run_in_threadpool(intake.finish)
            done = True
            return Taken(receipt, intake.details, intake.pin)
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

    def find(self, request: Request, form: Mapping[str, Any]) -> Status:
        """The submission of a `reference` and `pin`, as people type them. Raises Refused."""
        assert self.vault is not None
        reference, pin = str(form.get("reference", "")), str(form.get("pin", ""))
        if not self.pins.allow(_address(request)):
            raise Refused("pin", 403)
        found = self.vault.check_pin(clean_reference(reference), "".join(c for c in pin if c.isascii() and c.isdigit()))
        # Only wrong ones count: a person who looks, adds and looks again is not a thief.
        self.pins.forgive(_address(request))
        return found

    def begin_draft(self, request: Request, asked: Any) -> Draft:
        """An upload in pieces begins; with `reference` and `pin` its files join that submission. Raises Refused."""
        assert self.vault is not None
        if not isinstance(asked, dict):
            raise Refused("form")
        if asked.get("consent") != "yes":
            raise Refused("consent")
        files = asked.get("files")
        if not isinstance(files, list) or not all(isinstance(f, dict) and isinstance(f.get("name"), str) and type(f.get("size")) is int for f in files):
            raise Refused("form")
        words = {name: asked.get(name, "") for name in ("contact", "note", "question")}
        if not all(isinstance(text, str) for text in words.values()):
            raise Refused("form")
        if not self.uploads.allow(_address(request)):
            raise Refused("rate", 429)
        adds_to = self.find(request, asked).reference if "reference" in asked else ""
        return self.drafts.begin([(f["name"], f["size"]) for f in files], language=language_of(request), adds_to=adds_to, **words)

    @property
    def drafts(self) -> Drafts:
        """Uploads in pieces."""
        assert self.vault is not None
        return Drafts(self.vault, self.scanner)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
