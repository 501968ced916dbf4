"""Which rows of a large exhibit are looked at, drawn by chance that nobody can steer, and what so few rows can show.

The order of drawing is that of SHA-256 over the seed, the exhibit and the row, so that anybody can draw it again with
pencil and hash. The seed is the run's digest: whoever wants other rows must change what the run was made from.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# The usual risk of auditors: one time in twenty a sample without a fault hides more faults than is said.
_RISK = 0.05
#: The share of faulty rows that a check should be able to rule out.
TOLERATED = 0.05


@dataclass(frozen=True)
class Draw:
    """One exhibit of which not every row is printed: its rows, those printed, and what checking them would show.

    Of those printed ``n_drawn`` were drawn by chance and ``n_chosen`` were not.
    """

    exhibit: str
    n_rows: int
    n_drawn: int
    n_chosen: int
    most_faulty: int
    n_needed: int

    @property
    def letter(self) -> str:
        """What the exhibit's number begins with."""
        return self.exhibit.partition("-")[0]

    @property
    def most_share(self) -> float:
        """The share of faulty rows that is ruled out where every row printed is right."""
        return self.most_faulty / self.n_rows


def in_order(row_ids: Sequence[int], *, seed: str, exhibit: str, locate: Callable[[int], str]) -> list[int]:
    """All rows in the order they are drawn in."""

    begun = hashlib.sha256(f"{seed} {exhibit} ".encode())

    def place(row_id: int) -> tuple[bytes, int]:
        found = begun.copy()
        found.update(locate(row_id).encode())
        return found.digest(), row_id

    return sorted(row_ids, key=place)


def draw(exhibit: str, n_rows: int, n_drawn: int, n_chosen: int = 0) -> Draw:
    """What ``n_drawn`` rows of ``n_rows``, drawn at random and found right, would show.

    ``n_chosen`` further rows are printed whatever was drawn. Found right, they are known and stand for no others.
    """
    return Draw(exhibit, n_rows, n_drawn, n_chosen, most_faulty(n_rows - n_chosen, n_drawn), needed(n_rows))


def most_faulty(n_rows: int, n_drawn: int) -> int:
    """The greatest number of faulty rows of which a faultless sample still has a chance of one in twenty."""
    low, high = 0, n_rows - n_drawn
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if not _is_small(_chance_of_none(n_rows, middle, n_drawn)) else (low, middle - 1)
    return low


def needed(n_rows: int) -> int:
    """How many rows must be drawn and found right to rule out that more than one in twenty is faulty."""
    faulty = math.floor(TOLERATED * n_rows) + 1
    low, high = 1, n_rows
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _is_small(_chance_of_none(n_rows, faulty, middle)) else (middle + 1, high)
    return low


def _is_small(chance: float) -> bool:
    """Whether a chance is below one in twenty; one that is just that is not, though logarithms put it a hair below."""
    return chance < _RISK - 1e-9


def _chance_of_none(n_rows: int, n_faulty: int, n_drawn: int) -> float:
    """The hypergeometric chance that none of the rows drawn is faulty."""
    if n_faulty + n_drawn > n_rows:
        return 0.0
    parts = (n_rows - n_faulty, n_rows - n_drawn, n_rows, n_rows - n_faulty - n_drawn)
    a, b, c, d = (math.lgamma(each + 1) for each in parts)
    return math.exp(a + b - c - d)
