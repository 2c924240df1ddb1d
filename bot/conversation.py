"""The vocabulary of a turn: Message, Answer and its parts, and the Events that carry it to a face.

`Answer` is the contract for the page, the embed, the API, the terminal and the evaluations alike. Every value is
frozen; JSON field names are the attribute names.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["user", "assistant"]
Action = Literal["answer", "redirect", "block", "escalate", "decline", "no_answer", "error"]
Urgency = Literal["emergency_now", "team_now", "crisis", "poisoning"]
Status = Literal["standard", "promising", "not_recommended"]
Stage = Literal["input", "output"]
Language = Literal["en", "es"]
# How much an answer says: the main passage of each part, or everything that was found. Safety notes and sources stay the same.
Detail = Literal["plain", "more"]

# Status marks carry words as well as a sign, so that nobody needs to see the sign.
STATUS_MARKS: dict[Status, str] = {"standard": "✅", "promising": "⏳", "not_recommended": "❌"}
STATUS_WORDS: dict[Language, dict[Status, str]] = {
    "en": {"standard": "Standard", "promising": "Promising, under study", "not_recommended": "Not recommended"},
    "es": {"standard": "Estándar", "promising": "Prometedor, en estudio", "not_recommended": "No recomendado"},
}


class Value(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Value):
    """One turn as somebody typed it. What a browser sends as history is the person's text, never an instruction."""

    role: Role = "user"
    content: str


class PolicyHit(Value):
    """A policy that fired, why, and how sure it was (0–1)."""

    policy: str
    rule: str
    stage: Stage
    score: float = 1.0


class Citation(Value):
    """A numbered source behind a sentence, with the words of our library that rest on it.

    place: `page 3` of a document, or a recording's time. reviewed_by: the medical reviewer on record for the article, and when.
    """

    n: int
    title: str
    organization: str
    year: int | None
    url: str | None
    reviewed: str | None
    passage_id: str
    quote: str
    place: str | None = None
    reviewed_by: str | None = None


class Section(Value):
    """A heading and its Markdown; `[n]` in the text are citation numbers."""

    heading: str
    markdown: str


class BottomLine(Value):
    """One statement with its standing."""

    status: Status
    text: str


class Guideline(Value):
    """A patient guideline that we name and link, never quote."""

    title: str
    year: int
    url: str


class Service(Value):
    """An organisation that may help, and why it is shown here."""

    name: str
    url: str
    why: str
    phone: str | None = None


class Contact(Value):
    """Somebody to call. `phone` is as dialled; `text` how to use it (“call or text”)."""

    name: str
    phone: str
    text: str | None = None


class RecordsUpload(Value):
    """The way to people who can look at one person's own case."""

    text: str
    url: str


class Answer(Value):
    """A whole answer as the person sees it, assembled by code so that the required parts are always there."""

    id: str
    question: str
    language: Language
    action: Action
    urgency: Urgency | None = None
    policies: list[PolicyHit] = Field(default_factory=list)
    notice: str
    sections: list[Section] = Field(default_factory=list)
    bottom_line: list[BottomLine] = Field(default_factory=list)
    questions_to_ask: list[str] = Field(default_factory=list)
    when_to_call: str | None = None
    citations: list[Citation] = Field(default_factory=list)
    guidelines: list[Guideline] = Field(default_factory=list)
    services: list[Service] = Field(default_factory=list)
    records_upload: RecordsUpload | None = None
    contacts: list[Contact] = Field(default_factory=list)
    disclaimer: str
    followups: list[str] = Field(default_factory=list)
    markdown: str
    model: str
    library_version: str
    created: str
    timings_ms: dict[str, float] = Field(default_factory=dict)


class StatusEvent(Value):
    """What is going on: `searching` or `checking`."""

    type: Literal["status"] = "status"
    text: Literal["searching", "checking"]


class SentenceEvent(Value):
    """Released Markdown to append to what is shown. It has passed every output policy."""

    type: Literal["sentence"] = "sentence"
    text: str


class ReplaceEvent(Value):
    """What was shown so far gives way to this Markdown."""

    type: Literal["replace"] = "replace"
    text: str


class DoneEvent(Value):
    """The end of the turn: the whole Answer. `answer.markdown` is what stays on the screen."""

    type: Literal["done"] = "done"
    answer: Answer


Event = Annotated[StatusEvent | SentenceEvent | ReplaceEvent | DoneEvent, Field(discriminator="type")]
