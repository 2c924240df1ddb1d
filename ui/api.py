"""The HTTP API: a turn as JSON or as server-sent events, search, and counts of thumbs."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from bot.conversation import Answer
from bot.settings import Settings
from ui.api_schema import MAX_HITS, SEARCH_PARAMETERS, STREAM, THUMB, TURN, Conversation, Found, Thumb, description, problems
from ui.feedback import Feedback
from ui.late import LateAssistant, NotReady
from ui.reach import reach
from ui.strings import ENGLISH

if TYPE_CHECKING:
    from knowledge.search import Searcher

log = logging.getLogger(__name__)

MAX_BODY = 1_000_000


def api(late: LateAssistant, settings: Settings, feedback: Feedback, searcher: Callable[[], Searcher | None]) -> APIRouter:
    """The routes under /api/v1. `searcher` gives None until the library is ready."""
    router = APIRouter(prefix="/api/v1")
    safe = _safe_reply(settings)

    @router.post(
        "/chat", response_model=None, summary="One turn of a conversation", openapi_extra=TURN,
        responses={200: {"model": Answer, "description": "The Answer, or with `Accept: text/event-stream` its events", "content": {"text/event-stream": STREAM}}}
        | problems(413, 422, 500, 503),
    )  # fmt: skip
    async def chat(request: Request) -> Any:
        try:
            conversation = Conversation.model_validate_json(await _body(request))
        except (ValidationError, ValueError) as wrong:
            return problem(422, "Wrong request", _why(wrong), safe)
        if sum(len(message.content) for message in conversation.messages[-1:]) > settings.max_message_chars:
            return problem(413, "Message too long", f"A message may have {settings.max_message_chars} characters.", safe)
        try:
            assistant = late.get()
        except NotReady as not_ready:
            return problem(503, "Not ready", str(not_ready), safe, retry=10)
        if "text/event-stream" in request.headers.get("accept", ""):
            events = _events(assistant.stream(conversation.messages), safe)
            return StreamingResponse(
                iterate_in_threadpool(events), media_type="text/event-stream", headers={"cache-control": "no-store", "x-accel-buffering": "no"}
            )
        try:
            answer = await run_in_threadpool(assistant.ask, conversation.messages)
        except Exception as failure:
            log.error("a turn failed: %s", type(failure).__name__)
            return problem(500, "The turn failed", "We could not finish this answer.", safe)
        return JSONResponse(answer.model_dump(mode="json"))

    @router.get(
        "/search", response_model=None, summary="Passages for a question", openapi_extra={"parameters": SEARCH_PARAMETERS},
        responses={200: {"model": Found, "description": "Passages, best first"}} | problems(422, 503),
    )  # fmt: skip
    async def search(request: Request) -> Any:
        q, number = request.query_params.get("q", ""), request.query_params.get("k", "8")
        k = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        if not q or len(q) > settings.max_message_chars or not 1 <= k <= MAX_HITS:
            return problem(422, "Wrong request", f"`q` is a question; `k` is 1 to {MAX_HITS}.", safe)
        ready = await run_in_threadpool(searcher)
        if ready is None:
            return problem(503, "Not ready", "the library is still being prepared", safe, retry=10)
        found = await run_in_threadpool(ready.search, q, k=k)
        hits = [
            {"passage_id": hit.passage.id, "doc_id": hit.passage.doc_id, "section": hit.passage.section, "score": round(hit.score, 4), "text": hit.passage.text}
            for hit in found.hits
        ]
        return {"question": q, "no_answer": found.no_answer, "hits": hits}

    @router.post("/feedback", response_model=None, status_code=204, summary="Count a thumb", openapi_extra=THUMB, responses=problems(422))
    async def thumb(request: Request) -> Any:
        try:
            counted = Thumb.model_validate_json(await _body(request))
        except (ValidationError, ValueError) as wrong:
            return problem(422, "Wrong request", _why(wrong), safe)
        try:
            await run_in_threadpool(feedback.count, counted.topic, counted.action, counted.helpful)
        except sqlite3.Error as failure:
            log.error("a thumb was not counted: %s", type(failure).__name__)
        return Response(status_code=204)

    @router.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        from ui.cli._parser import VERSION

        return JSONResponse(description(router.routes, f"{settings.site_name} API", VERSION))

    return router


def problem(status: int, title: str, detail: str, safe: str, *, retry: int | None = None) -> JSONResponse:
    """An RFC 9457 problem that carries a reply fit for a patient's eyes, since a client may show what it gets."""
    headers = {"retry-after": str(retry)} if retry else None
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "safe_reply": safe}
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=headers)


def _events(events: Iterator[Any], safe: str) -> Iterator[str]:
    try:
        for event in events:
            yield f"event: {event.type}\ndata: {event.model_dump_json()}\n\n"
    except Exception as failure:
        log.error("a turn failed: %s", type(failure).__name__)
        yield f"event: error\ndata: {json.dumps({'type': 'error', 'safe_reply': safe})}\n\n"


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise ValueError("the body is too large")
    return body


def _why(wrong: Exception) -> str:
    """Where a request is wrong, without repeating what it said."""
    if isinstance(wrong, ValidationError):
        return "; ".join(f"{'.'.join(map(str, error['loc'])) or 'body'}: {error['msg']}" for error in wrong.errors(include_input=False)[:5])
    return str(wrong)


def _safe_reply(settings: Settings) -> str:
    whom = reach(settings.country, "en")
    body = ENGLISH.error_body.format(number=whom.number)
    return f"{body} {ENGLISH.error_disclaimer.format(site=settings.site_name, person=whom.person)}".strip()
