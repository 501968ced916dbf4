"""Belief: matter travels along links only, weaker with each step, and resemblance proves nothing."""

from __future__ import annotations

import math

import pytest
from evidence_world import GANG, GANG_TIES, beliefs_of, evidence, graph_of, member_sets, networks_of

from vialtrace.reconstruct.growth import Belief, grown, lent, own_matter, probability, shown

HEAD = "subject | object | detector | line | facet | weight\n"


def test_the_whole_chain_is_found_from_seller_to_laboratory() -> None:
    made = networks_of(
        evidence(
            GANG,
            GANG_TIES + "contact | Boss | Till | 20 | 1 | 1 | 8 | 9\ncontact | Lab | Till | 20 | 1 | 1 | 8 | 9\n"
            "contact | Boss | Seller | 20 | 1 | 1 | 8 | 9\ncontact | Lab | Keeper | 9 | 1 | 1 | 8 | 9",
        )
    )
    assert {"Seller", "Keeper", "Till", "Mo"} <= set(member_sets(made)[0])
    assert len(made["network"]) == 1
    assert [row["place_id"] for row in made["network_hub"]] == ["@Hub"]


def test_matter_reaches_a_member_only_along_links() -> None:
    # Lone has the strongest chain evidence there is, with Other; neither is linked to anybody who handles the matter.
    lone = (
        "\nLone | Other | shared_clients | shared_clients | chain | 3.0"
        "\nLone | Other | mule_pay | coupling | chain | 3.0"
    )
    beliefs = beliefs_of(evidence(GANG + lone, GANG_TIES))
    assert "Lone" not in beliefs
    assert "Other" not in beliefs


def test_matter_weakens_with_each_step() -> None:
    chain = (
        HEAD
        + "A | | sample_orders | order | matter | 3.0\nA | | soliciting_adverts | advert | matter | 2.5\n"
        + "\n".join(
            f"{one} | {other} | shared_clients | shared_clients | chain | 2.0\n"
            f"{one} | {other} | mule_pay | coupling | chain | 2.0"
            for one, other in ("AB", "BC", "CD", "DE")
        )
    )
    beliefs = beliefs_of(evidence(chain))
    odds = [beliefs[node].odds for node in "ABCDE"]
    assert odds == sorted(odds, reverse=True)
    assert odds[0] > odds[1] > odds[3]


def test_two_that_only_point_at_each_other_prove_nothing() -> None:
    # X has a trace of matter (one carrier's slip); X and Y are tied by every test, and by nothing to anybody else.
    pair = (
        HEAD
        + "X | | undeclared_export | declaration | matter | 0.7\n"
        + "\n".join(
            f"X | Y | {detector} | {line} | chain | 3.0"
            for detector, line in (
                ("shared_clients", "shared_clients"),
                ("mule_pay", "coupling"),
                ("travelling_together", "crossing"),
                ("relayed_parcels", "parcel"),
            )
        )
    )
    tables = evidence(pair)
    beliefs = beliefs_of(tables)
    assert beliefs["X"].probability < 0.5
    assert beliefs["Y"].probability < 0.5
    assert networks_of(tables)["network"] == []


def test_what_a_neighbour_lends_is_not_handed_back_to_it() -> None:
    alone = HEAD + "A | | soliciting_adverts | advert | matter | 2.0"
    paired = (
        alone + "\nA | B | shared_clients | shared_clients | chain | 3.0\nA | B | mule_pay | coupling | chain | 3.0"
    )
    assert beliefs_of(evidence(paired))["A"].odds == pytest.approx(beliefs_of(evidence(alone))["A"].odds, abs=0.3)


def test_one_line_of_evidence_names_nobody_however_strong() -> None:
    one = (
        HEAD
        + "A | | soliciting_adverts | advert | matter | 9.0\nB | | sample_orders | order | matter | 9.0\n"
        + "B | | order_parcels | order | matter | 9.0"
    )
    made = networks_of(evidence(one))
    assert made["member"] == []


def test_every_member_has_two_lines_of_evidence_shown_with_their_weights() -> None:
    made = networks_of(evidence(GANG, GANG_TIES))
    line_of = {
        f"E{number:03d}": line.split("|")[3].strip() for number, line in enumerate(GANG.strip().splitlines()[1:], 1)
    }
    line_of |= {row["evidence_id"]: row["line"] for row in made["tie_claim"]}
    for member in made["member"]:
        shown = [
            row for row in made["member_evidence"] if row["party_id"] == member["party_id"] and row["weight"] >= 0.5
        ]
        assert len({line_of[row["evidence_id"]] for row in shown}) >= 2, member["party_id"]
        assert member["n_lines"] >= 2


def test_correlated_claims_on_one_line_count_once() -> None:
    one = HEAD + "A | | sample_orders | order | matter | 3.0\nA | | soliciting_adverts | advert | matter | 2.0"
    three = one + "\nA | | order_parcels | order | matter | 3.0\nA | | order_collectors | order | matter | 2.5"
    assert beliefs_of(evidence(three))["A"].odds == beliefs_of(evidence(one))["A"].odds


def test_the_grocer_the_landlord_and_the_sister_of_members_stay_out() -> None:
    ties = (
        GANG_TIES
        + """
payment | Mo     | Grocer   | 40 | 0.1  | 0.002 | 20 | 900
payment | Keeper | Grocer   | 30 | 0.1  | 0.002 | 15 | 900
payment | Keeper | Landlord | 6  | 0.25 | 0.08  | 15 | 12
payment | Keeper | Sister   | 5  | 0.1  | 0.3   | 15 | 6
payment | Sister | Keeper   | 5  | 0.2  | 0.1   | 9  | 3
contact | Sister | Keeper   | 60 | 1    | 1     | 30 | 20
"""
    )
    members = member_sets(networks_of(evidence(GANG, ties)))[0]
    assert {"Seller", "Keeper", "Till", "Mo"} <= set(members)
    assert not {"Grocer", "Landlord", "Sister"} & set(members)


PAID = """
line    | from   | to    | n  | share_out | share_in | n_out | n_in | days
payment | Seller | Till  | 9  | 0.4       | 0.1      | 12    | 90   |
payment | Till   | Mo    | 12 | 0.1       | 0.8      | 6     | 2    |
payment | Till   | Agent | {n} | 0.01     | {share_in} | {n_out} | 2   | {days}
"""
AGENT = GANG + "Agent | @Hub | regular_senders | parcel | chain | 2.0\n"


@pytest.mark.parametrize(
    ("n", "share_in", "n_out", "days", "is_worth"),
    [
        (40, 0.9, 12, 300, 3.0),
        (40, 0.3, 12, 300, 2.0),
        (7, 0.9, 12, 30, 1.5),
        (11, 0.9, 12, 300, 0.7),
        (40, 0.9, 1000, 300, 0.7),
        (40, 0.03, 12, 300, 0.2),
    ],
    ids=[
        "often",
        "beside another income",
        "a few times",
        "a monthly wage",
        "by a firm that pays a thousand",
        "a small part of an income",
    ],
)
def test_who_lives_on_irregular_pay_of_one_who_pays_few_is_more_than_their_grocer(
    n: int, share_in: float, n_out: int, days: int, is_worth: float
) -> None:
    ties = PAID.format(n=n, share_in=share_in, n_out=n_out, days=days)
    agent = beliefs_of(evidence(AGENT, ties))["Agent"]
    assert agent.tied.get("payment", 0.0) <= is_worth
    assert agent.tied.get("payment", 0.0) >= 0.7 * is_worth - 0.15


def test_irregular_pay_alone_names_nobody() -> None:
    ties = PAID.format(n=40, share_in=0.9, n_out=12, days=300)
    assert "Agent" not in member_sets(networks_of(evidence(GANG, ties)))[0]
    assert "Agent" in member_sets(networks_of(evidence(AGENT, ties)))[0]


def test_a_lawful_chain_without_the_matter_is_no_network() -> None:
    lawful = "\n".join(line for line in GANG.strip().splitlines() if "| matter |" not in line)
    tables = evidence(lawful, GANG_TIES)
    assert beliefs_of(tables) == {}
    assert networks_of(tables)["network"] == []


def test_the_matter_without_a_chain_is_an_incident_and_no_network() -> None:
    lone = HEAD + "A | | sample_orders | order | matter | 3.0\nA | | soliciting_adverts | advert | matter | 2.5"
    made = networks_of(evidence(lone))
    assert made["network"] == []
    assert made["member"] == []


def test_clients_who_pay_and_post_to_members_stay_out() -> None:
    clients = tuple(f"Client{number}" for number in range(30))
    ties = GANG_TIES + "\n".join(f"payment | {each} | Till | 1 | 0.3 | 0.01 | 9 | 90" for each in clients)
    claims = GANG + "\n".join(f"{each} | @Hub | regular_senders | parcel | chain | 1.0" for each in clients)
    members = {each for group in member_sets(networks_of(evidence(claims, ties, clients=clients))) for each in group}
    assert not set(clients) & members


def test_an_unnamed_client_who_pays_a_member_stays_out() -> None:
    ties = GANG_TIES + "payment | Mum | Till | 2 | 0.9 | 0.01 | 2 | 90\ncontact | Mum | Seller | 9 | 1 | 1 | 20 | 90"
    members = {each for group in member_sets(networks_of(evidence(GANG, ties))) for each in group}
    assert "Mum" not in members


def test_being_named_as_a_client_lowers_the_odds() -> None:
    two = (
        HEAD
        + "A | | sample_orders | order | matter | 3.0\nA | | soliciting_adverts | advert | matter | 2.5\n"
        + "A | B | mule_pay | coupling | chain | 3.0\nA | B | shared_clients | shared_clients | chain | 3.0"
    )
    assert beliefs_of(evidence(two, clients=("B",)))["B"].odds < beliefs_of(evidence(two))["B"].odds


def test_negative_evidence_lowers_the_odds_and_is_shown_and_has_a_floor() -> None:
    base = beliefs_of(evidence(GANG, GANG_TIES))["Keeper"].odds
    licence = GANG + "\nKeeper | | licensed_activity | register | ground | -2.0"
    two, six = (
        licence + "".join(f"\nKeeper | | ground{number} | register | ground | -2.0" for number in range(n))
        for n in (1, 5)
    )
    lower, lowest, floor = (beliefs_of(evidence(each, GANG_TIES))["Keeper"].odds for each in (licence, two, six))
    # Two units off, and what it lent its neighbours, who lend it less in turn.
    assert lower <= base - 2.0
    assert lowest < lower
    assert floor == lowest, "a licence for one thing covers no other: grounds take no more than three units"
    against = [row for row in networks_of(evidence(licence, GANG_TIES))["member_evidence"] if row["is_against"]]
    assert [(row["party_id"], row["weight"]) for row in against] == [("Keeper", -2.0)]


def test_own_matter_adds_lines_and_takes_the_strongest_of_each() -> None:
    assert own_matter(graph_of(evidence(GANG)), "Seller") == 5.5
    assert own_matter(graph_of(evidence(GANG)), "Till") == 0.0


def test_odds_become_probabilities() -> None:
    assert probability(0.0) == 0.5
    assert probability(1.0) == pytest.approx(10 / 11)
    assert 0 < probability(-400) < probability(400) < 1 + 1e-12


def test_a_link_lends_the_mixture_over_what_its_other_end_may_be() -> None:
    assert lent(3.0, 0.0) == 0.0
    assert lent(3.0, 1.0) == pytest.approx(3.0)
    assert lent(3.0, 0.5) == pytest.approx(math.log10(0.5 + 500))
    assert lent(3.0, 0.001) == pytest.approx(math.log10(0.999 + 1.0))


def test_what_is_known_of_a_place_is_no_second_kind_of_evidence_about_who_posts_there() -> None:
    hub = (
        HEAD
        + "@Hub | | seizure_backward | seizure | matter | 3.0\n@Hub | | order_parcels | order | matter | 3.0\n"
        + "Sender | @Hub | regular_senders | parcel | chain | 4.0\n"
        + "Seller | @Hub | regular_senders | parcel | chain | 4.0\n"
        + "Seller | | soliciting_adverts | advert | matter | 2.0\n"
        + "Keeper | @Hub | keeps_address | parcel | chain | 2.0\nKeeper | | sample_orders | order | matter | 2.0\n"
    )
    tables = evidence(hub)
    assert beliefs_of(tables)["Sender"].probability > 0.6
    assert member_sets(networks_of(tables)) == [["Keeper", "Seller"]]


def test_one_incident_with_one_member_makes_no_network_of_a_service() -> None:
    service = (
        HEAD
        + "Runner | | seized_carriers | seizure | matter | 3.0\n"
        + "Runner | Boss | shared_clients | shared_clients | chain | 3.0\n"
        + "Boss | Runner | mule_pay | coupling | chain | 3.0\n"
        + "Boss | Runner | travelling_together | crossing | chain | 2.5"
    )
    assert member_sets(networks_of(evidence(service))) == []
    second = service + "\nBoss | | sample_orders | order | matter | 3.0"
    assert member_sets(networks_of(evidence(second))) == [["Boss", "Runner"]]


def test_two_large_payments_are_no_partnership() -> None:
    """A loan, or what a client paid and got back: three payments and more are dealings."""
    worth = {}
    for n in (2, 3):
        ties = GANG_TIES + f"\npayment | Till | Someone | {n} | 0.4 | 0.9 | 8 | 2"
        worth[n] = beliefs_of(evidence(GANG, ties))["Someone"].lines["payment"]
    assert worth[2] <= 1.0 < worth[3]


def test_several_accounts_of_one_payer_are_one_payer() -> None:
    one = "\npayment | Till | Someone | 2 | 0.04 | 0.1 | 9 | 9"
    assert beliefs_of(evidence(GANG, GANG_TIES + one)) == beliefs_of(evidence(GANG, GANG_TIES + one + one))


def test_a_member_stands_by_what_can_be_shown_of_members_alone() -> None:
    """Calls with many who are named nowhere are nothing that a page could print."""
    helpers = "".join(
        f"Helper{n} | | seized_carriers | seizure | matter | 3.0\n"
        f"Helper{n} | | soliciting_adverts | advert | matter | 3.0\n"
        for n in (1, 2, 3)
    )
    talks = "".join(f"\ncontact | Friend | Helper{n} | 5 | 0 | 0 | 9 | 9" for n in (1, 2, 3))
    graph = graph_of(evidence(GANG + helpers, GANG_TIES + talks))
    beliefs = grown(graph)
    assert beliefs["Friend"].lines["contact"] >= 1.0
    alone = shown(graph, "Friend", beliefs, frozenset({"Friend", "Seller", "Keeper"}))
    assert "contact" not in alone.lines
    among = shown(graph, "Friend", beliefs, frozenset({"Friend", "Helper1", "Helper2", "Helper3"}))
    assert among.odds == beliefs["Friend"].odds


@pytest.mark.parametrize(
    ("n", "days", "others", "is_line"),
    [
        # A client talks to the one who sold the test and the one who drew the blood, for some weeks.
        (4, 30, ("Seller", "Keeper"), False),
        (9, 30, ("Seller", "Keeper"), False),
        (4, 200, ("Seller", "Keeper"), False),
        (9, 200, ("Seller", "Keeper"), True),
        (2, 10, ("Seller", "Keeper", "Mo"), True),
    ],
)
def test_who_talks_with_two_for_some_weeks_may_be_a_client(
    n: int, days: int, others: tuple[str, ...], is_line: bool
) -> None:
    ties = "line | from | to | n | share_out | share_in | n_out | n_in | days" + "".join(
        f"\ncontact | Someone | {other} | {n} | 0 | 0 | 9 | 9 | {days}" for other in others
    )
    money = "".join(f"\n{line} | " for line in GANG_TIES.strip().splitlines()[1:])
    heard = beliefs_of(evidence(GANG, ties + money))["Someone"].lines["contact"]
    assert (heard > 1.0) == is_line


# A payroll of seven, three of them of the trade for other reasons.
PAYROLL = GANG + "".join(
    f"Drawer{n} | | sample_orders | order | matter | 3.0\nDrawer{n} | @Hub | regular_senders | parcel | chain | 3.0\n"
    for n in (1, 2, 3)
)
PAYS = (
    "line | from | to | n | share_out | share_in | n_out | n_in | days\n"
    + "".join(f"{line} | 200\n" for line in GANG_TIES.strip().splitlines()[1:])
    + "".join(f"payment | Till | Drawer{n} | 5 | 0.02 | 0.9 | 8 | 2 | 90\n" for n in (1, 2, 3))
)


def test_one_parcel_is_a_second_kind_of_evidence_about_who_is_paid_and_buys_nothing() -> None:
    paid = PAYS + "payment | Till | Ann | 5 | 0.02 | 0.9 | 8 | 2 | 90\n"
    posted = paid + "parcel | Ann | @Hub | 1 | 1 | 1 | 1 | 40 | 1\n"
    assert "Ann" not in member_sets(networks_of(evidence(PAYROLL, paid)))[0]
    made = networks_of(evidence(PAYROLL, posted))
    assert "Ann" in member_sets(made)[0]
    told = [row for row in made["tie_claim"] if row["subject_id"] == "Ann" and row["line"] == "parcel"]
    assert [row["claim"] for row in told] == ["{subject} sent 1 parcels to 1 of the network's places."]
    # A refund or two to somebody who paid for two tests makes nobody of her.
    refunded = posted.replace("Till | Ann | 5", "Till | Ann | 2")
    refunded += "payment | Ann | Till | 2 | 0.9 | 0.1 | 2 | 90 | 9\n"
    assert "parcel" not in beliefs_of(evidence(PAYROLL, refunded))["Ann"].lines
    assert "Ann" not in member_sets(networks_of(evidence(PAYROLL, refunded)))[0]


def test_more_payees_with_handlers_names_than_stand_on_the_payroll_are_no_more_than_all_of_it() -> None:
    paid = PAYS + "payment | Till | Ann | 5 | 0.02 | 0.9 | 8 | 2 | 90\n"

    def worth(observed: int) -> float:
        named = HEAD.strip() + " | observed | expected\n"
        named += "".join(f"{line} | | \n" for line in PAYROLL.strip().splitlines()[1:])
        named += f"Till | | pays_handlers | payee_names | chain | 3.0 | {observed} | 0.1\n"
        return beliefs_of(evidence(named, paid))["Ann"].lines["payment"]

    assert worth(40) == worth(100) > worth(1)


def test_who_sells_the_test_and_pays_a_member_passes_on_and_buys_nothing() -> None:
    paid = GANG_TIES + "payment | Woman | Till | 3 | 0.9 | 0.02 | 2 | 90\n"
    sells = GANG + "Woman | | soliciting_adverts | advert | matter | 2.5\n"
    woman, seller = (beliefs_of(evidence(claims, paid))["Woman"] for claims in (GANG, sells))
    assert woman.lines.get("payment", 0.0) == 0.0
    assert seller.lines["payment"] >= 2.0
    # Neither is the advert all that tells the two apart: the one is a client, which takes one unit away.
    assert seller.odds - woman.odds > 2.5 + 2.0 + 0.9


@pytest.mark.parametrize(("n", "is_client"), [(5, True), (9, False)], ids=["three tests", "again and again"])
def test_who_pays_for_three_tests_is_a_client_though_a_member_pays_her(n: int, is_client: bool) -> None:
    ties = (
        GANG_TIES
        + f"payment | Woman | Till | {n} | 0.3 | 0.01 | 9 | 600\npayment | Keeper | Woman | 4 | 0.6 | 0.9 | 5 | 2\n"
        + "parcel | Woman | @Hub | 2 | 1 | 1 | 1 | 20\n"
    )
    belief = beliefs_of(evidence(GANG, ties))["Woman"]
    assert ("parcel" not in belief.lines) is is_client


def test_what_a_seller_posts_to_the_hub_is_a_partners_and_a_womans_is_not() -> None:
    posted = GANG_TIES + "parcel | Woman | @Hub | 2 | 1 | 1 | 1 | 20\n"
    sells = GANG + "Woman | | sample_orders | order | matter | 2.0\n"
    assert "parcel" not in getattr(beliefs_of(evidence(GANG, posted)).get("Woman"), "lines", {})
    assert beliefs_of(evidence(sells, posted))["Woman"].lines["parcel"] > 0.5


def test_who_pays_three_of_them_pays_wages_and_buys_nothing() -> None:
    ties = "line | from | to | n | share_out | share_in | n_out | n_in\n"
    claims = HEAD + "".join(f"M{at} | | seized_carriers | seizure | matter | 3.0\n" for at in range(3))

    def odds(n: int) -> float:
        paid = "".join(f"payment | Payer | M{at} | 1 | 0.1 | 0.1 | 8 | 6\n" for at in range(n))
        named = claims + "Payer | | pays_handlers | payee_names | chain | 2.0\n"
        return beliefs_of(evidence(named, ties + paid))["Payer"].odds

    assert odds(3) - odds(2) > 0.9


def test_of_whom_many_are_paid_as_well_little_is_said_by_one_member_among_the_payers() -> None:
    def worth(n_in: int) -> float:
        paid = PAYS + f"payment | Till | Ann | 3 | 0.02 | 0.5 | 9 | {n_in} | 90\n"
        return beliefs_of(evidence(PAYROLL, paid))["Ann"].lines.get("payment", 0.0)

    assert worth(2) > worth(20) > worth(200)


def test_a_client_who_posts_and_calls_and_paid_in_cash_stays_out() -> None:
    ties = (
        PAYS
        + "parcel | Woman | @Hub | 2 | 1 | 1 | 1 | 40 | 9\n"
        + "contact | Woman | Seller | 2 | 1 | 1 | 3 | 9 | 3\ncontact | Drawer1 | Woman | 2 | 1 | 1 | 3 | 9 | 3\n"
    )
    assert "Woman" not in member_sets(networks_of(evidence(PAYROLL, ties)))[0]


def test_talk_with_the_one_who_pays_is_no_second_kind_of_evidence() -> None:
    ties = (
        PAYS
        + "payment | Till | Spouse | 5 | 0.02 | 0.9 | 8 | 2 | 90\n"
        + "contact | Till | Spouse | 90 | 1 | 1 | 8 | 9 | 300\n"
    )
    assert "Spouse" not in member_sets(networks_of(evidence(PAYROLL, ties)))[0]


def test_whoever_collects_and_passes_nearly_all_on_is_believed_for_it_and_a_deposit_and_a_rest_are_not() -> None:
    head = "line | from | to | n | share_out | share_in | n_out | n_in | n_payers\n"
    rest = "".join(f"{line} | 0\n" for line in GANG_TIES.strip().splitlines()[1:])

    def drawer(n: int, n_payers: int) -> dict[str, float]:
        tie = f"payment | Drawer | Till | {n} | 0.95 | 0.1 | 2 | 90 | {n_payers}"
        return beliefs_of(evidence(GANG, head + rest + tie))["Drawer"].lines

    assert drawer(9, 12)["payment"] >= 1.5
    # A client with a trade of her own pays for up to three tests, each in two parts, and the records may hold no other
    # payment of hers.
    assert all(drawer(n, 12).get("payment", 0.0) == 0.0 for n in (2, 4, 6))
    assert drawer(9, 1).get("payment", 0.0) == 0.0


def test_a_seller_who_pays_now_this_account_of_the_trade_and_now_that_passes_it_on_all_the_same() -> None:
    sells = GANG + "Agent | | sample_orders | order | matter | 2.0\n"
    turns = "payment | Agent | Till | 2 | 0.5 | 0.02 | 2 | 90\npayment | Agent | Keeper | 2 | 0.5 | 0.3 | 2 | 9\n"
    once = "payment | Agent | Till | 2 | 0.5 | 0.02 | 2 | 90\n"
    assert beliefs_of(evidence(sells, GANG_TIES + turns))["Agent"].lines["payment"] >= 1.5
    assert beliefs_of(evidence(sells, GANG_TIES + once))["Agent"].lines.get("payment", 0.0) < 0.5


@pytest.mark.parametrize(("n_monthly", "n_others", "is_wage"), [(6, 2, True), (2, 2, False), (6, 9, False)])
def test_what_comes_once_a_month_is_a_wage_where_most_are_paid_so_and_else_a_rent(
    n_monthly: int, n_others: int, is_wage: bool
) -> None:
    head = "line | from | to | n | share_out | share_in | n_out | n_in | days\n"
    rest = "".join(f"{line} | 100\n" for line in GANG_TIES.strip().splitlines()[1:])
    paid = "".join(
        f"payment | Till | Paid{at} | {n} | 0.02 | 0.9 | 9 | 1 | 91\n"
        for n, first, many in ((4, 0, n_monthly), (9, 50, n_others))
        for at in range(first, first + many)
    )
    lines = beliefs_of(evidence(GANG, head + rest + paid))["Paid0"].lines
    # Between a rent and a wage lies what is known of the others on the list: some of it or nothing.
    assert (lines.get("payment", 0.0) > 0.71) == is_wage


def test_the_share_of_believed_parties_is_the_prior_of_the_next_where_it_is_more() -> None:
    rich, plain = (
        beliefs_of(evidence(GANG + more, GANG_TIES, n_others=12_000))
        for more in (
            "".join(
                f"Seller{n} | | sample_orders | order | matter | 3.0\n"
                f"Seller{n} | | soliciting_adverts | advert | matter | 2.5\n"
                for n in range(60)
            ),
            "",
        )
    )
    assert abs(_prior(rich, "Mo") - math.log10(65 / 12_073)) < 0.02
    assert abs(_prior(plain, "Mo") - math.log10(30 / 12_012)) < 0.01


def test_the_prior_is_thirty_among_all_parties_within_its_bounds() -> None:
    for n_others, prior in ((500, -2.0), (12_000, math.log10(30 / 12_012)), (200_000, -3.5)):
        assert abs(_prior(beliefs_of(evidence(GANG, GANG_TIES, n_others=n_others)), "Mo") - prior) < 0.01


def test_by_however_many_tests_two_are_tied_the_one_is_no_likelier_through_it_than_the_other() -> None:
    tests = ("shared_clients | shared_clients", "mule_pay | coupling", "travelling_together | crossing")
    told = HEAD + "X | | seized_carriers | seizure | matter | 1.5\n"
    told += "".join(f"X | Y | {test} | chain | 3.0\n" for test in tests)
    beliefs = beliefs_of(evidence(told))
    assert beliefs["Y"].n_lines == 3
    assert beliefs["Y"].probability <= 0.5


def _prior(beliefs: dict[str, Belief], node: str) -> float:
    return beliefs[node].odds - sum(beliefs[node].lines.values())
