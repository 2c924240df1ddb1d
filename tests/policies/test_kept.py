"""What the policies keep between starts is exactly what they would work out: never older than their files, never damaged, never more than a shortcut."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies import grammar, kept, lexicons
from policies.classifier import EXAMPLES, examples_mark
from policies.grammar import Phrasebook


@pytest.fixture
def another_start(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As a new process finds things: nothing in memory."""

    def start(folder: Path) -> None:
        monkeypatch.setattr(kept, "_values", {})
        monkeypatch.setattr(kept, "_new", False)
        monkeypatch.setattr(kept, "_held", "")
        monkeypatch.setattr(kept, "_folder", None)
        kept.keep_in(folder)

    return start


def _never() -> Any:
    raise AssertionError("was worked out again")


def test_what_was_worked_out_is_read_by_the_next_start(another_start: Any, tmp_path: Path) -> None:
    another_start(tmp_path)
    assert kept.kept("a", lambda: {"b": [1, "ü"]}) == {"b": [1, "ü"]} and kept.is_new()
    kept.save()
    sealed = kept.seal()
    another_start(tmp_path)
    assert kept.kept("a", _never) == {"b": [1, "ü"]}
    assert kept.seal() == sealed and not kept.is_new()


@pytest.mark.parametrize("damage", ["cut", "one letter", "not ours", "gone"])
def test_a_damaged_file_is_as_good_as_none(another_start: Any, tmp_path: Path, damage: str) -> None:
    another_start(tmp_path)
    kept.kept("a", lambda: ["truth"])
    kept.save()
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes({"cut": whole[:-3], "one letter": whole.replace(b"truth", b"trush"), "not ours": b"\xff{}"}[damage])
    another_start(tmp_path)
    assert kept.kept("a", lambda: ["anew"]) == ["anew"] and kept.is_new()


def test_a_change_of_any_file_of_the_policies_makes_everything_new(another_start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {path.name: path for path in kept._files()}
    assert {"crisis.yaml", "policies.yaml", "phrases.py", "crisis.jsonl"} <= files.keys()
    another_start(tmp_path)
    kept.kept("a", lambda: ["old"])
    kept.save()
    package = tmp_path / "package"
    package.mkdir()
    (package / "one.yaml").write_text("a: 1")
    monkeypatch.setattr(kept, "_PACKAGE", package)
    kept.digest.cache_clear()
    try:
        before = kept.digest()
        (package / "one.yaml").write_text("a: 2")
        kept.digest.cache_clear()
        assert kept.digest() != before
        another_start(tmp_path)
        assert kept.kept("a", lambda: ["new"]) == ["new"]
    finally:
        monkeypatch.undo()
        kept.digest.cache_clear()


def test_nothing_is_kept_when_a_file_was_edited_meanwhile(another_start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "one.yaml").write_text("a: 1")
    later = time.time() + 60
    os.utime(package / "one.yaml", (later, later))
    another_start(tmp_path / "kept")
    kept.kept("a", lambda: ["of which file?"])
    monkeypatch.setattr(kept, "_PACKAGE", package)
    kept.save()
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_cannot_be_written_to_costs_only_time(another_start: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    another_start(tmp_path / "file")
    assert kept.kept("a", lambda: [1]) == [1]
    kept.save()
    assert kept.kept("a", lambda: [1]) == [1] and kept.seal() == ""


def test_what_json_would_change_is_never_kept(another_start: Any, tmp_path: Path) -> None:
    another_start(tmp_path)
    for value in ((1, 2), {1: "a"}, {"a"}):
        assert kept.kept(f"a {value}", lambda value=value: value) == value
    assert not kept.is_new()


def test_word_lists_phrases_and_marks_survive_the_file(another_start: Any, tmp_path: Path) -> None:
    data = lexicons._read("emergency")
    assert json.loads(json.dumps(data)) == data
    fresh = Phrasebook(data["symptoms"])
    another_start(tmp_path)
    mark = examples_mark("test", EXAMPLES, None, lambda: "worked out once")
    Phrasebook(data["symptoms"])
    kept.save()
    another_start(tmp_path)
    assert examples_mark("test", EXAMPLES, None, _never) == mark
    assert examples_mark("test", tmp_path, None, lambda: "other examples") == "other examples"
    again = Phrasebook(data["symptoms"])
    assert again._sources == fresh._sources and again.vocabulary == fresh.vocabulary
    text = "my chest hurts and I can't breathe, she is bleeding a lot and very confused"
    assert again.read(text) == fresh.read(text)


_VOCABULARY = "chest chess cheat breathe breath bleed bleeding blend confused confuse swallow hollow fever never".split()
_BOOK = Phrasebook({"words": _VOCABULARY})
_SLIP = st.sampled_from(_VOCABULARY).flatmap(
    lambda word: st.tuples(st.just(word), st.integers(0, len(word) - 1), st.sampled_from("abcdefghijklmnoprstuvw"), st.sampled_from("+-=x"))
)


@settings(max_examples=300, deadline=None)
@given(_SLIP)
def test_a_slip_is_put_right_as_by_a_table_of_every_form(slip: tuple[str, int, str, str]) -> None:
    word, at, letter, kind = slip
    typed = {"+": word[:at] + letter + word[at:], "-": word[:at] + word[at + 1 :], "=": word[:at] + letter + word[at + 1 :]}.get(
        kind, word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    )
    table: dict[str, list[str]] = {}
    for known in sorted(w for w in _BOOK.vocabulary if len(w) >= 5):
        for form in (known, *grammar._deletes(known)):
            table.setdefault(form, []).append(known)
    by_table = next((c for form in (typed, *grammar._deletes(typed)) for c in table.get(form, ()) if c[0] == typed[:1] and grammar.one_slip(c, typed)), typed)
    if typed and typed not in _BOOK.vocabulary:
        assert _BOOK._corrected(typed) == by_table
