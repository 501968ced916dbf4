"""Screening: what is told, what is entered, what people rejected, and donors, who never match."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.errors import BadInput, UnknownName, WrongOrder
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine, Settings

DESK = actions.Desk("an analyst", machine=Machine(2.0, 1))


def _case(folder: Path) -> Case:
    return Case.open(folder, clock=SystemClock())


def _records(world: Path, kind: str, n: int) -> list[dict[str, str | None]]:
    with (world / "records" / f"{kind}.csv").open(encoding="utf-8") as file:
        return [dict(row) for _, row in zip(range(n), csv.DictReader(file), strict=False)]


def test_the_world_matches_itself_with_reasons_and_rows(small_world: Path, case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    found = actions.screen(folder, actions.survey([small_world / "records" / "waybill.csv"]).settled, DESK)
    (network,) = found.matched
    assert network == _case(folder).run().findings["networks"][0]["id"]
    assert 100 < found.matched[network] < found.n_records / 5
    assert all(hit.why[0].endswith(".") and hit.why[1].endswith("。") for hit in found.hits)
    hub = next(hit for hit in found.hits if hit.what == "address")
    assert hub.row in hub.rows or hub.n_rows > len(hub.rows) == 3
    entry = _case(folder).ledger.entries("consultation")[-1]
    assert entry.what == "records screened"
    assert entry.payload["networks"] == [network]


def test_rows_that_are_damaged_are_counted(small_world: Path, case_copy: Callable[[], Path], tmp_path: Path) -> None:
    lines = (small_world / "records" / "waybill.csv").read_text(encoding="utf-8").splitlines()[:200]
    torn = tmp_path / "waybill.csv"
    torn.write_text("\n".join([*lines, lines[1] + ",more", lines[2].split(",")[0]]) + "\n", encoding="utf-8")
    found = actions.screen(case_copy(), actions.survey([torn]).settled, DESK)
    assert (found.n_damaged, found.n_records) == (2, 201)


def test_what_matches_belongs_to_the_planted_network(small_world: Path, case_copy: Callable[[], Path]) -> None:
    """Every record matched by an identifier or a place is one the run had put down to the network or its members."""
    folder = case_copy()
    tables = _case(folder).run().tables
    members = set(tables["member_party"]["party_id"].to_pylist())
    places = set(tables["network_place"]["place_id"].to_pylist())
    mention = tables["mention"]
    theirs = {
        row
        for row, party, place in zip(
            *(mention[name].to_pylist() for name in ("row_id", "party_id", "place_id")), strict=True
        )
        if party in members or place in places
    } | set(tables["flow_row"]["row_id"].to_pylist())
    source = {row["file"]: row["source_no"] for row in tables["source"].to_pylist()}
    for kind in ("waybill", "payment", "crossing"):
        path = small_world / "records" / f"{kind}.csv"
        found = actions.screen(folder, actions.survey([path]).settled, DESK, limit=100_000)
        matched = {source[path.name] * 2**32 + int(hit.row.rpartition(":")[2]) for hit in found.hits}
        twins = dict(
            zip(tables["duplicate"]["row_id"].to_pylist(), tables["duplicate"]["same_as"].to_pylist(), strict=True)
        )
        assert {twins.get(row, row) for row in matched} <= theirs, kind


def test_a_donor_never_matches(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    tables = _case(folder).run().tables
    protected = set(tables["protected_party"]["party_id"].to_pylist())
    held = tables["party_identifier"].to_pylist()
    theirs = [row for row in held if row["party_id"] in protected]
    field = {
        "phone": ("waybill", "sender_phone"),
        "account": ("payment", "payer_account"),
        "name": ("payment", "payer_name"),
        "address": ("waybill", "sender_address"),
        "document": ("crossing", "document_no"),
    }
    screening = actions.Screening(folder)
    asked = 0
    for kind in ("waybill", "payment", "crossing"):
        records = [
            {field[row["identifier_type"]][1]: row["value"]}
            for row in theirs
            if field.get(row["identifier_type"], ("",))[0] == kind
        ]
        asked += len(records)
        for start in range(0, len(records), 1000):
            told = screening.screen(kind, records[start : start + 1000], DESK)
            assert told["hits"] == []
            assert told["gatherings"] == []
    assert asked > 300


def test_a_rejected_network_and_a_rejected_member_are_left_out(
    small_world: Path, case_copy: Callable[[], Path]
) -> None:
    folder = case_copy()
    crossings = _records(small_world, "crossing", 3000)
    screening = actions.Screening(folder)
    before = screening.screen("crossing", crossings, DESK)
    assert before["n_matched"]
    member = before["hits"][0]["member"]
    network = before["hits"][0]["network"]
    actions.decide(folder, member, "reject", DESK, other=network, why="He was in hospital all year.")
    after = screening.screen("crossing", crossings, DESK)
    assert member not in {hit["member"] for hit in after["hits"]}
    actions.decide(folder, network, "reject", DESK, why="A licensed laboratory.")
    assert screening.screen("crossing", crossings, DESK)["hits"] == []
    actions.decide(folder, network, "accept", DESK, why="It was not licensed then.")
    assert screening.screen("crossing", crossings, DESK)["hits"] == after["hits"]


def test_records_without_a_hit_are_entered_with_the_next_hit(small_world: Path, case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    screening = actions.Screening(folder)
    n_before = len(_case(folder).ledger.entries())
    for _ in range(3):
        screening.screen("crossing", [{"document_no": "E00000000"}], DESK)
    assert len(_case(folder).ledger.entries()) == n_before
    value = next(
        row["value"]
        for row in _case(folder).run().tables["watch"].to_pylist()
        if row["what"] == "document" and row["rule"] == "none"
    )
    told = screening.screen("crossing", [{"document_no": value}], DESK)
    assert told["hits"][0]["why"]["zh"]
    entry = _case(folder).ledger.entries()[-1]
    assert entry.payload["crossing"] == 4
    assert value not in str(entry)


def test_a_masked_number_matches_beside_a_name_that_fits(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    watched = _case(folder).run().tables["watch"].to_pylist()
    mule = next(
        row
        for row in watched
        if row["what"] == "account" and row["called"] and "*" not in row["called"] and row["value"].isdigit()
    )
    masked = mule["value"][:6] + "*" * (len(mule["value"]) - 10) + mule["value"][-4:]
    screening = actions.Screening(folder)

    def hits(name: str) -> list[str]:
        told = screening.screen("payment", [{"payee_account": masked, "payee_name": name}], DESK)
        return [hit["how"] for hit in told["hits"] if hit["what"] == "account"]

    assert hits(mule["called"]) == ["masked"]
    assert hits("欧阳不是他") == []


def test_what_cannot_be_screened_is_refused(small_world: Path, case_copy: Callable[[], Path], tmp_path: Path) -> None:
    folder = case_copy()
    screening = actions.Screening(folder)
    with pytest.raises(BadInput, match="kind order"):
        screening.screen("order", [{}], DESK)
    with pytest.raises(UnknownName, match="documnt_no"):
        screening.screen("crossing", [{"documnt_no": "E1"}], DESK)
    with pytest.raises(BadInput, match="document_no holds list"):
        screening.screen("crossing", [{"document_no": ["E1"]}], DESK)
    with pytest.raises(BadInput, match="kind seizure"):
        actions.screen(folder, actions.survey([small_world / "records" / "seizure.csv"]).settled, DESK)
    actions.new(tmp_path / "empty", DESK, Settings("empty"))
    with pytest.raises(WrongOrder):
        actions.Screening(tmp_path / "empty").screen("crossing", [{"document_no": "E1"}], DESK)
