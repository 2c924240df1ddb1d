"""Bytes to text: UTF-8, UTF-16 with its mark, or the encoding that a page declares. Anything else is refused, not guessed."""

from __future__ import annotations

import codecs
import re

from knowledge.errors import DocumentError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The text, without control characters. Raises DocumentError: a wrong guess would change the words that people read."""
    encoding = next((known for mark, known in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if declared is None:
            raise DocumentError(f"{name}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
        try:
            text = data.decode(declared)
        except (LookupError, UnicodeDecodeError) as second:
            raise DocumentError(f"{name}: neither UTF-8 nor the {declared!r} that it declares; save it as UTF-8") from second
    if text.count("\x00") > 2:
        raise DocumentError(f"{name}: holds binary data, not text; check what kind of file it is")
    return _CONTROLS.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
