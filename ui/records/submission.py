"""A submission as values: its files, what is sealed with it, what its outside shows, and the reference code people write down."""

from __future__ import annotations

import json
from dataclasses import dataclass

# Crockford's alphabet: no I, L, O, U, so that a code survives being read aloud and written down.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("ILO", "110")
REFERENCE_LENGTH, PIN_LENGTH = 10, 6


@dataclass(frozen=True)
class StoredFile:
    """One file of a submission. `name` as the person's device called it: never a path to write to. sha256 of the plain bytes; added: UTC."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str = ""
    added: str = ""


@dataclass(frozen=True)
class Details:
    """What is sealed with a submission. consent: the words that were agreed to, by version; adds_to: for a draft, the submission it joins."""

    consent: str
    language: str
    files: tuple[StoredFile, ...]
    contact: str = ""
    note: str = ""
    question: str = ""
    adds_to: str = ""


def read_details(text: bytes) -> Details:
    """Details out of their JSON."""
    found = json.loads(text)
    return Details(**{**found, "files": tuple(StoredFile(**file) for file in found["files"])})


@dataclass(frozen=True)
class Status:
    """What the outside of a submission shows. Times are UTC, ISO 8601."""

    reference: str
    received: str
    opened: str | None
    files: int
    bytes: int
    state: str = "new"

    @property
    def shown(self) -> str:
        return show_reference(self.reference)


@dataclass(frozen=True)
class Said:
    """A note or a reply of the team, opened. at: UTC."""

    at: str
    who: str
    text: str


@dataclass(frozen=True)
class Receipt:
    """What the person gets, once, and nobody can look up again: the PIN."""

    reference: str
    pin: str


def show_reference(reference: str) -> str:
    """`ABCDE12345` → `ABCDE-12345`."""
    return f"{reference[:5]}-{reference[5:]}"


def clean_reference(text: str) -> str:
    """A reference as people type it (lower case, spaces, O for 0) in the form we keep; empty when it cannot be one."""
    found = "".join(c for c in text.upper().translate(_LOOKALIKES) if c.isalnum())
    return found if len(found) == REFERENCE_LENGTH and all(c in ALPHABET for c in found) else ""
