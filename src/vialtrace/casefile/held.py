"""What was read or worked out of a run and may be asked for again: a run never changes, so neither does what it says.

It is held in memory only, up to so many bytes, and what was asked for longest ago goes first. Nothing of it is written.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

MOST_BYTES = 96_000_000
"""Room for all that the pages of two networks of the demonstration ask for, within the server's one gigabyte."""


class Held:
    """What is held, by a key that names the run and what was asked of it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Nothing is held yet; ``most_bytes`` bounds what will be."""
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._n_bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T], n_bytes: Callable[[T], int]) -> T:
        """What ``make`` gives, made once as long as there is room for it; ``n_bytes`` says about how much it takes.

        What would take more than half of the room is made each time and not held.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key][0]
                return found
        made = make()
        taken = n_bytes(made)
        with self._lock:
            if key not in self._kept and taken * 2 <= self._most_bytes:
                self._kept[key] = (made, taken)
                self._n_bytes += taken
                while self._n_bytes > self._most_bytes:
                    _, (_, freed) = self._kept.popitem(last=False)
                    self._n_bytes -= freed
        return made

    @property
    def n_bytes(self) -> int:
        """About how many bytes are held."""
        return self._n_bytes
