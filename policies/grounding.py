"""Stops a factual sentence that its own citations do not support.

1. A citation number that was never given falls. 2. A sentence with a fact and no citation falls; questions, headings and
orientation ("Ask your team …", "It is okay to feel scared.") need none. 3. Its numbers, stages, genes, medicines and cancers must stand in what it
cites. 4. Its words must mostly be there too, and mean the same: no dropped or added "not", no opposite, nothing stronger than the source. In the grey zone
the encoder, where one is handed in, decides on likeness; it can never overrule 1–3.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

import numpy as np

from policies.claims import Names, is_rounded, names_for, numbers, spelled_out, stages, symbols
from policies.likeness import Sense, sense, support
from policies.normalise import normalise
from policies.polarity import contradiction
from policies.reading import visible, without_markup
from policies.sentences import kind_of
from policies.verdict import Draft, Encoder, Lexicon, Vectors, Verdict

# Share of its content words that one evidence sentence must have for a claim to rest on it, whatever the encoder says. In evals/completions
# 6 of 10 sound sentences reach it, and 3 in 1,000 that cite the wrong passage of the right article.
SUPPORTED = 0.60
# Without an encoder: the share that all the cited evidence together must have.
SUPPORTED_BY_ALL = 0.57
# In other words than the source's: likeness to the nearest evidence sentence (cosine), less what any sentence on the subject has, plus the words.
# Weights and threshold from one half of evals/completions (sound against mis-cited), measured on the other: `python -m evals.bench.gate`.
SUBJECT, WORDS, ALL_WORDS, ENOUGH = -0.4, 0.9, 0.2, 0.62
# "Nearly 60 %" for 59 of 100: what a share that says so may be rounded by.
ROUNDING = 0.01
# Vectors of sentences kept, 1.5 kB each.
_VECTORS_KEPT = 4096
_PIECES_COMPARED = 40

_CITATION = re.compile(r"\[\^?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
# The head of a table that compares: an empty corner, then names. It is a heading.
_TABLE_HEAD = re.compile(r"[ \t]*\|[ \t]*(?:\|[ \t]*(?:(?=[^\s|]*[^\W\d_])[^\s|.!?%]+[ \t]*){1,8}){1,4}\|\s*$")
_SENTENCE = re.compile(r"(?<=[.!?])(?:\s*\[[\d,\s]+\])*\s+(?=[\"'“‘(¿¡*]*[A-ZÁÉÍÓÚÑ0-9])")
_LABEL = re.compile(
    r"^\W*(?:\*\*)?(standard|promising(?:, under study)?|not recommended|estándar|prometedor(?:, en estudio)?|no recomendado)(?:\*\*)?\s*:", re.IGNORECASE
)
_LABEL_ANYWHERE = re.compile(
    r"(?:^|[.?!]\s+)(standard|promising(?:, under study)?|not recommended|estándar|prometedor(?:, en estudio)?|no recomendado):", re.IGNORECASE
)
_LABELS = {"s": "standard", "e": "standard", "p": "promising", "n": "not_recommended"}

# Speech acts to the reader: what they lead to is somebody to reach or a question to put, not a fact.
_ORIENTING = re.compile(
    r"^\W*(?:(?:please|also|then|and|or|so|first|next|if you can|at (?:your|the) (?:next )?visit),?\s+)*(?:(?:you (?:can|may|might|could)(?: also| want to| wish to| find it helpful to)*|it (?:helps|can help|may help|is a good idea|is okay|is ok|is fine) to|some people (?:choose|like) to|many people find it helps to)\s+)?"
    r"(?:ask|tell|talk|speak|bring|call|contact|write|keep|reach|take (?:someone|notes|a list|your time|a friend)|check with|get (?:help|emergency|medical help|care)|go to|say|share|find out|let|seek|learn more|discuss|pregunte|llame|hable|diga|lleve|escriba|consulte|busque|pida|cuente|avise|vaya)\b",
    re.IGNORECASE,
)
_COMFORT = re.compile(
    r"^\W*(?:it is (?:okay|ok|normal|natural|common|understandable) to (?:feel|be|cry|need|ask|have (?:questions|many questions))|you are not alone|you do not have to|this (?:is|can be|may be) (?:hard|a lot|scary|not easy|a hard|a difficult)|i(?:'m| am) (?:so |very )?sorry|take (?:your time|a breath)"
    r"|(?:your|the) (?:care |health care |medical |cancer )?(?:team|doctor|doctors|nurse|nurses|pharmacist) (?:can|will|may) (?:help|tell|explain|answer|talk|go over|guide|support|listen|know)|here (?:is|are)|below (?:is|are)|these are|this (?:page|answer|text)|the library does not|the sources do not|our library"
    r"|good questions|questions to ask|many people (?:feel|find)|there is no (?:silly|bad|wrong) question|es normal|no está sol|su equipo (?:puede|le)|su médico puede|esta página|la biblioteca no|las fuentes no|siento mucho|usted no tiene que)\b",
    re.IGNORECASE,
)
_IF_CALL = re.compile(
    r"^\W*(?:if|when|si|cuando)\b[^.]*\b(?:call|ask|tell|talk|contact|go to|get (?:help|care|emergency|medical)|speak|let your|llame|hable|pregunte|acuda|vaya|avise)\b",
    re.IGNORECASE,
)
# A fact inside a speech act: "Ask your team, because vitamin C cures cancer."
_BECAUSE = re.compile(
    r"\b(?:because|since|as (?:it|this|they|these)|which (?:is|are|can|will|has)|that (?:cures?|works|will)|porque|ya que|pues)\b|[;:]\s+\w|\b(?:cures?|curan?|guarantee\w*|shrinks?|kills?|proven)\b",
    re.IGNORECASE,
)
_RHETORICAL = re.compile(
    r"\b(?:did|do) you know\b|\b(?:isn't|aren't|doesn't|don't|didn't|wasn't|won't|can't) (?:it|that|you|they|there|this)\b|\bright\?|\bwho knew\b|^\W*¿?sab[íi]as? ",
    re.IGNORECASE,
)
_PHONES = re.compile(r"\b(?:911|988|112|999|1-800-4-cancer|1-800-[\d-]{7,}|24[- ](?:hour|hora)s?)\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def _plain(passage: str) -> str:
    return normalise(without_markup(passage))


@lru_cache(maxsize=256)
def _pieces(evidence: str) -> tuple[str, ...]:
    """The evidence in sentences."""
    return tuple(p for p in re.split(r"(?<=[.!?])\s+|\n+", evidence) if p.strip())


def _bare(sentence: str) -> str:
    return sentence.strip().rstrip(".").rstrip()


@lru_cache(maxsize=256)
def _sentences_of(evidence: str) -> frozenset[str]:
    """The evidence's sentences as `_bare` gives them."""
    return frozenset(_bare(visible(piece)) for piece in _pieces(evidence))


class Grounding:
    """Output policy "grounding". Without passages (`Draft.passages is None`) it has nothing to say."""

    name = "grounding"

    def __init__(self, lexicon: Lexicon | None = None, encoder: Encoder | None = None) -> None:
        self._names: Names = names_for(lexicon)
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}  # evidence sentences come again with every answer that rests on them
        self._lock = Lock()

    def judge(self, draft: Draft) -> Verdict:
        if draft.passages is None:
            return Verdict(policy=self.name, fired=False)
        rule, evidence = self._find(draft, draft.passages)
        return Verdict(policy=self.name, fired=bool(rule), rule=f"grounding.{rule}" if rule else "", score=1.0 if rule else 0.0, evidence=evidence)

    def _find(self, draft: Draft, passages: dict[int, str]) -> tuple[str, str]:
        unit = draft.sentence
        cited = [int(n) for group in _CITATION.findall(unit) for n in re.split(r"[,;]", group)]
        for n in cited:
            if n not in passages:
                return "unknown_citation", f"[{n}]"
        kind = kind_of(unit)
        plain = visible(_CITATION.sub("", unit))
        if not any(c.isalnum() for c in plain):
            return "", ""
        if (kind in ("heading", "rule", "fence", "intro") or _TABLE_HEAD.match(unit)) and not cited:
            return self._only_known_names(plain, draft, passages)
        evidence = " ".join(_plain(passages[n]) for n in dict.fromkeys(cited))
        for sentence in _SENTENCE.split(plain):
            if not any(c.isalpha() for c in sentence):
                continue
            if cited:
                found = self._unsupported(sentence, evidence, passages, cited)
            elif self._needs_none(sentence):
                found = self._only_known_names(sentence, draft, passages)
            else:
                found = "uncited", sentence
            if found[0]:
                return found
        return "", ""

    def _needs_none(self, sentence: str) -> bool:
        """Whether a sentence without a citation is a question or orientation, with no fact hidden in it."""
        if sentence.rstrip().endswith("?"):
            return not _RHETORICAL.search(sentence)
        without_phones = _PHONES.sub("", sentence)
        if _BECAUSE.search(without_phones) and not _COMFORT.match(sentence):
            return False
        if _COMFORT.match(sentence):
            return (
                not re.search(r"\d", without_phones)
                and len(sentence.split()) <= 30
                and not re.search(r"\b(?:cures?|curan?|guarantee\w*|shrinks?|kills?|proven)\b", sentence)
            )
        return bool(_ORIENTING.match(sentence) or _IF_CALL.match(sentence)) and not re.search(r"\d", without_phones)

    def _only_known_names(self, sentence: str, draft: Draft, passages: dict[int, str]) -> tuple[str, str]:
        """A heading or question may name only what the question or some passage names."""
        known = f"{draft.question} " + " ".join(_plain(p) for p in passages.values())
        missing = self._names.medicines(sentence) - self._names.medicines(known)
        if missing:
            return "name", ", ".join(sorted(missing))
        invented = {n for n in numbers(_PHONES.sub("", sentence)) if n[1] and not _has_number(n, known)}
        if invented and not sentence.rstrip().endswith("?"):
            return "number", str(sorted(invented))
        strong = re.search(r"\b(?:cures?|guarantee\w*|miracle|proven|curan?)\b", sentence, re.IGNORECASE)
        if strong and not sentence.rstrip().endswith("?") and strong.group().lower() not in known.lower():
            return "meaning", strong.group()
        return "", ""

    def _unsupported(self, sentence: str, evidence: str, passages: dict[int, str], cited: list[int]) -> tuple[str, str]:
        """(rule, what) of the first thing that the cited evidence does not carry."""
        if _bare(sentence) in _sentences_of(evidence):
            return "", ""  # the source's own sentence, word for word
        label = _LABEL.match(sentence)
        if label:
            given = {_LABELS[x[0].lower()] for n in cited for x in _LABEL_ANYWHERE.findall(_plain(passages[n]))}
            if given and _LABELS[label.group(1)[0].lower()] not in given:
                return "standing", label.group(1)
            sentence = sentence[label.end() :].strip() or sentence
        rounded = ROUNDING if is_rounded(sentence) else 0.0
        missing_numbers = {n for n in numbers(sentence) if not _has_number(n, evidence, rounded)}
        if missing_numbers:
            return "number", ", ".join(" ".join(n).strip() for n in sorted(missing_numbers))
        for rule, found in (
            ("stage", stages(sentence) - stages(evidence)),
            ("symbol", {s for s in symbols(sentence) if s not in re.sub(r"[-\s/]", "", evidence.lower()) and not spelled_out(s, evidence)}),
            ("name", self._names.medicines(sentence) - self._names.medicines(evidence)),
        ):
            if found:
                return rule, ", ".join(sorted(found))
        claim, base = sense(sentence), sense(evidence)
        other_cancers = {
            c for c in self._names.cancers(sentence) if not any(s.startswith(c) or c.startswith(s) for s in base.stems) and not spelled_out(c, evidence)
        }
        if other_cancers:
            return "cancer", ", ".join(sorted(other_cancers))
        if self._needs_none(sentence):
            return "", ""  # it would stand without a citation; one more does no harm
        return self._meaning(sentence, claim, base, evidence)

    def _meaning(self, sentence: str, claim: Sense, base: Sense, evidence: str) -> tuple[str, str]:
        pieces = _pieces(evidence)
        for kind, named in (("stage", stages), ("name", self._names.medicines)):
            pieces, mixed_up = _of_the_same(sentence, claim, pieces, named)
            if mixed_up:
                return kind, mixed_up
        against = contradiction(sentence, pieces)
        if against:
            return "contradicts", against
        nearest = max((support(claim, sense(piece)) for piece in pieces), default=0.0)
        if nearest >= SUPPORTED:
            return "", ""
        share = support(claim, base)
        if self._encoder is None:
            return ("", "") if share >= SUPPORTED_BY_ALL else ("unsupported", f"{share:.2f} of the words")
        near, subject = self._likeness(sentence, pieces)
        score = near + SUBJECT * subject + WORDS * nearest + ALL_WORDS * share
        return ("", "") if score >= ENOUGH else ("unsupported", f"{share:.2f} of the words, likeness {near:.2f}")

    def _likeness(self, sentence: str, pieces: tuple[str, ...]) -> tuple[float, float]:
        """Cosine of the sentence to the nearest piece, and to what the pieces are about together. What is new is encoded in one call."""
        assert self._encoder is not None
        if not pieces:
            return 0.0, 0.0
        texts = (sentence, *pieces[:_PIECES_COMPARED])
        with self._lock:
            held = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in dict.fromkeys(texts) if text not in held]
        if new:
            held.update(zip(new, self._encoder.encode(new), strict=True))
            with self._lock:
                self._vectors.update({text: held[text] for text in new})
                while len(self._vectors) > _VECTORS_KEPT:
                    del self._vectors[next(iter(self._vectors))]
        claim, evidence = held[sentence], np.stack([held[text] for text in texts[1:]])
        subject = evidence.mean(axis=0)
        return float((evidence @ claim).max()), float(subject @ claim / (np.linalg.norm(subject) or 1.0))


def _of_the_same(sentence: str, claim: Sense, pieces: tuple[str, ...], named: Callable[[str], frozenset[str]]) -> tuple[tuple[str, ...], str]:
    """The evidence without the sentences on another stage or medicine than the one the claim names, and a word that only those have:
    "stage II has spread to the bones", where the source says so of stage IV."""
    mine = named(sentence)
    if len(mine) != 1:
        return pieces, ""
    by_name = [(piece, named(piece)) for piece in pieces]
    if not any(mine & names for _, names in by_name):
        return pieces, ""
    kept = tuple(piece for piece, names in by_name if not names or mine & names)
    others = frozenset().union(*(sense(piece).stems for piece, names in by_name if names and not mine & names))
    of_kept = sense(" ".join(kept))
    return kept, min((s for s in claim.stems & others if not support(Sense(frozenset((s,)), frozenset()), of_kept)), default="")


@lru_cache(maxsize=256)
def _numbers_of(evidence: str) -> frozenset[tuple[str, str]]:
    return numbers(evidence)


def _share(number: tuple[str, str]) -> float:
    """A percentage or a ratio as a share, so that "60 %" and "6 in 10" are equal."""
    value, _, whole = number[0].partition("/")
    return round(float(value) / (float(whole) if whole and float(whole) else 100.0), 3)


def _has_number(number: tuple[str, str], evidence: str, rounded: float = 0.0) -> bool:
    """Whether the evidence has the number counting the same thing; where the sentence does not say what, the value is enough.

    rounded: how far a share may be from the source's.
    """
    value, kind = number
    given = _numbers_of(evidence)
    if number in given:
        return True
    if kind in ("%", "ratio") and any(abs(_share(number) - _share(n)) <= rounded + 0.0005 for n in given if n[1] in ("%", "ratio")):
        return True
    if kind in ("", "times"):
        return any(v == value or value in v.split("/") for v, _ in given)
    # The evidence may name the unit once for two values ("5 to 10 years").
    return (value, "") in given and any(k == kind for _, k in given)
