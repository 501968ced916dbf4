"""Nobody is unsealed without a reason, a right pseudonym, and an entry in the ledger that comes first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sealed_parties import WHY, refuse_entries, somebody

from vialtrace import actions
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine

_DESK = actions.Desk("a supervisor", machine=Machine(2.0, 1))


def test_one_party_is_unsealed_and_the_ledger_says_by_whom_and_why(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    name, values = somebody(folder)
    told = actions.unseal(folder, name, _DESK, why=WHY)
    assert sorted(each["value"] for each in told["identifiers"]) == sorted(values)
    entry = Case.open(folder, clock=SystemClock()).ledger.entries("disclosure")[-1]
    assert (entry.who, entry.why, entry.payload["pseudonym"]) == ("a supervisor", WHY, name)
    assert not any(value in json.dumps(dict(entry.payload), ensure_ascii=False) + entry.what for value in values)


@pytest.mark.parametrize("why", ["", "   ", "because"])
def test_without_a_reason_nothing_is_told_or_entered(case_copy: Callable[[], Path], why: str) -> None:
    folder = case_copy()
    before = Case.open(folder, clock=SystemClock()).ledger.head()
    with pytest.raises(BadInput):
        actions.unseal(folder, somebody(folder)[0], _DESK, why=why)
    assert Case.open(folder, clock=SystemClock()).ledger.head() == before


def test_a_wrong_pseudonym_is_nobody(run_case: Path) -> None:
    with pytest.raises(UnknownName):
        actions.unseal(run_case, "protected-AAAAAAAAAAAA", _DESK, why=WHY)


def test_where_the_ledger_takes_no_entry_nothing_is_told(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    name, values = somebody(folder)
    refuse_entries(folder)
    with pytest.raises(Exception) as told:  # noqa: PT011  whatever it is, it tells nothing
        actions.unseal(folder, name, _DESK, why=WHY)
    assert not any(value in str(told.value) for value in values)
