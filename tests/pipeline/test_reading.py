"""A sheet is read once and kept; what is kept is never trusted further than what it was read from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vialtrace import actions
from vialtrace.actions import Desk
from vialtrace.errors import OurBug
from vialtrace.kit.clock import SteppingClock
from vialtrace.store import Case, Machine, Settings

_DESK = Desk("tester", SteppingClock(dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)), Machine(2, 1))
_PAID = (
    "paid_at,payer_name,payer_account,payee_account,amount\n"
    "2024-05-01 10:00:00,王甲,6222020001,6222020002,100\n2024-05-02 10:00:00,王甲,6222020001,6222020002,200\n"
    "2024-05-33 10:00:00,王甲,6222020001,6222020002,300\n"
)


@pytest.fixture
def small_case(tmp_path: Path) -> Path:
    """A case with one file of payments in it."""
    folder = tmp_path / "case"
    actions.new(folder, _DESK, Settings("small"))
    _add(folder, tmp_path / "payments.csv", _PAID)
    return folder


def _add(folder: Path, path: Path, text: str) -> actions.Added:
    path.write_text(text)
    return actions.add(folder, actions.survey([path]), _DESK, best_guess=True)


def _kept(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in sorted((folder / "cache").iterdir())}


def test_adding_tells_what_became_of_every_row(small_case: Path, tmp_path: Path) -> None:
    done = _add(small_case, tmp_path / "more.csv", _PAID + "合计,,,,600\n")
    assert list(done.counts.values()) == [actions.SheetCount(2, 1, 1, 0)]


def test_a_run_takes_a_sheet_as_it_was_read_and_a_new_file_does_not_touch_it(small_case: Path, tmp_path: Path) -> None:
    before = _kept(small_case)
    assert sum(name.endswith(".read") for name in before) == 1
    actions.run(small_case, _DESK)
    assert _kept(small_case) == before
    _add(small_case, tmp_path / "more.csv", _PAID.replace("100", "101"))
    actions.run(small_case, _DESK)
    after = _kept(small_case)
    assert sum(name.endswith(".read") for name in after) == 2
    assert {name: after[name] for name in before} == before


def test_a_case_that_grew_file_by_file_gives_the_digests_of_one_from_nothing(small_case: Path, tmp_path: Path) -> None:
    actions.run(small_case, _DESK)
    _add(small_case, tmp_path / "more.csv", _PAID.replace("100", "101"))
    grown = actions.run(small_case, _DESK).run
    Case.open(small_case, clock=_DESK.clock).clear_cache()
    assert actions.run(small_case, _DESK, again=True).run.manifest == grown.manifest


def test_a_mapping_that_changed_is_read_anew_and_the_older_reading_goes(small_case: Path) -> None:
    (old,) = (name for name in _kept(small_case) if name.endswith(".read"))
    mapping = small_case / "mappings" / "payments.csv.yaml"
    mapping.write_text(mapping.read_text().replace("payer_name", "remark", 1))
    actions.check(small_case, _DESK)
    (new,) = (name for name in _kept(small_case) if name.endswith(".read"))
    assert new != old


def test_what_was_altered_in_the_cache_is_found_when_the_run_is_made_once_more(small_case: Path) -> None:
    (kept,) = (small_case / "cache").glob("*.read")
    rows = next(kept.glob("*-rows.parquet"))
    table = pq.read_table(rows, partitioning=None)
    place = table.schema.get_field_index("amount")
    altered = pa.array([Decimal(7)] * table.num_rows, table.schema.field("amount").type)
    rows.unlink()
    pq.write_table(table.set_column(place, "amount", altered), rows)
    actions.run(small_case, _DESK)
    with pytest.raises(OurBug, match="payment"):
        actions.run(small_case, _DESK, again=True)


@pytest.mark.parametrize("left", [".0123456789abcdef.4711.part", "0123456789abcdef.read"])
def test_what_an_interrupted_command_left_is_swept_away(
    small_case: Path, left: str
) -> None:
    (small_case / "cache" / left).mkdir()
    (small_case / "cache" / "tray").mkdir()
    actions.check(small_case, _DESK)
    assert left not in _kept(small_case)
    assert "tray" in _kept(small_case)
