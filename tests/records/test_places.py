"""Where sealed files and their books are: a folder, any fsspec address; two that do not belong together are never mixed."""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest
from fastapi.testclient import TestClient

import ui.records
from bot.settings import Settings
from tests.records.conftest import BOUNDARY, PDF, body_of, codes, holds, trouble
from ui.records.errors import RecordsError, StoreProblem
from ui.records.intake import Intake
from ui.records.ledger import REPLIES
from ui.records.team import export_submission
from ui.records.vault import Vault

MARK = b"MARKER-OF-A-PLAIN-BYTE"


@pytest.fixture
def address() -> Iterator[str]:
    name = f"records-{os.urandom(4).hex()}"
    yield f"memory://{name}"
    store = fsspec.filesystem("memory")
    if store.exists(f"/{name}"):
        store.rm(f"/{name}", recursive=True)


def _there(address: str) -> dict[str, bytes]:
    store = fsspec.filesystem("memory")
    return {path: store.cat_file(path) for path in store.find("/" + address.split("://")[1])}


def _take(vault: Vault, content: bytes = PDF) -> str:
    intake = Intake(vault, BOUNDARY)
    intake.feed(body_of([("a.pdf", content)], consent="yes"))
    return intake.finish().reference


def test_a_store_elsewhere_gets_sealed_bytes_only_and_gives_them_back(
    open_desk: Callable[..., TestClient], settings: Settings, address: str, tmp_path: Path
) -> None:
    client = open_desk(records_store=address)
    content = b"%PDF-1.7\n" + MARK * 20_000
    reference, pin = codes(client.post("/records", data={"consent": "yes", "note": MARK.decode()}, files=[("files", (f"{MARK.decode()}.pdf", content))]).text)
    there = _there(address)
    assert sum(path.endswith(".onc") for path in there) == 1 and not any(MARK in data or MARK.decode() in path for path, data in there.items())
    assert holds(settings.data, MARK) == [] and list((settings.data / "records" / "files").iterdir()) == []
    elsewhere = settings.model_copy(update={"records_store": address})
    assert export_submission(elsewhere, reference, tmp_path / "out")[0].read_bytes() == content
    assert client.post("/records/delete", data={"reference": reference, "pin": pin, "sure": "yes"}).status_code == 200
    assert [path for path in _there(address) if path.endswith(".onc")] == []


def test_a_store_that_fails_is_told_and_nothing_is_acknowledged_or_left(
    open_desk: Callable[..., TestClient], settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_desk(records_store=address)
    store, put = type(fsspec.filesystem("memory")), type(fsspec.filesystem("memory")).put_file
    puts: list[str] = []

    def fails(self: object, local: str, remote: str, **more: object) -> None:
        puts.append(remote)
        if len(puts) == 2:
            raise ConnectionError("secret-bucket-name")
        put(self, local, remote, **more)

    monkeypatch.setattr(store, "put_file", fails)
    answer = client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF)), ("files", ("b.pdf", PDF))])
    assert answer.status_code == 500 and "Nothing was kept" in trouble(answer.text)
    assert len(puts) == 2 and [path for path in _there(address) if path.endswith(".onc")] == []
    vault = Vault(settings.data, store=address)
    assert vault.all() == [] and list(vault.files.iterdir()) == []


def test_what_nobody_knows_goes_from_the_store_but_not_what_is_only_just_arriving(settings: Settings, address: str) -> None:
    vault = Vault(settings.data, store=address)
    kept = _take(vault)
    fsspec.filesystem("memory").pipe_file(f"/{address.split('://')[1]}/ORPHAN0000/{'0' * 32}.onc", b"sealed")
    vault.tidy()
    assert any("ORPHAN0000" in path for path in _there(address))
    vault.tidy()
    assert [path.split("/")[-2] for path in _there(address) if path.endswith(".onc")] == [kept]


def test_an_address_that_nothing_serves_closes_uploads_and_says_which_setting(settings: Settings) -> None:
    with pytest.raises(StoreProblem, match="ONCOLANTERN_RECORDS_STORE"):
        Vault(settings.data, store="nosuch://bucket")


def test_a_lost_or_other_ledger_never_sweeps_files_that_were_acknowledged(settings: Settings) -> None:
    vault = Vault(settings.data)
    reference = _take(vault)
    ledger = vault.folder / "ledger.sqlite3"
    ledger.rename(vault.folder / "away")
    for _ in range(2):
        with pytest.raises(RecordsError, match="belong to another ledger"):
            Vault(settings.data)
    assert list((vault.files / reference).glob("*.onc"))
    (vault.folder / "away").rename(ledger)
    assert [status.reference for status in Vault(settings.data).all()] == [reference]


def test_a_deleted_store_is_said_at_the_start_and_on_export(settings: Settings, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    vault = Vault(settings.data)
    reference = _take(vault)
    shutil.rmtree(vault.files)
    (vault.folder / "ledger.id").unlink()
    assert [status.reference for status in Vault(settings.data).all()] == [reference]
    assert "1 submissions are known" in caplog.text
    with pytest.raises(RecordsError, match="is missing"):
        export_submission(settings, reference, tmp_path / "out")


def test_uploads_open_by_themselves_once_the_ledger_is_there(open_desk: Callable[..., TestClient], settings: Settings) -> None:
    import time

    from ui.records.limits import Limits

    vault = Vault(settings.data)
    ledger = vault.folder / "ledger.sqlite3"
    ledger.rename(vault.folder / "away")
    client = open_desk(Limits(reopen_seconds=0.05))
    assert client.get("/records").status_code == 503
    (vault.folder / "away").replace(ledger)
    for _ in range(200):
        if client.get("/records").status_code == 200:
            break
        time.sleep(0.05)
    assert client.get("/records").status_code == 200


def test_the_teams_words_are_sealed_under_the_submission_and_go_with_it(settings: Settings) -> None:
    vault = Vault(settings.data)
    reference = _take(vault)
    vault.say(REPLIES, reference, "nurse", MARK.decode(), state="answered")
    assert holds(settings.data, MARK) == [] and vault.status(reference).state == "answered"
    assert [(said.who, said.text) for said in vault.said(REPLIES, reference)] == [("nurse", MARK.decode())]
    vault.delete(reference, "the person")
    with vault.ledger.transaction() as books:
        assert vault.ledger.said(books, REPLIES, reference) == []


def test_no_file_can_reach_a_model_because_the_records_know_none() -> None:
    folder = Path(ui.records.__file__).parent
    known = {
        name.name if isinstance(node, ast.Import) else str(node.module)
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert {name for name in known if name.startswith(("bot", "policies", "evals"))} <= {"bot.settings", "bot.conversation", "bot.extras"}
    assert not {name for name in known if name.split(".")[0] in ("openai", "langchain", "langchain_core", "langchain_openai", "chromadb")}
