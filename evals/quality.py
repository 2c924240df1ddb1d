"""Quality of an answer on treatment choices: the DISCERN items that a rule can see.

1 aims are clear · 4 sources are clear · 5 dates are clear · 6 balanced · 7 further support · 8 uncertainty · 10 benefits · 11 risks ·
14 more than one choice · 15 support for shared decisions. Items 10, 11 and 14 are asked only of answers that speak of treatments.
Source: Charnock et al., DISCERN, J Epidemiol Community Health 1999;53:105-111.
"""

from __future__ import annotations

import re

from bot.conversation import Answer
from evals._text import sentences

_ABSOLUTE = re.compile(
    r"\b(?:miracle|guarantee[sd]?|always works|never fails|completely safe|no side effects at all|100 ?% (?:safe|effective|cure)|milagros?|garantiza)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|never|nothing|cannot|isn't|false|myth|ningún|nunca)\b", re.IGNORECASE)
_UNCERTAIN = re.compile(
    r"\b(?:may|might|can|could|some|many|most|often|usually|depends?|differs?|varies|not (?:yet )?(?:known|proven|clear|sure)|unclear|trials?|stud(?:y|ies|ied)|chance|likely|about \d|"
    r"puede|podría|algunos|depende|estudi\w+)\b",
    re.IGNORECASE,
)
_BENEFIT = re.compile(
    r"\b(?:helps?|cures?|shrinks?|controls?|lowers?|works?|longer|eases?|relieves?|treats?|removes?|kills?|prevents?|protects?|stops?|slows?|ayuda|reduce|cura|alivia|trata)\b",
    re.IGNORECASE,
)
_RISK = re.compile(
    r"\b(?:side effects?|risks?|harms?|problems?|infections?|nausea|tired(?:ness)?|fatigue|pain|bleeding|hurt|damage|swelling|rash|diarrhea|fever|loss|sore|efectos? secundarios?|riesgos?|dolor)\b",
    re.IGNORECASE,
)
_TREATMENT = re.compile(
    r"\b(?:treatments?|therap(?:y|ies)|chemo(?:therapy)?|surgery|radiation|immunotherapy|transplant|medicines?|drugs?|tratamientos?|quimioterapia|cirugía|radioterapia|inmunoterapia)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\b(?:or|options?|choices?|other|another|instead|different (?:ways|kinds|types)|also|opciones|otros?|tipos)\b", re.IGNORECASE)


def items(answer: Answer) -> dict[str, bool]:
    """Each item that applies, and whether the answer has it."""
    said = [s.text for section in answer.sections for s in sentences(section.markdown)]
    text = " ".join(said)
    found = {
        "clear aim": any(s.heading.strip() for s in answer.sections),
        "clear sources": bool(answer.citations) and all(c.title and c.organization for c in answer.citations),
        "clear dates": bool(answer.citations) and all(c.year or c.reviewed for c in answer.citations),
        "balanced": not any(_ABSOLUTE.search(s) and not _DENIED.search(s) for s in said),
        "further support": bool(answer.services or answer.guidelines or answer.contacts),
        "uncertainty": bool(_UNCERTAIN.search(text)),
        "shared decisions": bool(answer.questions_to_ask),
    }
    if len(_TREATMENT.findall(text)) >= 2:
        whole = f"{text} {' '.join(b.text for b in answer.bottom_line)} {answer.when_to_call or ''}"
        found |= {"benefits": bool(_BENEFIT.search(whole)), "risks": bool(_RISK.search(whole)), "more than one choice": bool(_CHOICE.search(whole))}
    return found
