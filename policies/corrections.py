"""Chooses which belief of the library answers: the one written for it, never that of another cancer, in Spanish only what has a translation."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from policies.normalise import fold
from policies.presupposition import cancer_of, cancers_in
from policies.verdict import Myth, Vectors


class Corrections:
    """The beliefs of the library by article and words. Safe across threads: what is remembered is the same whoever works it out."""

    def __init__(self, myths: Sequence[Myth]) -> None:
        self._titles = [f"{myth.article}: {fold(myth.belief)}" for myth in myths]
        self._cancers = [cancer_of(myth.article) for myth in myths]
        self._spanish = ["es" in myth.languages for myth in myths]
        self._fitting: dict[str, tuple[int, ...]] = {}

    def best(self, patterns: Sequence[str], plain: str, language: str, near: Vectors | None = None) -> int:
        """The number of the belief that the first fitting pattern names, -1 for none.

        plain: the folded message. near: (beliefs,) how near each is in meaning; without it the first of equals is taken.
        """
        named = cancers_in(plain)
        for pattern in patterns:
            fit = self._fit(pattern, language)
            own = [i for i in fit if (names := self._cancers[i]) is not None and names in named]
            found = own or [i for i in fit if self._cancers[i] is None]
            if found:
                return found[0] if near is None else max(found, key=lambda i: float(near[i]))
        # "Reflux always turns into cancer" names no cancer, and only one article can mean it.
        return -1 if named else next((fit[0] for pattern in patterns if (fit := self._fit(pattern, language))), -1)

    def of_other_cancers(self, plain: str) -> npt.NDArray[np.bool_]:
        """(beliefs,) whether a message names cancers and none of them is the one that the belief's article is about."""
        named = cancers_in(plain)
        return np.array([bool(named) and names is not None and names not in named for names in self._cancers], dtype=bool)

    def narrower(self, plain: str) -> npt.NDArray[np.bool_]:
        """(beliefs,) whether a belief's article is about one cancer that the message does not name: for a general question it is no fit."""
        named = cancers_in(plain)
        return np.array([names is not None and names not in named for names in self._cancers], dtype=bool)

    def _fit(self, pattern: str, language: str) -> tuple[int, ...]:
        if pattern not in self._fitting:
            searched = re.compile(pattern)
            self._fitting[pattern] = tuple(i for i, title in enumerate(self._titles) if searched.search(title))
        return tuple(i for i in self._fitting[pattern] if language != "es" or self._spanish[i])
