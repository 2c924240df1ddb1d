"""Files go in by the form, come out byte for byte, and stand nowhere in plain."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.settings import Settings
from tests.records.conftest import BOUNDARY, DICOM, DICOM_ZIP, DOCX, HEIC, JPEG, PDF, PNG, body_of, codes, holds, trouble, zip_of
from ui.records.intake import Intake
from ui.records.limits import Limits
from ui.records.sealed import CHUNK
from ui.records.submission import StoredFile
from ui.records.team import export_submission, list_submissions, safe_name, show_submission
from ui.records.vault import Vault

YES = {"consent": "yes"}
MARK = b"MARKER-OF-A-PLAIN-BYTE"


def _send(client: TestClient, *files: tuple[str, bytes], **fields: str) -> tuple[int, str]:
    answer = client.post("/records", data={**YES, **fields}, files=[("files", (name, content)) for name, content in files])
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("report.pdf", PDF, "pdf"), ("page.jpg", JPEG, "jpeg"), ("IMG_1.HEIC", HEIC, "heic"), ("scan.png", PNG, "png"), ("letter.docx", DOCX, "docx"),
     ("note.txt", "Märgins: négative".encode(), "text"), ("ccd.xml", b'<?xml version="1.0"?><ClinicalDocument/>', "xml"),
     ("fhir.json", b'{"resourceType": "Bundle"}', "json"), ("ct.zip", DICOM_ZIP, "dicom-zip"), ("slice.dcm", DICOM, "dicom"),
     ("photo.heic", JPEG, "jpeg")],
)  # fmt: skip
def test_each_kind_comes_out_byte_for_byte(client: TestClient, settings: Settings, tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    status, page = _send(client, (name, content))
    assert status == 201
    reference, _ = codes(page)
    assert show_submission(settings, reference).details.files[0].kind == kind
    [path] = export_submission(settings, reference, tmp_path / "out")
    assert path.read_bytes() == content


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_sizes_around_a_chunk_come_out_whole(client: TestClient, settings: Settings, tmp_path: Path, size: int) -> None:
    content = b"t" * size
    reference, _ = codes(_send(client, ("t.txt", content))[1])
    assert export_submission(settings, reference, tmp_path / "out")[0].read_bytes() == content


def test_many_files_keep_their_order_and_what_was_written_goes_along(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    status, page = _send(client, ("a.pdf", PDF), ("b.txt", b"two"), ("c.png", PNG), note="no penicillin", contact="a@example.org", question="What is my stage?")
    reference, _ = codes(page)
    assert status == 201 and "Stored and locked: 3 files." in page
    details = show_submission(settings, reference).details
    assert [f.name for f in details.files] == ["a.pdf", "b.txt", "c.png"]
    assert (details.note, details.contact, details.question) == ("no penicillin", "a@example.org", "What is my stage?")
    paths = export_submission(settings, reference, tmp_path / "out")
    assert [p.name for p in paths] == ["01-a.pdf", "02-b.txt", "03-c.png", "00-message.txt"]
    assert "What is my stage?" in paths[-1].read_text()


def test_no_plain_byte_name_or_note_is_on_disk_while_uploading_or_after(settings: Settings) -> None:
    content = b"%PDF-1.7\n" + MARK * 20_000
    body = body_of([(f"{MARK.decode()}.pdf", content)], **YES, note=MARK.decode(), contact=MARK.decode(), question=MARK.decode())
    vault = Vault(settings.data)
    intake = Intake(vault, BOUNDARY)
    seen = 0
    for start in range(0, len(body), 9_973):
        intake.feed(body[start : start + 9_973])
        assert holds(settings.data, MARK) == []
        seen = max(seen, sum(p.stat().st_size for p in vault.files.rglob("*.onc")))
    assert seen > 5 * CHUNK  # it was written as it arrived, not at the end
    receipt = intake.finish()
    assert holds(settings.data, MARK, receipt.pin.encode() * 3) == []
    assert export_submission(settings, receipt.reference, settings.data.parent / "out")[0].read_bytes() == content


def test_the_pages_upload_leaves_no_plain_byte_either(client: TestClient, settings: Settings) -> None:
    assert _send(client, (f"{MARK.decode()}.txt", MARK * 300_000), note=MARK.decode())[0] == 201
    assert holds(settings.data, MARK) == []


def test_nothing_is_acknowledged_before_it_is_on_the_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    vault = Vault(settings.data)
    intake = Intake(vault, BOUNDARY)
    intake.feed(body_of([("a.txt", b"one"), ("b.txt", b"two")], **YES))
    assert list_submissions(settings) == []
    receipt = intake.finish()
    assert sum(name.endswith(".onc") for name in synced) == 2 and receipt.reference in synced and "files" in synced
    assert [s.reference for s in list_submissions(settings)] == [receipt.reference]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("virus.pdf", b"MZ\x90\x00" + bytes(3000), "not a kind of file"), ("page.txt", b"<!DOCTYPE html><script>x</script>", "not a kind of file"),
     ("drawing.xml", b"<?xml version='1.0'?><svg onload='x'/>", "not a kind of file"), ("run.txt", b"#!/bin/sh\nrm", "not a kind of file"),
     ("late.txt", b"text " * 2000 + b"\x00\x01", "not a kind of file"), ("old.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "not a kind of file"),
     ("stuff.zip", zip_of({"a.txt": b"hello"}), "ZIP without medical images"), ("cut.zip", DICOM_ZIP[:-30], "ZIP without medical images"),
     ("macro.docx", zip_of({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b""}), "ZIP without medical images"),
     ("empty.pdf", b"", "is empty")],
)  # fmt: skip
def test_wrong_content_is_refused_by_name_and_nothing_stays(client: TestClient, settings: Settings, name: str, content: bytes, says: str) -> None:
    status, page = _send(client, ("good.pdf", PDF), (name, content))
    assert status in (400, 415)
    assert name in trouble(page) and says in trouble(page)
    assert list(Vault(settings.data).files.iterdir()) == [] and list_submissions(settings) == []


@pytest.mark.parametrize(
    ("fields", "files", "says"),
    [({"consent": ""}, [("a.txt", b"a")], "tick the box"), ({}, [("a.txt", b"a")], "tick the box"), (YES, [], "No file was chosen"),
     (YES, [("", b"")], "No file was chosen"), ({**YES, "note": "x" * 2001}, [("a.txt", b"a")], "too long")],
)  # fmt: skip
def test_a_form_without_consent_or_files_keeps_nothing(
    client: TestClient, settings: Settings, fields: dict[str, str], files: list[tuple[str, bytes]], says: str
) -> None:
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
    answer = client.post("/records", content=body_of(files, **fields), headers=headers)
    assert answer.status_code == 400 and says in trouble(answer.text)
    assert list(Vault(settings.data).files.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.txt",
        "..\\..\\boot.txt",
        "/abs/olute.txt",
        "a\x00b.txt",
        "....",
        "-rf.txt",
        "CON.txt",
        "x" * 900 + ".txt",
        "\x1b[31mred.txt",
        "é/ü\n.txt",
        ".hidden",
    ],
)
def test_a_name_is_never_a_path(settings: Settings, tmp_path: Path, name: str) -> None:
    intake = Intake(Vault(settings.data), BOUNDARY)
    intake.feed(body_of([(name.replace("\n", " "), b"text")], **YES))
    out = tmp_path / "out"
    [path] = export_submission(settings, intake.finish().reference, out)
    assert path.parent.parent == out and path.resolve().parent == path.parent
    assert path.name.startswith("01-") and path.name.endswith(".txt") and path.name.isprintable() and len(path.name.encode()) < 200


@pytest.mark.parametrize(
    "name",
    ["../../x.pdf", "/etc/cron.d/x.pdf", "a\\..\\b.pdf", "..", ".", "", "nul.pdf", "-o.pdf", "a\nb\x1b[2J.pdf", "report.exe", "$(rm).pdf", "\u202efdp.exe"],
)
def test_an_exported_name_is_plain_even_if_the_stored_one_is_not(name: str) -> None:
    safe = safe_name(StoredFile("0" * 32, name, "pdf", 1), 1)
    assert re.fullmatch(r"01-[\w ._()+,-]+\.pdf", safe) and Path(safe).name == safe and ".." not in safe
    assert safe.split(".")[0].lower() != "01-nul"


@pytest.mark.parametrize("step", [1, 2, 3, 7, 61])
def test_it_does_not_matter_where_the_network_cuts_the_body(settings: Settings, tmp_path: Path, step: int) -> None:
    content = b"%PDF-1.7\r\n--" + BOUNDARY[:-1] + b"\r\n" + bytes(range(256)) * 4
    body = body_of([("a.pdf", content), ("b.txt", b"--" + BOUNDARY[:5])], **YES, note="n")
    intake = Intake(Vault(settings.data), BOUNDARY)
    for start in range(0, len(body), step):
        intake.feed(body[start : start + step])
    paths = export_submission(settings, intake.finish().reference, tmp_path / "out")
    assert [p.read_bytes() for p in paths[:2]] == [content, b"--" + BOUNDARY[:5]]


def test_limits_on_size_and_count_are_held_with_clear_words(open_desk: Callable[..., TestClient], settings: Settings) -> None:
    client = open_desk(Limits(files=2, file_bytes=5_000, total_bytes=8_000, overhead_bytes=3_000, uploads_per_hour=100))
    assert "larger than 5 KB" in trouble(_send(client, ("big.txt", b"x" * 5_001))[1])
    assert "more than 2 files" in trouble(_send(client, *[(f"{i}.txt", b"x") for i in range(3)])[1])
    status, page = _send(client, ("a.txt", b"x" * 4_999), ("b.txt", b"x" * 4_999), note="n" * 1500)
    assert status == 413 and "more than 8 KB" in trouble(page)
    assert list(Vault(settings.data).files.iterdir()) == []
    assert _send(client, ("a.txt", b"x" * 4_999))[0] == 201


def test_a_field_without_end_is_cut_short_in_memory(settings: Settings) -> None:
    intake = Intake(Vault(settings.data), BOUNDARY)
    with pytest.raises(Exception, match="too-long"):
        intake.feed(body_of([], close=False, note="x" * 9_000))
    intake.abort()


def test_another_sites_form_is_not_taken(client: TestClient) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        answer = client.post("/records", data=YES, files=[("files", ("a.txt", b"a"))], headers=headers)
        assert answer.status_code == 403 and "another site" in trouble(answer.text)


def test_uploads_from_one_address_are_counted(open_desk: Callable[..., TestClient]) -> None:
    client = open_desk(Limits(uploads_per_hour=2))
    assert [_send(client, ("a.txt", b"a"))[0] for _ in range(3)] == [201, 201, 429]


def test_spanish_browsers_get_spanish_words(client: TestClient) -> None:
    answer = client.post("/records?lang=es", data=YES, files=[("files", ("x.exe", b"MZ\x00" + bytes(200)))])
    assert 'lang="es"' in answer.text and "No se guardó nada" in trouble(answer.text)


def test_a_quote_in_a_files_name_is_a_quote_on_the_page_and_no_trouble_outside(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    # As a browser writes it into a form.
    body = body_of([("Mama%22s scan%0D%0A 100%25.pdf", PDF)], consent="yes")
    answer = client.post("/records", content=body, headers={"content-type": f"multipart/form-data; boundary={BOUNDARY.decode()}"})
    reference, _ = codes(answer.text)
    assert show_submission(settings, reference).details.files[0].name == 'Mama"s scan 100%25.pdf'
    [path] = export_submission(settings, reference, tmp_path / "out")
    assert path.name == "01-Mama_s scan 100_25.pdf"
