"""How well false beliefs stated in passing are met: our 200 pairs of a question with one and its sound twin, cross-validated.

    python -m evals.bench.premises [--write]

`--write` learns the space in which ways of saying lie (evals/bench/saying.py; from the library's own files, no pair is in them) and then the weights of
`policies/stated.py`: a logistic regression over the pairs of `pairs.jsonl` and `pairs_more.jsonl` and, as questions that state none, our own examples of
general and personal questions. A pair is judged by weights that have not seen it (five folds). The whole policy is then judged on the same pairs: its
forms first (rules, written with pairs.jsonl in view), those weights, its frames. `pairs_held.jsonl` are pairs that were written before the forms and the
lexicons were read, `pairs_fresh.jsonl` after they were finished; neither trains anything.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from evals.figures import Share

if TYPE_CHECKING:
    from policies.premise import Premise
    from policies.stated import Stated
    from policies.verdict import Encoder, Myth

BELIEFS = Path(__file__).parents[1] / "beliefs"
PAIRS = BELIEFS / "pairs.jsonl"
MORE = "pairs_more.jsonl"
HELD = ("pairs_held.jsonl", "pairs_fresh.jsonl")
FOLDS, STRENGTH = 5, 1.0
_BACKGROUND = ("education", "more_education", "fresh_one", "fresh_two", "fresh_three", "fresh_four", "personal", "more_personal")
_LEAST_WORDS = 7

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Pair:
    """A question that states a false belief, its sound twin, and by which words the belief to be corrected is known."""

    question: str
    twin: str
    belief: re.Pattern[str]
    language: str = "en"


def pairs(path: Path = PAIRS) -> list[Pair]:
    """The pairs of a set. Raises ValueError with the line that is none."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row: dict[str, str] = json.loads(line)
            found.append(Pair(row["question"], row["twin"], re.compile(row["belief"], re.IGNORECASE), row.get("lang", "en")))
        except (ValueError, KeyError, re.error) as error:
            raise ValueError(f"{path.name}, line {number}: needs a question, a twin and an expression for the belief") from error
    return found


def _background() -> list[str]:
    from policies.classifier import EXAMPLES

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


@dataclass(frozen=True)
class Outcome:
    """What a pair got: the right correction, another one, and whether its sound twin was corrected."""

    right: bool
    other: bool
    twin: bool


def _outcomes(premise: Premise, encoder: Encoder, library: Sequence[Myth], found: Sequence[Pair]) -> list[Outcome]:
    """Each pair judged by the policy as it stands."""
    from policies.language import language_of
    from policies.normalise import normalise
    from policies.verdict import Turn

    named = {myth.id: f"{myth.article}: {myth.belief}" for myth in library}

    def corrected_by(text: str) -> str:
        plain = normalise(text)
        return named.get(premise.judge(Turn((text,), (plain,), (), language_of(plain), encoder.encode([text])[0])).evidence, "")

    outcomes = []
    for pair in found:
        correction = corrected_by(pair.question)
        right = bool(correction) and pair.belief.search(correction) is not None
        outcomes.append(Outcome(right, bool(correction) and not right, bool(corrected_by(pair.twin))))
    return outcomes


def _print(name: str, outcomes: Sequence[Outcome]) -> None:
    total = len(outcomes)
    if total:
        right, other, twins = (sum(getattr(o, field) for o in outcomes) for field in ("right", "other", "twin"))
        print(f"  {name:30} right correction {Share(right, total)}   another one {other}   twin corrected {Share(twins, total)}")


def _judged(stated: Stated, texts: Sequence[str]) -> list[list[tuple[int, Floats]]]:
    return [[(place, features.astype(np.float64)) for place, features in stated.candidates(text)] for text in texts]


def report(*, write: bool = False, limit: int | None = None) -> None:
    """Fit, judge each pair by weights that have not seen it, print. write: learn the space anew first, and keep it and the weights."""
    from bot.assembly import myths, prepare
    from bot.settings import Settings
    from policies.premise import SURE, Premise
    from policies.space import PATH

    with tempfile.TemporaryDirectory(prefix="oncolantern-bench-") as folder:
        known = prepare(Settings(data=Path(folder)))
        library = myths(known.store)
        background = _background()
        learned = _learn(library, known.encoder, background) if write else None
        premise = Premise(library, known.encoder)
        stated = premise.stated
        assert stated is not None, "the encoder gives the policy its statements"
        found = (pairs() + pairs(BELIEFS / MORE))[:limit]
        rows: list[tuple[int, bool, int, Floats]] = []  # pair, twin?, belief, features
        for twin in (False, True):
            judged = _judged(stated, [pair.twin if twin else pair.question for pair in found])
            rows += [(number, twin, place, features) for number, candidates in enumerate(judged) for place, features in candidates]
        plain = np.array([features for candidates in _judged(stated, background) for _, features in candidates])
        matrix = np.array([row[3] for row in rows])
        titles = [f"{myth.article}: {myth.belief}" for myth in library]
        right = np.array([not twin and found[number].belief.search(titles[place]) is not None for number, twin, place, _ in rows])
        fold = np.array([row[0] for row in rows]) * 7919 % FOLDS

        def fit(seen: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
            return _fit(np.vstack([matrix[seen], plain]), np.concatenate([right[seen], np.zeros(len(plain), bool)]))

        chances = np.zeros(len(rows))
        judges = [fit(fold != held) for held in range(FOLDS)]
        for held, (weights, bias) in enumerate(judges):
            chances[fold == held] = 1 / (1 + np.exp(-(matrix[fold == held] @ weights + bias)))
        best: dict[tuple[int, bool], tuple[float, bool]] = {}
        for (number, twin, _, _), chance, hit in zip(rows, chances, right, strict=True):
            best[number, twin] = max(best.get((number, twin), (0.0, False)), (float(chance), bool(hit)))
        print(f"\nbeliefs stated in passing ({len(found)} pairs, cross-validated; chosen threshold {SURE})")
        for threshold in sorted({0.3, 0.4, 0.5, 0.6, 0.7, 0.8, SURE}):
            met = sum(best.get((n, False), (0.0, False)) >= (threshold, True) and best[n, False][1] for n in range(len(found)))
            other = sum(best.get((n, False), (0.0, False))[0] >= threshold for n in range(len(found))) - met
            twins = sum(best.get((n, True), (0.0, False))[0] >= threshold for n in range(len(found)))
            print(f"  {threshold:.2f} right correction {Share(met, len(found))}   another one {other}   twin corrected {Share(twins, len(found))}")
        print("\nthe whole policy (forms, those weights, frames)")
        for name, start, end in (("pairs.jsonl, cross-validated", 0, 200), (f"{MORE}, cross-validated", 200, len(found))):
            judged_pairs: list[Outcome] = []
            for held, (weights, bias) in enumerate(judges):
                stated.use(weights, bias)
                judged_pairs += _outcomes(premise, known.encoder, library, [found[n] for n in range(start, min(end, len(found))) if n * 7919 % FOLDS == held])
            _print(name, judged_pairs)
        whole = fit(np.ones(len(rows), bool))
        stated.use(*whole)
        for name in HELD:
            for language in ("en", "es"):
                kept = [pair for pair in pairs(BELIEFS / name) if pair.language == language][:limit]
                _print(f"{name}, {language}", _outcomes(premise, known.encoder, library, kept))
        if learned is not None:
            terms, turn, rings = learned
            np.savez_compressed(PATH, terms=np.array("\n".join(terms)), turn=turn.astype(np.float16), rings=rings, weights=whole[0], bias=np.array(whole[1]))


def _learn(library: Sequence[Myth], encoder: Encoder, background: Sequence[str]) -> tuple[list[str], Floats32, Floats32]:
    """Learn the space and put it in place, so that everything after is judged in it."""
    from evals.bench.saying import gather, learn
    from policies.space import PATH
    from policies.stated import FEATURES, statements

    learned = learn(gather(library, [statement for text in background for statement in statements(text)]), encoder)
    terms, turn, rings = learned
    none = np.zeros(len(FEATURES))
    np.savez_compressed(PATH, terms=np.array("\n".join(terms)), turn=turn.astype(np.float16), rings=rings, weights=none, bias=np.array(0.0))
    return learned


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="False beliefs stated in passing.")
    parser.add_argument("--write", action="store_true", help="learn the space and the weights anew and put them into policies/stated.npz")
    report(write=parser.parse_args().write)
    sys.exit(0)
