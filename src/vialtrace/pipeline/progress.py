"""How far a run is: told to whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

Told = Callable[[str, float], None]
"""Told what is done of one sheet, ``read`` or ``clean``, and which share of it."""

_READ_SHARE = 0.99
"""How far a sheet is whose file was read to its end: the last of its rows are still to be typed and written."""


class Progress(Protocol):
    """Called whenever a step is done: its stage, how many of how many, and in a few words what comes next."""

    def __call__(self, stage: str, done: int, total: int, doing: str = "", /) -> None:
        """Show it."""
        ...


def silent(stage: str, done: int, total: int, doing: str = "", /) -> None:
    """Show nothing."""


class SheetsRead:
    """How far the reading of all sheets is, and the cleaning of those that need it, by the bytes of their files."""

    def __init__(self, progress: Progress, sizes: Sequence[int]) -> None:
        """Begin with nothing read of files of these ``sizes``."""
        self._progress, self._sizes = progress, sizes
        self._shares: dict[str, dict[int, float]] = {"read": dict.fromkeys(range(len(sizes)), 0.0), "clean": {}}
        self._n_rows, self._last = 0, ""
        self._lock = Lock()
        self._tell("read")

    def reach(self, number: int, stage: str, share: float) -> None:
        """So much of one sheet is read or cleaned."""
        with self._lock:
            if stage == "clean":
                self._shares["read"][number] = 1.0
            else:
                # A sheet that is begun anew stands still until it is as far as it was.
                share = max(self._shares["read"][number], min(share, _READ_SHARE))
            self._shares[stage][number] = share
            self._tell(stage)

    def end(self, number: int, n_rows: int, shown: str) -> None:
        """One sheet is read whole."""
        with self._lock:
            self._shares["read"][number] = 1.0
            self._n_rows, self._last = self._n_rows + n_rows, f", {shown}"
            self._tell("read")

    def _tell(self, stage: str) -> None:
        shares = self._shares[stage]
        done = sum(self._sizes[number] * share for number, share in shares.items())
        total = sum(self._sizes[number] for number in shares)
        self._progress(stage, round(done), total, f"{self._n_rows:,} rows{self._last}")
