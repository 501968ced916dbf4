"""A sheet read in a wrong way is seen, tried otherwise, kept otherwise, and its quarantined rows are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vialtrace import actions, pipeline
from vialtrace.actions.reporting import facts_of
from vialtrace.errors import BadInput, BadMapping, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))


def _fields(told: dict[str, object]) -> dict[str, str]:
    return {each["column"]: each["field"] for each in told["columns"]}  # type: ignore[attr-defined]


def test_a_sheet_tells_its_columns_masked_and_what_another_reading_would_make_of_them(run_case: Path) -> None:
    names = [taken.mapping for _, taken in pipeline.sheets_of(Case.open(run_case, clock=SystemClock()))]
    number = 1 + next(place for place, name in enumerate(names) if name.startswith("waybill"))
    told = actions.sheet_told(run_case, number, _DESK)
    assert told["kind"] == "waybill"
    assert not told["is_changed"]
    assert told["first"]["n_read"] > 1000
    names_seen = next(each for each in told["columns"] if each["field"] == "sender_name")["examples"]
    assert all("*" in each["before"] for each in names_seen)
    fields = _fields(told) | {"weight_g": ""}
    other = actions.sheet_told(run_case, number, _DESK, actions.Reading(fields=fields))
    assert other["is_changed"]
    assert _fields(other)["weight_g"] == ""
    assert other["first"]["n_read"] >= told["first"]["n_read"]
    with pytest.raises(BadMapping):
        actions.sheet_told(run_case, number, _DESK, actions.Reading(fields={"waybill_no": "waybill_no"}))
    with pytest.raises(UnknownName):
        actions.sheet_told(run_case, 99, _DESK)


def test_another_reading_is_kept_with_its_reason_and_reaches_the_next_run(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    case = Case.open(folder, clock=SystemClock())
    before = pipeline.inputs_of(case)
    told = actions.sheet_told(folder, 1, _DESK)
    optional = next(each["column"] for each in told["columns"] if each["field"] in {"currency", "channel", "port"})
    fields = _fields(told) | {optional: ""}
    with pytest.raises(BadInput):
        actions.read_otherwise(folder, 1, _DESK, actions.Reading(fields=fields), why=" ")
    actions.read_otherwise(folder, 1, _DESK, actions.Reading(fields=fields), why="That column is another thing.")
    after = pipeline.inputs_of(case)
    assert pipeline.run_digest(before) != pipeline.run_digest(after)
    entry = case.ledger.entries("alteration")[-1]
    assert (entry.who, entry.why) == ("a tester", "That column is another thing.")
    # What it was can be had back, to the byte, from the versions that are kept.
    *_, earlier, latest = actions.mapping_history(folder, told["mapping"], _DESK)
    assert optional in earlier.text
    assert earlier.text != latest.text == case.mapping_text(told["mapping"])
    assert any(optional in line for line in latest.changes)
    with pytest.raises(BadInput, match="so already"):
        actions.read_otherwise(folder, 1, _DESK, actions.Reading(fields=fields), why="again")
    assert case.ledger.verify() > 0


@pytest.mark.slow
def test_quarantined_rows_are_tried_again_and_read_by_the_next_run(tmp_path: Path) -> None:
    records = tmp_path / "payment.csv"
    at = [f"2025-03-{day:02d} 10:00:00,622202{day:010d}" for day in range(1, 29)]
    lines = [f"{each},6222029999999999,ref{day},{day * 10}.50,CNY" for day, each in enumerate(at, 1)]
    records.write_text("paid_at,payer_account,payee_account,ref,amount,currency\n" + "\n".join(lines) + "\n", "utf-8")
    folder = tmp_path / "case"
    actions.new(folder, _DESK, Settings("wrong"))
    found = actions.survey([records], kind="payment")
    (proposal,) = found.proposals
    wrong = tuple(
        replace(each, column="ref") if each.field == "amount" else each
        for each in proposal.sheets[0].mapping.readings
        if each.column != "ref"
    )
    sheet = proposal.sheets[0].settled(replace(proposal.sheets[0].mapping, readings=wrong))
    actions.add(folder, replace(found, proposals=(replace(proposal, sheets=(sheet,)),)), _DESK)
    actions.run(folder, _DESK)
    told = actions.sheet_told(folder, 1, _DESK)
    assert told["quarantined"]["n"] == 28
    assert told["quarantined"]["rows"][0]["row"] == "payment.csv:2"
    right = actions.Reading(fields=_fields(told) | {"ref": "", "amount": "amount"})
    tried = actions.sheet_told(folder, 1, _DESK, right)
    assert tried["quarantined"]["n_read_now"] == 28
    assert actions.sheet_told(folder, 1, _DESK)["quarantined"]["n"] == 28
    actions.read_otherwise(folder, 1, _DESK, right, why="The amounts stand in the next column.")
    actions.run(folder, _DESK)
    again = actions.sheet_told(folder, 1, _DESK)
    assert again["quarantined"]["n"] == 0
    assert again["first"]["n_read"] == 28


@pytest.mark.slow
def test_one_cell_is_put_right_and_read_and_can_be_read_as_received_again(tmp_path: Path) -> None:
    records = tmp_path / "payment.csv"
    lines = [f"2025-03-{day:02d} 10:00:00,622202{day:010d},6222029999999999,{day * 10}.50,CNY" for day in range(1, 20)]
    lines[4] = lines[4].replace("50.50", "fifty")
    head = "paid_at,payer_account,payee_account,amount,currency\n"
    records.write_text(head + "\n".join(lines) + "\n", "utf-8")
    folder = tmp_path / "case"
    actions.new(folder, _DESK, Settings("one cell"))
    actions.add(folder, actions.survey([records], kind="payment"), _DESK, best_guess=True)
    actions.run(folder, _DESK)
    told = actions.sheet_told(folder, 1, _DESK)
    (lost,) = told["quarantined"]["rows"]
    assert (lost["row_no"], lost["column"]) == (6, "amount")

    still = actions.repair(folder, 1, 6, "amount", _DESK, text="five", why="A guess.")
    assert (still["is_read"], still["faults"][0]["field"]) == (False, "amount")
    done = actions.repair(folder, 1, 6, "amount", _DESK, text="50.50", why="The bank says so by letter.")
    assert done["is_read"]
    case = Case.open(folder, clock=SystemClock())
    assert case.ledger.entries("alteration")[-1].why == "The bank says so by letter."
    (cell,) = actions.sheet_told(folder, 1, _DESK)["repairs"]
    assert (cell["was"], cell["text"]) == ("fifty", "50.50")
    run = actions.run(folder, _DESK).run
    assert sorted(float(each) for each in run.tables["payment"]["amount"].to_pylist())[4] == 50.5
    assert actions.sheet_told(folder, 1, _DESK)["quarantined"]["n"] == 0
    # The row as received is what it was, with its value as read beside it.
    row = actions.show(folder, "payment.csv:6", _DESK).told
    assert row["cells"]["amount"] == "fifty"
    assert {each["column"]: each["value"] for each in row["read"]}["amount"] == "50.5"
    assert row["repaired"] == ["amount"]
    # The case file of that run says so, with author and reason; a reason given later for another cell changes nothing.
    actions.repair(folder, 1, 7, "amount", _DESK, text="61.00", why="Another letter.")
    case = Case.open(folder, clock=SystemClock())
    (told,) = facts_of(case, case.run(run.digest)).mended
    assert (told.row_id, told.column, told.text) == (2**32 + 6, "amount", "50.50")
    assert (told.who, told.why) == ("a tester", "The bank says so by letter.")
    actions.repair(folder, 1, 7, "amount", _DESK, text=None, why="It was right.")

    actions.repair(folder, 1, 6, "amount", _DESK, text=None, why="The letter was about another payment.")
    assert actions.sheet_told(folder, 1, _DESK)["repairs"] == []
    for wrong in ({"row_no": 99}, {"column": "moon"}):
        at = {"row_no": 6, "column": "amount", **wrong}
        with pytest.raises(UnknownName):
            actions.repair(folder, 1, at["row_no"], at["column"], _DESK, text="1", why="x")  # type: ignore[arg-type]
    for text, why in (("fifty", "x"), ("51", " ")):
        with pytest.raises(BadInput):
            actions.repair(folder, 1, 6, "amount", _DESK, text=text, why=why)
    actions.run(folder, _DESK)
    assert actions.sheet_told(folder, 1, _DESK)["quarantined"]["n"] == 1
