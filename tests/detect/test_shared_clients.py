"""Shared clients, in worlds of a few dozen rows: which account and which address are one business."""

from __future__ import annotations

import pytest
from hand_tables import World, about

CLIENTS = ("Anna", "Bella", "Cora", "Dora", "Elsa", "Fanny", "Gina", "Hanna")


def _payments(lines: list[tuple[str, str, int]]) -> str:
    return "row | paid_at | payer | payee | amount\n" + "\n".join(
        f"{number} | 2025-03-{day:02d} 12:00 | p{payer}/{payer} | {payee} | 3000"
        for number, (payer, payee, day) in enumerate(lines, 1)
    )


def _parcels(lines: list[tuple[str, str, int]]) -> str:
    return "row | waybill_no | accepted_at | sender | receiver\n" + "\n".join(
        f"{number} | W{number} | 2025-03-{day:02d} 12:00 | s{sender}/{sender} @ 湖南-{sender} | {to}"
        for number, (sender, to, day) in enumerate(lines, 1)
    )


def _crowd(letter: str, point: str, n: int = 12) -> list[tuple[str, str, int]]:
    return [(f"{letter}{number}", point, number % 27 + 1) for number in range(n)]


@pytest.fixture(scope="module")
def world() -> World:
    """Eight women pay Till and post to the hub within days; a grocer, a tutor, a shop and a laundry have others."""
    paid = [(name, "Till", 3 + day) for day, name in enumerate(CLIENTS)]
    sent = [(name, "Keeper @ 广东-Hub", 5 + day) for day, name in enumerate(CLIENTS)]
    # Two of the women also buy tea: not enough to tie the tea shop to anybody.
    tea = [("Anna", "Tea", 20), ("Bella", "Tea", 21)]
    return World(
        payment=_payments([*paid, *_crowd("g", "Grocer", 40), *_crowd("t", "Tea", 40), *tea]),
        waybill=_parcels([*sent, *_crowd("d", "Shop @ 广东-Shop", 40), *_crowd("l", "Laundry @ 广东-Laundry", 40)]),
    )


def test_those_who_pay_the_till_and_post_to_the_hub_make_the_two_one_business(world: World) -> None:
    found = world.ask("shared_clients")
    assert about(found) == [("Till", "Keeper"), ("Till", "广东-Hub")]
    for each in found:
        assert each["n_observed"] == len(CLIENTS)
        assert each["rows"] == [f"waybill:{number}" for number in range(1, 9)] + [
            f"payment:{number}" for number in range(1, 9)
        ]
        assert each["facet"] == "chain"
        assert not any(name in each["claim"] for name in CLIENTS), "a claim names no client"


def test_a_common_name_that_pays_and_posts_everywhere_ties_nobody() -> None:
    paid = [("王伟", point, day) for point in ("Till", "Grocer", "Tea") for day in range(1, 20)]
    sent = [("王伟", point, day) for point in ("Keeper @ 广东-Hub", "Shop @ 广东-Shop") for day in range(1, 20)]
    world = World(
        payment=_payments([*paid, *_crowd("g", "Grocer"), *_crowd("t", "Tea"), *_crowd("k", "Till")]),
        waybill=_parcels([*sent, *_crowd("d", "Shop @ 广东-Shop"), *_crowd("l", "Keeper @ 广东-Hub")]),
    )
    assert world.ask("shared_clients") == []


def test_clients_who_pay_in_march_and_post_in_september_are_not_matched(world: World) -> None:
    later = World(
        payment=_payments([*[(name, "Till", 3 + day) for day, name in enumerate(CLIENTS)], *_crowd("g", "Grocer", 40)]),
        waybill=_parcels(
            [
                *[(name, "Keeper @ 广东-Hub", 5 + day) for day, name in enumerate(CLIENTS)],
                *_crowd("d", "Shop @ 广东-Shop", 40),
            ]
        )
        .replace("2025-03-0", "2025-09-0")
        .replace("2025-03-1", "2025-09-1"),
    )
    assert later.ask("shared_clients") == []


def test_a_seller_who_is_also_paid_and_a_till_that_also_receives_make_one_claim() -> None:
    orders = "row | ordered_at | service | agent | client\n" + "\n".join(
        f"{number} | 2025-03-{2 + number:02d} | 胎儿性别鉴定 | Seller | c{name}/{name}"
        for number, name in enumerate(CLIENTS, 1)
    )
    both = [(name, who, 3 + day) for day, name in enumerate(CLIENTS) for who in ("Seller", "Till")]
    sent = [(name, "Till @ 广东-Hub", 5 + day) for day, name in enumerate(CLIENTS)]
    found = World(
        order=orders,
        payment=_payments([*both, *_crowd("g", "Grocer", 40)]),
        waybill=_parcels([*sent, *_crowd("d", "Shop @ 广东-Shop", 40)]),
    ).ask("shared_clients")
    assert ("Seller", "Till") in about(found)


COLLECTORS = CLIENTS[:6]


def _paying(times: int) -> World:
    """A boss who pays six women ``times`` times in the weeks after they posted to the hub; a firm pays its staff."""
    paid = [(name, 10 + day + 7 * time) for day, name in enumerate(COLLECTORS) for time in range(times)]
    staff = [(f"w{number}", 5 + number + 7 * time) for number in range(6) for time in range(2)]
    rows = [("Boss", name, day) for name, day in paid] + [("Firm", name, day) for name, day in staff]
    payment = "row | paid_at | payer | payee | amount\n" + "\n".join(
        f"{number} | 2025-03-{day:02d} 12:00 | {payer} | p{name}/{name} | 300"
        for number, (payer, name, day) in enumerate(rows, 1)
    )
    sent = [(name, "Keeper @ 广东-Hub", 5 + day) for day, name in enumerate(COLLECTORS)]
    return World(payment=payment, waybill=_parcels([*sent, *_crowd("d", "Shop @ 广东-Shop", 60)]))


def test_who_pays_again_and_again_those_who_post_to_the_hub_is_of_one_business_with_it() -> None:
    found = _paying(2).ask("shared_payees")
    assert about(found) == [("Boss", "Keeper"), ("Boss", "广东-Hub")]
    for each in found:
        assert each["n_observed"] == len(COLLECTORS)
        assert each["facet"] == "chain"
        assert not any(name in each["claim"] for name in COLLECTORS), "a claim names none of them"


def test_who_paid_each_of_them_once_made_refunds() -> None:
    assert _paying(1).ask("shared_payees") == []
