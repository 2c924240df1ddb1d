"""`oncolantern library check`: every article held to the rules of the format."""

from __future__ import annotations

import argparse


def check(args: argparse.Namespace) -> int:
    """Print problems and the table; exit code 1 when a rule is broken."""
    from knowledge.article_checks import main
    from knowledge.catalogs import catalog
    from policies.output_dosing import states_dose

    return main([str(p) for p in args.paths], states_dose=states_dose, guidelines={book.id for book in catalog().guidelines})
