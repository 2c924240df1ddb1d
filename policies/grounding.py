"""Stops a factual sentence that its own citations do not support.

1. A citation number that was never given falls. 2. A sentence with a fact and no citation falls; questions, headings and
orientation ("Ask your team …", "It is okay to feel scared.") need none. 3. Its numbers, stages, genes, medicines and cancers must stand in what it
cites. 4. Its words must mostly be there too, and mean the same: no dropped or added "not", no opposite, nothing stronger than the source. In the grey zone
the encoder, where one is handed in, decides on likeness; it can never overrule 1–3.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from policies.claims import Names, names_for, numbers, stages, symbols
from policies.likeness import Sense, contradiction, opposition, sense, support
from policies.normalise import normalise
from policies.reading import visible, without_markup
from policies.sentences import kind_of
from policies.verdict import Draft, Encoder, Lexicon, Vectors, Verdict

# Share of content words that the evidence must have. Above the first it is enough alone, below the second nothing helps.
SUPPORTED, HOPELESS = 0.57, 0.34
# Cosine between the sentence and the nearest evidence sentence that settles the grey zone.
NEAR = 0.62

_CITATION = re.compile(r"\[\^?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
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


class Grounding:
    """Output policy "grounding". Without passages (`Draft.passages is None`) it has nothing to say."""

    name = "grounding"

    def __init__(self, lexicon: Lexicon | None = None, encoder: Encoder | None = None) -> None:
        self._names: Names = names_for(lexicon)
        self._encoder = encoder
        self._vectors = lru_cache(maxsize=256)(self._encode)

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
        if kind in ("heading", "rule", "fence", "intro") and not cited:
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
        label = _LABEL.match(sentence)
        if label:
            given = {_LABELS[x[0].lower()] for n in cited for x in _LABEL_ANYWHERE.findall(_plain(passages[n]))}
            if given and _LABELS[label.group(1)[0].lower()] not in given:
                return "standing", label.group(1)
            sentence = sentence[label.end() :].strip() or sentence
        missing_numbers = {n for n in numbers(sentence) if not _has_number(n, evidence)}
        if missing_numbers:
            return "number", ", ".join(" ".join(n).strip() for n in sorted(missing_numbers))
        for rule, found in (
            ("stage", stages(sentence) - stages(evidence)),
            ("symbol", {s for s in symbols(sentence) if s not in re.sub(r"[-\s/]", "", evidence.lower())}),
            ("name", self._names.medicines(sentence) - self._names.medicines(evidence)),
        ):
            if found:
                return rule, ", ".join(sorted(found))
        claim, base = sense(sentence), sense(evidence)
        other_cancers = {c for c in self._names.cancers(sentence) if not any(s.startswith(c) or c.startswith(s) for s in base.stems)}
        if other_cancers:
            return "cancer", ", ".join(sorted(other_cancers))
        return self._meaning(sentence, claim, base, evidence)

    def _meaning(self, sentence: str, claim: Sense, base: Sense, evidence: str) -> tuple[str, str]:
        share = support(claim, base)
        if share < HOPELESS:
            return "unsupported", f"{share:.2f} of the words"
        # What a sentence says is compared with the evidence sentences nearest to it, not with the passage's every "not".
        scored = sorted(((support(claim, sense(p)), p) for p in _pieces(evidence)), key=lambda x: -x[0])
        best = scored[0][0] if scored else 0.0
        near = [sense(p) for s, p in scored if s >= best - 0.15][:3]
        around = [sense(p) for s, p in scored if s >= best - 0.25][:3]
        # An opposite shows in the nearest sentence; a denial may be told in the one beside it.
        if near and (all(opposition(claim, p) for p in near) or all(contradiction(claim, p) for p in around)):
            return "contradicts", contradiction(claim, base) or contradiction(claim, near[0])
        if share >= SUPPORTED:
            return "", ""
        if self._encoder is not None:
            likeness = float(np.max(self._vectors(evidence) @ self._vectors(sentence)[0]))
            return ("", "") if likeness >= NEAR else ("unsupported", f"{share:.2f} of the words, likeness {likeness:.2f}")
        return "unsupported", f"{share:.2f} of the words"

    def _encode(self, text: str) -> Vectors:
        assert self._encoder is not None
        return self._encoder.encode(list(_pieces(text))[:40] or [text])


@lru_cache(maxsize=256)
def _numbers_of(evidence: str) -> frozenset[tuple[str, str]]:
    return numbers(evidence)


def _share(number: tuple[str, str]) -> float:
    """A percentage or a ratio as a share, so that "60 %" and "6 in 10" are equal."""
    value, _, whole = number[0].partition("/")
    return round(float(value) / (float(whole) if whole and float(whole) else 100.0), 3)


def _has_number(number: tuple[str, str], evidence: str) -> bool:
    """Whether the evidence has the number counting the same thing; where the sentence does not say what, the value is enough."""
    value, kind = number
    given = _numbers_of(evidence)
    if number in given:
        return True
    if kind in ("%", "ratio") and _share(number) in {_share(n) for n in given if n[1] in ("%", "ratio")}:
        return True
    if kind in ("", "times"):
        return any(v == value or value in v.split("/") for v, _ in given)
    # The evidence may name the unit once for two values ("5 to 10 years").
    return (value, "") in given and any(k == kind for _, k in given)
