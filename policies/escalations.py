"""Remembers which turns of a conversation were escalated, so that an emergency stays in view; digests only, no words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock

from policies.language import language_of
from policies.normalise import decodings, normalise
from policies.pieces import joined
from policies.verdict import InputPolicy, Turn, Urgency

URGENT = ("crisis", "emergency", "poisoning")
# Conversations whose escalations are remembered between their turns.
_CONVERSATIONS = 2048


class Escalations:
    """Urgencies of earlier turns. policies: the urgent ones, which judge again what this process has not seen; safe across threads."""

    def __init__(self, policies: Sequence[InputPolicy], remember_turns: int) -> None:
        self._policies = tuple(policies)
        self._remember_turns = remember_turns
        self._urgent: OrderedDict[bytes, Urgency | None] = OrderedDict()
        self._lock = Lock()

    def before(self, texts: tuple[str, ...]) -> Urgency | None:
        """The urgency of the latest escalation in the turns before the last."""
        first = max(1, len(texts) - self._remember_turns)
        for end in range(len(texts) - 1, first - 1, -1):
            urgency = self._urgency(texts[:end])
            if urgency is not None:
                return urgency
        return None

    def remember(self, texts: tuple[str, ...], urgency: Urgency | None) -> None:
        """Keep how urgent the conversation was with its last turn."""
        with self._lock:
            self._urgent[_key(texts)] = urgency
            if len(self._urgent) > _CONVERSATIONS:
                self._urgent.popitem(last=False)

    def _urgency(self, texts: tuple[str, ...]) -> Urgency | None:
        key = _key(texts)
        with self._lock:
            if key in self._urgent:
                return self._urgent[key]
        turn = Turn(texts, tuple(normalise(text) for text in texts), tuple(normalise(reading) for reading in decodings(texts[-1])), language_of(texts[-1]))
        whole = joined(turn.normalised)
        turns = (turn,) if whole is None else (turn, Turn((whole,), (whole,), language=turn.language))
        judged = (policy.judge(each) for each in turns for policy in self._policies)
        urgency: Urgency | None = next((verdict.urgency or "emergency_now" for verdict in judged if verdict.fired), None)
        self.remember(texts, urgency)
        return urgency


def _key(texts: tuple[str, ...]) -> bytes:
    """A digest of a conversation: nobody's words stay in memory for this."""
    return blake2b("\x00".join(texts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
