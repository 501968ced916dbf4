"""What the recount makes of a claim's test is what the detector made of it, in worlds that answer each question."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "detect"))
import recount_chance
from hand_tables import World
from test_crossings import HEAVY, MULE_DAYS, _hub, crossings, payments, trips


def _full_hub() -> World:
    waybill, order = _hub(dict.fromkeys(HEAVY, 9))
    return World(
        waybill=waybill,
        order=order,
        crossing=crossings(trips("Mo", [day + 1 for day in HEAVY]), trips("Trader", [day + 5 for day in HEAVY])),
    )


def _two_abreast() -> World:
    pair = [*trips("Ann", MULE_DAYS, at="10:00"), *trips("Bob", MULE_DAYS, at="10:02")]
    crowd = [
        line
        for number in range(30)
        for line in trips(f"Crowd{number}", (number * 5 % 17, number * 3 % 19 + 20), at=f"10:{number * 7 % 60:02d}")
    ]
    return World(crossing=crossings(pair, crowd))


def _paid_by_another_name() -> World:
    crossing = crossings(trips("Traveller/王小明", MULE_DAYS))
    return World(crossing=crossing, payment=payments(*(("Boss", "Account/王小明", day + 1) for day in MULE_DAYS)))


def _tables(world: World) -> Callable[[str], list[dict[str, Any]]]:
    return world.rows


@pytest.mark.parametrize(
    ("make", "asked", "detector"),
    [
        (_full_hub, "hub_mule_coupling", "hub_mule_coupling"),
        (_two_abreast, "travelling_together", "travelling_together"),
        (_paid_by_another_name, "mule_pay", "mule_pay"),
        (_paid_by_another_name, "same_traveller", "same_traveller"),
        (_paid_by_another_name, "paid_after_crossing", "paid_after_crossing"),
    ],
)
def test_expectations_are_got_again(make: Callable[[], World], asked: str, detector: str) -> None:
    world = make()
    found = [each for each in world.ask(asked) if each["detector"] == detector]
    assert found
    chance = recount_chance.Chance(_tables(world))
    for claim in found:
        assert list(getattr(chance, f"_{detector}")(claim)), claim
        assert chance.differs(claim) == []
        for column, factor in (("n_observed", 2), ("n_expected", 1.01), ("p_value", 1.1), ("q_value", 1.1)):
            assert chance.differs({**claim, column: claim[column] * factor})
