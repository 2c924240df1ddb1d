"""`python -m ui.cli` is the console script."""

from ui.cli import entry

entry()
