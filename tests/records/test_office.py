"""The care team's commands: reading, writing, statuses, the audit trail, tokens, keeping no longer than promised."""

from __future__ import annotations

import argparse
import io
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.settings import Settings
from tests.records.conftest import PDF, codes, holds
from ui.records.commands import add_commands
from ui.records.office import Office
from ui.records.submission import clean_reference
from ui.records.team_access import Access
from ui.records.vault import Vault, open_vault


def _send(client: TestClient, **fields: str) -> tuple[str, str]:
    return codes(client.post("/records", data={"consent": "yes", **fields}, files=[("files", ("a.pdf", PDF))]).text)


def _run(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    return int(args.run(args, settings))


def _trail(settings: Settings, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    capsys.readouterr()
    assert _run(settings, "audit", *words, "--json") == 0
    return [json.loads(line)["what"] for line in capsys.readouterr().out.splitlines()]


def _age(settings: Settings, reference: str, days: float) -> None:
    vault = Vault(settings.data)
    with vault.ledger.transaction() as books:
        vault.ledger.change(books, clean_reference(reference), received=(datetime.now(UTC) - timedelta(days=days)).replace(microsecond=0).isoformat())


def test_a_submission_goes_from_new_to_answered_and_the_trail_tells_it(
    client: TestClient, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reference, _ = _send(client, question="What does it mean?")
    assert _run(settings, "list", "--state", "new") == 0 and reference in capsys.readouterr().out
    assert _run(settings, "show", reference) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("Asked the tumour board.\n"))
    assert _run(settings, "note", reference) == 0
    assert _run(settings, "status", reference, "review") == 0
    letter = tmp_path / "letter.txt"
    letter.write_text("Please call us.\nWe explain it.", encoding="utf-8")
    assert _run(settings, "reply", reference, "--file", str(letter)) == 0
    capsys.readouterr()
    assert _run(settings, "show", reference) == 0
    shown = capsys.readouterr().out
    assert "answered" in shown and "Asked the tumour board." in shown and "Please call us.\nWe explain it." in shown
    assert _run(settings, "list", "--state", "new") == 0 and reference not in capsys.readouterr().out
    assert _run(settings, "export", reference, "--out", str(tmp_path / "out")) == 0
    assert _run(settings, "delete", reference, "--yes") == 0
    done = ["sent", "opened", "wrote a note", "set to in review", "replied", "took out everything", "deleted"]
    assert _trail(settings, capsys, reference) == done
    assert _run(settings, "audit") == 0
    assert re.search(r"\d\d:\d\d:\d\d  " + reference + r"  opened +\S.* \(command line\)\n", capsys.readouterr().out)


def test_what_the_team_writes_is_nowhere_in_plain_and_goes_with_the_submission(client: TestClient, settings: Settings) -> None:
    reference, _ = _send(client)
    assert _run(settings, "note", reference, "--text", "NOTE-IN-PLAIN") == 0 and _run(settings, "reply", reference, "--text", "REPLY-IN-PLAIN") == 0
    assert holds(settings.data, b"NOTE-IN-PLAIN", b"REPLY-IN-PLAIN") == []
    assert _run(settings, "delete", reference, "--yes") == 0
    vault = Vault(settings.data)
    with vault.ledger.transaction() as books:
        from ui.records.ledger import NOTES, REPLIES

        code = clean_reference(reference)
        assert vault.ledger.said(books, NOTES, code) == [] and vault.ledger.said(books, REPLIES, code) == []


def test_nothing_too_long_or_empty_is_kept(client: TestClient, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    reference, _ = _send(client)
    assert _run(settings, "reply", reference, "--text", " \n ") == 1 and "write something" in capsys.readouterr().err
    assert _run(settings, "note", reference, "--text", "x" * 10_001) == 1 and "10,000" in capsys.readouterr().err
    assert _run(settings, "note", "AAAAA-AAAAA", "--text", "x") == 1 and "there is no submission" in capsys.readouterr().err
    assert _trail(settings, capsys, reference) == ["sent"]


def test_machines_read_the_same_as_people(client: TestClient, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    reference, _ = _send(client, note="hello")
    _run(settings, "reply", reference, "--text", "answer")
    capsys.readouterr()
    assert _run(settings, "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["reference"], listed["state"], listed["files"], listed["bytes"]) == (reference, "answered", 1, len(PDF))
    assert listed["kept_until"] == (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    assert _run(settings, "show", reference, "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["note"] == "hello" and shown["files"][0]["name"] == "a.pdf" and shown["replies"][0]["text"] == "answer"


def test_a_token_is_seen_once_kept_as_a_hash_and_ends_when_revoked(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(settings, "token", "add", "Nurse line") == 0
    token = capsys.readouterr().out.strip()
    access = Access(Vault(settings.data).ledger)
    assert len(token) > 40 and holds(settings.data, token.encode()) == []
    session = access.enter(token)
    assert session and session.name == "Nurse line" and access.session(session.id) == session
    assert holds(settings.data, session.id.encode()) == []
    assert _run(settings, "token", "add", "Nurse line") == 1 and "already" in capsys.readouterr().err
    assert _run(settings, "token", "list") == 0 and "signed in 1×" in capsys.readouterr().out
    assert _run(settings, "token", "revoke", "Nurse line") == 0
    assert access.session(session.id) is None and access.enter(token) is None and not access.exists()
    assert _run(settings, "token", "add", "Nurse line") == 0
    assert access.enter(token) is None and access.enter(capsys.readouterr().out.splitlines()[-1].strip()) is not None
    assert _run(settings, "token", "add", "x" * 60) == 1 and _run(settings, "token", "revoke", "nobody") == 1


def test_a_session_ends_when_nobody_uses_it_and_in_any_case_after_a_day_of_work(settings: Settings) -> None:
    ledger = Vault(settings.data).ledger
    access = Access(ledger)
    token = access.add_token("Ada", "test")
    for column, age in (("seen", timedelta(minutes=31)), ("made", timedelta(hours=8, minutes=1))):
        session = access.enter(token)
        assert session and access.session(session.id)
        from sqlalchemy import update

        from ui.records.ledger import SESSIONS

        with ledger.transaction() as books:
            books.execute(update(SESSIONS).values({column: (datetime.now(UTC) - age).replace(microsecond=0).isoformat()}))
        assert access.session(session.id) is None


def test_purge_deletes_what_the_setting_says_and_asks_before_it_deletes_more(
    client: TestClient, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    old, young = _send(client)[0], _send(client)[0]
    _age(settings, old, 31)
    kept = settings.model_copy(update={"records_keep_days": 30})
    assert _run(kept, "purge", "--dry-run") == 0
    assert capsys.readouterr().out.split() == [old] and len(Vault(settings.data).all()) == 2
    assert _run(kept, "purge") == 0
    assert [status.shown for status in Vault(settings.data).all()] == [young]
    _age(settings, young, 1)
    assert _run(kept, "purge", "--older-than", "0") == 2 and len(Vault(settings.data).all()) == 1
    assert _run(kept, "purge", "--older-than", "0", "--yes") == 0 and Vault(settings.data).all() == []
    assert [line for line in _trail(settings, capsys) if line == "deleted"] == ["deleted"] * 2


def test_every_command_keeps_as_long_as_the_setting_says(client: TestClient, settings: Settings) -> None:
    reference, _ = _send(client)
    kept = settings.model_copy(update={"records_keep_days": 400})
    vault = open_vault(kept)
    with vault.ledger.transaction() as books:
        vault.ledger.change(books, clean_reference(reference), received=(datetime.now(UTC) - timedelta(days=300)).isoformat())
    assert _run(kept, "list") == 0
    assert [status.shown for status in open_vault(kept).all()] == [reference]
    assert _run(settings, "list") == 0 and open_vault(kept).all() == []


def test_a_server_that_runs_on_deletes_what_gets_past_its_time(
    open_desk: Callable[..., TestClient], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.records.desk._TIDY_SECONDS", 0.1)
    client = open_desk(records_keep_days=30)
    old, young = _send(client)[0], _send(client)[0]
    kept = settings.model_copy(update={"records_keep_days": 30})
    vault = open_vault(kept)
    with vault.ledger.transaction() as books:
        vault.ledger.change(books, clean_reference(old), received=(datetime.now(UTC) - timedelta(days=31)).isoformat())
    end = time.monotonic() + 20
    while len(vault.all()) == 2 and time.monotonic() < end:
        time.sleep(0.1)
    assert [status.shown for status in vault.all()] == [young]
    assert ("its time", "deleted") in [(line.who, line.what) for line in Office(vault, "").trail(old)]
