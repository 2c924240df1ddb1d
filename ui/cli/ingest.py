"""`oncolantern ingest`: the operator's own documents."""

from __future__ import annotations

import argparse
import sys

from bot.settings import Settings
from ui.cli._show import preparing


def run(args: argparse.Namespace) -> int:
    """Bring a collection in line with files; a file that cannot be read is named and the rest goes on."""
    from bot.assembly import add_documents
    from knowledge.search import LIBRARY

    if args.collection == LIBRARY:
        print(f"oncolantern ingest: the collection {LIBRARY!r} is the built-in library; choose another name", file=sys.stderr)
        return 2
    with preparing() as progress:
        report = add_documents(Settings(), args.paths, args.collection, progress)
    for problem in report.problems:
        print(problem, file=sys.stderr)
    print(f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} unchanged; {report.passages} passages indexed")
    return 1 if report.problems else 0
