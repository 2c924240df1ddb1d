"""The console script: what people's scripts depend on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ui.cli import main


@pytest.fixture(autouse=True)
def data(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONCOLANTERN_DATA", str(prepared))


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows) + "\n", encoding="utf-8")
    return path


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, ui.cli; ui.cli.build_parser().format_help(); print(sorted({'gradio', 'guardrails', 'chromadb', 'langchain_core', 'onnxruntime', 'pydantic'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ.copy())
    assert run.stdout.strip() == "[]"


def test_ask_prints_an_answer_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is chemotherapy?", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["action"] == "answer"
    assert answer["model"] == "extractive"


def test_ask_prints_markdown_into_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is chemotherapy?"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Oncolantern is an AI.")
    assert "## " in out


@pytest.mark.parametrize(
    "arguments", [["ask"], ["ask", "x", "--batch", "a"], ["check"], ["search", "x", "-k", "0"], ["ingest", "x", "--collection", "library"], []]
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_unknown_arguments_are_exit_code_2() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["ask", "--nonsense"])
    assert stop.value.code == 2


def test_a_missing_batch_is_one_line_and_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--batch", str(tmp_path / "no.jsonl"), "--out", str(tmp_path / "o.jsonl")]) == 1
    assert capsys.readouterr().err.strip().count("\n") == 0


def test_a_batch_answers_in_order_and_counts_bad_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(
        tmp_path / "in.jsonl",
        {"id": "a", "question": "What is chemotherapy?"},
        "this is not json",
        {
            "id": "b",
            "messages": [
                {"role": "user", "content": "What is a fever?"},
                {"role": "user", "content": "what if chemo was last week"},
                {"role": "user", "content": "and it's 38.4"},
            ],
        },
        {"id": "c"},
        {"id": "d", "question": "How many mg of letrozole?"},
    )
    out = tmp_path / "out.jsonl"
    assert main(["ask", "--batch", str(source), "--out", str(out)]) == 0
    found = lines(out)
    assert [r["id"] for r in found] == ["a", "line-2", "b", "c", "d"]
    assert [r["action"] for r in found] == ["answer", "error", "escalate", "error", "block"]
    assert "2 bad" in capsys.readouterr().err


def test_a_batch_resumes_where_it_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": str(i), "text": "What is a port?"} for i in range(6)]
    source, out = write(tmp_path / "in.jsonl", *rows), tmp_path / "out.jsonl"
    main(["check", "--batch", str(source), "--out", str(out)])
    whole = out.read_text()
    kept = whole.splitlines(keepends=True)
    out.write_text("".join(kept[:3]) + kept[3][:10])  # killed in the middle of a line
    assert main(["check", "--batch", str(source), "--out", str(out)]) == 0
    assert out.read_text() == whole
    assert "3 worked on now" in capsys.readouterr().err


def test_a_batch_never_mixes_with_another_ones_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    main(["check", "--batch", str(write(tmp_path / "a.jsonl", {"id": "1", "text": "hello"})), "--out", str(out)])
    other = write(tmp_path / "b.jsonl", {"id": "2", "text": "hello"})
    assert main(["check", "--batch", str(other), "--out", str(out)]) == 1
    assert "--fresh" in capsys.readouterr().err
    assert main(["check", "--batch", str(other), "--out", str(out), "--fresh"]) == 0


def test_check_output_keeps_good_sentences_and_says_block(tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.jsonl",
        {"id": "1", "text": "Chemo kills cells that grow fast. Take 500 mg twice a day. Hair often grows back."},
        {"id": "2", "text": "Chemo kills cells that grow fast."},
        {"id": "3", "text": "A port is a small disc. [1] It cures 90% of people. [1]", "passages": ["A port is a small disc under the skin."]},
    )
    out = tmp_path / "out.jsonl"
    assert main(["check", "--side", "output", "--batch", str(source), "--out", str(out)]) == 0
    one, two, three = lines(out)
    assert one["action"] == "block"
    assert "500" not in str(one["released"])
    assert "Chemo kills cells that grow fast." in str(one["released"])
    assert "Hair often grows back." in str(one["released"])
    assert (two["action"], two["released"]) == ("answer", "Chemo kills cells that grow fast.")
    assert three["action"] == "block"
    assert "90" not in str(three["released"])
    assert {p["policy"] for p in three["policies"]} == {"grounding"}  # type: ignore[attr-defined]


def test_search_gives_hits_with_document_and_section(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["search", "--batch", str(write(tmp_path / "in.jsonl", {"id": 1, "question": "What is chemotherapy?"})), "--out", str(out), "-k", "3"]) == 0
    (found,) = lines(out)
    assert found["no_answer"] is False
    hits = found["hits"]
    assert isinstance(hits, list)
    assert len(hits) == 3
    assert set(hits[0]) == {"passage_id", "doc_id", "section", "score", "text"}
    assert hits[0]["doc_id"] == "chemotherapy"


def test_an_operators_document_is_found_beside_the_library_and_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    shutil.copytree(prepared, tmp_path / "data")
    monkeypatch.setenv("ONCOLANTERN_DATA", str(tmp_path / "data"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "parking.md").write_text(
        "# Parking at Lakeside\n\n## Where do cancer patients park at Lakeside?\n\nPatients on chemo at Lakeside park free on level two.\n"
    )
    assert main(["ingest", str(tmp_path / "docs")]) == 0
    assert "1 added" in capsys.readouterr().out
    for extra in ([], ["--collection", "documents"]):
        assert main(["search", "Where do cancer patients park at Lakeside?", *extra]) == 0
        assert json.loads(capsys.readouterr().out)["hits"][0]["doc_id"] == "parking"
    assert main(["ask", "Where do cancer patients park at Lakeside?", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "level two" in answer["markdown"]
    assert main(["search", "x", "--collection", "nowhere"]) == 1


def test_explain_and_the_table_of_policies_are_printable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "How many mg of letrozole?"]) == 0
    assert "dosing" in capsys.readouterr().out
    assert main(["policies"]) == 0
    table = capsys.readouterr().out
    assert all(name in table for name in ("crisis", "poisoning", "personal", "grounding"))


def test_the_library_check_prints_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library", "check"]) == 0
    assert "articles: mean grade" in capsys.readouterr().out
