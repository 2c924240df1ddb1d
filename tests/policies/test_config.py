"""A reviewer's slip in policies.yaml is refused with its place; the safety policies cannot be turned off."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.config import PATH, ConfigError, load_policies
from policies.explain import WATCHES, WATCHES_OUT, policy_table


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = PATH.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "policies.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_file_puts_escalation_before_everything_else() -> None:
    names = [policy.name for policy in load_policies().policies]
    assert names == ["crisis", "emergency", "poisoning", "identifiers", "dosing", "harmful", "personal", "injection", "scope", "premise"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            "    action: block\n    threshold: ",
            "    action: block\n    treshold: ",
            r"policies.yaml:\d+: policies > dosing > treshold: .*did you mean threshold\?",
        ),
        ("    action: block\n    threshold: ", "    action: block\n    threshold: 8", "dosing > threshold"),
        ("    action: block", "    action: answer", "dosing cannot answer"),
        ("  - name: emergency\n", "  - name: emergency\n    enabled: false\n", "emergency keeps people safe"),
        ("  - name: scope", "  - name: skope", r"did you mean scope\?"),
        ("time_limit_seconds", "time_limit", r"policies.yaml:\d+: time_limit: .*did you mean time_limit_seconds\?"),
        ("  - name: harmful", "  - name: dosing", "dosing"),
        ("policies:", "policies: [", "not valid YAML"),
    ],
)
def test_a_slip_is_refused_and_its_place_named(tmp_path: Path, old: str, new: str, place: str) -> None:
    with pytest.raises(ConfigError, match=place):
        load_policies(changed(tmp_path, old, new))


def test_a_missing_file_is_an_error_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_policies(tmp_path / "policies.yaml")


def test_the_table_lists_every_policy_in_order() -> None:
    asked, said = policy_table().split("\n\n")
    assert [row.split()[1] for row in asked.splitlines()[1:]] == list(WATCHES)
    assert [row.split()[1] for row in said.splitlines()[1:]] == list(WATCHES_OUT)


def test_the_line_named_is_the_line_of_the_slip(tmp_path: Path) -> None:
    path = changed(tmp_path, "    action: block\n    threshold: ", "    action: block\n    treshold: ")
    line = path.read_text(encoding="utf-8").splitlines().index(next(row for row in path.read_text(encoding="utf-8").splitlines() if "treshold" in row)) + 1
    with pytest.raises(ConfigError, match=rf"^policies\.yaml:{line}: "):
        load_policies(path)
