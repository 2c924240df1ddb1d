"""A submission on its way in, from the first byte to the row that acknowledges it; or more files for one that is there.

The plain form keeps its key in memory alone until the row is there. A draft (the upload that can be resumed) has a row from the
start, with its key wrapped, and is gone after a day.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from ui.records import sniff
from ui.records.errors import NotFound, Refused
from ui.records.files import SUFFIX
from ui.records.keys import KEY_BYTES
from ui.records.ledger import now
from ui.records.scanner import Scanner
from ui.records.sealed import SealedWriter, open_sealed
from ui.records.submission import ALPHABET, PIN_LENGTH, REFERENCE_LENGTH, Details, Receipt

if TYPE_CHECKING:
    from ui.records.vault import Vault

_PIECE = 256 * 1024


@dataclass(frozen=True)
class Reissue:
    """What lets a draft's receipt be asked for once more, when the line was lost just then: its token's hash, until when (UTC), the PIN it gets."""

    token_hash: str
    until: str
    pin: str


def new_reference() -> str:
    """A fresh reference code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


class Incoming:
    """Files being sealed into a folder of their own. `adds_to`: the submission that they will join, under its key."""

    def __init__(self, vault: Vault, adds_to: str = "") -> None:
        """Raises NotFound when the submission to join is gone."""
        self._vault, self.adds_to = vault, adds_to
        self.reference = new_reference()
        self.key = vault.details(adds_to)[1] if adds_to else secrets.token_bytes(KEY_BYTES)
        self.folder = vault.files / self.reference
        with vault.making():
            self.folder.mkdir(mode=0o700)
            # Held while this process works on it, so that another one starting up does not take it for a leftover.
            self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def add(self) -> tuple[str, SealedWriter]:
        """A new sealed file: its id and where to write."""
        file_id = secrets.token_hex(16)
        return file_id, SealedWriter(self.folder / f"{file_id}{SUFFIX}", self.key, file_id)

    def commit(self, details: Details, scanner: Scanner | None = None) -> tuple[Receipt, Details]:
        """Check every file once more, make it all last, then acknowledge; gives what is kept as well. Raises Refused, NotFound, OSError."""
        details = checked(self.folder, self.key, details, scanner)
        receipt = acknowledge(self._vault, self.reference, self.folder, self.key, details, self.adds_to)
        if self.adds_to or not self._vault.store.local:
            shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()
        return receipt, details

    def abort(self) -> None:
        """Throw everything away."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()

    def _let_go(self) -> None:
        self.key = b""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def sealed_file(folder: Path, key: bytes, file_id: str) -> BufferedReader:
    """A finished file in the folder where it was sealed. Raises Tampered, FileNotFoundError."""
    return open_sealed((folder / f"{file_id}{SUFFIX}").open("rb"), key, file_id)


def checked(folder: Path, key: bytes, details: Details, scanner: Scanner | None) -> Details:
    """Reads every file back whole: proves that it opens, takes its sha256, shows it to the virus scanner, tells what a ZIP is.

    Raises Refused (`zip`, `virus`, `scanner`), Tampered.
    """
    files = []
    for file in details.files:
        digest = hashlib.sha256()
        with sealed_file(folder, key, file.id) as whole:
            kind = file.kind or sniff.kind_of(whole.peek(sniff.HEAD_BYTES)[: sniff.HEAD_BYTES], file.name)
            scan = scanner.begin() if scanner else None
            while piece := whole.read(_PIECE):
                digest.update(piece)
                if not file.kind and kind in sniff.TEXTS:
                    sniff.check_text(piece, file.name)
                if scan:
                    scan.feed(piece)
            if scan and (found := scan.end()):
                raise Refused("virus", 422, name=file.name, looks=found)
            if kind == "dicom-zip":
                whole.seek(0)
                kind = sniff.check_zip(whole, file.name)
        files.append(replace(file, kind=kind, sha256=digest.hexdigest(), added=now()))
    return replace(details, files=tuple(files))


def acknowledge(vault: Vault, reference: str, folder: Path, key: bytes, details: Details, adds_to: str = "", draft: Reissue | None = None) -> Receipt:
    """Files to where they stay, then the row: from then on the submission is there, whatever happens. The PIN is empty for added files.

    A draft's row becomes the submission's; for added files it goes. Raises NotFound, Refused (`count`, `total-size`), OSError.
    """
    home = adds_to or reference
    ids = [file.id for file in details.files]
    size = sum(file.size for file in details.files)
    if not adds_to:
        pin = draft.pin if draft else "".join(secrets.choice("0123456789") for _ in range(PIN_LENGTH))
        vault.store.keep(home, folder, ids)
        values = {
            "state": "new", "received": now(), "files": len(ids), "bytes": size, "pin_check": vault.pins.check(reference, pin),
            "expires": draft.until if draft else None, "token_hash": draft.token_hash if draft else "",
            "details": vault.sealed(reference, key, details),
        }  # fmt: skip
        with vault.ledger.transaction() as books:
            values["wrapped_key"] = vault.key(books).wrap(key, reference)
            if draft is None:
                vault.ledger.add(books, reference=reference, **values)
            elif not vault.ledger.change(books, reference, **values):
                raise NotFound("the draft was cancelled meanwhile")
            vault.ledger.record(books, "the person", "sent", reference)
            vault.announce(books, reference, "arrived", len(ids), size)
        return Receipt(reference, pin)
    check_room(vault, vault.details(adds_to)[0], len(ids), size)
    vault.store.keep(home, folder, ids)
    with vault.ledger.transaction() as books:
        master = vault.key(books)
        row = vault.ledger.row(books, adds_to, lock=True)
        if row is None:
            raise NotFound("the submission was deleted meanwhile")
        before, _ = vault.unsealed(row, master)
        check_room(vault, before, len(ids), size)
        note = "\n\n".join(text for text in (before.note, details.note) if text)
        after = replace(before, files=(*before.files, *details.files), note=note)
        # What was answered has something new in it.
        state = "new" if row.state == "answered" else row.state
        vault.ledger.change(books, adds_to, files=len(after.files), bytes=row.bytes + size, state=state, details=vault.sealed(adds_to, key, after))
        vault.ledger.remove(books, reference)
        vault.ledger.record(books, "the person", "added files", adds_to)
        vault.announce(books, adds_to, "added", len(ids), size)
    return Receipt(adds_to, "")


def check_room(vault: Vault, before: Details, files: int, size: int) -> None:
    """The limits hold for a submission as a whole. Raises Refused."""
    if len(before.files) + files > vault.limits.files:
        raise Refused("count", 413, most=vault.limits.files)
    if sum(file.size for file in before.files) + size > vault.limits.total_bytes:
        raise Refused("total-size", 413, most=vault.limits.total_bytes)
