"""Puts a question together that is sent in pieces ("how much" … "tamoxifen do people take" … "a day"), so that it is judged as it would be read.

Only short messages of which one hangs in the air: what follows a whole question stays a message of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Pieces looked at, words in each, words in all.
_MOST, _SHORT, _WHOLE = 6, 8, 30

# A message that ends here is not over …
_HANGS = re.compile(
    r"(?:^|\b)(?:a|an|the|my|his|her|our|your|this|these|some|any|of|for|to|in|on|at|with|from|by|per|about|after|before|because|if|when|while|than|or|and|but|so|that"
    r"|is|are|am|was|be|been|do|does|did|can|could|should|would|will|may|must|i|he|she|we|they|you|it|much|many|often|long|more|how|what|which|who|every|each|one|two|three|four|ten|\d+"
    r"|want|wanna|need|take|takes|took|taken|taking|give|gave|get|got|have|has|had|skip|skips|skipped|miss|missed|swallow|swallowed|feel|feels|end|ending|stop|start|thinking|mixing|mixed|people|someone|somebody|usual|daily|hangs|gives|holds|swallows|how (?:many|much) \w+"
    r"|un|una|el|la|los|las|de|del|para|por|con|en|mi|su|que|cuanto|cuanta|cuantos|cuantas|cada|quiero|no|puedo|debo|tomo|tome|es|y|o)[\s,:…-]*$|,\s*$",
    re.IGNORECASE,
)
# … and one that begins here belongs to what stood before.
_LEANS = re.compile(
    r"^\W*(?:to (?!whom)\w+|of\b|or\b|per\b|than\b|be\b|been\b|taken\b|given\b|a (?:day|week|month|night|time|dose|pill|tablet)\b|at a time\b|every (?:day|\w+ hours?)\b|each\b|al? d[ií]a\b|por d[ií]a\b|cada\b|de\b|anymore\b)",
    re.IGNORECASE,
)
_OVER = re.compile(r"[.!?]\s*$")


def joined(messages: Sequence[str]) -> str | None:
    """The question that the last messages make together, or None when each stands for itself. messages: oldest first."""
    run: list[str] = []
    for message in reversed(messages[-_MOST:]):
        if len(message.split()) > _SHORT or (run and _OVER.search(message)):
            break
        run.insert(0, message)
    if len(run) < 2 or sum(len(message.split()) for message in run) > _WHOLE:
        return None
    hangs = any(_HANGS.search(message) for message in run[:-1])
    return " ".join(run) if hangs or any(_LEANS.search(message) for message in run[1:]) else None
