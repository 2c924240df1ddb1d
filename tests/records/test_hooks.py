"""The team is told of what comes in: signed, without a word of it, off the request's path, again until it is taken."""

from __future__ import annotations

import argparse
import email
import email.policy
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import update

from bot.settings import Settings
from tests.records.conftest import PDF, codes
from tests.records.speakers import Told, certificate, http_server, smtp_server
from ui.records.commands import add_commands
from ui.records.hooks import Courier
from ui.records.ledger import OUTBOX
from ui.records.office import Office
from ui.records.outbox import GIVE_UP, claim, waiting
from ui.records.submission import clean_reference
from ui.records.vault import Vault, open_vault

SECRET = "a secret of the webhook"
PRIVATE = ("lymph nodes", "report-of-anna.pdf", "anna@example.org")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    # The server's own thread looks too seldom to meddle: each test carries messages itself.
    monkeypatch.setattr("ui.records.hooks._LOOK_SECONDS", 3600.0)


@pytest.fixture
def http() -> Iterator[Told]:
    with http_server() as told:
        yield told


def _webhook(told: Told) -> dict[str, Any]:
    return {"records_webhook": f"http://127.0.0.1:{told.port}/hook?key=address-secret", "records_webhook_secret": SECRET}


def _mail(told: Told, **more: Any) -> dict[str, Any]:
    return {
        "records_mail_to": "nurses@example.org, lee@example.org", "records_mail_from": "Oncolantern <no-reply@onco.example>", "records_smtp_host": "127.0.0.1",
        "records_smtp_port": told.port, "records_smtp_security": "none", **more,
    }  # fmt: skip


def _with(settings: Settings, **changes: Any) -> Settings:
    return Settings(data=settings.data, **changes)


def _send(client: TestClient) -> str:
    data = {"consent": "yes", "question": PRIVATE[0], "contact": PRIVATE[2]}
    return codes(client.post("/records", data=data, files=[("files", (PRIVATE[1], PDF)), ("files", ("b.txt", b"text"))]).text)[0]


def _courier(settings: Settings) -> Courier:
    vault = open_vault(settings)
    return Courier(settings, lambda: vault)


def _due_now(settings: Settings, **changes: str) -> None:
    with open_vault(settings).ledger.transaction() as books:
        books.execute(update(OUTBOX).values(due="2000-01-01T00:00:00+00:00", **changes))


def _desk(open_desk: Callable[..., TestClient], set_up: Settings) -> TestClient:
    return open_desk(**{name: getattr(set_up, name) for name in type(set_up).model_fields if name.startswith("records_")})


def test_a_webhook_is_signed_over_time_and_body_and_holds_counts_only(open_desk: Callable[..., TestClient], settings: Settings, http: Told) -> None:
    set_up = _with(settings, **_webhook(http))
    reference = _send(_desk(open_desk, set_up))
    assert http.bodies == []  # nothing is sent before the person has their answer
    assert _courier(set_up).round() == 1
    facts, headers = json.loads(http.bodies[0]), http.headers[0]
    assert {**facts, "id": "", "received": ""} == {
        "id": "",
        "event": "records.arrived",
        "reference": reference,
        "received": "",
        "files": 2,
        "bytes": len(PDF) + 4,
    }
    assert abs(datetime.now(UTC) - datetime.fromisoformat(facts["received"])) < timedelta(minutes=5)
    assert headers["oncolantern-delivery"] == facts["id"] and abs(int(headers["oncolantern-timestamp"]) - time.time()) < 300
    told = headers["oncolantern-timestamp"].encode() + b"." + http.bodies[0]
    assert headers["oncolantern-signature"] == "sha256=" + hmac.new(SECRET.encode(), told, hashlib.sha256).hexdigest()
    assert not any(private.encode() in http.bodies[0] for private in PRIVATE)
    assert _courier(set_up).round() == 0 and len(http.bodies) == 1


def test_a_webhook_that_is_not_taken_is_tried_again_later_each_time_and_told_apart_by_its_id(
    open_desk: Callable[..., TestClient], settings: Settings, http: Told, caplog: pytest.LogCaptureFixture
) -> None:
    set_up = _with(settings, **_webhook(http))
    _send(_desk(open_desk, set_up))
    http.statuses = [500, 302, 429, 204]
    courier, waits = _courier(set_up), []
    for _ in range(3):
        assert courier.round() == 0 and courier.round() == 0  # not again before its time
        with open_vault(set_up).ledger.transaction() as books:
            row = books.execute(OUTBOX.select()).one()
        waits.append((datetime.fromisoformat(row.due) - datetime.now(UTC)).total_seconds())
        _due_now(set_up)
    assert courier.round() == 1 and waiting(open_vault(set_up).ledger) == {}
    assert len(http.bodies) == 4 and len({json.loads(body)["id"] for body in http.bodies}) == 1
    assert all(abs(wait - expected) < 20 for wait, expected in zip(waits, (30, 60, 120), strict=True))
    assert "answered 500" in caplog.text and "answered 302" in caplog.text
    assert not any(secret in caplog.text for secret in (SECRET, "address-secret", *PRIVATE))


def test_a_receiver_that_is_away_or_silent_costs_nobody_their_upload(open_desk: Callable[..., TestClient], settings: Settings) -> None:
    with http_server() as gone:
        set_up = _with(settings, **_webhook(gone))
    client = _desk(open_desk, set_up)
    references = {_send(client) for _ in range(2)}
    assert _courier(set_up).round() == 0
    assert {status.shown for status in open_vault(set_up).all()} == references
    assert waiting(open_vault(set_up).ledger)["webhook"][:2] == (2, 1)


def test_the_message_outlives_the_process_and_is_not_sent_by_two(open_desk: Callable[..., TestClient], settings: Settings, http: Told) -> None:
    set_up = _with(settings, **_webhook(http))
    _send(_desk(open_desk, set_up))
    ledger = open_vault(set_up).ledger
    assert claim(ledger, ["webhook"]) is not None  # and this process dies now
    assert claim(ledger, ["webhook"]) is None and _courier(set_up).round() == 0
    _due_now(set_up)
    assert _courier(set_up).round() == 1 and len(http.bodies) == 1


def test_what_nobody_takes_for_three_days_is_given_up_and_the_trail_says_so(open_desk: Callable[..., TestClient], settings: Settings, http: Told) -> None:
    set_up = _with(settings, **_webhook(http))
    reference = _send(_desk(open_desk, set_up))
    http.statuses = [503]
    _due_now(set_up, at=(datetime.now(UTC) - GIVE_UP - timedelta(minutes=1)).isoformat())
    assert _courier(set_up).round() == 0 and waiting(open_vault(set_up).ledger) == {}
    assert "webhook gave up" in [line.what for line in Office(open_vault(set_up), "").trail(reference)]
    assert len(open_vault(set_up).all()) == 1


def test_nobody_is_told_of_what_was_deleted_meanwhile(open_desk: Callable[..., TestClient], settings: Settings, http: Told) -> None:
    set_up = _with(settings, **_webhook(http))
    reference = _send(_desk(open_desk, set_up))
    open_vault(set_up).delete(clean_reference(reference), "the person")
    assert _courier(set_up).round() == 0 and http.bodies == []


def test_added_files_are_told_too_with_their_own_counts(open_desk: Callable[..., TestClient], settings: Settings, http: Told) -> None:
    from ui.records.incoming import Incoming
    from ui.records.submission import Details, StoredFile

    set_up = _with(settings, **_webhook(http))
    reference = clean_reference(_send(_desk(open_desk, set_up)))
    incoming = Incoming(open_vault(set_up), adds_to=reference)
    file_id, writer = incoming.add()
    writer.write(b"more")
    writer.finish()
    incoming.commit(Details("2026-11", "en", (StoredFile(file_id, "c.txt", "text", 4),)))
    assert _courier(set_up).round() == 2
    told = [json.loads(body) for body in http.bodies]
    assert [(one["event"], one["files"], one["bytes"]) for one in told] == [("records.arrived", 2, len(PDF) + 4), ("records.added", 1, 4)]


def test_the_server_tells_by_itself(open_desk: Callable[..., TestClient], settings: Settings, http: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.records.hooks._LOOK_SECONDS", 0.05)
    couriers: list[Courier] = []
    start = Courier.start
    monkeypatch.setattr(Courier, "start", lambda self: (couriers.append(self), start(self))[1])
    client = _desk(open_desk, _with(settings, **_webhook(http)))
    http.gate.clear()
    try:
        _send(client)  # answered although the receiver has not
        http.gate.set()
        end = time.monotonic() + 20
        while not http.bodies and time.monotonic() < end:
            time.sleep(0.05)
        assert len(http.bodies) == 1
    finally:
        http.gate.set()
        for courier in couriers:
            courier.stop()


def test_a_mail_says_where_to_look_and_nothing_of_what_was_sent(open_desk: Callable[..., TestClient], settings: Settings) -> None:
    with smtp_server() as smtp:
        set_up = _with(settings, public_url="https://onco.example", **_mail(smtp))
        reference = _send(_desk(open_desk, set_up))
        assert _courier(set_up).round() == 1
    mail = email.message_from_bytes(smtp.bodies[0], policy=email.policy.default)
    assert mail["to"] == "nurses@example.org, lee@example.org" and mail["from"] == "Oncolantern <no-reply@onco.example>"
    assert reference in mail["subject"] and mail["auto-submitted"] == "auto-generated" and mail["message-id"].endswith("@onco.example>")
    text = mail.get_content()
    assert f"Reference: {reference}" in text and "Files: 2" in text and "https://onco.example/team" in text
    assert not any(private.encode() in smtp.bodies[0] for private in PRIVATE)
    assert [line for line in smtp.commands if line.upper().startswith("RCPT")] == ["rcpt TO:<nurses@example.org>", "rcpt TO:<lee@example.org>"]


def test_the_password_goes_over_tls_to_a_server_that_is_known_and_nowhere_else(
    open_desk: Callable[..., TestClient], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path)
    login = {"records_smtp_user": "lantern", "records_smtp_password": "pass-word", "records_smtp_security": "starttls"}
    with smtp_server(context, ("lantern", "pass-word")) as smtp:
        set_up = _with(settings, **_mail(smtp, **login))
        _send(_desk(open_desk, set_up))
        assert _courier(set_up).round() == 0 and not any(line.startswith("AUTH") for line in smtp.commands)  # a stranger's certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        _due_now(set_up)
        assert _courier(set_up).round() == 1 and len(smtp.bodies) == 1
    with smtp_server(None, ("lantern", "pass-word")) as plain:  # a server, or somebody between, that offers no TLS
        set_up = _with(settings, **_mail(plain, **login))
        _send(_desk(open_desk, set_up))
        assert _courier(set_up).round() == 0 and not any(line.startswith("AUTH") for line in plain.commands)


def test_a_mail_that_is_not_taken_is_tried_again_as_the_same_mail(open_desk: Callable[..., TestClient], settings: Settings) -> None:
    with smtp_server(refuse="lee@") as smtp:
        smtp.statuses = [451, 250]
        set_up = _with(settings, **_mail(smtp))
        _send(_desk(open_desk, set_up))
        assert _courier(set_up).round() == 0
        _due_now(set_up)
        assert _courier(set_up).round() == 1 and waiting(open_vault(set_up).ledger) == {}  # one of two addresses took it
    with smtp_server(refuse="example.org") as nobody:
        set_up = _with(settings, **_mail(nobody))
        _send(_desk(open_desk, set_up))
        assert _courier(set_up).round() == 0 and waiting(open_vault(set_up).ledger)["mail"][:2] == (1, 1)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"records_webhook": "http://hook.example.org/x", "records_webhook_secret": SECRET}, "https"),
        ({"records_webhook": "https://hook.example.org/x"}, "SECRET"),
        ({"records_webhook": "https://hook.example.org/x", "records_webhook_secret": "short"}, "16"),
        ({"records_mail_to": "a@example.org"}, "SMTP_HOST"),
        ({"records_mail_to": "nobody", "records_mail_from": "b@example.org", "records_smtp_host": "mail"}, "mail addresses"),
        (
            {
                "records_mail_to": "a@example.org", "records_mail_from": "b@example.org", "records_smtp_host": "mail.example.org", "records_smtp_user": "u",
                "records_smtp_security": "none",
            },
            "plain line",
        ),
    ],
)  # fmt: skip
def test_a_setting_that_would_not_work_or_show_a_secret_is_refused_at_the_start(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Settings(**given)


def test_an_operator_can_try_it_and_see_what_waits(
    open_desk: Callable[..., TestClient], settings: Settings, http: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(set_up: Settings, *words: str) -> int:
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers(required=True))
        args = parser.parse_args(["hooks", *words])
        return int(args.run(args, set_up))

    set_up = _with(settings, **_webhook(http))
    _send(_desk(open_desk, set_up))
    assert run(set_up, "--test") == 0
    said = capsys.readouterr().out
    assert "webhook: 1 waiting" in said and "the test was taken" in said
    assert json.loads(http.bodies[0])["event"] == "records.test"
    http.statuses = [401]
    assert run(set_up, "--test") == 1 and "answered 401" in capsys.readouterr().err
    assert run(settings) == 0 and "nobody is told" in capsys.readouterr().err


def test_without_a_way_to_tell_nothing_piles_up(client: TestClient, settings: Settings) -> None:
    _send(client)
    assert waiting(Vault(settings.data).ledger) == {}
