"""An optional judge behind the rules: a model asked in one word what a turn wants. It can only make the outcome stricter.

Off unless a setting names a model. Slow, broken or unclear, it changes nothing: the rules' verdict stands, and the log says *failed*.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from policies.verdict import Action, Verdict

log = logging.getLogger(__name__)

# What the judge may say, and the policy that it then speaks for.
WORDS = ("general", "crisis", "emergency", "poisoning", "dosing", "harmful", "personal", "elsewhere")
_STRICTNESS: dict[Action, int] = {"answer": 0, "decline": 1, "redirect": 1, "block": 2, "escalate": 3}
_WAITING = 4  # asked at once; a judge that hangs must not pile up threads

# Finds the one word in an answer that may be wrapped in a sentence.
_SAID = re.compile(r"\b(" + "|".join(WORDS) + r")\b", re.IGNORECASE)


def stricter(now: Action, then: Action) -> bool:
    """Whether `then` keeps more from a person than `now`; of two that are as strict, the rules' stands."""
    return _STRICTNESS[then] > _STRICTNESS[now]


class SecondOpinion:
    """Asks for one word with a time limit. ask: the conversation's messages (identifiers masked) → what the model said; it may raise."""

    def __init__(self, ask: Callable[[Sequence[str]], str], time_limit_seconds: float = 4.0) -> None:
        self._ask = ask
        self._limit = time_limit_seconds
        self._pool = ThreadPoolExecutor(_WAITING, thread_name_prefix="judge")

    def verdict(self, messages: Sequence[str]) -> Verdict | None:
        """The policy that the judge would have fire, `general` when none, or None when it failed. Never raises."""
        try:
            said = self._pool.submit(self._ask, tuple(messages)).result(self._limit)
        except Exception as error:
            # The message may quote the person: log the type only.
            log.error("judge failed: %s", "over its time limit" if isinstance(error, TimeoutError) else type(error).__name__)
            return None
        found = {word.lower() for word in _SAID.findall(said)}
        if len(found) != 1:
            log.error("judge failed: no single word of its list")
            return None
        word = found.pop()
        return Verdict({"elsewhere": "scope"}.get(word, word), word != "general", f"{word}.judge", 1.0)
