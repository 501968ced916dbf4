"""Parcels, in worlds of a few dozen rows: hubs, shops, relays, moved stores, keepers and regular senders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hand_tables import World, about

HEADER = "row | waybill_no | accepted_at | sender | receiver | weight_g"
REGIONS = ("湖南", "湖北", "广西", "四川", "江苏", "河南")


def parcels(*groups: Iterator[tuple[str, str, int]]) -> str:
    """A block of parcels from (sender, receiver, day of 2025 counted from 1 March) in groups."""
    lines = [HEADER]
    for number, (sender, receiver, day) in enumerate((each for group in groups for each in group), 1):
        on = date(2025, 3, 1) + timedelta(days=day - 1)
        lines.append(f"{number} | W{number} | {on} 10:00 | {sender} | {receiver} | 300")
    return "\n".join(lines)


def strangers(who: str, n: int, receiver: str, *, regions: int = 6, start: int = 1) -> Iterator[tuple[str, str, int]]:
    """``n`` senders ``who``1.., one parcel each, from so many regions in turn."""
    for number in range(1, n + 1):
        yield f"{who}{number} @ {REGIONS[number % regions]}-{who}{number}", receiver, start + number


HUB, SHOP, REPAIR, TEA = "Keeper @ 广东-Hub", "Shop @ 广东-Shop", "Repair @ 广东-Repair", "Tea @ 广东-Tea"


@pytest.fixture(scope="module")
def world() -> World:
    """A hub (30 strangers, 6 regions, sends nothing), a repairer (20, sends 15 back), four counters (2 regions)."""
    back = [(REPAIR, f"R{number} @ {REGIONS[number % 6]}-R{number}", 30 + number) for number in range(1, 16)]
    counters = [
        each
        for place in range(4)
        for each in strangers(f"C{place}x", 12 + place, f"Counter{place} @ 广东-Counter{place}", regions=2)
    ]
    return World(waybill=parcels(strangers("S", 30, HUB), strangers("R", 20, REPAIR), iter(back), iter(counters)))


def test_the_hub_gathers_and_the_repairer_who_sends_back_does_not(world: World) -> None:
    found = world.ask("parcel_consolidation")
    assert about(found) == [("广东-Hub",)]
    assert found[0]["rows"] == [f"waybill:{number}" for number in range(1, 31)]
    assert found[0]["facet"] == "chain"


def test_gathering_alone_is_a_question_and_weighs_less_than_one_line_of_evidence(world: World) -> None:
    huge = World(
        waybill=parcels(
            strangers("S", 300, HUB), *(strangers(f"C{n}x", 12, f"P{n} @ 广东-P{n}", regions=2) for n in range(4))
        )
    )
    for each in (*world.ask("parcel_consolidation"), *huge.ask("parcel_consolidation")):
        assert each["weight"] <= 0.7


def test_who_sends_back_to_their_senders_trades_both_ways_and_that_speaks_against(world: World) -> None:
    found = world.ask("two_way_trade")
    assert about(found) == [("广东-Repair",)]
    assert found[0]["weight"] < 0
    assert found[0]["facet"] == "ground"
    # The parcels there and back of the fifteen who got theirs back, and nobody else's.
    assert found[0]["rows"] == [f"waybill:{number}" for number in (*range(31, 46), *range(51, 66))]


def test_who_receives_from_many_and_sends_on_to_one_address_relays() -> None:
    on = [("Keeper @ 广东-Hub", "Second @ 广东-Depot", 10 + number) for number in range(6)]
    noise = [(f"N{number} @ 广东-N{number}", f"M{number} @ 广东-M{number}", number % 20 + 1) for number in range(60)]
    family = [("Mum @ 湖南-Mum", "Son @ 广东-Son", 3 * number) for number in range(1, 7)]
    world = World(waybill=parcels(strangers("S", 12, HUB), iter(on), iter(noise), iter(family)))
    found = world.ask("relayed_parcels")
    assert about(found) == [("Keeper", "广东-Depot")]
    assert found[0]["rows"] == [f"waybill:{number}" for number in range(13, 19)]
    assert found[0]["n_observed"] == 6
    # Six parcels of the keeper, six of eighty-four parcels to the depot: 6 x 6 / 84.
    assert found[0]["n_expected"] == pytest.approx(6 * 6 / 84, abs=1e-6)


def test_regular_senders_who_follow_a_store_to_its_new_address_link_the_two() -> None:
    moved = [
        (f"Col{number} @ 湖南-C{number}", place, day)
        for number in range(6)
        for place, days in (("Keeper @ 广东-Hub", (1, 9)), ("Keeper @ 广东-Depot", (31, 39)))
        for day in days
    ]
    others = [
        (f"U{number} @ 湖南-U{number}", f"V{number % 9} @ 广东-V{number % 9}", day)
        for number in range(40)
        for day in (5, 15)
    ]
    found = World(waybill=parcels(iter(moved), iter(others))).ask("successive_addresses")
    assert about(found) == [("广东-Depot", "广东-Hub")]
    assert found[0]["n_observed"] == 6
    assert found[0]["n_expected"] == pytest.approx(6 * 6 / 46, abs=1e-6)
    assert len(found[0]["rows"]) == 24


def test_two_shops_with_a_common_customer_or_two_are_not_one_store() -> None:
    common = [
        (f"Cust{number} @ 湖南-C{number}", place, day)
        for number in range(2)
        for place, days in ((SHOP, (1, 9)), (TEA, (31, 39)))
        for day in days
    ]
    own = [
        (f"{name}{number} @ 湖南-{name}{number}", place, day)
        for name, place in (("U", SHOP), ("V", TEA))
        for number in range(8)
        for day in (2, 12)
    ]
    assert World(waybill=parcels(iter(common), iter(own))).ask("successive_addresses") == []


ORDERED = "row | ordered_at | service | agent | client | waybill_no\n1 | 2025-03-01 | 胎儿性别鉴定 | Seller | S1 | W1"


def test_the_keeper_of_a_place_takes_in_its_parcels_and_the_neighbour_who_fetched_one_does_not() -> None:
    one = [("S20 @ 湖南-S20", "Neighbour @ 广东-Hub", 21)]
    home = [(f"Aunt{number} @ 湖南-A{number}", "Nephew @ 广东-Home", number) for number in range(1, 6)]
    world = World(waybill=parcels(strangers("S", 8, HUB), iter(one), iter(home)), order=ORDERED)
    found = world.ask("keeps_address")
    assert about(found) == [("Keeper", "广东-Hub")]
    assert found[0]["rows"] == [f"waybill:{number}" for number in range(1, 9)]


def test_who_posts_week_after_week_to_a_place_of_the_matter_is_a_regular_sender_and_a_client_is_not() -> None:
    regular = [("Collie @ 湖南-Lane", HUB, day) for day in (2, 9, 16, 23, 30)]
    grocer = [("Collie @ 湖南-Lane", TEA, day) for day in (3, 10)]
    burst = [("Twice @ 湖北-Lane", HUB, day) for day in (4, 4, 5, 5)]
    others = [
        (f"N{number} @ 广东-N{number}", f"M{number % 20} @ 广东-M{number % 20}", number % 20 + 1)
        for number in range(120)
    ]
    world = World(
        waybill=parcels(strangers("S", 8, HUB), iter(regular), iter(grocer), iter(burst), iter(others)), order=ORDERED
    )
    found = world.ask("regular_senders")
    assert about(found) == [("Collie", "广东-Hub")]
    assert found[0]["rows"] == [f"waybill:{number}" for number in range(9, 14)]


def test_nobody_is_asked_about_where_few_send_and_no_specimen_is_known_to_have_gone() -> None:
    regular = [("Collie @ 湖南-Lane", TEA, day) for day in (2, 9, 16, 23, 30)]
    assert World(waybill=parcels(iter(regular))).ask("regular_senders") == []


def test_where_many_send_a_regular_sender_is_told_before_anything_says_what_the_place_is_for() -> None:
    regular = [("Collie @ 湖南-Lane", HUB, day) for day in (2, 9, 16, 23, 30)]
    others = [(f"N{number} @ 广东-N{number}", f"M{number} @ 广东-M{number}", 3) for number in range(900)]
    world = World(waybill=parcels(strangers("S", 30, HUB), iter(regular), iter(others)))
    assert about(world.ask("regular_senders")) == [("Collie", "广东-Hub")]


def test_two_keepers_of_one_address_are_no_counter_and_ten_receivers_are_one() -> None:
    def weight(n_receivers: int) -> float:
        """The weight of a weekly sender to an address where so many receive in turn."""
        regular = [("Collie @ 湖南-Lane", f"R{day % n_receivers} @ 广东-Hub", 7 * day + 2) for day in range(20)]
        arriving = [(f"S{n} @ 湖南-S{n}", f"R{n % n_receivers} @ 广东-Hub", n + 1) for n in range(30)]
        others = [(f"N{number} @ 广东-N{number}", f"M{number} @ 广东-M{number}", 3) for number in range(4000)]
        (told,) = World(waybill=parcels(iter(arriving), iter(regular), iter(others))).ask("regular_senders")
        return float(told["weight"])

    # Beyond the cap of a counter with one, two and three receivers of equal share, at it with more.
    assert [weight(n) for n in (1, 2, 3, 4, 10)] == pytest.approx([4.0, 4.0, 4.0, 2.0, 2.0])
