"""A person's name, telephone and address in one cell are told apart, whatever stands between them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vialtrace import actions, ingest, sources
from vialtrace.ingest.contact_parts import _reader, part_of
from vialtrace.model.mapping import ADDRESS_PART, NAME_PART, PHONE_PART
from vialtrace.store import Machine, Settings

_DESK = actions.Desk("a", machine=Machine.within(threads=1))
_PLACE = "广东省深圳市福田区福华路3号"


@pytest.mark.parametrize(
    ("cell", "name", "phone", "address"),
    [
        ("张三 13800138000", "张三", "13800138000", None),
        ("张三13800138000", "张三", "13800138000", None),
        ("张三(13800138000)", "张三", "13800138000", None),
        ("张三（１３８００１３８０００）", "张三", "13800138000", None),
        ("13800138000 张三", "张三", "13800138000", None),
        ("张三/138-0013-8000", "张三", "138-0013-8000", None),
        ("张三，电话：138 0013 8000", "张三", "138 0013 8000", None),
        ("收件人：张三，电话13800138000", "张三", "13800138000", None),
        ("张三 138****8000", "张三", "138****8000", None),
        ("张* 13800138000", "张*", "13800138000", None),
        ("张三 0755-82345678", "张三", "0755-82345678", None),
        ("张三 440301199001011234 13800138000", "张三", "13800138000", None),
        ("Zhang San +86 138 0013 8000", "Zhang San", "+86 138 0013 8000", None),
        ("Li Si (+852 9123 4567)", "Li Si", "+852 9123 4567", None),
        ("Li Si (91234567)", "Li Si", "91234567", None),
        ("name: Li Si, tel: 91234567", "Li Si", "91234567", None),
        (f"张三 13800138000 {_PLACE}", "张三", "13800138000", _PLACE),
        (f"{_PLACE} 张三 13800138000", "张三", "13800138000", _PLACE),
        (f"收件人:张三;手机:13800138000;地址:{_PLACE}", "张三", "13800138000", _PLACE),
        (f"13800138000 {_PLACE}", None, "13800138000", _PLACE),
        ("张三", "张三", None, None),
        ("13800138000", None, "13800138000", None),
        ("", None, None, None),
    ],
)
def test_a_cell_is_told_apart(cell: str, name: str | None, phone: str | None, address: str | None) -> None:
    assert [_reader(form)(cell) for form in (NAME_PART, PHONE_PART, ADDRESS_PART)] == [name, phone, address]


_NAMES = st.sampled_from(["张三", "欧阳修远", "司马*", "王 芳", "Wang Fang", "LI SI", "O'Neil Jane", "买买提·阿不都"])
_PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
_ROADS = st.builds("广东省深圳市福田区福华路{}号".format, st.integers(1, 999))
_BETWEEN = st.sampled_from([" ", "  ", "，", ",", "/", " / ", ";", "|", "：", "\t"])


@settings(max_examples=200, deadline=None)
@given(_NAMES, _PHONES, _ROADS, _BETWEEN, st.booleans(), st.booleans())
def test_what_was_put_together_comes_apart(
    name: str, phone: str, road: str, between: str, has_place: bool, is_labelled: bool
) -> None:
    parts = [name, phone, *([road] if has_place else [])]
    if is_labelled:
        parts = [f"{label}：{part}" for label, part in zip(("收件人", "电话", "地址"), parts, strict=False)]
    cell = between.join(parts) if not is_labelled else "，".join(parts)
    assert _reader(NAME_PART)(cell) == name
    assert _reader(PHONE_PART)(cell) == phone
    assert _reader(ADDRESS_PART)(cell) == (road if has_place else None)


@cache
def _engine() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(st.sampled_from("张三收件人电话地址路省12345678*+()（），/: -ab"), max_size=30), min_size=40))
def test_engine_and_python_tell_the_same_apart(cells: list[str]) -> None:
    rows = ibis.memtable(pa.table({"n": range(len(cells)), "x": pa.array(cells, pa.string())}))
    for form in (NAME_PART, PHONE_PART, ADDRESS_PART):
        found = _engine().to_pyarrow(rows.select("n", part=part_of(rows.x, form))).to_pylist()
        told = [row["part"] for row in sorted(found, key=lambda row: row["n"])]
        assert told == [_reader(form)(cell) for cell in cells]


def _written(path: Path, headers: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return path


_WAYBILLS = [
    [f"SF1{n:012d}", f"2024-03-{n + 1:02d} 10:20:30", f"张三 1380013{n:04d}", f"收件人：李四，电话1390013{n:04d}"]
    for n in range(6)
]


@pytest.mark.parametrize(
    "headers",
    [
        ["运单号", "寄件时间", "寄件人", "收件人"],
        ["运单号", "寄件时间", "寄件人及电话", "收件人/电话"],
        ["运单号", "寄件时间", "寄件信息", "收件信息"],
        ["运单号", "寄件时间", "寄件人姓名电话", "收件人联系方式"],
        ["waybill_no", "accepted_at", "sender info", "receiver and phone"],
    ],
)
def test_both_are_read_without_a_question_whatever_the_column_is_called(tmp_path: Path, headers: list[str]) -> None:
    path = _written(tmp_path / "a.csv", headers, _WAYBILLS)
    found = actions.survey([path])
    assert not found.questions
    actions.new(tmp_path / "case", _DESK, Settings("a"))
    actions.add(tmp_path / "case", found, _DESK)
    ran = actions.run(tmp_path / "case", _DESK)
    told = ran.run.tables["waybill"].select(["sender_name", "sender_phone", "receiver_name", "receiver_phone"])
    assert told.to_pylist() == [
        {
            "sender_name": "张三",
            "sender_phone": f"+861380013{n:04d}",
            "receiver_name": "李四",
            "receiver_phone": f"+861390013{n:04d}",
        }
        for n in range(6)
    ]
    # Nobody here may be named: neither part of a cell is shown.
    for cell in actions.show(tmp_path / "case", "a.csv:3", _DESK).told["cells"].values():
        assert "张三" not in cell
        assert "13800130001" not in cell
    shown = str(actions.check(tmp_path / "case", _DESK))
    assert "张三" not in shown
    assert "1380013" not in shown


def test_a_telephone_with_a_column_of_its_own_is_read_from_that(tmp_path: Path) -> None:
    rows = [[*row[:3], f"1370013{n:04d}"] for n, row in enumerate(_WAYBILLS)]
    path = _written(tmp_path / "a.csv", ["运单号", "寄件时间", "寄件人", "寄件电话"], rows)
    (sheet,) = sources.sniff(path)
    mapping = ingest.guess(sheet).mapping
    assert {each.field: each.column for each in mapping.readings}["sender_phone"] == "寄件电话"
    assert mapping.reading("sender_name") is not None
    assert ingest.from_yaml(ingest.to_yaml(mapping), "a.yaml") == mapping
    assert not ingest.mapping_problems(mapping, sheet)


def test_names_alone_stay_names(tmp_path: Path) -> None:
    rows = [[*row[:2], "张三", "李四"] for row in _WAYBILLS]
    (sheet,) = sources.sniff(_written(tmp_path / "a.csv", ["运单号", "寄件时间", "寄件人", "收件人"], rows))
    assert all(not each.form for each in ingest.guess(sheet).mapping.readings)
