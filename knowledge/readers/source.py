"""`source.yaml` beside documents: where they come from, and when somebody must look at them again.

Its own fields count for every file of the folder; an entry under `files:` counts for that file and goes before them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from knowledge.yaml_lines import FileError, Lines

FILE = "source.yaml"


class Facts(BaseModel):
    """What a librarian says of a document. Nothing is needed; what is missing is taken from the file itself or left open."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str | None = Field(default=None, min_length=1, max_length=300)
    organization: str | None = Field(default=None, min_length=1, max_length=200, validation_alias=AliasChoices("organization", "organisation"))
    year: int | None = Field(default=None, ge=1950, le=2100)
    url: str | None = Field(default=None, pattern=r"^https?://[^\s\"'<>]+$")
    licence: str | None = Field(default=None, max_length=200, validation_alias=AliasChoices("licence", "license"))
    review_by: date | None = None
    reviewed: date | None = None
    language: str | None = Field(default=None, pattern=r"^(?:en|es)$")


class Sidecar:
    """One folder's `source.yaml`. Raises FileError with the line of what is wrong."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._folder: dict[str, Any] = {}
        self._files: dict[str, Any] = {}
        self.lines: Lines | None = None
        if not self.path.is_file():
            return
        self.lines = Lines(self.path)
        self._folder = self.lines.mapping()
        files = self._folder.pop("files", None) or {}
        if not isinstance(files, dict):
            raise FileError(self.path, self.lines.at("files"), "files: must name each file and, under it, its facts")
        self._files = {str(name): entry for name, entry in files.items()}
        self.lines.model(Facts, self._folder)
        for name, entry in self._files.items():
            self.lines.model(Facts, entry or {}, "files", name)

    def facts(self, name: str) -> Facts:
        """What is said of the file of that name."""
        return Facts.model_validate({**self._folder, **(self._files.get(name) or {})})

    def unknown(self, present: set[str]) -> list[str]:
        """A line for each entry whose file is not in the folder: most often a slip of the pen."""
        if self.lines is None:
            return []
        return [
            f"{self.path.parent.name}/{FILE}:{self.lines.at('files', n)}: names {n!r}, which is not in this folder" for n in self._files if n not in present
        ]
