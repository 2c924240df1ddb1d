"""Says how much a message looks like the labelled examples: logistic regressions over encoder vectors and over hashed words and rule finds.

English rests on both together, Spanish on words and finds alone (the encoder knows English only), other languages get no scores. Two heads:
one tells the subjects apart; the other tells crisis, emergency and poisoning from everything else, hard negatives included.
Trained from `examples/*.jsonl` (training.py) at first start, kept as numbers, read and applied with numpy alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from policies.hashing import ALL, Features, joined_features
from policies.kept import kept
from policies.signals import signals
from policies.verdict import Encoder, Lexicon, Vectors

VERSION = 6
EXAMPLES = Path(__file__).with_name("examples")
# Examples that only say what is *not* an escalation: no subject of their own.
NONE = "none"
URGENT = ("crisis", "emergency", "poisoning")
OTHER = "other"
# Share of the vectors' word in English, in logits; the rest is the words' and finds'. Flat between .4 and .6 in cross-validation.
VECTOR_SHARE = 0.5
# Trained weights that come with the project, so that a first start need not train; other examples or another encoder are trained.
SHIPPED = Path(__file__).with_name("weights.npz")
# Weights too small to move a probability by a hundredth are left out of the shipped file, which halves it.
_NEGLIGIBLE = 0.02
_ARRAYS = ("letter_weights", "letter_bias", "vector_weights", "vector_bias")
_HEADS = ("subject", "urgent")

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
            # A subject says more than "no escalation" where a text has both.
            known = found.get(example.text.strip().lower())
            if known is None or known.label == NONE:
                found[example.text.strip().lower()] = example
    return list(found.values())


@dataclass(frozen=True)
class Head:
    """One softmax. Weights (labels, ALL) over words and finds and, with an encoder, (labels, 384) over vectors."""

    labels: tuple[str, ...]
    letter_weights: Floats
    letter_bias: Floats
    vector_weights: Floats | None = None
    vector_bias: Floats | None = None

    def chances(self, sparse: Features, vector: Vectors | None) -> dict[str, float]:
        """Label → probability, adding up to 1. vector: (384,), or None where only words count."""
        places, values = sparse
        logits = values @ self._by_place[places] + self.letter_bias
        if vector is not None and self.vector_weights is not None and self.vector_bias is not None:
            logits = VECTOR_SHARE * _log_softmax(self.vector_weights @ vector + self.vector_bias) + (1 - VECTOR_SHARE) * _log_softmax(logits)
        return dict(zip(self.labels, np.exp(_log_softmax(logits)).tolist(), strict=True))

    @cached_property
    def _by_place(self) -> Floats:
        """The weights with those of one place beside each other, (ALL, labels): a message needs some dozens of places."""
        return np.ascontiguousarray(self.letter_weights.T)


@dataclass(frozen=True)
class Classifier:
    """The trained heads. names: the lexicon by which messages are read for rule finds, as they were in training."""

    subject: Head
    urgent: Head | None = None
    names: Lexicon = field(default_factory=Lexicon)

    @property
    def labels(self) -> tuple[str, ...]:
        """The subjects."""
        return self.subject.labels

    @classmethod
    def train_or_load(cls, examples_dir: Path, cache_dir: Path | None, encoder: Encoder | None, names: Lexicon | None = None) -> Classifier:
        """The classifier for these examples and this encoder, from the cache when it was trained before. Raises BadExample."""
        names = names or Lexicon()
        mark = examples_mark("classifier", examples_dir, encoder, lambda: fingerprint(read_examples(examples_dir), encoder))
        if (shipped := cls._shipped(mark, names)) is not None:
            return shipped
        path = cache_dir / f"classifier-{mark}.npz" if cache_dir is not None else None
        if path is not None and path.is_file():
            try:
                return cls.load(path, names)
            except (OSError, ValueError, KeyError, BadZipFile):
                path.unlink(missing_ok=True)  # a file cut off in the middle is trained again
        from policies.training import train

        trained = train(read_examples(examples_dir), encoder, names)
        if path is not None:
            trained.save(path)
        return trained

    @classmethod
    def _shipped(cls, mark: str, names: Lexicon) -> Classifier | None:
        """The weights that come with the project, when they were trained on just these examples with this encoder."""
        if not SHIPPED.is_file():
            return None
        with np.load(SHIPPED, allow_pickle=False) as data:
            if str(data["mark"]) != mark:
                return None
        return cls.load(SHIPPED, names)

    def ship(self, mark: str, path: Path = SHIPPED) -> None:
        """Write the weights as they come with the project: half precision, compressed."""
        if self.subject.vector_weights is None:
            raise ValueError("weights without the encoder's half are not shipped")
        arrays = {
            name: np.where(np.abs(array) < _NEGLIGIBLE, 0, array).astype(np.float16) if "weights" in name else array for name, array in self._arrays().items()
        }
        np.savez_compressed(path, mark=np.array(mark), **arrays)  # type: ignore[arg-type]

    def save(self, path: Path) -> None:
        """Write the weights; the file appears whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        with part.open("wb") as out:
            np.savez(out, **self._arrays())  # type: ignore[arg-type]
        part.replace(path)

    def _arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        found: dict[str, npt.NDArray[np.generic]] = {}
        for name in _HEADS:
            head: Head | None = getattr(self, name)
            if head is None:
                continue
            found[f"{name}.labels"] = np.array(head.labels)
            found |= {f"{name}.{array}": value for array in _ARRAYS if (value := getattr(head, array)) is not None}
        return found

    @classmethod
    def load(cls, path: Path, names: Lexicon | None = None) -> Classifier:
        """Read saved weights. Raises OSError, ValueError, KeyError or BadZipFile when the file is not one of ours."""
        with np.load(path, allow_pickle=False) as data:
            get = {name: data[name] for name in data.files}

        def head(name: str) -> Head | None:
            if f"{name}.labels" not in get:
                return None
            arrays = [get[f"{name}.{array}"].astype(np.float32) if f"{name}.{array}" in get else None for array in _ARRAYS]
            if arrays[0] is None or arrays[1] is None or arrays[0].shape[1] != ALL:
                raise ValueError(f"{name}: weights of another size")
            return Head(tuple(str(label) for label in get[f"{name}.labels"]), arrays[0], arrays[1], arrays[2], arrays[3])

        subject = head("subject")
        if subject is None:
            raise KeyError("subject")
        return cls(subject, head("urgent"), names or Lexicon())

    def scores(self, text: str, vector: Vectors | None, language: str) -> dict[str, float]:
        """Label → probability. Empty for languages that neither model knows.

        Subjects add up to 1; crisis, emergency and poisoning are the second head's word, against everything else.
        """
        if language not in ("en", "es"):
            return {}
        sparse = sparse_features(text, self.names)
        known = vector if language == "en" else None
        found = self.subject.chances(sparse, known)
        if self.urgent is not None:
            found |= {label: chance for label, chance in self.urgent.chances(sparse, known).items() if label != OTHER}
        return found


def sparse_features(text: str, names: Lexicon) -> Features:
    """What the classifier sees of a message besides its vector. Never raises on any text."""
    read = signals(text, names)
    kinds = ("drugs", "supplements", "cancers", "genes", "terms", "other_medicines", "amounts")
    return joined_features(text, read.mentions.tagged, [*read.hits, *(f"names {kind}" for kind in kinds if getattr(read.mentions, kind))])


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)


def examples_mark(of: str, folder: Path, encoder: Encoder | None, work_out: Callable[[], str]) -> str:
    """The fingerprint of what is trained from a folder, kept with what else comes of these files: to read twelve thousand examples takes a quarter second."""
    if folder.resolve() != EXAMPLES.resolve():
        return work_out()
    return str(kept(f"{of} examples {_encoder_name(encoder)}", work_out))


def _encoder_name(encoder: Encoder | None) -> str:
    return str(getattr(encoder, "name", type(encoder).__name__))


def fingerprint(examples: Sequence[Example], encoder: Encoder | None) -> str:
    """Changes whenever examples, encoder or the way of training do.

    Not with the lexicons: weights trained before a name or a phrase was added are as good as before, and a first start should not train for it.
    """
    digest = hashlib.sha256(f"{VERSION} {ALL} {_encoder_name(encoder)}".encode())
    for example in examples:
        digest.update(f"\n{example.label}\t{example.lang}\t{example.text}".encode())
    return digest.hexdigest()[:24]
