"""How people say false beliefs: the files hold statements of beliefs that the library has, and say on which line one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.articles import library_paths, read_article
from knowledge.heard import SOUND, read_heard, strangers
from knowledge.yaml_lines import FileError


def _file(folder: Path, text: str, name: str = "a.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_statements_are_read_by_article_and_belief(tmp_path: Path) -> None:
    folder = _file(tmp_path, 'aml:\n  "APL is a death sentence.":\n    - nobody lives with APL\n    - with APL all is lost\n')
    assert read_heard(folder) == {("aml", "APL is a death sentence."): ("nobody lives with APL", "with APL all is lost")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("aml:\n  b:\n    - does everybody with it die?\n", "a.yaml:3: a question"),
        ("aml:\n  b:\n    - all fine here\n", "a.yaml:3: needs 4 to 20 words"),
        ("aml:\n  b:\n    - one two three four\n    - 12\n", "a.yaml:4: must be a text"),
        ("aml:\n  b: text\n", "a.yaml:2: “b” needs a list"),
        ("aml:\n  - b\n", "a.yaml:1: aml: must be a mapping"),
    ],
)
def test_what_is_no_statement_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(FileError) as raised:
        read_heard(_file(tmp_path, text))
    assert str(raised.value).startswith(says)


def test_a_belief_stands_in_one_file(tmp_path: Path) -> None:
    _file(tmp_path, "aml:\n  b:\n    - one two three four\n")
    with pytest.raises(FileError, match="another file"):
        read_heard(_file(tmp_path, "aml:\n  b:\n    - five six seven eight\n", "b.yaml"))


def test_an_article_or_belief_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    folder = _file(tmp_path, "aml:\n  b: [one two three four]\n  c: [one two three four]\nxyz:\n  b: [one two three four]\n")
    assert [(e.line, e.message) for e in strangers([("aml", "b")], folder)] == [(3, "aml has no bullet “c”"), (4, "there is no article xyz")]


def test_every_statement_is_of_a_belief_that_the_library_has() -> None:
    library = [read_article(path) for path in library_paths()]
    beliefs = [(article.front.id, belief.belief) for article in library if article.language == "en" for belief in article.heard]
    assert strangers(beliefs) + strangers(beliefs, SOUND) == []
    assert read_heard(SOUND).keys() <= set(beliefs)
