"""Search alone: whether the article that answers a question is among what is found first."""

from __future__ import annotations

from evals.outcome import Outcome, Score
from evals.probes import Probe
from evals.sets import Row
from evals.workbench import Workbench

FIRST = 3


def run(row: Row, bench: Workbench) -> Outcome:
    """Search the library for the question."""
    from knowledge.search import LIBRARY

    found = bench.whole.known.searcher.search(row.question, collections=[LIBRARY], k=5)
    hits = [{"article": h.passage.doc_id, "section": h.passage.section, "score": round(h.score, 3), "text": h.passage.text[:400]} for h in found.hits]
    return Outcome(facts={"hits": hits, "no_answer": found.no_answer, "why": found.why})


def retrieval(row: Row, outcome: Outcome) -> Score:
    """The row's article, or one that answers as well, is among the first three hits. Rows without an article do not count."""
    if row.article is None:
        return Score("retrieval", None)
    articles = [hit["article"] for hit in outcome.facts["hits"]]
    right = {row.article, *row.also}
    found = not right.isdisjoint(articles[:FIRST])
    return Score("retrieval", found, "" if found else f"found {', '.join(articles[:FIRST]) or 'nothing'}, not {' or '.join(sorted(right))}", None,
                 {"hit_1": float(not right.isdisjoint(articles[:1])), "turned_away": float(outcome.facts["no_answer"])})  # fmt: skip


PROBE = Probe(run, {"retrieval": retrieval})
