"""The same rows in another order give the same answers, to the last digit, and so the same digests."""

from __future__ import annotations

import pytest
import test_adverts_and_orders
import test_crossings
import test_grounds
import test_parcels
import test_seizures
from hand_tables import DETECTORS, World


def _worlds() -> dict[str, World]:
    hub, order = test_crossings._hub(dict.fromkeys(test_crossings.HEAVY, 9))
    trips = test_crossings.crossings(
        test_crossings.trips("Mo", test_crossings.MULE_DAYS),
        test_crossings.trips("Bo", test_crossings.MULE_DAYS, at="10:01"),
        test_crossings.trips("Vo", [day + 1 for day in test_crossings.HEAVY]),
    )
    pay = test_crossings.payments(
        *((who, name, day + 1) for who in ("Boss", "Aide") for name in ("Mo", "Bo") for day in test_crossings.MULE_DAYS)
    )
    return {
        "orders": World(
            post=test_adverts_and_orders.POSTS,
            order=test_adverts_and_orders.ORDERS,
            waybill=test_adverts_and_orders.WAYBILLS,
        ),
        "parcels": World(
            waybill=test_parcels.parcels(
                test_parcels.strangers("S", 30, test_parcels.HUB),
                *(test_parcels.strangers(f"C{n}x", 12, f"P{n} @ 广东-P{n}", regions=2) for n in range(4)),
            )
        ),
        "crossings": World(waybill=hub, order=order, crossing=trips, payment=pay),
        "seizures": World(
            seizure=test_seizures.SEIZURES,
            crossing=test_seizures.CROSSINGS,
            waybill=test_seizures.WAYBILLS,
            specimen=test_seizures.SPECIMENS,
        ),
        "grounds": World(
            organisation=test_grounds.REGISTER, permit=test_grounds.PERMITS, declaration=test_grounds.DECLARATIONS
        ),
    }


@pytest.mark.parametrize("name", ["orders", "parcels", "crossings", "seizures", "grounds"])
def test_shuffled_rows_give_identical_claims(name: str) -> None:
    world = _worlds()[name]
    moved = world.shuffled(3)
    answered = 0
    for detector in DETECTORS:
        if world._has(detector):
            first = world.ask(detector)
            assert moved.ask(detector) == first, detector
            answered += len(first)
    assert answered
