"""The pages and the team's commands: status, deletion, PINs, headers, the plain form, exit codes."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.settings import Settings
from tests.records.conftest import PDF, codes, holds, trouble
from ui.records.commands import add_commands
from ui.records.limits import Limits
from ui.records.vault import Vault
from ui.records.words import WORDS


def _send(client: TestClient) -> tuple[str, str]:
    return codes(client.post("/records", data={"consent": "yes", "note": "n"}, files=[("files", ("a.pdf", PDF))]).text)


def _run(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    return int(args.run(args, settings))


def test_the_form_works_without_javascript_and_asks_no_more_than_needed(client: TestClient) -> None:
    page = client.get("/records").text
    assert 'method="post" action="/records?lang=en" enctype="multipart/form-data"' in page
    assert set(re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"', page)) == {"files", "question", "note", "contact", "consent"}
    assert len(re.findall(r"<(?:input|textarea)[^>]*\brequired\b", page)) == 2  # the files and the consent
    for said in ("what_1", "what_2", "what_3", "what_4", "emergency"):
        start = WORDS["en"][said].split("{")[0]
        assert start in page
    assert "911" in page and "90 days" in page


def test_the_pages_hold_no_inline_script_style_or_other_host(client: TestClient) -> None:
    for path in ("/records", "/records?lang=es", "/records/status"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"] and answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|https?://", answer.text)
        for link in re.findall(r'(?:src|href)="(/records/static/[^"]+)"', answer.text):
            assert client.get(link).status_code == 200
    assert client.get("/records/static/..%2froutes.py").status_code == 404
    assert client.get("/records/static/routes.py").status_code == 404


def test_the_page_stands_behind_a_proxy_prefix(settings: Settings) -> None:
    from fastapi import FastAPI

    from ui.records.routes import records_router

    app = FastAPI()
    app.include_router(records_router(settings))
    with TestClient(app, root_path="/clinic") as client:
        page = client.get("/records").text
    assert 'action="/clinic/records?lang=en"' in page and 'href="/clinic/"' in page


def test_no_page_shows_code_where_words_should_be(client: TestClient) -> None:
    sent = client.post("/records", data={"consent": "yes"}, files=[("files", ("a.pdf", PDF))]).text
    for page in (sent, client.get("/records").text, client.get("/records/status?lang=es").text):
        # What records.js fills in by itself stands in data-….
        assert not re.search(r"built-in|\{\w+\}|object at|None<", re.sub(r'data-[\w-]+="[^"]*"', "", page))
    assert "Copy both" in sent and 'id="languages"' not in sent


def test_reference_and_pin_show_the_status_as_people_type_them(client: TestClient) -> None:
    reference, pin = _send(client)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", reference) and re.fullmatch(r"\d{6}", pin)
    for typed in (reference, reference.lower().replace("-", " "), reference.replace("0", "o").replace("1", "l")):
        answer = client.post("/records/status", data={"reference": typed, "pin": f"{pin[:3]} {pin[3:]}"})
        assert answer.status_code == 200 and "1 file, " in answer.text and "Waiting: nobody" in answer.text


def test_the_person_sees_that_the_team_opened_it(client: TestClient, settings: Settings) -> None:
    reference, pin = _send(client)
    assert _run(settings, "show", reference) == 0
    assert "Opened by the care team" in client.post("/records/status", data={"reference": reference, "pin": pin}).text


def test_delete_removes_everything_and_the_codes_stop_working(client: TestClient, settings: Settings) -> None:
    reference, pin = _send(client)
    code = reference.replace("-", "")
    assert holds(settings.data, code.encode())
    asked = client.post("/records/delete", data={"reference": reference, "pin": pin})
    assert asked.status_code == 400 and "tick the box" in trouble(asked.text)
    done = client.post("/records/delete", data={"reference": reference, "pin": pin, "sure": "yes"})
    assert done.status_code == 200 and "deleted" in done.text
    vault = Vault(settings.data)
    assert list(vault.files.iterdir()) == []
    # What stays is a line of the audit: a code that opens nothing, and when it went.
    with vault.ledger.transaction() as books:
        assert vault.ledger.row(books, code) is None
        assert [(line.who, line.what) for line in vault.ledger.audit(books, code)] == [("the person", "deleted"), ("the person", "sent")]
    assert client.post("/records/status", data={"reference": reference, "pin": pin}).status_code == 403


def test_wrong_unknown_and_locked_cannot_be_told_apart(open_desk: Callable[..., TestClient]) -> None:
    client = open_desk(Limits(pin_tries_per_quarter=100, pin_failures=3))
    reference, pin = _send(client)
    wrong = "000000" if pin != "000000" else "111111"
    ask = {"reference": reference, "pin": wrong}
    answers = [client.post("/records/status", data=ask) for _ in range(3)]
    answers.append(client.post("/records/status", data={"reference": reference, "pin": pin}))  # right, but locked by now
    answers.append(client.post("/records/status", data={"reference": "AAAAA-BBBBB", "pin": pin}))
    answers.append(client.post("/records/status", data={"reference": "?", "pin": ""}))
    assert {a.status_code for a in answers} == {403} and len({a.text for a in answers}) == 1


def test_pin_tries_from_one_address_are_counted_over_all_references(open_desk: Callable[..., TestClient]) -> None:
    client = open_desk(Limits(pin_tries_per_quarter=4))
    for number in range(4):
        client.post("/records/status", data={"reference": f"AAAAA-0000{number}", "pin": "1"})
    reference, pin = _send(client)
    assert client.post("/records/status", data={"reference": reference, "pin": pin}).status_code == 403


def test_an_outside_service_takes_the_person_there_and_keeps_nothing_here(open_desk: Callable[..., TestClient], settings: Settings) -> None:
    client = open_desk(records_url="https://records.example.org/in")
    answer = client.get("/records", follow_redirects=False)
    assert answer.status_code == 307 and answer.headers["location"] == "https://records.example.org/in"
    assert client.post("/records", data={"consent": "yes"}).status_code == 405
    assert not (settings.data / "records").exists()


def test_both_languages_say_the_same_things() -> None:
    assert set(WORDS["en"]) == set(WORDS["es"])
    for key, text in WORDS["en"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", WORDS["es"][key])), key


def test_the_teams_commands_list_show_export_and_delete(client: TestClient, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reference, _ = _send(client)
    assert _run(settings, "list") == 0 and reference in capsys.readouterr().out
    assert _run(settings, "show", reference.lower()) == 0 and "a.pdf" in capsys.readouterr().out
    assert _run(settings, "export", reference, "--out", str(tmp_path / "out")) == 0
    assert Path(capsys.readouterr().out.splitlines()[0]).read_bytes() == PDF
    assert _run(settings, "export", reference, "--out", str(tmp_path / "out")) == 1 and "is there already" in capsys.readouterr().err
    assert _run(settings, "delete", reference) == 2
    assert _run(settings, "delete", reference, "--yes") == 0
    assert _run(settings, "show", reference) == 1 and "there is no submission" in capsys.readouterr().err
    assert _run(settings, "show", "nonsense") == 1 and "not a reference code" in capsys.readouterr().err


def test_a_strangers_text_cannot_steer_the_teams_terminal(client: TestClient, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    page = client.post("/records", data={"consent": "yes", "note": "\x1b]0;owned\x07 hi <b>"}, files=[("files", ("<script>.txt", b"a"))]).text
    assert "<script>." not in page
    assert _run(settings, "show", codes(page)[0]) == 0
    assert "\x1b" not in capsys.readouterr().out
