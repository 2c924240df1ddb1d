"""`oncolantern records …` hands on to ui.records.commands."""

from __future__ import annotations

import argparse


def run(args: argparse.Namespace) -> int:
    """Run a command of the care team's side."""
    from bot.settings import Settings
    from ui.records.commands import add_commands

    parser = argparse.ArgumentParser(prog="oncolantern records", description="The care team's side of the records upload.")
    add_commands(parser.add_subparsers(title="actions", metavar="ACTION", required=True))
    chosen = parser.parse_args(args.rest)
    return int(chosen.run(chosen, Settings()) or 0)
