"""Where submissions live: sealed files in a folder each, facts in the ledger. A row in the ledger is the acknowledgement.

    records/
      master.key            only without ONCOLANTERN_RECORDS_KEY
      ledger.sqlite3        without DATABASE_URL: reference, state, times, counts; keys wrapped, words sealed
      files/<reference>/    lock, <file id>.onc

Until the row is committed the submission's key exists in memory alone: a process killed in the middle leaves bytes that
nobody can read, and the next start removes them. Deleting removes the row with the wrapped key first, then the files.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table

from bot.settings import Settings
from ui.records import outbox
from ui.records.errors import KeyProblem, NotFound, RecordsError, Refused, Tampered
from ui.records.files import FileStore, file_store
from ui.records.keys import KEY_BYTES, KEY_VARIABLE, MasterKey, PinKey, derive, load_key, seal, unseal
from ui.records.ledger import STATES, State, ledger_url, now, open_ledger
from ui.records.limits import Limits
from ui.records.rotation import current_key
from ui.records.sealed import open_sealed
from ui.records.submission import Details, Said, Status, StoredFile, read_details, show_reference

log = logging.getLogger("oncolantern.records")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def open_vault(settings: Settings, limits: Limits | None = None, *, tidy: bool = True) -> Vault:
    """The vault of this installation; `tidy`: leftovers, and what is past its time, go now. Raises KeyProblem, RecordsError, OSError."""
    limits = limits or Limits(keep_days=settings.records_keep_days)
    vault = Vault(settings.data, limits, database_url=settings.database_url, store=settings.records_store, tidy=tidy)
    vault.channels = tuple(name for name, given in (("webhook", settings.records_webhook), ("mail", settings.records_mail_to)) if given)
    return vault


class Vault:
    """All submissions of one installation. Opening it removes leftovers and what is past its time."""

    def __init__(
        self, data: Path, limits: Limits | None = None, master: MasterKey | None = None, database_url: str | None = None,
        store: str | None = None, tidy: bool = True,
    ) -> None:  # fmt: skip
        """Raises KeyProblem, RecordsError (no such database or store), OSError."""
        self.limits = limits or Limits()
        self.folder = data / "records"
        self.files = self.folder / "files"
        for folder in (self.folder, self.files):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._key_file = master is None and not os.environ.get(KEY_VARIABLE, "").strip()
        self.master = master or load_key(self.folder)
        self.store: FileStore = file_store(self.files, store)
        self.ledger = open_ledger(ledger_url(self.folder, database_url))
        with self.ledger.opening() as books:
            mark = self.ledger.fact(books, "key")
            if mark is not None and mark != self.master.mark:
                self.master = self._changed_key(mark)
            self._belong_together(books)
            if mark is None:
                self.ledger.set_fact(books, "key", self.master.mark)
            # PINs are checked under a key of their own, kept wrapped: a new master key wraps it anew and every PIN goes on working.
            wrapped = self.ledger.fact(books, "pin-key")
            if wrapped is None:
                wrapped = self.master.wrap(secrets.token_bytes(KEY_BYTES), "pin-key").hex()
                self.ledger.set_fact(books, "pin-key", wrapped)
            self.pins = PinKey(self.master.unwrap(bytes.fromhex(wrapped), "pin-key"))
        self._orphans: set[str] = set()
        # How the team is told of what comes in (hooks.py).
        self.channels: tuple[str, ...] = ()
        if self.ledger.sqlite:
            (self.folder / "ledger.sqlite3").chmod(0o600)
        if tidy:
            self.sweep()
            self.purge()

    def key(self, books: Connection) -> MasterKey:
        """The master key that the books are under, held still until the transaction ends. Whatever is wrapped is wrapped with it. Raises KeyProblem."""
        mark = self.ledger.fact(books, "key", hold=True)
        if mark != self.master.mark:
            self.master = self._changed_key(mark or "")
        return self.master

    def _changed_key(self, mark: str) -> MasterKey:
        """The key after `oncolantern records rotate-key` in another process, or one that was cut off before its file was in place."""
        if self._key_file and (key := current_key(self.folder, mark)):
            return key
        raise KeyProblem(
            "the records key is not the one these records were sealed with: set the earlier ONCOLANTERN_RECORDS_KEY or key file, "
            "or, after rotate-key, start the service again with the new one"
        )

    def _unwrapped(self, row: Row[Any]) -> bytes:
        """A submission's key. Raises Tampered, KeyProblem."""
        try:
            return self.master.unwrap(row.wrapped_key, row.reference)
        except Tampered:
            with self.ledger.transaction() as books:
                # The key may have been changed since the row was read.
                master, fresh = self.key(books), self.ledger.row(books, row.reference)
            if fresh is None:
                raise
            return master.unwrap(fresh.wrapped_key, row.reference)

    def _belong_together(self, books: Connection) -> None:
        """The sealed files are those of this ledger: one that is new, or another's, knows none of them and would have them swept away."""
        ours, theirs = self.ledger.fact(books, "ledger"), self.store.mark()
        if theirs is not None and theirs != ours:
            raise RecordsError(
                f"the sealed files of {self.folder} belong to another ledger, which is gone or not the one named now: restore it, or set the "
                "DATABASE_URL and ONCOLANTERN_RECORDS_STORE that were used before; to begin anew, move the folder (and the store) away"
            )
        if theirs is None and ours is not None and (count := len(self.ledger.rows(books))):
            log.error("the store of sealed files is new or was deleted, though %d submissions are known: restore it, or their files stay missing", count)
        if ours is None:
            self.ledger.set_fact(books, "ledger", ours := secrets.token_hex(16))
        if theirs is None:
            self.store.set_mark(ours)

    @contextmanager
    def making(self) -> Iterator[None]:
        """Keeps a folder from being swept between its making and its locking, by this process or another."""
        with (self.folder / "making.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def sweep(self) -> int:
        """Remove what an interrupted upload or deletion left; gives how many."""
        with self.making():
            return sum(self._remove_leftover(folder) for folder in self.files.iterdir())

    def tidy(self) -> None:
        """What a server that runs for months does now and then: leftovers here and in the store, and what is past its time. Raises StoreProblem."""
        self.sweep()
        self.purge()
        if not self.store.local:
            there = self.store.references()
            with self.ledger.transaction() as books:
                known = {row.reference for row in self.ledger.rows(books, STATES)}
            # What somebody puts there right now has no row yet: only what nobody knew the last time either goes.
            orphans = there - known - {folder.name for folder in self.files.iterdir()}
            for reference in orphans & self._orphans:
                self.store.remove(reference)
            self._orphans = orphans

    def _remove_leftover(self, folder: Path) -> bool:
        try:
            lock = os.open(folder / "lock", os.O_RDWR)
        except FileNotFoundError:
            lock = -1
        try:
            if lock >= 0:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # another process is receiving it right now
        else:
            with self.ledger.transaction() as books:
                if self.ledger.row(books, folder.name) is not None:
                    return False
            shutil.rmtree(folder, ignore_errors=True)
            return True
        finally:
            if lock >= 0:
                os.close(lock)

    def past(self, keep_days: int | None = None) -> list[str]:
        """References of what is older than the promised time, drafts too."""
        days = self.limits.keep_days if keep_days is None else keep_days
        with self.ledger.transaction() as books:
            return self.ledger.older(books, (_now() - timedelta(days=days)).isoformat(), now())

    def purge(self, keep_days: int | None = None, who: str = "its time") -> int:
        """Delete what is older than the promised time; gives how many."""
        days = self.limits.keep_days if keep_days is None else keep_days
        oldest, current = (_now() - timedelta(days=days)).isoformat(), now()
        old = self.past(days)
        for reference in old:
            with suppress(NotFound):  # another process was quicker
                # A draft may have become a submission meanwhile.
                self.delete(reference, who, lambda row: row.expires < current if row.state == "draft" else row.received < oldest)
        return len(old)

    def all(self) -> list[Status]:
        """Every submission, oldest first."""
        with self.ledger.transaction() as books:
            return [self._status(row) for row in self.ledger.rows(books)]

    def status(self, reference: str) -> Status:
        """Raises NotFound."""
        return self._status(self._row(reference))

    def details(self, reference: str) -> tuple[Details, bytes]:
        """What is sealed with a submission, and its key. Raises NotFound, Tampered."""
        return self.unsealed(self._row(reference))

    def unsealed(self, row: Row[Any], master: MasterKey | None = None) -> tuple[Details, bytes]:
        """What is sealed in a row, and its key; `master`: what `key` gave, inside a transaction. Raises Tampered."""
        key = master.unwrap(row.wrapped_key, row.reference) if master else self._unwrapped(row)
        return read_details(unseal(derive(key, "details"), row.details, row.reference)), key

    def sealed(self, reference: str, key: bytes, details: Details) -> bytes:
        """Details as the ledger keeps them."""
        return seal(derive(key, "details"), json.dumps(asdict(details)).encode(), reference)

    def open(self, reference: str, file: StoredFile, key: bytes) -> BufferedReader:
        """One file, opened. Raises Tampered, FileNotFoundError."""
        return open_sealed(self.store.open(reference, file.id), key, file.id)

    def say(self, table: Table, reference: str, who: str, text: str, state: State | None = None, trail: tuple[str, str] | None = None) -> None:
        """Adds a note (ledger.NOTES) or a reply (ledger.REPLIES), sealed under the submission's key; `state`: where that puts it;
        `trail`: who did what, for the audit trail. Raises NotFound."""
        with self.ledger.transaction() as books:
            master = self.key(books)  # before the row, as the change of a key takes them
            row = self.ledger.row(books, reference, lock=True)
            if row is None or row.state == "draft":
                raise NotFound(f"there is no submission {show_reference(reference)}")
            key = derive(master.unwrap(row.wrapped_key, reference), "words")
            self.ledger.say(books, table, reference, who, seal(key, text.encode(), f"{table.name} {reference}"))
            if state:
                self.ledger.change(books, reference, state=state)
            if trail:
                self.ledger.record(books, *trail, reference)

    def said(self, table: Table, reference: str) -> list[Said]:
        """Notes or replies of a submission, oldest first. Raises NotFound, Tampered."""
        with self.ledger.transaction() as books:
            row, rows = self.ledger.row(books, reference), self.ledger.said(books, table, reference)
        if row is None or row.state == "draft":
            raise NotFound(f"there is no submission {show_reference(reference)}")
        key = derive(self._unwrapped(row), "words")
        return [Said(one.at, one.who, unseal(key, one.sealed, f"{table.name} {reference}").decode()) for one in rows]

    def announce(self, books: Connection, reference: str, what: str, files: int, size: int) -> None:
        """In the transaction that acknowledges: the team is to be told, by whichever ways are set. what: `arrived` or `added`."""
        for channel in self.channels:
            outbox.post(books, channel, reference, what, files, size)

    def check_pin(self, reference: str, pin: str) -> Status:
        """The status, for somebody who has reference and PIN. Wrong, unknown and locked cannot be told apart.

        Raises Refused (`pin`).
        """
        with self.ledger.transaction() as books:
            row = self.ledger.row(books, reference, lock=True)
            good = hmac.compare_digest(row.pin_check if row else "0" * 64, self.pins.check(reference, pin))
            if row is None or row.state == "draft" or (row.locked_until and row.locked_until > now()):
                raise Refused("pin", 403)
            failures = 0 if good else row.failures + 1
            lock = None
            if failures and failures % self.limits.pin_failures == 0:
                # Twice as long each time: a code that somebody works on for months stays as good as unguessed (NIST SP 800-63B: at most 100 tries).
                seconds = min(self.limits.pin_lock_seconds << min(failures // self.limits.pin_failures - 1, 16), self.limits.pin_lock_most_seconds)
                lock = (_now() + timedelta(seconds=seconds)).isoformat()
            self.ledger.change(books, reference, failures=failures, locked_until=lock)
        if not good:
            raise Refused("pin", 403)
        return self._status(row)

    def delete(self, reference: str, who: str, still: Callable[[Row[Any]], bool] = lambda row: True) -> None:
        """Remove everything of a submission or draft: first its key, then its files. The audit keeps the code, and `who` deleted it.

        still: asked once nobody else can change the row; nothing is removed when it says no. Raises NotFound.
        """
        with self.ledger.transaction() as books:
            row = self.ledger.row(books, reference, lock=True)
            if row is None:
                raise NotFound(f"there is no submission {show_reference(reference)}")
            if not still(row):
                return
            gone = [reference]
            if row.state != "draft":
                self.ledger.record(books, who, "deleted", reference)
                # Files that were on their way to join it hold words of the person too.
                gone += [draft.reference for draft in self.ledger.rows(books, ("draft",)) if self._joins(draft, reference)]
            for one in gone:
                self.ledger.remove(books, one)
        for one in gone:
            shutil.rmtree(self.files / one, ignore_errors=True)
        try:
            self.store.remove(reference)
        except (RecordsError, OSError):
            # Nobody can read what is left without the key; the sweep removes it when the store is there again.
            log.exception("sealed files of a deleted submission could not be removed yet")

    def _joins(self, draft: Row[Any], reference: str) -> bool:
        try:
            return self.unsealed(draft, self.master)[0].adds_to == reference
        except Tampered:
            return False  # a damaged draft keeps nobody from deleting; it goes when its day is over

    def _row(self, reference: str) -> Row[Any]:
        with self.ledger.transaction() as books:
            row = self.ledger.row(books, reference)
        if row is None or row.state == "draft":
            raise NotFound(f"there is no submission {show_reference(reference) if reference else '(not a reference code)'}")
        return row

    @staticmethod
    def _status(row: Row[Any]) -> Status:
        return Status(row.reference, row.received, row.opened, row.files, row.bytes, row.state)
