"""Keeps what is left readable when a sentence has fallen: no orphaned connective, no pointing back, no lost paragraph break."""

from __future__ import annotations

import re

_CONNECTIVE = re.compile(
    r"(\s*(?:\*\*|_)?)(?:however|but|also|additionally|in addition|besides|moreover|furthermore|still|yet|and|so|therefore|thus|hence|as a result|instead|for example|for instance|similarly|likewise"
    r"|on the other hand|meanwhile|then|that said|even so|in contrast|by contrast|sin embargo|además|también|por ejemplo|por eso|por lo tanto|pero|asimismo|en cambio|entonces)(?:,\s*|\s+(?=(?:the|some|many|most|your|other|a|an|los|las|el|la)\b))",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\W*(?:(?:it|they|this|that|these|those|he|she|both|neither|doing so|otherwise|if so|if not|such|ell[oa]s?|est[oae]s?|es[oae]s?|ambos|ambas|dicho|dicha)\b|(?:the )?(?:latter|former|same)\b)(?! is (?:okay|ok|normal|common to))",
    re.IGNORECASE,
)


def points_back(text: str) -> bool:
    """Whether a sentence makes sense only after the one before it ("It also …", "The latter …")."""
    return bool(_POINTS_BACK.match(text))


def wider_gap(gap: str, unit: str) -> str:
    """The stronger of two gaps: a blank line, a line break, a space."""
    space = unit[len(unit.rstrip()) :]
    return max(gap, space, key=lambda s: (s.count("\n"), len(s)))


def separator(shown: str, gap: str) -> str:
    """What to add so that a dropped unit's paragraph or line break is not lost with it."""
    if not shown:
        return ""
    have = shown[len(shown.rstrip()) :].count("\n")
    want = min(gap.count("\n"), 2)
    if want > have:
        return "\n" * (want - have)
    return "" if shown[-1].isspace() or not gap else " "


def without_connective(text: str) -> str:
    """ "However, many people …" → "Many people …"."""
    found = _CONNECTIVE.match(text)
    if not found:
        return text
    rest = text[found.end() :]
    return found.group(1) + rest[:1].upper() + rest[1:]
