"""Two ways to say the same thing: what changes the words must not change the route.

`probe.twin` holds the other wording (a text, or a list of texts for a conversation). The row itself is scored as a turn; the pair by
whether both took the same action. `answer` and `no_answer` are one route here: which of them it is, retrieval decides.
"""

from __future__ import annotations

from bot.conversation import Message
from evals.outcome import Outcome, Score
from evals.probes import Probe, turn
from evals.sets import Row
from evals.workbench import Workbench


def run(row: Row, bench: Workbench) -> Outcome:
    """Ask both."""
    twin = row.probe["twin"]
    texts = [twin] if isinstance(twin, str) else twin
    first = turn.run(row, bench)
    second = bench.assistant.ask([Message(content=text) for text in texts])
    return Outcome(answer=first.answer, facts={**first.facts, "twin": texts, "twin_action": second.action, "twin_urgency": second.urgency})


def invariance(row: Row, outcome: Outcome) -> Score:
    """Both wordings take the same route."""
    first = outcome.answer.action if outcome.answer else "nothing"
    second = outcome.facts["twin_action"]
    same = _route(first) == _route(second)
    return Score("invariance", same, "" if same else f"{first}, but {second} for: {' / '.join(outcome.facts['twin'])}")


def _route(action: str) -> str:
    return "answer" if action == "no_answer" else action


PROBE = Probe(run, {"invariance": invariance, **{name: turn.PROBE.rules[name] for name in ("routing", "disclosure", "safety")}})
