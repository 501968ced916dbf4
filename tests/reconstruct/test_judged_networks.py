"""What a person rejects is left out of the next run, and what a person accepts weighs no more for it."""

from __future__ import annotations

from typing import Any

from evidence_world import GANG, GANG_TIES, evidence, member_sets, networks_of

_HEADER = "act | subject | network | kind\n"


def _made(*decisions: str, claims: str = GANG, ties: str = GANG_TIES) -> dict[str, list[dict[str, Any]]]:
    told = [each if each.count("|") == 3 else each + " | " for each in decisions]
    return networks_of(evidence(claims, ties, decisions=_HEADER + "\n".join(told) if told else ""))


def _network(made: dict[str, list[dict[str, Any]]]) -> str:
    (row,) = made["network"]
    return str(row["network_id"])


def _score(made: dict[str, list[dict[str, Any]]], party: str) -> float:
    return next(row["score_weight"] for row in made["member"] if row["party_id"] == party)


BEFORE = _made()
NETWORK = _network(BEFORE)


def test_a_rejected_member_leaves_with_its_links_and_the_network_keeps_its_name() -> None:
    # Keeper is first by name, which would rename the network without care; Mo is not.
    for party, link in (("Keeper", "E009"), ("Mo", "E010")):
        made = _made(f"reject | {party} | ")
        assert set(member_sets(made)[0]) == set(member_sets(BEFORE)[0]) - {party}
        assert _network(made) == NETWORK
        told = {row["evidence_id"] for row in made["member_evidence"]}
        # The link is of no use for the one without the other.
        assert link not in told
        assert link in {row["evidence_id"] for row in BEFORE["member_evidence"]}
        assert all(_score(made, each) <= _score(BEFORE, each) for each in member_sets(made)[0])


# The same gang where no carrier's list shows the parcels of the orders: only the seller ties it to the matter.
ON_SELLER = "\n".join(line for line in GANG.splitlines() if "order_parcels " not in line)


def test_a_network_falls_with_the_member_it_rests_on() -> None:
    # Without the seller nobody sold anything: one seizure is an incident.
    assert "Seller" in member_sets(_made(claims=ON_SELLER))[0]
    assert member_sets(_made("reject | Seller | ", claims=ON_SELLER)) == []
    (told,) = _made("reject | Seller | ", claims=ON_SELLER)["judged"]
    assert told["is_left_out"]


def test_a_network_stays_where_two_facts_show_the_matter_without_the_member_left_out() -> None:
    # The parcels of the orders reached the keeper, and a carrier whom the same account pays was caught.
    assert member_sets(_made("reject | Seller | ")) == [["Keeper", "Mo", "Till"]]


def test_a_rejected_member_is_told_with_what_the_evidence_made_of_it() -> None:
    (told,) = _made("reject | Mo | ")["judged"]
    (was,) = [row for row in BEFORE["member"] if row["party_id"] == "Mo"]
    assert told["is_left_out"]
    assert (told["subject_kind"], told["subject_id"], told["network_id"]) == ("party", "Mo", NETWORK)
    assert (told["role"], told["score"], told["score_weight"]) == (was["role"], was["score"], was["score_weight"])


def test_a_member_rejected_in_one_network_is_left_out_of_that_one() -> None:
    made = _made(f"reject | Mo | {NETWORK}")
    assert "Mo" not in member_sets(made)[0]
    assert _network(made) == NETWORK
    assert member_sets(_made("reject | Mo | Nelsewhere")) == member_sets(BEFORE)


def test_a_rejected_claim_is_evidence_for_nobody() -> None:
    made = _made("reject | E011 | ")
    assert "E011" not in {row["evidence_id"] for row in made["member_evidence"]}
    assert "E011" in {row["evidence_id"] for row in BEFORE["member_evidence"]}
    # Without the seizure Mo is the one the till pays, no more.
    assert "Mo" not in member_sets(made)[0] or _score(made, "Mo") < _score(BEFORE, "Mo")
    (told,) = made["judged"]
    assert (told["subject_kind"], told["network_id"], told["score_weight"]) == ("evidence", NETWORK, 3.0)


def test_rejected_dealings_between_members_count_no_more() -> None:
    (claim,) = [row for row in BEFORE["tie_claim"] if row["subject_id"] == "Mo"]
    made = _made(f"reject | {claim['evidence_id']} | | evidence")
    assert claim["evidence_id"] not in {row["evidence_id"] for row in made["tie_claim"]}
    # The prior moves a little with how many are believed.
    assert abs(_score(BEFORE, "Mo") - _score(made, "Mo") - claim["weight"]) < 0.01
    (told,) = made["judged"]
    assert (told["subject_kind"], told["network_id"], told["score_weight"]) == ("evidence", NETWORK, claim["weight"])


def test_a_rejected_network_leaves_the_findings_and_the_other_stays() -> None:
    two = "\n".join(line for line in GANG.strip().splitlines()[1:])
    for name in ("Seller", "Keeper", "Till", "Mo", "@Hub"):
        two = two.replace(name, name + "2")
    ties = "\n".join(GANG_TIES.strip().splitlines()[1:])
    for name in ("Seller", "Keeper", "Till", "Mo", "Lab", "Boss"):
        ties = ties.replace(name, name + "2")
    world = {"claims": GANG.rstrip() + "\n" + two, "ties": GANG_TIES.rstrip() + "\n" + ties}
    before = _made(**world)
    assert [row["rank"] for row in before["network"]] == [1, 2]
    first, second = (row["network_id"] for row in before["network"])
    made = _made(f"reject | {first} | ", **world)
    assert [(row["network_id"], row["rank"]) for row in made["network"]] == [(second, 1)]
    assert {row["network_id"] for row in made["member"]} == {second}
    (told,) = made["judged"]
    assert (told["subject_kind"], told["is_left_out"]) == ("network", True)
    assert told["score"] == before["network"][0]["score"]


def test_what_is_accepted_or_held_weighs_what_it_weighed() -> None:
    for act in ("accept", "hold"):
        made = _made(f"{act} | Mo | ", f"{act} | {NETWORK} | ", f"{act} | E011 | ")
        assert {name: rows for name, rows in made.items() if name != "judged"} == {
            name: rows for name, rows in BEFORE.items() if name != "judged"
        }
        assert [(row["act"], row["is_left_out"]) for row in made["judged"]] == [(act, False)] * 3


def test_a_decision_on_what_no_evidence_speaks_of_is_told_without_a_score() -> None:
    (told,) = _made("accept | Nobody | ")["judged"]
    assert (told["subject_id"], told["network_id"], told["score"]) == ("Nobody", None, None)


def test_the_order_of_decisions_changes_nothing() -> None:
    told = ["reject | Mo | ", "reject | E005 | ", f"reject | Keeper | {NETWORK}"]
    one, other = _made(*told), _made(*reversed(told))
    for made in (one, other):
        made["judged"] = []
    assert one == other
