"""Sliding-window limits per address, in memory: what a stranger may ask of the upload and the PIN check."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

_REMEMBERED = 10_000


class Rates:
    """Counts events per address over a window. Addresses are kept as keyed hashes, and forgotten with the process."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._events: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._secret = secrets.token_bytes(16)
        self._lock = threading.Lock()

    def allow(self, address: str) -> bool:
        """Count one event; False when the address has had its share."""
        now = self._clock()
        with self._lock:
            events = self._events.setdefault(self._key(address), deque())
            self._events.move_to_end(self._key(address))
            while events and events[0] <= now - self._seconds:
                events.popleft()
            if len(events) >= self._most:
                return False
            events.append(now)
            while len(self._events) > _REMEMBERED:
                self._events.popitem(last=False)
            return True

    def forgive(self, address: str) -> None:
        """The event counted last did not deserve it."""
        with self._lock:
            if events := self._events.get(self._key(address)):
                events.pop()

    def _key(self, address: str) -> bytes:
        try:
            parsed = ipaddress.ip_address(address)
            # One household holds a whole IPv6 /64.
            network = str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
        except ValueError:
            network = address
        return hashlib.blake2b(network.encode(), key=self._secret, digest_size=16).digest()
