"""`oncolantern records list | show | export | delete`: the care team's commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.settings import Settings


def add_commands(subparsers: Any) -> None:
    """Add the four actions; each sets `run(args, settings) -> exit code`."""
    listing = subparsers.add_parser("list", help="what has come in, oldest first")
    listing.set_defaults(run=_guarded(_list))

    show = subparsers.add_parser("show", help="what one submission holds: files, question, note, contact")
    show.add_argument("reference", metavar="REF", help="reference code, such as ABCDE-12345")
    show.set_defaults(run=_guarded(_show))

    export = subparsers.add_parser("export", help="take the files of a submission out, byte for byte")
    export.add_argument("reference", metavar="REF", help="reference code")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make the submission's folder in")
    export.set_defaults(run=_guarded(_export))

    delete = subparsers.add_parser("delete", help="delete everything of a submission")
    delete.add_argument("reference", metavar="REF", help="reference code")
    delete.add_argument("--yes", action="store_true", help="do not ask first")
    delete.set_defaults(run=_guarded(_delete))


def _guarded(command: Callable[[argparse.Namespace, Settings], int]) -> Callable[[argparse.Namespace, Settings], int]:
    def run(args: argparse.Namespace, settings: Settings) -> int:
        from ui.records.errors import RecordsError

        try:
            return command(args, settings)
        except (RecordsError, OSError) as error:
            print(f"oncolantern records: {error}", file=sys.stderr)
            return 1

    return run


def _list(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.team import list_submissions
    from ui.records.words import size_words

    found = list_submissions(settings)
    for status in found:
        opened = f"opened {status.opened[:10]}" if status.opened else "new"
        print(f"{status.shown}  {status.received[:16].replace('T', ' ')}  {status.files:>3} file(s)  {size_words(status.bytes):>8}  {opened}")
    if not found:
        print("nothing has come in", file=sys.stderr)
    return 0


def _show(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.sniff import KINDS
    from ui.records.team import show_submission
    from ui.records.words import size_words

    opened = show_submission(settings, args.reference)
    details = opened.details
    print(f"{opened.status.shown}, received {opened.status.received}, language {details.language}, consent text of {details.consent}")
    for number, file in enumerate(details.files, start=1):
        print(f"  {number:>2}. {_printable(file.name)}  ({KINDS[file.kind]}, {size_words(file.size)})")
    for name, text in (("Question", details.question), ("Note", details.note), ("Contact", details.contact)):
        if text:
            print(f"{name}: {_printable(text)}")
    return 0


def _export(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.team import export_submission

    for path in export_submission(settings, args.reference, args.out):
        print(path)
    return 0


def _delete(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.team import delete_submission

    if not args.yes:
        if not sys.stdin.isatty():
            print("oncolantern records: say --yes to delete without being asked", file=sys.stderr)
            return 2
        if input(f"Delete everything of {args.reference}? Type yes: ").strip().lower() != "yes":
            print("nothing was deleted", file=sys.stderr)
            return 1
    delete_submission(settings, args.reference)
    print(f"{args.reference} is deleted")
    return 0


def _printable(text: str) -> str:
    """A stranger's text on a terminal: no control characters, so no escape sequences."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
