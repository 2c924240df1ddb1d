"""A conversation whose last turn leans on what came before, or begins anew: whether the answer rests on the right article.

`probe.articles` are the articles of which one has to stand behind the first part of the answer.
"""

from __future__ import annotations

from evals.outcome import Outcome, Score
from evals.probes import Probe, turn
from evals.sets import Row

# Sources that are looked at, in the order in which a reader meets them; the glossary's word may come before an article's. A Spanish twin counts as its article.
FIRST = 2


def subject(row: Row, outcome: Outcome) -> Score:
    """One of the row's articles is among the first sources. Rows without articles do not count."""
    wanted = row.probe.get("articles")
    if not wanted:
        return Score("subject", None)
    if outcome.answer is None:
        return Score("subject", False, "no answer")
    found = list(dict.fromkeys(c.passage_id.split("#")[0].removeprefix("es/") for c in outcome.answer.citations))
    articles = [doc_id for doc_id in found if doc_id != "glossary"][:FIRST]
    right = bool(set(articles) & set(wanted))
    return Score("subject", right, "" if right else f"rests on {', '.join(articles) or 'nothing'}, not {' or '.join(wanted)}")


PROBE = Probe(turn.run, {**turn.PROBE.rules, "subject": subject})
