"""Tells what a file is by its content, never by its name: from its first bytes, while it streams, and once it is whole.

Magic numbers: PDF 32000-1 §7.5.2, JPEG ITU T.81, PNG (W3C), HEIF ISO/IEC 23008-12 brands, ZIP APPNOTE 4.3, DICOM PS3.10 §7.1.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from typing import BinaryIO

from ui.records.errors import Refused

# Enough to see every mark we look for (DICOM's stands at 128).
HEAD_BYTES = 4096
KINDS = {
    "pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "heic": "HEIC", "docx": "Word (DOCX)", "text": "text", "xml": "XML", "json": "JSON",
    "dicom": "DICOM", "dicom-zip": "DICOM (ZIP)",
}  # fmt: skip
ENDINGS = {
    "pdf": (".pdf",), "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"), "png": (".png",), "heic": (".heic", ".heif", ".hif"), "docx": (".docx",),
    "text": (".txt", ".md", ".csv", ".log"), "xml": (".xml", ".cda", ".ccd", ".ccda"), "json": (".json",), "dicom": (".dcm", ".dicom"),
    "dicom-zip": (".zip",),
}  # fmt: skip
TEXTS = frozenset({"text", "xml", "json"})
_HEIF = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
# A text file has none of these; a program has them within its first bytes.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ACTIVE = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*\?>\s*|<!doctype[^>]*>\s*)*<(?:html|head|body|script|svg|iframe)\b|\s*<!doctype\s+(?:html|svg)|#!",
    re.IGNORECASE | re.DOTALL,
)
# Windows, Linux, Java and macOS programs, scripts, archives.
_RUNS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!", b"PK", b"GIF8")
_DICOM_FILES_TRIED = 200


def kind_of(head: bytes, name: str) -> str:
    """One of KINDS for the first HEAD_BYTES of a file. A ZIP is told apart when it is whole. Raises Refused (`content`)."""
    start = head[:1024].find(b"%PDF-")
    # Printers put their own lines before it; a page or a program that hides behind a PDF does not get in as one.
    if start >= 0 and b"<" not in head[:start] and not (start and head.startswith(_RUNS)):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[4:8] == b"ftyp" and (head[8:12] in _HEIF or _HEIF & {head[i : i + 4] for i in range(16, 64, 4)}):
        return "heic"
    # The preamble is free for anything, a program too (CVE-2019-11687).
    if head[128:132] == b"DICM" and not head.startswith(_RUNS):
        return "dicom"
    if head.startswith(b"PK\x03\x04"):
        return "dicom-zip"
    if head and not _BINARY.search(head) and not _ACTIVE.match(head.removeprefix(b"\xef\xbb\xbf")):
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return "xml" if start == b"<" else "json" if start in (b"{", b"[") else "text"
    raise Refused("content", 415, name=name, looks=_looks_like(head))


def check_text(part: bytes, name: str) -> None:
    """A later part of a text file. Raises Refused (`content`)."""
    if _BINARY.search(part):
        raise Refused("content", 415, name=name, looks="")


def check_zip(file: BinaryIO, name: str) -> str:
    """`docx` or `dicom-zip` for a whole ZIP; reads its list and single headers, unpacks nothing. Raises Refused (`zip`)."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                if any(entry.lower().endswith("vbaproject.bin") for entry in names):
                    raise Refused("zip", 415, name=name)
                return "docx"
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not entry.flag_bits & 1]
            entries.sort(key=lambda entry: not entry.filename.lower().endswith((".dcm", "dicomdir")))
            for entry in entries[:_DICOM_FILES_TRIED]:
                with suppress(zipfile.BadZipFile, NotImplementedError, EOFError), archive.open(entry) as inside:
                    if inside.read(132)[128:] == b"DICM":
                        return "dicom-zip"
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, RuntimeError, UnicodeDecodeError):
        pass
    raise Refused("zip", 415, name=name)


def _looks_like(head: bytes) -> str:
    """What puremagic takes it for, for the message; empty when it cannot tell."""
    import puremagic

    with suppress(puremagic.PureError, ValueError, IndexError):
        found = puremagic.magic_string(head)
        return str(found[0].name) if found else ""
    return ""
