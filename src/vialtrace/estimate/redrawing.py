"""Intervals that include the doubt about the model: the choice is made anew on every redrawn sample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from vialtrace.estimate.loglinear import Counts

# From counts to a total; None where a sample carries no estimate.
Estimator = Callable[[Counts], float | None]


def redrawn(counts: Counts, estimator: Estimator, *, seed: int, n_replicates: int) -> Counts | None:
    """The estimator's answers on samples of as many persons, drawn with return; None where most carry no estimate."""
    n_seen = int(counts.sum())
    generator = np.random.default_rng(seed)
    samples = generator.multinomial(n_seen, counts / n_seen, size=n_replicates)
    answers = [estimator(sample.astype(np.float64)) for sample in samples]
    found = np.array([each for each in answers if each is not None], dtype=np.float64)
    return found if len(found) >= n_replicates // 2 else None


def percentiles(answers: Counts, *, level: float = 0.95) -> tuple[float, float]:
    """The middle ``level`` of the answers."""
    low, high = np.quantile(answers, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def bias_corrected(
    answers: Counts, value: float, counts: Counts, estimator: Estimator, *, level: float = 0.95
) -> tuple[float, float]:
    """Bias-corrected and accelerated limits: percentiles moved for the estimator's bias and its changing spread.

    The acceleration comes from the jackknife: one person left out, once a history, weighted by how many have it
    (DiCiccio & Efron, Statistical Science 11, 1996; Chan, Silverman & Vincent 2021, section 3.3).
    """
    share = float(np.mean(answers < value) + np.mean(answers == value) / 2)
    bias = float(special.ndtri(np.clip(share, 1 / (2 * len(answers)), 1 - 1 / (2 * len(answers)))))
    left_out, weight = [], []
    for place in np.flatnonzero(counts > 0):
        without = counts.copy()
        without[place] -= 1
        answer = estimator(without)
        if answer is not None:
            left_out.append(answer)
            weight.append(counts[place])
    values, weights = np.array(left_out), np.array(weight)
    off = np.average(values, weights=weights) - values
    squares = float((weights * off**2).sum())
    acceleration = float((weights * off**3).sum()) / (6 * squares**1.5) if squares > 0 else 0.0
    moved = bias + special.ndtri([(1 - level) / 2, (1 + level) / 2])
    places = special.ndtr(bias + moved / np.maximum(1 - acceleration * moved, 1e-3))
    low, high = np.quantile(answers, places)
    return float(low), float(high)
