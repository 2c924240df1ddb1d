"""Undoes what hides an order in a document from a plain reading: encodings, mirrored and spaced letters, digits and look-alikes for letters."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator

_RUN = re.compile(r"(?<![\w/.:=?&%-])[A-Za-z0-9+/]{20,}={0,2}(?![\w/])")
_HEX = re.compile(r"\b(?:[0-9a-fA-F]{2}[\s:]?){16,}\b")
_SPACED = re.compile(r"(?:\b\w[ .·_-]{1,3}){7,}\w\b")
_LEET = re.compile(r"\b(?=\w*[a-z])\w*[a-z]?[0134579@$]\w*\b", re.IGNORECASE)
_FROM_LEET = str.maketrans("0134579@$", "oieastgas")
# Letters that look like Latin ones.
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһӏАВЕКМНОРСТХοαενικρτυχΑΒΕΗΙΚΜΝΟΡΤΥΧΖ", "aeopcyxijsdhlABEKMHOPCTXoaevikptuxABEHIKMNOPTYXZ")
_NOT_LATIN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
# Words of orders, mirrored and by thirteen letters: only then is the whole text turned round.
_MIRRORED = re.compile(r"snoitcurtsni|erongi|tpmorp|drager|tegrof|edirrev|esnopser|seicilop", re.IGNORECASE)
_ROTATED = re.compile(r"vafgehpgvba|vtaber|cebzcg|qvfertneq|sbetrg|bireevqr|erfcbafr", re.IGNORECASE)
# Fewer leet words than this are names of genes and tests.
LEET_WORDS = 3


def carries_code(text: str) -> bool:
    """Whether a text holds words in base64 or hexadecimal: no leaflet does."""
    return any(_readable(decoded) for decoded in _decoded(text))


def undisguised(text: str) -> Iterator[str]:
    """Other readings of a text, where something in it looks disguised."""
    if _MIRRORED.search(text):
        yield text[::-1]
    if _ROTATED.search(text):
        yield codecs.decode(text, "rot13")
    if len(_LEET.findall(text)) >= LEET_WORDS:
        yield _LEET.sub(lambda m: m.group().translate(_FROM_LEET), text)
    if _SPACED.search(text):
        yield _SPACED.sub(lambda m: " ".join(re.sub(r"[ .·_-]", "", word) for word in re.split(r"\s{2,}|\s*[.·_-]{2,}\s*", m.group())), text)
    if _NOT_LATIN.search(text) and re.search(r"[A-Za-z]", text):
        yield text.translate(_LOOKALIKES)


def _decoded(text: str) -> Iterator[bytes]:
    for run in _RUN.findall(text):
        try:
            yield base64.b64decode(run + "=" * (-len(run) % 4))
        except (binascii.Error, ValueError):
            continue
    for run in _HEX.findall(text):
        yield bytes.fromhex(re.sub(r"[\s:]", "", run))


def _readable(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(text) >= 12 and " " in text.strip() and sum(c.isalpha() or c in " .,;:!?'-" for c in text) >= 0.85 * len(text)
