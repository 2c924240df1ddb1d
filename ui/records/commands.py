"""`oncolantern records list | show | export | reply | note | status | delete`: the care team's commands; the operator's are in operations.py."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.settings import Settings

if TYPE_CHECKING:
    from ui.records.office import Dossier

Command = Callable[[argparse.Namespace, Settings], int]


def add_commands(subparsers: Any) -> None:
    """Add the actions; each sets `run(args, settings) -> exit code`."""
    from ui.records.operations import add_operations

    def action(name: str, run: Command, help: str, reference: bool = True) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = subparsers.add_parser(name, help=help, description=help)
        if reference:
            parser.add_argument("reference", metavar="REF", help="reference code, such as ABCDE-12345")
        parser.set_defaults(run=guarded(run))
        return parser

    listing = action("list", _list, "what has come in, oldest first", reference=False)
    listing.add_argument("--state", choices=("new", "review", "answered"), help="only these")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")

    show = action("show", _show, "what one submission holds: files, question, note, contact, the team's notes and replies")
    show.add_argument("--json", action="store_true", help="as one JSON object")

    export = action("export", _export, "take the files of a submission out, byte for byte")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make the submission's folder in")

    for name, run, text in (
        ("reply", _reply, "write to the person, who reads it with reference and PIN; counts as answered"),
        ("note", _note, "keep a note for the team; the person never sees it"),
    ):
        words = action(name, run, f"{text}. Reads the text from standard input unless --text or --file gives it").add_mutually_exclusive_group()
        words.add_argument("--text", help="the text itself (other users of this machine can see a command line)")
        words.add_argument("--file", type=Path, metavar="FILE", help="a UTF-8 text file")

    status = action("status", _status, "say where a submission stands")
    status.add_argument("state", choices=("new", "review", "answered"))

    delete = action("delete", _delete, "delete everything of a submission: its key first, then its files")
    delete.add_argument("--yes", action="store_true", help="do not ask first")
    add_operations(subparsers)


def guarded(command: Command) -> Command:
    """The command, with what can be expected to go wrong said in one line."""

    def run(args: argparse.Namespace, settings: Settings) -> int:
        from ui.records.errors import RecordsError

        try:
            return command(args, settings)
        except (RecordsError, OSError) as error:
            print(f"oncolantern records: {error}", file=sys.stderr)
            return 1

    return run


def confirmed(args: argparse.Namespace, question: str) -> int | None:
    """Asks before what cannot be undone. None: go on; else the exit code."""
    if args.yes:
        return None
    if not sys.stdin.isatty():
        print(f"oncolantern records: say --yes to {args.action_word} without being asked", file=sys.stderr)
        return 2
    if input(f"{question} Type yes: ").strip().lower() == "yes":
        return None
    print("nothing was changed", file=sys.stderr)
    return 1


def printable(text: str) -> str:
    """A stranger's text on a terminal: no control characters, so no escape sequences."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def _list(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import STATE_WORDS, open_office
    from ui.records.words import WORDS, count_words, size_words

    office = open_office(settings)
    found = office.queue(args.state)
    for status in found:
        if args.json:
            _print_json(_facts(status, kept_until=office.kept_until(status)))
            continue
        opened = f"opened {status.opened[:10]}" if status.opened else "not opened"
        print(
            f"{status.shown}  {status.received[:16].replace('T', ' ')}  {count_words(WORDS['en'], status.files):>8}  {size_words(status.bytes):>8}  "
            f"{STATE_WORDS[status.state]:<9}  {opened:<17}  kept until {office.kept_until(status)}"
        )
    if not found:
        print("nothing has come in" if args.state is None else "there is none of these", file=sys.stderr)
    return 0


def _show(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import STATE_WORDS
    from ui.records.sniff import KINDS
    from ui.records.team import show_submission
    from ui.records.words import size_words

    opened = show_submission(settings, args.reference)
    details, status = opened.details, opened.status
    if args.json:
        _print_json(_all_facts(opened))
        return 0
    print(f"{status.shown}, received {status.received}, {STATE_WORDS[status.state]}, language {details.language}, consent text of {details.consent}")
    for number, file in enumerate(details.files, start=1):
        print(f"  {number:>2}. {printable(file.name)}  ({KINDS[file.kind]}, {size_words(file.size)})")
    for name, text in (("Question", details.question), ("Note", details.note), ("Contact", details.contact)):
        if text:
            print(f"{name}: {printable(text)}")
    for name, said in (("Team note", opened.notes), ("Reply", opened.replies)):
        for one in said:
            print(f"{name}, {one.at[:16].replace('T', ' ')}, {printable(one.who)}: {printable(one.text)}")
    return 0


def _export(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.team import export_submission

    for path in export_submission(settings, args.reference, args.out):
        print(path)
    return 0


def _reply(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import open_office

    open_office(settings).reply(args.reference, _text(args))
    print("the reply is kept; the person reads it with reference and PIN")
    return 0


def _note(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import open_office

    open_office(settings).note(args.reference, _text(args))
    print("the note is kept, for the team alone")
    return 0


def _status(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import STATE_WORDS, open_office

    open_office(settings).set_state(args.reference, args.state)
    print(f"{args.reference} is {STATE_WORDS[args.state]}")
    return 0


def _delete(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.team import delete_submission

    args.action_word = "delete"
    if (code := confirmed(args, f"Delete everything of {args.reference}?")) is not None:
        return code
    delete_submission(settings, args.reference)
    print(f"{args.reference} is deleted")
    return 0


def _text(args: argparse.Namespace) -> str:
    from ui.records.errors import RecordsError

    if args.text is not None:
        return str(args.text)
    if args.file is None and sys.stdin.isatty():
        print("Write the text; end with Ctrl+D on a line of its own.", file=sys.stderr)
    try:
        return args.file.read_text(encoding="utf-8") if args.file else sys.stdin.read()
    except UnicodeDecodeError as error:
        raise RecordsError("the text is not UTF-8") from error


def _print_json(facts: dict[str, Any]) -> None:
    import json

    print(json.dumps(facts, ensure_ascii=False))


def _facts(status: Any, **more: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(status), "reference": status.shown, **more}


def _all_facts(opened: Dossier) -> dict[str, Any]:
    from dataclasses import asdict

    found = asdict(opened)
    for file in found["details"]["files"]:
        del file["id"]
    return _facts(
        opened.status, **{name: value for name, value in found["details"].items() if name != "adds_to"}, notes=found["notes"], replies=found["replies"]
    )
