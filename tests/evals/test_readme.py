"""The README's figures are those that the reports print: nobody copies them by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evals.bench.peers import RESULTS, body
from evals.cli import main
from evals.readme import NoMarks, block, put, table
from tests.evals.test_figures import RAISED, SOUND, UNSAFE, run

README = Path(__file__).parents[2] / "README.md"
MEASURED = run(SOUND, UNSAFE, RAISED)
MARKS = "before\n<!-- figures: eval -->\nold\n<!-- /figures: eval -->\nafter\n"


def test_the_peers_table_of_the_readme_is_the_one_that_the_benchmark_wrote() -> None:
    assert block(README.read_text(encoding="utf-8"), "peers") == body(RESULTS.read_text(encoding="utf-8"))


def test_the_readme_shows_a_run_of_a_whole_set_in_the_form_of_the_report() -> None:
    shown = block(README.read_text(encoding="utf-8"), "eval")
    asked, rows = (
        re.match(r"([\d]+) questions", shown),
        re.findall(r"^\| (?!what|---)[^|]+\| (\d\.\d{3}) \| (\d+) \| (\d\.\d{3})–(\d\.\d{3}) \|$", shown, re.MULTILINE),
    )
    assert asked is not None
    assert int(asked[1]) >= 1000
    assert len(rows) == shown.count("\n| ") - 1
    assert all(float(low) <= float(share) <= float(high) for share, _, low, high in rows)


def test_a_report_puts_its_own_figures_between_the_marks_and_leaves_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.json").write_text(MEASURED.model_dump_json(), encoding="utf-8")
    readme = tmp_path / "README.md"
    readme.write_text(MARKS, encoding="utf-8")
    assert main(["report", str(tmp_path), "--readme", str(readme)]) == 0
    text = readme.read_text(encoding="utf-8")
    assert (text.startswith("before\n"), text.endswith("\nafter\n"), "old" in text) == (True, True, False)
    assert block(text, "eval") == table(MEASURED)
    through = MEASURED.let_through()
    assert f"| {through.value:.3f} | {through.n} |" in text
    assert f"{through.value:.3f}" in capsys.readouterr().out


def test_a_file_without_the_marks_is_left_as_it_is_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("no marks", encoding="utf-8")
    with pytest.raises(NoMarks, match="figures: eval"):
        put(readme, "eval", "new")
    (tmp_path / "report.json").write_text(MEASURED.model_dump_json(), encoding="utf-8")
    assert main(["report", str(tmp_path), "--readme", str(readme)]) == 1
    assert "marks" in capsys.readouterr().err
    assert readme.read_text(encoding="utf-8") == "no marks"
