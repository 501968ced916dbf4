"""What people decide reaches the next run, and is undone by a further act."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine

pytestmark = pytest.mark.slow

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))
_HASTY = actions.Desk("a colleague", machine=Machine(2.0, 1))


def test_a_rejected_member_leaves_with_its_amounts_and_comes_back_when_the_decision_is_withdrawn(
    case_copy: Callable[[], Path],
) -> None:
    folder = case_copy()
    first = Case.open(folder, clock=SystemClock()).run()
    (before,) = first.findings["networks"]
    teller = next(each for each in before["members"] if each["role"] == "treasurer")["id"]
    actions.decide(folder, teller, "reject", _HASTY, why="She keeps the till of a noodle shop.")
    actions.decide(folder, before["id"], "accept", _DESK, why="The tubes were seen.")
    actions.decide(folder, before["id"], "note", _DESK, why="Ask the bank for June.")
    assert [each["is_heeded"] for each in actions.case_told(folder, _DESK)["judged"]] == [False, False]

    second = actions.run(folder, _DESK).run
    assert second.digest != first.digest
    (after,) = second.findings["networks"]
    assert after["id"] == before["id"]
    assert after["judgement"] == "accept"
    assert after["score"] <= before["score"]
    assert teller not in {each["id"] for each in after["members"]}
    assert [(each["kind"], each["id"], each["role"]) for each in second.findings["rejected"]] == [
        ("party", teller, "treasurer")
    ]
    # What she received is no longer the network's money.
    paid = [
        [row for row in run.tables["flow_row"].to_pylist() if teller in (row["from_id"], row["to_id"])]
        for run in (first, second)
    ]
    assert len(paid[0]) > len([row for row in paid[1] if row["flow"] == "client_payment"])
    assert not [row for row in paid[1] if row["flow"] == "client_payment" and row["to_id"] == teller]
    named = {each["party_id"] for each in second.tables["member_evidence"].to_pylist()}
    assert teller not in named

    told = actions.compare(folder, _DESK)
    (network,) = told["networks"]
    gone = {each["id"]: each["because"] for each in network["went"]}
    assert gone[teller] == [
        {"decision": f"reject {teller}", "act": "reject", "subject": teller, "other": "", "change": "added"}
    ]
    # Whoever else changed, changed because of it.
    assert all(each["because"] for each in network["changed"])
    assert network["judgement"] == [None, "accept"]

    listed = {each["subject"]: each for each in actions.case_told(folder, _DESK)["judged"]}
    assert (listed[teller]["who"], listed[teller]["why"]) == ("a colleague", "She keeps the till of a noodle shop.")
    assert listed[teller]["is_left_out"]
    assert listed[teller]["is_heeded"]
    assert listed[teller]["called"].startswith(("protected-", "person-"))
    seen = actions.network_told(folder, before["id"], _DESK)
    assert [each["why"] for each in seen["notes"]] == ["Ask the bank for June."]
    page = actions.report(folder, _DESK).index.read_text("utf-8")
    assert "She keeps the till of a noodle shop." in page
    assert "a colleague" in page

    actions.decide(folder, teller, "withdraw", _DESK, why="It was another woman.")
    actions.decide(folder, before["id"], "withdraw", _DESK, why="Too early.")
    assert actions.run(folder, _DESK).run.digest == first.digest


def test_a_rejected_network_and_an_over_shared_identifier_reach_the_next_run(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    (before,) = Case.open(folder, clock=SystemClock()).run().findings["networks"]
    told = [actions.show(folder, each["id"], _DESK).told for each in before["members"]]
    held = next(each for member in told for each in member["held"] if each["type"] in ("phone", "account"))
    with pytest.raises(BadInput):
        actions.decide(folder, before["id"], "overshared", _DESK, why="no")
    with pytest.raises(BadInput):
        actions.decide(folder, held["id"], "reject", _DESK, why="no")
    with pytest.raises(UnknownName):
        actions.decide(folder, "I000000000000000", "overshared", _DESK, why="no")
    actions.decide(folder, held["id"], "overshared", _DESK, why="The line of a courier's shop.")
    actions.decide(folder, before["id"], "reject", _DESK, why="A licensed laboratory's own round.")
    made = actions.run(folder, _DESK).run
    assert made.findings["networks"] == []
    assert [(each["kind"], each["id"]) for each in made.findings["rejected"]] == [("network", before["id"])]
    marked = [row for row in made.tables["shared_identifier"].to_pylist() if row["value"] == held["value"]]
    assert marked
    assert all("by a person" in row["reason"] for row in marked)
    assert not [row for row in made.tables["merge"].to_pylist() if row["value"] == held["value"]]
    difference = actions.compare(folder, _DESK)
    (gone,) = difference["networks"]
    assert gone["after"] is None
    rejected = before["id"]
    assert gone["because"] == [
        {"decision": f"reject {rejected}", "act": "reject", "subject": rejected, "other": "", "change": "added"}
    ]
