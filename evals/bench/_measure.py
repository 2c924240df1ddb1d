"""Times, memory and the machine they were measured on."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.figures import percentile


@dataclass(frozen=True)
class Times:
    """Milliseconds of repeated measurements of one thing."""

    name: str
    ms: tuple[float, ...]

    @property
    def median(self) -> float:
        return percentile(self.ms, 0.5)

    @property
    def p95(self) -> float:
        return percentile(self.ms, 0.95)

    def row(self) -> str:
        """A row of a Markdown table: name, median, p95, how often."""
        return f"| {self.name} | {self.median:.1f} | {self.p95:.1f} | {len(self.ms)} |"


def timed(name: str, call: Callable[[Any], object], over: Iterable[Any]) -> Times:
    """How long `call` takes for each of `over`, each once."""
    found = []
    for item in over:
        started = time.perf_counter()
        call(item)
        found.append((time.perf_counter() - started) * 1000)
    return Times(name, tuple(found))


def machine() -> str:
    """Processor, cores, memory, system and Python; nothing that names the machine."""
    model = next((line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory = next((int(line.split()[1]) / 1_048_576 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0.0)
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def load() -> str:
    """What else the machine was doing: the load average of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def memory_mb(pid: int) -> tuple[float, float]:
    """(resident, highest resident) megabytes of a process; zeros where /proc does not tell."""
    values = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in _lines(f"/proc/{pid}/status") if line.startswith(("VmRSS", "VmHWM"))}
    return values.get("VmRSS", 0.0), values.get("VmHWM", 0.0)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
