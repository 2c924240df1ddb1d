"""Says how much a message looks like the labelled examples: logistic regressions over encoder vectors and over hashed letters.

English rests on both together, Spanish on letters alone (the encoder knows English only), other languages get no scores.
Trained from `examples/*.jsonl` at first start with scikit-learn, kept as numbers, read and applied with numpy alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from policies.hashing import WIDTH, features
from policies.verdict import Encoder, Vectors

VERSION = 4
# Examples that only say what is *not* an escalation: no class of their own.
SKIPPED = frozenset({"none"})
# Inverse strengths of regularisation, from cross-validation on the examples.
VECTOR_C, LETTERS_C = 4.0, 20.0
# Steps and precision at which held-out examples stop getting better; more only costs time at the first start.
VECTOR_STEPS, LETTERS_STEPS, PRECISION = 60, 100, 1e-3
# Share of the vectors' word in English; the rest is the letters'.
VECTOR_SHARE = 0.6
SEED = 7
# Trained weights that come with the project, so that a first start need not train; other examples or another encoder are trained.
SHIPPED = Path(__file__).with_name("weights.npz")

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """One labelled utterance."""

    text: str
    label: str
    lang: str = "en"


class BadExample(ValueError):
    """A line of examples that cannot be read; the message names file and line."""


def read_examples(folder: Path) -> list[Example]:
    """Every example of `folder/*.jsonl`, in a fixed order, each text once. Raises BadExample."""
    found: dict[str, Example] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                if "turns" in row:
                    continue  # a talk of several turns: no single message of it shows its label
                example = Example(str(row["text"]), str(row["label"]), str(row.get("lang", "en")))
            except (ValueError, KeyError, TypeError) as error:
                raise BadExample(f"{path.name} line {number}: needs text and label as JSON") from error
            if example.label not in SKIPPED:
                found.setdefault(example.text.strip().lower(), example)
    return list(found.values())


@dataclass(frozen=True)
class Classifier:
    """The trained weights. `labels` in the order of the weights' rows."""

    labels: tuple[str, ...]
    letter_weights: Floats
    letter_bias: Floats
    vector_weights: Floats | None = None
    vector_bias: Floats | None = None

    @classmethod
    def train_or_load(cls, examples_dir: Path, cache_dir: Path | None, encoder: Encoder | None) -> Classifier:
        """The classifier for these examples and this encoder, from the cache when it was trained before. Raises BadExample."""
        examples = read_examples(examples_dir)
        mark = fingerprint(examples, encoder)
        if (shipped := cls._shipped(mark)) is not None:
            return shipped
        path = cache_dir / f"classifier-{mark}.npz" if cache_dir is not None else None
        if path is not None and path.is_file():
            try:
                return cls.load(path)
            except (OSError, ValueError, KeyError, BadZipFile):
                path.unlink(missing_ok=True)  # a file cut off in the middle is trained again
        trained = cls.train(examples, encoder)
        if path is not None:
            trained.save(path)
        return trained

    @classmethod
    def _shipped(cls, mark: str) -> Classifier | None:
        """The weights that come with the project, when they were trained on just these examples with this encoder."""
        if not SHIPPED.is_file():
            return None
        with np.load(SHIPPED, allow_pickle=False) as data:
            if str(data["mark"]) != mark:
                return None
            get = {name: data[name] for name in data.files}
        floats = {name: get[name].astype(np.float32) for name in ("letter_weights", "letter_bias", "vector_weights", "vector_bias")}
        return cls(tuple(str(label) for label in get["labels"]), **floats)

    def ship(self, mark: str, path: Path = SHIPPED) -> None:
        """Write the weights as they come with the project: half precision, compressed (about 300 kB)."""
        if self.vector_weights is None or self.vector_bias is None:
            raise ValueError("weights without the encoder's half are not shipped")
        half = {name: getattr(self, name).astype(np.float16) for name in ("letter_weights", "letter_bias", "vector_weights", "vector_bias")}
        np.savez_compressed(path, mark=np.array(mark), labels=np.array(self.labels), **half)

    @classmethod
    def train(cls, examples: Sequence[Example], encoder: Encoder | None) -> Classifier:
        """Fit on examples. Reproducible: same examples and encoder, same weights."""
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
        from sklearn.linear_model import LogisticRegression

        labels = tuple(sorted({example.label for example in examples}))
        target = np.array([labels.index(example.label) for example in examples])
        rows = [features(example.text) for example in examples]
        bounds = np.cumsum([0, *(len(places) for places, _ in rows)])
        matrix = csr_matrix((np.concatenate([values for _, values in rows]), np.concatenate([places for places, _ in rows]), bounds), shape=(len(rows), WIDTH))
        letters = LogisticRegression(C=LETTERS_C, max_iter=LETTERS_STEPS, tol=PRECISION, class_weight="balanced", random_state=SEED).fit(matrix, target)
        weights, bias = letters.coef_.astype(np.float32), letters.intercept_.astype(np.float32)
        if encoder is None:
            return cls(labels, weights, bias)
        english = [i for i, example in enumerate(examples) if example.lang == "en"]
        vectors = encoder.encode([examples[i].text for i in english])
        model = LogisticRegression(C=VECTOR_C, max_iter=VECTOR_STEPS, tol=PRECISION, class_weight="balanced", random_state=SEED).fit(vectors, target[english])
        full, full_bias = np.zeros((len(labels), vectors.shape[1]), np.float32), np.full(len(labels), -30.0, np.float32)
        full[model.classes_], full_bias[model.classes_] = model.coef_, model.intercept_
        return cls(labels, weights, bias, full, full_bias)

    def save(self, path: Path) -> None:
        """Write the weights; the file appears whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, npt.NDArray[np.generic]] = {"labels": np.array(self.labels), "letter_weights": self.letter_weights, "letter_bias": self.letter_bias}
        if self.vector_weights is not None and self.vector_bias is not None:
            arrays |= {"vector_weights": self.vector_weights, "vector_bias": self.vector_bias}
        part = path.with_suffix(".part.npz")
        with part.open("wb") as out:
            np.savez(out, **arrays)  # type: ignore[arg-type]
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Read saved weights. Raises OSError, ValueError, KeyError or BadZipFile when the file is not one of ours."""
        with np.load(path, allow_pickle=False) as data:
            get = {name: data[name] for name in data.files}
        return cls(tuple(str(label) for label in get["labels"]), get["letter_weights"], get["letter_bias"], get.get("vector_weights"), get.get("vector_bias"))

    def scores(self, text: str, vector: Vectors | None, language: str) -> dict[str, float]:
        """Label → probability, adding up to 1. Empty for languages that neither model knows."""
        if language not in ("en", "es"):
            return {}
        places, values = features(text)
        chances = _softmax(self.letter_weights[:, places] @ values + self.letter_bias)
        if language == "en" and vector is not None and self.vector_weights is not None and self.vector_bias is not None:
            by_meaning = _softmax(self.vector_weights @ vector + self.vector_bias)
            chances = VECTOR_SHARE * by_meaning + (1 - VECTOR_SHARE) * chances
        return {label: float(chance) for label, chance in zip(self.labels, chances, strict=True)}


def _softmax(logits: Floats) -> Floats:
    grown = np.exp(logits - logits.max())
    return np.asarray(grown / grown.sum(), dtype=np.float32)


def fingerprint(examples: Sequence[Example], encoder: Encoder | None) -> str:
    """Changes whenever examples, encoder or this file's settings do."""
    digest = hashlib.sha256(f"{VERSION} {VECTOR_C} {LETTERS_C} {WIDTH} {getattr(encoder, 'name', type(encoder).__name__)}".encode())
    for example in examples:
        digest.update(f"\n{example.label}\t{example.lang}\t{example.text}".encode())
    return digest.hexdigest()[:24]
