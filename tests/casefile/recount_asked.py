"""What every recount of a claim's test needs: the tables of a run, what was made of them once, and the four numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

Row = Mapping[str, Any]
Tables = Callable[[str], list[dict[str, Any]]]

EPOCH = date(1970, 1, 1)


class Numbers(NamedTuple):
    """The numbers of one test."""

    observed: float
    expected: float
    p: float
    q: float

    def asked(self, n_tests: float) -> Numbers:
        """The same where so many tests were made: each is paid for."""
        return self._replace(q=min(self.p * n_tests, 1.0))


class Asked:
    """The tables of one run, as the questions of the detectors are asked of them."""

    def __init__(self, tables: Tables) -> None:
        """Name the tables; each is read when a claim needs it."""
        self._tables = tables
        self._held: dict[str, Any] = {}

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._held:
            self._held[name] = make()
        return self._held[name]
