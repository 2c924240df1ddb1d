"""What the team is still to be told of: a row a message and channel, made in the transaction that acknowledges a submission.

So no message is lost with a process, and none is sent for what was not acknowledged. It may come twice: its id says so.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from ui.records.ledger import OUTBOX, Ledger, now
from ui.records.submission import show_reference

# Longer than any attempt takes: another process leaves a message alone that this one is sending.
LEASE = timedelta(minutes=3)
_FIRST, _LONGEST = timedelta(seconds=30), timedelta(hours=1)
GIVE_UP = timedelta(days=3)


@dataclass(frozen=True)
class Message:
    """What is told: which submission, when, how many files and bytes. Nothing of its content. what: `arrived`, `added` or `test`."""

    id: str
    channel: str
    reference: str
    what: str
    at: str
    files: int
    bytes: int
    tries: int = 0

    @property
    def shown(self) -> str:
        return show_reference(self.reference)


def test_message(channel: str) -> Message:
    """A message that tells of nothing, to see whether a channel works."""
    return Message(secrets.token_hex(16), channel, "TEST000000", "test", now(), 0, 0)


def post(books: Connection, channel: str, reference: str, what: str, files: int, size: int) -> None:
    """Adds a message inside the caller's transaction."""
    values = {"reference": reference, "what": what, "at": now(), "files": files, "bytes": size, "tries": 0, "due": now()}
    books.execute(insert(OUTBOX).values(id=secrets.token_hex(16), channel=channel, **values))


def claim(ledger: Ledger, channels: list[str]) -> Message | None:
    """The oldest message that is due; for the length of LEASE it is the caller's alone. None when none is."""
    with ledger.transaction() as books:
        due = select(OUTBOX).where(OUTBOX.c.channel.in_(channels) & (OUTBOX.c.due <= now())).order_by(OUTBOX.c.at).limit(1)
        row = books.execute(due.with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return None
        books.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(due=_in(LEASE)))
    return Message(row.id, row.channel, row.reference, row.what, row.at, row.files, row.bytes, row.tries)


def delivered(ledger: Ledger, message: Message) -> None:
    """It was taken: forget it."""
    with ledger.transaction() as books:
        books.execute(delete(OUTBOX).where(OUTBOX.c.id == message.id))


def failed(ledger: Ledger, message: Message) -> datetime | None:
    """It was not taken: when it is tried again; None when it was tried for so long that it is given up, which the audit trail says."""
    with ledger.transaction() as books:
        if datetime.fromisoformat(message.at) < datetime.now(UTC) - GIVE_UP:
            books.execute(delete(OUTBOX).where(OUTBOX.c.id == message.id))
            ledger.record(books, "the service", f"{message.channel} gave up", message.reference)
            return None
        wait = min(_LONGEST, _FIRST * 2 ** min(message.tries, 10))
        books.execute(update(OUTBOX).where(OUTBOX.c.id == message.id).values(tries=OUTBOX.c.tries + 1, due=_in(wait)))
        return datetime.now(UTC) + wait


def waiting(ledger: Ledger) -> dict[str, tuple[int, int, str]]:
    """For each channel: how many messages wait, the most tries one of them had, and since when the oldest waits."""
    query = select(OUTBOX.c.channel, func.count(), func.max(OUTBOX.c.tries), func.min(OUTBOX.c.at)).group_by(OUTBOX.c.channel)
    with ledger.transaction() as books:
        return {row[0]: (row[1], row[2], row[3]) for row in books.execute(query)}


def _in(time: timedelta) -> str:
    return (datetime.now(UTC) + time).replace(microsecond=0).isoformat()
