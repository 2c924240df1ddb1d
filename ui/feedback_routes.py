"""Where the page sends why an answer helped or did not: a reason from a closed list, own words only with consent."""

from __future__ import annotations

import logging
import sqlite3

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from ui.feedback import MAX_CHARS, Feedback

log = logging.getLogger(__name__)


class Reason(BaseModel):
    """Why, in addition to a thumb that was counted. Without `consent` the text is thrown away unread."""

    model_config = ConfigDict(extra="forbid", strict=True)
    topic: str = Field(default="", max_length=80)
    action: str = Field(max_length=20)
    helpful: bool
    reason: str = Field(default="", max_length=20)
    text: str = Field(default="", max_length=MAX_CHARS)
    consent: bool = False


def feedback_routes(feedback: Feedback) -> APIRouter:
    """`POST /api/v1/feedback/reason`: 204, whether it was kept or not; a person's thanks do not depend on our disk."""
    router = APIRouter(prefix="/api/v1")

    @router.post("/feedback/reason", status_code=204, response_class=Response)
    async def why(given: Reason) -> Response:
        try:
            await run_in_threadpool(feedback.why, given.topic, given.action, given.helpful, given.reason, given.text if given.consent else "")
        except sqlite3.Error as failure:
            log.error("a reason was not counted: %s", type(failure).__name__)
        return Response(status_code=204)

    return router
