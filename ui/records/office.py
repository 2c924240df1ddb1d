"""What the care team does with submissions: read, note, reply, set a status, take files out, delete. Each leaves a line in the audit trail.

The command line and the /team page both work through it; `who` is the name that the trail shows.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader

from sqlalchemy import Connection

from bot.settings import Settings
from ui.records.errors import NotFound, RecordsError, Tampered
from ui.records.ledger import NOTES, REPLIES, State
from ui.records.submission import Details, Said, Status, StoredFile, clean_reference, show_reference
from ui.records.vault import Vault, open_vault

# The states a submission can be put into, with the words for them.
STATE_WORDS: dict[str, str] = {"new": "new", "review": "in review", "answered": "answered"}
TEXT_CHARS = 10_000
# Reading on after a note or a reply is the same opening.
_ONE_OPENING = timedelta(minutes=10)


@dataclass(frozen=True)
class Line:
    """One line of the audit trail. at: UTC, ISO 8601; reference: empty for what concerns no submission."""

    at: str
    who: str
    what: str
    reference: str

    @property
    def shown(self) -> str:
        """The reference as people write it; empty when there is none."""
        return show_reference(self.reference) if self.reference else ""


@dataclass(frozen=True)
class Dossier:
    """A submission with its seal opened, and everything that was said about it. trail: newest first."""

    status: Status
    details: Details
    notes: list[Said]
    replies: list[Said]
    trail: list[Line]


class Office:
    """The team's actions, in the name of one of them. Every method raises NotFound, Tampered or RecordsError with words for the team."""

    def __init__(self, vault: Vault, who: str) -> None:
        self.vault, self.who = vault, who[:80]

    def queue(self, state: State | None = None) -> list[Status]:
        """Submissions, oldest first; of one state or of all."""
        return [status for status in self.vault.all() if state in (None, status.state)]

    def open(self, reference: str) -> Dossier:
        """Everything of a submission but its files' content. The person sees from now on that it was opened."""
        code = known(reference)
        self.vault.status(code)
        # The line comes first: nobody has read what the trail does not show.
        with self.vault.ledger.transaction() as books:
            if not self._is_reading(books, code):
                self.vault.ledger.record(books, self.who, "opened", code)
            self.vault.ledger.open_once(books, code)
        details, _ = self.vault.details(code)
        return Dossier(self.vault.status(code), details, self.vault.said(NOTES, code), self.vault.said(REPLIES, code), self.trail(code))

    def file(self, reference: str, file_id: str) -> tuple[StoredFile, int, BufferedReader]:
        """One file to read from, its number from 1, and what it is."""
        code = known(reference)
        details, key = self.vault.details(code)
        for number, file in enumerate(details.files, start=1):
            if file.id == file_id:
                self._record(f"took out file {number}", code)
                try:
                    return file, number, self.vault.open(code, file, key)
                except FileNotFoundError as error:
                    raise Tampered(f"file {number} of {show_reference(code)} is missing from the store") from error
        raise NotFound(f"there is no such file in {show_reference(code)}")

    def take_out(self, reference: str) -> tuple[Details, bytes]:
        """For taking every file out: what there is, and the key."""
        code = known(reference)
        found = self.vault.details(code)
        with self.vault.ledger.transaction() as books:
            self.vault.ledger.record(books, self.who, "took out everything", code)
            self.vault.ledger.open_once(books, code)
        return found

    def note(self, reference: str, text: str) -> None:
        """Adds a note that the team alone reads."""
        self.vault.say(NOTES, known(reference), self.who, _words(text), trail=(self.who, "wrote a note"))

    def reply(self, reference: str, text: str, seen: int | None = None) -> None:
        """Adds a reply that the person reads with reference and PIN; the submission counts as answered.

        seen: how many replies the writer had before them, so that two people do not answer past each other.
        """
        if seen is not None and seen != len(self.vault.said(REPLIES, known(reference))):
            raise RecordsError("somebody else replied meanwhile, and this was not sent: read theirs first, then send yours again or leave it")
        self.vault.say(REPLIES, known(reference), self.who, _words(text), "answered", (self.who, "replied"))

    def set_state(self, reference: str, state: str) -> None:
        """Puts a submission into one of STATE_WORDS."""
        if state not in STATE_WORDS:
            raise RecordsError(f"{state!r} is no status: it is one of {', '.join(STATE_WORDS)}")
        code = known(reference)
        with self.vault.ledger.transaction() as books:
            row = self.vault.ledger.row(books, code, lock=True)
            if row is None or row.state == "draft":
                raise NotFound(f"there is no submission {show_reference(code)}")
            if row.state != state:
                self.vault.ledger.change(books, code, state=state)
                self.vault.ledger.record(books, self.who, f"set to {STATE_WORDS[state]}", code)

    def delete(self, reference: str) -> None:
        """Removes everything of a submission. The trail keeps that it was there, and who deleted it."""
        self.vault.delete(known(reference), self.who)

    def trail(self, reference: str | None = None, most: int = 500) -> list[Line]:
        """The audit trail, newest first; of one submission (one that is gone, too) or of everything."""
        code = None if reference is None else known(reference)
        with self.vault.ledger.transaction() as books:
            return [Line(row.at, row.who, row.what, row.reference) for row in self.vault.ledger.audit(books, code, most)]

    def past(self, days: int) -> list[str]:
        """References of submissions that came in longer ago than so many days."""
        known_ones = {status.reference for status in self.vault.all()}
        return [reference for reference in self.vault.past(days) if reference in known_ones]

    def purge(self, days: int) -> int:
        """Deletes what came in longer ago than so many days, and drafts past theirs; gives how many submissions."""
        count = len(self.past(days))
        self.vault.purge(days, self.who)
        return count

    def kept_until(self, status: Status) -> str:
        """The day a submission is deleted at the latest, ISO 8601."""
        return (datetime.fromisoformat(status.received) + timedelta(days=self.vault.limits.keep_days)).date().isoformat()

    def _is_reading(self, books: Connection, code: str) -> bool:
        since = (datetime.now(UTC) - _ONE_OPENING).replace(microsecond=0).isoformat()
        return any(row.who == self.who and row.what == "opened" and row.at >= since for row in self.vault.ledger.audit(books, code, 50))

    def _record(self, what: str, code: str = "") -> None:
        with self.vault.ledger.transaction() as books:
            self.vault.ledger.record(books, self.who, what, code)


def open_office(settings: Settings, *, tidy: bool = True) -> Office:
    """The office for a command: in the name of the user of this machine. Raises KeyProblem, RecordsError."""
    return Office(open_vault(settings, tidy=tidy), command_line())


def command_line() -> str:
    """How the audit trail names a command: the user that runs this process, by the machine's own list (LOGNAME says whatever one likes); behind sudo, both people."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"user {os.getuid()}"
    who = f"{os.environ['SUDO_USER'][:30]} as {name}" if os.environ.get("SUDO_USER") else name
    return f"{who} (command line)"


def known(reference: str) -> str:
    """A reference as somebody typed it, in the form we keep. Raises NotFound."""
    code = clean_reference(reference)
    if not code:
        raise NotFound(f"{reference!r} is not a reference code: ten letters and digits, such as ABCDE-12345")
    return code


def _words(text: str) -> str:
    clean = "".join(c for c in text.replace("\r\n", "\n") if c.isprintable() or c == "\n").strip()
    if not clean:
        raise RecordsError("there is nothing to keep: write something first")
    if len(clean) > TEXT_CHARS:
        raise RecordsError(f"that is {len(clean):,} characters long; up to {TEXT_CHARS:,} fit")
    return clean
