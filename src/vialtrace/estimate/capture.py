"""Multiple systems estimation: how many there are, from how the lists that caught them overlap.

A person caught by several lists has a capture history, one flag a list. Counts of histories follow a Poisson
log-linear model with one effect a list and, where the data ask for it, effects of pairs of lists; what the model gives
the history that nobody can have, caught by no list, is the number nobody saw (Fienberg 1972; Bird & King 2018).

Sparse overlap: a pair of lists that share nobody has no finite pair effect. As in Chan, Silverman & Vincent (Journal of
the American Statistical Association 116, 2021) its effect is minus infinity: the histories that hold both lists are
fitted as zero and left out, and a model whose other effects cannot be told apart, or run off to infinity, is refused.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, stats

Counts = NDArray[np.float64]
Pair = tuple[int, int]
Hidden = NDArray[np.bool_]

# Beyond this a log effect has left every scale a count could support (e^14 is over a million): it runs to infinity.
_RUNAWAY = 14.0


@dataclass(frozen=True)
class Fit:
    """A fitted log-linear model: its pairs, the number of unseen, its deviance, and how many effects it spent."""

    pairs: tuple[Pair, ...]
    unseen: float
    log_likelihood: float
    n_effects: int

    def bic(self, n_seen: float) -> float:
        """Schwarz's criterion with the number of persons seen as sample size."""
        return -2 * self.log_likelihood + self.n_effects * math.log(max(n_seen, 2.0))


@dataclass(frozen=True)
class Population:
    """How many there are: the figure, its 95 per cent interval, and what other choices of model would have said."""

    value: float
    low: float
    high: float
    n_seen: int
    by_model: dict[str, float]


def histories(n_lists: int) -> NDArray[np.int64]:
    """Every history that can be seen, one row each, in counting order: the first list is the lowest bit."""
    codes = np.arange(1, 2**n_lists)
    return (codes[:, None] >> np.arange(n_lists)) & 1


def tabulate(caught: NDArray[np.bool_]) -> Counts:
    """Counts of histories, in the order of ``histories``, from one row of flags a person."""
    codes = caught.astype(np.int64) @ (1 << np.arange(caught.shape[1]))
    return np.bincount(codes, minlength=2 ** caught.shape[1])[1:].astype(np.float64)


def fit(counts: Counts, n_lists: int, pairs: Sequence[Pair] = (), hidden: Hidden | None = None) -> Fit | None:
    """Fit main effects and ``pairs`` by maximum likelihood; None where the model is not identified on these counts.

    ``hidden`` marks histories that nobody could be seen to have, as when a list is only searched for people known from
    another: they are left out of the fit, and what the model gives them counts as unseen.
    """
    cells = histories(n_lists)
    hidden = np.zeros(len(cells), dtype=bool) if hidden is None else hidden
    together = {pair: (cells[:, pair[0]] & cells[:, pair[1]]).astype(bool) for pair in pairs}
    empty = [pair for pair in pairs if counts[together[pair] & ~hidden].sum() == 0]
    possible = np.ones(len(cells), dtype=bool)
    for pair in empty:
        possible &= ~together[pair]
    keep = possible & ~hidden
    estimable = [pair for pair in pairs if pair not in empty]
    design = np.column_stack(
        [np.ones(len(cells)), cells, *[together[pair].astype(np.float64) for pair in estimable]]
    ).astype(np.float64)
    if keep.sum() < design.shape[1] or np.linalg.matrix_rank(design[keep]) < design.shape[1]:
        return None
    solved = _poisson(design[keep], counts[keep])
    if solved is None:
        return None
    effects, log_likelihood = solved
    unseen = float(np.exp(effects[0]) + np.exp(design[hidden & possible] @ effects).sum())
    return Fit(tuple(pairs), unseen, log_likelihood, 1 + n_lists + len(pairs))


def _poisson(design: NDArray[np.float64], counts: Counts) -> tuple[Counts, float] | None:
    """Newton's method on the Poisson likelihood; None when an effect runs away."""
    effects = np.asarray(np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0], dtype=np.float64)
    previous = -math.inf
    for _ in range(100):
        linear = np.clip(design @ effects, -40.0, 40.0)
        mean = np.exp(linear)
        likelihood = float(counts @ linear - mean.sum())
        information = design.T @ (design * mean[:, None])
        try:
            step = linalg.solve(information, design.T @ (counts - mean), assume_a="pos")
        except linalg.LinAlgError:
            return None
        if abs(likelihood - previous) < 1e-9 * (1 + abs(likelihood)) and np.abs(step).max() < 1e-7:
            break
        previous = likelihood
        effects += step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(effects).max() > _RUNAWAY + math.log(counts.sum() + 1):
            return None
    if np.abs(effects[1:]).max() > _RUNAWAY:
        return None
    likelihood -= float(np.sum([math.lgamma(count + 1) for count in counts]))
    return effects, likelihood


def all_pairs(n_lists: int) -> list[Pair]:
    """Every pair of lists."""
    return list(itertools.combinations(range(n_lists), 2))


def stepwise(counts: Counts, n_lists: int, hidden: Hidden | None = None, *, p_enter: float = 0.02) -> Fit | None:
    """Add, while any lowers the deviance significantly at ``p_enter``, the pair that lowers it most.

    The threshold is that of Chan, Silverman & Vincent, who chose it so that a pair seldom enters by chance.
    """
    current = fit(counts, n_lists, (), hidden)
    while current is not None:
        best: tuple[float, Fit] | None = None
        for pair in all_pairs(n_lists):
            if pair in current.pairs:
                continue
            candidate = fit(counts, n_lists, (*current.pairs, pair), hidden)
            if candidate is None:
                continue
            gain = max(0.0, 2 * (candidate.log_likelihood - current.log_likelihood))
            p = float(stats.chi2.sf(gain, 1))
            if best is None or p < best[0]:
                best = (p, candidate)
        if best is None or best[0] > p_enter:
            return current
        current = best[1]
    return None


def averaged(
    counts: Counts, n_lists: int, models: Iterable[Sequence[Pair]], hidden: Hidden | None = None
) -> tuple[float, Fit] | None:
    """The number unseen averaged over ``models`` by their weight of evidence (BIC), and the best of them."""
    fits = [found for pairs in models if (found := fit(counts, n_lists, pairs, hidden)) is not None]
    if not fits:
        return None
    criteria = np.array([each.bic(float(counts.sum())) for each in fits])
    weights = np.exp(-(criteria - criteria.min()) / 2)
    # On the log scale: one model that runs far off would otherwise carry the average at any weight.
    unseen = float(np.exp(np.average(np.log([max(each.unseen, 1e-6) for each in fits]), weights=weights)))
    return unseen, fits[int(criteria.argmin())]


def _models(n_lists: int) -> list[tuple[Pair, ...]]:
    """Every set of pairs for up to four lists; for more, sets of at most two: their number doubles with each pair."""
    pairs = all_pairs(n_lists)
    most = len(pairs) if n_lists <= 4 else 2
    return [chosen for size in range(most + 1) for chosen in itertools.combinations(pairs, size)]


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
    models = _models(n_lists)
    found = averaged(counts, n_lists, models, hidden)
    if found is None or not n_seen:
        return None
    independent, forward = fit(counts, n_lists, (), hidden), stepwise(counts, n_lists, hidden)
    by_model = {"best": n_seen + found[1].unseen}
    by_model |= {"independent": n_seen + independent.unseen} if independent else {}
    by_model |= {"stepwise": n_seen + forward.unseen} if forward else {}
    generator = np.random.default_rng(seed)
    total = n_seen + found[0]
    near = _near(counts, n_lists, models, hidden)
    redrawn = []
    for sample in generator.multinomial(n_seen, counts / n_seen, size=n_replicates):
        again = averaged(sample.astype(np.float64), n_lists, near, hidden)
        if again is not None:
            redrawn.append(n_seen + again[0])
    if len(redrawn) < n_replicates // 2:
        return None
    low, high = np.quantile(redrawn, [0.025, 0.975])
    return Population(total, max(float(n_seen), min(float(low), total)), max(float(high), total), n_seen, by_model)


def _near(
    counts: Counts, n_lists: int, models: Sequence[tuple[Pair, ...]], hidden: Hidden | None, *, most: int = 12
) -> list[tuple[Pair, ...]]:
    """The models that carry nearly all the weight on the counts: the ones a redrawn sample must weigh again."""
    tried = ((fit(counts, n_lists, pairs, hidden), pairs) for pairs in models)
    fits = [(found.bic(float(counts.sum())), pairs) for found, pairs in tried if found is not None]
    best = min(criterion for criterion, _ in fits)
    return [pairs for criterion, pairs in sorted(fits)[:most] if criterion - best < 12]


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
    spread = math.exp(1.96 * math.sqrt(math.log1p(variance / unseen**2)))
    return Population(total, n_seen + unseen / spread, n_seen + unseen * spread, int(n_seen), {"independent": total})
