"""What a published site holds: every question, the very answer its reviewer reads, and who approved it.

`answers.json` lies in the site's folder. Approval is of words, not of an address: an answer that changes is a draft again.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.conversation import Answer
from bot.errors import BotError

MANIFEST = "answers.json"
# Of an Answer, what differs from run to run without a reader seeing it.
_UNSEEN = {"id", "created", "timings_ms", "policies"}
_SLUG_LENGTH = 80


class PublishError(BotError):
    """A site that cannot be written as asked; the text says what to do next."""


class Approval(BaseModel):
    """Who read the page and stands for it. `by` is as it will be printed; `on` is an ISO date."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    by: Annotated[str, Field(min_length=2, max_length=120)]
    on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Entry(BaseModel):
    """One page of the site."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slug: str
    question: str
    topic: str
    answer: Answer
    approval: Approval | None = None

    @property
    def digest(self) -> str:
        """A fingerprint of all that a reader sees of the answer."""
        return digest(self.answer)


class Manifest(BaseModel):
    """All pages of a site, in the order of the questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int = 1
    entries: tuple[Entry, ...] = ()

    def of(self, slug: str) -> Entry | None:
        """The entry of a slug."""
        return next((entry for entry in self.entries if entry.slug == slug), None)


def digest(answer: Answer) -> str:
    """A fingerprint of all that a reader sees of an answer."""
    seen = answer.model_dump(mode="json", exclude=_UNSEEN)
    return hashlib.sha256(json.dumps(seen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def slug_of(question: str) -> str:
    """A question as a file name: ASCII words with hyphens, at most 80 characters; never empty."""
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    slug = ""
    for word in words:
        if len(slug) + len(word) + 1 > _SLUG_LENGTH:
            break
        slug = f"{slug}-{word}" if slug else word
    return slug or f"question-{hashlib.sha256(question.encode()).hexdigest()[:10]}"


def read_questions(path: Path) -> list[str]:
    """The questions of a text file: one a line; blank lines and lines that start with `#` are left out, as are repeats.

    Raises PublishError for a file that is not there, is not UTF-8 text, or holds no question.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise PublishError(f"{path}: no such file; give a text file with one question a line") from error
    except UnicodeDecodeError as error:
        raise PublishError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    lines = (line.strip() for line in text.splitlines())
    found = list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not found:
        raise PublishError(f"{path}: no question in it; write one a line")
    return found


def read_manifest(folder: Path) -> Manifest:
    """The site's manifest; an empty one for a new folder. Raises PublishError when it cannot be read."""
    path = folder / MANIFEST
    if not path.exists():
        return Manifest()
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise PublishError(f"{path} is damaged or from another version; move it away to start the site over (approvals are in it)") from error


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that a reader meets the old one or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Puts the manifest into the site's folder."""
    write_whole(folder / MANIFEST, json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n")
