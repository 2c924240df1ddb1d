"""The upload that survives a lost connection: announce the files, send them in pieces, ask how far they came, then acknowledge.

begin ─► (id, token) ─► piece, piece, … [line lost] offsets ─► piece, … ─► commit ─► Receipt
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import OperationalError

from ui.records import sniff
from ui.records.errors import NotFound, Refused
from ui.records.files import SUFFIX
from ui.records.incoming import Reissue, acknowledge, check_room, checked, new_reference
from ui.records.intake import disk_problem, shown_name
from ui.records.keys import KEY_BYTES
from ui.records.ledger import now
from ui.records.scanner import Scanner
from ui.records.sealed import CHUNK, SealedPieces
from ui.records.submission import PIN_LENGTH, Details, Receipt, StoredFile
from ui.records.vault import Vault
from ui.records.words import CONSENT_VERSION

# Small enough that a phone on a weak line gets one through; a whole number of sealed chunks.
PIECE_BYTES = 32 * CHUNK
_REISSUE_HOURS = 1


@dataclass(frozen=True)
class Draft:
    """What the browser needs to go on: kept in the tab, never in an address."""

    id: str
    token: str
    files: tuple[StoredFile, ...]


class Drafts:
    """Uploads in pieces, over a vault. Every method raises Refused with words for the person."""

    def __init__(self, vault: Vault, scanner: Scanner | None = None) -> None:
        self._vault, self._scanner = vault, scanner

    def begin(self, files: Sequence[tuple[str, int]], *, language: str, contact: str = "", note: str = "", question: str = "", adds_to: str = "") -> Draft:
        """Announces files by name and size; consent was given. `adds_to`: a submission whose PIN was right."""
        limits = self._vault.limits
        if not files:
            raise Refused("no-files")
        if len(files) > limits.files:
            raise Refused("count", 413, most=limits.files)
        stored = tuple(StoredFile(secrets.token_hex(16), shown_name(name) or "file", "", size) for name, size in files)
        for file in stored:
            if file.size <= 0:
                raise Refused("empty", name=file.name)
            if file.size > limits.file_bytes:
                raise Refused("file-size", 413, name=file.name, most=limits.file_bytes)
        total = sum(file.size for file in stored)
        if total > limits.total_bytes:
            raise Refused("total-size", 413, most=limits.total_bytes)
        for name, text in (("contact", contact), ("note", note), ("question", question)):
            most = {"contact": limits.contact_chars, "note": limits.note_chars, "question": limits.question_chars}[name]
            if len(text) > most:
                raise Refused("too-long", field=name, most=most)
        if shutil.disk_usage(self._vault.folder).free - total < limits.spare_disk_bytes:
            raise Refused("disk", 507)
        if adds_to:
            check_room(self._vault, self._vault.details(adds_to)[0], len(stored), total)
        key = secrets.token_bytes(KEY_BYTES)
        details = Details(CONSENT_VERSION, language, stored, contact.strip(), note.strip(), question.strip(), adds_to)
        reference, token = new_reference(), secrets.token_urlsafe(24)
        expires = _in(limits.draft_hours)
        vault = self._vault
        with vault.making():
            (vault.files / reference).mkdir(mode=0o700)
            with vault.ledger.transaction() as books:
                vault.ledger.add(
                    books, reference=reference, state="draft", received=now(), expires=expires, files=len(stored), bytes=total, pin_check="",
                    token_hash=_hash(token), wrapped_key=vault.key(books).wrap(key, reference), details=vault.sealed(reference, key, details),
                )  # fmt: skip
        return Draft(reference, token, stored)

    def known(self, draft: str, token: str) -> None:
        """Raises Refused (`gone`) for a draft that is not there, or not this token's."""
        self._open(draft, token)

    def offsets(self, draft: str, token: str) -> list[tuple[StoredFile, int]]:
        """The files announced, each with how many of its bytes are there for good."""
        details, key = self._open(draft, token)
        return [(file, self._pieces(draft, key, file).offset) for file in details.files]

    def piece(self, draft: str, token: str, file_id: str, offset: int, data: bytes) -> int:
        """Takes a piece of a file; gives the file's new offset. `offset` that is not the acknowledged one is refused (409)."""
        if not data or len(data) > PIECE_BYTES:
            raise Refused("form")
        if shutil.disk_usage(self._vault.folder).free - len(data) < self._vault.limits.spare_disk_bytes:
            raise Refused("disk", 507)
        with self._busy(draft, token):
            details, key = self._open(draft, token)
            file = next((file for file in details.files if file.id == file_id), None)
            if file is None:
                raise Refused("form")
            if offset == 0:
                sniff.kind_of(data[: sniff.HEAD_BYTES], file.name)
            try:
                return self._pieces(draft, key, file).write(offset, data)
            except ValueError as error:
                raise Refused("offset", 409) from error
            except OSError as error:
                raise disk_problem(error) from error

    def commit(self, draft: str, token: str) -> tuple[Receipt, Details]:
        """Everything is there: check it, keep it, acknowledge it. Asked again within the hour, it gives the same receipt."""
        if again := self._receipt_again(draft, token):
            return again
        folder = self._vault.files / draft
        with self._busy(draft, token):
            if again := self._receipt_again(draft, token):
                return again
            details, key = self._open(draft, token)
            if any(self._pieces(draft, key, file).offset < file.size for file in details.files):
                raise Refused("missing", 409)
            reissue = Reissue(_hash(token), _in(_REISSUE_HOURS), self._vault.pins.pin_for(draft, token, PIN_LENGTH))
            try:
                whole = checked(folder, key, details, self._scanner)
                receipt = acknowledge(self._vault, draft, folder, key, whole, details.adds_to, reissue)
            except (OSError, OperationalError) as error:
                raise disk_problem(error) from error
            except NotFound as error:
                raise Refused("gone", 410) from error
            except Refused as error:
                # What the files are does not change by trying again.
                if error.code in ("virus", "content", "zip"):
                    self._vault.delete(draft, "the person")
                raise
        if details.adds_to or not self._vault.store.local:
            shutil.rmtree(folder, ignore_errors=True)
        return receipt, whole

    def cancel(self, draft: str, token: str) -> None:
        """The person stopped: nothing is kept. One that is acknowledged, or gone, stays as it is."""
        with suppress(NotFound, Refused):
            self._open(draft, token)
            self._vault.delete(draft, "the person", lambda row: bool(row.state == "draft"))

    def _row(self, draft: str, token: str) -> Row[Any]:
        with self._vault.ledger.transaction() as books:
            row = self._vault.ledger.row(books, draft)
        good = hmac.compare_digest(row.token_hash if row is not None else "0" * 64, _hash(token))
        if row is None or not good or (row.expires or "") < now():
            raise Refused("gone", 410)
        return row

    def _open(self, draft: str, token: str) -> tuple[Details, bytes]:
        """What was announced, and the key that its files are sealed with: their own, or that of the submission they will join."""
        row = self._row(draft, token)
        if row.state != "draft":
            raise Refused("gone", 410)
        details, key = self._vault.unsealed(row)
        try:
            return details, self._vault.details(details.adds_to)[1] if details.adds_to else key
        except NotFound as error:
            raise Refused("gone", 410) from error

    def _receipt_again(self, draft: str, token: str) -> tuple[Receipt, Details] | None:
        row = self._row(draft, token)
        if row.state == "draft":
            return None
        return Receipt(draft, self._vault.pins.pin_for(draft, token, PIN_LENGTH)), self._vault.unsealed(row)[0]

    def _pieces(self, draft: str, key: bytes, file: StoredFile) -> SealedPieces:
        return SealedPieces(self._vault.files / draft / f"{file.id}{SUFFIX}", key, file.id, file.size)

    @contextmanager
    def _busy(self, draft: str, token: str) -> Iterator[None]:
        """One request at a time works on a draft, whichever process it reaches; a second one is told to come again."""
        self._row(draft, token)  # from here on `draft` is a reference of ours and no path
        try:
            handle = os.open(self._vault.files / draft / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError as error:
            raise Refused("gone", 410) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Refused("going", 409) from error
        finally:
            os.close(handle)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _in(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).replace(microsecond=0).isoformat()
