"""Checks that an assembled answer carries the parts that every answer must carry, in every state.

Works on a plain mapping (the Answer as a dictionary), because policies do not know the bot. It never edits: an answer without its
notice is a defect of the assembly, and the caller sends the fixed safe reply instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from policies.verdict import Verdict

# Said to be AI, no clinician behind it, no advice: short words that the wording of each language must contain, any one of each group.
_NOTICE_SAYS = {
    "en": (("ai", "artificial intelligence"), ("not medical advice", "not give medical advice", "not a diagnosis", "no medical advice", "not advice")),
    "es": (
        ("ia", "inteligencia artificial"),
        ("no es consejo médico", "no es un consejo médico", "no sustituye", "no da consejo", "no es asesoramiento", "consejo médico"),
    ),
}
_SHOWN = frozenset({"answer", "redirect", "block", "escalate", "decline", "no_answer", "error"})


def _text(parts: Mapping[str, Any], key: str) -> str:
    value = parts.get(key)
    return value.strip() if isinstance(value, str) else ""


def missing_parts(parts: Mapping[str, Any]) -> list[str]:
    """Names of the required parts that are absent or not shown in `markdown`, in order.

    parts: notice, disclaimer, markdown, action, language, citations, bottom_line, records_upload, contacts as in the Answer.
    Raises nothing: a part of the wrong type counts as missing.
    """
    missing: list[str] = []
    action = _text(parts, "action")
    markdown = _text(parts, "markdown")
    if action not in _SHOWN:
        missing.append("action")
    for key in ("notice", "disclaimer"):
        words = _text(parts, key)
        if not words:
            missing.append(key)
        elif words not in markdown:
            missing.append(f"{key}_shown")
    both = f"{_text(parts, 'notice')} {_text(parts, 'disclaimer')}".lower()
    for number, group in enumerate(_NOTICE_SAYS.get(_text(parts, "language") or "en", _NOTICE_SAYS["en"])):
        if not any(re.search(rf"\b{words}\b", both) for words in group):
            missing.append(("notice_says_ai", "notice_says_no_advice")[number])
    if action == "escalate" and not parts.get("contacts"):
        missing.append("contacts")
    if action == "answer" and parts.get("bottom_line") and not parts.get("citations"):
        missing.append("citations")
    if action == "escalate" and parts.get("records_upload"):
        missing.append("no_upload_in_escalation")
    return missing


def check_answer(parts: Mapping[str, Any]) -> Verdict:
    """Policy "disclosure": fires when an assembled answer lacks a required part; `evidence` names which."""
    missing = missing_parts(parts)
    rule = f"disclosure.{missing[0]}" if missing else ""
    return Verdict(policy="disclosure", fired=bool(missing), rule=rule, score=1.0 if missing else 0.0, evidence=", ".join(missing))
