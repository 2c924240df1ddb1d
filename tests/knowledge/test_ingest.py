"""Ingest: incremental, whole generations, nothing lost or half seen when it is killed anywhere."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.encoder import OnnxEncoder
from knowledge.errors import DocumentError
from knowledge.ingest import ingest
from knowledge.store import Store

TOPICS = ["fever", "fatigue", "nausea", "ports", "scans", "stages", "trials", "hospice"]


def write(folder: Path, name: str, subject: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text(
        f"# About {subject}\n\n## What is {subject}?\n\nPeople ask what {subject} means. It is told in plain words.\n\n## Why {subject}?\n\nThe team explains {subject}.\n"
    )
    return path


def seen(store: Store, collection: str = "own") -> set[str]:
    """Titles and words that a search can see."""
    return {row.passage.text for row, _ in store.match_words('"team" OR "people"', collection, 100, (1, 1, 1, 1))}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_a_second_run_over_unchanged_files_does_nothing(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    for topic in TOPICS:
        write(tmp_path / "docs", topic, topic)
    first = ingest(store, encoder, [tmp_path / "docs"], "own")
    generation = store.generation
    second = ingest(store, encoder, [tmp_path / "docs"], "own")
    assert (first.added, first.passages) == (8, 16)
    assert (second.added, second.changed, second.removed, second.unchanged, second.passages) == (0, 0, 0, 8, 0)
    assert store.generation == generation


def test_a_changed_file_replaces_only_its_own_passages(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    write(tmp_path / "docs", "a", "fever")
    write(tmp_path / "docs", "b", "ports")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    kept = {row.rowid for row in store.by_document("own", "b")}
    write(tmp_path / "docs", "a", "fatigue")
    report = ingest(store, encoder, [tmp_path / "docs"], "own")
    assert (report.changed, report.unchanged, report.passages) == (1, 1, 2)
    assert {row.rowid for row in store.by_document("own", "b")} == kept
    assert not any("fever" in text for text in seen(store))
    assert len(store.vectors("own")._collection.get(include=[])["ids"]) == 4


def test_what_vanished_under_the_path_goes_and_nothing_else(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    gone = write(tmp_path / "one", "a", "fever")
    write(tmp_path / "two", "b", "ports")
    ingest(store, encoder, [tmp_path / "one", tmp_path / "two"], "own")
    gone.unlink()
    report = ingest(store, encoder, [tmp_path / "one"], "own")
    assert report.removed == 1
    assert all("ports" in text for text in seen(store))
    assert len(seen(store)) == 2


def test_a_bad_file_is_named_and_the_rest_goes_on(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    write(tmp_path / "docs", "good", "fever")
    (tmp_path / "docs" / "bad.txt").write_bytes(b"caf\xe9 latin-1")
    report = ingest(store, encoder, [tmp_path / "docs"], "own")
    assert report.added == 1
    assert len(report.problems) == 1
    assert "bad.txt" in report.problems[0]
    assert "UTF-8" in report.problems[0]


def test_a_path_that_does_not_exist_is_an_error(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        ingest(store, encoder, [tmp_path / "nowhere"], "own")


def test_vectors_without_rows_are_never_found(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    """What a killed ingest leaves: vectors in Chroma whose rows were never committed."""
    write(tmp_path / "docs", "a", "fever")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    vector = encoder.encode(["ghost"])
    passage = store.by_document("own", "a")[0].passage.model_copy(update={"doc_id": "ghost"})
    store.add_vectors("own", ["own/ghost#0@dead"], vector, [passage])
    assert all(row.passage.doc_id == "a" for row, _ in store.nearest(vector[0], "own", 5))
    write(tmp_path / "docs", "b", "ports")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    assert "own/ghost#0@dead" not in store.vectors("own")._collection.get(include=[])["ids"]


@pytest.mark.parametrize("dies_at", ["writing", "sweep_vectors"])
def test_vectors_left_by_a_killed_run_go_even_when_there_is_nothing_left_to_do(
    store: Store, encoder: OnnxEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    """Killed before the swap with the file put back, or after the swap and before the sweep."""
    path = write(tmp_path / "docs", "a", "fever")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    before = path.read_text()
    write(tmp_path / "docs", "a", "fatigue")
    real = store.add_vectors

    def then_die(*args: Any) -> None:
        real(*args)
        monkeypatch.setattr(store, "writing", killed)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    if dies_at == "writing":
        monkeypatch.setattr(store, "add_vectors", then_die)
    else:
        monkeypatch.setattr(store, dies_at, killed)
    with pytest.raises(KeyboardInterrupt):
        ingest(store, encoder, [tmp_path / "docs"], "own")
    monkeypatch.undo()
    if dies_at == "writing":
        path.write_text(before)
    assert len(store.vectors("own")._collection.get(include=[])["ids"]) == 4
    assert ingest(store, encoder, [tmp_path / "docs"], "own").unchanged == 1
    assert len(store.vectors("own")._collection.get(include=[])["ids"]) == 2


def test_an_open_store_sees_another_process_ingest(store: Store, encoder: OnnxEncoder, encoder_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(encoder_folder, tmp_path / "enc")
    write(tmp_path / "docs", "a", "fever")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    assert len(store.nearest(encoder.encode(["fever"])[0], "own", 10)) == 2
    write(tmp_path / "docs", "b", "ports")
    subprocess.run(_command(tmp_path), check=True, timeout=120)
    found = store.nearest(encoder.encode(["What is ports?"])[0], "own", 10)
    assert len(found) == 4
    assert found[0][0].passage.doc_id == "b"


class Marks:
    """An encoder whose vectors are their texts' own, fast; it refuses after `last` texts."""

    def __init__(self, last: int = 10_000) -> None:
        self.left = last

    def encode(self, texts: list[str]) -> np.ndarray:
        self.left -= len(texts)
        if self.left < 0:
            raise RuntimeError("the encoder broke")
        vectors = np.stack([np.random.default_rng(zlib.crc32(text.encode())).standard_normal(384) for text in texts]).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_every_passage_has_its_own_vector_however_many_come(store: Store, tmp_path: Path) -> None:
    for number in range(70):
        write(tmp_path / "docs", f"doc{number:02}", f"{TOPICS[number % 8]} {number}")
    steps: list[tuple[str, int, int]] = []
    report = ingest(store, Marks(), [tmp_path / "docs"], "own", lambda *step: steps.append(step))
    assert report.passages == 140
    for number in range(70):
        for row in store.by_document("own", f"doc{number:02}"):
            own = Marks().encode([row.passage.indexed])[0]
            assert float(row.vector @ own) > 0.999
            assert store.nearest(own, "own", 1)[0][0].rowid == row.rowid
    encoded = [(done, total) for name, done, total in steps if name == "encoding"]
    assert encoded[-1] == (140, 140)
    assert all(done <= total for done, total in encoded)


def test_an_encoder_that_breaks_leaves_the_store_as_it_was(store: Store, tmp_path: Path) -> None:
    write(tmp_path / "docs", "first", "fever")
    ingest(store, Marks(), [tmp_path / "docs"], "own")
    before, generation = seen(store), store.generation
    for number in range(70):
        write(tmp_path / "docs", f"doc{number:02}", f"ports {number}")
    with pytest.raises(RuntimeError, match="the encoder broke"):
        ingest(store, Marks(last=100), [tmp_path / "docs"], "own")
    assert (seen(store), store.generation) == (before, generation)
    assert ingest(store, Marks(), [tmp_path / "docs"], "own").added == 70


def _command(base: Path) -> list[str]:
    code = (
        "import sys; from pathlib import Path; from knowledge.encoder import load_encoder; from knowledge.ingest import ingest; from knowledge.store import Store;"
        "base = Path(sys.argv[1]); ingest(Store(base / 'store'), load_encoder(base / 'enc'), [base / 'docs'], 'own')"
    )
    return [sys.executable, "-c", code, str(base)]


def kill_at(base: Path, seconds: float) -> None:
    """Start an ingest in another process and kill it after a while."""
    child = subprocess.Popen(_command(base), env=os.environ.copy())
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()


@pytest.mark.parametrize("round_", [0, 1, pytest.param(2, marks=pytest.mark.slow), *[pytest.param(i, marks=pytest.mark.slow) for i in range(3, 12)]])
def test_killed_anywhere_the_next_run_ends_in_the_same_store(round_: int, encoder_folder: Path, tmp_path: Path) -> None:
    random.seed(round_)
    for number in range(60):
        write(tmp_path / "docs", f"doc{number}", f"{random.choice(TOPICS)} {number}")
    shutil.copytree(encoder_folder, tmp_path / "enc")
    started = time.monotonic()
    subprocess.run(_command(tmp_path), check=True, timeout=300)
    whole = time.monotonic() - started
    before = seen(Store(tmp_path / "store"))
    for number in range(0, 60, 2):
        write(tmp_path / "docs", f"doc{number}", f"changed {number}")
    kill_at(tmp_path, random.uniform(0.4, 1.0) * whole)
    after_kill = seen(Store(tmp_path / "store"))
    subprocess.run(_command(tmp_path), check=True, timeout=300)
    store = Store(tmp_path / "store")
    after = seen(store)
    assert after_kill in (before, after), "a generation was seen by halves"
    assert store.count("own") == 120
    assert len(store.vectors("own")._collection.get(include=[])["ids"]) == 120
