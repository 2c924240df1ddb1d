"""Reads what a message may hide in an encoding: base64, hex, percent, reversal, rot13. Only readings that make words are returned.

A reading must show frequent or guarded words that the message itself does not, so ordinary text yields nothing.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import urllib.parse
from collections.abc import Iterator
from functools import cache

from policies.lexicons import load

# More than these readings of one message is an attack on our time, not a message.
_MAX_READINGS = 6

_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{8,}={0,2}(?![\w+/=-])")
_BASE32 = re.compile(r"(?<![\w=])[A-Z2-7]{16,}={0,6}(?![\w=])")
_HEX = re.compile(r"(?<!\w)(?:0x)?((?:[0-9a-fA-F]{2}[\s:,]?(?:0x)?){6,})(?!\w)")
_BINARY = re.compile(r"(?<!\d)[01]{8}(?:\s?[01]{8}){3,}(?!\d)")
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_WORDS = re.compile(r"[a-z]{3,}")
_WORDLIKE = re.compile(r"[^\W\d_]{2,}")


@cache
def _known() -> frozenset[str]:
    """Words that speak for a reading: long enough, and not a word backwards or in rot13 as well."""
    data = load("shapes")
    words = {word for group in ("hidden", "plain") for line in data[group] for word in line.split() if len(word) >= 3}
    return frozenset(w for w in words if w[::-1] not in words and codecs.encode(w, "rot13") not in words and w not in ("not", "but", "die", "gun", "are"))


def _hits(text: str) -> int:
    return sum(1 for word in _WORDS.findall(text.lower()) if word in _known())


def _printable(raw: bytes) -> str | None:
    """The bytes as text if they read like text: UTF-8, almost only letters and spaces, a vowel now and then."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if len(text) < 4 or not all(c.isprintable() or c in "\n\t\r" for c in text):
        return None
    plain = sum(c.isalpha() or c in " \n.,'?!-:;()¿¡" or c.isdigit() for c in text)
    foreign = not text.isascii() and all(not c.isascii() for c in text if c.isalpha())
    return text if plain >= 0.9 * len(text) and (_hits(text) or foreign or (" " in text.strip() and _WORDLIKE.search(text))) else None


def _tokens(text: str) -> Iterator[str]:
    """Encoded stretches inside the message, decoded in place so that the words around them stay."""
    decoded = 0
    for pattern, decode in ((_BASE64, _from_base64), (_BASE32, _from_base32), (_HEX, _from_hex), (_BINARY, _from_binary)):
        for match in pattern.finditer(text):
            plain = decode(match.group())
            if plain is not None:
                yield f"{text[: match.start()]} {plain} {text[match.end() :]}".strip()
                decoded += 1
            if decoded >= _MAX_READINGS:
                return


def _from_base64(token: str) -> str | None:
    body = token.rstrip("=").replace("-", "+").replace("_", "/")
    # A plain word is valid base64 too; real payloads mix cases or carry digits.
    if body.isalpha() and (body.islower() or body.isupper() or body.istitle()):
        return None
    try:
        return _printable(base64.b64decode(body + "=" * (-len(body) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None


def _from_base32(token: str) -> str | None:
    body = token.rstrip("=")
    try:
        return _printable(base64.b32decode(body + "=" * (-len(body) % 8)))
    except (binascii.Error, ValueError):
        return None


def _from_hex(token: str) -> str | None:
    digits = re.sub(r"0x|[\s:,]", "", token)
    try:
        return _printable(bytes.fromhex(digits))
    except ValueError:
        return None


def _from_binary(token: str) -> str | None:
    bits = re.sub(r"\s", "", token)
    return _printable(bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)))


def _escapes(text: str) -> Iterator[str]:
    if _PERCENT.search(text):
        yield urllib.parse.unquote(text, errors="replace").replace("+", " ")
    if _ENTITY.search(text):
        yield html.unescape(text)
    if _ESCAPE.search(text):
        yield _ESCAPE.sub(lambda m: chr(int(m.group(1) or m.group(2), 16)), text)


def _ciphers(text: str) -> Iterator[str]:
    """Reversed as a whole, reversed word by word, rot13: taken when two words appear, or one in a short message of none."""
    needed = 1 if len(text.split()) <= 6 and not _hits(text) else 2
    for reading in (text[::-1], " ".join(word[::-1] for word in text.split()), codecs.encode(text, "rot13")):
        if _hits(reading) >= needed:
            yield reading


def decodings(text: str) -> tuple[str, ...]:
    """Plausible further readings of a message, usually none. Decoded parts stand in their place, nested once. Never raises."""
    found: list[str] = []
    queue = [(text, 0)]
    while queue and len(found) < _MAX_READINGS:
        current, depth = queue.pop(0)
        for reading in (*_tokens(current), *_escapes(current), *_ciphers(current)):
            if reading != text and reading not in found and len(found) < _MAX_READINGS:
                # A reversed reading of a decoded one leads back to noise: it must say more than what it came from.
                if depth and _hits(reading) <= _hits(current):
                    continue
                found.append(reading)
                if depth == 0:
                    queue.append((reading, 1))
    return tuple(found)
