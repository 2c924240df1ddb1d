"""Undoes disguises in a message (invisible characters, look-alike letters, leet, spacing) so that policies can read it.

Ordinary text, gene names, TNM codes, numbers and accents come out as they went in. A disguise inside a word is undone only
when the result is a word of `lexicons/shapes.yaml`. Everything here is linear in the length of the text and never raises.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from policies.decoding import decodings
from policies.disguise import plain_reading, unleet_all
from policies.lexicons import load

__all__ = ["decodings", "fold", "normalise"]

# A run of stacked marks longer than this is decoration; capping it also keeps Unicode normalisation linear.
_MAX_MARKS = 4
# Enough rounds for nested disguises; in practice the second changes nothing.
_MAX_ROUNDS = 6

# Cyrillic, Armenian, small-capital and IPA letters that look like a Latin one.
_TWINS = dict(
    zip(
        "асеорхуіјѕһԁԛԝкмтнвАВЕКМНОРСТХУІЈЅԌӏոսօհցյɑɡıɪᴀʙᴄᴅᴇɢʜᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢꜰꜱ",
        "aceopxyijshdqwkmthbABEKMHOPCTXYIJSGlnuohgjagiiabcdeghjklmnoprtuvwyzfs",
        strict=True,
    )
)
# Greek letters fold only between lower-case Latin ones: TNFα, NFκB and μg keep theirs.
_GREEK = dict(zip("αεικνορτυχ", "aeiknoptux", strict=True))
_GREEK_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
_TWIN_TABLE = str.maketrans(_TWINS | _GREEK_CAPITALS)
_BOXED = {0x1F130 + k + i: ord("a") + i for k in (0, 0x20, 0x40) for i in range(26)}  # 🄰 🅐 🅰
_PUNCTUATION = str.maketrans(
    {"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\u0085": "\n", "´": "'", "’": "'", "‘": "'", "ʼ": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"',
     "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-"} | {chr(k): chr(v) for k, v in _BOXED.items()}
)  # fmt: skip

_ORDINAL_DEGREE = re.compile(r"(?<=\d)(\s?)º(?=\s?[CFcf]?\b)")
_INVISIBLE_ASCII = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LOOSE_MARK = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_TWIN = re.compile(r"[\u0250-\u058f\u1d00-\u1d2f\ua730\ua731]")
_GREEK_INSIDE = re.compile(rf"(?<=[a-z])[{''.join(_GREEK)}](?=[a-z])|\b[{''.join(_GREEK)}](?=[a-z]{{2}})")

# Words wholly in small capitals (ᴅᴏꜱᴇ) have no Latin letter to give them away.
_SMALL_CAPITALS = re.compile("[\u1d00-\u1d22ʀʏɢʟɴɪʜʙꜰꜱ]{2,}")

_LETTER = r"[^\W\d_]"
_SPACED = re.compile(rf"(?<![^\W_]){_LETTER}([ .\-_*·])\1?{_LETTER}(?:\1{{1,2}}{_LETTER})+(?![^\W_])")
_BROKEN = re.compile(r"(?<!\w)[A-Za-z]+(?:[.\-_*·~][A-Za-z]+)+(?!\w)")
_MASKED = re.compile(r"(?<!\w)[A-Za-z]+\*{1,3}[A-Za-z]+(?!\w)")
_LEET = re.compile(r"(?<!\S)[\"'(]*((?=\S{0,24}[A-Za-z])(?=\S{0,24}[013457@$!|+€])[A-Za-z013457@$!|+€]{3,24})(?![^\s.,;:?!\"')])")
_SHOUT = re.compile(r"([!?,;:])\1+")
_DOTS = re.compile(r"\.{4,}")
_STRETCH = re.compile(r"([a-z])\1{3,}")
_SPACES = re.compile(r"[ \t\f\v\u1680]{2,}")

# i, l, 1, ! and | are one shape: which of them was meant shows only in the word.
_SHAPE = str.maketrans("013457@$!|+€i", "oleastasllte" + "l")


@cache
def _shapes() -> tuple[frozenset[str], dict[str, str], frozenset[str]]:
    """Known words, the same by shape, and the short ones that are written with dots inside."""
    data = load("shapes")
    words = frozenset(word for group in ("hidden", "plain") for line in data[group] for word in line.split())
    return words, {word.translate(_SHAPE): word for word in sorted(words)}, frozenset(data["short"])


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(word[:3] for word in _shapes()[0])


@cache
def _by_frame() -> dict[tuple[int, str, str], list[str]]:
    """Known words by length, first and last letter: what a word with stars in the middle still shows."""
    frames: dict[tuple[int, str, str], list[str]] = {}
    for word in sorted(_shapes()[0]):
        frames.setdefault((len(word), word[0], word[-1]), []).append(word)
    return frames


def _cased(word: str, like: str) -> str:
    return word.upper() if like.isupper() else word.capitalize() if like[:1].isupper() else word


def _without_invisibles(text: str) -> str:
    """Drops format characters and mark floods; unusual spaces become plain ones."""
    drop: dict[int, str | None] = {}
    marks: list[str] = []
    for char in set(text):
        category = unicodedata.category(char)
        if category in ("Cf", "Cs", "Co") or char in _BLANK or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
            drop[ord(char)] = None
        elif unicodedata.combining(char):
            marks.append(char)
        elif category == "Zs":
            drop[ord(char)] = " "
    text = text.translate(drop) if drop else text
    if marks:
        run = "".join(map(re.escape, marks))
        text = re.sub(rf"([{run}]{{{_MAX_MARKS}}})[{run}]+", r"\1", text)
    return text


def _fold_word(match: re.Match[str]) -> str:
    word = match.group()
    if not (_LATIN.search(word) and _TWIN.search(word)):
        return word
    folded = word.translate(_TWIN_TABLE)
    # A Greek letter next to capitals is a name (NFκB); one among small letters is a disguise.
    return _GREEK_INSIDE.sub(lambda m: _GREEK[m.group()], folded)


def _join_spaced(match: re.Match[str]) -> str:
    whole = match.group()
    words, _, short = _shapes()
    letters = whole.replace(match.group(1), "")
    # Two separators in a row stand for the gap between two words: "h o w  m a n y".
    separator = match.group(1)
    pieces = whole.split(separator * 2)
    if len(pieces) > 1 and all(pieces) and any(len(piece) > 1 for piece in pieces):
        return " ".join(_apart(piece.replace(separator, ""), words) for piece in pieces)
    if len(letters) >= 4:
        return " ".join(_split_known(letters, words))
    return letters if letters.lower() in words or letters.lower() in short else whole


def _apart(word: str, words: frozenset[str]) -> str:
    """ "Iwant" is "I want": a pronoun of one letter joins what follows it."""
    return f"{word[0]} {word[1:]}" if word[0] in "IiYy" and word.lower() not in words and word[1:].lower() in words else word


def _split_known(letters: str, words: frozenset[str]) -> list[str]:
    """Cuts "howmanypills" into known words, longest first; letters that fit no word stay together."""
    out: list[str] = []
    start = rest = 0
    lower = letters.lower()
    prefixes = _prefixes()
    while start < len(letters):
        if lower[start : start + 3] not in prefixes:
            start += 1
            continue
        for size in range(min(16, len(letters) - start), 2, -1):
            if lower[start : start + size] in words:
                if rest < start:
                    out.append(letters[rest:start])
                out.append(letters[start : start + size])
                start += size
                rest = start
                break
        else:
            start += 1
    if rest < len(letters):
        out.append(letters[rest:])
    # Scraps of one or two letters mean the cut was wrong: keep the word whole.
    return out if all(len(piece) > 2 or piece in ("I", "i") for piece in out) else [letters]


def _join_broken(match: re.Match[str]) -> str:
    whole = match.group()
    letters = re.sub(r"[.\-_*·~]", "", whole)
    words, _, short = _shapes()
    lower = letters.lower()
    if lower in short and "." in whole and "-" not in whole:
        return letters
    return letters if len(letters) >= 4 and lower in words else whole


def _unmask(match: re.Match[str]) -> str:
    whole = match.group()
    lower = whole.lower()
    for word in _by_frame().get((len(lower), lower[0], lower[-1]), ()):
        if all(star in ("*", letter) for star, letter in zip(lower, word, strict=True)):
            return _cased(word, whole.replace("*", ""))
    return whole


def _unleet(match: re.Match[str]) -> str:
    token = match.group(1)
    body = token.rstrip("!")  # an exclamation mark at the end is one
    if not any(char in "013457@$!|+€" for char in body) or not any(char.isalpha() for char in body):
        return match.group()
    word = _shapes()[1].get(body.lower().translate(_SHAPE))
    if word is None:
        return match.group()
    return match.group().replace(token, _cased(word, "".join(c for c in body if c.isalpha())) + token[len(body) :], 1)


def _once(text: str) -> str:
    text = _ORDINAL_DEGREE.sub(r"\1°", text.replace("\r\n", "\n").translate(_PUNCTUATION))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _without_invisibles(text)).translate(_PUNCTUATION)
        text = _LOOSE_MARK.sub("", text)
        if _TWIN.search(text) and (_LATIN.search(text) or _SMALL_CAPITALS.search(text)):
            text = _SMALL_CAPITALS.sub(lambda m: m.group().translate(_TWIN_TABLE), _WORD.sub(_fold_word, text))
    text = _INVISIBLE_ASCII.sub("", text)
    text = _SPACED.sub(_join_spaced, text)
    text = _BROKEN.sub(_join_broken, text)
    if "*" in text:
        text = _MASKED.sub(_unmask, text)
    text = _LEET.sub(_unleet, plain_reading(unleet_all(text)))
    text = _DOTS.sub("...", _SHOUT.sub(r"\1", text))
    return _SPACES.sub(" ", _STRETCH.sub(r"\1\1", text)).strip()


@lru_cache(maxsize=512)
def normalise(text: str) -> str:
    """The message as a person would read it: same words, same casing, disguises undone. Idempotent, never raises."""
    for _ in range(_MAX_ROUNDS):
        once = _once(text)
        if once == text:
            break
        text = once
    return text


def fold(text: str) -> str:
    """Lower case without accents, for matching words typed in a hurry (`fiebre`, `quimio`, `respiración`). Length may change."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    # Only Latin letters lose marks: a dakuten in Japanese or a vowel sign in Hindi is part of the letter.
    out = unicodedata.normalize("NFD", lowered)
    return unicodedata.normalize("NFC", _LOOSE_MARK.sub("", out))
