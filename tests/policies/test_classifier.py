"""The classifier is reproducible, kept whole or not at all, and silent in languages it does not know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from policies.classifier import BadExample, Classifier, read_examples
from policies.hashing import features
from policies.training import folds_of, prepare, train
from policies.verdict import Lexicon

ROWS = """{"text": "what is lymphoma", "label": "education", "lang": "en"}
{"text": "what is a biopsy", "label": "education", "lang": "en"}
{"text": "how many pills a day", "label": "dosing", "lang": "en"}
{"text": "how many tablets can I take", "label": "dosing", "lang": "en"}
{"text": "who won the game", "label": "off_topic", "lang": "en"}
{"text": "what time is the game", "label": "off_topic", "lang": "en"}
{"text": "I am sad but fine", "label": "none", "lang": "en"}
"""


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "a.jsonl").write_text(ROWS, encoding="utf-8")
    return folder


def test_training_twice_gives_the_same_weights(examples: Path) -> None:
    first, second = (train(read_examples(examples), None) for _ in range(2))
    assert np.array_equal(first.subject.letter_weights, second.subject.letter_weights)


def test_probabilities_add_up_and_point_the_right_way(examples: Path) -> None:
    scores = train(read_examples(examples), None).scores("how many pills can I take", None, "en")
    assert sum(scores.values()) == pytest.approx(1, abs=1e-4)
    assert max(scores, key=lambda label: scores[label]) == "dosing"


def test_what_only_says_that_it_is_no_escalation_is_no_class(examples: Path) -> None:
    assert "none" not in train(read_examples(examples), None).labels


def test_a_language_it_does_not_know_gets_no_scores(examples: Path) -> None:
    assert train(read_examples(examples), None).scores("什么是淋巴瘤", None, "zh") == {}


def test_a_cached_classifier_is_the_trained_one_and_a_torn_file_is_made_again(examples: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    trained = Classifier.train_or_load(examples, cache, None)
    loaded = Classifier.train_or_load(examples, cache, None)
    assert np.array_equal(trained.subject.letter_weights, loaded.subject.letter_weights) and loaded.labels == trained.labels
    kept = next(cache.glob("*.npz"))
    kept.write_bytes(kept.read_bytes()[:100])
    assert Classifier.train_or_load(examples, cache, None).labels == trained.labels


def test_new_examples_train_anew(examples: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Classifier.train_or_load(examples, cache, None)
    (examples / "b.jsonl").write_text('{"text": "poison my boss", "label": "harmful"}\n', encoding="utf-8")
    assert "harmful" in Classifier.train_or_load(examples, cache, None).labels


def test_a_broken_line_is_named(examples: Path) -> None:
    (examples / "b.jsonl").write_text('{"text": "x"}\n', encoding="utf-8")
    with pytest.raises(BadExample, match=r"b\.jsonl line 1"):
        read_examples(examples)


def test_a_text_without_words_has_no_features() -> None:
    assert len(features("")[0]) == 0 and len(features("...")[0]) == 0


URGENT_ROWS = """{"text": "I want to end my life tonight", "label": "crisis"}
{"text": "I have pills and a plan to die", "label": "crisis"}
{"text": "this waiting is killing me", "label": "none"}
{"text": "I could die of boredom in this waiting room", "label": "none"}
"""


def test_hard_negatives_teach_the_urgent_head_and_change_no_subject(examples: Path) -> None:
    (examples / "urgent.jsonl").write_text(URGENT_ROWS, encoding="utf-8")
    scores = train(read_examples(examples), None)
    calm, danger = scores.scores("the waiting is killing me", None, "en"), scores.scores("I want to end my life", None, "en")
    assert danger["crisis"] > 0.5 > calm["crisis"]
    assert "none" not in calm and "other" not in calm


def test_a_paraphrase_stays_in_the_fold_of_its_twin(examples: Path) -> None:
    twins = "".join(f'{{"text": "can I please take {n} tablets of it tonight", "label": "dosing"}}\n' for n in range(2, 9))
    (examples / "twins.jsonl").write_text(twins, encoding="utf-8")
    data = prepare(read_examples(examples), None, Lexicon())
    where = [int(fold) for fold, example in zip(folds_of(data, 3), data.examples, strict=True) if "tonight" in example.text]
    assert len(set(where)) == 1
