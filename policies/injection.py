"""Injection: attempts on the assistant's instructions. The wrapper is stripped and the request inside is judged for itself."""

from __future__ import annotations

import re
from functools import lru_cache

from policies.intent import intent_of
from policies.lexicons import load
from policies.literals import Sifted, sifted
from policies.verdict import Turn, Verdict

# Rules whose words are also used in talk about software and writing: they need the classifier or a second rule beside them.
_WEAK = frozenset({"smuggling"})
_LOOKED_AT = 6000
# What is left of a message must have this many words to be a request.
_LEAST_WORDS = 2
# "¿A quién le dan quimio?": Spanish for "they give", which only spells like a well-known persona.
_THEY_GIVE = re.compile(
    r"(?<!\beres )(?<!\bser )(?<!\bsoy )(?<!\bmodo )(?<!\bllamas )(?<!\bllama )(?<!\bcomo )(?<!\bes )(?<!\bmodelo )\bdan\b(?! mode)"
    r"|\bcomo dan(?= (?:la|el|los|las|un|una)\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[tuple[str, Sifted], ...], tuple[Sifted, ...], tuple[Sifted, ...]]:
    data = load("injection")

    def expanded(pattern: str) -> str:
        for name, part in data["macros"].items():
            pattern = pattern.replace("{" + name + "}", part)
        return pattern

    def each(patterns: list[str]) -> tuple[Sifted, ...]:
        return tuple(sifted(expanded(p), re.IGNORECASE | re.DOTALL) for p in patterns)

    rules = tuple((name, sifted("|".join(f"(?:{expanded(p)})" for p in patterns), re.IGNORECASE | re.DOTALL)) for name, patterns in data["rules"].items())
    return rules, each(data["innocent"]), each(data["wrapper"])


def strip_wrapper(text: str) -> str:
    """The request inside an attempt on the instructions, or nothing when only the attempt is there."""
    inner = text[:_LOOKED_AT]
    for pattern in _rules()[2]:
        inner = pattern.sub(" ", inner)
    inner = " ".join(inner.split()).strip(" .,:;!-\"'`*#>")
    return inner if len(re.findall(r"[^\W\d_]+", inner)) >= _LEAST_WORDS else ""


class Injection:
    """Fires on rules in any reading of the turn, or on a sure classifier. Decoded text that instructs counts as well."""

    name = "injection"

    def __init__(self, threshold: float = 0.7) -> None:
        self._threshold = threshold

    def judge(self, turn: Turn) -> Verdict:
        """The first strong rule, two weak ones, or the classifier's word."""
        score = turn.scores.get(self.name, 0.0)
        rules, innocent, _ = _rules()
        for text in dict.fromkeys(turn.readings):
            head = text[:_LOOKED_AT]
            if turn.language == "es":
                head = _THEY_GIVE.sub(" ", head)
            if any(pattern.search(head) for pattern in innocent):
                continue
            for name, pattern in rules:
                found = pattern.search(head)
                if found and (name not in _WEAK or score >= 0.3 or turn.decoded):
                    return Verdict(self.name, True, f"injection.{name}", max(score, 0.95), evidence=found.group()[:120])
        # Thanks, and questions about who answers here, look a little like probing.
        if score >= self._threshold and intent_of(turn) == "question":
            return Verdict(self.name, True, "injection.likeness", score, evidence="nearest examples work on the instructions")
        return Verdict(self.name, False, score=score)
