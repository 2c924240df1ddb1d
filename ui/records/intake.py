"""Reads a multipart form as it streams in and seals its files on the way; no part of it ever touches the disk in plain.

Form fields: `consent` (must be `yes`), `contact`, `note`, `question`, `files` (any number). Anything else is skipped.
A form whose files join a submission begins with `reference` and `pin`; nothing of a file is taken before they are known to be right.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from sqlalchemy.exc import OperationalError

from ui.records import sniff
from ui.records.errors import NotFound, Refused
from ui.records.incoming import Incoming
from ui.records.limits import Limits
from ui.records.scanner import Scanner
from ui.records.sealed import SealedWriter
from ui.records.submission import Details, Receipt, StoredFile
from ui.records.vault import Vault
from ui.records.words import CONSENT_VERSION

_NAME_CHARS = 200
Admit = Callable[[Mapping[str, str]], str]
_FULL_DISK = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def boundary_of(content_type: str) -> bytes:
    """The boundary of a multipart form. Raises Refused (`form`)."""
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    # RFC 2046 allows 70; browsers use fewer.
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
        raise Refused("form")
    return boundary


def shown_name(raw: str) -> str:
    """A file's name for showing: the last part of a path, without control characters, of a bearable length."""
    last = raw.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if c.isprintable()).strip()
    return clean if len(clean) <= _NAME_CHARS else clean[: _NAME_CHARS - 20] + "…" + clean[-19:]


def _form_name(raw: str) -> str:
    """A file's name as a form holds it, where browsers write these three characters, and only these, in this way (WHATWG, multipart form data)."""
    return raw.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


class _File:
    """A file on its way in: sniffed on its first bytes, sealed, checked again when whole."""

    def __init__(self, intake: Intake, name: str) -> None:
        self._intake, self.name = intake, name or "file"
        self._head, self._kind = bytearray(), ""
        self._id, self._writer = "", None  # type: str, SealedWriter | None
        self.size = 0

    def feed(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._intake.limits.file_bytes:
            raise Refused("file-size", 413, name=self.name, most=self._intake.limits.file_bytes)
        if self._kind:
            self._write(data)
            return
        self._head += data
        if len(self._head) >= sniff.HEAD_BYTES:
            self._start()

    def _start(self) -> None:
        self._kind = sniff.kind_of(bytes(self._head[: sniff.HEAD_BYTES]), self.name)
        self._id, self._writer = self._intake.incoming.add()
        self._intake.writers.append(self._writer)
        self._write(bytes(self._head))
        self._head.clear()

    def _write(self, data: bytes) -> None:
        assert self._writer is not None
        if self._kind in sniff.TEXTS:
            sniff.check_text(data, self.name)
        self._writer.write(data)

    def end(self) -> StoredFile:
        if not self.size:
            raise Refused("empty", name=self.name)
        if not self._kind:
            self._start()
        assert self._writer is not None
        self._writer.finish()
        return StoredFile(self._id, self.name, self._kind, self.size)


class Intake:
    """One upload. `feed` the body, then `finish`, or `abort`; whatever is not finished is gone."""

    def __init__(self, vault: Vault, boundary: bytes, language: str = "en", scanner: Scanner | None = None, admit: Admit | None = None) -> None:
        """admit: gives the submission that the files join, for the fields that came before them; raises Refused."""
        self._vault, self._scanner, self._admit = vault, scanner, admit
        self._incoming: Incoming | None = None
        self.limits: Limits = vault.limits
        self.writers: list[SealedWriter] = []
        self._language = language
        self._fields: dict[str, bytearray] = {}
        self._most = {"consent": 8, "contact": self.limits.contact_chars, "note": self.limits.note_chars, "question": self.limits.question_chars}
        self._files: list[StoredFile] = []
        self._total = 0
        self._header_name, self._header_value = bytearray(), bytearray()
        self._disposition: dict[bytes, bytes] = {}
        self._field: str | None = None
        self._file: _File | None = None
        self._ended = False
        callbacks: Any = {
            "on_part_begin": self._part_begin, "on_header_field": self._header_field, "on_header_value": self._header_value_part,
            "on_header_end": self._header_end, "on_headers_finished": self._headers_finished, "on_part_data": self._part_data,
            "on_part_end": self._part_end, "on_end": self._end,
        }  # fmt: skip
        self._parser = MultipartParser(boundary, callbacks, max_header_count=8, max_header_size=4096)
        if admit is None:
            self._incoming = Incoming(vault)
        else:
            self._most |= {"reference": 40, "pin": 40}

    def feed(self, data: bytes) -> None:
        """More of the body. Raises Refused."""
        self._total += len(data)
        if self._total > self.limits.body_bytes:
            raise Refused("total-size", 413, most=self.limits.total_bytes)
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise Refused("form") from error
        except OSError as error:
            raise disk_problem(error) from error

    def finish(self) -> Receipt:
        """The whole body is here: acknowledge it. Raises Refused."""
        try:
            self._parser.finalize()
        except FormParserError as error:
            raise Refused("cut-off") from error
        if not self._ended or self._file is not None:
            raise Refused("cut-off")
        if self._text("consent") != "yes":
            raise Refused("consent")
        if not self._files:
            raise Refused("no-files")
        self.details = Details(
            consent=CONSENT_VERSION, language=self._language, files=tuple(self._files),
            contact=self._text("contact"), note=self._text("note"), question=self._text("question"),
        )  # fmt: skip
        try:
            receipt, self.details = self.incoming.commit(self.details, self._scanner)
            return receipt
        except NotFound as error:
            raise Refused("gone", 410) from error
        except (OSError, OperationalError) as error:
            raise disk_problem(error) from error

    @property
    def incoming(self) -> Incoming:
        """Where the files go. Raises Refused when they would join a submission whose codes are wrong, or did not come first."""
        if self._incoming is None:
            assert self._admit is not None
            adds_to = self._admit({name: self._text(name) for name in ("reference", "pin")})
            try:
                self._incoming = Incoming(self._vault, adds_to)
            except NotFound as error:
                raise Refused("pin", 403) from error
        return self._incoming

    @property
    def pin(self) -> str:
        """The PIN that a form which joins a submission came with."""
        return self._text("pin") if self._admit else ""

    def abort(self) -> None:
        """Throw it all away."""
        for writer in self.writers:
            writer.abort()
        if self._incoming is not None:
            self._incoming.abort()

    def _text(self, name: str) -> str:
        text = bytes(self._fields.get(name, b"")).decode("utf-8", errors="replace").strip()
        if len(text) > self._most[name]:
            raise Refused("too-long", field=name, most=self._most[name])
        return text

    # What the parser calls, in order, for each part of the form.

    def _part_begin(self) -> None:
        self._disposition = {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _header_value_part(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _header_end(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._disposition = parse_options_header(bytes(self._header_value))[1]
        self._header_name.clear()
        self._header_value.clear()

    def _headers_finished(self) -> None:
        self._field, self._file = None, None
        name = self._disposition.get(b"name", b"").decode("utf-8", errors="replace")
        if name == "files" and b"filename" in self._disposition:
            raw = self._disposition[b"filename"].decode("utf-8", errors="replace")
            # A browser sends one nameless, empty part when nothing was chosen; it is dropped at its end.
            self._file = _File(self, shown_name(_form_name(raw)))
            self._unnamed = not raw
            if not self._unnamed and self._admit is not None:
                _ = self.incoming
            if not self._unnamed and len(self._files) >= self.limits.files:
                raise Refused("count", 413, most=self.limits.files)
        elif name in self._most:
            self._field = name
            self._fields[name] = bytearray()

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.feed(data[start:end])
        elif self._field is not None:
            field = self._fields[self._field]
            # Four bytes are the longest character of UTF-8.
            if len(field) + end - start > 4 * self._most[self._field]:
                raise Refused("too-long", field=self._field, most=self._most[self._field])
            field += data[start:end]

    def _part_end(self) -> None:
        if self._file is not None and not (self._unnamed and not self._file.size):
            self._files.append(self._file.end())
            if len(self._files) > self.limits.files:
                raise Refused("count", 413, most=self.limits.files)
        self._file = None

    def _end(self) -> None:
        self._ended = True


def disk_problem(error: Exception) -> Exception:
    """Refused (`disk`) for a full disk, the error itself otherwise."""
    full = getattr(error, "errno", None) in _FULL_DISK or "disk is full" in str(error)
    return Refused("disk", 507) if full else error
