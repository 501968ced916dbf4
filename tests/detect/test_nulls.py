"""Error rates as stated: under simulated nulls tails are no smaller than uniform, and planted effects are found.

The pairs are drawn by the thousand and judged by `references`, which `test_second_answers` holds equal to the
detectors; shared clients are judged by the detector's own operator. A tail may be larger than uniform (counts are
discrete, and some of the corrections only ever raise it); it may not be smaller.
"""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import numpy as np
import pyarrow as pa
import pytest
import references
from hand_tables import World, row_number
from scipy import stats

from vialtrace.detect.clients import shared_between, with_expected

WEEKLY = np.array([1.3, 1.3, 1.3, 1.3, 1.3, 0.3, 0.2])


def assert_no_smaller_than_uniform(tails: list[float]) -> None:
    """The share of tails at or below 0.05 and 0.01 is within what that many uniform tails give, one time in 10,000."""
    for level in (0.05, 0.01):
        most = stats.binom.ppf(0.9999, len(tails), level)
        assert sum(tail <= level for tail in tails) <= most, (level, sum(tail <= level for tail in tails), len(tails))


@pytest.mark.parametrize(
    ("days", "trip_rate", "pay_rate"), [(180, 0.1, 0.08), (60, 0.2, 0.2), (30, 0.3, 0.4), (300, 0.05, 0.05)]
)
def test_pay_on_days_of_its_own_is_not_called_pay_for_trips(days: int, trip_rate: float, pay_rate: float) -> None:
    random = np.random.default_rng(days)
    week = np.resize(WEEKLY, days)
    tails = []
    while len(tails) < 400:
        trips = np.nonzero(random.random(days) < trip_rate * week)[0].tolist()
        paid = np.nonzero(random.random(days) < pay_rate * week)[0].tolist()
        if len(trips) >= 3 and len(paid) >= 3:
            tails.append(references.mule_pay(trips, paid, (0, days - 1))[3])
    assert_no_smaller_than_uniform(tails)


def test_two_weekly_rhythms_side_by_side_are_not_called_pay_for_trips() -> None:
    # Crosses every Monday or so, is paid every Tuesday or so: the commonest coincidence in lawful life.
    random = np.random.default_rng(4)
    tails = []
    for _ in range(300):
        trip_day, pay_day = random.integers(0, 5, 2)
        trips = [week * 7 + int(trip_day) for week in range(26) if random.random() < 0.9]
        paid = [week * 7 + int(pay_day) for week in range(26) if random.random() < 0.9]
        tails.append(references.mule_pay(trips, paid, (0, 181))[3])
    assert_no_smaller_than_uniform(tails)


@pytest.mark.parametrize(("trips", "days", "found"), [(8, 120, 0.5), (15, 180, 0.85), (40, 300, 0.99)])
def test_pay_for_four_trips_in_five_is_found(trips: int, days: int, found: float) -> None:
    # Power at a thousand pairs tested: p below 0.00005 stays below q of 0.05 if it comes alone.
    random = np.random.default_rng(trips)
    level = 0.05 if trips == 8 else 5e-5
    called = 0
    for _ in range(200):
        went = sorted(random.choice(days, trips, replace=False).tolist())
        paid = [day + int(random.integers(0, 3)) for day in went if random.random() < 0.8]
        paid += random.choice(days, 2).tolist()
        called += references.mule_pay(went, paid, (0, days))[3] <= level
    assert called >= found * 200


@pytest.mark.parametrize(
    ("mean", "days", "rate", "clumped", "season"),
    [
        (1.0, 120, 0.1, False, False),
        (5.0, 120, 0.3, False, False),
        (3.0, 200, 0.2, True, False),
        (3.0, 200, 0.2, False, True),
    ],
)
def test_trips_on_days_of_their_own_are_not_coupled_to_loads(
    mean: float, days: int, rate: float, clumped: bool, season: bool
) -> None:
    random = np.random.default_rng(int(mean * days))
    tails = []
    while len(tails) < 250:
        expected = mean * np.resize(WEEKLY, days)
        if season:
            expected = expected * (1 + 0.5 * np.sin(np.arange(days) / 30))
        if clumped:
            expected = expected * random.gamma(1.0, 1.0, days)
        arrivals = np.repeat(np.arange(days), random.poisson(expected)).tolist()
        trips = np.nonzero(random.random(days) < rate)[0].tolist()
        if len(trips) >= 6 and len(arrivals):
            tails.append(references.hub_mule(arrivals, trips)[2])
    assert_no_smaller_than_uniform(tails)


@pytest.mark.xfail(
    reason="trips on days in a row share parcels; the variance takes them as independent: at 0.01 it calls 0.04",
    strict=True,
)
def test_trips_in_bursts_of_three_days_are_not_coupled_to_loads() -> None:
    random = np.random.default_rng(9)
    tails = []
    for _ in range(400):
        arrivals = np.repeat(np.arange(180), random.poisson(2, 180)).tolist()
        trips = sorted({int(start) + lag for start in random.integers(0, 175, 8) for lag in range(3)})
        tails.append(references.hub_mule(arrivals, trips)[2])
    assert_no_smaller_than_uniform(tails)


def test_who_leaves_on_full_days_is_found() -> None:
    random = np.random.default_rng(2)
    called = 0
    for _ in range(100):
        loads = random.poisson(2.0, 150)
        window = np.convolve(loads, [1, 1, 1])[:150]
        # Leaves on two of three of the fullest days.
        full = [int(day) for day in np.argsort(-window)[:24] if random.random() < 0.67]
        called += references.hub_mule(np.repeat(np.arange(150), loads).tolist(), full)[2] <= 0.001
    assert called >= 95


def test_travellers_of_one_rush_hour_are_not_called_companions() -> None:
    random = np.random.default_rng(3)
    tails = []
    for _ in range(12):
        passages = [
            (f"T{who:02d}", "P", "exit", int(day) * 1440 + int(random.normal(600, 20)))
            for who in range(30)
            for day in random.choice(40, 20, replace=False)
        ]
        tails += [tail for _, _, tail in references.together(passages, least=2).values()]
    # Every pair was asked; those that met on fewer than two days could not have been called.
    assert_no_smaller_than_uniform([*tails, *[1.0] * (12 * 435 - len(tails))])


@pytest.mark.parametrize("weeks_active", [26, 6])
def test_clients_drawn_at_large_are_not_called_shared_even_if_each_is_seen_for_a_few_weeks_only(
    weeks_active: int,
) -> None:
    random = np.random.default_rng(weeks_active)
    n_points, n_clients = 40, 400
    heavy = random.dirichlet(np.full(n_clients, 0.7))
    starts = random.integers(0, 27 - weeks_active, n_clients)
    sides = []
    for letter in "LR":
        sizes = random.integers(5, 60, n_points)
        n = int(sizes.sum())
        clients = random.choice(n_clients, n, p=heavy)
        sides.append(
            ibis.memtable(
                pa.table(
                    {
                        "point_id": np.repeat([f"{letter}{number}" for number in range(n_points)], sizes),
                        "client": [f"c{each}" for each in clients],
                        "week": starts[clients] + random.integers(0, weeks_active, n),
                        "row_id": np.arange(n),
                        "on": [date(2025, 3, 1)] * n,
                    }
                )
            )
        )
    pairs = shared_between(*sides, before=2, after=2, least_shared=1)
    made = ibis.duckdb.connect().to_pyarrow(
        with_expected(pairs, *sides, before=2, after=2).select("n_shared", "n_expected")
    )
    tail = stats.poisson.sf(made["n_shared"].to_numpy() - 1, made["n_expected"].to_numpy())
    # Every pair was asked, whether or not it shared anybody.
    assert_no_smaller_than_uniform([*tail.tolist(), *[1.0] * (n_points * n_points - len(tail))])


def _visit(side: str, point: str, client: str, day: int, number: int) -> dict[str, object]:
    return {
        "side": side,
        "row_id": row_number("payment" if side == "payee" else "waybill", number),
        "point_id": point,
        "point_kind": "place" if side == "address" else "party",
        "client": client,
        "client_id": f"P{client}",
        "week": day // 7,
        "on": date(1970, 1, 1) + timedelta(days=day),
    }


def _town(random: np.random.Generator, planted: int) -> World:
    """Twenty payees and addresses that 300 people use at random; ``planted`` more pay A and send to H within a week."""
    rows = []
    for side, letter in (("payee", "S"), ("address", "D")):
        rows += [
            _visit(
                side,
                f"{letter}{random.integers(0, 20)}",
                f"c{random.integers(0, 300)}",
                int(random.integers(700, 880)),
                number,
            )
            for number in range(600)
        ]
    for number in range(planted):
        day = int(random.integers(700, 880))
        rows.append(_visit("payee", "A", f"n{number}", day, 1000 + number))
        rows.append(_visit("address", "H", f"n{number}", day + int(random.integers(0, 7)), 1000 + number))
    return World(visit=rows)


def test_one_business_behind_an_account_and_an_address_is_found_and_the_rest_of_the_town_is_not() -> None:
    found = _town(np.random.default_rng(1), planted=12).ask("shared_clients")
    told = [(each["subject_id"], each["object_id"]) for each in found if each["weight"] >= 0.5]
    assert told == [("A", "H")]
    assert found[0]["q_value"] < 0.001


def test_a_town_without_a_chain_gives_no_link() -> None:
    for seed in range(3):
        assert [
            each
            for each in _town(np.random.default_rng(seed), planted=0).ask("shared_clients")
            if each["weight"] >= 1.0
        ] == []
