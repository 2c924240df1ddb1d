"""Trains the classifier from labelled examples with scikit-learn, and cross-validates it. Never imported to answer.

Reproducible: the same examples, encoder and lexicon give the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.classifier import NONE, OTHER, URGENT, Classifier, Example, Floats, Head, sparse_features
from policies.hashing import ALL
from policies.normalise import normalise
from policies.verdict import Encoder, Lexicon, Vectors

# Inverse strengths of regularisation, from cross-validation on the examples.
VECTOR_C, LETTERS_C = 4.0, 10.0
# Steps and precision at which held-out examples stop getting better; more only costs time at the first start.
VECTOR_STEPS, LETTERS_STEPS, PRECISION = 60, 100, 1e-3
SEED = 7
FOLDS = 5
# Examples whose words are this alike (cosine) stay in one fold: a paraphrase in the training half would tell the answer.
_ALIKE = 0.7

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Prepared:
    """Examples as numbers. matrix: sparse (n, ALL); vectors: (n, 384), zeros but for English; english: (n,) bool."""

    examples: tuple[Example, ...]
    matrix: Any
    vectors: Vectors | None
    english: npt.NDArray[np.bool_]

    def at(self, rows: Ints) -> Prepared:
        """These rows alone."""
        vectors = self.vectors[rows] if self.vectors is not None else None
        return Prepared(tuple(self.examples[i] for i in rows), self.matrix[rows], vectors, self.english[rows])


def prepare(examples: Sequence[Example], encoder: Encoder | None, names: Lexicon) -> Prepared:
    """Read and encode the examples as a turn's message is."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    texts = [normalise(example.text) for example in examples]
    rows = [sparse_features(text, names) for text in texts]
    bounds = np.cumsum([0, *(len(places) for places, _ in rows)])
    matrix = csr_matrix((np.concatenate([values for _, values in rows]), np.concatenate([places for places, _ in rows]), bounds), shape=(len(rows), ALL))
    english = np.array([example.lang == "en" for example in examples], dtype=bool)
    vectors: Vectors | None = None
    if encoder is not None:
        encoded = encoder.encode([text for text, own in zip(texts, english, strict=True) if own])
        vectors = np.zeros((len(texts), encoded.shape[1]), np.float32)
        vectors[english] = encoded
    return Prepared(tuple(examples), matrix, vectors, english)


def train(examples: Sequence[Example], encoder: Encoder | None, names: Lexicon | None = None) -> Classifier:
    """Fit both heads. Raises ValueError when the examples hold fewer than two subjects."""
    return fit(prepare(examples, encoder, names or Lexicon()), names or Lexicon())


def fit(data: Prepared, names: Lexicon) -> Classifier:
    """Both heads over prepared examples."""
    subjects = np.array([i for i, example in enumerate(data.examples) if example.label != NONE], np.int64)
    own = data.at(subjects)
    subject = _head(own, [example.label for example in own.examples], "balanced")
    # Unbalanced: three rare labels weighed up to everything else together would be sure of far too much.
    urgent = [example.label if example.label in URGENT else OTHER for example in data.examples]
    return Classifier(subject, _head(data, urgent, None) if len(set(urgent)) > 1 else None, names)


def _head(data: Prepared, targets: Sequence[str], weighing: str | None) -> Head:
    from sklearn.linear_model import LogisticRegression

    labels = tuple(sorted(set(targets)))
    target = np.array([labels.index(label) for label in targets])

    def logistic(matrix: Any, wanted: Ints, strength: float, steps: int) -> tuple[Floats, Floats]:
        model = LogisticRegression(C=strength, max_iter=steps, tol=PRECISION, class_weight=weighing, random_state=SEED).fit(matrix, wanted)
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # one row for two classes: the first is its mirror
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        full, full_bias = np.zeros((len(labels), weights.shape[1]), np.float32), np.full(len(labels), -30.0, np.float32)
        full[model.classes_], full_bias[model.classes_] = weights, bias
        return full, full_bias

    weights, bias = logistic(data.matrix, target, LETTERS_C, LETTERS_STEPS)
    if data.vectors is None or len(set(target[data.english])) < 2:
        return Head(labels, weights, bias)
    by_meaning, meaning_bias = logistic(data.vectors[data.english], target[data.english], VECTOR_C, VECTOR_STEPS)
    return Head(labels, weights, bias, by_meaning, meaning_bias)


def folds_of(data: Prepared, folds: int = FOLDS) -> Ints:
    """(n,) the fold of each example; examples of nearly the same words share one."""
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    words = data.matrix[:, : ALL // 2]
    alike = (words @ words.T) >= _ALIKE
    _, groups = connected_components(alike, directed=False)
    order = np.random.default_rng(SEED).permutation(groups.max() + 1)
    return np.asarray(order[groups] % folds, np.int64)


def cross_validated(data: Prepared, names: Lexicon, folds: int = FOLDS, progress: Callable[[int, int], None] | None = None) -> list[dict[str, float]]:
    """The scores of each example by a classifier that has not seen it, nor one of nearly the same words."""
    where = folds_of(data, folds)
    found: list[dict[str, float]] = [{} for _ in data.examples]
    for fold in range(folds):
        if progress:
            progress(fold, folds)
        trained = fit(data.at(np.flatnonzero(where != fold)), names)
        for i in np.flatnonzero(where == fold):
            row = data.matrix[i]
            sparse = row.indices.astype(np.int64), row.data.astype(np.float32)
            vector = data.vectors[i] if data.vectors is not None and data.english[i] else None
            found[i] = trained.subject.chances(sparse, vector)
            if trained.urgent is not None:
                found[i] |= {label: chance for label, chance in trained.urgent.chances(sparse, vector).items() if label != OTHER}
    return found
