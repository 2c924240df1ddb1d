"""Faults that a person can mend: shown as one line. Anything else is a bug and keeps its trace."""

from __future__ import annotations


def expected_errors() -> tuple[type[Exception], ...]:
    """The families of expected errors."""
    from pydantic import ValidationError

    from bot.errors import BotError
    from knowledge.errors import KnowledgeError
    from ui.cli._batch import BatchError

    return (BotError, KnowledgeError, BatchError, ValidationError, OSError)
