"""What a network moved, batch by batch, and who is protected: in a world of two dozen rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hand_tables import World, shown_row

MEMBERS = """
network_id | party_id | role       | score | n_lines | from_on    | to_on
N1         | Seller   | recruiter  | 0.99  | 3       | 2025-03-01 | 2025-03-31
N1         | Till     | treasurer  | 0.99  | 3       | 2025-03-01 | 2025-03-31
N1         | Keeper   | hub        | 0.99  | 3       | 2025-03-01 | 2025-03-31
N1         | Mo       | mule       | 0.99  | 3       | 2025-03-01 | 2025-03-31
N1         | Boss     | organiser  | 0.99  | 3       | 2025-03-01 | 2025-03-31
N1         | Lab      | laboratory | 0.99  | 3       | 2025-03-01 | 2025-03-31
"""
NETWORK = "network_id | rank | score | from_on | to_on\nN1 | 1 | 0.99 | 2025-03-01 | 2025-03-31"
ALIASES = "network_id | party_id | alias_id | what | chance | reason\nN1 | Mo | Mo2 | person | 0.01 | One full name."
TIES = """
line    | from_id | to_id        | n  | amount | first_on   | last_on    | paid_out
payment | Till    | Unknown firm | 12 | 60000  | 2025-03-01 | 2025-03-28 | 100000
payment | Till    | Landlord     | 6  | 18000  | 2025-01-20 | 2025-06-20 | 100000
payment | Till    | Kiosk        | 40 | 1200   | 2025-03-01 | 2025-03-28 | 100000
payment | Till    | Mo           | 9  | 20000  | 2025-03-01 | 2025-03-28 | 100000
payment | Till    | Anna         | 9  | 20000  | 2025-03-01 | 2025-03-28 | 100000
payment | Boss    | Shop         | 9  | 20000  | 2025-03-01 | 2025-03-28 | 30000
"""
PLACES = "network_id | place_id | role | address | weight\nN1 | 广东-Hub | hub | 广东-Hub | 3.0"
ORDERS = """
row | ordered_at | service      | agent  | client | waybill_no | price | currency
1   | 2025-03-01 | 胎儿性别鉴定 | Seller | Anna   | W1         | 3500  | CNY
2   | 2025-03-02 | 胎儿性别鉴定 | Seller | Bella  | W2         | 3500  | CNY
"""
PAYMENTS = """
row | paid_at          | payer          | payee  | amount | currency
1   | 2025-03-01 12:00 | Anna           | Till   | 3500   | CNY
2   | 2025-03-02 12:00 | Bella          | Till   | 3500   | CNY
3   | 2025-03-02 13:00 | Neighbour      | Till   | 40     | CNY
4   | 2025-03-09 12:00 | Till           | Mo     | 800    | CNY
5   | 2025-03-10 12:00 | Till           | Lab    | 2000   | CNY
6   | 2025-03-11 12:00 | Till           | Boss   | 3000   | CNY
7   | 2025-03-11 13:00 | Till           | Seller | 500    | CNY
8   | 2025-03-12 12:00 | Mo             | Grocer | 60     | CNY
9   | 2025-03-17 12:00 | Till           | Mo2    | 900    | CNY
10  | 2025-03-18 12:00 | Seller         | Till   | 100    | CNY
11  | 2025-03-19 12:00 | Till           | Unknown firm | 20000 | CNY
12  | 2025-03-20 12:00 | Till           | Landlord | 3000 | CNY
13  | 2025-03-21 12:00 | Boss           | Shop   | 9000   | CNY
14  | 2025-03-22 12:00 | Till           | Kiosk  | 30     | CNY
15  | 2025-03-23 12:00 | Till           | Anna   | 9000   | CNY
16  | 2024-11-23 12:00 | Till           | Unknown firm | 7000 | CNY
"""
WAYBILLS = """
row | waybill_no | accepted_at      | sender                | receiver
1   | W1         | 2025-03-03 12:00 | Anna @ 湖南-Anna      | Keeper @ 广东-Hub
2   | W2         | 2025-03-04 12:00 | Bella @ 湖北-Bella    | Keeper @ 广东-Hub
3   | W3         | 2025-03-04 12:00 | Shop @ 广东-Shop      | Keeper @ 广东-Hub
4   | W4         | 2025-03-05 12:00 | Keeper @ 广东-Hub     | Keeper @ 广东-Hub
5   | W5         | 2025-03-12 12:00 | Seller @ 湖南-Seller  | Keeper @ 广东-Hub
6   | W6         | 2025-03-12 12:00 | Anna @ 湖南-Anna      | Aunt @ 广东-Aunt
7   | W7         | 2025-03-06 12:00 | Keeper @ 广东-Hub     | Shop @ 广东-Shop
8   | W8         | 2025-03-06 12:00 | Keeper @ 广东-Hub     | Cousin @ 广东-Cousin
9   | W9         | 2025-03-06 12:00 | Keeper @ 广东-Hub     | Grocer @ 广东-Grocer
10  | W10        | 2025-03-12 12:00 | Dora @ 四川-Dora      | Keeper @ 广东-Hub
"""
CROSSINGS = """
row | crossed_at       | direction | port | traveller | document_no
1   | 2025-03-08 09:00 | exit      | 罗湖 | Mo        | D1
2   | 2025-03-08 19:00 | entry     | 罗湖 | Mo        | D1
3   | 2025-03-16 09:00 | exit      | 福田 | Mo        | D1
4   | 2025-03-16 19:00 | entry     | 福田 | Mo        | D1
5   | 2025-03-20 09:00 | exit      | 罗湖 | Mo        | D1
6   | 2025-03-29 09:00 | entry     | 罗湖 | Mo        | D1
7   | 2025-05-01 09:00 | exit      | 罗湖 | Mo        | D1
8   | 2025-05-01 19:00 | entry     | 罗湖 | Mo        | D1
9   | 2025-03-08 09:00 | exit      | 罗湖 | Tourist   | D2
"""
POSTS = """
row | posted_at  | account | text
1   | 2025-03-01 | Seller  | 验血查男女 加微信
2   | 2025-03-01 | Seller  | 新茶上市
"""
SEIZURES = """
row | seizure_id | seized_at  | material | carrier | document_no | quantity | unit
1   | Z1         | 2025-03-16 | 血样     | Mo      | D1          | 30       | 支
"""


@pytest.fixture(scope="module")
def world() -> World:
    return World(
        network=NETWORK,
        member=MEMBERS,
        member_alias=ALIASES,
        network_hub=PLACES,
        order=ORDERS,
        payment=PAYMENTS,
        waybill=WAYBILLS,
        crossing=CROSSINGS,
        post=POSTS,
        seizure=SEIZURES,
        tie=TIES,
        visit=[
            {
                "side": "payee",
                "row_id": 1,
                "point_id": "Till",
                "point_kind": "party",
                "client": "Neighbour",
                "client_id": "Neighbour",
            }
        ],
    )


def test_each_row_is_named_for_what_it_moved(world: World) -> None:
    flows = {shown_row(row["row_id"]): row["flow"] for row in world.rows("flow_row")}
    assert flows == {
        "order:1": "order",
        "order:2": "order",
        "payment:1": "client_payment",
        "payment:2": "client_payment",
        "payment:4": "pay",
        "payment:5": "laboratory_fee",
        "payment:6": "profit",
        "payment:7": "commission",
        "payment:9": "pay",
        "payment:10": "transfer",
        "payment:11": "onward",
        "waybill:1": "sample_parcel",
        "waybill:2": "sample_parcel",
        "waybill:4": "relay",
        "waybill:5": "sample_parcel",
        "waybill:10": "sample_parcel",
        "crossing:1": "trip",
        "crossing:3": "trip",
        "post:1": "advert",
        "seizure:1": "seizure",
    }


def test_groceries_rent_a_refund_a_neighbours_loan_a_shops_parcel_and_a_holiday_are_no_flows(world: World) -> None:
    rows = {shown_row(row["row_id"]) for row in world.rows("flow_row")}
    assert not rows & {
        "payment:3",
        "payment:8",
        "payment:12",
        "payment:13",
        "payment:14",
        "payment:15",
        "payment:16",
        "waybill:3",
        "waybill:6",
        "crossing:5",
        "crossing:7",
        "crossing:9",
        "post:2",
    }


def test_a_flow_says_from_whom_to_whom_how_much_and_whence(world: World) -> None:
    flows = {shown_row(row["row_id"]): row for row in world.rows("flow_row")}
    paid = flows["payment:1"]
    assert (paid["from_id"], paid["to_id"], paid["amount"], paid["currency"]) == ("Anna", "Till", Decimal(3500), "CNY")
    sent = flows["waybill:1"]
    assert (sent["from_id"], sent["to_id"], sent["place_id"], sent["region"]) == ("Anna", "Keeper", "广东-Hub", "湖南")
    assert flows["seizure:1"]["quantity"] == 30


def test_a_batch_is_the_parcels_since_the_last_crossing_the_crossing_and_the_pay_after_it(world: World) -> None:
    first, second = world.rows("batch")
    assert (first["batch_no"], first["crossed_on"], first["n_mules"], first["n_parcels"], first["port"]) == (
        1,
        date(2025, 3, 8),
        1,
        2,
        "罗湖",
    )
    assert [shown_row(row) for row in first["row_ids"]] == ["waybill:1", "waybill:2", "payment:4", "crossing:1"]
    assert first["pay"] == Decimal(800)
    assert (second["batch_no"], second["crossed_on"], second["n_parcels"], second["pay"]) == (
        2,
        date(2025, 3, 16),
        2,
        Decimal(900),
    )


def test_clients_are_protected_and_members_and_firms_are_not(world: World) -> None:
    found = {row["party_id"]: row["reason"] for row in world.rows("protected_party")}
    assert {"Anna", "Bella"} <= set(found)
    assert not {"Seller", "Till", "Keeper", "Mo", "Mo2", "Boss", "Lab", "Grocer", "Tourist"} & set(found)
    # Who sent to the hub is protected even if nothing else is known of them.
    assert "Shop" in found


def test_places_are_the_hub_and_the_ports_that_mules_leave_by(world: World) -> None:
    found = {row["address"]: row["role"] for row in world.rows("network_place")}
    assert found == {"广东-Hub": "hub", "罗湖": "port", "福田": "port"}


def test_a_member_acts_under_each_of_their_names(world: World) -> None:
    known = {(row["party_id"], row["member_id"], row["what"]) for row in world.rows("member_party")}
    assert known >= {("Mo", "Mo", "person"), ("Mo2", "Mo", "person")}


def test_the_order_of_rows_changes_no_flow_and_no_batch(world: World) -> None:
    moved = world.shuffled(4)
    for name in ("flow_row", "batch", "protected_party", "client_of"):
        assert moved.rows(name) == world.rows(name), name
