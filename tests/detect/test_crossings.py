"""Border crossings, in worlds of a few dozen rows: pay after trips, people who cross together, loads, commuters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hand_tables import World, about

FIRST = date(2025, 3, 3)  # a Monday


def on(day: int) -> date:
    """The day so many days after Monday 3 March 2025."""
    return FIRST + timedelta(days=day)


def trips(who: str, days: Iterable[int], *, at: str = "10:00", port: str = "罗湖", back: int = 0) -> list[str]:
    """Lines of crossings out on ``days`` and back ``back`` days later in the evening."""
    made = []
    for day in days:
        made.append(f"{on(day)} {at} | exit | {port} | {who} | D-{who}")
        made.append(f"{on(day + back)} 22{at[2:]} | entry | {port} | {who} | D-{who}")
    return made


def crossings(*groups: list[str]) -> str:
    """A block of crossings."""
    lines = [line for group in groups for line in group]
    return "row | crossed_at | direction | port | traveller | document_no\n" + "\n".join(
        f"{number} | {line}" for number, line in enumerate(lines, 1)
    )


def payments(*lines: tuple[str, str, int]) -> str:
    """A block of payments from (payer, payee, day)."""
    return "row | paid_at | payer | payee | amount\n" + "\n".join(
        f"{number} | {on(day)} 18:00 | {payer} | {payee} | 800" for number, (payer, payee, day) in enumerate(lines, 1)
    )


MULE_DAYS = (1, 9, 17, 25, 33, 41, 49, 53)  # every day of the week


def test_a_trip_day_tells_whether_the_traveller_came_straight_back() -> None:
    world = World(crossing=crossings(trips("Mo", [1, 9]), trips("Tourist", [2], back=5), trips("Night", [3], back=1)))
    found = {(row["party_id"], row["on"]): row["is_quick"] for row in world.rows("trip_day")}
    assert found == {("Mo", on(1)): True, ("Mo", on(9)): True, ("Tourist", on(2)): False, ("Night", on(3)): True}


def test_pay_that_follows_trips_links_the_payer_and_the_traveller() -> None:
    paid = [("Boss", "Mo", day + 1) for day in MULE_DAYS]
    # An employer pays every Saturday, whatever the trips.
    wages = [("Factory", "Mo", day) for day in (5, 12, 19, 26, 33, 40, 47, 54)]
    world = World(crossing=crossings(trips("Mo", MULE_DAYS)), payment=payments(*paid, *wages))
    found = world.ask("mule_pay")
    assert about([each for each in found if each["weight"] >= 0.5]) == [("Boss", "Mo")]
    assert found[0]["n_observed"] == 8
    assert found[0]["rows"][:8] == [f"payment:{number}" for number in range(1, 9)]
    assert found[0]["rows"][8:] == [f"crossing:{number}" for number in range(1, 17, 2)]


def test_a_payee_of_the_travellers_full_name_is_joined_to_the_traveller_and_a_masked_name_is_not() -> None:
    crossing = crossings(trips("Traveller/王小明", MULE_DAYS), trips("Other/李*", [day + 3 for day in MULE_DAYS]))
    paid = [("Boss", "Account/王小明", day + 1) for day in MULE_DAYS] + [
        ("Boss", "Masked/李*", day + 4) for day in MULE_DAYS
    ]
    world = World(crossing=crossing, payment=payments(*paid))
    found = [*world.ask("mule_pay"), *world.ask("same_traveller")]
    assert [(each["detector"], *about([each])[0]) for each in found] == [
        ("mule_pay", "Boss", "Traveller"),
        ("same_traveller", "Account", "Traveller"),
    ]
    assert found[1]["relation"] == "same_person"


def test_one_payer_of_two_accounts_of_one_name_makes_one_claim() -> None:
    paid = [("Boss", f"Account{number % 2}/王小明", day + 1) for number, day in enumerate([*MULE_DAYS, *MULE_DAYS])]
    world = World(
        crossing=crossings(trips("Traveller/王小明", MULE_DAYS)),
        payment=payments(*paid, *(("Boss", "Account1/王小明", day) for day in MULE_DAYS)),
    )
    found = world.ask("mule_pay")
    assert ("Boss", "Traveller") in about(found)


def test_who_crosses_almost_daily_is_not_linked_by_pay_on_any_day() -> None:
    world = World(
        crossing=crossings(trips("Commuter", range(60))),
        payment=payments(*(("Shop", "Commuter", day) for day in range(60))),
    )
    assert world.ask("mule_pay") == []


def test_two_who_cross_within_minutes_again_and_again_travel_together_and_the_rush_does_not() -> None:
    pair = [*trips("Ann", MULE_DAYS, at="10:00"), *trips("Bob", MULE_DAYS, at="10:02")]
    crowd = [
        line
        for number in range(30)
        for line in trips(
            f"Crowd{number}",
            (number * 5 % 17, number * 3 % 19 + 20, number * 7 % 23 + 40),
            at=f"10:{number * 7 % 60:02d}",
        )
    ]
    found = World(crossing=crossings(pair, crowd)).ask("travelling_together")
    assert about(found) == [("Ann", "Bob")]
    assert found[0]["n_observed"] == 8
    assert {row.split(":")[0] for row in found[0]["rows"]} == {"crossing"}


def test_a_rush_in_which_everybody_meets_everybody_links_nobody() -> None:
    rush = [line for number in range(12) for line in trips(f"C{number}", range(0, 30, 2), at="10:00")]
    assert World(crossing=crossings(rush)).ask("travelling_together") == []


def test_days_without_a_time_cannot_tell_who_travels_together() -> None:
    lines = [f"{on(day)} | exit | 罗湖 | {who} | D-{who}" for day in MULE_DAYS for who in ("Ann", "Bob")]
    assert World(crossing=crossings(lines)).ask("travelling_together") == []


def _hub(loads: dict[int, int], days: int = 84) -> tuple[str, str]:
    """Parcels that reach a hub: ``loads`` on the days given, one on all others; and an order that names the first."""
    lines, number = [], 0
    for day in range(days):
        for _ in range(loads.get(day, 1)):
            number += 1
            lines.append(
                f"{number} | W{number} | {on(day - 2)} 09:00 | {on(day)} 09:00 "
                f"| S{number} @ 湖南-S{number} | Keeper @ 广东-Hub"
            )
    waybill = "row | waybill_no | accepted_at | delivered_at | sender | receiver\n" + "\n".join(lines)
    return (
        waybill,
        "row | ordered_at | service | agent | client | waybill_no\n1 | 2025-03-01 | 胎儿性别鉴定 | Seller | S1 | W1",
    )


HEAVY = (2, 11, 22, 29, 38, 44, 51, 60, 66, 74)


def test_who_leaves_when_the_hub_is_full_is_coupled_to_it_and_who_leaves_on_other_days_is_not() -> None:
    waybill, order = _hub(dict.fromkeys(HEAVY, 9))
    other = [day + 5 for day in HEAVY]
    world = World(
        waybill=waybill,
        order=order,
        crossing=crossings(trips("Mo", [day + 1 for day in HEAVY]), trips("Trader", other)),
    )
    found = world.ask("hub_mule_coupling")
    assert about(found) == [("广东-Hub", "Mo")]
    assert found[0]["n_observed"] > 1.5 * found[0]["n_expected"]
    assert {"crossing:1", "waybill:4"} <= set(found[0]["rows"])


def test_a_place_where_no_specimen_is_known_to_have_gone_is_coupled_to_nobody() -> None:
    waybill, _ = _hub(dict.fromkeys(HEAVY, 9))
    assert (
        World(waybill=waybill, crossing=crossings(trips("Mo", [day + 1 for day in HEAVY]))).ask("hub_mule_coupling")
        == []
    )


def test_a_traveller_who_stays_away_for_weeks_is_not_coupled() -> None:
    waybill, order = _hub(dict.fromkeys(HEAVY, 9))
    crossing = crossings(trips("Visitor", [day + 1 for day in HEAVY], back=4))
    assert World(waybill=waybill, order=order, crossing=crossing).ask("hub_mule_coupling") == []


def test_quick_returns_weigh_by_how_rare_they_are() -> None:
    tourists = [line for number in range(19) for line in trips(f"T{number}", range(0, 80, 9), back=3)]
    found = World(crossing=crossings(trips("Mo", range(0, 80, 8)), tourists)).ask("quick_returns")
    assert about(found) == [("Mo",)]
    assert 0 < found[0]["weight"] <= 1.3 + 1e-9
    everybody = [line for number in range(19) for line in trips(f"T{number}", range(0, 80, 9))]
    assert World(crossing=crossings(everybody)).ask("quick_returns") == []


def test_the_rhythm_of_work_across_the_border_speaks_against_and_a_mules_does_not() -> None:
    working = [day for day in range(90) if day % 7 < 5]
    found = World(
        crossing=crossings(trips("Commuter", working), trips("Mo", MULE_DAYS), trips("Brief", range(20)))
    ).ask("commuter_rhythm")
    assert about(found) == [("Commuter",)]
    assert found[0]["weight"] < 0
    assert found[0]["facet"] == "ground"


@pytest.mark.parametrize("detector", ["quick_returns", "commuter_rhythm"])
def test_frequent_crossing_alone_is_never_worth_two_kinds_of_evidence(detector: str) -> None:
    found = World(crossing=crossings(trips("Mo", range(0, 200, 3)))).ask(detector)
    assert all(each["line"] == "crossing" for each in found)
    assert sum(max(each["weight"], 0) for each in found) < 2


def test_pay_by_the_week_is_told_from_the_calendar_of_days_without_a_crossing() -> None:
    # Three trips in one fortnight of every five weeks, each paid for four to six days later.
    days = [week * 35 + day for week in range(6) for day in (1, 8, 13)]
    paid = [("Boss", "Mo", day + 4 + number % 3) for number, day in enumerate(days)]
    found = World(crossing=crossings(trips("Mo", days)), payment=payments(*paid)).ask("mule_pay")
    assert about(found) == [("Boss", "Mo")]
    assert " within 7 days of their crossing the border" in found[0]["claim"]
    spread = [("Boss", "Mo", day) for day in range(3, 210, 11)]
    assert World(crossing=crossings(trips("Mo", days)), payment=payments(*spread)).ask("mule_pay") == []


def _payees(n: int) -> list[tuple[str, str, int]]:
    """People who are paid three times each and never travel, no two of one surname and given name."""
    surnames, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明"
    names = [one + other for one in surnames for other in given][:n]
    return [("Shop", f"Payee{number}/{name}", day) for number, name in enumerate(names) for day in (2, 31, 64)]


STRAIGHT_BACK = tuple(range(0, 80, 8))


def test_who_is_paid_and_comes_straight_back_is_told_by_register_and_by_a_rare_name() -> None:
    paid = [("Boss", who, day) for who in ("Mo/尤大海", "Account/戚小波") for day in (5, 20, 50)]
    world = World(
        crossing=crossings(trips("Mo/尤大海", STRAIGHT_BACK), trips("Traveller/戚小波", STRAIGHT_BACK)),
        payment=payments(*paid, *_payees(200)),
    )
    found = {about([each])[0][0]: each for each in world.ask("paid_travellers")}
    assert set(found) == {"Mo", "Account"}
    assert found["Mo"]["weight"] == found["Account"]["weight"] == pytest.approx(1.5)
    assert "is paid in these records" in found["Mo"]["claim"]
    assert "under the full name of a traveller" in found["Account"]["claim"]
    assert "as were only 2 of the 202 people" in found["Mo"]["claim"]
    assert {row.split(":")[0] for row in found["Account"]["rows"]} == {"payment", "crossing"}


@pytest.mark.parametrize(
    ("payee", "traveller", "days"),
    [
        ("Account/戚*", "Traveller/戚*", STRAIGHT_BACK),  # masked
        ("Account/戚小波", "Traveller/戚小涛", STRAIGHT_BACK),  # another name
        ("Account/戚小波", "Traveller/戚小波", tuple(day for day in range(80) if day % 7 < 5)),  # a commuter
        ("Account/戚小波", "Traveller/戚小波", STRAIGHT_BACK[:4]),  # too few trips
    ],
)
def test_a_mask_another_name_a_commuter_and_a_few_trips_tell_nothing(
    payee: str, traveller: str, days: tuple[int, ...]
) -> None:
    paid = [("Boss", payee, day) for day in (5, 20, 50)]
    world = World(crossing=crossings(trips(traveller, days)), payment=payments(*paid, *_payees(200)))
    assert world.ask("paid_travellers") == []


def test_one_of_two_travellers_of_a_name_or_of_a_frequent_name_is_nobody() -> None:
    paid = [("Boss", "Account/戚小波", day) for day in (5, 20, 50)]
    two = World(
        crossing=crossings(trips("One/戚小波", STRAIGHT_BACK), trips("Other/戚小波", STRAIGHT_BACK)),
        payment=payments(*paid, *_payees(200)),
    )
    assert two.ask("paid_travellers") == []
    # Every tenth payee is called so.
    frequent = [("Shop", f"N{number}/戚小波", day) for number in range(20) for day in (2, 31, 64)]
    many = World(
        crossing=crossings(trips("One/戚小波", STRAIGHT_BACK)), payment=payments(*paid, *frequent, *_payees(180))
    )
    assert many.ask("paid_travellers") == []
