"""How often an address may try to sign in."""

from __future__ import annotations

from collections import deque
from threading import Lock

from vialtrace.kit.clock import Clock

MOST = 10
SECONDS = 60.0
"""Ten attempts a minute: more than a person with a slip of the finger needs, too few to guess."""

_MOST_ADDRESSES = 10_000


class Attempts:
    """The attempts of the last minute, by the address they came from."""

    def __init__(self, clock: Clock) -> None:
        """Nobody has tried yet."""
        self._clock = clock
        self._seen: dict[str, deque[float]] = {}
        self._lock = Lock()

    def allow(self, address: str) -> bool:
        """Count an attempt; whether it is one of those that are allowed."""
        now = self._clock.elapsed()
        with self._lock:
            if len(self._seen) > _MOST_ADDRESSES:
                self._seen = {each: times for each, times in self._seen.items() if times and times[-1] > now - SECONDS}
            times = self._seen.setdefault(address, deque(maxlen=MOST))
            is_allowed = len(times) < MOST or times[0] <= now - SECONDS
            if is_allowed:
                times.append(now)
        return is_allowed
