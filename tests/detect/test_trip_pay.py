"""Pay after crossings, whoever pays: carriers whom now this hub pays and now that, and who else is paid so."""

from __future__ import annotations

import pytest
from hand_tables import World, about
from test_crossings import MULE_DAYS, crossings, payments, trips

HUBS = ("HubA", "HubB", "HubC", "HubD")


def _by_turns(who: str, days: tuple[int, ...] = MULE_DAYS) -> list[tuple[str, str, int]]:
    """Paid the day after each of these days, by one hub after the other: by none three times."""
    return [(HUBS[at % 4], who, day + 1) for at, day in enumerate(days)]


def test_whom_several_pay_by_turns_after_each_crossing_is_told_though_none_pays_often() -> None:
    world = World(crossing=crossings(trips("Mo", MULE_DAYS)), payment=payments(*_by_turns("Mo")))
    assert world.ask("mule_pay") == []
    (told,) = world.ask("paid_after_crossing")
    assert about([told]) == [("Mo",)]
    assert (told["line"], told["facet"], told["n_observed"]) == ("crossing", "chain", 8)
    assert 1.0 < told["weight"] <= 1.5
    assert "8 of 8 days of pay within 2 days of crossing the border" in told["claim"]
    assert {row.split(":")[0] for row in told["rows"]} == {"payment", "crossing"}


def test_who_is_paid_on_coming_home_from_a_long_stay_is_paid_after_crossing() -> None:
    leaves = (0, 30, 60, 90, 120)
    away = crossings(trips("Mo", leaves, back=14))
    paid = [(HUBS[at % 4], "Mo", day + 15) for at, day in enumerate(leaves)]
    assert about(World(crossing=away, payment=payments(*paid)).ask("paid_after_crossing")) == [("Mo",)]


def test_pay_between_the_crossings_tells_nothing() -> None:
    paid = [(HUBS[at % 4], "Mo", day + 5) for at, day in enumerate(range(1, 50, 8))]
    world = World(crossing=crossings(trips("Mo", range(1, 50, 8))), payment=payments(*paid))
    assert world.ask("paid_after_crossing") == []


@pytest.mark.parametrize("every", [1, 2])
def test_who_crosses_on_most_days_is_paid_soon_after_by_any_calendar(every: int) -> None:
    days = range(0, 120, every)
    paid = [(HUBS[at % 4], "Mo", day) for at, day in enumerate(range(0, 120, 3))]
    world = World(crossing=crossings(trips("Mo", days)), payment=payments(*paid))
    assert world.ask("paid_after_crossing") == []


def test_the_account_of_a_travellers_full_name_is_the_travellers_where_all_its_pay_follows_the_crossings() -> None:
    world = World(
        crossing=crossings(trips("Traveller/戚小波", MULE_DAYS), trips("Other/李*", [day + 3 for day in MULE_DAYS])),
        payment=payments(*_by_turns("Account/戚小波"), *_by_turns("Masked/李*", tuple(day + 3 for day in MULE_DAYS))),
    )
    (same,) = world.ask("same_traveller")
    assert about([same]) == [("Account", "Traveller")]
    assert (same["relation"], same["n_observed"]) == ("same_person", 8)
    (told,) = world.ask("paid_after_crossing")
    assert about([told]) == [("Account",)]
    assert "of crossings of a traveller of the same full name" in told["claim"]


def test_who_pays_oneself_after_a_trip_is_paid_by_nobody() -> None:
    paid = [("Mo", "Mo", day + 1) for day in MULE_DAYS]
    assert World(crossing=crossings(trips("Mo", MULE_DAYS)), payment=payments(*paid)).ask("paid_after_crossing") == []
