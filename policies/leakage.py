"""Stops a sentence that shows the system prompt, talks about its instructions, or carries a chat format's role marks.

The prompt itself is compared by runs of words, so quoting, re-casing and small changes do not help.
"""

from __future__ import annotations

import re
from functools import lru_cache

from policies.literals import sifted
from policies.normalise import fold
from policies.reading import visible, visible_tail
from policies.verdict import Draft, Verdict

# A run of this many words shared with the prompt is a quotation; everyday phrases are shorter.
_RUN = 6
_WORD = re.compile(r"[^\W_]+")
# Phrases of the prompt that answers use as well ("the library does not cover") never stand alone as a leak.
_SHARED = re.compile(r"library does not cover|sources do not", re.IGNORECASE)

_ABOUT = sifted(
    r"\bsystem (?:prompt|message|instruction)s?\b|\bmy (?:system |hidden |secret |initial |original |internal |developer )*(?:instructions?|prompt|guidelines|programming|rules|configuration) (?:is|are|say|says|tell|tells|state|states|require|forbid|include|were|was|do not allow|don't allow|prevent)\b"
    r"|\bi (?:was|am|have been|'ve been|'m) (?:told|instructed|programmed|prompted|configured|asked|ordered|directed) (?:not |by |to |that |never )|\b(?:here (?:is|are)|these are|below (?:is|are)) (?:my|the) (?:\w+ )?(?:instructions?|prompt|rules)\b"
    r"|\b(?:my|the) (?:developers?|operators?|creators?|programmers?) (?:told|instructed|asked|want|programmed|said)\b|\bignor(?:e|ing) (?:all |my |the |any |your )?(?:previous|prior|above|earlier|these|those) (?:instructions?|rules|prompts?)\b"
    r"|\bas an ai (?:language )?model,? i (?:was|am|have been)\b|\bas an ai (?:language )?model\b|\blanguage model (?:trained|developed|created|made) by\b|\bdeveloper mode\b|\bjailbr\w+\b|\b(?:dan|unfiltered|unrestricted) mode\b|\bprompt injection\b|\bi(?:'m| am) now (?:in |acting|free|unrestricted|dan)"
    r"|\b(?:the|my|above|following) (?:conversation |chat )?(?:context|prompt) (?:says|said|contains|includes|above|instructs|tells me)\b|\b(?:the )?sources? (?:given|provided) (?:to me|in the prompt|above)\b"
    r"|\bmis instrucciones\b|\b(?:mensaje|instrucci[oó]n|indicaci[oó]n)(?:es)? (?:del|de) sistema\b|\bprompt del sistema\b|\bme (?:dijeron|ordenaron|indicaron|instruyeron|programaron) (?:que|no|para)\b|\bcomo modelo de lenguaje\b|\bfui (?:programad|instruid|configurad)\w+"
)
_MARKS = re.compile(
    r"<\|[^|>]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?(?:s|system|user|assistant|source|sources|part|bottom-line|nothing-found|think|thinking|tool_call|question)\b[^>]*>"
    r"|^\W*(?:#{1,6}\s*)?(?:\*\*)?(?:system|assistant|user|human|developer|tool)(?:\*\*)?\s*:(?!\s*(?:the immune|immune))|\b(?:begin|end) (?:system|prompt|instructions?)\b|\b(?:sk|pk|api)[-_][A-Za-z0-9_-]{16,}|\bOPENAI_\w+|\bONCOLANTERN_\w+|\b(?:article|section|from|status)=\"",
    re.IGNORECASE | re.MULTILINE,
)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


@lru_cache(maxsize=16)
def _runs(prompt: str) -> frozenset[tuple[str, ...]]:
    """Every run of `_RUN` words in the prompt."""
    words = _words(visible(prompt))
    return frozenset(tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))


@lru_cache(maxsize=16)
def _sentences(prompt: str) -> frozenset[str]:
    """The prompt's short lines, which are too short for a run."""
    lines = re.split(r"(?<=[.!?:])\s+|\n+", visible(prompt))
    return frozenset(s for s in (" ".join(_words(line)) for line in lines) if len(s.split()) >= 4)


class Leakage:
    """Output policy "leakage". Compares with `Draft.system_prompt`; an empty prompt leaves the other rules."""

    name = "leakage"

    def judge(self, draft: Draft) -> Verdict:
        rule, evidence = self._find(draft)
        return Verdict(policy=self.name, fired=bool(rule), rule=rule, score=1.0 if rule else 0.0, evidence=evidence)

    def _find(self, draft: Draft) -> tuple[str, str]:
        m = _MARKS.search(draft.sentence)
        if m:
            return "leakage.role_mark", m.group()
        text = visible(draft.sentence).replace("\n", " ")
        before = visible_tail(draft.tail, 80).replace("\n", " ")
        joined = f"{before} {text}"
        for m in _ABOUT.finditer(joined):
            if m.end() > len(before) + 1:
                return "leakage.about_instructions", m.group()
        if draft.system_prompt:
            runs = _runs(draft.system_prompt)
            words = _words(joined)
            new = len(_words(before))
            for i in range(max(0, new - _RUN + 1), len(words) - _RUN + 1):
                run = tuple(words[i : i + _RUN])
                if run in runs and not _SHARED.search(" ".join(run)):
                    return "leakage.prompt", " ".join(run)
            if " ".join(_words(text)) in _sentences(draft.system_prompt):
                return "leakage.prompt", text
        return "", ""
