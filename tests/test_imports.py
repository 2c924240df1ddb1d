"""Imports run one way: ui → evals → bot → policies, knowledge. No circle, and one file each for guardrails-ai and gradio."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "knowledge": {"knowledge"},
    "policies": {"policies"},
    "bot": {"bot", "policies", "knowledge"},
    "evals": {"evals", "bot", "policies", "knowledge"},
    "ui": {"ui", "evals", "bot", "policies", "knowledge"},
}


def imports(path: Path) -> set[str]:
    """Top-level names that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_run_one_way(folder: str) -> None:
    ours = set(MAY_IMPORT)
    wrong = {str(p.relative_to(ROOT)): sorted((imports(p) & ours) - MAY_IMPORT[folder]) for p in (ROOT / folder).rglob("*.py")}
    assert {path: names for path, names in wrong.items() if names} == {}


@pytest.mark.parametrize(("library", "place"), [("guardrails", "policies/guard.py"), ("gradio", "ui/chat.py")])
def test_one_file_knows_the_library(library: str, place: str) -> None:
    found = {str(p.relative_to(ROOT)) for folder in MAY_IMPORT for p in (ROOT / folder).rglob("*.py") if library in imports(p)}
    assert found == {place}


def test_files_have_one_idea_and_say_what_they_are_for() -> None:
    silent = [
        str(p.relative_to(ROOT)) for folder in MAY_IMPORT for p in (ROOT / folder).rglob("*.py") if not ast.get_docstring(ast.parse(p.read_text("utf-8")))
    ]
    assert silent == []
