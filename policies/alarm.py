"""Says how much a message sounds like somebody in danger, whatever words it uses: crisis, emergency, poisoning, or none of them.

The rules know phrases; this knows likeness. English: a support-vector machine over the encoder's vector and over marks of how the message
speaks (of now or then, of itself or of people, asking or telling), mixed with a regression over hashed letters. Spanish: the letters, and where
somebody hands in its English words (`english`), the machine over those: half each, for a word that is not in their list is lost to it.
Trained on all of `examples/`, the rows that only sound alarming included: they are what it must tell apart.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from policies.classifier import BadExample, Example, examples_mark, fingerprint
from policies.hashing import WIDTH, features
from policies.lexicons import load
from policies.normalise import fold
from policies.verdict import Encoder, Vectors

VERSION = 3
KINDS = ("crisis", "emergency_now", "poisoning", "team_now", "none")
_NONE = KINDS.index("none")
# From cross-validation on the examples and blind rounds of fresh sentences (see docs/safety.md).
PLANES, MARK_WEIGHT, SVM_C, GAMMA, LETTERS_C, VECTOR_C = 192, 0.2, 10.0, 1.0, 20.0, 4.0
# A kind counts in the letters as if it were this power of its rarity more frequent: at 1 each harmless example that is added raises every alarm.
RARITY = 0.5
# Share of the machine's word in English; the rest is the letters'.
MEANING_SHARE = 0.6
# … and in Spanish: 4-fold cross-validation, recall at 3 % false alarms .91 by both; .4 to .7 hardly differ.
TRANSLATED_SHARE = 0.5
# The mean of two that go by different things lies nearer the middle than either: these log-odds are added, so that at .6, the threshold it is held
# to, 82 in 100 English and 89 in 100 Spanish alarms not seen before are heard by their sound alone, and 2 in 100 others.
LIFT, TRANSLATED_LIFT = 0.29, 0.85
# Of the English examples that are far from any alarm this share is kept: thousands of them teach no more than hundreds. Spanish has only
# letters to go by and hundreds in all: every one is kept.
PLAIN_SHARE = 0.4
SEED = 7
SHIPPED = Path(__file__).with_name("alarm.npz")
# A story is judged clause by clause too: what is one sentence of twenty would drown in the whole.
_LONG, _WINDOWS = 160, 3
# … but out of its story a clause sounds worse than it is: an ache among others, a past scare. It must be this much surer.
_CLAUSE_LESS = 0.28
# A short message of two or three clauses: the second only plays the first down, or says who asks.
_SHORT_LESS = 0.15
_WORTH = 0.4
# A whole that is this sure of one kind of alarm is not made surer by a part of itself (the highest threshold it is held to).
_HEARD = 0.6
# In a story only a clause that could lift the whole to half sure (rules.py takes less for calm) is worth reading: letters below this cannot.
_STORY_WORTH = (0.5 + _CLAUSE_LESS - MEANING_SHARE) / (1 - MEANING_SHARE)
_TAIL = re.compile(
    r"\s*\b(?:ignore|disregard|forget|ignora|olvida) (?:(?:all|your|the|any|my|previous|prior|tus|las|todas) ?){0,3}(?:instructions?|rules?|prompts?|guidelines?|instrucciones|reglas)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_FRAME = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hola)[,.! ]+)?(?:(?:as an?|i am an?|i['’]?m an?|speaking as an?|como|soy) (?:\w+ ){0,2}?(?:nurse|doctor|physician|oncologist|pharmacist|paramedic|medic|surgeon|researcher|enfermer[ao]|m[eé]dic[ao]|doctora?)\b(?: (?:i|we) (?:ask|need|want to ask|wonder))?"
    r"|hypothetically(?: speaking)?|hipot[eé]ticamente|(?:for|in) (?:my|a|an|the) (?:\w+ ){0,2}?(?:novel|story|book|script|screenplay|quiz|poem|exam|test|class|homework|assignment|case study)(?: question)?|asking for a friend|system)\s*[:,.;-]+\s*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?<=[.!?;:\n])\s+")

Floats = npt.NDArray[np.float32]
# The English words of a Spanish text; "" when it knows none. Its `name`, if it has one, changes whenever its words do.
Translate = Callable[[str], str]


def alarm_examples(folder: Path) -> list[Example]:
    """Every one-message example in English or Spanish, labelled by urgency; those of other policies are "none". Raises BadExample."""
    near: dict[str, Example] = {}
    plain: dict[str, Example] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row: dict[str, Any] = json.loads(line)
                if "turns" in row or row.get("lang", "en") not in ("en", "es"):
                    continue
                example = Example(str(row["text"]), str(row.get("urgency", "none")), str(row.get("lang", "en")))
            except (ValueError, KeyError, TypeError) as error:
                raise BadExample(f"{path.name} line {number}: needs text and label as JSON") from error
            # Complaints that are somebody's own and not urgent stand nearest to the alarms: all of them teach.
            alike = row.get("label") in ("none", "crisis", "emergency", "poisoning", "personal") or path.stem == "distress"
            (near if alike else plain).setdefault(example.text.strip().lower(), example)
    rng = np.random.default_rng(SEED)
    kept = [example for key, example in plain.items() if key not in near and (rng.random() < PLAIN_SHARE or example.lang == "es")]
    return [*near.values(), *kept]


def _meant(text: str, language: str, english: Translate | None) -> str:
    """A text as the encoder reads it."""
    return (english(text) or text) if language == "es" and english is not None else text


def _marks(text: str) -> Floats:
    """How the message speaks, as flags: the expressions of `alarm.yaml`, and its length."""
    plain = fold(text[:700])
    words = len(plain.split())
    flags = [pattern.search(plain) is not None for pattern in _expressions()]
    return np.array([*flags, words <= 5, words <= 10, words > 25, plain.rstrip().endswith("?")], np.float32)


_compiled: tuple[re.Pattern[str], ...] = ()


def _expressions() -> tuple[re.Pattern[str], ...]:
    global _compiled
    if not _compiled:
        _compiled = tuple(re.compile(str(expression)) for expression in load("alarm")["marks"].values())
    return _compiled


@dataclass(frozen=True)
class Alarm:
    """Trained weights. supports: (n, PLANES + marks) int8 with `scale`; the rest as named; all float32 otherwise."""

    letter_weights: Floats
    letter_bias: Floats
    vector_weights: Floats
    vector_bias: Floats
    planes: Floats
    supports: npt.NDArray[np.int8]
    scale: Floats
    shares: Floats
    bias: Floats

    @classmethod
    def train_or_load(cls, examples_dir: Path, cache_dir: Path | None, encoder: Encoder, english: Translate | None = None) -> Alarm:
        """From what is shipped or cached when it was trained on just these examples with this encoder, else trained. Raises BadExample."""
        read_by = str(getattr(english, "name", ""))
        mark = examples_mark(f"alarm {read_by}".strip(), examples_dir, encoder, lambda: cls.mark(alarm_examples(examples_dir), encoder, english))
        path = cache_dir / f"alarm-{mark}.npz" if cache_dir is not None else None
        for known in (SHIPPED, path):
            if known is None or not known.is_file():
                continue
            try:
                with np.load(known, allow_pickle=False) as data:
                    if str(data["mark"]) == mark:
                        return cls(**{f.name: data[f.name] if f.name == "supports" else data[f.name].astype(np.float32) for f in fields(cls)})
            except (OSError, ValueError, KeyError, BadZipFile):
                if known is path:
                    known.unlink(missing_ok=True)  # a file cut off in the middle is trained again
        trained = cls.train(alarm_examples(examples_dir), encoder, english)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part.npz")
            trained.save(mark, part)
            part.replace(path)
        return trained

    @staticmethod
    def mark(examples: list[Example], encoder: Encoder, english: Translate | None = None) -> str:
        """Changes whenever examples, the English words of the Spanish ones, encoder, the marks or this file's settings do."""
        settings = json.dumps([VERSION, PLANES, MARK_WEIGHT, SVM_C, GAMMA, load("alarm")["marks"]], ensure_ascii=False)
        read = [Example(english(example.text), "read", "en") for example in examples if example.lang == "es"] if english is not None else []
        return fingerprint([Example(settings, "settings"), *examples, *read], encoder)

    @classmethod
    def train(cls, examples: list[Example], encoder: Encoder, english: Translate | None = None) -> Alarm:
        """Fit. Reproducible: same examples and encoder, same weights. english: reads Spanish, so that its examples teach the machine too."""
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import SVC

        target = np.array([KINDS.index(example.label) for example in examples])
        rows = [features(example.text) for example in examples]
        bounds = np.cumsum([0, *(len(places) for places, _ in rows)])
        matrix = csr_matrix((np.concatenate([values for _, values in rows]), np.concatenate([places for places, _ in rows]), bounds), shape=(len(rows), WIDTH))
        common: dict[str, Any] = {"tol": 1e-3, "class_weight": "balanced", "random_state": SEED}
        counts = np.bincount(target, minlength=len(KINDS))
        rarity = {kind: (counts[_NONE] / counts[kind]) ** RARITY for kind in range(len(KINDS)) if counts[kind]}
        letters = LogisticRegression(C=LETTERS_C, max_iter=80, **(common | {"class_weight": rarity})).fit(matrix, target)
        read = [i for i, example in enumerate(examples) if example.lang == "en" or english is not None]
        texts = [_meant(examples[i].text, examples[i].lang, english) for i in read]
        vectors = encoder.encode(texts)
        vector = LogisticRegression(C=VECTOR_C, max_iter=60, **common).fit(vectors, target[read])
        # The directions in which the examples differ most; the rest is noise and weight.
        _, axes = np.linalg.eigh(vectors.T @ vectors)
        planes = np.ascontiguousarray(axes[:, ::-1][:, :PLANES], dtype=np.float32)
        marks = np.stack([_marks(text) for text in texts])
        points = np.hstack([vectors @ planes, MARK_WEIGHT * marks])
        scale = np.array([np.abs(points).max() / 127], np.float32)
        whole = np.round(points / scale).astype(np.int8)
        machine = SVC(C=SVM_C, gamma=GAMMA, class_weight="balanced").fit(whole * scale, target[read] != _NONE)
        return cls(
            letters.coef_.astype(np.float32),
            letters.intercept_.astype(np.float32),
            vector.coef_.astype(np.float32),
            vector.intercept_.astype(np.float32),
            planes,
            whole[machine.support_],
            scale,
            machine.dual_coef_[0].astype(np.float32),
            machine.intercept_.astype(np.float32),
        )

    def save(self, mark: str, path: Path = SHIPPED) -> None:
        """Write the weights in half precision, compressed (below 1 MB)."""
        arrays: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        half = {name: value if value.dtype == np.int8 or name in ("scale", "bias", "shares") else value.astype(np.float16) for name, value in arrays.items()}
        np.savez_compressed(path, mark=np.array(mark), **half)

    def scores(
        self, text: str, vector: Vectors | None, language: str, encoder: Encoder | None = None, english: Translate | None = None
    ) -> dict[str, float]:  # fmt: skip
        """Kind → how sure, 0–1, of the whole message or, in a story, of its most alarming part. Empty for languages it does not know."""
        if language not in ("en", "es"):
            return {}
        bare = _TAIL.sub("", _FRAME.sub("", text))
        if bare != text and any(char.isalpha() for char in bare):
            # Who claims to ask, and "hypothetically", say nothing of what is so.
            text, vector = bare, None
        readable = encoder if language == "en" or english is not None else None
        if language == "es" or vector is None:
            vector = readable.encode([_meant(text, language, english)])[0] if readable is not None else None
        letters = self._letters(text)
        best = self._judge(_meant(text, language, english), letters, vector, language)
        clauses = [clause for clause in _CLAUSE.split(text) if len(clause) > 8]
        story = len(text) > _LONG
        if len(clauses) > 1 and best[0] * float(best[1][:_NONE].max()) < _HEARD:
            less, worth = (_CLAUSE_LESS, _STORY_WORTH) if story else (_SHORT_LESS, _WORTH)
            heard = {clause: self._letters(clause) for clause in clauses}
            ranked = sorted(heard, key=lambda clause: heard[clause][_NONE])[:_WINDOWS]
            # Clauses that letters alone hold for calm are not worth encoding: they could not make an alarm of the message.
            ranked = [clause for clause in ranked if 1 - heard[clause][_NONE] > (0 if story and 1 - heard[ranked[0]][_NONE] > worth else worth)]
            meant = [_meant(clause, language, english) for clause in ranked]
            known = readable.encode(meant) if ranked and readable is not None else None
            for number, clause in enumerate(ranked):
                found = self._judge(meant[number], heard[clause], known[number] if known is not None else None, language)
                if found[0] - less > best[0]:
                    best = (found[0] - less, found[1])
        sure, kinds = best
        return {kind: sure * float(kinds[number]) for number, kind in enumerate(KINDS[:_NONE])} | {"any": sure}

    def _letters(self, text: str) -> Floats:
        places, values = features(text)
        return _softmax(values @ self._by_place[places] + self.letter_bias)

    def _judge(self, text: str, letters: Floats, vector: Vectors | None, language: str) -> tuple[float, Floats]:
        """(how sure that it is an alarm, shares of the kinds, adding up to 1). text: in English, where there is a vector."""
        sure, kinds = 1 - float(letters[_NONE]), letters[:_NONE]
        if vector is not None:
            meaning = _softmax(self.vector_weights @ vector + self.vector_bias)
            kinds = kinds + meaning[:_NONE]
            share, lift = (MEANING_SHARE, LIFT) if language == "en" else (TRANSLATED_SHARE, TRANSLATED_LIFT)
            mean = share * self._machine(text, vector) + (1 - share) * sure
            sure = mean / (mean + (1 - mean) * math.exp(-lift))
        return sure, np.asarray(kinds / max(float(kinds.sum()), 1e-9), dtype=np.float32)

    def _machine(self, text: str, vector: Vectors) -> float:
        point = np.concatenate([vector @ self.planes, MARK_WEIGHT * _marks(text)])
        ours, theirs = self._supports
        distance = theirs + float(point @ point) - 2 * (ours @ point)
        value = float(self.shares @ np.exp(-GAMMA * distance) + self.bias[0])
        return float(1 / (1 + np.exp(-2 * value)))

    @cached_property
    def _supports(self) -> tuple[Floats, Floats]:
        """The support vectors as numbers and their squared lengths."""
        ours = self.supports.astype(np.float32) * self.scale
        return ours, np.asarray((ours * ours).sum(1), dtype=np.float32)

    @cached_property
    def _by_place(self) -> Floats:
        """The letters' weights with those of one place beside each other, (WIDTH, kinds)."""
        return np.ascontiguousarray(self.letter_weights.T)


def _softmax(logits: Floats) -> Floats:
    grown = np.exp(logits - logits.max())
    return np.asarray(grown / grown.sum(), dtype=np.float32)
