"""The same rows in another order give the same answers, to the last digit, and so the same digests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import test_adverts_and_orders
import test_crossings
import test_grounds
import test_parcels
import test_seizures
from hand_tables import World


def _orders() -> World:
    return World(
        post=test_adverts_and_orders.POSTS,
        order=test_adverts_and_orders.ORDERS,
        waybill=test_adverts_and_orders.WAYBILLS,
    )


def _parcels() -> World:
    groups = [test_parcels.strangers(f"C{n}x", 12, f"P{n} @ 广东-P{n}", regions=2) for n in range(4)]
    return World(waybill=test_parcels.parcels(test_parcels.strangers("S", 30, test_parcels.HUB), *groups))


def _crossings() -> World:
    waybill, order = test_crossings._hub(dict.fromkeys(test_crossings.HEAVY, 9))
    days = test_crossings.MULE_DAYS
    crossing = test_crossings.crossings(
        test_crossings.trips("Mo", days),
        test_crossings.trips("Bo", days, at="10:01"),
        test_crossings.trips("Vo", [day + 1 for day in test_crossings.HEAVY]),
        *(test_crossings.trips(f"C{n}", range(n % 7, 50, 11), at=f"10:{n * 7 % 60:02d}") for n in range(20)),
    )
    paid = [(who, name, day + 1) for who in ("Boss", "Aide") for name in ("Mo", "Bo") for day in days]
    return World(waybill=waybill, order=order, crossing=crossing, payment=test_crossings.payments(*paid))


def _seizures() -> World:
    return World(
        seizure=test_seizures.SEIZURES,
        crossing=test_seizures.CROSSINGS,
        waybill=test_seizures.WAYBILLS,
        specimen=test_seizures.SPECIMENS,
    )


def _grounds() -> World:
    return World(organisation=test_grounds.REGISTER, permit=test_grounds.PERMITS, declaration=test_grounds.DECLARATIONS)


@pytest.mark.parametrize(
    ("make", "detectors"),
    [
        (_orders, ("soliciting_adverts", "sample_orders", "order_parcels", "order_parcel_links", "order_collectors")),
        (_parcels, ("parcel_consolidation",)),
        (_crossings, ("mule_pay", "travelling_together", "hub_mule_coupling")),
        (_seizures, ("seized_carriers", "seized_parcels", "seized_parcel_senders")),
        (_grounds, ("register_ties", "testing_organisation", "permit_exceeded", "declared_export_cover")),
    ],
)
def test_shuffled_rows_give_identical_claims(make: Callable[[], World], detectors: tuple[str, ...]) -> None:
    world = make()
    moved = world.shuffled(3)
    for detector in detectors:
        first = world.ask(detector)
        assert first, detector
        assert moved.ask(detector) == first, detector
