"""Runs the parsers of rich formats in a process of their own: a hostile file may crash, hang or fill memory there and nowhere else.

The process takes a path a line and gives a reading as a line of JSON; it is started when the first such file comes.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from knowledge.errors import DocumentError
from knowledge.reading import Piece, Reading

# Longest time for one file; an honest PDF of 3,000 pages takes about 60 s.
MAX_SECONDS = 120.0
# Address space of the process, in bytes.
MAX_MEMORY = 3_000_000_000


class Isolated:
    """A reader process, restarted after a file that broke it. Use as a context manager. Not safe across threads."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> Isolated:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def read(self, path: Path) -> Reading:
        """As the format's reader. Raises DocumentError, also when the file breaks the reader."""
        process = self._process or self._start()
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(str(path)) + "\n")
            process.stdin.flush()
        try:
            line = self._lines.get(timeout=self._seconds)
        except queue.Empty:
            self.close()
            raise DocumentError(f"{path.name}: took longer than {self._seconds:.0f} s to read; left unread (damaged or made to do harm?)") from None
        if not line:
            self.close()
            raise DocumentError(f"{path.name}: broke the program that reads it; left unread (damaged or made to do harm?)")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise DocumentError(str(answer["error"]))
        return reading_from(answer)

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "knowledge.readers.isolated"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8", cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert process.stdout is not None
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_pump, args=(process.stdout, lines), daemon=True).start()
        self._process, self._lines = process, lines
        return process


def _pump(stream: IO[str], lines: queue.Queue[str]) -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


def reading_from(data: dict[str, Any]) -> Reading:
    """A reading from its JSON."""
    pieces = [Piece(**{**p, "path": tuple(p["path"])}) for p in data["pieces"]]
    return Reading(**{**data, "pieces": pieces, "updated": date.fromisoformat(data["updated"]) if data["updated"] else None})


def main() -> None:
    """Read files until the input ends. What parsers print goes nowhere; only readings leave."""
    from knowledge.readers import READERS

    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limits on this system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        path = Path(json.loads(line))
        try:
            answer: dict[str, Any] = asdict(READERS[path.suffix.lower()](path))
        except DocumentError as error:
            answer = {"error": str(error)}
        except MemoryError:
            answer = {"error": f"{path.name}: takes more memory to read than an honest file does; left unread"}
        except OSError as error:
            answer = {"error": f"{path.name}: cannot be read ({error.strerror or type(error).__name__})"}
        except Exception as error:  # a parser's own fault on a broken file: named, and the next file goes on
            answer = {"error": f"{path.name}: could not be read ({type(error).__name__}); damaged? open it and save it anew"}
        out.write(json.dumps(answer, default=str) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
