"""The routes of the upload in pieces, which goes on after a lost connection. records.js speaks to them; the plain form needs none of it.

    POST   /records/uploads                    {consent, question, note, contact, files: [{name, size}], reference?, pin?}
                                               → 201 {id, token, piece_bytes, step_bytes, files: [{id, offset}]}
    GET    /records/uploads/{id}               → {files: [{id, name, size, offset}]}
    PUT    /records/uploads/{id}/files/{file}?offset=N     one piece → {offset}
    POST   /records/uploads/{id}/commit        → 201, the receipt as a page (for added files: 200, the submission's page)
    DELETE /records/uploads/{id}               → 204

All but the first carry the token in the header `Upload-Token`. What is refused comes as problem+json with `code` and the person's words in `detail`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from ui.records.desk import Desk
from ui.records.drafts import PIECE_BYTES
from ui.records.errors import Refused
from ui.records.pages import HEADERS, language_of
from ui.records.sealed import CHUNK
from ui.records.submission import Details, Receipt
from ui.records.words import WORDS, refusal_words

log = logging.getLogger("oncolantern.records")
TOKEN = "upload-token"  # noqa: S105 - a header's name
_ANNOUNCEMENT = 64 * 1024
Done = Callable[[Request, Receipt, Details], Awaitable[Response]]
Took = Callable[[Request], Awaitable[object]]


def add_pieces(router: APIRouter, desk: Desk, same_site: Callable[[Request], None], done: Done) -> None:
    """Adds the routes. `done` makes the page that a commit answers with."""

    def answer(content: object, status: int = 200, kind: str = "application/json") -> JSONResponse:
        return JSONResponse(content, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}, kind)

    async def told(request: Request, take: Took) -> Response:
        """Runs one request, and says what is refused or fails."""
        words = WORDS[language_of(request)]
        try:
            if desk.vault is None:
                raise Refused("closed", 503)
            same_site(request)
            found = await take(request)
            return found if isinstance(found, Response) else answer(found)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refused as error:
            log.info("piece of an upload refused: %s", error.code)
            detail, status, code = refusal_words(words, error.code, error.facts), error.status, error.code
        except Exception:
            log.exception("piece of an upload failed")
            detail, status, code = words["e_broken"], 500, "broken"
        return answer({"title": words["problem"], "status": status, "code": code, "detail": detail}, status, "application/problem+json")

    async def body(request: Request, most: int) -> bytes:
        taken = bytearray()
        stream = request.stream()
        try:
            while (part := await asyncio.wait_for(anext(stream, None), desk.limits.idle_seconds)) is not None:
                taken += part
                if len(taken) > most:
                    raise Refused("form", 413)
        except TimeoutError as error:
            raise Refused("cut-off", 408) from error
        return bytes(taken)

    @router.post("/records/uploads", include_in_schema=False)
    async def begin(request: Request) -> Response:
        async def take(request: Request) -> object:
            try:
                asked: Any = json.loads(await body(request, _ANNOUNCEMENT))
            except ValueError as error:
                raise Refused("form") from error
            draft = await run_in_threadpool(desk.begin_draft, request, asked)
            files = [{"id": file.id, "offset": 0} for file in draft.files]
            return answer({"id": draft.id, "token": draft.token, "piece_bytes": PIECE_BYTES, "step_bytes": CHUNK, "files": files}, 201)

        return await told(request, take)

    @router.get("/records/uploads/{draft}", include_in_schema=False)
    async def offsets(request: Request, draft: str) -> Response:
        async def take(request: Request) -> object:
            found = await run_in_threadpool(desk.drafts.offsets, draft, _token(request))
            return {"files": [{"id": file.id, "name": file.name, "size": file.size, "offset": offset} for file, offset in found]}

        return await told(request, take)

    @router.put("/records/uploads/{draft}/files/{file}", include_in_schema=False)
    async def piece(request: Request, draft: str, file: str) -> Response:
        async def take(request: Request) -> object:
            offset = request.query_params.get("offset", "")
            if not offset.isascii() or not offset.isdigit() or len(offset) > 15:
                raise Refused("form")
            # A stranger's body is not even read; of the others no more than memory holds for so many.
            await run_in_threadpool(desk.drafts.known, draft, _token(request))
            if not desk.pieces.acquire(blocking=False):
                raise Refused("busy", 503)
            try:
                data = await body(request, PIECE_BYTES)
                return {"offset": await run_in_threadpool(desk.drafts.piece, draft, _token(request), file, int(offset), data)}
            finally:
                desk.pieces.release()

        return await told(request, take)

    @router.post("/records/uploads/{draft}/commit", include_in_schema=False)
    async def commit(request: Request, draft: str) -> Response:
        async def take(request: Request) -> object:
            receipt, details = await run_in_threadpool(desk.drafts.commit, draft, _token(request))
            return await done(request, receipt, details)

        return await told(request, take)

    @router.delete("/records/uploads/{draft}", include_in_schema=False)
    async def cancel(request: Request, draft: str) -> Response:
        async def take(request: Request) -> object:
            await run_in_threadpool(desk.drafts.cancel, draft, _token(request))
            return Response(status_code=204, headers=HEADERS)

        return await told(request, take)


def _token(request: Request) -> str:
    return request.headers.get(TOKEN, "")
