"""The books in a real PostgreSQL: all that holds for SQLite holds there, for several processes at once too."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from bot.settings import Settings
from tests.records.conftest import BOUNDARY, PDF, PNG, body_of, codes
from tests.records.postgres import postgres, programs
from ui.records.errors import KeyProblem, RecordsError, Refused
from ui.records.intake import Intake
from ui.records.keys import KEY_VARIABLE
from ui.records.ledger import NOTES, REPLIES
from ui.records.limits import Limits
from ui.records.team import export_submission
from ui.records.vault import Vault

pytestmark = pytest.mark.skipif(programs() is None, reason="no PostgreSQL server here: apt-get install postgresql")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as address:
        yield address


@pytest.fixture
def database(server: str) -> str:
    """An empty database."""
    name = f"t{os.urandom(6).hex()}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server.rpartition('/')[0]}/{name}"


def _take(vault: Vault) -> tuple[str, str]:
    intake = Intake(vault, BOUNDARY)
    intake.feed(body_of([("a.pdf", PDF)], consent="yes", note="SECRET-WORDS"))
    receipt = intake.finish()
    return receipt.reference, receipt.pin


def test_the_whole_way_of_a_submission_stands_in_postgresql(open_desk: Callable[..., TestClient], settings: Settings, database: str, tmp_path: Path) -> None:
    client = open_desk(database_url=database)
    here = settings.model_copy(update={"database_url": database})
    reference, pin = codes(client.post("/records", data={"consent": "yes", "note": "SECRET-WORDS"}, files=[("files", ("a.pdf", PDF))]).text)
    assert not (settings.data / "records" / "ledger.sqlite3").exists()
    both = {"reference": reference, "pin": pin}
    added = client.post("/records/add", data={**both, "consent": "yes"}, files=[("files", ("b.png", PNG))])
    assert added.status_code == 200 and "b.png" in added.text
    vault = Vault(settings.data, database_url=database)
    code = reference.replace("-", "")
    vault.say(NOTES, code, "nurse", "SECRET-WORDS")
    vault.say(REPLIES, code, "nurse", "Call us on Monday.", state="answered")
    page = client.post("/records/status", data=both).text
    assert "Call us on Monday." in page and "Answered" in page
    assert [path.read_bytes() for path in export_submission(here, reference, tmp_path / "out")][:2] == [PDF, PNG]
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE tablename LIKE 'records_%'")).scalars().all()
        rows = [str(dict(row._mapping)) for table in tables for row in connection.execute(text(f"SELECT * FROM {table}"))]
    engine.dispose()
    assert len(rows) > 4 and not any("SECRET-WORDS" in row or "a.pdf" in row or "Monday" in row for row in rows)
    assert client.post("/records/delete", data={**both, "sure": "yes"}).status_code == 200
    assert vault.all() == [] and client.post("/records/status", data=both).status_code == 403


def test_two_processes_that_start_together_share_one_ledger_and_one_pin_key(settings: Settings, database: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        vaults = list(pool.map(lambda _: Vault(settings.data, database_url=database), range(6)))
    reference, pin = _take(vaults[0])
    assert {vault.check_pin(reference, pin).reference for vault in vaults} == {reference}


def test_tries_from_many_places_at_once_are_all_counted(settings: Settings, database: str) -> None:
    vault = Vault(settings.data, Limits(pin_failures=5), database_url=database)
    reference, pin = _take(vault)

    def wrong(_: int) -> None:
        with pytest.raises(Refused):
            vault.check_pin(reference, "x")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(wrong, range(40)))
    with vault.ledger.transaction() as books:
        row = vault.ledger.row(books, reference)
    assert row is not None and row.failures == 5 and row.locked_until
    with pytest.raises(Refused):
        vault.check_pin(reference, pin)


def test_another_key_opens_nothing_and_a_lost_server_is_said_without_its_password(settings: Settings, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _take(Vault(settings.data, database_url=database))
    with pytest.raises(RecordsError, match="check DATABASE_URL") as caught:
        Vault(settings.data, database_url="postgresql://onco:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(os.urandom(32)).decode())
    with pytest.raises(KeyProblem, match="not the one these records were sealed with"):
        Vault(settings.data, database_url=database)


def test_without_its_setting_the_files_of_postgresql_are_not_swept_away(settings: Settings, database: str) -> None:
    vault = Vault(settings.data, database_url=database)
    reference, _ = _take(vault)
    with pytest.raises(RecordsError, match="belong to another ledger"):
        Vault(settings.data)
    assert list((vault.files / reference).glob("*.onc"))
