"""A sheet read in one pass is read as it is the long way, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vialtrace import ingest
from vialtrace.ingest import Mapping, Reading
from vialtrace.sources.writing import StagedWriter

_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "waybill_no": (("SF0000000000001", "75312345678901"), ("", "sf 123-456", "小计", "1.23457E+17")),
    "accepted_at": (("2024-03-05 09:07:00", "2024/3/5", "20240305142233"), ("5 Mar 2024", "2024-02-30", "45356.5", "")),
    "carrier": (("顺丰速运", "EMS"), ("", "无", " 圆通 ", "ＥＭＳ")),
    "sender_name": (("王小明", "李先生", "WANG LI"), ("", "陳大文", "张某某", "wang li")),
    "sender_phone": (("13800138000", "+8613800138000"), ("", "138-0013-8000", "13800138000/13900139000", "座机")),
    "sender_address": (("广东省深圳市罗湖区人民南路1号",), ("", "廣東省深圳市", "Room 5, 深圳")),
    "weight_g": (("120", "0.5"), ("", "1.2kg", "约 5 g", "重")),
    "freight": (("12.00", "¥1,200.50"), ("", "(5)", "1.2万", "免")),
    "currency": (("CNY", "人民币"), ("", "贝壳")),
}
_FIELDS = tuple(_COLUMNS)


def _staged(tmp_path: Path, rows: list[tuple[str, ...]]) -> Path:
    target = tmp_path / "staged.parquet"
    with StagedWriter(target, len(_FIELDS), 1) as writer:
        for number, cells in enumerate(rows, start=2):
            writer.add(number, cells)
    return target


def _mapping() -> Mapping:
    return Mapping("waybill", "f.csv", headers=_FIELDS, readings=tuple(Reading(name, name) for name in _FIELDS))


def _filled(path: Path) -> dict[str, int]:
    held = pq.read_table(path)
    return {name: len(held) - held[name].null_count for name in held.column_names}


def _at_once(con: Any, tmp_path: Path, rows: list[tuple[str, ...]]) -> tuple[bool, frozenset[str], Any, Any]:
    """Whether all was read at once, the fields found plain, the rows made, and the staged rows."""
    path = _staged(tmp_path, rows)
    received = con.read_parquet(path)
    made = ingest.outright(received, _mapping(), source_no=3, time_zone="Asia/Shanghai")
    assert made is not None
    quick = con.to_pyarrow(made.rows).sort_by("row_id")
    filled = {**{name: len(quick) - quick[name].null_count for name in quick.column_names}, **_filled(path)}
    return made.is_whole(filled, len(quick)), made.plain(filled), quick, received


def _holds(con: Any, tmp_path: Path, rows: list[tuple[str, ...]]) -> bool:
    is_whole, plain, quick, received = _at_once(con, tmp_path, rows)
    flags = con.to_pyarrow(ingest.plain_fields(received, _mapping(), time_zone="Asia/Shanghai")).to_pylist()[0]
    assert plain <= {name for name, is_plain in flags.items() if is_plain}
    if is_whole:
        wide = ingest.judged_rows(received, _mapping(), source_no=3, time_zone="Asia/Shanghai")
        parts = ingest.parted(wide, _mapping())
        found = {name: con.to_pyarrow(getattr(parts, name)) for name in ("rows", "quarantine", "set_aside", "issues")}
        assert not any(len(found[name]) for name in ("quarantine", "set_aside", "issues"))
        assert quick.to_pylist() == found["rows"].sort_by("row_id").to_pylist()
    return is_whole


def test_a_clean_sheet_is_read_at_once_and_as_the_long_way_reads_it(con: Any, tmp_path: Path) -> None:
    rows = [tuple(fine[n % len(fine)] for fine, _ in _COLUMNS.values()) for n in range(6)]
    assert _holds(con, tmp_path, rows)


@pytest.mark.parametrize("field", [*_FIELDS])
def test_one_value_that_needs_care_is_never_passed_over(con: Any, tmp_path: Path, field: str) -> None:
    place = _FIELDS.index(field)
    clean = tuple(fine[0] for fine, _ in _COLUMNS.values())
    for text in filter(None, _COLUMNS[field][1]):
        rows = [clean, (*clean[:place], text, *clean[place + 1 :])]
        is_whole, plain, _, _ = _at_once(con, tmp_path, rows)
        assert not is_whole, text
        assert field not in plain, text


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(*(st.sampled_from([*fine * 4, *odd]) for fine, odd in _COLUMNS.values())), min_size=1, max_size=4
    )
)
def test_whatever_a_sheet_holds_both_ways_agree(con: Any, tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    _holds(con, tmp_path, rows)


def test_a_mapping_that_asks_for_more_takes_the_long_way(con: ibis.BaseBackend, tmp_path: Path) -> None:
    fields = ("paid_at", "payer_account", "payee_account", "amount", "flow")
    mapping = Mapping("payment", "f.csv", headers=fields, readings=tuple(Reading(name, name) for name in fields))
    received = con.read_parquet(_staged(tmp_path, [("2024-01-01", "1", "2", "3", "进", "", "", "", "")]))
    assert ingest.outright(received, mapping, source_no=1, time_zone="Asia/Shanghai") is None
