"""Upper tails of counts, and what a small one is worth as evidence.

The tails are scipy's, called on whole columns; set-based work stays in the engine and only the candidate rows reach
them.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.datatypes as dt
import numpy as np
import pyarrow as pa
from ibis.expr.types import Column, FloatingColumn, FloatingValue, Table

# Below this a tail is not told from zero: doubles end at 1e-308, and no court weighs 1e-200 against 1e-300.
LEAST_P = 1e-200
# From this false discovery rate on the bound on what a p-value is worth says nothing.
MOST_Q = 0.36


def _doubles(column: pa.ChunkedArray | pa.Array) -> np.ndarray:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _steady(column: pa.ChunkedArray | pa.Array) -> np.ndarray:
    """Doubles to ten significant digits: a sum's last digits depend on the order of its parts, a tail must not."""
    found = _doubles(column)
    size = np.floor(np.log10(np.maximum(np.abs(np.nan_to_num(found)), 1e-290)))
    scale = 10.0 ** np.clip(9 - size, -280, 280)
    return np.asarray(np.round(found * scale) / scale, dtype=np.float64)


def _stats() -> Any:
    from scipy import stats  # noqa: PLC0415  half a second to load, and most commands never need it

    return stats


def _as_arrow(p: np.ndarray) -> pa.Array:
    return pa.array(np.clip(np.nan_to_num(p, nan=1.0), LEAST_P, 1.0), type=pa.float64())


@ibis.udf.scalar.pyarrow  # type: ignore[untyped-decorator]
def poisson_tail(observed: dt.float64, expected: dt.float64) -> dt.float64:
    """P(X >= observed) for a Poisson count with mean ``expected``."""
    return _as_arrow(_stats().poisson.sf(_doubles(observed) - 1, np.maximum(_steady(expected), 1e-12)))


@ibis.udf.scalar.pyarrow  # type: ignore[untyped-decorator]
def binomial_tail(observed: dt.float64, trials: dt.float64, chance: dt.float64) -> dt.float64:
    """P(X >= observed) for ``trials`` independent trials that each succeed with ``chance``."""
    return _as_arrow(_stats().binom.sf(_doubles(observed) - 1, _doubles(trials), np.clip(_steady(chance), 1e-12, 1.0)))


@ibis.udf.scalar.pyarrow  # type: ignore[untyped-decorator]
def hypergeometric_tail(observed: dt.float64, total: dt.float64, marked: dt.float64, drawn: dt.float64) -> dt.float64:
    """P(X >= observed) when ``drawn`` of ``total`` are drawn without return and ``marked`` of them are marked."""
    return _as_arrow(_stats().hypergeom.sf(_doubles(observed) - 1, _doubles(total), _doubles(marked), _doubles(drawn)))


@ibis.udf.scalar.pyarrow  # type: ignore[untyped-decorator]
def normal_tail(z: dt.float64) -> dt.float64:
    """P(Z >= z) for a standard normal."""
    return _as_arrow(_stats().norm.sf(_steady(z)))


def q_values(tested: Table, *, p: str = "p_value", n_tests: Column | int | None = None) -> Table:
    """``tested`` with ``q_value``: the Benjamini-Hochberg false discovery rate at which each row would be called.

    ``n_tests`` is how many tests were made; where rows that could not be significant were pruned before they
    were computed, pass the number before pruning, or the rate is understated. Ties share the rank of the last.
    Source: Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57:289.
    """
    # Windows by value, not by row: rows of one p are called together, whatever order the engine meets them in.
    ranked = tested.mutate(
        rank_=tested.count().over(ibis.range_window(order_by=tested[p], preceding=None, following=0))
    )
    total = ranked.count().as_scalar() if n_tests is None else n_tests
    raw = ranked.mutate(raw_=(ranked[p] * total / ranked.rank_))
    # The smallest rate at which a row is called is the least over itself and all rows with larger p.
    stepped = raw.mutate(
        q_value=ibis.least(
            raw.raw_.min().over(ibis.range_window(order_by=ibis.desc(raw[p]), preceding=None, following=0)), 1.0
        )
    )
    return stepped.drop("rank_", "raw_")


def family_q_values(tested: Table, one: str, other: str, *, asked: Table) -> Table:
    """``tested`` links with ``q_value``: p times the links asked about at whichever end had more of them.

    A link lends belief from the end that is believed for reasons of its own, so the questions that have to be paid for
    are those asked about that end, not all that were asked of the case. The family-wise rate of Bonferroni within an
    end bounds the false discovery rate there. ``asked`` is every pair that was tested, with the columns ``one`` and
    ``other``, the two ends.
    """
    ones = asked.group_by(one).agg(n_one=asked.count())
    others = asked.group_by(other).agg(n_other=asked.count())
    sized = tested.join(ones, one).join(others, other)
    return sized.mutate(q_value=ibis.least(sized.p_value * ibis.greatest(sized.n_one, sized.n_other), 1.0)).drop(
        "n_one", "n_other"
    )


def weight_of(q: FloatingColumn, *, cap: float | FloatingValue) -> FloatingColumn:
    """The most that a p-value can be worth, as a log10 likelihood ratio, cut at ``cap``.

    -1 / (e q ln q) bounds the Bayes factor against the null over all alternatives that favour small p (Sellke, Bayarri
    and Berger 2001, Am. Stat. 55:62). It is taken of the q-value, so that the number of questions asked is paid for.
    The cap stands for what could be wrong with the null itself, which no p-value knows.
    """
    safe = ibis.greatest(q, LEAST_P)
    bound = -(safe * -safe.ln() * 2.718281828459045).log10()
    return ibis.ifelse(safe < MOST_Q, ibis.least(ibis.greatest(bound, 0.0), cap), 0.0)
