"""The records' books: which submissions there are and where they stand, in SQLite or PostgreSQL. Free text is sealed before it gets here.

submissions  one row each; a row in state `new` or later is the acknowledgement, a `draft` is still coming in
notes, replies   the team's words, sealed under the submission's key; they go with it
audit        who did what and when; only ever added to, and stays when the submission goes
tokens       who may open /team, as hashes
sessions     who is signed in at /team right now, as hashes (team_access.py)
outbox       what the team is still to be told of by webhook or mail (outbox.py)
facts        what the installation must remember (which master key, how far a rotation is)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from ui.records.errors import RecordsError

State = Literal["draft", "new", "review", "answered"]
STATES: tuple[State, ...] = ("draft", "new", "review", "answered")
_TABLES = MetaData()
# Any number that nobody else in the database locks by.
_OPENING = 0x6F6E636F


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(f"records_{name}", _TABLES, *columns)


FACTS = _table("facts", Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))
SUBMISSIONS = _table(
    "submissions",
    Column("reference", String(16), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("received", String(32), nullable=False),
    Column("opened", String(32)),
    Column("expires", String(32)),
    Column("files", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("pin_check", String(64), nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", String(32)),
    Column("token_hash", String(64), nullable=False, default=""),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("details", LargeBinary, nullable=False),
)


def _words(name: str) -> Table:
    return _table(
        name,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("reference", String(16), nullable=False, index=True),
        Column("at", String(32), nullable=False),
        Column("who", String(80), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )


NOTES, REPLIES = _words("notes"), _words("replies")
AUDIT = _table(
    "audit",
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("who", String(80), nullable=False),
    Column("what", String(40), nullable=False),
    Column("reference", String(16), nullable=False, default=""),
)
TOKENS = _table(
    "tokens",
    Column("name", String(80), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made", String(32), nullable=False),
    Column("last_used", String(32)),
    Column("revoked", String(32)),
)
SESSIONS = _table(
    "sessions",
    Column("hash", String(64), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("made", String(32), nullable=False),
    Column("seen", String(32), nullable=False),
)
OUTBOX = _table(
    "outbox",
    Column("id", String(32), primary_key=True),
    Column("channel", String(10), nullable=False),
    Column("reference", String(16), nullable=False, index=True),
    Column("what", String(10), nullable=False),
    Column("at", String(32), nullable=False),
    Column("files", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", String(32), nullable=False),
)


def now() -> str:
    """The time as the ledger writes it: UTC, ISO 8601, whole seconds; sorts as text."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def ledger_url(folder: Path, database_url: str | None) -> str:
    """Where the books are: DATABASE_URL when it is a PostgreSQL one, else a file in the records' folder. Raises RecordsError."""
    if not database_url:
        return f"sqlite:///{folder / 'ledger.sqlite3'}"
    scheme, _, rest = database_url.partition("://")
    if scheme.split("+")[0] not in ("postgres", "postgresql"):
        raise RecordsError("DATABASE_URL must start with postgresql://; leave it unset for SQLite")
    return f"postgresql+psycopg://{rest}"


def open_ledger(url: str) -> Ledger:
    """The books of this address. Raises RecordsError when the database cannot be reached or used."""
    try:
        return Ledger(url)
    except SQLAlchemyError as error:
        # The driver's words can hold the address with its password: name the kind of fault alone.
        look = "the disk and who may write there" if url.startswith("sqlite") else "DATABASE_URL, and that the server runs"
        raise RecordsError(f"the records' database cannot be used ({type(error).__name__}): check {look}") from error


class Ledger:
    """The books, opened. Every method that takes a Connection works inside the caller's transaction."""

    def __init__(self, url: str) -> None:
        """Raises sqlalchemy.exc.SQLAlchemyError when the database cannot be reached."""
        self.sqlite = url.startswith("sqlite")
        # SQLite: a connection a transaction, so that threads share none; PostgreSQL: a small pool that notices a restart of the server.
        pool: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5, "connect_args": {"connect_timeout": 10}}
        self._engine = create_engine(url, hide_parameters=True, **({"poolclass": NullPool} if self.sqlite else pool))
        if self.sqlite:
            event.listen(self._engine, "connect", _on_connect)
            event.listen(self._engine, "begin", _on_begin)
        with self.opening() as connection:
            _TABLES.create_all(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that is on the disk when it ends; writers come one after the other."""
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def opening(self) -> Iterator[Connection]:
        """A transaction in which no other process opens the same books: of two that start together one makes what is missing."""
        with self.transaction() as connection:
            if not self.sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_OPENING)))
            yield connection

    def close(self) -> None:
        """Lets go of pooled connections."""
        self._engine.dispose()

    # -- facts

    def fact(self, connection: Connection, name: str, *, hold: bool = False) -> str | None:
        """A fact's value; None when it was never set. `hold`: nobody changes it until the transaction ends."""
        query = select(FACTS.c.value).where(FACTS.c.name == name)
        return connection.execute(query.with_for_update() if hold else query).scalar()

    def set_fact(self, connection: Connection, name: str, value: str) -> None:
        """Sets a fact."""
        if not connection.execute(update(FACTS).where(FACTS.c.name == name).values(value=value)).rowcount:
            connection.execute(insert(FACTS).values(name=name, value=value))

    # -- submissions

    def add(self, connection: Connection, **values: Any) -> None:
        """A new submission or draft."""
        connection.execute(insert(SUBMISSIONS).values(**{"failures": 0, "token_hash": "", **values}))

    def row(self, connection: Connection, reference: str, *, lock: bool = False) -> Row[Any] | None:
        """A submission's row; `lock`: nobody else changes it until the transaction ends."""
        query = select(SUBMISSIONS).where(SUBMISSIONS.c.reference == reference)
        return connection.execute(query.with_for_update() if lock else query).one_or_none()

    def rows(self, connection: Connection, states: Sequence[State] = STATES[1:]) -> list[Row[Any]]:
        """Submissions in these states, oldest first."""
        query = select(SUBMISSIONS).where(SUBMISSIONS.c.state.in_(states)).order_by(SUBMISSIONS.c.received, SUBMISSIONS.c.reference)
        return list(connection.execute(query))

    def change(self, connection: Connection, reference: str, **values: Any) -> bool:
        """Changes a submission's row; False when it is gone."""
        return bool(connection.execute(update(SUBMISSIONS).where(SUBMISSIONS.c.reference == reference).values(**values)).rowcount)

    def open_once(self, connection: Connection, reference: str) -> None:
        """Marks the first time that somebody of the team looked."""
        row = SUBMISSIONS.c
        connection.execute(update(SUBMISSIONS).where(row.reference == reference).values(opened=func.coalesce(row.opened, now())))

    def remove(self, connection: Connection, reference: str) -> bool:
        """Removes a submission with its key, notes and replies; False when it was gone already. The audit stays."""
        for table in (NOTES, REPLIES, OUTBOX):
            connection.execute(delete(table).where(table.c.reference == reference))
        return bool(connection.execute(delete(SUBMISSIONS).where(SUBMISSIONS.c.reference == reference)).rowcount)

    def older(self, connection: Connection, received_before: str, expired_before: str) -> list[str]:
        """References past their time: submissions by when they came, drafts by when they expire."""
        row = SUBMISSIONS.c
        old = (row.state != "draft") & (row.received < received_before)
        return list(connection.execute(select(row.reference).where(old | ((row.state == "draft") & (row.expires < expired_before)))).scalars())

    # -- words, audit, tokens

    def say(self, connection: Connection, table: Table, reference: str, who: str, sealed: bytes) -> None:
        """Adds a note (NOTES) or a reply (REPLIES)."""
        connection.execute(insert(table).values(reference=reference, at=now(), who=who, sealed=sealed))

    def said(self, connection: Connection, table: Table, reference: str) -> list[Row[Any]]:
        """Notes or replies of a submission, oldest first."""
        return list(connection.execute(select(table).where(table.c.reference == reference).order_by(table.c.number)))

    def record(self, connection: Connection, who: str, what: str, reference: str = "") -> None:
        """Adds a line to the audit trail."""
        connection.execute(insert(AUDIT).values(at=now(), who=who, what=what, reference=reference))

    def audit(self, connection: Connection, reference: str | None = None, most: int = 500) -> list[Row[Any]]:
        """The audit trail, newest first; of one submission or of all."""
        query = select(AUDIT).order_by(AUDIT.c.number.desc()).limit(most)
        return list(connection.execute(query if reference is None else query.where(AUDIT.c.reference == reference)))

    def add_token(self, connection: Connection, name: str, digest: str) -> None:
        """A named token, by its hash; the name of a revoked one is free again. Raises RecordsError when the name is taken."""
        connection.execute(delete(TOKENS).where((TOKENS.c.name == name) & TOKENS.c.revoked.is_not(None)))
        if connection.execute(select(TOKENS.c.name).where(TOKENS.c.name == name)).scalar():
            raise RecordsError(f"there is a token {name!r} already: revoke it first, or take another name")
        connection.execute(insert(TOKENS).values(name=name, hash=digest, made=now()))

    def token_name(self, connection: Connection, digest: str) -> str | None:
        """Whose token this is; None for an unknown or revoked one."""
        name = connection.execute(select(TOKENS.c.name).where((TOKENS.c.hash == digest) & TOKENS.c.revoked.is_(None))).scalar()
        if name:
            connection.execute(update(TOKENS).where(TOKENS.c.name == name).values(last_used=now()))
        return name

    def tokens(self, connection: Connection) -> list[Row[Any]]:
        """All tokens by name, revoked ones too."""
        return list(connection.execute(select(TOKENS).order_by(TOKENS.c.name)))

    def revoke_token(self, connection: Connection, name: str) -> bool:
        """Ends a token, and whatever is signed in with it; False when there is none of this name."""
        connection.execute(delete(SESSIONS).where(SESSIONS.c.name == name))
        return bool(connection.execute(update(TOKENS).where((TOKENS.c.name == name) & TOKENS.c.revoked.is_(None)).values(revoked=now())).rowcount)


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's idea of one
    for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON", "temp_store = MEMORY", "busy_timeout = 30000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
