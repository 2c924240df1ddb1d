"""Finds what a question takes for granted: the clauses it states, and the frame of false belief that they show (`lexicons/premises.yaml`).

"As her days are numbered, which charities …" never says that nothing can be done; it rests on it. A frame names the kind of belief
(no hope, only one way, cannot be avoided, all clear …); which of the library's beliefs answers it is for premise.py to choose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from policies.lexicons import load
from policies.literals import AS_TYPED, Sifted, sifted
from policies.normalise import fold
from policies.spoken import about_cancer, asks, asks_within

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
# A cue inside the question itself counts where it stands as a known thing: "this inevitable outcome", "his final weeks".
# A sentence that says it of some, or says that it need not be so, takes nothing for granted.
_OF_SOME = re.compile(
    r"\b(?:some|many|most) (?:people|patients|women|men|children|cases|cancers?|tumou?rs?)\b|\bnot (?:all|every|always|necessar\w+)\b|\bdoes(?:n.t| not) (?:mean|rule out)\b|\b(?:no|little) (?:\w+ )?evidence\b"
    r"|\b(?:lack|absence) of\b|\bno link\b|\bfrequently\b|\busually\b|\brarely\b|\bcould (?:be|still)\b|\btypically the\b|\bnot hereditary\b|\bgenerally\b|\bsometimes\b|\boften\b|\bcan (?:still |also )?(?:miss|hide|be wrong)\b|\bnothing to do with\b|\bmyth\b"
)
_POINTED = re.compile(r"\b(?:this|his|her|their|our|my|the|these|su|sus|este|esta)(?: \w+){0,2} $")
_LEAST_WORDS = 12


_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_STOP = frozenset(
    "cannot can't don't doesn't isn't aren't won't couldn't the and for are was were will would can could should does did has have had not but with from that this these those which what when where who whom how why its it's his her their our your my you they them than then"
    " into over under about after before because since there here been being also just only very much many more most some any all out off per get gets got make makes made take takes use used one two always never every"
    " que los las del una uno por para con como pero son era este esta esto ese esa eso mas muy hay ser puede cuando donde cual todo todos sin sobre entre".split()
)
_READ = 600


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ers", "ed", "es", "er", "ly", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=512)
def content(text: str) -> frozenset[str]:
    """The stems of the telling words of a message's beginning, numbers included."""
    return frozenset(_stem(word) for word in _WORD.findall(fold(text[:_READ])) if word not in _STOP)


@dataclass(frozen=True)
class Frame:
    """A kind of false belief. cues: how it shows; needs: what must stand beside it; unless: what makes it no belief of the person's own;
    marked: only where the person says so ("since", "we know"); corrected_by: which beliefs of the library answer it, best first."""

    name: str
    cues: Sifted
    needs: Sifted
    unless: Sifted
    corrected_by: tuple[str, ...]
    marked: bool


@cache
def frames() -> tuple[Frame, ...]:
    """The frames in the order of the file."""
    found = load("premises")["frames"]
    return tuple(
        Frame(
            name,
            sifted("|".join(f"(?:{cue})" for cue in f["cues"]), AS_TYPED),
            sifted(f["needs"], AS_TYPED),
            sifted(f["unless"], AS_TYPED),
            tuple(f["corrected_by"]),
            bool(f.get("marked")),
        )
        for name, f in found.items()
    )


@cache
def marker() -> re.Pattern[str]:
    """What stands before a clause that is taken for granted."""
    return re.compile(str(load("premises")["markers"]))


@cache
def _cancers() -> dict[str, Sifted]:
    return {start: sifted(rf"\b(?:{words})", AS_TYPED) for start, words in load("premises")["cancers"].items()}


def cancer_of(article: str) -> Sifted | None:
    """By which words a question names the one cancer that an article is about; None for a general article."""
    known = _cancers()
    return known.get(article) or known.get(article.split("-", 1)[0])


def cancers_in(plain: str) -> frozenset[Sifted]:
    """The cancers that a folded message names, as the expressions that `cancer_of` gives."""
    return frozenset(names for names in _cancers().values() if names.search(plain))


def taken_for_granted(text: str) -> list[Frame]:
    """What a message rests on, in the order of the file; nothing for a short question, which asks rather than assumes."""
    plain = fold(text)
    if len(plain.split()) < _LEAST_WORDS or not about_cancer(plain):
        return []
    sentences = [s.strip() for s in _SENTENCE.findall(plain) if s.strip()]
    found = []
    for frame in frames():
        if not frame.needs.search(plain) or frame.unless.search(plain):
            continue
        for sentence in sentences:
            cue = frame.cues.search(sentence)
            if cue is None or _OF_SOME.search(sentence):
                continue
            assumed = marker().search(sentence) is not None or _POINTED.search(sentence[: cue.start()]) is not None
            if assumed or not (frame.marked or asks(sentence) or asks_within(sentence[: cue.start()])):
                found.append(frame)
                break
    return found
