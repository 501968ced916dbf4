"""A figure with its interval, and how several figures of one thing become one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

_95 = 1.959964


@dataclass(frozen=True)
class Figure:
    """How much, between what bounds, from which source, resting on how many rows, and why, in a sentence."""

    method: str
    value: float
    low: float
    high: float
    basis: str
    n_rows: int

    @property
    def log_deviation(self) -> float:
        """The standard deviation on the log scale that the interval stands for; at least two per cent."""
        low, high = max(self.low, self.value / 1e3, 1e-9), max(self.high, 1e-9)
        return max(math.log(high / low) / (2 * _95), 0.02)

    def times(self, factor: Figure, *, method: str, basis: str, n_rows: int) -> Figure:
        """The product of two independent figures, their relative errors added in squares."""
        value = self.value * factor.value
        spread = math.exp(_95 * math.hypot(self.log_deviation, factor.log_deviation))
        return Figure(method, value, value / spread, value * spread, basis, n_rows)

    def at_least(self, floor: float) -> Figure:
        """The same figure, nowhere below what was counted."""
        return replace(self, value=max(self.value, floor), low=max(self.low, floor), high=max(self.high, floor))


@dataclass(frozen=True)
class Share:
    """What is thought of a share: so many found and so many missing, as if seen (a beta distribution)."""

    found: float
    missing: float

    @classmethod
    def within(cls, low: float, likely: float, high: float) -> Share:
        """The share that a triangle from ``low`` over ``likely`` to ``high`` describes, with its mean and variance."""
        mean = (low + likely + high) / 3
        variance = (low * low + likely * likely + high * high - low * likely - low * high - likely * high) / 18
        weight = mean * (1 - mean) / variance - 1
        return cls(mean * weight, (1 - mean) * weight)

    def told(self, found: float, missing: float) -> Share:
        """The share after so many more were found and so many missing."""
        return Share(self.found + found, self.missing + missing)

    @property
    def mean(self) -> float:
        """The expected share."""
        return self.found / (self.found + self.missing)

    @property
    def deviation(self) -> float:
        """Its standard deviation."""
        return math.sqrt(self.mean * (1 - self.mean) / (self.found + self.missing + 1))


def counted(method: str, count: float, basis: str, n_rows: int, *, seen: tuple[float, float, float]) -> Figure:
    """What a count stands for when the records hold only a part: ``seen`` is the least, likely and greatest share."""
    return Figure(method, count / seen[1], count / seen[2], count / seen[0], basis, n_rows)


def pool(figures: Sequence[Figure], *, shared: float = 0.5) -> tuple[float, float, float, dict[str, float]]:
    """Several figures of one quantity as one: value, low, high, and each method's share of the weight.

    Inverse-variance weights on the log scale with a between-source variance (DerSimonian & Laird, Controlled Clinical
    Trials 7, 1986). The sources read overlapping records and are not independent: any two errors are taken to be
    correlated by ``shared``, so that many sources that agree narrow the interval little, and one good source is never
    trusted less for the company of poor ones.
    """
    logs = [math.log(max(each.value, 1e-9)) for each in figures]
    variances = [each.log_deviation**2 for each in figures]
    weights = [1 / variance for variance in variances]
    centre = sum(w * y for w, y in zip(weights, logs, strict=True)) / sum(weights)
    q = sum(w * (y - centre) ** 2 for w, y in zip(weights, logs, strict=True))
    scale = sum(weights) - sum(w * w for w in weights) / sum(weights)
    between = max(0.0, (q - (len(figures) - 1)) / scale) if scale > 1e-12 else 0.0
    weights = [1 / (variance + between) for variance in variances]
    part = [weight / sum(weights) for weight in weights]
    centre = sum(w * y for w, y in zip(part, logs, strict=True))
    errors = [w / math.sqrt(weight) for w, weight in zip(part, weights, strict=True)]
    together = (1 - shared) * sum(each * each for each in errors) + shared * sum(errors) ** 2
    error = math.sqrt(min(together, 1 / max(weights)))
    shares = {each.method: weight for each, weight in zip(figures, part, strict=True)}
    return math.exp(centre), math.exp(centre - _95 * error), math.exp(centre + _95 * error), shares
