"""/team: the care team's page. Plain HTML behind a named token; 404 as long as nobody has one.

sign in ─► queue ─► a submission: files, question, notes, replies, status, audit trail
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from bot.settings import Settings
from ui.headers import public_path
from ui.records.errors import KeyProblem, NotFound, RecordsError, Tampered
from ui.records.office import STATE_WORDS, Office
from ui.records.rates import Rates
from ui.records.team_access import LONGEST, Access, Session
from ui.records.team_download import all_files, one_file
from ui.records.team_pages import HERE, Form, is_private, is_secure, read_form, team_page
from ui.records.vault import Vault

log = logging.getLogger("oncolantern.records")
COOKIE = "onco_team"
_PAGE = 100
_TRAIL = 500
# Per address: a token cannot be guessed, so these are against floods, and against a token that leaked being used to take everything out fast.
_ENTRIES, _QUARTER = 30, 900.0
_REQUESTS, _MINUTES = 600, 300.0
_DONE = {"note": "Your note is kept.", "reply": "Your reply is kept. The person sees it with reference code and PIN.", "status": "The status is changed."}


class _Again(RecordsError):
    """A form that is shown once more, with what was written and why."""


def team_router(settings: Settings, vault_now: Callable[[], Vault | None]) -> APIRouter:
    """Routes under /team, over the vault that the upload writes to; 404 as long as that cannot be opened, or nobody has a token."""
    router = APIRouter()
    entries, requests = Rates(_ENTRIES, _QUARTER), Rates(_REQUESTS, _MINUTES)

    def message(request: Request, heading: str, text: str, status: int, session: Session | None = None) -> Response:
        return team_page(request, settings, "team-message.html", status, session=session, heading=heading, text=text)

    def opened() -> tuple[Vault, Access]:
        """The vault and who may enter. Raises HTTPException (404): this page is not there."""
        vault = vault_now()
        if vault is None or not (access := Access(vault.ledger)).exists():
            raise HTTPException(404)
        return vault, access

    def closed(request: Request, rates: Rates) -> Response | None:
        """Why nobody gets any further; None when they may."""
        if not is_private(request, settings):
            return message(request, "This page needs a safe line", "Open it by https. Ask whoever runs this service when that does not work.", 403)
        if not rates.allow(request.client.host if request.client else ""):
            return message(request, "Too many requests", "Wait a quarter of an hour, then try again.", 429)
        return None

    def door(request: Request, *, trouble: str = "", status: int = 200, form: Form | None = None) -> Response:
        asked = form["next"] if form and form["next"] else public_path(request.scope)
        # What was written while the session ran out goes on to the page behind the door.
        written = form["text"] if form else ""
        from_elsewhere = request.method == "GET" and request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
        facts = {"trouble": trouble, "next": _inside(asked), "written": written, "kind": form["kind"] if form else "", "from_elsewhere": from_elsewhere}
        return team_page(request, settings, "team-enter.html", status, **facts)

    def inside(request: Request, work: Callable[[Office, Session], Response], form: Form | None = None) -> Response:
        """The work of somebody signed in; what goes wrong becomes a page."""
        vault, access = opened()
        if (why := closed(request, requests)) is not None:
            return why
        session = access.session(request.cookies.get(COOKIE, ""))
        if session is None:
            if form is None:
                return door(request)
            return door(request, trouble="You were signed out, so nothing was kept yet. Sign in to go on with it." if form.ours else "", status=401, form=form)
        try:
            if form is not None and not (form.ours and hmac.compare_digest(form["key"].encode(), session.form_key.encode())):
                return message(
                    request, "Nothing was changed", "This form did not come from your own page. Go back, load the page again, and try once more.", 403, session
                )
            return work(Office(vault, session.name), session)
        except NotFound as error:
            return message(request, "Not found", f"{str(error)[0].upper()}{str(error)[1:]}. It may have been deleted.", 404, session)
        except Tampered:
            log.exception("a submission could not be opened")
            return message(request, "This cannot be opened", "What is stored here is damaged or missing. Tell whoever runs this service.", 500, session)
        except (RecordsError, OSError):
            log.exception("a request of the team failed")
            return message(
                request, "This did not work", "Something on our side failed. Nothing is lost; try again, or tell whoever runs this service.", 500, session
            )

    def dossier(
        request: Request, office: Office, session: Session, reference: str, *, done: str = "", trouble: str = "", kind: str = "", written: str = ""
    ) -> Response:
        found = office.open(reference)
        texts = {"note": "", "reply": "", kind: written}
        return team_page(
            request, settings, "team-submission.html", 400 if trouble else 200, session=session, found=found, until=office.kept_until(found.status),
            done=done, trouble=trouble, texts=texts,
        )  # fmt: skip

    @router.get("/team")
    def queue(request: Request, state: str = "new", page: int = 1) -> Response:
        def work(office: Office, session: Session) -> Response:
            everything = office.queue()
            counts = {name: sum(one.state == name for one in everything) for name in STATE_WORDS}
            chosen = state if state in STATE_WORDS else "all"
            shown = [one for one in everything if chosen in ("all", one.state)]
            pages = max(1, -(-len(shown) // _PAGE))
            at = min(max(1, page), pages)
            rows = [(one, office.kept_until(one)) for one in shown[(at - 1) * _PAGE : at * _PAGE]]
            facts = {"rows": rows, "counts": counts, "chosen": chosen, "total": len(everything), "page": at, "pages": pages}
            return team_page(request, settings, "team-queue.html", session=session, **facts)

        return inside(request, work)

    @router.get("/team/audit")
    def audit(request: Request) -> Response:
        def work(office: Office, session: Session) -> Response:
            return team_page(request, settings, "team-audit.html", session=session, trail=office.trail(most=_TRAIL), most_lines=_TRAIL)

        return inside(request, work)

    @router.get("/team/s/{reference}")
    def submission(request: Request, reference: str, done: str = "") -> Response:
        return inside(request, lambda office, session: dossier(request, office, session, reference, done=_DONE.get(done, "")))

    @router.get("/team/s/{reference}/files/{file_id}")
    def file(request: Request, reference: str, file_id: str) -> Response:
        return inside(request, lambda office, session: one_file(office, reference, file_id))

    @router.get("/team/s/{reference}/all.zip")
    def everything(request: Request, reference: str) -> Response:
        return inside(request, lambda office, session: all_files(office, reference))

    @router.post("/team/s/{reference}")
    def change(request: Request, reference: str, form: Form = Depends(read_form)) -> Response:  # noqa: B008 - FastAPI's way to say it
        def work(office: Office, session: Session) -> Response:
            kind = form["kind"]
            try:
                _change(office, reference, kind, form)
            except _Again as error:
                return dossier(request, office, session, reference, trouble=str(error), kind=kind, written=form["text"])
            return RedirectResponse(f"{_root(request)}/team/s/{reference}?done={kind}", status_code=303)

        return inside(request, work, form)

    @router.post("/team/enter")
    def enter(request: Request, form: Form = Depends(read_form)) -> Response:  # noqa: B008
        vault, access = opened()
        if (why := closed(request, entries)) is not None:
            return why
        session = access.enter(form["token"]) if form.ours else None
        if session is None:
            log.warning("somebody tried to open /team with a token that is not in use")
            return door(request, trouble="This token is not known, or was revoked. Check it, or ask for a new one.", status=403, form=form)
        target, root = _inside(form["next"]), _root(request)
        if form["text"] and target.startswith("/team/s/"):
            reference = target.removeprefix("/team/s/")
            word = "Signed in. What you wrote is below and not kept yet: read it once more, then send it."
            try:
                answer = dossier(request, Office(vault, session.name), session, reference, done=word, kind=form["kind"], written=form["text"])
            except RecordsError as error:
                answer = message(request, "Not found", f"{str(error)[0].upper()}{str(error)[1:]}. What you wrote: {form['text']}", 404, session)
        else:
            answer = RedirectResponse(f"{root}{target}", status_code=303)
        answer.set_cookie(
            COOKIE, session.id, max_age=int(LONGEST.total_seconds()), path=f"{root}/team", secure=is_secure(request, settings), httponly=True, samesite="strict"
        )  # fmt: skip
        return answer

    @router.post("/team/leave")
    def leave(request: Request, form: Form = Depends(read_form)) -> Response:  # noqa: B008
        def work(office: Office, session: Session) -> Response:
            Access(office.vault.ledger).leave(session)
            answer = RedirectResponse(f"{_root(request)}/team", status_code=303, headers={"Clear-Site-Data": '"cache"'})
            answer.delete_cookie(COOKIE, path=f"{_root(request)}/team")
            return answer

        return inside(request, work, form)

    @router.get("/team/static/team.css")
    def look() -> Response:
        opened()
        return FileResponse(HERE / "static" / "team.css", media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

    return router


def _change(office: Office, reference: str, kind: str, form: Form) -> None:
    """What a form of a submission asks for. Raises _Again with words for the team, NotFound, Tampered."""
    try:
        if kind == "note":
            office.note(reference, form["text"])
        elif kind == "reply":
            office.reply(reference, form["text"], seen=int(form["seen"]) if form["seen"].isdigit() else None)
        elif kind == "status":
            office.set_state(reference, form["state"])
        else:
            raise _Again("This form could not be read. Load the page again.")
    except (NotFound, Tampered, KeyProblem, _Again):
        raise
    except RecordsError as error:
        raise _Again(f"{str(error)[0].upper()}{str(error)[1:]}.") from error


def _root(request: Request) -> str:
    """The prefix that a proxy puts before our addresses."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def _inside(path: str) -> str:
    """An address of ours to go on to: below /team and nowhere else."""
    return path if path.startswith("/team/s/") and "//" not in path and "\\" not in path and path.isprintable() else "/team"
