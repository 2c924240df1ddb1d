"""Who may open /team: named tokens, made on the command line, and the short sessions that a token opens. Only hashes are kept.

A token is 256 random bits, so a plain SHA-256 of it gives nothing away and guessing it is hopeless.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from ui.records.errors import RecordsError
from ui.records.ledger import SESSIONS, Ledger, now

PREFIX = "onco_"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
# How exactly the last use is kept: a page with its files is one use.
_TOUCH = timedelta(minutes=1)
_NAME = re.compile(r"[\w][\w .,'@+-]{0,38}")


@dataclass(frozen=True)
class Session:
    """Somebody signed in. form_key: stands in every form of the session, and in no other's."""

    name: str
    id: str

    @property
    def form_key(self) -> str:
        return hmac.new(self.id.encode(), b"form", hashlib.sha256).hexdigest()


class Access:
    """Tokens and sessions over a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add_token(self, name: str, who: str) -> str:
        """A new token for somebody; the only time that it can be seen. Raises RecordsError."""
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise RecordsError("a token's name is the name of whoever uses it: up to 39 letters, digits and spaces, such as “Nurse line”")
        token = PREFIX + secrets.token_urlsafe(32)
        with self._ledger.transaction() as books:
            self._ledger.add_token(books, name, _hash(token))
            self._ledger.record(books, who, f"token for {name}"[:40])
        return token

    def revoke(self, name: str, who: str) -> None:
        """Ends a token and every session of it at once. Raises RecordsError."""
        with self._ledger.transaction() as books:
            if not self._ledger.revoke_token(books, name):
                raise RecordsError(f"there is no token {name!r} in use")
            self._ledger.record(books, who, f"revoked {name}"[:40])

    def exists(self) -> bool:
        """Whether anybody may open /team."""
        with self._ledger.transaction() as books:
            return any(row.revoked is None for row in self._ledger.tokens(books))

    def enter(self, token: str) -> Session | None:
        """Opens a session; None for a token that is unknown or revoked."""
        with self._ledger.transaction() as books:
            _forget(books)
            name = self._ledger.token_name(books, _hash(token.strip()))
            if name is None:
                return None
            session = Session(name, secrets.token_urlsafe(32))
            books.execute(insert(SESSIONS).values(hash=_hash(session.id), name=name, made=now(), seen=now()))
            self._ledger.record(books, name, "signed in")
        return session

    def session(self, session_id: str) -> Session | None:
        """Who this is; None when nobody is signed in by this id, any longer or at all."""
        with self._ledger.transaction() as books:
            row = books.execute(select(SESSIONS).where(SESSIONS.c.hash == _hash(session_id))).one_or_none()
            if row is None or row.seen < _ago(IDLE) or row.made < _ago(LONGEST):
                return None
            if row.seen < _ago(_TOUCH):
                books.execute(update(SESSIONS).where(SESSIONS.c.hash == row.hash).values(seen=now()))
            return Session(row.name, session_id)

    def leave(self, session: Session) -> None:
        """Ends a session."""
        with self._ledger.transaction() as books:
            if books.execute(delete(SESSIONS).where(SESSIONS.c.hash == _hash(session.id))).rowcount:
                self._ledger.record(books, session.name, "signed out")

    def signed_in(self) -> dict[str, int]:
        """How many sessions are open, by name."""
        with self._ledger.transaction() as books:
            _forget(books)
            return {row[0]: row[1] for row in books.execute(select(SESSIONS.c.name, func.count()).group_by(SESSIONS.c.name))}


def _forget(books: Connection) -> None:
    books.execute(delete(SESSIONS).where((SESSIONS.c.seen < _ago(IDLE)) | (SESSIONS.c.made < _ago(LONGEST))))


def _ago(time: timedelta) -> str:
    return (datetime.now(UTC) - time).replace(microsecond=0).isoformat()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
