"""What the page's scripts ask of the server over the one hidden wire: ask, or bring a kept conversation back."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.conversation import Detail, Role

# A kept conversation longer than this was not made by our page.
MAX_KEPT = 80


class Kept(BaseModel):
    """A message out of the browser's store: HTML that our page once showed, and that anybody may have changed since."""

    model_config = ConfigDict(extra="forbid")
    role: Role
    content: str


class Command(BaseModel):
    """One command. `keep`: how many messages stay before what is asked (a question asked again, or changed); None: all.
    `topic`: the cancer that an embed opened on, a word of the catalogue."""

    model_config = ConfigDict(extra="forbid")
    do: Literal["ask", "restore", "nothing"]
    text: str = ""
    keep: int | None = Field(default=None, ge=0)
    detail: Detail = "more"
    topic: str = Field(default="", max_length=60)
    messages: list[Kept] = Field(default_factory=list, max_length=MAX_KEPT)


def read_command(wire: str | None) -> Command:
    """The command on the wire. What cannot be read does nothing: a browser may send anything."""
    try:
        return Command.model_validate_json(wire or "")
    except ValidationError:
        return Command(do="nothing")
