"""The circle around what was found: who is reached, who deals with it, and which two of them may be one person."""

from __future__ import annotations

from hand_tables import World


def payments(*lines: tuple[str, str, int, int]) -> str:
    """A block of payments from (payer, payee, amount, day of March 2025)."""
    rows = [
        f"{number} | 2025-03-{day:02d} 12:00 | {payer} | {payee} | {amount}"
        for number, (payer, payee, amount, day) in enumerate(lines, 1)
    ]
    return "\n".join(["row | paid_at | payer | payee | amount", *rows])


def _circle(*lines: tuple[str, str, int, int]) -> set[str]:
    world = World(core="node_id\nTill", payment=payments(*lines))
    return {row["node_id"] for row in world.rows("circle")}


CLIENTS = [(f"Woman{number}", "Drawer", 2600, number + 1) for number in range(3)]


def test_whoever_is_paid_by_several_and_passes_it_on_to_the_core_is_reached() -> None:
    assert "Drawer" in _circle(*CLIENTS, ("Drawer", "Till", 2000, 8), ("Drawer", "Grocer", 90, 9))


def test_a_client_who_pays_the_core_is_not_reached_and_neither_is_who_passes_on_little() -> None:
    assert "Woman0" not in _circle(("Woman0", "Till", 2600, 8), ("Woman0", "Grocer", 90, 9))
    assert "Drawer" not in _circle(*CLIENTS, ("Drawer", "Till", 200, 8), ("Drawer", "Grocer", 9000, 9))


POSTED = """
row | waybill_no | accepted_at | sender | receiver
1 | S1 | 2025-03-02 | Phone1/李素芬 @ A-1 | Keeper @ Hub-1
2 | S2 | 2025-03-03 | Phone2/王小梅 @ A-2 | Keeper @ Hub-1
3 | S3 | 2025-03-04 | Phone3/赵一鸣 @ A-3 | Shop @ Shop-1
"""
# A thousand other people, so that names have frequencies: each surname fifty times, each given name twice.
CROWD = [
    (f"P{number}/{chr(0x8000 + number % 20)}{chr(0x9000 + number // 2)}", "Grocer", 90, number % 27 + 1)
    for number in range(1000)
]


def _dealing(*more: tuple[str, str, int, int]) -> World:
    core = "node_id\nTill\nHub-1"
    paid = [("Till", "Account1/李素芬", 300, day) for day in (5, 12, 19)]
    return World(core=core, waybill=POSTED, payment=payments(*paid, *more, *CROWD))


def test_who_posts_to_the_core_deals_with_it_and_its_clients_do_not() -> None:
    world = _dealing(("Phone2/王小梅", "Till", 2600, 1))
    dealers = {row["node_id"] for row in world.rows("dealer")}
    assert "Phone1" in dealers
    assert not {"Phone2", "Phone3", "P1"} & dealers


def test_the_account_that_is_paid_and_the_telephone_that_posts_are_one_of_a_rare_name() -> None:
    (told,) = _dealing().rows("namesake")
    assert (told["party_id"], told["other_id"]) == ("Account1", "Phone1")
    # Two post to the core, and the name is looked for among those who post.
    assert told["n_dealers"] == 2
    assert 0 < told["chance"] < 0.01


def test_of_two_telephones_of_the_name_neither_is_told_from_the_other() -> None:
    second = POSTED + "4 | S4 | 2025-03-05 | Phone4/李素芬 @ A-4 | Keeper @ Hub-1\n"
    world = _dealing()
    again = World(
        core="node_id\nTill\nHub-1",
        waybill=second,
        payment=payments(("Till", "Account1/李素芬", 300, 5), ("Till", "Account1/李素芬", 300, 12), *CROWD),
    )
    assert world.rows("namesake")
    assert again.rows("namesake") == []


def test_a_form_of_address_is_nobodys_full_name() -> None:
    paid = payments(*(("Till", "Account1/郑姐", 300, day) for day in (5, 12, 19)), *CROWD)
    posted = POSTED.replace("李素芬", "郑姐")
    assert World(core="node_id\nTill\nHub-1", waybill=posted, payment=paid).rows("namesake") == []


def test_what_is_posted_to_places_of_the_core_is_a_tie_with_both_ends_counted() -> None:
    ties = [row for row in _dealing().rows("tie") if row["line"] == "parcel"]
    assert [(row["from_id"], row["to_id"], row["n"], row["n_out"], row["n_in"]) for row in ties] == [
        ("Phone1", "Hub-1", 1, 1, 2)
    ]


def test_a_tie_of_money_knows_by_how_many_its_payer_is_paid() -> None:
    world = World(core="node_id\nTill", payment=payments(*CLIENTS, ("Drawer", "Till", 2000, 8)))
    (tie,) = world.rows("tie")
    assert (tie["from_id"], tie["to_id"], tie["n_payers"]) == ("Drawer", "Till", 3)


def test_whom_a_rare_namesake_of_the_core_pays_is_reached_and_of_a_common_name_nobody() -> None:
    def reached(name: str, n_bearers: int) -> set[str]:
        crowd = [(f"Other{at}/{name}", "Grocer", 40, at + 1) for at in range(n_bearers)]
        paid = [(f"Account/{name}", "Mule", 300, day) for day in (3, 9, 15)]
        world = World(
            core="node_id\nHub",
            claim=[],
            order=f"row | ordered_at | service | agent | client\n1 | 2025-03-01 | 血常规 | Hub/{name} | c1/c1",
            payment=payments(*paid, *crowd),
        )
        return {row["node_id"] for row in world.rows("circle")}

    assert "Mule" in reached("戚小波", 2)
    assert "Mule" not in reached("王伟", 9)
