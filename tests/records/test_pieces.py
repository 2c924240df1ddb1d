"""The upload in pieces: what is acknowledged stays over a kill, a receipt lost on the line is given again, and a token opens its draft alone."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.settings import Settings
from tests.records.conftest import BOUNDARY, PDF, body_of, codes, holds, zip_of
from ui.records.drafts import PIECE_BYTES, Drafts
from ui.records.errors import Refused
from ui.records.intake import Intake
from ui.records.limits import Limits
from ui.records.sealed import CHUNK
from ui.records.submission import clean_reference
from ui.records.team import export_submission
from ui.records.vault import Vault

ROOT = Path(__file__).parents[2]
BIG = b"%PDF-1.7\n" + os.urandom(3 * PIECE_BYTES + 777)
MARK = b"MARKER-OF-A-PLAIN-BYTE"


class Upload:
    """Speaks to the routes as records.js does."""

    def __init__(self, client: TestClient, *files: tuple[str, bytes], **more: Any) -> None:
        self.client, self.files = client, files
        announced = [{"name": name, "size": len(content)} for name, content in files]
        self.begun = client.post("/records/uploads?lang=en", json={"consent": "yes", "files": announced, **more})
        if self.begun.status_code == 201:
            draft = self.begun.json()
            self.id, self.token, self.ids = draft["id"], draft["token"], [file["id"] for file in draft["files"]]

    @property
    def head(self) -> dict[str, str]:
        return {"Upload-Token": self.token}

    def put(self, at: int, offset: int, data: bytes) -> httpx.Response:
        return self.client.put(f"/records/uploads/{self.id}/files/{self.ids[at]}?lang=en&offset={offset}", content=data, headers=self.head)

    def offsets(self) -> list[int]:
        return [file["offset"] for file in self.client.get(f"/records/uploads/{self.id}", headers=self.head).json()["files"]]

    def send(self) -> None:
        for at, (_, content) in enumerate(self.files):
            for offset in range(0, len(content), PIECE_BYTES):
                answer = self.put(at, offset, content[offset : offset + PIECE_BYTES])
                assert answer.status_code == 200, answer.text

    def commit(self) -> httpx.Response:
        return self.client.post(f"/records/uploads/{self.id}/commit?lang=en", headers=self.head)


def _refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json" and answer.json()["detail"]
    return answer.status_code, answer.json()["code"]


def _exported(settings: Settings, reference: str, out: Path) -> list[bytes]:
    return [path.read_bytes() for path in export_submission(settings, reference, out) if not path.name.startswith("00")]


def test_pieces_become_a_submission_byte_for_byte_and_never_stand_in_plain(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    content = b"%PDF-1.7\n" + MARK * 200_000
    upload = Upload(client, (f"{MARK.decode()}.pdf", content), ("b.txt", b"two"), note=MARK.decode(), question="What is my stage?")
    for offset in range(0, len(content), PIECE_BYTES):
        upload.put(0, offset, content[offset : offset + PIECE_BYTES])
        assert holds(settings.data, MARK, upload.token.encode()) == []
    upload.put(1, 0, b"two")
    answer = upload.commit()
    assert answer.status_code == 201
    reference, pin = codes(answer.text)
    assert _exported(settings, reference, tmp_path / "out") == [content, b"two"]
    assert client.post("/records/status", data={"reference": reference, "pin": pin}).status_code == 200
    assert holds(settings.data, MARK, upload.token.encode()) == []


def test_a_receipt_that_was_lost_on_the_line_is_given_again_with_the_same_pin_for_an_hour(client: TestClient, settings: Settings) -> None:
    upload = Upload(client, ("a.pdf", PDF))
    upload.send()
    first, second = upload.commit(), upload.commit()
    assert codes(first.text) == codes(second.text) and len(Vault(settings.data).all()) == 1
    vault = Vault(settings.data)
    with vault.ledger.transaction() as books:
        vault.ledger.change(books, upload.id, expires=(datetime.now(UTC) - timedelta(seconds=2)).replace(microsecond=0).isoformat())
    assert _refused(upload.commit()) == (410, "gone")
    # What is acknowledged is no draft any more: nobody cancels it, or writes into it, with the token.
    client.delete(f"/records/uploads/{upload.id}", headers=upload.head)
    assert _refused(upload.put(0, 0, PDF)) == (410, "gone") and len(vault.all()) == 1


def test_a_server_killed_between_and_within_pieces_keeps_what_it_acknowledged(settings: Settings, tmp_path: Path) -> None:
    code = """
        import os, signal, sys
        from pathlib import Path
        from tests.records.test_pieces import PIECE_BYTES
        from ui.records import sealed
        from ui.records.drafts import Drafts
        from ui.records.vault import Vault
        content = Path(sys.argv[2]).read_bytes()
        drafts = Drafts(Vault(Path(sys.argv[1])))
        draft = drafts.begin([("secret.pdf", len(content))], language="en")
        drafts.piece(draft.id, draft.token, draft.files[0].id, 0, content[:PIECE_BYTES])
        print(draft.id, draft.token, draft.files[0].id, flush=True)
        count, seal = [0], sealed._Cipher.seal
        def dies(*given, **more):
            count[0] += 1
            if count[0] == 5:
                os.kill(os.getpid(), signal.SIGKILL)
            return seal(*given, **more)
        sealed._Cipher.seal = dies
        drafts.piece(draft.id, draft.token, draft.files[0].id, PIECE_BYTES, content[PIECE_BYTES:2 * PIECE_BYTES])
    """
    source = tmp_path / "source.pdf"
    source.write_bytes(BIG)
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(settings.data), str(source)], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=90
    )
    assert child.returncode == -signal.SIGKILL
    identity, token, file = child.stdout.split()
    assert holds(settings.data, b"secret.pdf", BIG[:64], token.encode()) == []
    vault = Vault(settings.data)  # a start sweeps, and leaves drafts
    assert vault.all() == []
    drafts = Drafts(vault)
    [(_, offset)] = drafts.offsets(identity, token)
    assert PIECE_BYTES <= offset < 2 * PIECE_BYTES
    while offset < len(BIG):
        offset = drafts.piece(identity, token, file, offset, BIG[offset : offset + PIECE_BYTES])
    receipt, _ = drafts.commit(identity, token)
    assert _exported(settings, receipt.reference, tmp_path / "out") == [BIG]


@pytest.mark.parametrize("torn", [1, 20, CHUNK - 3])
def test_a_chunk_that_a_power_cut_left_torn_does_not_count(client: TestClient, settings: Settings, tmp_path: Path, torn: int) -> None:
    upload = Upload(client, ("a.pdf", BIG))
    upload.put(0, 0, BIG[:PIECE_BYTES])
    [path] = (settings.data / "records" / "files" / upload.id).glob("*.onc")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - torn)
    assert upload.offsets() == [PIECE_BYTES - CHUNK]
    for offset in range(PIECE_BYTES - CHUNK, len(BIG), PIECE_BYTES):
        assert upload.put(0, offset, BIG[offset : offset + PIECE_BYTES]).status_code == 200
    assert _exported(settings, codes(upload.commit().text)[0], tmp_path / "out") == [BIG]


def test_a_piece_goes_only_where_the_last_one_ended(client: TestClient) -> None:
    upload = Upload(client, ("a.pdf", BIG))
    for offset, data in ((CHUNK, BIG[CHUNK : 2 * CHUNK]), (0, BIG[: CHUNK + 1]), (0, BIG[:CHUNK][:-1])):
        assert _refused(upload.put(0, offset, data)) == (409, "offset")
    assert upload.put(0, 0, BIG[:CHUNK]).json() == {"offset": CHUNK}
    assert _refused(upload.put(0, 0, BIG[:CHUNK])) == (409, "offset")
    assert _refused(upload.put(0, CHUNK, BIG[: PIECE_BYTES + 1])) == (413, "form")
    assert _refused(upload.put(0, CHUNK, b"")) == (400, "form")
    assert _refused(upload.commit()) == (409, "missing")


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 30, "٣"])
def test_an_offset_that_is_no_number_is_refused(client: TestClient, offset: str) -> None:
    upload = Upload(client, ("a.pdf", PDF))
    answer = client.put(f"/records/uploads/{upload.id}/files/{upload.ids[0]}", params={"offset": offset}, content=PDF, headers=upload.head)
    assert _refused(answer) == (400, "form")


def test_a_token_opens_its_own_draft_and_no_path(client: TestClient, settings: Settings) -> None:
    one, two = Upload(client, ("a.pdf", PDF)), Upload(client, ("a.pdf", PDF))
    stored = codes(client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF))]).text)[0]
    for draft in (two.id, clean_reference(stored), "..%2f..", "nothing", "A" * 5000):
        for token in (one.token, "", "x"):
            head = {"Upload-Token": token}
            for answer in (
                client.get(f"/records/uploads/{draft}", headers=head),
                client.put(f"/records/uploads/{draft}/files/{one.ids[0]}?offset=0", content=PDF, headers=head),
                client.post(f"/records/uploads/{draft}/commit", headers=head),
            ):
                assert answer.status_code in (404, 405, 410), (draft, answer.status_code)
            client.delete(f"/records/uploads/{draft}", headers=head)
    assert _refused(client.put(f"/records/uploads/{one.id}/files/{two.ids[0]}?offset=0", content=PDF, headers=one.head)) == (400, "form")
    two.send()
    assert two.commit().status_code == 201 and len(Vault(settings.data).all()) == 2
    for draft in ("..", "../..", "/etc", ""):  # a client tidies these away before it sends them; another one may not
        with pytest.raises(Refused, match="gone"):
            Drafts(Vault(settings.data)).piece(draft, one.token, one.ids[0], 0, PDF)
    assert not (settings.data / "records" / "lock").exists()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"files": [{"name": "a.pdf", "size": 10}]}, "consent"),
        ({"consent": "yes"}, "form"),
        ({"consent": "yes", "files": []}, "no-files"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": 0}]}, "empty"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": -5}]}, "empty"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": True}]}, "form"),
        ({"consent": "yes", "files": [{"name": 5, "size": 1}]}, "form"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": 5_001}]}, "file-size"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": 4_999}] * 2}, "total-size"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": 1}] * 3}, "count"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": 1}], "note": "n" * 3_000}, "too-long"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": 1}], "note": 5}, "form"),
        ({"consent": "yes", "files": [{"name": "a.pdf", "size": 1}], "reference": "AAAAABBBBB", "pin": "1"}, "pin"),
        ([], "form"),
    ],
)
def test_an_announcement_is_held_to_the_same_limits(open_desk: Callable[..., TestClient], settings: Settings, asked: object, code: str) -> None:
    client = open_desk(Limits(files=2, file_bytes=5_000, total_bytes=8_000))
    assert _refused(client.post("/records/uploads", json=asked))[1] == code
    assert list((settings.data / "records" / "files").iterdir()) == []


def test_more_than_was_announced_does_not_get_in(client: TestClient) -> None:
    upload = Upload(client, ("a.txt", b"x" * 10))
    assert _refused(upload.put(0, 0, b"x" * 11)) == (409, "offset")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"MZ\x90\x00" + bytes(300), "content"),
        ("a.txt", b"words " * 20_000 + b"\x00\x01", "content"),
        ("a.zip", zip_of({"a.txt": b"words"}), "zip"),
        ("a.zip", b"PK\x03\x04" + bytes(300), "zip"),
    ],
)
def test_what_a_file_is_decides_here_too_and_nothing_of_it_stays(client: TestClient, settings: Settings, name: str, content: bytes, code: str) -> None:
    upload = Upload(client, (name, content))
    answer = upload.put(0, 0, content)
    if answer.status_code == 200:
        answer = upload.commit()
        assert list((settings.data / "records" / "files").iterdir()) == []
    assert _refused(answer) == (415, code)


def test_a_draft_is_gone_after_its_day_and_when_it_is_cancelled(client: TestClient, settings: Settings) -> None:
    upload, other = Upload(client, ("a.pdf", PDF)), Upload(client, ("a.pdf", PDF))
    assert client.delete(f"/records/uploads/{other.id}", headers=other.head).status_code == 204
    assert _refused(other.commit()) == (410, "gone")
    upload.send()
    vault = Vault(settings.data)
    assert [folder.name for folder in vault.files.iterdir()] == [upload.id]
    with vault.ledger.transaction() as books:
        vault.ledger.change(books, upload.id, expires=(datetime.now(UTC) - timedelta(hours=1)).isoformat())
    assert _refused(upload.commit()) == (410, "gone")
    assert vault.purge() == 1 and list(vault.files.iterdir()) == [] and vault.all() == []


def test_added_files_join_what_is_there_and_make_it_new_again(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    reference, pin = codes(client.post("/records", data={"consent": "yes", "note": "first"}, files=[("files", ("a.pdf", PDF))]).text)
    vault = Vault(settings.data)
    with vault.ledger.transaction() as books:
        vault.ledger.change(books, clean_reference(reference), state="answered")
    upload = Upload(client, ("b.pdf", BIG), note="second", reference=reference, pin=pin)
    upload.send()
    assert upload.commit().json() == {"added": 1}
    # The answer was lost and the page asks again: the draft is gone, and what it brought is there once.
    assert _refused(upload.commit()) == (410, "gone")
    assert _exported(settings, reference, tmp_path / "out") == [PDF, BIG]
    assert vault.details(clean_reference(reference))[0].note == "first\n\nsecond" and vault.status(clean_reference(reference)).state == "new"
    assert {folder.name for folder in vault.files.iterdir()} == {clean_reference(reference)}


def test_limits_hold_for_a_submission_as_a_whole(open_desk: Callable[..., TestClient]) -> None:
    client = open_desk(Limits(files=3, total_bytes=10_000, file_bytes=9_000))
    reference, pin = codes(client.post("/records", data={"consent": "yes"}, files=[("files", ("a.txt", b"x" * 6_000))]).text)
    both = {"reference": reference, "pin": pin}
    assert _refused(Upload(client, ("b.txt", b"x" * 6_000), **both).begun) == (413, "total-size")
    # Two at once fit alone and not together: the one that commits last is refused.
    one, two = Upload(client, ("b.txt", b"x" * 3_000), **both), Upload(client, ("c.txt", b"x" * 3_000), **both)
    one.send()
    two.send()
    assert one.commit().status_code == 200 and _refused(two.commit()) == (413, "total-size")
    form = client.post("/records/add", data={**both, "consent": "yes"}, files=[("files", ("d.txt", b"x" * 3_000))])
    assert form.status_code == 413


def test_deleting_takes_what_was_on_its_way_along(client: TestClient, settings: Settings) -> None:
    reference, pin = codes(client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF))]).text)
    upload = Upload(client, ("b.pdf", PDF), note="words", reference=reference, pin=pin)
    upload.send()
    assert client.post("/records/delete", data={"reference": reference, "pin": pin, "sure": "yes"}).status_code == 200
    assert _refused(upload.commit()) == (410, "gone")
    vault = Vault(settings.data)
    assert list(vault.files.iterdir()) == []
    with vault.ledger.transaction() as books:
        assert vault.ledger.row(books, upload.id) is None


def test_the_plain_form_adds_files_only_behind_the_right_codes(client: TestClient, settings: Settings) -> None:
    reference, pin = codes(client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF))]).text)
    before = {folder.name for folder in (settings.data / "records" / "files").iterdir()}
    wrong = "000000" if pin != "000000" else "111111"
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
    files_first = body_of([("b.pdf", PDF)], close=False) + body_of([], consent="yes", reference=reference, pin=pin)
    for answer in (
        client.post("/records/add", data={"reference": reference, "pin": wrong, "consent": "yes"}, files=[("files", ("b.pdf", PDF))]),
        client.post("/records/add", data={"consent": "yes"}, files=[("files", ("b.pdf", PDF))]),
        client.post("/records/add", content=files_first, headers=headers),
    ):
        assert answer.status_code == 403 and "do not belong together" in answer.text
    assert {folder.name for folder in (settings.data / "records" / "files").iterdir()} == before
    good = client.post("/records/add", data={"reference": reference, "pin": pin, "consent": "yes"}, files=[("files", ("b.pdf", PDF))])
    assert good.status_code == 200 and "1 more" in good.text and "b.pdf" in good.text


def test_another_site_sends_no_pieces(client: TestClient) -> None:
    asked = {"consent": "yes", "files": [{"name": "a.pdf", "size": 10}]}
    answer = client.post("/records/uploads", json=asked, headers={"sec-fetch-site": "cross-site"})
    assert _refused(answer) == (403, "cross-site")


def test_a_disk_without_room_is_told_and_what_was_acknowledged_stays(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = Upload(client, ("a.pdf", BIG))
    upload.put(0, 0, BIG[:PIECE_BYTES])
    write = os.fsync

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ui.records.sealed.os.fsync", full)
    assert _refused(upload.put(0, PIECE_BYTES, BIG[PIECE_BYTES : 2 * PIECE_BYTES])) == (507, "disk")
    monkeypatch.setattr("ui.records.sealed.os.fsync", write)
    assert upload.offsets()[0] >= PIECE_BYTES


def test_the_receipt_to_keep_names_each_file_by_its_fingerprint_and_never_the_pin(client: TestClient) -> None:
    import hashlib

    reference, pin = codes(client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF)), ("files", ("b.txt", b"two"))]).text)
    answer = client.post("/records/receipt", data={"reference": reference, "pin": pin})
    text = answer.content.decode()
    assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{reference}.txt"' and answer.headers["content-type"].startswith(
        "text/plain"
    )
    for said in (
        reference,
        "a.pdf",
        "b.txt",
        hashlib.sha256(PDF).hexdigest(),
        hashlib.sha256(b"two").hexdigest(),
        f"{len(PDF):,} bytes",
        "These are my records",
    ):
        assert said in text
    assert not re.search(rf"\b{pin}\b", text)
    assert client.post("/records/receipt", data={"reference": reference, "pin": "x"}).status_code == 403


def test_a_question_from_the_chat_brings_the_librarys_questions_and_an_empty_one_those_for_anybody(client: TestClient) -> None:
    def asked(question: str) -> str:
        page = client.post("/records", data={"consent": "yes", "question": question}, files=[("files", ("a.pdf", PDF))]).text
        return html.unescape(re.search(r'aria-labelledby="meanwhile".*?</section>', page, re.DOTALL).group())  # type: ignore[union-attr]

    assert "Colon cancer" in asked("What stage is my colon cancer?") and asked("What stage is my colon cancer?").count("<li>") >= 5
    # Nobody is shown questions on the end of life for a word that means something else.
    assert asked("Will it hurt?") == asked("") and asked("").count("<li>") >= 5


def test_a_second_request_for_a_draft_at_work_is_told_to_come_again(settings: Settings) -> None:
    drafts = Drafts(Vault(settings.data))
    draft = drafts.begin([("a.pdf", len(PDF))], language="en")
    with drafts._busy(draft.id, draft.token), pytest.raises(Refused) as caught:
        drafts.piece(draft.id, draft.token, draft.files[0].id, 0, PDF)
    assert caught.value.code == "going"


def test_an_upload_that_is_committed_while_its_day_ends_is_not_purged(settings: Settings) -> None:
    vault = Vault(settings.data)
    intake = Intake(vault, BOUNDARY)
    intake.feed(body_of([("a.pdf", PDF)], consent="yes"))
    reference = intake.finish().reference
    # As purge does when the draft it saw has become a submission meanwhile.
    vault.delete(reference, "its time", lambda row: row.state == "draft")
    assert [status.reference for status in vault.all()] == [reference]
