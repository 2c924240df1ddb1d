"""A new master key. Every submission's key is wrapped anew in one transaction, so that a kill leaves all under the old key or all under the new.

    master.key.next   the new key, on the disk before anything is wrapped with it
    (transaction)     every wrapped key, the key of the PIN checks, the mark of the master key
    master.key        replaced by master.key.next

Cut off before the transaction ended, the next run goes on with the same new key; cut off after it, whoever opens the vault next
puts the file in place. Files and words are not sealed anew: they stay under their submission's key, and PINs go on working.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from ui.records.errors import KeyProblem, Tampered
from ui.records.keys import KEY_BYTES, KEY_FILE, KEY_VARIABLE, MasterKey, decode_key, make_key_file, read_key_file, sync_folder
from ui.records.ledger import STATES, Ledger, ledger_url, open_ledger
from ui.records.submission import show_reference

OLD_KEY_VARIABLE = "ONCOLANTERN_RECORDS_OLD_KEY"
NEXT_FILE = f"{KEY_FILE}.next"


class Busy(KeyProblem):
    """Another process is at the key files."""


@dataclass(frozen=True)
class Rotated:
    """How many submissions are under the new key, which could not be opened with the earlier one, and why there was nothing to do, if so."""

    count: int
    damaged: tuple[str, ...] = ()
    already: str = ""


def rotate_records(settings: Settings, who: str, save_old: Path | None = None) -> Rotated:
    """The command: `rotate` on this installation's records. Raises KeyProblem, RecordsError, OSError."""
    folder = settings.data / "records"
    if not folder.is_dir():
        raise KeyProblem(f"there are no records in {settings.data}: set ONCOLANTERN_DATA to the data folder of the service")
    return rotate(folder, open_ledger(ledger_url(folder, settings.database_url)), who, save_old)


def rotate(folder: Path, ledger: Ledger, who: str, save_old: Path | None = None, environ: Mapping[str, str] | None = None) -> Rotated:
    """Puts everything under a new master key: ONCOLANTERN_RECORDS_KEY when it is set, else a fresh one in the key file.

    The earlier key is ONCOLANTERN_RECORDS_OLD_KEY or the key file. save_old: a new file for it, since backups from before need it.
    Raises KeyProblem, OSError.
    """
    environ = os.environ if environ is None else environ
    if save_old and save_old.exists():
        raise KeyProblem(f"{save_old} is there already: choose another file for the earlier key")
    # A server that puts a file in place has the lock for a moment; another change of the key has it for longer.
    with _alone(folder, patience=1):
        given = environ.get(KEY_VARIABLE, "").strip()
        with ledger.transaction() as books:
            mark = ledger.fact(books, "key")
        if mark is None:
            raise KeyProblem("there are no records here yet, so there is no key to change")
        if given:
            new = MasterKey(decode_key(given, KEY_VARIABLE))
            if mark == new.mark:
                words = f"nothing to do: the records are under this key. For another one, set it as {KEY_VARIABLE}, and this one as {OLD_KEY_VARIABLE}"
                if (folder / KEY_FILE).exists():
                    words += f". {folder / KEY_FILE} holds an earlier key: remove it, or keep it elsewhere for backups from before"
                return Rotated(0, already=words)
        else:
            if finish(folder, mark):
                return Rotated(0, already="the change of the key that was cut off is finished now; run this again for yet another key")
            make_key_file(folder / NEXT_FILE, secrets.token_bytes(KEY_BYTES))
            new = read_key_file(folder / NEXT_FILE)
        old = _earlier(folder, mark, environ)
        if save_old:
            make_key_file(save_old, old.secret)
        done = _wrap_anew(ledger, old, new, who)
        if given:
            (folder / KEY_FILE).unlink(missing_ok=True)
            sync_folder(folder)
        else:
            finish(folder, new.mark)
        return done


def current_key(folder: Path, mark: str) -> MasterKey | None:
    """The key of this mark out of the key files; None when neither is it. Raises KeyProblem when a key file cannot be used."""
    # The next key's file may move to its place between the one look and the other: the third look sees it there.
    for path in (folder / KEY_FILE, folder / NEXT_FILE, folder / KEY_FILE):
        with suppress(FileNotFoundError):
            if (key := read_key_file(path)).mark == mark:
                if path.name == NEXT_FILE:
                    # Only under the lock: a change that began meanwhile must not find its own next file moved over the key in use.
                    with suppress(Busy), _alone(folder):
                        finish(folder, mark)
                return key
    return None


def finish(folder: Path, mark: str) -> bool:
    """Puts the next key in place when the books are under it already; False when they are not, or there is none. For whoever holds the lock."""
    waiting = folder / NEXT_FILE
    if not waiting.exists() or read_key_file(waiting).mark != mark:
        return False
    waiting.replace(folder / KEY_FILE)
    sync_folder(folder)
    return True


def _earlier(folder: Path, mark: str, environ: Mapping[str, str]) -> MasterKey:
    given = environ.get(OLD_KEY_VARIABLE, "").strip()
    tried = [MasterKey(decode_key(given, OLD_KEY_VARIABLE))] if given else []
    if (folder / KEY_FILE).exists():
        tried.append(read_key_file(folder / KEY_FILE))
    for key in tried:
        if key.mark == mark:
            return key
    raise KeyProblem(
        f"the key these records are sealed with is not here: set it as {OLD_KEY_VARIABLE}" + (f" (or put it into {folder / KEY_FILE})" if not given else "")
    )


def _wrap_anew(ledger: Ledger, old: MasterKey, new: MasterKey, who: str) -> Rotated:
    damaged, count = [], 0
    with ledger.transaction() as books:
        # Whoever takes a new submission in waits here until the new mark is there, and then wraps with the new key.
        if ledger.fact(books, "key", hold=True) != old.mark:
            raise KeyProblem("somebody else changed the key just now: look before you try again")
        for row in ledger.rows(books, STATES):
            try:
                key = old.unwrap(row.wrapped_key, row.reference)
            except Tampered:
                damaged.append(show_reference(row.reference))
                continue
            ledger.change(books, row.reference, wrapped_key=new.wrap(key, row.reference))
            count += 1
        pin_key = old.unwrap(bytes.fromhex(ledger.fact(books, "pin-key") or ""), "pin-key")
        ledger.set_fact(books, "pin-key", new.wrap(pin_key, "pin-key").hex())
        ledger.set_fact(books, "key", new.mark)
        ledger.record(books, who, "changed the master key")
    return Rotated(count, tuple(damaged))


@contextmanager
def _alone(folder: Path, patience: float = 0) -> Iterator[None]:
    """Nobody else moves the key files meanwhile. patience: seconds to wait for whoever does now. Raises Busy."""
    until = time.monotonic() + patience
    with (folder / "rotate.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    raise Busy("the key is being changed by another process: wait until it is done") from error
                time.sleep(0.02)
        yield
