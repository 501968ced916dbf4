"""Which members belong together, what part each plays, and who is one person under several names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa
import pytest
from evidence_world import GANG, GANG_TIES, evidence, member_sets, networks_of, roles

from vialtrace.reconstruct.partition import parted


def renamed(block: str, suffix: str, *, keep: tuple[str, ...] = ()) -> str:
    """A block with every party and place of the gang renamed, its header left out."""
    lines = block.strip().splitlines()[1:]
    for name in ("Seller", "Keeper", "Till", "Mo", "Boss", "Lab", "@Hub"):
        if name not in keep:
            lines = [
                "|".join(f" {cell.strip()}{suffix} " if cell.strip() == name else cell for cell in line.split("|"))
                for line in lines
            ]
    return "\n" + "\n".join(lines)


LAB_CLAIM = "\nLab | | testing_organisation | register | chain | 1.0"
LAB = "party | kind | name | n_rows\nLab | organisation | Harbour Genomics Laboratory Ltd | 50"


def test_two_gangs_that_share_one_laboratory_stay_two() -> None:
    made = networks_of(
        evidence(GANG + renamed(GANG, "2") + LAB_CLAIM, GANG_TIES + renamed(GANG_TIES, "2", keep=("Lab",)), parties=LAB)
    )
    sets = member_sets(made)
    assert len(sets) == 2
    ours = next(each for each in sets if "Seller" in each)
    theirs = next(each for each in sets if "Seller2" in each)
    assert {"Seller", "Keeper", "Till", "Mo"} <= set(ours)
    assert {"Seller2", "Keeper2", "Till2", "Mo2"} <= set(theirs)


def test_two_gangs_that_use_one_grocer_and_one_courier_stay_two() -> None:
    ties = (
        GANG_TIES
        + renamed(GANG_TIES, "2")
        + "".join(
            f"\npayment | {who} | {shop} | 20 | 0.1 | 0.001 | 9 | 3000"
            for who in ("Keeper", "Keeper2", "Mo", "Mo2")
            for shop in ("Grocer", "Courier")
        )
    )
    sets = member_sets(networks_of(evidence(GANG + renamed(GANG, "2"), ties)))
    assert len(sets) == 2
    assert not {"Grocer", "Courier"} & {each for group in sets for each in group}


def test_a_network_is_ranked_scored_and_counted() -> None:
    made = networks_of(evidence(GANG + renamed(GANG, "2"), GANG_TIES + renamed(GANG_TIES, "2")))
    assert [row["rank"] for row in made["network"]] == [1, 2]
    for row in made["network"]:
        assert row["n_members"] == sum(member["network_id"] == row["network_id"] for member in made["member"])
        assert 0.5 < row["score"] <= 1


def test_roles_follow_from_where_a_member_stands() -> None:
    found = roles(networks_of(evidence(GANG + LAB_CLAIM, GANG_TIES, parties=LAB)))
    assert found["Seller"] == "recruiter"
    assert found["Keeper"] == "hub"
    assert found["Mo"] == "mule"
    assert found["Till"] == "treasurer"
    if "Lab" in found:
        assert found["Lab"] == "laboratory"


def test_a_laboratory_is_one_by_its_name_and_register_never_a_person_of_such_a_name() -> None:
    person = "party | kind | name | n_rows\nMo | person | Medical Mo | 50"
    assert roles(networks_of(evidence(GANG, GANG_TIES, parties=person)))["Mo"] == "mule"


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    claims, ties = GANG + renamed(GANG, "2") + LAB_CLAIM, GANG_TIES + renamed(GANG_TIES, "2", keep=("Lab",))
    # Evidence ids are given in the order of the block, so that only the order of rows differs.
    first = networks_of(evidence(claims, ties, parties=LAB))
    moved = networks_of(evidence(claims, ties, parties=LAB, shuffle=seed))
    for name, rows in first.items():
        assert sorted(rows, key=str) == sorted(moved[name], key=str), name


def test_every_row_of_a_network_refers_to_rows_that_are_there() -> None:
    made = networks_of(evidence(GANG, GANG_TIES))
    networks = {row["network_id"] for row in made["network"]}
    members = {(row["network_id"], row["party_id"]) for row in made["member"]}
    assert {row["network_id"] for row in made["member"]} == networks
    assert {(row["network_id"], row["party_id"]) for row in made["member_evidence"]} <= members
    assert {(row["network_id"], row["subject_id"]) for row in made["tie_claim"]} <= members


def test_parts_are_the_same_every_time_and_a_bridge_does_not_join_two_cliques() -> None:
    clique = [(one, other, 1.0) for one in range(5) for other in range(one)]
    edges = [*clique, *[(one + 5, other + 5, 1.0) for one, other, _ in clique], (0, 5, 0.5)]
    parts = parted(10, edges)
    assert len(set(parts[:5])) == 1
    assert len(set(parts[5:])) == 1
    assert parts[0] != parts[5]
    assert all(parted(10, edges) == parts for _ in range(3))


def test_a_loose_community_is_joined_again_and_nothing_gives_nothing() -> None:
    ring = [(node, (node + 1) % 12, 1.0) for node in range(12)]
    assert len(set(parted(12, ring))) == 1, "a ring has no cut that is small beside what it cuts off"
    assert parted(0, []) == []
    assert len(set(parted(3, []))) == 3


MUTUAL = (
    GANG
    + """
Mo2    |        | soliciting_adverts | advert   | matter | 2.0
Till   | Mo2    | mule_pay           | coupling | chain  | 3.0
"""
)
TWO_MO = "party | kind | name | n_rows\nMo | person | 欧阳震华 | 50\nMo2 | person | 欧阳震华 | 20"


def test_one_rare_full_name_twice_beside_the_network_is_one_person() -> None:
    made = networks_of(evidence(MUTUAL, GANG_TIES, parties=TWO_MO))
    assert [(row["party_id"], row["alias_id"]) for row in made["member_alias"]] == [("Mo", "Mo2")]
    assert "Mo2" not in member_sets(made)[0]
    assert made["member_alias"][0]["chance"] < 0.05


def test_a_common_name_joins_nobody() -> None:
    common = TWO_MO + "\n" + "\n".join(f"w{number} | person | 欧阳震华 | 3" for number in range(300))
    assert networks_of(evidence(MUTUAL, GANG_TIES, parties=common))["member_alias"] == []


SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明"
POPULATION = "\n".join(
    f"p{number} | person | {one}{other} | 3"
    for number, (one, other) in enumerate((one, other) for one in SURNAMES for other in GIVEN)
)


@pytest.mark.parametrize(
    ("name", "travellers", "is_joined"),
    [
        ("戚小波", ("Far",), True),
        ("戚小波", ("Far", "Far2"), False),  # which of the two?
        ("戚*", ("Far",), False),
        ("王伟", ("Far",), False),  # one in sixteen squared bears it, among two hundred travellers
    ],
)
def test_a_passport_elsewhere_in_the_records_is_a_members_by_a_rare_full_name_only(
    name: str, travellers: tuple[str, ...], is_joined: bool
) -> None:
    parties = f"party | kind | name | n_rows\nMo | person | {name} | 50\n{POPULATION}"
    parties += "".join(f"\n{each} | person | {name} | 9" for each in travellers)
    documents = {each: f"CC{number:07d}" for number, each in enumerate(travellers)}
    documents |= {f"p{number}": f"CD{number:07d}" for number in range(200)}
    made = networks_of(evidence(GANG, GANG_TIES, parties=parties, documents=documents))
    joined = [(row["party_id"], row["alias_id"]) for row in made["member_alias"]]
    assert joined == ([("Mo", "Far")] if is_joined else [])
    assert all("travel document" in row["reason"] and row["chance"] <= 0.01 for row in made["member_alias"])


@pytest.mark.parametrize(("sorts", "is_joined"), [(("account",), True), (("account", "phone"), False)])
def test_who_leads_a_life_of_their_own_under_a_members_rare_name_is_somebody_else(
    sorts: tuple[str, ...], is_joined: bool
) -> None:
    parties = f"party | kind | name | n_rows\nMo | person | 戚小波 | 50\nFar | person | 戚小波 | 9\n{POPULATION}"
    documents = {"Far": "CC0000001"} | {f"p{number}": f"CD{number:07d}" for number in range(200)}
    tables = evidence(GANG, GANG_TIES, parties=parties, documents=documents)
    held = [
        {"party_id": party, "identifier_type": sort, "value": f"{party}-{sort}", "n_rows": 3}
        for party in ("Mo", "Far")
        for sort in sorts
    ]
    schema = tables["party_identifier"].schema
    whole = pa.Table.from_pylist([*tables["party_identifier"].to_pylist(), *held], schema=schema)
    joined = [row["alias_id"] for row in networks_of({**tables, "party_identifier": whole})["member_alias"]]
    assert joined == (["Far"] if is_joined else [])


def test_a_masked_name_joins_nobody() -> None:
    assert networks_of(evidence(MUTUAL, GANG_TIES, parties=TWO_MO.replace("欧阳震华", "欧阳*")))["member_alias"] == []


def test_two_resident_identity_numbers_are_two_people_whatever_their_name() -> None:
    made = networks_of(
        evidence(MUTUAL, GANG_TIES, parties=TWO_MO, documents={"Mo": "110101199003070011", "Mo2": "110101199203070022"})
    )
    assert made["member_alias"] == []
    timed = MUTUAL.replace("| weight\n", "| weight | relation\n")
    lines = [line for line in timed.strip().splitlines() if line]
    timed = "\n".join(
        [
            lines[0],
            *[f"{line} | " for line in lines[1:]],
            "Mo2 | Mo | same_traveller | coupling | chain | 3.0 | same_person",
        ]
    )
    both = {"Mo": "110101199003070011", "Mo2": "110101199203070022"}
    assert networks_of(evidence(timed, GANG_TIES, parties=TWO_MO, documents=both))["member_alias"] == []
    assert len(networks_of(evidence(timed, GANG_TIES, parties=TWO_MO))["member_alias"]) == 1


def test_three_of_one_name_with_two_identity_numbers_never_meet_through_the_third() -> None:
    three = (
        MUTUAL + "Mo3 | | soliciting_adverts | advert | matter | 2.0\nTill | Mo3 | mule_pay | coupling | chain | 3.0\n"
    )
    parties = TWO_MO + "\nMo3 | person | 欧阳震华 | 5"
    made = networks_of(
        evidence(three, GANG_TIES, parties=parties, documents={"Mo": "110101199003070011", "Mo2": "110101199203070022"})
    )
    same_as = {row["alias_id"]: row["party_id"] for row in made["member_alias"]}
    assert same_as.get("Mo2") != "Mo"
    assert same_as.get("Mo") != "Mo2"


def test_a_full_name_beside_a_form_of_address_joins_and_the_form_of_address_never_does() -> None:
    beside = "party | kind | name | n_rows | also\nMo | person | 欧阳震华 | 50 | \nMo2 | person | 王姐 | 20 | 欧阳震华"
    made = networks_of(evidence(MUTUAL, GANG_TIES, parties=beside))
    assert [(row["party_id"], row["alias_id"]) for row in made["member_alias"]] == [("Mo", "Mo2")]
    address = "party | kind | name | n_rows\nMo | person | MRS ANSARI | 50\nMo2 | person | MRS ANSARI | 20"
    assert networks_of(evidence(MUTUAL, GANG_TIES, parties=address))["member_alias"] == []


def test_two_identity_numbers_of_another_country_are_two_people() -> None:
    both = {"Mo": "361584424676", "Mo2": "632411104733"}
    made = networks_of(evidence(MUTUAL, GANG_TIES, parties=TWO_MO, documents=both))
    assert made["member_alias"] == []
    renewed = {"Mo": "C1234567", "Mo2": "C7654321"}
    assert len(networks_of(evidence(MUTUAL, GANG_TIES, parties=TWO_MO, documents=renewed))["member_alias"]) == 1


LENT = """
Lent1  | Keeper | shared_clients | shared_clients | chain | 3.0
Lent2  | Keeper | shared_clients | shared_clients | chain | 3.0
"""
LENT_TIES = """
payment | Lent1 | Till | 9  | 0.98 | 0.1 | 9 | 90
payment | Lent2 | Till | 12 | 0.95 | 0.1 | 8 | 90
"""


def test_accounts_in_other_names_that_pass_all_on_are_one_treasurers() -> None:
    ties = GANG_TIES + LENT_TIES.strip() + "\n"
    clients = "\n".join(f"payment | C{n} | {to} | 1 | 1 | 0.05 | 1 | 90" for n in range(6) for to in ("Lent1", "Lent2"))
    made = networks_of(evidence(GANG + LENT, ties + clients))
    assert {(row["party_id"], row["alias_id"]) for row in made["member_alias"]} == {
        ("Till", "Lent1"),
        ("Till", "Lent2"),
    }
    assert not {"Lent1", "Lent2"} & set(member_sets(made)[0])
    assert all("another name" in row["reason"] and row["what"] == "account" for row in made["member_alias"])


def test_who_is_the_same_person_as_the_holder_of_a_lent_account_is_no_more_the_member() -> None:
    ties = GANG_TIES + LENT_TIES.strip() + "\n"
    clients = "\n".join(f"payment | C{n} | {to} | 1 | 1 | 0.05 | 1 | 90" for n in range(6) for to in ("Lent1", "Lent2"))
    ties += "contact | C1 | HoldersPhone | 1 | 1 | 1 | 8 | 3\n"
    made = networks_of(evidence(GANG + LENT, ties + clients, namesakes=(("Lent1", "HoldersPhone"),)))
    told = {row["alias_id"]: (row["party_id"], row["what"]) for row in made["member_alias"]}
    assert told["HoldersPhone"] == told["Lent1"] == ("Till", "account")


@pytest.mark.parametrize(
    ("claims", "ties"),
    [
        ("Lent1 | @Hub | keeps_address | parcel | chain | 2.0\n", ""),
        ("", "payment | Till | Lent1 | 5 | 0.05 | 0.2 | 6 | 9\n"),
    ],
    ids=["one has a part of its own", "one is paid in turn"],
)
def test_a_deputy_is_no_lent_account(claims: str, ties: str) -> None:
    clients = "\n".join(f"payment | C{n} | {to} | 1 | 1 | 0.05 | 1 | 90" for n in range(6) for to in ("Lent1", "Lent2"))
    made = networks_of(evidence(GANG + LENT + claims, GANG_TIES + LENT_TIES.strip() + "\n" + ties + clients))
    assert made["member_alias"] == []
    assert "Lent1" in member_sets(made)[0]


def test_sellers_who_pay_one_treasurer_are_one_network_though_the_treasurer_is_not_named() -> None:
    sellers = "subject | object | detector | line | facet | weight\n" + "".join(
        f"Seller{n} | | soliciting_adverts | advert | matter | 2.5\n"
        f"Seller{n} | | sample_orders | order | matter | 3.0\n"
        for n in (1, 2, 3)
    )
    ties = "line | from | to | n | share_out | share_in | n_out | n_in\n" + "".join(
        f"payment | Seller{n} | Till | 4 | 0.4 | 0.3 | 9 | 4\n" for n in (1, 2, 3)
    )
    made = networks_of(evidence(sellers, ties))
    assert member_sets(made) == [["Seller1", "Seller2", "Seller3"]]
    assert member_sets(networks_of(evidence(sellers))) == []


def test_pay_from_who_pays_handlers_is_told_with_that_reason() -> None:
    claims = GANG + "Till | | pays_handlers | payee_names | chain | 3.0\n"
    told = {row["subject_id"]: row for row in networks_of(evidence(claims, GANG_TIES))["tie_claim"]}
    assert told["Mo"]["detector"] == "paid_by_payer_of_handlers"
    assert "received 12 payments from 1 of the other members of the network, 1 of whom pay" in told["Mo"]["claim"]
    # Who also pays members is told with both directions.
    assert told["Till"]["detector"] == "money_with_members"


def test_the_telephone_of_a_members_rare_name_is_the_members_own() -> None:
    parties = "party | kind | name | n_rows\nMo | person | 莫素芬 | 50\nMoPhone | person | 莫素芬 | 9"
    ties = GANG_TIES + "contact | Keeper | MoPhone | 1 | 1 | 1 | 8 | 3\n"
    made = networks_of(evidence(GANG, ties, parties=parties, namesakes=(("Mo", "MoPhone"),)))
    (alias,) = made["member_alias"]
    assert (alias["party_id"], alias["alias_id"]) == ("Mo", "MoPhone")
    assert "of the 40 who do" in alias["reason"]
    two = {"Mo": "110101199001011237", "MoPhone": "110101198505052345"}
    apart = evidence(GANG, ties, parties=parties, namesakes=(("Mo", "MoPhone"),), documents=two)
    assert networks_of(apart)["member_alias"] == []


def test_an_account_that_shares_clients_with_a_seller_of_its_full_name_is_the_sellers() -> None:
    parties = "party | kind | name | n_rows\nSeller | person | 莫素芬 | 50\nPurse | person | 莫素芬 | 9"
    claims = GANG + "Purse | Seller | shared_clients | shared_clients | chain | 0.6\n"
    (alias,) = networks_of(evidence(claims, GANG_TIES, parties=parties))["member_alias"]
    assert (alias["party_id"], alias["alias_id"]) == ("Seller", "Purse")
    assert "a test ties the two" in alias["reason"]
    other = parties.replace("Purse | person | 莫素芬", "Purse | person | 莫素芳")
    assert networks_of(evidence(claims, GANG_TIES, parties=other))["member_alias"] == []


def _runners_of_one_firm(n_caught: int) -> str:
    """A firm that pays runners around their trips, ``n_caught`` of whom were each stopped with tubes on another day."""
    runners = "".join(
        f"Firm | Runner{n} | mule_pay | coupling | chain | 3.0\n"
        f"Firm | Runner{n} | travelling_together | crossing | chain | 2.0\n"
        for n in range(5)
    )
    caught = "".join(f"Runner{n} | | seized_carriers | seizure | matter | 3.0\n" for n in range(n_caught))
    return "subject | object | detector | line | facet | weight\n" + runners + caught


def test_two_carriers_of_one_firm_caught_are_one_fact_and_three_are_a_trade() -> None:
    found = [networks_of(_dated(evidence(_runners_of_one_firm(n))))["network"] for n in (1, 2, 3)]
    assert [len(each) for each in found] == [0, 0, 1]


def test_a_carrier_caught_whom_one_kind_of_evidence_shows_is_a_fact_of_those_he_hangs_together_with() -> None:
    caught = "Runner{n} | | seized_carriers | seizure | matter | 3.0\n"
    beside = caught + "Firm | Runner{n} | mule_pay | coupling | chain | 0.2\n"

    def named(*numbers: int) -> list[list[str]]:
        more = "".join(beside.format(n=n) for n in numbers)
        return member_sets(networks_of(_dated(evidence(_runners_of_one_firm(2) + more))))

    assert named() == []
    (members,) = named(7, 8)
    assert not {"Runner7", "Runner8"} & set(members), "one kind of evidence names nobody"


def _dated(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables with each claim on a day of its own."""
    rows = [
        {**row, "first_on": date(2025, 1, 1) + timedelta(number), "last_on": date(2025, 1, 1) + timedelta(number)}
        for number, row in enumerate(tables["claim"].to_pylist())
    ]
    return {**tables, "claim": pa.Table.from_pylist(rows, schema=tables["claim"].schema)}


def test_who_posts_week_after_week_is_a_collector_though_order_sheets_name_her_as_the_seller() -> None:
    ann = "Ann | | sample_orders | order | matter | 3.0\nAnn | @Hub | regular_senders | parcel | chain | 3.0\n"
    made = roles(networks_of(evidence(GANG + ann, GANG_TIES)))
    assert (made["Ann"], made["Seller"]) == ("collector", "recruiter")
