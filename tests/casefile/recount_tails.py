"""Tails of counts term by term, and what a small one is worth: none of scipy, none of the detectors' code."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

LEAST_P = 1e-200


def poisson(observed: float, mean: float) -> float:
    """The chance of so many or more where ``mean`` are expected, term by term."""
    term = math.exp(observed * math.log(max(mean, 1e-12)) - mean - math.lgamma(observed + 1))
    return _clipped(_summed(term, lambda k: mean / (observed + k)))


def binomial(observed: int, trials: int, chance: float) -> float:
    """The chance of so many or more of ``trials``, term by term."""
    chance = min(max(chance, 1e-12), 1.0)
    return _clipped(
        math.fsum(
            math.comb(trials, each) * chance**each * (1 - chance) ** (trials - each)
            for each in range(observed, trials + 1)
        )
    )


def _summed(term: float, ratio: Callable[[int], float]) -> float:
    total, k = 0.0, 0
    while term > total * 1e-17 and k < 100_000:
        total, k = total + term, k + 1
        term *= ratio(k)
    return total


def _clipped(p: float) -> float:
    return min(max(p, LEAST_P), 1.0)


def worth(q: float, cap: float) -> float:
    """The most that a q-value is worth: the bound of Sellke, Bayarri and Berger, cut at ``cap``."""
    q = max(q, LEAST_P)
    return min(max(-math.log10(-math.e * q * math.log(q)), 0.0), cap) if q < 0.36 else 0.0


def stepped(tails: Iterable[float], n_tests: float) -> dict[float, float]:
    """Benjamini and Hochberg's rate of each tail among those computed, where ``n_tests`` were asked for."""
    ranked, least, found = sorted(tails), 1.0, {}
    for place in range(len(ranked), 0, -1):
        p = ranked[place - 1]
        if p not in found:
            least = min(least, p * n_tests / place)
            found[p] = least
    return found
