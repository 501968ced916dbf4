"""Estimates of samples and money on operations of known size."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from estimate_world import START, World, operation

from vialtrace.estimate import RECIPES, capture, estimates
from vialtrace.estimate.figure import Figure, pool
from vialtrace.model import table

SEEN_PARCELS = (0.6 + 0.9 + 1.0) / 3
SEEN_PAYMENTS = (0.55 + 0.85 + 1.0) / 3


def figures(made: pa.Table) -> dict[tuple[str, str, str], dict[str, float]]:
    return {(row["party_id"], row["measure"], row["method"]): row for row in made.to_pylist()}


def run(world: World) -> dict[str, pa.Table]:
    return estimates(**world.tables())


def test_the_tables_have_their_declared_columns() -> None:
    made = run(operation(1, n=60))
    assert RECIPES[-1].makes == ("estimate", "network_region")
    for name, found in made.items():
        assert tuple(found.column_names) == table(name).names


def test_every_source_speaks_and_the_reconciled_figure_is_near_the_truth() -> None:
    found = figures(run(operation(2))["estimate"])
    assert {method for party, measure, method in found if (party, measure) == ("", "samples")} == {
        "orders",
        "payments",
        "parcels",
        "multiple_systems",
        "trips",
        "reconciled",
    }
    samples = found["", "samples", "reconciled"]
    assert samples["value"] == pytest.approx(600, rel=0.1)
    assert samples["low"] <= 600 <= samples["high"]
    gross = found["", "gross_paid", "reconciled"]
    assert gross["low"] <= 1_500_000 <= gross["high"]
    assert gross["unit"] == "CNY"


def test_shapes_of_money_between_members_are_told_and_change_no_figure() -> None:
    world = operation(2)
    plain = figures(run(world)["estimate"])["", "gross_paid", "reconciled"]
    members = [str(row["party_id"]) for row in world.member][:2]
    world.money_pattern += [
        {"pattern": "fan_in", "party_ids": [*members, "X"], "q_value": 0.01},
        {"pattern": "cycle", "party_ids": [members[0], "X", "Y"], "q_value": 0.01},
        {"pattern": "stack", "party_ids": members, "q_value": 0.5},
    ]
    told = figures(run(world)["estimate"])["", "gross_paid", "reconciled"]
    assert told == {**plain, "basis": told["basis"]}
    assert told["basis"].endswith("in shapes chance seldom makes: 1 fan in.")


def test_intervals_cover_and_errors_are_small_over_many_operations() -> None:
    samples_hit, gross_hit, errors = 0, 0, []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        seen = {
            "seen_orders": rng.uniform(0.2, 0.6),
            "seen_payments": rng.uniform(0.6, 0.95),
            "seen_parcels": rng.uniform(0.75, 0.98),
        }
        found = figures(run(operation(seed, n=400, **seen))["estimate"])
        samples, gross = found["", "samples", "reconciled"], found["", "gross_paid", "reconciled"]
        samples_hit += samples["low"] <= 400 <= samples["high"]
        gross_hit += gross["low"] <= 1_000_000 <= gross["high"]
        errors.append(abs(samples["value"] / 400 - 1))
    assert samples_hit >= 17
    assert gross_hit >= 17
    assert np.median(errors) < 0.08


def test_deposit_and_balance_are_one_person() -> None:
    world = World(member=[{"network_id": "N1", "party_id": "till", "role": "treasurer"}])
    for woman in range(10):
        world.flow("client_payment", woman, from_id=f"c{woman}", to_id="till", amount=300, currency="CNY")
        world.flow("client_payment", woman + 4, from_id=f"c{woman}", to_id="till", amount=2200, currency="CNY")
    world.flow("client_payment", 50, from_id="agent", to_id="till", amount=7500, currency="CNY")
    found = figures(run(world)["estimate"])
    assert found["", "samples", "payments"]["low"] == 13
    assert found["till", "received", "reconciled"]["low"] == 32500


def test_weight_tells_how_many_women_share_a_collectors_parcel() -> None:
    world = World(member=[{"network_id": "N1", "party_id": "collector", "role": "collector"}])
    for woman in range(30):
        row = world.flow("sample_parcel", woman, from_id=f"c{woman}", to_id="hub")
        world.waybill.append({"row_id": row, "waybill_no": f"W{woman}", "weight_g": 225.0})
    for number in range(10):
        row = world.flow("sample_parcel", number, from_id="collector", to_id="hub")
        world.waybill.append({"row_id": row, "waybill_no": f"G{number}", "weight_g": 225.0 + 4 * 2.15 * 12.6})
    found = figures(run(world)["estimate"])
    assert found["", "samples", "parcels"]["value"] == pytest.approx(80 / SEEN_PARCELS, rel=0.01)
    assert found["collector", "samples", "reconciled"]["value"] > 45


def test_seized_tubes_persons_and_batches_are_different_units() -> None:
    world = World(member=[{"network_id": "N1", "party_id": "mule", "role": "mule"}])
    row = world.flow("seizure", 3, from_id="mule")
    world.seizure.append({"row_id": row, "seizure_id": "S1", "quantity": 86.0, "unit": "支"})
    other = world.flow("seizure", 9, from_id="mule")
    world.seizure.append({"row_id": other, "seizure_id": "S2", "quantity": 20.0, "unit": "人份"})
    found = figures(run(world)["estimate"])
    assert found["", "samples", "seizures"]["value"] == pytest.approx(60)
    assert found["", "tubes", "reconciled"]["low"] >= 129


def test_nothing_is_estimated_below_what_was_counted() -> None:
    found = figures(run(operation(4, n=200, seen_orders=1.0, seen_payments=0.3, seen_parcels=0.3))["estimate"])
    assert found["", "samples", "reconciled"]["low"] >= 199


def test_what_went_on_to_somebody_unnamed_is_not_kept() -> None:
    known, unnamed = operation(5), operation(5)
    unnamed.member = [row for row in unnamed.member if row["role"] != "laboratory"]
    for row in unnamed.flow_row:
        if row["flow"] == "laboratory_fee":
            row["flow"] = "onward"
    fees, onward = (figures(run(world)["estimate"]) for world in (known, unnamed))
    for who in ("", "till"):
        one, other = fees[who, "kept", "reconciled"], onward[who, "kept", "reconciled"]
        assert {**one, "basis": ""} == {**other, "basis": ""}


def test_what_a_member_kept_is_what_did_not_go_on() -> None:
    found = figures(run(operation(5))["estimate"])
    got, kept = found["till", "received", "reconciled"], found["till", "kept", "reconciled"]
    assert kept["high"] < got["high"]
    assert kept["low"] <= 600 * (2500 - 600) - 30 * 300 <= kept["high"]
    assert found["mule", "received", "reconciled"]["low"] == 9000
    assert found["mule", "trips", "reconciled"]["value"] == 30


def test_regions_need_more_than_one_row_among_many() -> None:
    world = operation(6, n=100)
    world.flow("sample_parcel", 5, from_id="x", to_id="hub", region="CN-XZ")
    assert run(world)["network_region"]["region"].to_pylist() == ["CN-GD", "CN-HN", "CN-ZJ"]


def test_a_network_without_any_amount_gives_no_row() -> None:
    world = World(member=[{"network_id": "N1", "party_id": "m", "role": "mule"}])
    assert run(world)["estimate"].num_rows == 0


def test_row_order_does_not_change_a_byte() -> None:
    tables = operation(7, n=80).tables()
    once = estimates(**tables)
    turned = {
        name: found.take(pa.array(range(found.num_rows - 1, -1, -1), pa.int64())) for name, found in tables.items()
    }
    again = estimates(**turned)
    assert all(once[name].equals(again[name]) for name in once)


def test_pooling_equal_figures_gives_that_figure_and_disagreement_widens_it() -> None:
    one = Figure("a", 100.0, 90.0, 111.1, "", 1)
    same = pool([one, Figure("b", 100.0, 90.0, 111.1, "", 1)])
    apart = pool([one, Figure("b", 200.0, 180.0, 222.2, "", 1)])
    assert same[0] == pytest.approx(100.0)
    assert apart[0] == pytest.approx(141.4, rel=0.01)
    assert apart[2] / apart[1] > same[2] / same[1]
    assert sum(apart[3].values()) == pytest.approx(1.0)


def further(world: World, n: int, price: float) -> None:
    """People who paid the till and nothing else, and a salary that is none of it."""
    for person in range(n):
        row = world.row()
        world.mention += [
            {"row_id": row, "slot": "payment.payer", "party_id": f"other{person}"},
            {"row_id": row, "slot": "payment.payee", "party_id": "till"},
        ]
        paid_at = START + timedelta(days=20 + person)
        world.payment.append({"row_id": row, "paid_at": paid_at, "amount": price, "currency": "CNY"})


def test_others_who_paid_the_clients_account_alike_count_and_other_money_does_not() -> None:
    plain = figures(run(operation(8, n=200))["estimate"])["", "samples", "payments"]
    alike, salary = operation(8, n=200), operation(8, n=200)
    further(alike, 50, 2500.0)
    further(salary, 50, 400.0)
    more = figures(run(alike)["estimate"])["", "samples", "payments"]
    same = figures(run(salary)["estimate"])["", "samples", "payments"]
    assert more["value"] == pytest.approx(plain["value"] + 50 / SEEN_PAYMENTS, abs=2)
    assert same == plain


def stray(world: World, n: int) -> None:
    """Parcels of people known from nothing else, and what the neighbours get."""
    for number in range(n):
        row = world.flow("sample_parcel", number, from_id=f"stranger{number}", to_id="hub", region="CN-SC")
        world.waybill.append({"row_id": row, "waybill_no": f"S{number}", "weight_g": 200.0})
    for receiver in range(5):
        for number in range(4):
            sent_on = (START + timedelta(days=10 + number)).date()
            world.parcel_ends.append(
                {"row_id": world.row(), "sender_id": f"x{number}", "receiver_id": f"n{receiver}", "sent_on": sent_on}
            )


def test_what_strangers_send_to_a_hub_counts_less_what_anybody_gets() -> None:
    plain = figures(run(operation(9, n=200, seen_orders=0.0))["estimate"])["", "samples", "parcels"]
    world = operation(9, n=200, seen_orders=0.0)
    stray(world, 40)
    made = run(world)
    more = figures(made["estimate"])["", "samples", "parcels"]
    assert more["n_rows"] == plain["n_rows"] + 40
    assert "4 taken off as the keepers' own" in str(more["basis"])
    assert "CN-SC" in made["network_region"]["region"].to_pylist()


def test_a_hub_known_from_strangers_alone_has_an_honest_interval() -> None:
    world = World(member=[{"network_id": "N1", "party_id": "hub", "role": "hub"}])
    stray(world, 285)
    found = figures(run(world)["estimate"])["", "samples", "reconciled"]
    assert found["low"] <= 350 <= found["high"]
    assert found["high"] / found["low"] > 1.2


def test_few_rows_never_give_a_narrow_interval() -> None:
    world = World(member=[{"network_id": "N1", "party_id": "hub", "role": "hub"}])
    stray(world, 4)
    found = figures(run(world)["estimate"])["", "samples", "reconciled"]
    assert found["high"] / found["low"] > 2


def test_a_regular_sender_is_measured_by_its_own_boxes_and_half_of_the_rest_is_doubted() -> None:
    world = World(member=[{"network_id": "N1", "party_id": "hub", "role": "hub"}])
    for number, weight in enumerate((150.0, 250.0, 350.0, 200.0, 300.0, 250.0)):
        row = world.flow("sample_parcel", number, from_id=f"c{number}", to_id="hub")
        world.waybill.append({"row_id": row, "waybill_no": f"W{number}", "weight_g": weight})
    for number in range(10):
        row = world.flow("sample_parcel", 3.0 * number, from_id="collector", to_id="hub")
        grams = 100.0 if number < 5 else 100.0 + 2.15 * 12.6
        world.waybill.append({"row_id": row, "waybill_no": f"G{number}", "weight_g": grams})
    basis = str(figures(run(world)["estimate"])["", "samples", "parcels"]["basis"])
    # Six, ten, and half of five women more.
    assert "stand for 18 persons" in basis


def test_a_member_is_one_under_every_name() -> None:
    world = operation(10, n=100)
    for row in world.flow_row:
        if row.get("to_id") == "till":
            row["to_id"] = "till two"
    world.alias.append({"network_id": "N1", "party_id": "till two", "member_id": "till"})
    plain, told = figures(run(operation(10, n=100))["estimate"]), figures(run(world)["estimate"])
    assert told["till", "received", "reconciled"] == plain["till", "received", "reconciled"]


def permit(exporter: str, day: int, quantity: float, **more: object) -> dict[str, object]:
    return {
        "row_id": 9_000_000_000 + day,
        "exporter_id": exporter,
        "quantity": quantity,
        "unit": "支",
        "permit_row": 7,
        "allowed": 215.0,
        "allowed_unit": "支",
        "holder_id": "till",
        "valid_from": START.date(),
        "valid_to": (START + timedelta(days=100)).date(),
        "declared_on": (START + timedelta(days=day)).date(),
        **more,
    }


def test_what_permits_cover_is_taken_off_the_samples_and_not_off_what_was_paid() -> None:
    plain = figures(run(operation(11, n=300))["estimate"])
    world = operation(11, n=300)
    # 150 and 100 tubes on a permit for 215; one after its last day, one of another holder, one without a permit.
    world.permit_use += [
        permit("till", 10, 150.0),
        permit("till", 20, 100.0),
        permit("till", 120, 80.0),
        permit("organiser", 30, 60.0),
        permit("till", 40, 50.0, permit_row=None),
    ]
    found = figures(run(world)["estimate"])
    assert found["", "samples", "permits"]["value"] == pytest.approx(100, abs=0.1)
    assert found["", "samples", "reconciled"]["value"] == pytest.approx(
        plain["", "samples", "reconciled"]["value"] - 100, abs=0.2
    )
    assert found["", "gross_paid", "reconciled"] == plain["", "gross_paid", "reconciled"]


def test_a_mules_share_is_of_what_went_beyond_permits_and_may_have_been_carried_by_others() -> None:
    plain = figures(run(operation(13, n=300))["estimate"])["mule", "samples", "reconciled"]
    world = operation(13, n=300)
    world.permit_use.append(permit("till", 10, 215.0))
    less = figures(run(world)["estimate"])["mule", "samples", "reconciled"]
    assert plain["low"] == pytest.approx(plain["value"] / 3, abs=0.1)
    assert less["value"] < plain["value"]


def test_an_amount_of_no_stated_currency_is_the_cases_and_the_basis_says_so() -> None:
    world = operation(12, n=100)
    for row in world.flow_row:
        row["currency"] = None
    found = figures(estimates(**world.tables(), jurisdiction="IN")["estimate"])["", "gross_paid", "reconciled"]
    assert found["unit"] == "INR"
    assert "taken to be in INR" in str(found["basis"])
    stated = figures(run(operation(12, n=100))["estimate"])["", "gross_paid", "reconciled"]
    assert stated["value"] == found["value"]
    assert "taken to be" not in str(stated["basis"])


def test_a_history_nobody_could_show_is_estimated_and_not_taken_for_zero() -> None:
    rng = np.random.default_rng(5)
    caught = rng.random((2000, 3)) < (0.4, 0.6, 0.7)
    counts = capture.tabulate(caught[caught.any(axis=1)])
    cells = capture.histories(3).astype(bool)
    hidden = ~(cells[:, 0] | (cells[:, 1] & cells[:, 2]))
    found = capture.population(counts, 3, hidden=hidden, n_replicates=50)
    naive = capture.population(np.where(hidden, 0.0, counts), 3, n_replicates=50)
    assert found is not None
    assert naive is not None
    assert found.value == pytest.approx(2000, rel=0.06)
    assert naive.value < 1700
