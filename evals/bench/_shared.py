"""Finds the measuring data that lies beside the repository and is no part of it."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

SHARED = Path(__file__).resolve().parents[3] / "shared"


class NoSharedData(SystemExit):
    """The data is not there; the message says what it is and how to name another place."""


def shared_folder(about: str, parser: argparse.ArgumentParser | None = None) -> Path:
    """The folder with `data` and `tools`, as the command line names it. Ends the program with a clear line when it is not there.

    parser: with options of the benchmark's own.
    """
    parser = parser or argparse.ArgumentParser(description=about)
    parser.add_argument(
        "--shared", type=Path, default=SHARED, metavar="DIR", help="folder that holds data/ and tools/ (default: shared, beside the repository)"
    )
    folder: Path = parser.parse_args().shared
    if not (folder / "data").is_dir():
        print(
            "This benchmark needs rows that are not part of the project (public data sets, for measuring only). They are expected in a folder `shared` "
            "beside the repository, with data/ and tools/ in it; name another with --shared DIR. `make bench` and `make eval` need no such data.",
            file=sys.stderr,
        )
        raise NoSharedData(1)
    return folder


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a data file."""
    return [json.loads(line) for line in (folder / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if line.strip()]


def score_routes(folder: Path) -> ModuleType:
    """The tool that defines the routing figures, loaded by path so that its definition is the one used."""
    spec = importlib.util.spec_from_file_location("score_routes", folder / "tools" / "score_routes.py")
    if spec is None or spec.loader is None:
        raise NoSharedData("shared/tools/score_routes.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    # Bytecode beside it would be written into a folder that is not ours.
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module
