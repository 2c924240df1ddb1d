"""Threads that outlast their jobs, so that the guard need not start one a call and is never held up by one that hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Workers:
    """Threads that run one job after the other, so that a call need not pay for a new thread and what it opens. A hung one is lost, never waited for."""

    def __init__(self) -> None:
        self._idle: list[SimpleQueue[Callable[[], object]]] = []
        self._lock = threading.Lock()

    def start(self, job: Callable[[], object]) -> None:
        """Run a job that never raises on an idle thread, or on a new one."""
        with self._lock:
            queue = self._idle.pop() if self._idle else None
        if queue is None:
            queue = SimpleQueue()
            threading.Thread(target=self._work, args=(queue,), daemon=True, name="guard").start()
        queue.put(job)

    def _work(self, queue: SimpleQueue[Callable[[], object]]) -> None:
        while True:
            queue.get()()
            with self._lock:
                self._idle.append(queue)
