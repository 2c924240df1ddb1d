"""Expressions that look first whether a text holds any of the words they cannot do without: most texts hold none.

The words are read off the expression itself, so that the shortcut can never be narrower than it: `(?:take|use) the \\w+ dose` needs
" dose"; `\\d+ mg` a digit. Where nothing can be read off, or a text has letters whose other case is another letter, the expression is
simply tried. The result is the expression's own in every case.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from weakref import WeakSet

from policies.kept import kept

# Words tried one by one cost less than the expression up to about so many.
_MOST_WORDS = 160
# Alternatives written out in full, at most.
_MOST_STRINGS = 64
# Characters whose case folding is plain: Latin and its marks, dashes, quotes. Not the dotless i, the long s, or the micro sign.
_PLAIN = re.compile("[\\x00-\\xb4\\xb6-\\u012f\\u0132-\\u017e\\u2010-\\u2026]*")
_DIGITS = frozenset("0123456789")
_NUMBERS = _DIGITS | frozenset("½¼¾⅓⅔")

Strings = frozenset[str]
# For `sifted`: capitals count, or the text is in small letters anyway.
AS_TYPED = re.RegexFlag(0)


class Sifted:
    """An expression, case ignored unless flags say otherwise. `search`, `match`, `finditer`, `findall`, `sub` as those of `re.Pattern`, only faster.

    It is compiled when a text first holds what it needs: most texts hold nothing of most expressions, and compiling all takes a second.
    """

    __slots__ = ("__weakref__", "_compiled", "_flags", "_needs", "_source")

    def __init__(self, pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> None:
        self._source, self._flags = pattern, flags
        self._needs: tuple[str, ...] | None = None
        self._compiled: re.Pattern[str] | None = None
        _ALL.add(self)

    @property
    def pattern(self) -> re.Pattern[str]:
        """The plain expression."""
        if self._compiled is None:
            self._compiled = re.compile(self._source, self._flags)
        return self._compiled

    @property
    def needs(self) -> tuple[str, ...]:
        """Lower-case strings one of which every match holds; empty when none are known."""
        if self._needs is None:
            name = f"needs {int(self._flags)} {blake2b(self._source.encode(), digest_size=16).hexdigest()}"
            self._needs = tuple(kept(name, lambda: list(needed(self._source, self._flags))))
        return self._needs

    def may_match(self, text: str) -> bool:
        """Whether the text holds what a match needs."""
        needs = self.needs if self._needs is None else self._needs
        if not needs:
            return True
        lowered = _lowered(text)
        if lowered is None:
            return True
        for need in needs:  # noqa: SIM110 - half the time of `any`, a hundred times a turn
            if need in lowered:
                return True
        return False

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        return self.pattern.search(text, pos, endpos) if self.may_match(text) else None

    def match(self, text: str, pos: int = 0) -> re.Match[str] | None:
        return self.pattern.match(text, pos)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if self.may_match(text) else iter(())

    def findall(self, text: str) -> list[Any]:
        return self.pattern.findall(text) if self.may_match(text) else []

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        return self.pattern.sub(new, text, count) if self.may_match(text) else text


_ALL: WeakSet[Sifted] = WeakSet()


def read_needs() -> None:
    """Read off what every expression made so far needs, so that it is kept for the next start."""
    for one in list(_ALL):
        _ = one.needs


def compile_all() -> None:
    """Compile every expression made so far: by the way it costs the turn that first holds its words up to 12 ms."""
    for one in list(_ALL):
        _ = one.needs, one.pattern


@lru_cache(maxsize=64)
def _lowered(text: str) -> str | None:
    """The text in lower case, None when its letters fold in ways that lower case does not show."""
    return text.lower() if _PLAIN.fullmatch(text) else None


def sifted(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> Sifted:
    """The pattern, case ignored unless flags say otherwise."""
    return Sifted(pattern, flags)


def needed(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> tuple[str, ...]:
    """Strings, lower case, one of which stands in every match; none when the expression does not tell."""
    try:
        from re import _parser  # type: ignore[attr-defined]

        best = _needs(_parser.parse(pattern, int(flags)))
    except Exception:  # another Python's parser: the expression is then simply tried
        return ()
    return tuple(sorted(best, key=lambda s: (len(s), s))) if best and len(best) <= _MOST_WORDS else ()


def _needs(sequence: Iterable[Any]) -> Strings | None:
    """The most telling set of strings that a sequence cannot do without."""
    candidates: list[Strings] = []
    run: Strings = frozenset(("",))
    for node in sequence:
        exact = _exact(node)
        joined = frozenset(a + b for a in run for b in exact) if exact is not None and len(run) * len(exact) <= _MOST_STRINGS else None
        if joined is not None:
            run = joined
            continue
        candidates.append(run)
        run = exact if exact is not None else frozenset(("",))
        inner = _needs_of(node)
        if inner is not None:
            candidates.append(inner)
    candidates.append(run)
    told = [_shortest(c) for c in candidates if all(c)]
    return max(told, key=_telling, default=None)


def _telling(strings: Strings) -> tuple[bool, int, int]:
    # Few texts hold a digit; nearly all hold any one letter.
    shortest = 2 if strings <= _NUMBERS else min(map(len, strings))
    return (len(strings) <= _MOST_WORDS, min(shortest, 3), -len(strings))


def _shortest(strings: Strings) -> Strings:
    """Without those that hold another of them."""
    return frozenset(s for s in strings if not any(other != s and other in s for other in strings))


def _needs_of(node: Any) -> Strings | None:
    op, value = str(node[0]), node[1]
    if op == "SUBPATTERN":
        return _needs(value[3])
    if op == "ATOMIC_GROUP":
        return _needs(value)
    if op == "BRANCH":
        each = [_needs(branch) for branch in value[1]]
        return frozenset().union(*(e for e in each if e)) if all(each) else None
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] >= 1:
        return _needs(value[2])
    return None


def _exact(node: Any) -> Strings | None:
    """Everything that a node can match, when that is a handful of strings (zero-width nodes match the empty one)."""
    op, value = str(node[0]), node[1]
    if op == "LITERAL":
        return frozenset((chr(value).lower(),))
    if op in ("AT", "ASSERT", "ASSERT_NOT"):
        return frozenset(("",))
    if op == "IN":
        return _class(value)
    if op == "SUBPATTERN":
        return _exact_sequence(value[3])
    if op == "BRANCH":
        found: set[str] = set()
        for branch in value[1]:
            exact = _exact_sequence(branch)
            if exact is None or len(found) > _MOST_STRINGS:
                return None
            found |= exact
        return frozenset(found) if len(found) <= _MOST_STRINGS else None
    if op in ("MAX_REPEAT", "MIN_REPEAT") and value[1] == 1:
        exact = _exact_sequence(value[2])
        return exact | ({""} if value[0] == 0 else frozenset()) if exact is not None else None
    return None


def _exact_sequence(sequence: Iterable[Any]) -> Strings | None:
    run: Strings = frozenset(("",))
    for node in sequence:
        exact = _exact(node)
        if exact is None or len(run) * len(exact) > _MOST_STRINGS:
            return None
        run = frozenset(a + b for a in run for b in exact)
    return run


def _class(items: Iterable[Any]) -> Strings | None:
    """The characters of a class, when they are few."""
    found: set[str] = set()
    for item in items:
        op, value = str(item[0]), item[1]
        if op == "LITERAL":
            found.add(chr(value).lower())
        elif op == "RANGE" and value[1] - value[0] < 12:
            found |= {chr(code).lower() for code in range(value[0], value[1] + 1)}
        elif op == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            found |= _DIGITS
        else:
            return None
    return frozenset(found)
