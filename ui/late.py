"""The assistant, built in the background, so that the first paint waits for no model and no library."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from bot.conversation import Answer, Detail, Event, Message

log = logging.getLogger(__name__)


class Assistant(Protocol):
    """What the faces need of `bot.turn`: a turn as events, or as one Answer."""

    def stream(self, messages: Sequence[Message], detail: Detail = "more") -> Iterator[Event]: ...

    def ask(self, messages: Sequence[Message], detail: Detail = "more") -> Answer: ...


class NotReady(RuntimeError):
    """The assistant is not there (yet): still being built, or its building failed."""


class LateAssistant:
    """Builds an assistant once, in a thread of its own; asking waits for it.

    `factory` is called once by `start`. If it raises, `failed` is True, the log has the traceback, and `get` raises
    NotReady at once, so that a turn ends in a safe reply instead of waiting.
    """

    def __init__(self, factory: Callable[[], Assistant]) -> None:
        self._factory = factory
        self._assistant: Assistant | None = None
        self._finished = threading.Event()
        self._lock = threading.Lock()
        self._started = False

    def start(self) -> None:
        """Begins building; calling it again does nothing."""
        with self._lock:
            if self._started:
                return
            self._started = True
        threading.Thread(target=self._build, name="assemble", daemon=True).start()

    @property
    def ready(self) -> bool:
        """True when a turn would not have to wait."""
        return self._assistant is not None

    @property
    def failed(self) -> bool:
        """True when building ended without an assistant."""
        return self._finished.is_set() and self._assistant is None

    def wait(self, seconds: float) -> bool:
        """Waits at most `seconds` for the building to end, one way or the other; True when it has."""
        return self._finished.wait(seconds)

    def get(self) -> Assistant:
        """The assistant. Raises NotReady when it is not built."""
        if self._assistant is None:
            raise NotReady("the assistant could not be built" if self.failed else "the assistant is still being built")
        return self._assistant

    def _build(self) -> None:
        try:
            self._assistant = self._factory()
        except Exception:
            log.exception("assembling the assistant failed; every turn gets the fixed safe reply")
        finally:
            self._finished.set()
        if self._assistant is not None and hasattr(self._assistant, "warm"):
            try:
                self._assistant.warm()
            except Exception:
                log.exception("warming up failed; the first turns will be slower")
