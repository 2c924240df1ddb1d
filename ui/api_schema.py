"""What the API says of itself: the models of its bodies, and an OpenAPI description with examples."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation import Message

# Enough for a long conversation; more would let one request keep a worker busy for minutes.
MAX_MESSAGES = 200
MAX_HITS = 50
PROBLEM = "application/problem+json"


class Conversation(BaseModel):
    """The body of a turn. All messages are read as the person's text, the assistant's own included: they can be forged."""

    model_config = ConfigDict(extra="forbid")
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)


class Thumb(BaseModel):
    """A count to add."""

    model_config = ConfigDict(extra="forbid", strict=True)
    topic: str = Field(default="", max_length=80)
    action: str = Field(max_length=20)
    helpful: bool


class Hit(BaseModel):
    """One passage found. `section` is its heading path joined by ` > `."""

    passage_id: str
    doc_id: str
    section: str
    score: float
    text: str


class Found(BaseModel):
    """What search gives for a question. `no_answer`: nothing found is good enough to answer from."""

    question: str
    no_answer: bool
    hits: list[Hit]


class Problem(BaseModel):
    """RFC 9457, with words that may be shown to a patient as they are."""

    type: str
    title: str
    status: int
    detail: str
    safe_reply: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The descriptions of these error answers."""
    words = {413: "The message or the body is too long", 422: "The request is not of the form described here", 500: "The turn failed", 503: "Still starting"}
    return {status: {"description": words[status], "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}} for status in statuses}


def json_body(model: type[BaseModel], **examples: Any) -> dict[str, Any]:
    """A JSON request body by the name of its model."""
    named = {name: {"value": value} for name, value in examples.items()}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}, "examples": named}},
        }
    }


TURN = json_body(
    Conversation,
    question={"messages": [{"role": "user", "content": "What is immunotherapy?"}]},
    follow_up={
        "messages": [
            {"role": "user", "content": "What is a PET scan?"},
            {"role": "assistant", "content": "…"},
            {"role": "user", "content": "Does it hurt?"},
        ]
    },
)
THUMB = json_body(Thumb, helpful={"topic": "immunotherapy", "action": "answer", "helpful": True})
SEARCH_PARAMETERS: list[dict[str, Any]] = [
    {"name": "q", "in": "query", "required": True, "schema": {"type": "string", "minLength": 1}, "example": "side effects of radiation", "description": "a question"},
    {"name": "k", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1, "maximum": MAX_HITS, "default": 8}, "description": "how many passages"},
]  # fmt: skip
STREAM_EXAMPLE = (
    'event: status\ndata: {"type":"status","text":"searching"}\n\n'
    'event: sentence\ndata: {"type":"sentence","text":"Immunotherapy helps the immune system fight cancer. [1]"}\n\n'
    'event: done\ndata: {"type":"done","answer":{"id":"…","action":"answer"}}\n\n'
)
STREAM = {"schema": {"type": "string"}, "example": STREAM_EXAMPLE}


def description(routes: Any, title: str, version: str) -> dict[str, Any]:
    """The OpenAPI description of these routes, with every model that is only named in them."""
    from fastapi.openapi.utils import get_openapi
    from pydantic.json_schema import models_json_schema

    document = get_openapi(
        title=title, version=version, routes=routes,
        description=(
            "General cancer education from a library with sources. Every answer carries its notice and disclaimer: show both. Doses are never given; a question "
            "about one person's own case comes back as `redirect`, an emergency as `escalate` with `contacts` to show first. Nothing sent here is kept."
        ),
    )  # fmt: skip
    _, named = models_json_schema([(model, "validation") for model in (Conversation, Thumb, Problem)], ref_template="#/components/schemas/{model}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in named.get("$defs", {}).items():
        schemas.setdefault(name, schema)
    return document
