"""`oncolantern ingest`: the operator's own documents."""

from __future__ import annotations

import argparse
import sys

from bot.settings import Settings
from ui.cli._show import preparing


def run(args: argparse.Namespace) -> int:
    """Bring a collection in line with files; a file that cannot be read is named and the rest goes on."""
    from bot.assembly import add_documents
    from knowledge.ingest import LIBRARY

    if args.collection == LIBRARY:
        print(f"oncolantern ingest: the collection {LIBRARY!r} is the built-in library; choose another name, or use an overlay", file=sys.stderr)
        return 2
    with preparing() as progress:
        report = add_documents(Settings(), args.paths, args.collection, progress)
    for problem in report.problems:
        print(problem, file=sys.stderr)
    for doc_id, count in report.marked.items():
        what = "sentence speaks" if count == 1 else "sentences speak"
        print(f"{doc_id}: {count} {what} to a model instead of a reader and will never be quoted; see `oncolantern library --marked`", file=sys.stderr)
    print(f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} unchanged; {report.passages} passages indexed")
    if report.problems:
        parts = len(report.problems) - report.failed
        failed = f"{report.failed} {'file' if report.failed == 1 else 'files'} failed" if report.failed else ""
        print(f"oncolantern ingest: {', '.join(x for x in (failed, f'{parts} parts left out' if parts > 0 else '') if x)}; the rest is in", file=sys.stderr)
        return 1
    return 0
