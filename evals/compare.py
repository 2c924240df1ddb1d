"""What changed between two runs: rows that a rule passes now and did not, and the other way round, with a paired test."""

from __future__ import annotations

from collections.abc import Iterator

from evals.figures import paired_p
from evals.results import Run


def compare(old: Run, new: Run) -> Iterator[str]:
    """Lines to print. Only rows that both runs asked, in the same words, are held against each other."""
    before = {r.key: r for r in old.results}
    pairs = [(before[r.key], r) for r in new.results if r.key in before and before[r.key].row.messages == r.row.messages]
    yield f"{len(pairs)} rows in both runs ({len(old.results)} before, {len(new.results)} now)"
    for rule in new.rules:
        better, worse = [], []
        for a, b in pairs:
            was, now = (r.scores[rule].passed if rule in r.scores else False for r in (a, b))
            if was is not None and now is not None and was != now:
                (better if now else worse).append(b)
        yield f"{rule:12} better {len(better):3}  worse {len(worse):3}  p = {paired_p(len(better), len(worse)):.3f}"
        for r in worse:
            yield f"    worse   {r.key}: {r.failures.get(rule) or r.error}"
        for r in better:
            yield f"    better  {r.key}"
