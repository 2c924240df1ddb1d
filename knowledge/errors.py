"""The knowledge side's errors: each says which file, which line, and what to do."""

from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """Anything of the knowledge side that a person can mend."""


class ArticleError(KnowledgeError):
    """An article that cannot be read or breaks a rule of the format."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path.name}:{line}: {message}")
        self.path, self.line, self.message = path, line, message


class DocumentError(KnowledgeError):
    """An operator's document that cannot be taken in; the rest goes on."""


class LibraryBroken(KnowledgeError):
    """The library, with the operator's overlay, has articles that cannot be served; the earlier version stays in the data folder."""

    def __init__(self, first: str, count: int) -> None:
        super().__init__(first if count == 1 else f"{first} (and {count - 1} more; `oncolantern library check` lists them)")
