"""The chain is causal: nothing happens before what brings it about."""

from __future__ import annotations

import numpy as np
import pytest

from vialtrace.simulate.making import Made, make_world
from vialtrace.simulate.worlds import WORLDS


@pytest.fixture(scope="module", params=["small_slow", "evasive"])
def made(request: pytest.FixtureRequest) -> Made:
    """A small world as made, before anything is written."""
    return make_world(WORLDS[request.param], 0.3, 6, 8.0)


def test_samples_arrive_before_they_are_carried(made: Made) -> None:
    for network in made.networks:
        for deals in network.done:
            carried = np.flatnonzero(deals.trip >= 0)
            left = np.array([deals.trips[trip].at for trip in deals.trip[carried]])
            assert (deals.at[carried] < deals.arrived[carried]).all()
            assert (deals.arrived[carried] < left).all()


def test_nearly_every_sample_is_carried_within_six_days(made: Made) -> None:
    for network in made.networks:
        deals = network.done[0]
        carried = deals.trip >= 0
        assert carried.mean() > 0.97
        left = np.array([deals.trips[trip].at for trip in deals.trip[carried]])
        assert np.quantile((left - deals.arrived[carried]) / 86_400, 0.95) < 6


def test_every_trip_is_a_crossing_out_and_one_in(made: Made) -> None:
    events = made.stage.journal.events("crossing")
    for network in made.networks:
        deals = network.done[0]
        own = events["operation"] == deals.operation
        assert int(own.sum()) == 2 * len(deals.trips)
        assert int(events["exit"][own].sum()) == len(deals.trips)


def test_loads_prices_and_pay_stay_in_the_reported_ranges(made: Made) -> None:
    for network in made.networks:
        deals = network.done[0]
        low, high = np.quantile(deals.price, [0.02, 0.98])
        assert 1800 <= low < high <= 3000
        assert max(trip.units for trip in deals.trips) <= 215
        assert set(deals.units.tolist()) <= {2, 3}


def test_clients_pay_what_they_agreed(made: Made) -> None:
    payments = made.stage.journal.events("payment")
    for network in made.networks:
        deals = network.done[0]
        members = np.array([*network.roles, *(who for who, _ in network.lenders)])
        own = (payments["operation"] == deals.operation) & ~np.isin(payments["payer"], members)
        assert payments["amount"][own].sum() == pytest.approx(deals.price.sum(), rel=0.01)


def test_everybody_in_a_network_also_has_an_ordinary_life() -> None:
    made = make_world(WORLDS["small_slow"], 1.0, 6, 60.0)
    payments = made.stage.journal.events("payment")
    ordinary = payments["operation"] == -1
    busy = set(payments["payer"][ordinary].tolist()) | set(payments["payee"][ordinary].tolist())
    people = [who for network in made.networks for who in network.roles if not made.stage.people.is_org(who)]
    assert np.mean([who in busy for who in people]) > 0.7
