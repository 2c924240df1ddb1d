"""Reads transcripts, WebVTT and SRT: what one speaker says stays together, with the name and the time at which it begins."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from knowledge.errors import DocumentError
from knowledge.readers.encoding import decode
from knowledge.reading import Piece, Reading

# Words after which a passage ends at the next end of a sentence; the encoder reads about 180.
TURN_WORDS = 110
# A silence of this many seconds ends a passage.
PAUSE_SECONDS = 8.0
_SPEAKER = re.compile(r"^\s*(?:>>\s*)?(?P<name>[A-ZÁÉÍÓÚÑ][\w.'’-]*(?:\s+[A-ZÁÉÍÓÚÑ(][\w.'’)-]*){0,4}):\s+(?=\S)")
_TAGS = re.compile(r"</?(?:c|i|b|u|v|ruby|rt|lang|font)(?:[.\s][^>]*)?>|<\d[\d:.]*>|\{\\[^}]*\}", re.IGNORECASE)


def read_captions(path: Path) -> Reading:
    """Passages of a transcript. Raises DocumentError when it is not one."""
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    text = decode(path.read_bytes(), path.name).lstrip("\ufeff\n ")
    kind = "srt" if path.suffix.lower() == ".srt" else "vtt"
    try:
        captions = webvtt.from_buffer(io.BytesIO((text + "\n").encode()), format=kind)
        spoken = list(_spoken(captions))
    except (MalformedFileError, MalformedCaptionError, ValueError, IndexError) as error:
        raise DocumentError(f"{path.name}: is not a {kind.upper()} transcript; export it anew") from error
    if not spoken:
        raise DocumentError(f"{path.name}: holds no captions")
    return Reading(None, list(_passages(spoken)))


def _spoken(captions: Any) -> Iterator[tuple[float, float, str | None, str]]:
    """(start, end, speaker, words) in seconds; a line that rolls on from the caption before is not said twice."""
    before: list[str] = []
    for caption in captions:
        voice = str(caption.voice).strip() if caption.voice else None
        lines = [" ".join(unescape(_TAGS.sub("", line)).split()) for line in caption.raw_text.splitlines()]
        fresh = [line for line in lines if line and line not in before]
        before = lines
        for line in fresh:
            match = None if voice else _SPEAKER.match(line)
            speaker = voice or (match["name"] if match else None)
            words = line[match.end() :] if match else line.removeprefix(">>").strip()
            if words:
                yield float(caption.start_in_seconds), float(caption.end_in_seconds), speaker, words


def _passages(spoken: list[tuple[float, float, str | None, str]]) -> Iterator[Piece]:
    speaker: str | None = None
    begun, ended = spoken[0][0], spoken[0][0]
    parts: list[str] = []
    count = 0
    named = False

    def piece() -> Piece:
        return Piece((), " ".join(parts), place=_clock(begun))

    for start, end, name, words in spoken:
        turn = name is not None and name != speaker
        full = count >= TURN_WORDS and (bool(re.search(r"[.!?][\"”’]*$", parts[-1])) or count >= 1.5 * TURN_WORDS)
        # Short turns, a question and its answer, stay together.
        if parts and (full or start - ended >= PAUSE_SECONDS or (turn and count >= TURN_WORDS / 2)):
            yield piece()
            parts, count, named = [], 0, False
        if not parts:
            begun = start
        if turn:
            speaker, named = name, False
        if speaker and not named:
            parts.append(f"{speaker}:")
            named = True
        parts.append(words)
        count += len(words.split())
        ended = end
    if parts:
        yield piece()


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
