"""What strangers send to a hub, what its other life explains, and who sends too often to be a donor."""

from __future__ import annotations

import pytest
from hand_tables import World, shown_row

MEMBERS = """
network_id | party_id | role      | score | n_lines | from_on    | to_on
N1         | Keeper   | hub       | 0.99  | 3       | 2025-03-01 | 2025-03-31
N1         | Carla    | collector | 0.99  | 3       | 2025-03-01 | 2025-03-31
N1         | Second   | hub       | 0.99  | 3       | 2025-03-01 | 2025-03-31
"""
NETWORK = "network_id | rank | score | from_on | to_on\nN1 | 1 | 0.99 | 2025-03-01 | 2025-03-31"
HUBS = "network_id | place_id | role | address | weight\nN1 | 广东-Station | hub | 广东-Station | 3.0"
NOBODY = "network_id | party_id | alias_id | chance | reason\nN9 | X | Y | 0.5 | None."
COLLECTED = """
row | waybill_no | accepted_at      | sender               | receiver
1   | W1         | 2025-03-03 12:00 | Carla @ 湖南-Carla   | Keeper @ 广东-Station
2   | W2         | 2025-03-05 12:00 | Carla @ 湖南-Carla   | Hand @ 广东-Station
3   | W3         | 2025-03-07 12:00 | Carla @ 湖南-Carla   | Keeper @ 广东-Flat
4   | W4         | 2025-03-09 12:00 | Carla @ 湖南-Carla   | Keeper @ 广东-Flat
"""


def sent(*lines: str) -> World:
    """A world with the collector's parcels and these: `day | sender | receiver`."""
    rows = []
    for number, line in enumerate(lines, 10):
        day, sender, receiver = (part.strip() for part in line.split("|"))
        rows.append(f"{number} | S{number} | {day} 12:00 | {sender} | {receiver}")
    return World(
        network=NETWORK, member=MEMBERS, member_alias=NOBODY, network_hub=HUBS, waybill=COLLECTED + "\n".join(rows)
    )


def flows(world: World) -> dict[str, str]:
    """The flow of every parcel beside the collector's, by its number."""
    found = {shown_row(row["row_id"]).removeprefix("waybill:"): row["flow"] for row in world.rows("flow_row")}
    return {number: flow for number, flow in found.items() if int(number) >= 10}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2025-03-10 | Anna @ 四川-Anna | Keeper @ 广东-Station", "to the keeper at the hub"),
        ("2025-03-10 | Anna @ 四川-Anna | Hand @ 广东-Station", "to a name that a sample parcel bore there"),
        ("2025-03-10 | Anna @ 四川-Anna | Keeper @ 广东-Flat", "to the keeper where two sample parcels came"),
    ],
)
def test_a_strangers_parcel_where_samples_arrive_is_a_sample_parcel(line: str, reason: str) -> None:
    assert flows(sent(line)) == {"10": "sample_parcel"}, reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2025-03-10 | Anna @ 四川-Anna | Neighbour @ 广东-Station", "a station takes in for its whole street"),
        ("2025-03-10 | Anna @ 四川-Anna | Keeper @ 广东-Mother", "where no sample is known to have come"),
        ("2025-06-10 | Anna @ 四川-Anna | Keeper @ 广东-Station", "after the network's period"),
    ],
)
def test_a_strangers_parcel_elsewhere_to_others_or_later_is_none(line: str, reason: str) -> None:
    assert flows(sent(line)) == {}, reason


def test_a_shop_with_many_customers_and_a_customer_who_returns_goods_are_explained() -> None:
    shop = [f"2025-03-10 | Shop @ 广东-Shop | Customer{n} @ 广东-C{n}" for n in range(30)]
    sold = [f"2025-03-10 | Keeper @ 广东-Station | Buyer{n} @ 四川-B{n}" for n in range(5)]
    world = sent(
        "2025-03-10 | Shop @ 广东-Shop | Keeper @ 广东-Station",
        "2025-03-20 | Buyer0 @ 四川-B0 | Keeper @ 广东-Station",
        "2025-03-20 | Anna @ 四川-Anna | Keeper @ 广东-Station",
        *shop,
        *sold,
    )
    assert flows(world) == {"12": "sample_parcel"}


def test_a_sample_that_answers_a_collection_box_is_a_sample() -> None:
    boxes = [f"2025-03-10 | Keeper @ 广东-Station | Client{n} @ 四川-B{n}" for n in range(3)]
    back = [f"2025-03-15 | Client{n} @ 四川-B{n} | Keeper @ 广东-Station" for n in range(2)]
    assert flows(sent(*boxes, *back)) == {"13": "sample_parcel", "14": "sample_parcel"}


def test_a_hub_relays_what_came_in_and_a_sender_called_hub_that_took_nothing_in_gathers() -> None:
    gathered = sent("2025-03-12 | Second @ 湖北-Second | Keeper @ 广东-Station")
    assert flows(gathered) == {"10": "sample_parcel"}
    relayed = sent(
        "2025-03-10 | Carla @ 湖南-Carla | Second @ 湖北-Second",
        "2025-03-10 | Carla @ 湖南-Carla | Second @ 湖北-Second",
        "2025-03-11 | Anna @ 四川-Anna | Second @ 湖北-Second",
        "2025-03-12 | Second @ 湖北-Second | Keeper @ 广东-Station",
    )
    assert flows(relayed)["13"] == "relay"


def test_who_sends_again_and_again_is_no_donor_and_is_no_member_for_that() -> None:
    weekly = [f"2025-03-{day:02} | Porter @ 江西-Porter | Keeper @ 广东-Station" for day in (3, 11, 18, 25)]
    at_once = ["2025-03-11 | Twin @ 江西-Twin | Keeper @ 广东-Station"] * 4
    world = sent(*weekly, *at_once, "2025-03-11 | Anna @ 四川-Anna | Keeper @ 广东-Station")
    protected = {row["party_id"] for row in world.rows("protected_party")}
    assert protected == {"Anna", "Twin"}
    assert "Porter" not in {row["party_id"] for row in world.rows("member_party")}
