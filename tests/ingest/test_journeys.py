"""Passenger lists: which border a journey crosses, and when, by the case's jurisdiction."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from vialtrace.ingest import from_yaml, guess, judged_rows, mapping_problems, parted, plain_fields, to_yaml
from vialtrace.model.mapping import JOURNEY_FIELDS, Sheet

_HEADERS = ("document_no", *JOURNEY_FIELDS)
_SHEET = Sheet("list.edi", "", "paxlst", "", "", 0, 1, _HEADERS, (), kind="crossing")
_OUT = ("K1234567A", "CN", "CAN", "2024-03-04 10:10", "SG", "SIN", "2024-03-04 14:10")


def _read(con: ibis.BaseBackend, row: tuple[str | None, ...], jurisdiction: str) -> tuple[list[Any], list[Any]]:
    """Rows and quarantine of one journey."""
    columns = {f"c{place}": pa.array([cell], pa.string()) for place, cell in enumerate(row)}
    told = dict.fromkeys(("problem", "short"), pa.array([None], pa.string()))
    staged = ibis.memtable(pa.table({"row_no": [90], **columns, **told}))
    mapping = guess(_SHEET).mapping
    flags = con.to_pyarrow(plain_fields(staged, mapping, time_zone="UTC")).to_pylist()[0]
    plain = frozenset(name for name, is_plain in flags.items() if is_plain)
    wide = judged_rows(staged, mapping, source_no=1, time_zone="UTC", jurisdiction=jurisdiction, plain=plain)
    read = parted(wide, mapping, plain=plain)
    return con.to_pyarrow(read.rows).to_pylist(), con.to_pyarrow(read.quarantine).to_pylist()


@pytest.mark.parametrize(
    ("jurisdiction", "direction", "port", "hour"), [("CN", "exit", "CAN", 10), ("SG", "entry", "SIN", 14)]
)
def test_the_jurisdiction_tells_exit_from_entry(
    con: ibis.BaseBackend, jurisdiction: str, direction: str, port: str, hour: int
) -> None:
    (row,), quarantined = _read(con, _OUT, jurisdiction)
    assert (row["direction"], row["port"], row["crossed_at"].hour, row["row_id"]) == (direction, port, hour, 2**32 + 90)
    assert quarantined == []


@pytest.mark.parametrize(
    ("row", "jurisdiction", "reason"),
    [
        (_OUT, "US", "the journey does not cross the border of US"),
        ((*_OUT[:4], "CN", "PEK", _OUT[6]), "CN", "a journey inside one country crosses no border"),
        ((*_OUT[:4], None, "???", _OUT[6]), "CN", "no country is known for an end of the journey"),
        ((*_OUT[:3], None, *_OUT[4:]), "CN", "empty, and a row cannot do without it"),
    ],
)
def test_a_journey_that_is_no_crossing_is_quarantined_with_its_reason(
    con: ibis.BaseBackend, row: tuple[str | None, ...], jurisdiction: str, reason: str
) -> None:
    rows, (quarantined,) = _read(con, row, jurisdiction)
    assert rows == []
    assert quarantined["reason"] == reason


def test_a_message_maps_itself_and_its_mapping_survives_being_written() -> None:
    found = guess(_SHEET)
    assert (found.confidence, found.unsure, found.mapping.kind) == (1.0, (), "crossing")
    assert mapping_problems(from_yaml(to_yaml(found.mapping), "list.yaml"), _SHEET) == []


def test_a_sheet_that_says_why_it_is_no_record_is_left_with_that_reason() -> None:
    sheet = Sheet("a.json", "Person", "ftm", "", "", 0, 3, ("entry",), (), why_not="3 of schema Person: no record.")
    assert (guess(sheet).confidence, guess(sheet).reason) == (0.0, "3 of schema Person: no record.")
