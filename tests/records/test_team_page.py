"""/team: nobody gets in without a token, nobody else's page can act for the team, and what is opened is written down."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update

from bot.settings import Settings
from tests.records.conftest import JPEG, PDF, codes, holds
from ui.records.ledger import SESSIONS
from ui.records.office import Office
from ui.records.rotation import rotate_records
from ui.records.routes import records_router
from ui.records.submission import clean_reference
from ui.records.team_access import Access
from ui.records.vault import Vault

FILES = [("files", ("Befund ärztlich.pdf", PDF)), ("files", ("scan.jpg", JPEG))]


@pytest.fixture
def team(settings: Settings) -> TestClient:
    """A browser that nobody has signed in with, on a private line."""
    app = FastAPI()
    app.include_router(records_router(settings))
    return TestClient(app, base_url="https://onco.example", headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
def token(settings: Settings) -> str:
    return Access(Vault(settings.data).ledger).add_token("Nurse line", "test")


def _enter(team: TestClient, token: str) -> TestClient:
    assert team.post("/team/enter", data={"token": token, "next": "/team"}).status_code == 200
    return team


@pytest.fixture
def inside(team: TestClient, token: str) -> TestClient:
    return _enter(team, token)


def _send(client: TestClient, **fields: str) -> tuple[str, str]:
    reference, pin = codes(client.post("/records?lang=en", data={"consent": "yes", **fields}, files=FILES).text)
    return clean_reference(reference), pin


def _key(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{64})"', page)
    assert found
    return found.group(1)


def _do(client: TestClient, reference: str, kind: str, **fields: str) -> str:
    page = client.get(f"/team/s/{reference}").text
    return client.post(f"/team/s/{reference}", data={"key": _key(page), "kind": kind, **fields}).text


def _trail(settings: Settings, reference: str) -> list[tuple[str, str]]:
    return [(line.who, line.what) for line in reversed(Office(Vault(settings.data), "").trail(reference))]


PATHS = ("/team", "/team/audit", "/team/s/AAAAAAAAAA", "/team/s/AAAAAAAAAA/all.zip", "/team/static/team.css")


def test_there_is_no_such_page_until_somebody_has_a_token_and_after_the_last_is_revoked(team: TestClient, settings: Settings) -> None:
    def looks() -> set[tuple[int, str]]:
        return {(answer.status_code, answer.text) for answer in [team.get(path) for path in PATHS] + [team.post("/team/enter", data={"token": "x"})]}

    nowhere = (404, team.get("/no-such-page").text)
    assert looks() == {nowhere}
    access = Access(Vault(settings.data).ledger)
    access.add_token("Ada", "test")
    assert nowhere not in looks()
    access.revoke("Ada", "test")
    assert looks() == {nowhere}


def test_without_a_token_nothing_of_a_submission_is_shown(team: TestClient, token: str, settings: Settings) -> None:
    reference, _ = _send(team, question="is it in my bones")
    for path in ("/team", "/team?state=all", "/team/audit", f"/team/s/{reference}", f"/team/s/{reference}/all.zip"):
        answer = team.get(path)
        assert "Your token" in answer.text and "bones" not in answer.text and answer.text.count(reference[:5]) == answer.request.url.path.count(reference[:5])
    assert team.post("/team/enter", data={"token": token[:-1] + "x"}).status_code == 403
    assert "onco_team" not in team.cookies
    assert _trail(settings, reference) == [("the person", "sent")]


def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_lines(team: TestClient, token: str) -> None:
    answer = team.post("/team/enter", data={"token": token}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303 and answer.headers["location"] == "/team"
    for part in ("httponly", "samesite=strict", "secure", "path=/team", "max-age=28800"):
        assert part in cookie
    assert token not in cookie


def test_nobody_types_a_token_over_a_line_that_others_can_read(settings: Settings, token: str) -> None:
    app = FastAPI()
    app.include_router(records_router(settings))
    for host, status in (("http://onco.example", 403), ("http://127.0.0.1:8000", 200), ("http://localhost", 200)):
        with TestClient(app, base_url=host) as client:
            assert client.get("/team").status_code == status
            assert ("Your token" in client.get("/team").text) == (status == 200)


def test_the_pages_run_no_script_and_load_nothing_from_elsewhere(inside: TestClient) -> None:
    reference, _ = _send(inside, question="<script>alert(1)</script>", contact="<b>me</b>")
    for path in ("/team", "/team?state=all", "/team/audit", f"/team/s/{reference}", "/team/s/AAAAAAAAAA"):
        answer = inside.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store" and "<script" not in answer.text and "<b>me" not in answer.text
        assert not re.search(r"https?://|\bstyle=|\bon\w+=", answer.text)
        for link in re.findall(r'(?:src|href)="(/(?:team|records)/static/[^"]+)"', answer.text):
            assert inside.get(link).status_code == 200


def test_the_team_reads_downloads_notes_replies_and_each_step_is_written_down(inside: TestClient, settings: Settings) -> None:
    reference, pin = _send(inside, question="What is grade 3?", contact="anna@example.org")
    assert f"/team/s/{reference}" in inside.get("/team").text
    page = inside.get(f"/team/s/{reference}").text
    assert "What is grade 3?" in page and "anna@example.org" in page and "Befund" in page
    links = re.findall(rf'href="(/team/s/{reference}/files/\w+)"', page)
    first = inside.get(links[0])
    assert first.content == PDF and first.headers["content-type"] == "application/octet-stream" and first.headers["x-content-type-options"] == "nosniff"
    assert (
        first.headers["content-disposition"].startswith('attachment; filename="01-Befund')
        and "filename*=UTF-8''01-Befund%20%C3%A4rztlich.pdf" in first.headers["content-disposition"]
    )
    assert "sandbox" in first.headers["content-security-policy"] and first.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(inside.get(f"/team/s/{reference}/all.zip").content)) as archive:
        assert archive.testzip() is None
        assert [name.partition("/")[2][:3] for name in archive.namelist()] == ["00-", "01-", "02-"]
        assert archive.read(archive.namelist()[1]) == PDF and archive.read(archive.namelist()[2]) == JPEG
    assert "Your note is kept" in _do(inside, reference, "note", text="look at page 2")
    assert "The status is changed" in _do(inside, reference, "status", state="review")
    assert f"/team/s/{reference}" in inside.get("/team?state=review").text and f"/team/s/{reference}" not in inside.get("/team").text
    assert "Your reply is kept" in _do(inside, reference, "reply", text="Please call us.", seen="0")
    assert f"/team/s/{reference}" in inside.get("/team?state=answered").text
    done = [what for who, what in _trail(settings, reference) if who == "Nurse line"]
    assert done == ["opened", "took out file 1", "took out everything", "wrote a note", "set to in review", "replied"]
    assert "took out file 1" in inside.get("/team/audit").text
    assert Vault(settings.data).status(reference).opened
    vault = Vault(settings.data)
    from ui.records.ledger import REPLIES

    assert [(one.who, one.text) for one in vault.said(REPLIES, reference)] == [("Nurse line", "Please call us.")]
    assert vault.check_pin(reference, pin).state == "answered"
    assert holds(settings.data, b"look at page 2", b"Please call us", b"%PDF-1.7") == []


@pytest.mark.parametrize(
    ("headers", "key"),
    [({"sec-fetch-site": "cross-site"}, None), ({"sec-fetch-site": "same-site"}, None), ({}, "0" * 64), ({}, "")],
)
def test_a_form_of_another_site_or_without_the_sessions_own_key_changes_nothing(
    inside: TestClient, settings: Settings, headers: dict[str, str], key: str | None
) -> None:
    reference, _ = _send(inside)
    right = _key(inside.get(f"/team/s/{reference}").text)
    answer = inside.post(f"/team/s/{reference}", data={"key": right if key is None else key, "kind": "status", "state": "answered"}, headers=headers)
    assert answer.status_code == 403 and Vault(settings.data).status(reference).state == "new"
    assert inside.post("/team/leave", data={"key": "0" * 64}).status_code == 403
    assert "Signed in as" in inside.get("/team").text


def test_an_old_browser_is_told_apart_from_another_site_by_the_origin(settings: Settings, token: str) -> None:
    app = FastAPI()
    app.include_router(records_router(settings))
    with TestClient(app, base_url="https://onco.example") as client:
        assert client.post("/team/enter", data={"token": token}, headers={"origin": "https://evil.example"}).status_code == 403
        assert client.post("/team/enter", data={"token": token}, headers={"origin": "https://onco.example"}).status_code == 200


def test_signing_out_and_revoking_end_every_page_at_once(inside: TestClient, settings: Settings, token: str) -> None:
    old = inside.cookies["onco_team"]
    inside.post("/team/leave", data={"key": _key(inside.get("/team").text)})
    assert "onco_team" not in inside.cookies
    inside.cookies.set("onco_team", old, domain="onco.example", path="/team")
    assert "Your token" in inside.get("/team").text
    _enter(inside, token)
    assert "Signed in as" in inside.get("/team").text
    access = Access(Vault(settings.data).ledger)
    access.add_token("Another", "test")
    access.revoke("Nurse line", "test")
    assert "Your token" in inside.get("/team").text


def test_what_was_written_while_the_session_ran_out_is_there_after_signing_in_again(inside: TestClient, settings: Settings, token: str) -> None:
    reference, _ = _send(inside)
    key = _key(inside.get(f"/team/s/{reference}").text)
    vault = Vault(settings.data)
    with vault.ledger.transaction() as books:
        books.execute(update(SESSIONS).values(seen=(datetime.now(UTC) - timedelta(hours=1)).isoformat()))
    answer = inside.post(f"/team/s/{reference}", data={"key": key, "kind": "reply", "seen": "0", "text": "A long & careful answer"})
    assert answer.status_code == 401 and "A long &amp; careful answer" in answer.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    page = inside.post("/team/enter", data={**hidden, "text": "A long & careful answer", "token": token})
    assert '<textarea id="reply"' in page.text and "A long &amp; careful answer</textarea>" in page.text
    assert _trail(settings, reference)[-1] == ("Nurse line", "opened")
    done = inside.post(f"/team/s/{reference}", data={"key": _key(page.text), "kind": "reply", "seen": "0", "text": "A long & careful answer"})
    assert "Your reply is kept" in done.text


def test_two_people_do_not_answer_past_each_other_and_lose_no_text(inside: TestClient, settings: Settings) -> None:
    reference, _ = _send(inside)
    inside.get(f"/team/s/{reference}")
    Office(Vault(settings.data), "Ada").reply(reference, "the first answer")
    page = _do(inside, reference, "reply", text="the second answer", seen="0")
    assert "somebody else replied meanwhile" in page.lower() and "the second answer</textarea>" in page and "the first answer" in page
    assert "write something first" in _do(inside, reference, "note", text="  ")


def test_after_signing_in_one_goes_nowhere_but_to_the_teams_pages(team: TestClient, token: str) -> None:
    for asked in ("https://evil.example/", "//evil.example", "/team/s//evil.example", "/team/s/\\evil", "/records", "/team/s/a\r\nset-cookie: x"):
        answer = team.post("/team/enter", data={"token": token, "next": asked}, follow_redirects=False)
        assert answer.headers["location"] == "/team"


def test_tokens_are_not_tried_over_and_over(team: TestClient, token: str) -> None:
    answers = [team.post("/team/enter", data={"token": f"onco_{n}"}).status_code for n in range(32)]
    assert answers == [403] * 30 + [429] * 2
    assert team.post("/team/enter", data={"token": token}).status_code == 429


def test_a_submission_that_is_gone_damaged_or_under_a_new_key_gets_a_clear_page(inside: TestClient, settings: Settings) -> None:
    reference, _ = _send(inside)
    page = inside.get(f"/team/s/{reference}").text
    rotate_records(settings, "Ada")
    assert inside.get(f"/team/s/{reference}").status_code == 200
    for path in (settings.data / "records" / "files" / reference).glob("*.onc"):
        path.write_bytes(path.read_bytes()[:-20])
    broken = inside.get(re.findall(r'href="(/team/s/\w+/files/\w+)"', page)[0])
    assert broken.status_code == 500 and "cannot be opened" in broken.text
    assert inside.get(f"/team/s/{reference}/all.zip").status_code == 500
    assert inside.get(f"/team/s/{reference}/files/{'0' * 32}").status_code == 404
    Vault(settings.data).delete(reference, "the person")
    for path in (f"/team/s/{reference}", f"/team/s/{reference}/all.zip", "/team/s/..%2f..%2fetc", "/team/s/not-a-code"):
        assert inside.get(path).status_code == 404


def test_a_draft_that_is_still_coming_in_is_nobodys_to_open(inside: TestClient, settings: Settings) -> None:
    from ui.records.drafts import Drafts

    draft = Drafts(Vault(settings.data)).begin([("a.pdf", 100)], language="en")
    assert draft.id not in inside.get("/team?state=all").text
    assert inside.get(f"/team/s/{draft.id}").status_code == 404


def test_the_queue_is_oldest_first_and_goes_on_over_pages(inside: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.records.team_routes._PAGE", 2)
    sent = [_send(inside)[0] for _ in range(3)]
    vault = Vault(settings.data)
    for age, reference in enumerate(reversed(sent)):
        with vault.ledger.transaction() as books:
            vault.ledger.change(books, reference, received=(datetime.now(UTC) - timedelta(days=age + 1)).replace(microsecond=0).isoformat())
    pages = [re.findall(r'href="/team/s/(\w+)"', inside.get(f"/team?page={n}").text) for n in (1, 2, 99)]
    assert pages == [sent[:2], sent[2:], sent[2:]]


def test_the_pages_stand_behind_a_proxy_prefix(settings: Settings, token: str) -> None:
    app = FastAPI()
    app.include_router(records_router(settings))
    with TestClient(app, base_url="https://onco.example", root_path="/clinic") as client:
        assert 'action="/clinic/team/enter"' in client.get("/team").text
        answer = client.post("/team/enter", data={"token": token, "next": "/team/s/AAAAAAAAAA"}, follow_redirects=False)
        assert answer.headers["location"] == "/clinic/team/s/AAAAAAAAAA" and "path=/clinic/team" in answer.headers["set-cookie"].lower()


def test_with_an_outside_service_there_is_no_team_page(open_desk: Callable[..., TestClient], tmp_path: Path) -> None:
    assert open_desk(records_url="https://records.example.org").get("/team").status_code == 404


def _texts(page: str) -> set[str]:
    """Every text of a page that somebody reads or hears."""
    body = re.sub(r"<(textarea|code)\b.*?</\1>", "", page[page.index("<body") :], flags=re.DOTALL)
    found = [*re.findall(r">([^<>]+)<", body), *re.findall(r'(?:data-label|aria-label)="([^"]+)"', body)]
    return {text.strip(" \n,.:()") for text in found if re.search(r"[A-Za-z]{2}", text)}


def test_the_whole_page_speaks_spanish_when_it_is_asked_for_and_keeps_to_it(team: TestClient, settings: Settings, token: str) -> None:
    door = {lang: team.get(f"/team?lang={lang}").text for lang in ("en", "es")}
    wrong = {lang: team.post(f"/team/enter?lang={lang}", data={"token": "onco_wrong"}).text for lang in ("en", "es")}
    inside = _enter(team, token)
    reference, _ = _send(inside, question="¿?", note="¡!", contact="+1")
    other, _ = _send(inside)
    office = Office(Vault(settings.data), "Nurse line")
    office.note(reference, "...")
    office.reply(reference, "...")
    rotate_records(settings, "Ada (command line)")
    inside.get(f"/team/s/{reference}/all.zip")
    key = _key(inside.get(f"/team/s/{other}").text)
    file = re.search(r"/files/\w+", inside.get(f"/team/s/{other}").text)
    assert file and inside.get(f"/team/s/{other}{file[0]}").status_code == 200
    inside.post(f"/team/s/{other}", data={"key": key, "kind": "status", "state": "review"})

    def both(path: str) -> tuple[str, str]:
        pages = [inside.get(f"{path}{'&' if '?' in path else '?'}lang={lang}").text for lang in ("en", "es")]
        return pages[0], pages[1]

    def bad(**form: str) -> tuple[str, str]:
        pages = [inside.post(f"/team/s/{other}?lang={lang}", data={"key": key, **form}).text for lang in ("en", "es")]
        return pages[0], pages[1]

    pages = {
        "door": (door["en"], door["es"]), "wrong token": (wrong["en"], wrong["es"]), "queue": both("/team"), "all": both("/team?state=all"),
        "nothing": both("/team?state=answered"), "open": both(f"/team/s/{reference}?done=reply"), "bare": both(f"/team/s/{other}"), "trail": both("/team/audit"),
        "unknown": both("/team/s/AAAAAAAAAA"), "no code": both("/team/s/AAA"), "no text": bad(kind="note", text=" "), "too long": bad(kind="note", text="x" * 10_001),
        "overtaken": bad(kind="reply", text="x", seen="7"), "no kind": bad(kind=""), "not ours": bad(key="x"),
    }  # fmt: skip
    # What is nobody's language: names, dates, codes, kinds of file, and the links to the other language.
    data = re.compile(
        r"\d{4}-\d\d-\d\d.*|[A-Z0-9]{5}-[A-Z0-9]{5}|[\d.]+ [KMG]B|.*[KMG]B.*|PDF|JPEG|Nurse line|Ada|test|.*\.(pdf|jpg)|Oncolantern|Español|English|PIN"
    )
    for name, (english, spanish) in pages.items():
        assert '<html lang="es">' in spanish and '<html lang="en">' in english, name
        same = {text for text in _texts(english) & _texts(spanish) if not data.fullmatch(text)}
        assert not same, f"{name}: {same}"
    # Chosen once, it stays for the pages and forms after it; a browser that speaks Spanish does not have to choose.
    assert '<html lang="es">' in inside.get("/team").text
    inside.cookies.delete("onco_team_language")
    assert '<html lang="en">' in inside.get("/team").text
    assert '<html lang="es">' in inside.get("/team", headers={"accept-language": "es-MX,es;q=0.9"}).text
