"""Multiple systems estimation: how many there are, from how the lists that caught them overlap.

``population`` gives the one figure that estimates of a case rest on; ``spread`` gives the answer of every published
method side by side, since they may differ twofold on one table and no reader should see one of them alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from vialtrace.estimate.choosing import averaged, best, stepwise, window
from vialtrace.estimate.loglinear import Counts, Fit, Hidden, Term, all_pairs, fit, histories, poisson, tabulate
from vialtrace.estimate.redrawing import Estimator, bias_corrected, percentiles, redrawn

__all__ = [
    "METHODS",
    "Fit",
    "Population",
    "all_pairs",
    "averaged",
    "best",
    "counts_of",
    "fit",
    "histories",
    "lower_bound",
    "population",
    "spread",
    "stepwise",
    "tabulate",
    "window",
]


@dataclass(frozen=True)
class Population:
    """How many there are: the figure, its 95 per cent interval, and what other choices of model would have said."""

    value: float
    low: float
    high: float
    n_seen: int
    by_model: dict[str, float] = field(default_factory=dict)


def counts_of(rows: Iterable[Sequence[int]]) -> tuple[Counts, int]:
    """A published table as counts in the order of ``histories``: rows of 0 or 1 a list, and the count last.

    Histories that no row holds have the count zero; of histories given twice the counts are added. Raises ValueError,
    naming the row, where a row is of another length, a flag is neither 0 nor 1, or a count is negative.
    """
    counts: Counts | None = None
    n_lists = 0
    for number, (*history, count) in enumerate(rows, start=1):
        if counts is None:
            n_lists = len(history)
            counts = np.zeros(2**n_lists - 1)
        if len(history) != n_lists or any(flag not in (0, 1) for flag in history) or count < 0:
            raise ValueError(f"Row {number}: expected {n_lists} flags of 0 or 1 and a count, got {[*history, count]}.")
        code = sum(flag << place for place, flag in enumerate(history))
        if code:
            counts[code - 1] += count
    if counts is None or n_lists < 2:
        raise ValueError("A table of capture histories needs rows of two lists or more and a count.")
    return counts, n_lists


def _models(counts: Counts, n_lists: int, hidden: Hidden | None) -> list[tuple[Term, ...]]:
    """Every set of pairs for up to four lists; for more, those within reach of the best one."""
    if n_lists > 4:
        return [each.pairs for each in window(counts, n_lists, hidden)]
    pairs = all_pairs(n_lists)
    return [chosen for size in range(len(pairs) + 1) for chosen in itertools.combinations(pairs, size)]


def population(
    counts: Counts, n_lists: int, *, hidden: Hidden | None = None, seed: int = 0, n_replicates: int = 200
) -> Population | None:
    """How many there are, assuming the lists miss people independently but for pairs of lists.

    Two lists give Chapman's estimator with its log-normal interval. Three or more give the average over all models of
    main and pair effects; the interval is a percentile interval over samples redrawn from the counts, each with
    its own choice of models, so that it includes the doubt about the model.

    Args:
        counts: counts of histories in the order of ``histories``.
        n_lists: two or more.
        hidden: histories nobody could be seen to have, as in ``fit``; for three lists and more.
        seed: of the redrawn samples.
        n_replicates: how many samples are redrawn.

    Returns:
        None where the overlap cannot carry any estimate.
    """
    if n_lists == 2:
        return _chapman(counts)
    counts = counts if hidden is None else np.where(hidden, 0.0, counts)
    n_seen = int(counts.sum())
    models = _models(counts, n_lists, hidden)
    found = averaged(counts, n_lists, models, hidden) if n_seen else None
    if found is None:
        return None
    independent, forward = fit(counts, n_lists, (), hidden), stepwise(counts, n_lists, hidden)
    by_model = {"best": n_seen + found[1].unseen}
    by_model |= {"independent": n_seen + independent.unseen} if independent else {}
    by_model |= {"stepwise": n_seen + forward.unseen} if forward else {}
    near = _near(counts, n_lists, models, hidden)

    def again(sample: Counts) -> float | None:
        answer = averaged(sample, n_lists, near, hidden)
        return None if answer is None else n_seen + answer[0]

    answers = redrawn(counts, again, seed=seed, n_replicates=n_replicates)
    if answers is None:
        return None
    total = n_seen + found[0]
    return _around(total, percentiles(answers), n_seen, by_model)


def _around(value: float, limits: tuple[float, float], n_seen: int, by_model: dict[str, float]) -> Population:
    low, high = limits
    return Population(value, max(float(n_seen), min(low, value)), max(high, value), n_seen, by_model)


def _near(
    counts: Counts, n_lists: int, models: Sequence[tuple[Term, ...]], hidden: Hidden | None, *, most: int = 12
) -> list[tuple[Term, ...]]:
    """The models that carry nearly all the weight on the counts: the ones a redrawn sample must weigh again.

    Looking among these only changes intervals little and saves nearly all the time (Silverman, Chan & Vincent,
    Statistics and Computing 34, 2024).
    """
    tried = ((fit(counts, n_lists, pairs, hidden), pairs) for pairs in models)
    fits = [(found.bic(), pairs) for found, pairs in tried if found is not None]
    least = min(criterion for criterion, _ in fits)
    return [pairs for criterion, pairs in sorted(fits)[:most] if criterion - least < 12]


METHODS = ("independent", "stepwise", "best", "averaged", "lower_bound")


def spread(
    counts: Counts, n_lists: int, *, seed: int = 0, n_replicates: int = 200, methods: Sequence[str] = METHODS
) -> dict[str, Population]:
    """How many there are by every published method, assuming what each assumes; methods without an answer are left out.

    ``independent``: lists independent. ``stepwise``: Chan, Silverman & Vincent (2021), bias-corrected and accelerated
    interval with the steps taken anew on each sample. ``best``: least BIC over models of pairs, chosen anew on each
    sample among the models near the best. ``averaged``: those models by weight of evidence. ``lower_bound``: Chao's,
    with lists of unequal reach. Two lists leave no choice of model: ``chapman``.
    """
    if n_lists == 2:
        chapman = _chapman(counts)
        return {} if chapman is None else {"chapman": chapman}
    needs_near = {"best", "averaged"} & set(methods)
    near = [each.pairs for each in window(counts, n_lists)][:12] if needs_near else []

    def total(found: Fit | None) -> float | None:
        return None if found is None else found.n_seen + found.unseen

    def choose(sample: Counts) -> float | None:
        answer = averaged(sample, n_lists, near)
        return None if answer is None else total(answer[1])

    def average(sample: Counts) -> float | None:
        answer = averaged(sample, n_lists, near)
        return None if answer is None else float(sample.sum()) + answer[0]

    estimators: dict[str, Estimator] = {
        "independent": lambda sample: total(fit(sample, n_lists)),
        "stepwise": lambda sample: total(stepwise(sample, n_lists)),
        "best": choose,
        "averaged": average,
        "lower_bound": lambda sample: lower_bound(sample, n_lists),
    }
    answers = {}
    for name in methods:
        estimator = estimators[name]
        value = estimator(counts)
        replicates = None if value is None else redrawn(counts, estimator, seed=seed, n_replicates=n_replicates)
        if value is None or replicates is None:
            continue
        limits = percentiles(replicates)
        if name == "stepwise":
            limits = bias_corrected(replicates, value, counts, estimator)
        answers[name] = _around(value, limits, int(counts.sum()), {})
    return answers


def lower_bound(counts: Counts, n_lists: int) -> float | None:
    """How many there are at least, assuming people differ in how easily they are caught, and lists in their reach.

    Chao's lower bound for lists of unequal reach as a log-linear model: main effects, and one effect for each number of
    lists beyond two; an effect below zero is set to zero (Rivest & Baillargeon, Biometrics 63, 2007).
    """
    cells = histories(n_lists)
    n_caught = cells.sum(axis=1)
    main = np.column_stack([np.ones(len(cells)), cells]).astype(np.float64)
    extra = {number: np.maximum(n_caught - number + 1, 0).astype(np.float64) for number in range(3, n_lists + 1)}
    # Nobody is on more lists than the most: those effects are below zero, hence zero.
    most = int(n_caught[counts > 0].max()) if counts.any() else 0
    if most < 2 or (counts @ cells == 0).any():
        return None
    held = [number for number in extra if number <= most]
    while True:
        design = np.column_stack([main, *[extra[number] for number in held]])
        effects, _ = poisson(design, counts)
        negative = [number for number, effect in zip(held, effects[1 + n_lists :], strict=True) if effect < 0]
        if not negative:
            return float(counts.sum() + math.exp(min(effects[0], 60.0)))
        held = [number for number in held if number not in negative]


def _chapman(counts: Counts) -> Population | None:
    """Chapman's nearly unbiased form of Lincoln and Petersen, with the variance of Seber (1970)."""
    only_first, only_second, both = (float(value) for value in counts)
    if both < 1:
        return None
    first, second = only_first + both, only_second + both
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * only_first * only_second / ((both + 1) ** 2 * (both + 2))
    n_seen = only_first + only_second + both
    unseen = max(total - n_seen, 1e-6)
    spread_ = math.exp(1.96 * math.sqrt(math.log1p(variance / unseen**2)))
    return Population(total, n_seen + unseen / spread_, n_seen + unseen * spread_, int(n_seen), {"independent": total})
