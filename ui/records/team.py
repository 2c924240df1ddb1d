"""Taking a submission out of the vault, byte for byte, into a folder of the team's."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path, PurePosixPath

from bot.settings import Settings
from ui.records import sniff
from ui.records.errors import RecordsError, Tampered
from ui.records.office import Dossier, Office, known, open_office
from ui.records.submission import Details, Status, StoredFile

_PIECE = 1024 * 1024
_NAME_BYTES = 150
# Device names of Windows, in case the team exports to a shared drive.
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def list_submissions(settings: Settings) -> list[Status]:
    """Every submission, oldest first. Raises KeyProblem."""
    return open_office(settings).queue()


def show_submission(settings: Settings, reference: str) -> Dossier:
    """What a submission holds, without its files' content. Raises NotFound, KeyProblem, Tampered."""
    return open_office(settings).open(reference)


def export_submission(settings: Settings, reference: str, out: Path) -> list[Path]:
    """Write a submission's files, and what was written about it, into a new folder under `out`; gives the files written.

    Names are made safe and numbered; content is byte for byte. Nothing is left when one of the files does not open.
    Raises NotFound, KeyProblem, Tampered, RecordsError (the folder is there already, the disk is full).
    """
    office = open_office(settings)
    status = office.vault.status(known(reference))
    target = out / status.shown
    out.mkdir(parents=True, exist_ok=True)
    try:
        target.mkdir(mode=0o700)
    except FileExistsError as error:
        raise RecordsError(f"{target} is there already: choose another folder, or remove it") from error
    try:
        details, key = office.take_out(status.reference)
        written = [_write(office, status.reference, key, file, target / safe_name(file, number)) for number, file in enumerate(details.files, start=1)]
        if text := letter(details):
            written.append(_create(target / "00-message.txt"))
            written[-1].write_text(text, encoding="utf-8")
    except BaseException as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, FileNotFoundError):
            raise Tampered(f"a sealed file of {status.shown} is missing") from error
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RecordsError(f"the disk of {out} is full: nothing was exported") from error
        raise
    return written


def delete_submission(settings: Settings, reference: str) -> None:
    """Delete everything of a submission. Raises NotFound, KeyProblem."""
    open_office(settings).delete(reference)


def safe_name(file: StoredFile, number: int) -> str:
    """A name that only ever means a plain file in the folder: `01-scan.pdf`. The ending tells what the content is."""
    name = PurePosixPath(file.name.replace("\\", "/")).name
    name = "".join(c if c.isalnum() or c in " ._-()+," else "_" for c in name if c.isprintable()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    endings = sniff.ENDINGS[file.kind]
    if not dot or f".{ending.lower()}" not in endings:
        stem, ending = name, endings[0][1:]
    stem = stem.encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .") or "file"
    if stem.lower() in _RESERVED:
        stem = f"{stem}_"
    return f"{number:02d}-{stem}.{ending.lower()}"


def _create(path: Path) -> Path:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    return path


def _write(office: Office, code: str, key: bytes, file: StoredFile, path: Path) -> Path:
    with office.vault.open(code, file, key) as source, _create(path).open("wb") as target:
        while piece := source.read(_PIECE):
            target.write(piece)
        if target.tell() != file.size:
            raise Tampered(f"{file.id} holds {target.tell()} bytes instead of {file.size}")
    return path


def letter(details: Details) -> str:
    """What the person wrote, as a text file; empty when they wrote nothing."""
    parts = [("Question", details.question), ("Note", details.note), ("Contact", details.contact)]
    return "".join(f"{name}\n{text}\n\n" for name, text in parts if text)
