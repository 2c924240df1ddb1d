"""A new master key: nothing is lost and no PIN stops working, wherever the change is cut off and whoever is at work meanwhile."""

from __future__ import annotations

import base64
import fcntl
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from bot.settings import Settings
from tests.records.conftest import PDF, codes
from ui.records.errors import KeyProblem, Refused
from ui.records.keys import KEY_FILE, KEY_VARIABLE, MasterKey, make_key_file, read_key_file
from ui.records.ledger import ledger_url, open_ledger
from ui.records.office import Office
from ui.records.rotation import NEXT_FILE, OLD_KEY_VARIABLE, current_key, rotate, rotate_records
from ui.records.submission import clean_reference
from ui.records.vault import Vault

SECRET = "the question that was sealed"


def _key(letter: bytes) -> str:
    return base64.b64encode(letter * 32).decode()


def _send(client: TestClient) -> tuple[str, str]:
    reference, pin = codes(client.post("/records", data={"consent": "yes", "question": SECRET}, files=[("files", ("a.pdf", PDF))]).text)
    return clean_reference(reference), pin


def _opens(data: Path, sent: list[tuple[str, str]]) -> None:
    """Everything that was sent opens and its PIN is right."""
    vault = Vault(data)
    for reference, pin in sent:
        details, key = vault.details(reference)
        assert details.question == SECRET and vault.check_pin(reference, pin).reference == reference
        with vault.open(reference, details.files[0], key) as file:
            assert file.read() == PDF
        with pytest.raises(Refused):
            vault.check_pin(reference, "000000" if pin != "000000" else "111111")


def test_a_new_key_in_the_file_opens_everything_and_the_old_one_nothing(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    sent = [_send(client) for _ in range(3)]
    folder = settings.data / "records"
    office = Office(Vault(settings.data), "Ada")
    office.note(sent[0][0], "a note from before")
    old = read_key_file(folder / KEY_FILE)
    done = rotate_records(settings, "Ada", tmp_path / "old.key")
    assert done.count == 3 and done.damaged == () and not (folder / NEXT_FILE).exists()
    assert read_key_file(folder / KEY_FILE).mark != old.mark and read_key_file(tmp_path / "old.key") == old
    assert (tmp_path / "old.key").stat().st_mode & 0o777 == 0o600
    _opens(settings.data, sent)
    assert Office(Vault(settings.data), "Ada").open(sent[0][0]).notes[0].text == "a note from before"
    (folder / KEY_FILE).write_bytes((tmp_path / "old.key").read_bytes())
    with pytest.raises(KeyProblem, match="not the one"):
        Vault(settings.data)


def test_a_key_in_the_environment_takes_over_from_one_there_or_from_the_file(client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = [_send(client)]
    folder = settings.data / "records"
    monkeypatch.setenv(KEY_VARIABLE, _key(b"n"))
    assert rotate_records(settings, "Ada").count == 1
    assert not (folder / KEY_FILE).exists()
    _opens(settings.data, sent)
    monkeypatch.setenv(KEY_VARIABLE, _key(b"m"))
    with pytest.raises(KeyProblem, match=OLD_KEY_VARIABLE):
        rotate_records(settings, "Ada")
    monkeypatch.setenv(OLD_KEY_VARIABLE, _key(b"n"))
    assert rotate_records(settings, "Ada").count == 1
    _opens(settings.data, sent)
    assert "nothing to do" in rotate_records(settings, "Ada").already
    # And back into a file.
    monkeypatch.delenv(KEY_VARIABLE)
    monkeypatch.setenv(OLD_KEY_VARIABLE, _key(b"m"))
    assert rotate_records(settings, "Ada").count == 1
    _opens(settings.data, sent)


def test_a_server_at_work_follows_a_new_key_in_the_file_and_loses_nothing(client: TestClient, settings: Settings) -> None:
    before = _send(client)
    rotate_records(settings, "Ada")
    page = client.post("/records/status", data={"reference": before[0], "pin": before[1]})
    assert page.status_code == 200
    after = _send(client)
    _opens(settings.data, [before, after])


def test_what_comes_in_while_the_key_changes_is_under_the_one_or_the_other_and_opens(open_desk: Callable[..., TestClient], settings: Settings) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from ui.records.limits import Limits

    client = open_desk(Limits(uploads_per_hour=100))
    sent = [_send(client)]
    with ThreadPoolExecutor(2) as people:
        coming = [people.submit(_send, client) for _ in range(8)]
        for _ in range(4):
            rotate_records(settings, "Ada")
        sent += [one.result() for one in coming]
    _opens(settings.data, sent)
    assert rotate_records(settings, "Ada").count == 9


def test_a_key_file_that_moves_while_it_is_looked_for_is_found(client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _send(client)
    folder, looked = settings.data / "records", list[str]()
    key = read_key_file(folder / KEY_FILE)
    (folder / KEY_FILE).rename(folder / NEXT_FILE)
    make_key_file(folder / KEY_FILE, bytes(32))

    def moving(path: Path) -> MasterKey:
        found = read_key_file(path)
        if not looked:
            (folder / NEXT_FILE).replace(folder / KEY_FILE)
        looked.append(path.name)
        return found

    monkeypatch.setattr("ui.records.rotation.read_key_file", moving)
    assert current_key(folder, key.mark) == key


def test_a_reader_never_moves_a_key_file_while_somebody_changes_the_key(client: TestClient, settings: Settings) -> None:
    _send(client)
    folder = settings.data / "records"
    key = read_key_file(folder / KEY_FILE)
    (folder / KEY_FILE).rename(folder / NEXT_FILE)
    make_key_file(folder / KEY_FILE, bytes(32))
    with (folder / "rotate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert current_key(folder, key.mark) == key and (folder / NEXT_FILE).exists()
        with pytest.raises(KeyProblem, match="another process"):
            rotate_records(settings, "Ada")
    assert current_key(folder, key.mark) == key and not (folder / NEXT_FILE).exists()
    assert read_key_file(folder / KEY_FILE) == key


def test_a_server_at_work_takes_nothing_under_a_key_that_is_no_longer_the_one(
    open_desk: Callable[..., TestClient], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, _key(b"o"))
    client = open_desk()
    sent = _send(client)
    monkeypatch.setenv(KEY_VARIABLE, _key(b"n"))
    monkeypatch.setenv(OLD_KEY_VARIABLE, _key(b"o"))
    rotate_records(settings, "Ada")
    refused = client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF))])
    assert refused.status_code == 500 and 'id="reference"' not in refused.text
    _opens(settings.data, [sent])
    assert len(Vault(settings.data).all()) == 1


def test_a_damaged_submission_keeps_no_other_from_the_new_key(client: TestClient, settings: Settings) -> None:
    sent = [_send(client), _send(client)]
    with sqlite3.connect(settings.data / "records" / "ledger.sqlite3") as books:
        books.execute("update records_submissions set wrapped_key = ? where reference = ?", (b"torn", sent[0][0]))
    done = rotate_records(settings, "Ada")
    assert done.count == 1 and [clean_reference(code) for code in done.damaged] == [sent[0][0]]
    _opens(settings.data, sent[1:])


def test_a_file_for_the_earlier_key_is_never_written_over(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    _send(client)
    (tmp_path / "kept").write_text("precious")
    with pytest.raises(KeyProblem, match="is there already"):
        rotate_records(settings, "Ada", tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "precious"


def _killed_at(step: int, folder: Path) -> bool:
    """Rotates in a child that kills itself before its step-th write of any kind; whether it came to that."""
    child = os.fork()
    if child == 0:
        left = [step]

        def count(*_: Any) -> None:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

        try:
            ledger = open_ledger(ledger_url(folder, None))
            for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
                event.listen(ledger._engine, moment, count)
            for name in ("fsync", "rename", "replace", "link", "unlink", "open"):
                setattr(os, name, _counted(getattr(os, name), count))
            rotate(folder, ledger, "Ada", environ={})
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _counted(call: Callable[..., Any], count: Callable[[], None]) -> Callable[..., Any]:
    def counted(*args: Any, **options: Any) -> Any:
        count()
        found = call(*args, **options)
        count()
        return found

    return counted


@pytest.mark.parametrize("stride", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_any_step_leaves_everything_openable_and_the_next_run_ends_it(client: TestClient, settings: Settings, tmp_path: Path, stride: int) -> None:
    sent = [_send(client), _send(client)]
    whole = tmp_path / "whole"
    shutil.copytree(settings.data, whole)
    first = read_key_file(settings.data / "records" / KEY_FILE).mark
    step, outcomes = 0, set()
    while True:
        shutil.rmtree(settings.data)
        shutil.copytree(whole, settings.data)
        killed = _killed_at(step, settings.data / "records")
        _opens(settings.data, sent)  # as the server would, starting up right then
        outcomes.add(read_key_file(settings.data / "records" / KEY_FILE).mark == first)
        if not killed:
            break
        rotate_records(settings, "Ada")
        assert read_key_file(settings.data / "records" / KEY_FILE).mark != first and not (settings.data / "records" / NEXT_FILE).exists()
        _opens(settings.data, sent)
        step += stride
    assert step > 20 and outcomes == {True, False}
