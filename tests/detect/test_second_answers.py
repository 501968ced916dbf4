"""The three tests against plain Python on random small worlds: the same counts, expectations and tails."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import ibis
import numpy as np
import pyarrow as pa
import pytest
import references
from hand_tables import World, row_number
from scipy import stats

from vialtrace.detect.clients import shared_between, with_expected

DAY = date(2025, 3, 1)
MONDAY = datetime(2025, 1, 6)  # noqa: DTZ001  records hold naive local times


def _visits(random: np.random.Generator, points: str, clients: int) -> list[references.Visit]:
    heavy = random.dirichlet(np.full(clients, 0.5))
    return [
        (f"{points}{random.integers(0, 5)}", f"c{random.choice(clients, p=heavy)}", int(random.integers(100, 112)))
        for _ in range(80)
    ]


def _side(visits: list[references.Visit], first_row: int) -> ibis.expr.types.Table:
    points, clients, weeks = zip(*visits, strict=True)
    rows = list(range(first_row, first_row + len(visits)))
    return ibis.memtable(
        pa.table({"point_id": points, "client": clients, "week": weeks, "row_id": rows, "on": [DAY] * len(rows)})
    )


def _overlap(
    left: ibis.expr.types.Table, right: ibis.expr.types.Table, *, before: int, after: int
) -> ibis.expr.types.Table:
    pairs = shared_between(left, right, before=before, after=after, least_shared=1)
    return with_expected(pairs, left, right, before=before, after=after)


@pytest.mark.parametrize(("before", "after", "seed"), [(2, 2, 0), (0, 0, 1), (1, 3, 2)])
def test_shared_clients_are_counted_and_expected_as_by_hand(before: int, after: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    left, right = _visits(random, "L", 30), _visits(random, "R", 30)
    made = _overlap(_side(left, 1), _side(right, 1000), before=before, after=after)
    found = {(row["left_id"], row["right_id"]): row for row in ibis.duckdb.connect().to_pyarrow(made).to_pylist()}
    wanted = references.shared_clients(left, right, before=before, after=after)
    assert set(found) == set(wanted)
    for pair, (shared, expected) in wanted.items():
        assert found[pair]["n_shared"] == shared, pair
        assert found[pair]["n_expected"] == pytest.approx(expected), pair


def test_without_a_window_and_with_equal_users_the_expectation_is_the_hypergeometric_mean() -> None:
    # Twenty clients who each use the right side once; the left point has eight of them, the right point five.
    left = [("L", f"c{number}", 100) for number in range(8)]
    right = [("R" if number < 5 else "other", f"c{number}", 100) for number in range(20)]
    made = _overlap(_side(left, 1), _side(right, 100), before=0, after=0)
    row = next(each for each in ibis.duckdb.connect().to_pyarrow(made).to_pylist() if each["right_id"] == "R")
    assert row["n_expected"] == pytest.approx(stats.hypergeom(20, 8, 5).mean())
    # The Poisson tail is the larger: it never makes an overlap look rarer than the hypergeometric does.
    assert stats.poisson.sf(row["n_shared"] - 1, row["n_expected"]) >= stats.hypergeom(20, 8, 5).sf(row["n_shared"] - 1)


def _crossing(
    number: int, who: str, at: datetime, *, direction: str = "exit", port: str = "A"
) -> tuple[dict[str, object], dict[str, object]]:
    row_id = row_number("crossing", number)
    return (
        {
            "row_id": row_id,
            "crossed_at": at,
            "direction": direction,
            "port": port,
            "document_no": who,
            "is_day_only": False,
        },
        {"row_id": row_id, "slot": "crossing.traveller", "party_id": who, "name_key": who},
    )


@pytest.mark.parametrize("seed", range(2))
def test_pay_after_trips_is_counted_and_expected_as_by_hand(seed: int) -> None:
    random = np.random.default_rng(seed)
    crossing, mention, payment = [], [], []
    trips: dict[str, list[int]] = {}
    pays: dict[tuple[str, str], list[int]] = {}
    for traveller in range(6):
        who = f"T{traveller}"
        trips[who] = sorted(random.choice(120, int(random.integers(8, 20)), replace=False).tolist())
        for day in trips[who]:
            row, named = _crossing(len(crossing) + 1, who, MONDAY + timedelta(days=day, hours=9))
            crossing.append(row)
            mention.append(named)
        for payer in range(3):
            follows = [day + int(random.integers(0, 3)) for day in trips[who] if random.random() < 0.85]
            pays[f"B{payer}", who] = follows if payer == 0 else random.choice(130, 10).tolist()
    for (payer, payee), days in pays.items():
        for day in days:
            row_id = row_number("payment", len(payment) + 1)
            payment.append({"row_id": row_id, "paid_at": MONDAY + timedelta(days=int(day), hours=20), "amount": 1})
            mention += [
                {"row_id": row_id, "slot": f"payment.{slot}", "party_id": who, "name_key": who}
                for slot, who in (("payer", payer), ("payee", payee))
            ]
    records = (min(min(each) for each in pays.values()), max(max(each) for each in pays.values()))
    found = {
        (each["subject_id"], each["object_id"]): each
        for each in World(crossing=crossing, payment=payment, mention=mention).ask("mule_pay")
    }
    wanted = {pair: references.mule_pay(trips[pair[1]], days, records) for pair, days in pays.items()}
    assert {pair for pair in pays if pair[0] == "B0"} <= set(found), "planted pay is found"
    for pair, each in found.items():
        _, hits, expected, p = wanted[pair]
        assert each["n_observed"] == hits
        assert each["n_expected"] == pytest.approx(expected, abs=1e-6)
        assert each["p_value"] == pytest.approx(p, rel=1e-8)
    # All pairs of the end that was asked more often are paid for, reported or not: each payer here pays six travellers.
    for pair, each in found.items():
        asked = max(sum(end == pair[place] for end in (other[place] for other in pays)) for place in (0, 1))
        assert asked == 6
        assert each["q_value"] == pytest.approx(min(wanted[pair][3] * asked, 1.0), rel=1e-8)


@pytest.mark.parametrize("seed", range(2))
def test_crossing_together_is_counted_and_expected_as_by_hand(seed: int) -> None:
    random = np.random.default_rng(seed)
    passages: list[references.Passage] = []
    for traveller in range(12):
        for day in random.choice(60, 12, replace=False).tolist():
            minute = day * 1440 + int(random.integers(600, 660))
            passages.append((f"T{traveller:02d}", f"P{random.integers(0, 2)}", "exit", minute))
            if traveller == 0 and random.random() < 0.8:
                passages.append(("T99", passages[-1][1], "exit", minute))
    crossing, mention = [], []
    for number, (who, port, direction, minute) in enumerate(passages, 1):
        row, named = _crossing(number, who, MONDAY + timedelta(minutes=minute), direction=direction, port=port)
        crossing.append(row)
        mention.append(named)
    found = {
        (each["subject_id"], each["object_id"]): each
        for each in World(crossing=crossing, mention=mention).ask("travelling_together")
    }
    # Slots of minutes are counted from 1970, which the Monday is a whole number of days from.
    wanted = references.together(passages)
    assert ("T00", "T99") in found
    for pair, each in found.items():
        met, expected, p = wanted[pair]
        assert each["n_observed"] == met
        assert each["n_expected"] == pytest.approx(expected, abs=1e-6)
        assert each["p_value"] == pytest.approx(p, rel=1e-8)


@pytest.mark.parametrize("seed", range(2))
def test_loads_before_trips_are_counted_and_expected_as_by_hand(seed: int) -> None:
    random = np.random.default_rng(seed)
    loads = random.poisson(2.0, 120) + np.where(random.random(120) < 0.1, 12, 0)
    arrivals = np.repeat(np.arange(120), loads).tolist()
    heavy = [int(day) for day in np.nonzero(loads >= 10)[0] if day < 119]
    trips = {"Mo": heavy, "Other": sorted(random.choice(118, 14, replace=False).tolist())}
    waybill, mention, crossing = [], [], []
    for number, day in enumerate(arrivals, 1):
        row_id = row_number("waybill", number)
        waybill.append(
            {
                "row_id": row_id,
                "waybill_no": f"W{number}",
                "accepted_at": MONDAY + timedelta(days=day - 1),
                "delivered_at": MONDAY + timedelta(days=day, hours=8),
                "is_day_only": False,
            }
        )
        mention.append(
            {"row_id": row_id, "slot": "waybill.receiver", "party_id": "K", "place_id": "Hub", "name_key": "K"}
        )
    for who, days in trips.items():
        for day in days:
            for direction, hour in (("exit", 9), ("entry", 20)):
                row, named = _crossing(
                    len(crossing) + 1, who, MONDAY + timedelta(days=day, hours=hour), direction=direction
                )
                crossing.append(row)
                mention.append(named)
    world = World(waybill=waybill, crossing=crossing, mention=mention, matter_place=[{"place_id": "Hub"}])
    found = {each["object_id"]: each for each in world.ask("hub_mule_coupling")}
    assert "Mo" in found
    for who, each in found.items():
        observed, expected, p = references.hub_mule(arrivals, trips[who])
        assert each["n_observed"] == observed
        assert each["n_expected"] == pytest.approx(expected, abs=1e-6)
        assert each["p_value"] == pytest.approx(p, rel=1e-6)


@pytest.mark.parametrize("seed", range(2))
def test_outliers_among_payees_stand_as_far_off_as_by_hand(seed: int) -> None:
    random = np.random.default_rng(seed)
    payment, mention = [], []
    scores: dict[str, float] = {}
    singles: dict[str, float] = {}
    for payee in range(15):
        n = int(random.integers(10, 20)) if payee else 60
        amounts = random.choice([100, 105, 900, 2500], n) if payee else np.full(n, 3500)
        payers = (
            [f"p{payee}x{random.integers(0, n)}" for _ in range(n)]
            if payee
            else [f"p0x{number}" for number in range(n)]
        )
        if len(set(payers)) < 10:
            continue
        for payer, amount in zip(payers, amounts.tolist(), strict=True):
            row_id = row_number("payment", len(payment) + 1)
            payment.append({"row_id": row_id, "paid_at": MONDAY, "amount": amount})
            mention += [
                {"row_id": row_id, "slot": f"payment.{slot}", "party_id": who, "name_key": who}
                for slot, who in (("payer", payer), ("payee", f"P{payee}"))
            ]
        near = np.abs(amounts - np.median(amounts)) <= 0.3 * np.median(amounts)
        once = sum(payers.count(each) <= 2 for each in set(payers))
        scores[f"P{payee}"] = float(np.log((once + 1) * (near.sum() / n + 0.05)))
        singles[f"P{payee}"] = once / len(set(payers))
    found = {each["subject_id"]: each for each in World(payment=payment, mention=mention).ask("client_payments")}
    z = references.robust_z(scores)
    assert set(found) == {payee for payee in scores if z[payee] > 1 and singles[payee] >= 0.5}
    assert "P0" in found
    for payee, each in found.items():
        assert each["weight"] == pytest.approx(min(z[payee] * 0.25, 0.7), abs=1e-4)


def test_day_zero_of_the_engine_is_the_thursday_the_detectors_take_it_for() -> None:
    assert date(1970, 1, 1).weekday() == 3
