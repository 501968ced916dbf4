"""When things happen: week days, holidays, hours. Times are whole seconds from the first day of the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
DAY = 86_400
MONTH = 30.4

# Weight of each hour of the day, by sort of event.
HOURS: dict[str, tuple[float, ...]] = {
    "talk": (2, 1, 0, 0, 0, 0, 1, 3, 6, 8, 9, 8, 7, 7, 8, 8, 8, 8, 9, 11, 13, 13, 10, 5),
    "pay": (2, 1, 0, 0, 0, 0, 1, 3, 6, 9, 10, 9, 8, 8, 9, 9, 9, 9, 9, 10, 11, 10, 8, 5),
    "post": (0, 0, 0, 0, 0, 0, 0, 1, 4, 9, 11, 10, 7, 8, 11, 12, 12, 11, 9, 6, 3, 1, 0, 0),
    "deliver": (0, 0, 0, 0, 0, 0, 0, 1, 7, 13, 14, 11, 8, 8, 10, 10, 8, 6, 5, 3, 1, 0, 0, 0),
    "border": (0, 0, 0, 0, 0, 0, 2, 8, 10, 10, 9, 8, 7, 7, 7, 6, 6, 7, 7, 5, 4, 3, 1, 0),
    "office": (0, 0, 0, 0, 0, 0, 0, 0, 3, 12, 14, 10, 4, 6, 12, 13, 12, 7, 2, 1, 0, 0, 0, 0),
}


@dataclass(frozen=True)
class Span:
    """The days a world lasts, and how busy each is."""

    start: date
    days: int
    weights: Floats

    def within(self, low: float, high: float) -> Floats:
        """The weights of the days from ``low`` to ``high`` only."""
        index = np.arange(self.days)
        return np.where((index >= low) & (index < high), self.weights, 0.0)

    def date_of(self, second: float) -> date:
        """The calendar day of a time of this world."""
        return self.start + timedelta(days=int(second // DAY))


def make_span(start: date, days: int, holidays: tuple[tuple[str, str], ...]) -> Span:
    """Working days weigh 1, Saturdays 0.8, Sundays 0.65; on holidays a third of that."""
    weights = np.ones(days)
    for index in range(days):
        day = start + timedelta(days=index)
        weights[index] = (1, 1, 1, 1, 1, 0.8, 0.65)[day.weekday()]
        if any(low <= day.strftime("%m-%d") <= high for low, high in holidays):
            weights[index] /= 3
    return Span(start, days, weights)


def days_drawn(rng: np.random.Generator, n: int, weights: Floats) -> Ints:
    """``n`` days by weight."""
    total = np.cumsum(weights)
    days: Ints = np.searchsorted(total, rng.random(n) * total[-1], side="right").astype(np.int64)
    return days


def moments(rng: np.random.Generator, day: npt.NDArray[np.generic], hours: str) -> Ints:
    """A time on each of the days, in seconds; the minute and the second tell nothing."""
    total = np.cumsum(HOURS[hours])
    n = len(day)
    hour = np.searchsorted(total, rng.random(n) * total[-1], side="right")
    times: Ints = np.asarray(day, dtype=np.int64) * DAY + hour * 3600 + rng.integers(0, 3600, n)
    return times


def triangular(rng: np.random.Generator, bounds: tuple[float, float, float], n: int) -> Floats:
    """``n`` draws between low and high around a mode; a point where low equals high."""
    low, mode, high = bounds
    return np.full(n, float(low)) if low >= high else rng.triangular(low, mode, high, n)
