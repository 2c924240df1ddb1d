"""How the terminal shows long work and answers: progress on stderr, Markdown where somebody watches."""

from __future__ import annotations

import sys
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


@contextmanager
def preparing() -> Iterator[Callable[[str, int, int], None]]:
    """A progress callback for `bot.assembly`: a bar while something long is under way, nothing when it is quick."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    bar = Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal)
    tasks: dict[str, TaskID] = {}

    def step(name: str, done: int, total: int) -> None:
        if name not in tasks:
            tasks[name] = bar.add_task(STEPS.get(name, name), total=total or 1)
        bar.update(tasks[name], completed=done, total=total or 1)

    with bar:
        yield step


def print_markdown(text: str) -> None:
    """Markdown, rendered for a terminal and plain for a pipe."""
    if not sys.stdout.isatty():
        print(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
