"""`oncolantern eval …` hands on to evals.cli."""

from __future__ import annotations

import argparse


def run(args: argparse.Namespace) -> int:
    """Run an evaluation command."""
    from evals.cli import main

    return main(args.rest)
