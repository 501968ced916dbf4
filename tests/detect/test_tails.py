"""The tails and rates that every test ends in, against scipy."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from vialtrace.detect.tails import (
    binomial_tail,
    hypergeometric_tail,
    normal_tail,
    poisson_tail,
    q_values,
    weight_of,
)


@pytest.fixture(scope="module")
def connection() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def _column(connection: ibis.BaseBackend, expression: ibis.Expr, by: str = "i") -> np.ndarray:
    return connection.to_pyarrow(expression.order_by(by))["out"].to_numpy()


def _table(**columns: object) -> ibis.expr.types.Table:
    n = len(next(iter(columns.values())))
    return ibis.memtable(pa.table({"i": list(range(n)), **columns}))


def test_the_four_tails_are_those_of_scipy_and_count_the_observed_value(connection: ibis.BaseBackend) -> None:
    random = np.random.default_rng(11)
    x = random.integers(0, 30, 200).astype(float)
    mean = random.uniform(0.01, 20, 200)
    t = _table(x=x, mean=mean)
    assert np.allclose(_column(connection, t.select("i", out=poisson_tail(t.x, t.mean))), stats.poisson.sf(x - 1, mean))
    trials = x + random.integers(0, 20, 200)
    chance = random.uniform(0.01, 0.99, 200)
    t = _table(x=x, trials=trials, chance=chance)
    told = _column(connection, t.select("i", out=binomial_tail(t.x, t.trials, t.chance)))
    assert np.allclose(told, stats.binom.sf(x - 1, trials, chance))
    t = _table(
        x=np.array([3.0, 0.0]),
        total=np.array([50.0, 50.0]),
        marked=np.array([10.0, 10.0]),
        drawn=np.array([12.0, 12.0]),
    )
    told = _column(connection, t.select("i", out=hypergeometric_tail(t.x, t.total, t.marked, t.drawn)))
    assert np.allclose(told, [stats.hypergeom.sf(2, 50, 10, 12), 1.0])
    t = _table(z=np.array([-1.0, 0.0, 3.0]))
    assert np.allclose(_column(connection, t.select("i", out=normal_tail(t.z))), stats.norm.sf([-1, 0, 3]))


def test_a_tail_beyond_doubles_is_small_but_never_zero_or_missing(connection: ibis.BaseBackend) -> None:
    t = _table(x=np.array([5000.0, 1.0]), mean=np.array([0.1, 0.0]))
    told = _column(connection, t.select("i", out=poisson_tail(t.x, t.mean)))
    assert told[0] > 0
    assert (told < 1e-9).all()


@pytest.mark.parametrize("seed", range(3))
def test_q_values_are_those_of_benjamini_and_hochberg_ties_included(connection: ibis.BaseBackend, seed: int) -> None:
    random = np.random.default_rng(seed)
    p = np.concatenate([random.uniform(size=30), random.choice([0.001, 0.01, 0.01, 0.2, 1.0], size=40), [1e-200] * 3])
    told = _column(connection, q_values(_table(p_value=p)).select("i", out="q_value"))
    assert np.allclose(told, stats.false_discovery_control(p))


def test_q_values_pay_for_the_tests_that_were_pruned_before_they_were_computed(connection: ibis.BaseBackend) -> None:
    p = np.array([0.0001, 0.001, 0.01, 0.03])
    whole = np.concatenate([p, np.ones(996)])
    told = _column(connection, q_values(_table(p_value=p), n_tests=1000).select("i", out="q_value"))
    assert np.allclose(told, stats.false_discovery_control(whole)[:4])


def test_q_values_do_not_depend_on_the_order_of_rows(connection: ibis.BaseBackend) -> None:
    random = np.random.default_rng(5)
    p = random.choice([0.001, 0.004, 0.02, 0.3], size=60)
    order = random.permutation(60)
    first = _column(connection, q_values(_table(p_value=p)).select("i", out="q_value"))
    moved = q_values(ibis.memtable(pa.table({"i": order, "p_value": p[order]}))).select("i", out="q_value")
    assert (first == _column(connection, moved)).all()


def test_a_weight_never_rises_with_q_stays_under_its_cap_and_is_nothing_for_what_chance_gives(
    connection: ibis.BaseBackend,
) -> None:
    q = np.concatenate([np.logspace(-200, 0, 400), [0.35, 0.36, 0.37, 0.9]])
    t = _table(q=np.sort(q))
    told = _column(connection, t.select("i", out=weight_of(t.q, cap=3.0)))
    assert (np.diff(told) <= 1e-12).all()
    assert told.max() == 3.0
    assert told.min() == 0.0
    assert (told[np.sort(q) > 0.36] == 0).all()


def test_a_weight_is_the_bound_of_sellke_bayarri_and_berger(connection: ibis.BaseBackend) -> None:
    # The paper's own figures: p of 0.05 is worth at most 2.5 to one, of 0.01 at most 8 to one.
    t = _table(q=np.array([0.05, 0.01, 0.001]))
    told = _column(connection, t.select("i", out=weight_of(t.q, cap=10.0)))
    assert np.allclose(10**told, [2.456, 7.988, 53.25], rtol=1e-3)


def test_a_tail_does_not_depend_on_the_last_digits_of_a_sum(connection: ibis.BaseBackend) -> None:
    parts = [0.1, 0.7, 1e-9, 2.3, 0.2, 1e-12]
    sums = np.array([sum(parts), sum(reversed(parts)), sum(sorted(parts))])
    t = _table(x=np.full(3, 4.0), mean=sums)
    assert len(set(_column(connection, t.select("i", out=poisson_tail(t.x, t.mean))).tolist())) == 1
    tiny = _table(x=np.array([1.0, 1.0]), mean=np.array([3.3e-7, 0.0]))
    assert _column(connection, tiny.select("i", out=poisson_tail(tiny.x, tiny.mean)))[0] == pytest.approx(
        3.3e-7, rel=1e-6
    )
