"""The bot's errors. The text for a log and the text for a person are different things: these carry the first."""

from __future__ import annotations


class BotError(Exception):
    """Anything of the bot's own that went wrong."""


class ModelUnavailable(BotError):
    """The chat model could not be reached, refused, timed out or broke off."""


class NotReady(BotError):
    """A part could not be built; the message says which and what to do."""
