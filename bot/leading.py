"""Puts what answers the question first: the sentence of a section that speaks of what was asked, with what it leans on, before the rest.

A section often answers more than was asked (“What tests and stages are there?” for “What does stage 3 mean?”); a person reads the top.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.articles import split_sentences
from knowledge.passages import Evidence, Passage
from knowledge.question import aspects
from knowledge.words import GENERIC, stems

# Sentences at the top that are read anyway: an answer there stays where it is.
TOP = 2
_AROUND = frozenset(
    "before after during again never always their other about which where there until since without between through question recover recovery exactly".split()
)
# Letters of a word that says what was asked.
TELLING = 5
_ROMAN = {"0": "0", "1": "i", "2": "ii", "3": "iii", "4": "iv"}
_STAGE = re.compile(r"\b(?:stage|grade|etapa|estadio)s?\s+(?P<n>[0-4]|i{1,3}|iv)\b", re.IGNORECASE)
# Other words in which a text answers what such a question asks.
_ALIKE = (
    (re.compile(r"\b(?:hereditary|inherit\w*|genetic|runs? in)\b", re.IGNORECASE), re.compile(r"\bfamil|\binherit|\bgene\b|\bgenes\b", re.IGNORECASE)),
    (
        re.compile(r"\b(?:causes?|raises?|risk|increases?|gets?)\b", re.IGNORECASE),
        re.compile(r"\b(?:main )?causes?\b|\braises? the (?:risk|chance)", re.IGNORECASE),
    ),
    (re.compile(r"\b(?:cost|pays?|insurance|afford|cover)\b", re.IGNORECASE), re.compile(r"\bpays?\b|\bcosts?\b|\bcover", re.IGNORECASE)),
    (
        re.compile(r"\bhow long\b|\bhow soon\b|\bwhen (?:do|does|will)\b", re.IGNORECASE),
        re.compile(r"\b(?:hours?|days?|weeks?|months?|years?)\b", re.IGNORECASE),
    ),
    (re.compile(r"\bas good as\b|\bbetter than\b", re.IGNORECASE), re.compile(r"\blived as long\b|\bas well as\b|\bsame length of life\b", re.IGNORECASE)),
)
# A section that opens with its verdict has its answer first.
_VERDICT = re.compile(r"^\W*(?:yes|no|not|often|sometimes|usually|rarely|very rarely|maybe|mostly|almost|it depends|a little|sí)\b", re.IGNORECASE)
# A turn of speech that asks for nothing: “scared to death”.
_IDIOM = re.compile(r"\bto death\b|\bdying to (?:know|find out|hear)\b|\bfor the life of me\b", re.IGNORECASE)
# A sentence that leans on the one before it.
_LEANS = re.compile(
    r"^\W*(?:(?:common|other|some|most|newer|older|rare) (?:ones|examples|kinds)|it|its|they|their|them|this|that|these|those|he|she|both|others?|another|also|but|so|and|then|here|there|such|some of|most of|in that|in this|for this|monitoring in that)\b|"
    r"\b(?:with it|that trial|those findings|also|either|too)\b(?![^.]*:)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Unit:
    """A sentence or list item and where it stood."""

    evidence: int
    line: int
    text: str
    item: bool


def led(passage: Passage, question: str) -> Passage:
    """The passage with the sentences that answer the question first; itself when they stand there already or none does so more than others."""
    question = _IDIOM.sub(" ", question)
    heading = f"{passage.section} {passage.title}"
    # Short words (“one”, “care”) stand everywhere and tell nothing.
    focus = frozenset(w for w in (stems(question) - stems(heading)) - GENERIC - _AROUND if len(w) >= TELLING or (len(w) > 1 and any(c.isdigit() for c in w)))
    stage = _stages(question) - _stages(passage.section)
    likes = [said for asked, said in _ALIKE if asked.search(question) and not said.search(passage.section)]
    asked = aspects(question) - {"definition", "help"}
    wanted, told = asked - aspects(passage.section), asked & aspects(passage.section)
    if not (focus or stage or likes) or _VERDICT.match(passage.text):
        return passage
    units = _units(passage)
    scores = [
        2.0 * len(focus & stems(u.text))
        + 4 * len(stage & _stages(u.text))
        + 2 * sum(bool(x.search(u.text)) for x in likes)
        + len(wanted & aspects(u.text))
        # An outlook that is asked for is not told by a sentence on late effects that says “young”.
        + 2 * bool(told & aspects(u.text))
        for u in units
    ]
    # A question to ask is no answer.
    scores = [0.0 if u.text.endswith("?") else score for u, score in zip(units, scores, strict=True)]
    best = max(scores, default=0.0)
    if best < 2 or best <= max(scores[:TOP], default=0.0):
        return passage
    ties = [i for i, score in enumerate(scores) if score == best]
    at = next((i for i in ties if not _LEANS.search(units[i].text)), ties[0])
    group = [at]
    while _LEANS.search(units[group[0]].text) and group[0] > 0 and len(group) < 3:
        group.insert(0, group[0] - 1)
    if _LEANS.search(units[group[0]].text):
        return passage
    while group[-1] + 1 < len(units) and len(group) < 3 and (_LEANS.search(units[group[-1] + 1].text) or scores[group[-1] + 1] >= best):
        group.append(group[-1] + 1)
    return _moved(passage, units, group)


def _stages(text: str) -> frozenset[str]:
    return frozenset(_ROMAN.get(m.group("n"), m.group("n").lower()) for m in _STAGE.finditer(text))


def _units(passage: Passage) -> list[_Unit]:
    found: list[_Unit] = []
    for number, evidence in enumerate(passage.evidence):
        for line, text in enumerate(evidence.text.split("\n")):
            if text.startswith("- "):
                found.append(_Unit(number, line, text[2:], True))
            else:
                found += [_Unit(number, line, s.text, False) for s in split_sentences(text)]
    return found


def _moved(passage: Passage, units: list[_Unit], group: list[int]) -> Passage:
    """The group's sentences as running text at the front, everything else in its order, each with its own source."""
    order = [units[i] for i in group]
    rest = [u for i, u in enumerate(units) if i not in group]
    pieces: list[Evidence] = [passage.evidence[u.evidence].model_copy(update={"text": u.text}) for u in order]
    last: _Unit | None = None
    for unit in rest:
        text = f"- {unit.text}" if unit.item else unit.text
        if last is not None and last.evidence == unit.evidence:
            joint = " " if (last.line, last.item) == (unit.line, unit.item) else "\n"
            pieces[-1] = pieces[-1].model_copy(update={"text": f"{pieces[-1].text}{joint}{text}"})
        else:
            pieces.append(passage.evidence[unit.evidence].model_copy(update={"text": text}))
        last = unit
    return passage.model_copy(update={"evidence": tuple(pieces)})
