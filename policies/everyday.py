"""Tells a general question asked in the first person ("can I swim with a port", "will I lose my lashes") from a question about one case.

People say "I" of what happens to everybody. What makes a case is the choice, the odds, the finding: `own_stake` in personal.yaml names them, and
every other question of these shapes stays general, whatever its words. So the lists are of what is *not* everyday, which is far shorter.
"""

from __future__ import annotations

from policies.grammar import Hit
from policies.signals import Signals

# Facts of a case beside which "can I", "will I", "how do I" ask about that case; a question for people in general bears more of them.
_FEW, _SOME = 2, 4
# Shapes that stay general beside a told fact or two: they ask about the house, the law, other people, an age.
_WIDE = "general_ask"
_NARROW = "everyday_ask"


def in_general(read: Signals) -> bool:
    """Whether a message asks in general although it says "I", "my mom"."""
    wide, narrow = read.hits.get(f"personal.{_WIDE}", ()), read.hits.get(f"personal.{_NARROW}", ())
    if not wide and not narrow:
        return False
    if any(not _of_what_returns(read, hit) for hit in read.hits.get("personal.own_stake", ())):
        return False
    facts = _told(read)
    if wide and facts < _SOME:
        return True
    # "I found a sore. What can I put on it?": a story told beside the question makes a case of it.
    asked = {hit.sentence for hit in narrow}
    told = any(hit.sentence not in asked for concept in ("symptom", "facts") for hit in read.hits.get(f"personal.{concept}", ()))
    return bool(narrow) and facts < _FEW and not told


def _of_what_returns(read: Signals, hit: Hit) -> bool:
    """Whether what sounds like an outlook ("come back") is said of hair, taste or strength."""
    return any(found.start < hit.end and hit.start < found.end for found in read.within("personal.recovers", hit.sentence))


def _told(read: Signals) -> int:
    """How many facts of one case a message tells; finds that share words ("I finished", "finished chemo") are one."""
    count, sentence, end = 0, -1, -1
    for hit in sorted(read.hits.get("personal.facts", ()), key=lambda found: (found.sentence, found.start)):
        if hit.sentence != sentence or hit.start >= end:
            count += 1
            sentence, end = hit.sentence, hit.end
        else:
            end = max(end, hit.end)
    return count
