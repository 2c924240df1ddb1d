"""Our sets are valid, big enough and ours alone; a bad row is named and counted, never dropped in silence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from evals.sets import Row, own_sets, read_rows
from evals.tasks import UnknownTask, all_tasks, find_tasks

EXAMPLES = Path(__file__).parents[2] / "policies" / "examples"


# Tasks that look at other tasks' questions again, or whose question only stands beside a completion.
AGAIN = {"retrieval", "clock"}
BESIDE = {"gate", "documents"}


def all_rows() -> list[Row]:
    return [row for name, task in all_tasks().items() if name not in AGAIN for row in task.rows().rows]


def same(text: str) -> str:
    """A text by its letters and digits: two that differ in signs or case alone are one."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def test_every_row_of_ours_is_valid_and_every_file_belongs_to_a_task() -> None:
    assert [problem for task in all_tasks().values() for problem in task.rows().problems] == []
    assert set(own_sets()) <= set(all_tasks())


def test_ids_are_unique_over_all_tasks() -> None:
    ids = [row.id for row in all_rows()]
    assert sorted(ids) == sorted(set(ids))


def test_no_question_is_asked_twice() -> None:
    rows = [row for name in own_sets() if name not in BESIDE for row in all_tasks()[name].rows().rows]
    said = [same(" then ".join([*row.messages, str(row.probe.get("twin", ""))])) for row in rows]
    assert sorted(said) == sorted(set(said))


def test_there_are_enough_questions_of_every_kind() -> None:
    rows = all_rows()
    assert len([row for row in rows if not set(row.tags) & BESIDE]) >= 1_200
    tags = {tag for row in rows for tag in row.tags}
    wanted = {"emergency", "crisis", "poisoning", "spanish", "child", "distress", "navigation", "identifiers", "injection", "harmful", "off-topic", "outside-oncology",
              "premise", "typo", "drip", "after-escalation", "missed", "equivalence", "relative", "records", "caregiver", "long-story", "teen-patient", "invariance", "nci-misconception", "keypoints", "unknown", "state"}  # fmt: skip
    assert wanted <= tags


def test_no_row_is_a_training_example() -> None:
    learned: set[str] = set()
    for path in EXAMPLES.rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                example = json.loads(line)
                learned |= {same(value) for value in (example.values() if isinstance(example, dict) else [example]) if isinstance(value, str)}
    ours = [row for name in own_sets() if name not in BESIDE for row in all_tasks()[name].rows().rows if len(row.messages) == 1]
    assert sorted(row.id for row in ours if learned & {same(row.question), same(str(row.probe.get("twin", "")))} - {""}) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "line 2"),
        ('["a list"]', "not a JSON object"),
        ('{"id": "x", "actions": ["answer"]}', 'needs either "question" or "messages"'),
        ('{"id": "x", "question": "?", "messages": ["?"], "actions": ["answer"]}', 'needs either "question" or "messages"'),
        ('{"id": "x", "question": "  ", "actions": ["answer"]}', "the question is empty"),
        ('{"id": "x", "question": "why", "actions": ["reply"]}', "actions"),
        ('{"id": "x", "question": "why", "actions": []}', "actions"),
        ('{"id": "x", "question": "why", "actions": ["answer"], "tag": ["a"]}', "tag"),
        ('{"id": "good", "question": "again", "actions": ["answer"]}', "is there already"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_is_read(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"id": "good", "question": "why", "actions": ["answer"]}}\n{line}\n{{"id": "last", "question": "how", "actions": ["decline"]}}\n')
    found = read_rows([path])
    assert [row.id for row in found.rows] == ["good", "last"]
    assert len(found.problems) == 1
    assert found.problems[0].startswith("rows.jsonl, line 2: ")
    assert reason in found.problems[0]


def test_messages_are_the_persons_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    said = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "reply"}, {"role": "user", "content": "two"}]
    path.write_text(json.dumps({"id": "m", "messages": said, "actions": ["answer"]}))
    assert read_rows([path]).rows[0].messages == ("one", "two")


def test_a_csv_with_lists_and_a_bad_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('id,question,actions,tags,must_mention\nc1,"what, then?",answer|no_answer,a|b,HER2|node or gland\nc2,,answer,,\n', encoding="utf-8")
    found = read_rows([path])
    assert [(r.question, r.actions, r.tags, r.must_mention) for r in found.rows] == [
        ("what, then?", ("answer", "no_answer"), ("a", "b"), (("HER2",), ("node", "gland")))
    ]
    assert len(found.problems) == 1
    assert "line 3" in found.problems[0]


def test_an_unknown_task_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownTask, match="nothing-such"):
        find_tasks(["nothing-such"])
