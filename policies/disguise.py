"""Reads a message that is disguised as a whole: every word in leet ("h0w l0ng"), all of it backwards or in rot13.

A disguise is undone only when frequent words appear that were not there before, so that ordinary text, gene names and stages stay what they are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from functools import cache

from policies.lexicons import load

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# This many frequent words, and this share of all words, speak for a reading; as many in the text as it stands speak against it.
_ENOUGH, _SHARE, _AGAINST = 2, 0.3, 0.25
_LEAST_WORDS = 3
_LOOKED_AT = 2000

_TOKEN = re.compile(r"(?<![\w-])[a-zA-Z0-9@$!|+€]*[a-zA-Z][a-zA-Z0-9@$!|+€']*(?![\w-])|(?<![\w.,/-])[14](?![\w.,/%-])")
_LEET = str.maketrans("013457@$|+€", "oieastasite")
_SIGNS = re.compile(r"[013457@$|+€]|!(?=\w)")
# Genes, stages, mutations and lab names in capitals are no disguise.
_NAME = re.compile(r"^(?:[A-Z][A-Z0-9]*\d[A-Z0-9]*|[cpy]{0,2}[TNM]\d[a-d]?|[a-z]{1,4}\d{1,3})$")


@cache
def _frequent() -> frozenset[str]:
    """Frequent words of English and Spanish and those of `shapes.yaml`."""
    words = {word for language in ("en", "es") for word in load("languages")[language].split()}
    words |= {word for group in ("hidden", "plain") for line in load("shapes")[group] for word in line.split()}
    words |= set(load("shapes")["frequent"].split())
    return frozenset(words)


@cache
def _telling() -> frozenset[str]:
    """Those that are no word backwards or in rot13 as well."""
    words = _frequent()
    return frozenset(w for w in words if len(w) > 1 and w[::-1] not in words and codecs.encode(w, "rot13") not in words)


def _known(words: Iterable[str], among: frozenset[str]) -> int:
    return sum(word in among for word in words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:_LOOKED_AT].lower())


def plain_reading(text: str) -> str:
    """The message read backwards, word by word backwards or out of rot13 when only that makes sense; else as it is."""
    words = _words(text)
    if len(words) < _LEAST_WORDS:
        return text
    # What speaks for a reading says no more of order: words alone tell reversed from plain, then the whole is tried before its words.
    as_it_stands = _known(words, _telling())
    if as_it_stands > len(words) * _AGAINST:
        return text
    for reading in (text[::-1], codecs.encode(text, "rot13")):
        found = _known(_words(reading), _telling())
        if found >= _ENOUGH and found >= _SHARE * len(words) and as_it_stands <= _AGAINST * found:
            return reading
    return text


def unleet_all(text: str) -> str:
    """The message with every word in leet put right, when it is written so throughout."""
    if not _SIGNS.search(text):
        return text
    disguised = [word for word in _TOKEN.findall(text[:_LOOKED_AT]) if len(word) > 2 and _SIGNS.search(word) and not _NAME.match(word)]
    if len(disguised) < _ENOUGH:
        return text
    shown = {word for word in disguised if _best(word).lower() in _frequent()}
    if len(shown) < _ENOUGH or len(shown) < _SHARE * len(set(disguised)):
        return text
    return _TOKEN.sub(lambda match: _right(match, text), text)


def _best(word: str) -> str:
    """The word in letters; a 1 is an l where that makes a frequent word."""
    plain = word.replace("!", "i").translate(_LEET)
    if plain.lower() not in _frequent() and "1" in word:
        other = word.replace("1", "l").replace("!", "i").translate(_LEET)
        if other.lower() in _frequent() or "11" in word:
            return other
    return plain


def _right(match: re.Match[str], text: str) -> str:
    word = match.group()
    if word == "1":
        return "I"
    if word == "4":
        # "4 p1ll5" counts, "4 d053" is "a dose".
        following = text[match.end() : match.end() + 30].split()
        return word if not following or following[0].lower().rstrip(".,?!").endswith(("s", "5")) else "a"
    if not _SIGNS.search(word) or (_NAME.match(word) and word.lower() == word and _best(word).lower() not in _frequent()) or word.isupper():
        return word
    return _best(word)
