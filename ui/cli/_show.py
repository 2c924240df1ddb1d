"""How the terminal shows long work and answers: progress on stderr, Markdown where somebody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STEPS = {
    "encoder": "Loading the encoder",
    "reading": "Reading",
    "encoding": "Indexing",
    "storing": "Storing",
    "policies": "Loading the policies",
    "ready": "Ready",
}
# What is counted by the second.
RATES = {"encoding": "passages"}


@contextmanager
def preparing() -> Iterator[Callable[[str, int, int], None]]:
    """A progress callback for `bot.assembly`: a bar while something long is under way, nothing when it is quick."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[rate]}"))
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    tasks: dict[str, TaskID] = {}
    begun: dict[str, float] = {}

    def step(name: str, done: int, total: int) -> None:
        if name not in tasks:
            tasks[name] = bar.add_task(STEPS.get(name, name), total=total or 1, rate="")
            begun[name] = time.monotonic()
        bar.update(tasks[name], completed=done, total=total or 1, rate=rate_of(name, done, time.monotonic() - begun[name]))

    with bar:
        yield step


def rate_of(step: str, done: int, seconds: float) -> str:
    """How fast a step goes that may take minutes; nothing until that can be told."""
    return f"{done / seconds:.0f} {RATES[step]}/s" if step in RATES and done and seconds > 0 else ""


def print_markdown(text: str) -> None:
    """Markdown, rendered for a terminal and plain for a pipe."""
    if not sys.stdout.isatty():
        print(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
