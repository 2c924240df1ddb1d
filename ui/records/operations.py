"""`oncolantern records audit | token | purge | hooks | rotate-key`: what keeps the records in order, for the operator."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from bot.settings import Settings


def add_operations(subparsers: Any) -> None:
    """Add the actions; each sets `run(args, settings) -> exit code`."""
    from ui.records.commands import guarded

    audit = subparsers.add_parser("audit", help="who opened, wrote and deleted what, and when; newest last")
    audit.add_argument("reference", metavar="REF", nargs="?", help="of one submission, also of one that is gone")
    audit.add_argument("-n", "--lines", type=int, default=500, metavar="N", help="at most so many, the newest (default: 500)")
    audit.add_argument("--json", action="store_true", help="one JSON object a line")
    audit.set_defaults(run=guarded(_audit))

    token = subparsers.add_parser("token", help="who may open the /team page")
    tokens = token.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, run, text in (("add", _token_add, "a new token, shown once"), ("revoke", _token_revoke, "end a token, and whoever is signed in with it")):
        parser = tokens.add_parser(name, help=text)
        parser.add_argument("name", metavar="NAME", help="who it is for, as the audit trail shows it")
        parser.set_defaults(run=guarded(run))
    tokens.add_parser("list", help="the names, and when each was used").set_defaults(run=guarded(_token_list))

    purge = subparsers.add_parser("purge", help="delete what is past its time (ONCOLANTERN_RECORDS_KEEP_DAYS); a running server does so by itself")
    purge.add_argument("--older-than", type=int, metavar="DAYS", help="delete what came in longer ago than this, instead of the setting")
    purge.add_argument("--dry-run", action="store_true", help="only say what would go")
    purge.add_argument("--yes", action="store_true", help="do not ask first")
    purge.set_defaults(run=guarded(_purge))

    hooks = subparsers.add_parser("hooks", help="how the team is told of what comes in, and what waits to be told")
    hooks.add_argument("--test", action="store_true", help="send a test message each way now")
    hooks.set_defaults(run=guarded(_hooks))

    rotate = subparsers.add_parser(
        "rotate-key", help="put everything under a new master key; reference codes and PINs go on working",
        description="Puts everything under a new master key: ONCOLANTERN_RECORDS_KEY when it is set (the earlier one in ONCOLANTERN_RECORDS_OLD_KEY), "
        "else a fresh one in the key file. Cut off at any point, run it again. A running server follows by itself when the key is in the file; "
        "with the key in the environment stop it first, and start it with the new one.",
    )  # fmt: skip
    rotate.add_argument("--save-old", type=Path, metavar="FILE", help="keep the earlier key in this new file: backups from before open with nothing else")
    rotate.set_defaults(run=guarded(_rotate))


def _audit(args: argparse.Namespace, settings: Settings) -> int:
    import json

    from ui.records.commands import printable
    from ui.records.office import open_office

    for line in reversed(open_office(settings).trail(args.reference, max(1, args.lines))):
        if args.json:
            print(json.dumps({"at": line.at, "who": line.who, "what": line.what, "reference": line.shown}, ensure_ascii=False))
        else:
            print(f"{line.at[:19].replace('T', ' ')}  {line.shown:<11}  {printable(line.what):<22}  {printable(line.who)}")
    return 0


def _token_add(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import open_office
    from ui.records.team_access import Access

    office = open_office(settings)
    token = Access(office.vault.ledger).add_token(args.name, office.who)
    print(token)
    where = f"{(settings.public_url or '').rstrip('/')}/team"
    print(f"This is the only time it is shown. Give it to {args.name} on a safe way; it opens {where}.", file=sys.stderr)
    return 0


def _token_list(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import open_office
    from ui.records.team_access import Access

    office = open_office(settings)
    signed_in = Access(office.vault.ledger).signed_in()
    with office.vault.ledger.transaction() as books:
        rows = office.vault.ledger.tokens(books)
    for row in rows:
        state = f"revoked {row.revoked[:10]}" if row.revoked else f"signed in {signed_in[row.name]}×" if row.name in signed_in else "in use"
        used = f"last used {row.last_used[:16].replace('T', ' ')}" if row.last_used else "never used"
        print(f"{row.name:<40}  made {row.made[:10]}  {used:<27}  {state}")
    if not rows:
        print("there is none yet, so /team is closed: oncolantern records token add NAME", file=sys.stderr)
    return 0


def _token_revoke(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import open_office
    from ui.records.team_access import Access

    office = open_office(settings)
    Access(office.vault.ledger).revoke(args.name, office.who)
    print(f"the token of {args.name} is of no use any more, and nobody is signed in with it")
    return 0


def _purge(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.commands import confirmed
    from ui.records.errors import RecordsError
    from ui.records.office import open_office
    from ui.records.submission import show_reference

    days = settings.records_keep_days if args.older_than is None else args.older_than
    if days < 0:
        raise RecordsError("--older-than takes a number of days, 0 or more")
    office = open_office(settings, tidy=False)
    past = office.past(days)
    for reference in past:
        print(show_reference(reference))
    if args.dry_run or not past:
        print(f"{len(past)} submission(s) came in longer than {days} days ago", file=sys.stderr)
        return 0
    args.action_word = "purge"
    # What the setting says goes without being asked, as in the server.
    if days < settings.records_keep_days and (code := confirmed(args, f"Delete these {len(past)} submission(s)?")) is not None:
        return code
    print(f"{office.purge(days)} submission(s) deleted", file=sys.stderr)
    return 0


def _hooks(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.hooks import NotTaken, channels
    from ui.records.office import open_office
    from ui.records.outbox import test_message, waiting

    ways, code = channels(settings), 0
    if not ways:
        print("nobody is told of what comes in: set ONCOLANTERN_RECORDS_WEBHOOK or ONCOLANTERN_RECORDS_MAIL_TO (docs/records.md)", file=sys.stderr)
    found = waiting(open_office(settings, tidy=False).vault.ledger)
    for name in sorted({*ways, *found}):
        count, tries, since = found.get(name, (0, 0, ""))
        print(f"{name}: {count} waiting" + (f", the oldest since {since[:16].replace('T', ' ')}, tried up to {tries} time(s)" if count else ""))
        if args.test and name in ways:
            try:
                ways[name](settings, test_message(name))
                print(f"{name}: the test was taken")
            except NotTaken as error:
                print(f"oncolantern records: {name}: {error}", file=sys.stderr)
                code = 1
    return code


def _rotate(args: argparse.Namespace, settings: Settings) -> int:
    from ui.records.office import command_line
    from ui.records.rotation import rotate_records

    done = rotate_records(settings, command_line(), args.save_old)
    if done.already:
        print(done.already)
        return 0
    print(f"{done.count} submission(s) are under the new key; reference codes and PINs go on working")
    for reference in done.damaged:
        print(f"oncolantern records: the key of {reference} was damaged before, and stays unreadable", file=sys.stderr)
    print("Back up the new key now. Backups from before open with the earlier key alone.", file=sys.stderr)
    return 1 if done.damaged else 0
