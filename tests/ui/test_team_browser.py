"""/team in a real browser: keyboard alone does everything, axe finds nothing in any state, nothing is wider than a phone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.settings import Settings
from tests.records.conftest import JPEG, PDF, codes
from tests.ui.conftest import Visit, accessible, free_port, wait_for
from ui.headers import SecurityHeaders
from ui.records.limits import Limits
from ui.records.office import Office
from ui.records.routes import records_router
from ui.records.submission import clean_reference
from ui.records.team_access import Access
from ui.records.vault import Vault

Open = Callable[..., Visit]
LONG = "Pathology_report_of_the_university_hospital_with_a_very_long_name_and_no_space_in_it.pdf"


@dataclass
class Clinic:
    """A server with a token and some submissions: the last one new, one in review, one answered."""

    url: str
    data: Path
    token: str
    references: list[str]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    import uvicorn

    data, port = tmp_path_factory.mktemp("team"), free_port()
    app = FastAPI()
    app.include_router(records_router(Settings(data=data), Limits(uploads_per_hour=1000)))
    person, sent = TestClient(app), []
    for note in ("first", "second", "third"):
        form = {"consent": "yes", "question": "What does grade 3 mean in my report?", "note": note, "contact": "anna@example.org"}
        sent.append(clean_reference(codes(person.post("/records?lang=en", data=form, files=[("files", (LONG, PDF)), ("files", ("b.jpg", JPEG))]).text)[0]))
    vault = Vault(data)
    office = Office(vault, "Ada")
    office.set_state(sent[0], "review")
    office.note(sent[0], "Asked pathology for the second page.")
    office.reply(sent[1], "Please bring both pages to your visit.")
    server = uvicorn.Server(uvicorn.Config(SecurityHeaders(app), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(port, "/records", 30)
    yield Clinic(f"http://127.0.0.1:{port}", data, Access(vault.ledger).add_token("Nurse line", "test"), sent)
    server.should_exit = True
    thread.join(10)


def _enter(tab: Visit, clinic: Clinic) -> None:
    if tab.page.locator("#token").count():
        tab.page.fill("#token", clinic.token)
        tab.page.keyboard.press("Enter")
        tab.page.locator("footer strong").wait_for()


def _fits(tab: Visit, state: str) -> None:
    accessible(tab.page, state)
    wide = tab.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"{state} is {wide} px too wide"


@pytest.mark.parametrize(
    ("width", "dark"), [(320, True), (1280, False), pytest.param(320, False, marks=pytest.mark.slow), pytest.param(1280, True, marks=pytest.mark.slow)]
)
def test_axe_finds_nothing_in_any_state_and_everything_fits(visit: Open, clinic: Clinic, width: int, dark: bool) -> None:
    tab = visit(f"{clinic.url}/team", width=width, dark=dark, ready="main h1")
    tab.page.context.clear_cookies()
    tab.page.reload()
    _fits(tab, "sign in")
    tab.page.fill("#token", "onco_wrong")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#problem").wait_for()
    _fits(tab, "wrong token")
    tab.complaints.clear()  # that 403
    _enter(tab, clinic)
    for state, path in (
        ("new", "/team"), ("all", "/team?state=all"), ("in review", f"/team/s/{clinic.references[0]}"), ("answered", f"/team/s/{clinic.references[1]}"),
        ("audit", "/team/audit"),
    ):  # fmt: skip
        tab.page.goto(clinic.url + path)
        _fits(tab, state)
    assert tab.complaints == []
    tab.page.goto(f"{clinic.url}/team/s/AAAAAAAAAA")
    _fits(tab, "not there")
    assert all(address.startswith(clinic.url) for address in tab.requests)


def test_a_submission_is_answered_with_the_keyboard_alone(visit: Open, clinic: Clinic) -> None:
    tab = visit(f"{clinic.url}/team", width=390, ready="main h1")
    _enter(tab, clinic)
    tab.page.goto(f"{clinic.url}/team")
    tab.page.locator("body").press("Tab")
    assert tab.page.evaluate("document.activeElement.className") == "skip"
    tab.page.keyboard.press("Enter")
    tab.page.locator(f'a[href$="{clinic.references[2]}"]').press("Enter")
    tab.page.locator("#reply").press_sequentially("Grade says how the cells look.")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    said = tab.page.locator("[role=status]")
    said.wait_for()
    assert "Your reply is kept" in said.inner_text() and "Grade says how the cells look." in tab.page.locator(".said").first.inner_text()
    assert Vault(clinic.data).status(clinic.references[2]).state == "answered"
    with tab.page.expect_download() as started:
        tab.page.locator("a[download]").first.press("Enter")
    assert Path(started.value.path()).read_bytes() == PDF and started.value.suggested_filename.startswith("01-Pathology_report")


def test_a_script_of_the_page_could_not_read_the_cookie_and_another_site_cannot_use_it(visit: Open, clinic: Clinic, site: Callable[[int, str], str]) -> None:
    tab = visit(f"{clinic.url}/team", ready="main h1")
    _enter(tab, clinic)
    assert tab.page.evaluate("document.cookie") == ""
    # A link on another site leads to the door; from there one click leads in.
    host = visit(site(free_port(), "about:blank"), ready="")
    host.page.evaluate(f"location.href = '{clinic.url}/team/s/{clinic.references[0]}'")
    host.page.locator("#token").wait_for()
    host.page.get_by_text("Go on, if you are signed in already").click()
    host.page.locator("footer strong").wait_for()
    assert clinic.references[0][:5] in host.page.locator("h1").inner_text()
