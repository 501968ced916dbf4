"""Who serves those who sought the test: the clients of order sheets, and those who wrote to an advertiser."""

from __future__ import annotations

import pytest
from hand_tables import World, about

WOMEN = ("Anna", "Bella", "Cora", "Dora", "Elsa", "Fanny", "Gina", "Hanna")
QUESTIONS = ("ordered_and_posted", "ordered_and_paid", "wrote_and_posted", "wrote_and_paid")


def _block(header: str, lines: list[str]) -> str:
    return header + "\n" + "\n".join(f"{number} | {line}" for number, line in enumerate(lines, 1))


def _orders(service: str, day: int = 3) -> str:
    return _block(
        "row | ordered_at | service | agent | client",
        [f"2025-03-{day + at:02d} | {service} | Seller{at} | o{name}/{name}" for at, name in enumerate(WOMEN)],
    )


def _paid(to: str, day: int = 4) -> str:
    lines = [f"2025-03-{day + at:02d} 12:00 | y{name}/{name} | {to} | 3000" for at, name in enumerate(WOMEN)]
    lines += [f"2025-03-{at % 27 + 1:02d} 12:00 | g{at}/g{at} | Grocer | 40" for at in range(60)]
    return _block("row | paid_at | payer | payee | amount", lines)


def _posted(to: str, month: str = "03") -> str:
    lines = [
        f"W{at} | 2025-{month}-{5 + at:02d} 12:00 | s{name}/{name} @ 湖南-{name} | {to}"
        for at, name in enumerate(WOMEN)
    ]
    lines += [
        f"X{at} | 2025-03-{at % 27 + 1:02d} 12:00 | d{at}/d{at} @ 湖南-d{at} | Shop @ 广东-Shop" for at in range(60)
    ]
    return _block("row | waybill_no | accepted_at | sender | receiver", lines)


def _wrote(text: str, n: int = 1) -> dict[str, str]:
    lines = [
        f"2025-03-{3 + at:02d} 10:00 | c{name}/{name} | Advertiser" for at, name in enumerate(WOMEN) for _ in range(n)
    ]
    return {
        "post": _block("row | posted_at | text | account", [f"2025-03-01 10:00 | {text} | Advertiser"]),
        "contact": _block("row | contacted_at | from | to", lines),
    }


SOLICITS = "孕早期抽血验男女，送香港化验所，准确率99%"


def test_where_the_clients_of_order_sheets_posted_is_told_though_no_sheet_has_a_parcels_number() -> None:
    found = World(order=_orders("胎儿性别鉴定"), waybill=_posted("Keeper @ 广东-Hub")).ask("ordered_and_posted")
    assert about(found) == [("Keeper",), ("广东-Hub",)]
    for each in found:
        assert (each["line"], each["facet"], each["n_observed"], each["weight"]) == ("order", "matter", 8, 2.0)
        assert each["rows"] == [f"order:{at}" for at in range(1, 9)] + [f"waybill:{at}" for at in range(1, 9)]
        assert not any(name in each["claim"] for name in WOMEN), "a claim names no client"


def test_of_a_common_name_the_telephone_tells_who_posted() -> None:
    """Every woman's name is borne by forty others who post elsewhere; on sheet and parcel stands one telephone."""
    crowd = [
        f"X{at} | 2025-03-{at % 27 + 1:02d} 12:00 | d{at}/{WOMEN[at % 8]} @ 湖南-d{at} | Shop{shop} @ 广东-Shop{shop}"
        for at, shop in ((at, at % 37) for at in range(320))
    ]

    def asked(phone: str) -> list[dict[str, object]]:
        own = [
            f"W{at} | 2025-03-{5 + at:02d} 12:00 | {phone}{name}/{name} @ 湖南-{name} | Keeper @ 广东-Hub"
            for at, name in enumerate(WOMEN[:5])
        ]
        posted = _block("row | waybill_no | accepted_at | sender | receiver", own + crowd)
        return World(order=_orders("胎儿性别鉴定"), waybill=posted).ask("ordered_and_posted")

    assert ("Keeper",) in about(asked("o"))
    assert max(each["weight"] for each in asked("o")) > max([0.0, *(each["weight"] for each in asked("s"))]) + 0.5


def test_whom_the_clients_of_order_sheets_paid_is_told() -> None:
    (told,) = World(order=_orders("胎儿性别鉴定"), payment=_paid("Till")).ask("ordered_and_paid")
    assert about([told]) == [("Till",)]
    assert (told["line"], told["facet"]) == ("shared_clients", "matter")


def test_clients_of_lawful_tests_tell_nothing_of_where_they_post() -> None:
    world = World(order=_orders("血常规"), waybill=_posted("Keeper @ 广东-Hub"), payment=_paid("Till"))
    assert world.ask("ordered_and_posted") == world.ask("ordered_and_paid") == []


def test_what_they_posted_half_a_year_later_is_of_another_business() -> None:
    world = World(order=_orders("胎儿性别鉴定"), waybill=_posted("Keeper @ 广东-Hub", month="09"))
    assert world.ask("ordered_and_posted") == []


def test_those_who_wrote_to_an_advertiser_lead_to_where_they_posted_and_whom_they_paid() -> None:
    world = World(**_wrote(SOLICITS), waybill=_posted("Keeper @ 广东-Hub"), payment=_paid("Till"))
    assert about(world.ask("wrote_and_posted")) == [("Keeper",), ("广东-Hub",)]
    assert about(world.ask("wrote_and_paid")) == [("Till",)]
    assert world.ask("ordered_and_posted") == []


def test_whom_an_order_names_is_counted_there_and_not_again_among_those_who_wrote() -> None:
    world = World(order=_orders("胎儿性别鉴定"), **_wrote(SOLICITS), waybill=_posted("Keeper @ 广东-Hub"))
    assert about(world.ask("ordered_and_posted")) == [("Keeper",), ("广东-Hub",)]
    assert world.ask("wrote_and_posted") == []


@pytest.mark.parametrize(
    ("text", "n"), [("产检知识：本院专家周三直播", 1), (SOLICITS, 13)], ids=["lawful", "colleagues"]
)
def test_who_wrote_to_a_lawful_account_or_all_the_time_sought_no_test(text: str, n: int) -> None:
    world = World(**_wrote(text, n), waybill=_posted("Keeper @ 广东-Hub"), payment=_paid("Till"))
    assert world.ask("wrote_and_posted") == world.ask("wrote_and_paid") == []


def test_parcels_for_a_lesser_receiver_at_an_address_do_not_tell_of_the_address() -> None:
    others = "\n".join(
        f"{100 + at} | Y{at} | 2025-03-{at % 27 + 1:02d} 12:00 | h{at}/h{at} @ 湖南-h{at} | Forwarder @ 广东-Hub"
        for at in range(20)
    )
    waybill = _posted("Agency @ 广东-Hub") + "\n" + others
    found = World(order=_orders("胎儿性别鉴定"), waybill=waybill).ask("ordered_and_posted")
    assert about(found) == [("Agency",)]
    paid = World(payment=_paid("Till"), waybill=waybill).ask("shared_clients")
    assert about(paid) == [("Till", "Agency")]


def _talks(to: str, prefix: str, first: int = 100, day: int = 6) -> list[str]:
    return [
        f"{first + at} | 2025-03-{day + at:02d} 11:00 | {prefix}{name}/{name} | {to}" for at, name in enumerate(WOMEN)
    ] + [
        f"{first + 20 + at} | 2025-03-{at % 27 + 1:02d} 12:00 | g{at % 29} | Office{at % 11}" for at in range(120)
    ]


CALLS = "row | contacted_at | from | to"


def test_who_was_in_touch_with_the_clients_of_order_sheets_is_told() -> None:
    contact = "\n".join([CALLS, *_talks("Nurse", "o")])
    (told,) = World(order=_orders("胎儿性别鉴定"), contact=contact).ask("ordered_and_talked")
    assert about([told]) == [("Nurse",)]
    assert (told["line"], told["facet"], told["n_observed"], told["weight"]) == ("shared_clients", "matter", 8, 2.0)
    assert told["claim"].startswith("8 people whom order sheets name as clients of fetal sex tests were in touch with ")
    assert not any(name in told["claim"] for name in WOMEN), "a claim names no client"
    assert World(order=_orders("血常规"), contact=contact).ask("ordered_and_talked") == []


def test_a_switchboard_to_which_everybody_talks_is_not_told() -> None:
    crowd = [f"{500 + at} | 2025-03-{at % 27 + 1:02d} 09:00 | x{at} | Hotline" for at in range(400)]
    contact = "\n".join([CALLS, *_talks("Hotline", "o"), *crowd])
    assert World(order=_orders("胎儿性别鉴定"), contact=contact).ask("ordered_and_talked") == []


def test_who_else_talked_with_those_who_wrote_to_an_advertiser_is_told_and_the_advertiser_is_not() -> None:
    wrote = _wrote(SOLICITS)
    contact = "\n".join([wrote["contact"], *_talks("Nurse", "c")])
    found = World(post=wrote["post"], contact=contact).ask("wrote_and_talked")
    assert about(found) == [("Nurse",)]


def test_those_in_touch_with_one_advertiser_lead_from_it_to_where_they_posted_and_whom_they_paid() -> None:
    world = World(**_wrote(SOLICITS), waybill=_posted("Keeper @ 广东-Hub"), payment=_paid("Till"))
    found = world.ask("clients_of_advertisers")
    assert about(found) == [("Advertiser", "Keeper"), ("Advertiser", "Till"), ("Advertiser", "广东-Hub")]
    for each in found:
        assert (each["line"], each["facet"], each["n_observed"]) == ("shared_clients", "chain", 8)
        assert each["weight"] > 2.0
    # Whom an order names is that seller's client, whomever she asked before.
    assert World(order=_orders("胎儿性别鉴定"), **_wrote(SOLICITS), payment=_paid("Till")).ask(
        "clients_of_advertisers"
    ) == []
