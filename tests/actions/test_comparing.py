"""Two runs held against each other: what differs, and which decision it comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.errors import BadInput, WrongOrder
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))


def test_one_run_cannot_be_compared(run_case: Path) -> None:
    with pytest.raises(WrongOrder):
        actions.compare(run_case, _DESK)


def test_two_members_joined_are_one_because_of_the_decision_and_two_again_when_it_is_withdrawn(
    case_copy: Callable[[], Path],
) -> None:
    folder = case_copy()
    first = Case.open(folder, clock=SystemClock()).run()
    one, other = sorted(each["id"] for each in first.findings["networks"][0]["members"][:2])
    actions.decide(folder, one, "merge", _DESK, other=other, why="One voice on both lines.")
    second = actions.run(folder, _DESK).run
    told = actions.compare(folder, _DESK)
    assert [(each["act"], each["change"], each["why"]) for each in told["inputs"]["decisions"]] == [
        ("merge", "added", "One voice on both lines.")
    ]
    gone = {each["id"]: each["because"] for network in told["networks"] for each in network["went"]}
    because = [(each["decision"], each["change"]) for each in (gone.get(one) or gone[other])]
    assert (f"merge {one} {other}", "added") in because
    assert not told["inputs"]["files"]
    assert not told["is_same"]

    assert actions.compare(folder, _DESK, before=second.digest, after=second.digest)["is_same"]

    actions.decide(folder, one, "withdraw", _DESK, other=other, why="The line was bad.")
    assert actions.run(folder, _DESK).run.digest == first.digest
    with pytest.raises(BadInput):
        actions.decide(folder, one, "withdraw", _DESK, other=other, why="once more")


def test_a_member_can_be_split_only_at_an_identifier_of_its_own(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    members = Case.open(folder, clock=SystemClock()).run().findings["networks"][0]["members"]
    told = [actions.party_told(folder, each["id"], _DESK) for each in members]
    one = next(each for each in told if each["parts"])
    part = one["parts"][0]["part_id"]
    assert actions.decide(folder, one["id"], "split", _DESK, other=part, why="another's").entry.payload["other"] == part
    assert actions.party_told(folder, one["id"], _DESK)["decisions"]
    with pytest.raises(BadInput):
        actions.decide(folder, one["id"], "split", _DESK, other="P000000000000000", why="nobody's")
