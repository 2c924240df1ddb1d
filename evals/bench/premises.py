"""How well false beliefs stated in passing are met: our 200 pairs of a question with one and its sound twin, cross-validated.

    python -m evals.bench.premises [--write]

The weights of `policies/stated.py` are a logistic regression over the pairs and, as questions that state none, our own examples of general and personal
questions. A pair is judged by weights that have not seen it (five folds); `--write` puts weights over all of them into lexicons/premises.yaml.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.figures import Share

PAIRS = Path(__file__).parents[1] / "beliefs" / "pairs.jsonl"
FOLDS, STRENGTH = 5, 3.0
_BACKGROUND = ("education", "more_education", "fresh_one", "fresh_two", "fresh_three", "fresh_four", "personal", "more_personal")
_LEAST_WORDS = 7
_WRITTEN = re.compile(r"(?m)^stated:\n(?:  .*\n)+")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """A question that states a false belief, its sound twin, and by which words the belief to be corrected is known."""

    question: str
    twin: str
    belief: re.Pattern[str]


def pairs() -> list[Pair]:
    """The pairs of the set. Raises ValueError with the line that is none."""
    found = []
    for number, line in enumerate(PAIRS.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row: dict[str, str] = json.loads(line)
            found.append(Pair(row["question"], row["twin"], re.compile(row["belief"], re.IGNORECASE)))
        except (ValueError, KeyError, re.error) as error:
            raise ValueError(f"{PAIRS.name}, line {number}: needs a question, a twin and an expression for the belief") from error
    return found


def _background() -> list[str]:
    from policies.screen import EXAMPLES

    rows = [json.loads(line) for name in _BACKGROUND for line in (EXAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        r["text"]
        for r in rows
        if "text" in r and r.get("lang", "en") == "en" and r["label"] in ("education", "personal") and len(r["text"].split()) >= _LEAST_WORDS
    ]


def _fit(matrix: Floats, right: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(matrix, right)
    return fitted.coef_[0], float(fitted.intercept_[0])


def report(*, write: bool = False, limit: int | None = None) -> None:
    """Fit, judge each pair by weights that have not seen it, print."""
    from bot.assembly import myths, prepare
    from bot.settings import Settings
    from policies.config import PATH as CONFIG
    from policies.premise import SURE
    from policies.stated import Stated

    with tempfile.TemporaryDirectory(prefix="oncolantern-bench-") as folder:
        known = prepare(Settings(data=Path(folder)))
        library = myths(known.store)
        stated = Stated(library, known.encoder)
        rows: list[tuple[int, bool, int, Floats]] = []  # pair, twin?, belief, features
        found = pairs()[:limit]
        for number, pair in enumerate(found):
            for twin, text in ((False, pair.question), (True, pair.twin)):
                rows += [(number, twin, place, features) for place, features in stated.candidates(text)]
        plain = np.array([features for text in _background() for _, features in stated.candidates(text)])
        matrix = np.array([row[3] for row in rows])
        right = np.array([not twin and found[number].belief.search(library[place].belief) is not None for number, twin, place, _ in rows])
        fold = np.array([row[0] for row in rows]) * 7919 % FOLDS
        chances = np.zeros(len(rows))
        for held in range(FOLDS):
            seen = fold != held
            weights, bias = _fit(np.vstack([matrix[seen], plain]), np.concatenate([right[seen], np.zeros(len(plain), bool)]))
            chances[~seen] = 1 / (1 + np.exp(-(matrix[~seen] @ weights + bias)))
        best: dict[tuple[int, bool], tuple[float, bool]] = {}
        for (number, twin, _, _), chance, hit in zip(rows, chances, right, strict=True):
            best[number, twin] = max(best.get((number, twin), (0.0, False)), (float(chance), bool(hit)))
        print(f"\nbeliefs stated in passing ({len(found)} pairs, cross-validated; chosen threshold {SURE})")
        for threshold in sorted({0.2, 0.3, 0.4, 0.5, 0.6, 0.7, SURE}):
            met = sum(best.get((n, False), (0.0, False)) >= (threshold, True) and best[n, False][1] for n in range(len(found)))
            other = sum(best.get((n, False), (0.0, False))[0] >= threshold for n in range(len(found))) - met
            twins = sum(best.get((n, True), (0.0, False))[0] >= threshold for n in range(len(found)))
            print(f"  {threshold:.2f} right correction {Share(met, len(found))}   another one {other}   twin corrected {Share(twins, len(found))}")
        if write:
            weights, bias = _fit(np.vstack([matrix, plain]), np.concatenate([right, np.zeros(len(plain), bool)]))
            path = CONFIG.with_name("lexicons") / "premises.yaml"
            numbers = ", ".join(f"{value:.4f}" for value in weights)
            path.write_text(_WRITTEN.sub(f"stated:\n  bias: {bias:.4f}\n  weights: [{numbers}]\n", path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="False beliefs stated in passing.")
    parser.add_argument("--write", action="store_true", help="put the weights into lexicons/premises.yaml")
    report(write=parser.parse_args().write)
    sys.exit(0)
