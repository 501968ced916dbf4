"""A list in which each row tells a whole trip gives two crossings a row, and each reading accounts for every row."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vialtrace import actions, ingest
from vialtrace.model.trips import has_both_ways, way_of
from vialtrace.store import Machine, Settings

_DESK = actions.Desk("a", machine=Machine.within(threads=1))
_CHINESE = ("姓名", "证件号码", "出境日期", "出境口岸", "入境日期", "入境口岸")
_ROWS = [
    ("王五", "E12345671", "2024-03-01 08:00:00", "罗湖", "2024-03-01 18:30:00", "福田"),
    ("王五", "E12345671", "2024-03-05 08:10:00", "罗湖", "", ""),
    ("赵六", "E12345672", "", "", "2024-03-07 19:00:00", "罗湖"),
    ("赵六", "E12345672", "2024-03-08 07:00:00", "福田", "nobody knows", "福田"),
    ("合计", "", "3", "", "3", ""),
]


def _case(folder: Path, path: Path) -> tuple[actions.Added, actions.Ran]:
    actions.new(folder, _DESK, Settings("a"))
    added = actions.add(folder, actions.survey([path]), _DESK, best_guess=True)
    return added, actions.run(folder, _DESK)


def _written(path: Path, headers: tuple[str, ...] = _CHINESE) -> Path:
    match path.suffix:
        case ".xlsx":
            book = openpyxl.Workbook()
            for row in (headers, *_ROWS):
                book.active.append(row)
            book.save(path)
        case ".jsonl":
            path.write_text("\n".join(json.dumps(dict(zip(headers, row, strict=True))) for row in _ROWS))
        case _:
            path.write_text("\n".join(",".join(row) for row in (headers, *_ROWS)))
    return path


@pytest.mark.parametrize(
    "headers",
    [
        _CHINESE,
        ("姓名", "护照号码", "出境时间", "出境口岸", "入境时间", "入境口岸"),
        ("Name", "Passport No", "Exit date", "Exit port", "Entry date", "Entry port"),
        ("name", "passport_no", "exit_date", "exit_port", "entry_date", "entry_port"),
        ("Name", "Passport No", "Date of exit", "Port of exit", "Date of entry", "Port of entry"),
    ],
)
def test_each_row_is_an_exit_and_an_entry(tmp_path: Path, headers: tuple[str, ...]) -> None:
    added, ran = _case(tmp_path / "case", _written(tmp_path / "trips.csv", headers))
    assert [sheet.sheet for sheet in added.taken[0].taken] == ["exits", "entries"]
    told = ran.run.tables["crossing"].select(["row_id", "document_no", "direction", "port"]).to_pylist()
    found = [(row["row_id"] % 2**32, row["document_no"], row["direction"], row["port"]) for row in told]
    assert found == [
        (2, "E12345671", "exit", "罗湖"),
        (3, "E12345671", "exit", "罗湖"),
        (5, "E12345672", "exit", "福田"),
        (2, "E12345671", "entry", "福田"),
        (4, "E12345672", "entry", "罗湖"),
    ]
    assert (tmp_path / "case").exists()
    shown = actions.show(tmp_path / "case", "trips.csv#entries:4", _DESK).told
    assert shown["kind"] == "crossing"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl"])
def test_every_row_is_accounted_for_in_both_readings(tmp_path: Path, suffix: str) -> None:
    added, ran = _case(tmp_path / "case", _written(tmp_path / f"trips{suffix}"))
    for sheet, n_read, n_quarantined in zip(added.taken[0].taken, (3, 2), (0, 1), strict=True):
        count = added.counts[sheet.source_no]
        assert (count.n_rows, count.n_quarantined) == (n_read, n_quarantined)
        assert count.n_rows + count.n_quarantined + count.n_set_aside == len(_ROWS)
    reasons = {row["reason"] for row in ran.run.tables["set_aside"].to_pylist()}
    assert {"no exit in this row", "no entry in this row"} <= reasons
    assert actions.verify(tmp_path / "case", _DESK).is_remade


def test_a_confirmed_mapping_serves_the_way_it_was_made_for(tmp_path: Path) -> None:
    found = actions.survey([_written(tmp_path / "trips.csv")])
    known = [replace(each.mapping, confirmed=True) for each in found.proposals[0].sheets]
    again = actions.survey([_written(tmp_path / "more.csv")], known=known)
    assert [dict(each.mapping.constants)["direction"] for each in again.proposals[0].sheets] == ["exit", "entry"]
    assert all(each.like for each in again.proposals[0].sheets)
    only = actions.survey([tmp_path / "more.csv"], mapping=known[0]).proposals[0]
    assert [each.sheet.sheet for each in only.sheets] == ["exits"]
    assert [each.sheet for each in only.left] == ["entries"]
    assert ingest.from_yaml(ingest.to_yaml(known[1]), "a.yaml") == known[1]


def test_rows_that_are_said_to_be_no_trips_are_there_once(tmp_path: Path) -> None:
    found = actions.survey([_written(tmp_path / "trips.csv")], kind="subscriber").proposals
    assert len(found) <= 1
    assert all(len(each.sheets) == 1 for each in found)


@pytest.mark.parametrize(
    "headers",
    [
        ("姓名", "证件号码", "出入境日期", "出境/入境", "口岸"),
        ("Name", "Passport No", "Departure date", "Departure port", "Arrival date", "Arrival port"),
        ("姓名", "证件号码", "出境日期", "出境口岸"),
        ("企业", "出境日期", "入境日期"),
    ],
)
def test_other_lists_are_no_trips(headers: tuple[str, ...]) -> None:
    assert not has_both_ways(headers)


def test_a_header_of_both_ways_is_of_neither() -> None:
    assert [way_of(each) for each in ("出入境时间", "出境/入境", "离境时间", "进境口岸", "exit_at", "entry no")] == [
        "", "", "exit", "entry", "exit", "entry",
    ]  # fmt: skip


_FROM, _TO = dt.datetime(1990, 1, 1), dt.datetime(2099, 1, 1)  # noqa: DTZ001  as a list writes them
_MOMENTS = st.datetimes(_FROM, _TO).map(lambda each: f"{each:%Y-%m-%d %H:%M:%S}")


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(_MOMENTS, _MOMENTS | st.just("")), min_size=3, max_size=30))
def test_no_crossing_is_lost_or_made_up(tmp_path_factory: pytest.TempPathFactory, trips: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("trips")
    lines = [f"王五,E{n:08d},{exit_at},{entry_at}" for n, (exit_at, entry_at) in enumerate(trips)]
    (folder / "a.csv").write_text("姓名,证件号码,出境时间,入境时间\n" + "\n".join(lines))
    actions.new(folder / "case", _DESK, Settings("a"))
    added = actions.add(folder / "case", actions.survey([folder / "a.csv"]), _DESK, best_guess=True)
    exits, entries = (added.counts[each.source_no] for each in added.taken[0].taken)
    n_back = sum(bool(entry_at) for _, entry_at in trips)
    assert (exits.n_rows, exits.n_set_aside) == (len(trips), 0)
    assert (entries.n_rows, entries.n_set_aside) == (n_back, len(trips) - n_back)
