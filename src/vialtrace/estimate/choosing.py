"""Which log-linear model: by steps, by the best criterion over all of them, or averaged over those the counts allow."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import special

from vialtrace.estimate.loglinear import Counts, Fit, Hidden, Term, all_pairs, fit, histories, lay_out, poisson, solve


def stepwise(counts: Counts, n_lists: int, hidden: Hidden | None = None, *, p_enter: float = 0.02) -> Fit | None:
    """Add, while any is significant at ``p_enter``, the pair of lists whose overlap the model least expects.

    The number of persons on both lists of a pair, whatever other lists hold them, is Poisson under the model without
    the pair's effect; its one-sided tail is the p-value. A pair whose model has no unique estimate is passed over. The
    procedure and its threshold are those of Chan, Silverman & Vincent (2021), who chose it by simulation.
    """
    cells = histories(n_lists)
    seen = np.ones(len(cells), dtype=bool) if hidden is None else ~hidden
    current = fit(counts, n_lists, (), hidden)
    while current is not None:
        pairs = [pair for pair in all_pairs(n_lists) if pair not in current.pairs]
        if not pairs:
            return current
        held = np.array([cells[:, list(pair)].all(axis=1) & seen for pair in pairs])
        observed, expected = held @ counts, held @ current.means
        below = special.pdtr(observed, expected)
        above = np.where(observed > 0, special.pdtrc(np.maximum(observed - 1, 0), expected), 1.0)
        ranked = zip(np.minimum(below, above).tolist(), pairs, strict=True)
        entering = (
            found
            for p, pair in sorted(ranked)
            if p < p_enter and (found := fit(counts, n_lists, (*current.pairs, pair), hidden)) is not None
        )
        chosen = next(entering, None)
        if chosen is None:
            return current
        current = chosen
    return None


def averaged(
    counts: Counts, n_lists: int, models: Iterable[Sequence[Term]], hidden: Hidden | None = None
) -> tuple[float, Fit] | None:
    """The number unseen averaged over ``models`` by their weight of evidence (BIC), and the best of them."""
    fits = [found for pairs in models if (found := fit(counts, n_lists, pairs, hidden)) is not None]
    if not fits:
        return None
    criteria = np.array([each.bic() for each in fits])
    weights = np.exp(-(criteria - criteria.min()) / 2)
    # On the log scale: one model that runs far off would otherwise carry the average at any weight.
    unseen = float(np.exp(np.average(np.log([max(each.unseen, 1e-6) for each in fits]), weights=weights)))
    return unseen, fits[int(criteria.argmin())]


def window(
    counts: Counts, n_lists: int, hidden: Hidden | None = None, *, width: float = 6.0, most: int = 6_000
) -> list[Fit]:
    """Every model of pairs within ``width`` of the least BIC, best first: Occam's window (Madigan & Raftery 1994).

    A width of six leaves out models with less than a twentieth of the best one's weight of evidence. The search is by
    branch and bound and leaves nothing out: no model fits better than one that holds all its pairs, so a branch is
    dropped when even its largest model's fit at its smallest model's price is beyond the window. ``most`` bounds the
    number of fits, for tables of many lists that tell models hardly apart; beyond it the search ends with what it has.
    """
    search = _Search(counts, n_lists, hidden, width, most)
    start = stepwise(counts, n_lists, hidden)
    if start is not None:
        search.keep(start)
    search.branch((), tuple(all_pairs(n_lists)))
    limit = search.best + width
    found = sorted((each.bic(), each.pairs) for each in search.kept.values())
    return [search.kept[pairs] for criterion, pairs in found if criterion <= limit]


@dataclass
class _Search:
    """Branch and bound over sets of pairs."""

    counts: Counts
    n_lists: int
    hidden: Hidden | None
    width: float
    most: int
    best: float = math.inf
    kept: dict[tuple[Term, ...], Fit] = field(default_factory=dict)
    tried: dict[tuple[Term, ...], float] = field(default_factory=dict)

    @property
    def n_seen(self) -> float:
        return float(self.counts.sum())

    def keep(self, found: Fit) -> None:
        ordered = tuple(sorted(found.pairs))
        self.kept[ordered] = replace(found, pairs=ordered)
        self.best = min(self.best, found.bic())

    def highest(self, pairs: tuple[Term, ...]) -> float:
        """The least upper bound of the log likelihood of a set of pairs, whether or not an estimate reaches it."""
        pairs = tuple(sorted(pairs))
        if pairs not in self.tried:
            layout = lay_out(self.counts, self.n_lists, pairs, self.hidden)
            its = layout.possible & layout.seen
            self.tried[pairs] = poisson(layout.design[its], self.counts[its])[1]
        return self.tried[pairs]

    def branch(self, held: tuple[Term, ...], open_: tuple[Term, ...]) -> None:
        """All models that hold ``held`` and any of ``open_``."""
        if len(self.tried) > self.most:
            return
        price = math.log(max(self.n_seen, 2.0))
        ceiling = self.highest((*held, *open_))
        if -2 * ceiling + (1 + self.n_lists + len(held)) * price > self.best + self.width:
            return
        if not open_:
            found = fit(self.counts, self.n_lists, tuple(sorted(held)), self.hidden)
            if found is not None:
                self.keep(found)
            return
        # The pair that the fit can least do without comes first: leaving it out closes branches soonest.
        loss = {pair: ceiling - self.highest(tuple({*held, *open_} - {pair})) for pair in open_}
        first = max(open_, key=lambda pair: (loss[pair], pair))
        rest = tuple(pair for pair in open_ if pair != first)
        self.branch((*held, first), rest)
        self.branch(held, rest)


def hierarchical(n_lists: int, *, highest: int | None = None) -> list[tuple[Term, ...]]:
    """Every hierarchical model with all main effects: a group of lists enters only with all its parts.

    ``highest`` bounds the size of a group; by default all but the group of all lists. There are 8 models for three
    lists, 113 for four and 6,893 for five; for six they are millions, and ``window`` over pairs stands instead.
    """
    top = n_lists - 1 if highest is None else highest
    models: list[tuple[Term, ...]] = [
        chosen
        for size in range(n_lists * (n_lists - 1) // 2 + 1)
        for chosen in itertools.combinations(all_pairs(n_lists), size)
    ]
    for order in range(3, top + 1):
        models = [
            (*model, *chosen)
            for model in models
            for allowed in [_allowed(model, n_lists, order)]
            for size in range(len(allowed) + 1)
            for chosen in itertools.combinations(allowed, size)
        ]
    return models


def _allowed(model: tuple[Term, ...], n_lists: int, order: int) -> list[Term]:
    """Groups of ``order`` lists whose parts one smaller are all in the model."""
    held = set(model)
    return [
        term
        for term in itertools.combinations(range(n_lists), order)
        if all(part in held for part in itertools.combinations(term, order - 1))
    ]


def best(counts: Counts, n_lists: int, hidden: Hidden | None = None, *, highest: int = 2) -> Fit | None:
    """The model of least BIC over all models of pairs; with ``highest`` above two, over all hierarchical ones so far.

    The same choice as the best line of Baillargeon & Rivest (Journal of Statistical Software 19(5), 2007) when models
    without a unique estimate are set aside. Groups larger than pairs are tried for up to five lists.
    """
    inside = window(counts, n_lists, hidden, width=0.0)
    least = inside[0] if inside else None
    if n_lists <= 5 and highest > 2:
        for terms in hierarchical(n_lists, highest=min(highest, n_lists - 1)):
            if not any(len(term) > 2 for term in terms):
                continue
            layout = lay_out(counts, n_lists, terms, hidden)
            found = solve(layout, counts, terms, n_lists)
            if least is None or found.bic() < least.bic():
                checked = fit(counts, n_lists, terms, hidden)
                least = checked if checked is not None else least
    return least
