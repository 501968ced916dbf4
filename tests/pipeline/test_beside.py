"""A large sheet typed while it is staged becomes what it becomes when it is typed afterwards; the bars tell true."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from vialtrace import actions
from vialtrace.actions import Desk
from vialtrace.errors import VialtraceError
from vialtrace.kit.clock import SteppingClock
from vialtrace.kit.ids import file_digest
from vialtrace.model.spec import ROWS_A_GROUP
from vialtrace.pipeline import read_sheets, silent
from vialtrace.store import Case, Engine, Machine, Settings

_N = ROWS_A_GROUP + 3_000
_HEADER = "paid_at,payer_name,payer_account,payee_account,amount\n"

_LATE = {
    "clean": "",
    "a value that no single look reads": "2024-05-01 10:00:00, 王 甲 ,6222020001,6222020002,1 000.00 元\n",
    "a row that cannot be read": "2024-05-33 10:00:00,王甲,6222020001,6222020002,300\n",
    "a row that ends early": "2024-05-01 10:00:00,王甲,6222020001\n",
    "a quote": '2024-05-01 10:00:00,"王甲",6222020001,6222020002,300\n',
    "a stray quote": '2024-05-01 10:00:00,"王甲,6222020001,6222020002,300\n',
    "a total": "合计,,,,300\n",
}


def _desk(threads: int = 2) -> Desk:
    return Desk("tester", SteppingClock(dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)), Machine(2, threads))


def _file(path: Path, late: str = "", note: str = "") -> Path:
    """More rows than a group holds, with one row that is not like the others among the last."""
    rows = [f"2024-05-01 10:00:00,王甲,6222020001,62220{n:07d},{n % 900 + 1}.50{note}\n" for n in range(_N)]
    rows.insert(_N - 1_000, late)
    header = _HEADER.replace("\n", ",note\n") if note else _HEADER
    path.write_text(header + "".join(rows), encoding="gb18030")
    return path


def _added(folder: Path, path: Path, desk: Desk) -> actions.SheetCount:
    actions.new(folder, desk, Settings("large"))
    (count,) = actions.add(folder, actions.survey([path]), desk, best_guess=True).counts.values()
    return count


def _tables(folder: Path) -> dict[str, object]:
    """What the only sheet of a case was read to: the bytes of its records, and the other rows in order."""
    (kept,) = (folder / "cache").glob("*.read")
    found: dict[str, object] = {"records": file_digest(kept / "1-rows.parquet")}
    for name in ("quarantine", "set_aside", "field_issue"):
        found[name] = sorted(map(str, pq.read_table(kept / f"1-{name}.parquet").to_pylist()))
    return found


@pytest.mark.parametrize("late", _LATE)
def test_a_sheet_typed_while_it_is_staged_is_the_sheet_typed_afterwards(tmp_path: Path, late: str) -> None:
    folder = tmp_path / "case"
    count = _added(folder, _file(tmp_path / "payments.csv", _LATE[late]), _desk())
    assert count.n_rows + count.n_quarantined + count.n_set_aside == _N + (late != "clean")
    beside = _tables(folder)
    (kept,) = (folder / "cache").glob("*.read")
    shutil.rmtree(kept)
    # What was staged is in the cache, and the sheet is typed from there.
    case = Case.open(folder, clock=_desk().clock)
    engine = Engine(Machine(2, 1), spill=tmp_path / "spill")
    try:
        with case.writing("read"):
            read_sheets(case, engine, silent)
    finally:
        engine.close()
    assert _tables(folder) == beside


def test_the_bytes_do_not_depend_on_threads(tmp_path: Path) -> None:
    path = _file(tmp_path / "payments.csv")
    digests = []
    for threads in (1, 2, 4):
        _added(tmp_path / f"case-{threads}", path, _desk(threads))
        digests.append(_tables(tmp_path / f"case-{threads}")["records"])
    assert len(set(digests)) == 1


def test_every_bar_grows_only_and_ends_full(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []

    def progress(stage: str, done: int, total: int, doing: str = "", /) -> None:
        told.append((stage, done / total))

    desk = Desk("tester", _desk().clock, Machine(2, 2), progress)
    late = _LATE["a row that cannot be read"].replace("\n", ",\n")
    _added(tmp_path / "case", _file(tmp_path / "payments.csv", late, note="," + "n" * 200), desk)
    actions.check(tmp_path / "case", desk)
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["copy", "read", "clean", "store"]
    for stage in ("copy", "read", "clean"):
        added = [share for each, share in told if each == stage]
        first = added[: added.index(1.0) + 1]
        assert first == sorted(first)
        # Within one file too: who waits for a large one sees it move.
        assert stage == "clean" or len(set(first)) > 3


class _StoppedError(VialtraceError):
    code = "stop"


def test_who_stops_the_reading_finds_nothing_half_read(tmp_path: Path) -> None:
    def progress(stage: str, done: int, total: int, doing: str = "", /) -> None:
        if stage == "read" and done > total / 2:
            raise _StoppedError("stopped")

    desk = Desk("tester", _desk().clock, Machine(2, 2), progress)
    with pytest.raises(_StoppedError):
        _added(tmp_path / "case", _file(tmp_path / "payments.csv"), desk)
    assert not list((tmp_path / "case" / "cache").glob("*.read"))
    actions.check(tmp_path / "case", _desk())
    again = _tables(tmp_path / "case")
    _added(tmp_path / "other", tmp_path / "payments.csv", _desk())
    assert _tables(tmp_path / "other") == again
