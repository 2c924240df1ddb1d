"""What can go wrong with records: one family, with the text for the person apart from the text for the log."""

from __future__ import annotations


class RecordsError(Exception):
    """Anything of the records side that can be said plainly. The message is for the operator."""


class KeyProblem(RecordsError):
    """The master key is missing, malformed, readable by others, or not the one the records were sealed with."""


class Tampered(RecordsError):
    """Sealed bytes that do not open: cut off, reordered, swapped or damaged."""


class StoreProblem(RecordsError):
    """The place where sealed files rest cannot be reached or used."""


class NotFound(RecordsError):
    """No submission under this reference."""


class Refused(RecordsError):
    """An upload or a request that is not taken. `code` picks the person's words, `status` is the HTTP status."""

    def __init__(self, code: str, status: int = 400, **facts: object) -> None:
        super().__init__(f"refused: {code}")
        self.code, self.status, self.facts = code, status, facts
