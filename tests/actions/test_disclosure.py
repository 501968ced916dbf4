"""What the defence is handed: what favours the accused, what was turned down, notes, decisions and the ledger."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vialtrace import actions
from vialtrace.kit.clock import SteppingClock, SystemClock
from vialtrace.store import Case, Machine


def _desk() -> actions.Desk:
    return actions.Desk("a tester", clock=SteppingClock(datetime(2026, 1, 1, tzinfo=UTC)), machine=Machine(2.0, 1))


def _disclosed(folder: Path, language: str = "en") -> tuple[str, dict[str, Any]]:
    packed = zipfile.ZipFile(io.BytesIO(actions.export(folder, _desk(), form="disclosure", language=language)))
    assert packed.namelist() == ["disclosure.html", "disclosure.json"]
    return packed.read("disclosure.html").decode(), json.loads(packed.read("disclosure.json"))


def _donor(world: Path) -> dict[str, str]:
    truth = json.loads((world / "truth.json").read_text())
    donor = next(
        each for each in truth["protected"] if {"name", "phone"} <= {one["type"] for one in each["identifiers"]}
    )
    return {each["type"]: each["value"] for each in donor["identifiers"]}


@pytest.fixture
def decided(case_copy: Callable[[], Path], small_world: Path) -> Path:
    """A case in which a member was rejected and held, a claim noted on, with a donor's phone in a reason."""
    folder = case_copy()
    case = Case.open(folder, clock=SystemClock())
    (network,) = case.run().findings["networks"]
    member = network["members"][-1]["id"]
    actions.decide(folder, member, "reject", _desk(), why="She is the courier of the building.")
    actions.decide(folder, network["id"], "hold", _desk(), why="Wait for the permits.")
    phone = _donor(small_world)["phone"]
    actions.decide(folder, network["id"], "note", _desk(), why=f"The client at {phone} rang on Monday.")
    return folder


def test_it_holds_what_was_turned_down_the_notes_and_every_decision_with_reasons(decided: Path) -> None:
    page, told = _disclosed(decided)
    assert [each["act"] for each in told["decisions"]] == ["reject", "hold", "note"]
    assert [each["act"] for each in told["turned_down"]] == ["reject", "hold"]
    assert len(told["notes"]) == 1
    for why in ("She is the courier of the building.", "Wait for the permits."):
        assert why in page
    for section in ("turned-down", "notes", "decisions", "ledger", "sources", "method", "network-1"):
        assert f'id="{section}"' in page


def test_it_holds_what_favours_the_accused(decided: Path) -> None:
    page, told = _disclosed(decided)
    (network,) = told["networks"]
    assert network["weakest"]
    assert network["questions"]
    assert network["unasked"]
    assert "absent_kinds" in network
    case = Case.open(decided, clock=SystemClock())
    against = {row["evidence_id"] for row in case.run().tables["member_evidence"].to_pylist() if row["is_against"]} | {
        row["evidence_id"]
        for row in case.run().tables["evidence"].to_pylist()
        if row["weight"] < 0 and row["evidence_id"] in page
    }
    assert len(network["against"]) >= len(against)
    contradicted = [
        row
        for row in case.run().tables["provision"].to_pylist()
        if row["verdict"] == ("supported" if row["is_exemption"] else "contradicted")
    ]
    assert len(network["law"]) == len(contradicted)


def test_the_ledger_in_it_is_whole_and_its_chain_holds(decided: Path) -> None:
    _, told = _disclosed(decided)
    entries = Case.open(decided, clock=SystemClock()).ledger.entries()[:-1]
    assert [each["digest"] for each in told["ledger"]] == [each.digest for each in entries]
    assert [each["previous"] for each in told["ledger"][1:]] == [each["digest"] for each in told["ledger"][:-1]]
    assert [each["who"] for each in told["ledger"]] == [each.who for each in entries]


def test_no_donor_is_in_it_though_a_reason_named_one(decided: Path, small_world: Path) -> None:
    truth = json.loads((small_world / "truth.json").read_text())
    values = {
        each["value"]
        for party in truth["protected"]
        for each in party["identifiers"]
        if each["type"] in {"phone", "account", "document", "handle"}
    }
    for language in ("en", "zh"):
        page, told = _disclosed(decided, language)
        text = page + json.dumps(told, ensure_ascii=False)
        assert values
        assert [value for value in values if value in text] == []
        assert _donor(small_world)["phone"][-8:] not in text
        assert re.search(r"\[(protected-|person-|number withheld|withheld)", told["notes"][0]["why"])


def test_it_is_told_in_chinese_and_needs_no_network(decided: Path) -> None:
    page, _ = _disclosed(decided, "zh")
    assert "证据开示" in page
    assert "否定" in page
    assert not re.search(r"<script|<link|<img|https?://", page)


def test_the_same_case_is_disclosed_in_the_same_bytes(decided: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(decided, tmp_path / "other" / "copy"))
    assert actions.export(decided, _desk(), form="disclosure") == actions.export(other, _desk(), form="disclosure")


def test_what_is_made_of_a_case_does_not_change_what_is_disclosed_next(decided: Path) -> None:
    before = actions.export(decided, _desk(), form="disclosure")
    actions.report(decided, _desk())
    actions.export(decided, _desk(), form="json")
    assert actions.export(decided, _desk(), form="disclosure") == before
    case = Case.open(decided, clock=SystemClock())
    actions.decide(decided, case.run().findings["networks"][0]["id"], "note", _desk(), why="Handed to the defence.")
    told = json.loads(
        zipfile.ZipFile(io.BytesIO(actions.export(decided, _desk(), form="disclosure"))).read("disclosure.json")
    )
    assert [each["digest"] for each in told["ledger"]] == [each.digest for each in case.ledger.entries()[:-1]]


def test_that_it_was_handed_out_is_entered(decided: Path) -> None:
    _disclosed(decided)
    last = Case.open(decided, clock=SystemClock()).ledger.entries()[-1]
    assert (last.kind, last.what) == ("disclosure", "findings exported as disclosure")
