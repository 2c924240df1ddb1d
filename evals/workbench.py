"""What tasks work with: the assembled product, its parts, the seed, and how much of the work to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from bot.conversation import Answer, Message

if TYPE_CHECKING:
    from bot.assembly import Parts
    from bot.settings import Settings

T = TypeVar("T")
SEED = 20261125
# A token of English is about four characters; good enough to compare models and prompts, not to check a bill.
CHARACTERS_PER_TOKEN = 4


class Asks(Protocol):
    """What a turn needs of an assistant."""

    def ask(self, messages: Sequence[Message]) -> Answer: ...


@dataclass(frozen=True)
class Prices:
    """What a model costs for a million tokens, in any currency: of the prompt, of the answer."""

    prompt: float = 0.0
    answer: float = 0.0


@dataclass
class Workbench:
    """assistant: answers turns. parts, settings: for probes that look at a part alone; None where there is only an assistant.

    quick: do the short form of what can be long. folder: for what a probe has to build (made on first use by `once`).
    """

    assistant: Asks
    parts: Parts | None = None
    settings: Settings | None = None
    seed: int = SEED
    quick: bool = False
    prices: Prices = field(default_factory=Prices)
    folder: Path = Path()
    _made: dict[str, Any] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for all rows and threads."""
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            made: T = self._made[name]
            return made

    @property
    def whole(self) -> Parts:
        """The parts. Raises RuntimeError where there is only an assistant."""
        if self.parts is None:
            raise RuntimeError("this task needs the product's parts, and there is only an assistant")
        return self.parts

    @contextmanager
    def counted(self, facts: dict[str, Any]) -> Iterator[None]:
        """Counts what goes to a chat model and comes back, in about tokens, into `facts`; nothing for the embedded model."""
        from bot.settings import EXTRACTIVE

        if self.settings is None or self.settings.chat_model == EXTRACTIVE:
            yield
            return
        from evals._tokens import counting

        with counting() as count:
            yield
        prompt, answer = (n / CHARACTERS_PER_TOKEN for n in (count.prompt, count.answer))
        facts["tokens"] = round(prompt + answer)
        if self.prices != Prices():
            facts["cost"] = (prompt * self.prices.prompt + answer * self.prices.answer) / 1_000_000


def build_workbench(settings: Settings, progress: Callable[[str, int, int], None] | None = None, **more: Any) -> Workbench:
    """The product as these settings say. Raises bot.errors.NotReady."""
    from bot.assembly import build_parts, join

    parts = build_parts(settings, progress)
    return Workbench(join(settings, parts), parts, settings, **more)
