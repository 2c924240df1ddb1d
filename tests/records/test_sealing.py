"""Sealed files: whatever is cut, moved, swapped or damaged is noticed; another key opens nothing."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.settings import Settings
from ui.records.errors import KeyProblem, Tampered
from ui.records.incoming import Incoming
from ui.records.keys import KEY_FILE, KEY_VARIABLE, load_key
from ui.records.sealed import CHUNK, MAGIC, SEALED_CHUNK, SealedWriter, open_sealed
from ui.records.submission import Details, StoredFile
from ui.records.team import export_submission, list_submissions
from ui.records.vault import Vault

KEY = bytes(range(32))
CONTENT = os.urandom(3 * CHUNK + 100)


def _sealed(folder: Path, content: bytes = CONTENT, name: str = "a" * 32) -> Path:
    writer = SealedWriter(folder / name, KEY, name)
    for start in range(0, len(content), 10_001):
        writer.write(content[start : start + 10_001])
    writer.finish()
    return folder / name


def _read(path: Path, file_id: str = "a" * 32, key: bytes = KEY) -> bytes:
    with open_sealed(path.open("rb"), key, file_id) as reader:
        return reader.read()


def _chunks(path: Path) -> list[bytes]:
    body = path.read_bytes()[len(MAGIC) :]
    return [body[i : i + SEALED_CHUNK] for i in range(0, len(body), SEALED_CHUNK)]


def test_a_sealed_file_reads_back_whole_and_from_any_place(tmp_path: Path) -> None:
    path = _sealed(tmp_path)
    assert _read(path) == CONTENT and len(_chunks(path)) == 4
    with open_sealed(path.open("rb"), KEY, "a" * 32) as reader:
        reader.seek(-150, os.SEEK_END)
        assert reader.read(150) == CONTENT[-150:]
        reader.seek(CHUNK - 3)
        assert reader.read(6) == CONTENT[CHUNK - 3 : CHUNK + 3]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c[:-1], id="last chunk gone"),
        pytest.param(lambda c: [*c[:-1], c[-1][:-1]], id="last byte gone"),
        pytest.param(lambda c: c[1:], id="first chunk gone"),
        pytest.param(lambda c: [c[1], c[0], *c[2:]], id="reordered"),
        pytest.param(lambda c: [c[0], c[0], *c[2:]], id="repeated"),
        pytest.param(lambda c: [*c, c[-1]], id="appended"),
        pytest.param(lambda c: [bytes([c[0][0] ^ 1]) + c[0][1:], *c[1:]], id="one bit"),
        pytest.param(lambda c: [], id="nothing left"),
    ],
)
def test_a_changed_file_does_not_open(tmp_path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = _sealed(tmp_path)
    path.write_bytes(MAGIC + b"".join(change(_chunks(path))))
    with pytest.raises(Tampered):
        _read(path)


def test_two_files_of_one_submission_cannot_be_swapped(tmp_path: Path) -> None:
    path = _sealed(tmp_path, name="b" * 32)
    with pytest.raises(Tampered):
        _read(path, "a" * 32)


def test_no_two_files_share_a_key_stream_even_with_the_same_content(tmp_path: Path) -> None:
    one, two = (_sealed(tmp_path, b"same content", name * 32).read_bytes()[len(MAGIC) :][:12] for name in "12")
    assert one != two


def _store(settings: Settings, content: bytes = CONTENT) -> str:
    incoming = Incoming(Vault(settings.data))
    file_id, writer = incoming.add()
    writer.write(content)
    writer.finish()
    return incoming.commit(Details("v", "en", (StoredFile(file_id, "a.pdf", "pdf", len(content)),)))[0].reference


def test_an_export_of_a_changed_file_fails_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    reference = _store(settings)
    [path] = (settings.data / "records" / "files" / reference).glob("*.onc")
    chunks = _chunks(path)
    path.write_bytes(MAGIC + b"".join([chunks[0], chunks[2], chunks[1], chunks[3]]))
    with pytest.raises(Tampered):
        export_submission(settings, reference, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    path.unlink()
    with pytest.raises(Tampered, match="missing"):
        export_submission(settings, reference, tmp_path / "out")


def test_another_key_is_told_so_and_opens_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _store(settings)
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(os.urandom(32)).decode())
    with pytest.raises(KeyProblem, match="not the one these records were sealed with"):
        list_submissions(settings)


@pytest.mark.parametrize(("value", "says"), [("not base64!", "is not base64"), (base64.b64encode(b"short").decode(), "5 bytes instead of 32")])
def test_a_malformed_key_is_told_without_showing_it(tmp_path: Path, value: str, says: str) -> None:
    with pytest.raises(KeyProblem, match=says) as caught:
        load_key(tmp_path, {KEY_VARIABLE: value})
    assert value not in str(caught.value)


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = load_key(tmp_path, {}), load_key(tmp_path, {})
    assert first == second and len(first.secret) == 32
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert first.secret.hex() not in repr(first)
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(KeyProblem, match="chmod 600"):
        load_key(tmp_path, {})


def test_a_key_from_the_environment_makes_no_file(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(KEY).decode())
    reference = _store(settings)
    assert not (settings.data / "records" / KEY_FILE).exists()
    assert export_submission(settings, reference, tmp_path / "out")[0].read_bytes() == CONTENT


def test_with_a_wrong_key_the_page_says_closed_and_the_log_why(
    settings: Settings, open_desk: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _store(settings)
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(os.urandom(32)).decode())
    client = open_desk()
    for answer in (client.get("/records"), client.post("/records"), client.get("/records/status"), client.post("/records/delete")):
        assert answer.status_code == 503 and "Uploads are closed" in answer.text
    assert "not the one these records were sealed with" in caplog.text


def test_files_and_folders_are_the_owners_alone(settings: Settings) -> None:
    _store(settings)
    records = settings.data / "records"
    assert {path.stat().st_mode & 0o077 for path in (records, *records.rglob("*")) if path.name != "making.lock"} == {0}
