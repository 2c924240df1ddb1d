"""Actionability: the items of AHRQ's PEMAT-A for printable material that a rule can see in a text.

Items 20 (an action is named), 21 (the reader is addressed), 22 (actions in steps), 23 (a tool to use) and, in our own reading of the
instrument, whom to turn to. Items 24–26 (calculations, charts, pictures) do not apply: there are none in an answer.
Source: AHRQ, Patient Education Materials Assessment Tool, user's guide (2013, updated 2020).
"""

from __future__ import annotations

import re

from bot.conversation import Answer
from evals._text import sentences

_ACTS = re.compile(
    r"\b(?:ask|tell|call|talk|bring|write|keep|take (?:someone|notes|a list)|get help|go to|let (?:your|the)|check with|look for|contact|visit|share|report|"
    r"pregunte|llame|hable|diga|lleve|escriba|avise|consulte)\b",
    re.IGNORECASE,
)
_YOU = re.compile(
    r"\b(?:you|your|yours|yourself|usted|su|sus)\b|^(?:ask|tell|call|talk|bring|write|keep|get|go|let|pregunte|llame|hable|diga|avise)\b", re.IGNORECASE
)
_LIST_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+\S", re.MULTILINE)
# Steps that make an action manageable; questions that make a checklist.
STEPS, CHECKLIST = 3, 3


def items(answer: Answer) -> dict[str, bool]:
    """Each item, and whether the answer has it."""
    said = " ".join(s.markdown for s in answer.sections)
    whole = [s.text for s in sentences(answer.markdown)]
    acts = [s for s in whole if _ACTS.search(s)]
    steps = len(answer.questions_to_ask) + len(_LIST_ITEM.findall(answer.when_to_call or "")) + len(_LIST_ITEM.findall(said))
    return {
        "names an action": bool(acts) or bool(answer.questions_to_ask),
        "addresses the reader": any(_YOU.search(s) for s in acts),
        "breaks it into steps": steps >= STEPS,
        "gives a checklist": len(answer.questions_to_ask) >= CHECKLIST,
        "says whom to turn to": bool(answer.when_to_call or answer.services or answer.contacts or answer.records_upload),
    }
