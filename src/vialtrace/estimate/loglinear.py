"""Poisson log-linear models of capture histories, where lists may share nobody.

A person caught by several lists has a capture history, one flag a list. Counts of histories follow a Poisson log-linear
model with one effect a list and effects of groups of lists that catch the same people more or less often than chance;
what the model gives the history that nobody can have, caught by no list, is the number nobody saw (Fienberg 1972;
Bird & King 2018).

Sparse overlap: lists that share nobody have no finite effect together. As in Chan, Silverman & Vincent (Journal of the
American Statistical Association 116, 2021) that effect is minus infinity: the histories that hold all of them are
fitted as zero and left out, which gives the extended maximum likelihood estimate. Whether the rest of the effects have
an estimate on these counts is asked by a linear programme (Fienberg & Rinaldo, Annals of Statistics 40, 2012), and
whether they can be told apart by the rank of the design; a model that fails either is refused.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

Counts = NDArray[np.float64]
Term = tuple[int, ...]
Hidden = NDArray[np.bool_]


@dataclass(frozen=True)
class Fit:
    """A fitted log-linear model: its terms of two or more lists, the unseen, log likelihood, and effects spent."""

    pairs: tuple[Term, ...]
    unseen: float
    log_likelihood: float
    n_effects: int
    means: Counts
    n_seen: float

    def bic(self) -> float:
        """Schwarz's criterion with the number of persons seen as sample size."""
        return -2 * self.log_likelihood + self.n_effects * math.log(max(self.n_seen, 2.0))


@dataclass(frozen=True)
class Layout:
    """A model laid out on its cells: the design, which cells it can fill, and which of them can be seen."""

    design: NDArray[np.float64]
    possible: NDArray[np.bool_]
    seen: NDArray[np.bool_]


def histories(n_lists: int) -> NDArray[np.int64]:
    """Every history that can be seen, one row each, in counting order: the first list is the lowest bit."""
    codes = np.arange(1, 2**n_lists)
    return (codes[:, None] >> np.arange(n_lists)) & 1


def tabulate(caught: NDArray[np.bool_]) -> Counts:
    """Counts of histories, in the order of ``histories``, from one row of flags a person."""
    codes = caught.astype(np.int64) @ (1 << np.arange(caught.shape[1]))
    return np.bincount(codes, minlength=2 ** caught.shape[1])[1:].astype(np.float64)


def all_pairs(n_lists: int) -> list[Term]:
    """Every pair of lists."""
    return list(itertools.combinations(range(n_lists), 2))


def lay_out(counts: Counts, n_lists: int, terms: Sequence[Term], hidden: Hidden | None = None) -> Layout:
    """The design of main effects and ``terms``, without the terms whose lists share nobody and the cells they empty."""
    cells = histories(n_lists)
    seen = np.ones(len(cells), dtype=bool) if hidden is None else ~hidden
    together = [cells[:, list(term)].all(axis=1) for term in terms]
    possible = np.ones(len(cells), dtype=bool)
    finite = []
    for held in together:
        if counts[held & seen].sum() == 0:
            possible &= ~held
        else:
            finite.append(held)
    columns = [np.ones(len(cells)), cells, *finite]
    return Layout(np.column_stack(columns).astype(np.float64), possible, seen)


def is_identified(layout: Layout) -> bool:
    """Whether the effects can be told apart on the histories that can be seen: the design has full rank there."""
    its = layout.design[layout.possible & layout.seen]
    return len(its) >= its.shape[1] and bool(np.linalg.matrix_rank(its) == its.shape[1])


def exists(layout: Layout, counts: Counts) -> bool:
    """Whether the maximum likelihood estimate exists: some table of positive cells has the margins of the counts.

    The linear programme raises the smallest cell of a table with those margins as far as it goes; the estimate exists
    if that is above zero. Cells with a count of their own are no obstacle, so a table without zeros needs no programme.
    """
    keep = layout.possible & layout.seen
    design, count = layout.design[keep], counts[keep]
    if (count > 0).all():
        return True
    from scipy import optimize  # noqa: PLC0415  0.2 s to load, and most commands never need it

    n_cells = len(count)
    # Variables: the table x, and its smallest cell s. Maximise s with design' x = design' counts and x >= s.
    solved = optimize.linprog(
        np.append(np.zeros(n_cells), -1.0),
        A_ub=np.column_stack([-np.eye(n_cells), np.ones(n_cells)]),
        b_ub=np.zeros(n_cells),
        A_eq=np.column_stack([design.T, np.zeros(design.shape[1])]),
        b_eq=design.T @ count,
        bounds=[(0, None)] * n_cells + [(0, 1)],
        method="highs",
    )
    return bool(solved.status == 0 and -solved.fun > 1e-7)


def fit(counts: Counts, n_lists: int, pairs: Sequence[Term] = (), hidden: Hidden | None = None) -> Fit | None:
    """Fit main effects and ``pairs`` by maximum likelihood; None where the estimate does not exist or is not unique.

    ``pairs`` may also hold larger groups of lists, with all their parts. ``hidden`` marks histories that nobody could
    be seen to have, as when a list is only searched for people known from another: they are left out of the fit, and
    what the model gives them counts as unseen.
    """
    layout = lay_out(counts, n_lists, pairs, hidden)
    if not is_identified(layout):
        return None
    found = solve(layout, counts, tuple(pairs), n_lists)
    return found if _is_certified(layout, counts, found) or exists(layout, counts) else None


def _is_certified(layout: Layout, counts: Counts, found: Fit) -> bool:
    """Whether the fitted table itself proves that the estimate exists: positive, with the counts' margins."""
    keep = layout.possible & layout.seen
    means = found.means[keep]
    off = layout.design[keep].T @ (counts[keep] - means)
    return bool(means.min() > 1e-5 and np.abs(off).max() < 1e-6 * (1 + counts.sum()))


def solve(layout: Layout, counts: Counts, terms: tuple[Term, ...], n_lists: int) -> Fit:
    """The fit of a model already laid out, without asking whether the estimate exists."""
    keep = layout.possible & layout.seen
    effects, log_likelihood = poisson(layout.design[keep], counts[keep])
    means = np.where(layout.possible, np.exp(np.clip(layout.design @ effects, -60.0, 60.0)), 0.0)
    unseen = float(np.exp(min(effects[0], 60.0)) + means[~layout.seen].sum())
    return Fit(terms, unseen, log_likelihood, 1 + n_lists + len(terms), means, float(counts[keep].sum()))


def poisson(design: NDArray[np.float64], counts: Counts) -> tuple[Counts, float]:
    """Effects that maximise the Poisson likelihood, by Newton's method with halved steps, and the log likelihood.

    Where no finite effects do, the likelihood still has a least upper bound, and it is that which is approached.
    """
    effects = np.asarray(np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0], dtype=np.float64)
    constant = float(special.gammaln(counts + 1).sum())

    def likelihood(at: Counts) -> float:
        linear = np.clip(design @ at, -60.0, 60.0)
        return float(counts @ linear - np.exp(linear).sum())

    best = likelihood(effects)
    for _ in range(200):
        mean = np.exp(np.clip(design @ effects, -60.0, 60.0))
        information = design.T @ (design * mean[:, None])
        slope = design.T @ (counts - mean)
        # A ridge that no estimate notices: an effect on its way to infinity leaves the information singular.
        information[np.diag_indices_from(information)] += 1e-10 * (1 + information.diagonal())
        step = linalg.solve(information, slope, assume_a="pos")
        size = min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        found = likelihood(effects + size * step)
        while found < best - 1e-10 * abs(best) and size > 1e-6:
            size /= 2
            found = likelihood(effects + size * step)
        effects = effects + size * step
        gained, best = found - best, found
        if gained < 1e-9 * (1 + abs(best)) and (np.abs(size * step).max() < 1e-6 or gained <= 0):
            break
    return effects, best - constant
