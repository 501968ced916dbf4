"""A sheet from its text to its four tables: every row in exactly one of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vialtrace import ingest, sources
from vialtrace.ingest import Mapping, Reading
from vialtrace.model import RECORDS, record


def _read(
    con: ibis.BaseBackend, tmp_path: Path, text: str, change: Any = lambda mapping: mapping
) -> dict[str, list[dict[str, Any]]]:
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    (sheet,) = sources.sniff(path)
    staged = sources.stage(path, sheet, tmp_path / "staged.parquet")
    guess = ingest.guess(sheet)
    assert guess.confidence > 0, guess.reason
    mapping = change(guess.mapping)
    assert ingest.mapping_problems(mapping, sheet) == []
    received = con.read_parquet(tmp_path / "staged.parquet")
    wide = ingest.judged_rows(received, mapping, source_no=3, time_zone="Asia/Shanghai")
    cleaned = ingest.parted(wide, mapping)
    assert dict(cleaned.rows.schema()) == dict(ibis.schema(record(mapping.kind).storage()))
    found = {
        name: con.to_pyarrow(getattr(cleaned, name)).to_pylist()
        for name in ("rows", "quarantine", "set_aside", "issues")
    }
    n = sum(len(found[name]) for name in ("rows", "quarantine", "set_aside"))
    assert n + staged.n_blank == staged.n_rows
    ids = [row["row_id"] for name in ("rows", "quarantine", "set_aside") for row in found[name]]
    assert len(set(ids)) == len(ids)
    return {name: sorted(rows, key=lambda row: row["row_id"]) for name, rows in found.items()}


def test_a_messy_bank_reply_is_read(con: ibis.BaseBackend, tmp_path: Path) -> None:
    found = _read(
        con,
        tmp_path,
        (
            "交易明细,,,,\n查询范围: 全部,,,,\n交易时间,付款账号,收款账号,金额(元),附言\n"
            '2024/3/5 9:07,6222 0001,6222 0002,"¥1,234.50",检测费\n20240306 142233,62220003,62220002,1.2万,無\n'
            "2024-03-07,6.22202E+18,62220002,5,x\n交易时间,付款账号,收款账号,金额(元),附言\n,,,,\n-----,,,,\n合计,,,13239.5,\n"
        ),
    )
    assert [row["amount"] for row in found["rows"]] == [Decimal("1234.5"), Decimal(12000)]
    assert found["rows"][0]["payer_account"] == "62220001"
    assert found["rows"][0]["currency"] == "CNY"
    assert found["rows"][0]["row_id"] == 3 * 2**32 + 4
    assert [(row["field"], row["raw"]) for row in found["quarantine"]] == [("payer_account", "6.22202E+18")]
    assert [row["reason"] for row in found["set_aside"]] == ["the header again", "a note or a dividing line", "totals"]


def test_an_optional_value_that_cannot_be_read_leaves_its_row(con: ibis.BaseBackend, tmp_path: Path) -> None:
    found = _read(
        con,
        tmp_path,
        (
            "waybill_no,accepted_at,sender_phone,weight_g\nSF1234567,2024-01-01 10:00,13800138000,120\n"
            "SF1234568,2024-01-01 10:00,call me,heavy\n"
        ),
    )
    assert [row["sender_phone"] for row in found["rows"]] == ["+8613800138000", None]
    assert {(row["field"], row["raw"]) for row in found["issues"]} == {
        ("sender_phone", "call me"),
        ("weight_g", "heavy"),
    }


def test_ragged_rows_go_to_quarantine_with_their_text_apart_from_the_reason(
    con: ibis.BaseBackend, tmp_path: Path
) -> None:
    found = _read(
        con, tmp_path, "waybill_no,accepted_at\n" + "SF1234567,2024-01-01\n" * 3 + "SF1234568,2024-01-01,secret name\n"
    )
    (row,) = found["quarantine"]
    assert (row["field"], row["reason"]) == ("", "expected 2 fields, got 3")
    assert "secret name" in row["raw"]


def test_a_row_without_the_empty_cells_at_its_end_is_read_and_told(con: ibis.BaseBackend, tmp_path: Path) -> None:
    text = (
        "waybill_no,accepted_at,sender_phone,weight_g,contents\n"
        "SF1234567,2024-01-01,13800138000,120,tea\n"
        "SF1234568,2024-01-01,13800138000\n"
        "SF1234569,2024-01-01,,120,\n"
    )
    found = _read(con, tmp_path, text)
    assert [row["waybill_no"] for row in found["rows"]] == ["SF1234567", "SF1234568", "SF1234569"]
    assert [(row["field"], row["reason"], row["raw"]) for row in found["issues"]] == [
        ("", "expected 5 fields, got 3", "SF1234568,2024-01-01,13800138000")
    ]


@pytest.mark.parametrize(
    "torn",
    [
        pytest.param("SF1234568", id="the time is lost"),
        pytest.param("SF1234568,2024-01-01,120,tea", id="a cell within is lost, and those behind stand in its place"),
    ],
)
def test_a_row_that_may_have_lost_any_of_its_fields_goes_to_quarantine_whole(
    con: ibis.BaseBackend, tmp_path: Path, torn: str
) -> None:
    good = "SF1234567,2024-01-01,13800138000,120,tea\n"
    found = _read(con, tmp_path, f"waybill_no,accepted_at,sender_phone,weight_g,contents\n{good}{torn}\n{good}")
    (row,) = found["quarantine"]
    assert (len(found["rows"]), row["field"], row["raw"]) == (2, "", torn)
    assert row["reason"].startswith(f"expected 5 fields, got {len(torn.split(','))}, and it lacks")


def test_totals_and_notes_of_few_fields_are_set_aside_as_ever(con: ibis.BaseBackend, tmp_path: Path) -> None:
    text = "waybill_no,accepted_at,weight_g\nSF1234567,2024-01-01,120\n合计,120\n----------\n共1条\n"
    found = _read(con, tmp_path, text)
    assert (len(found["set_aside"]), found["quarantine"], found["issues"]) == (3, [], [])


def test_the_order_of_day_and_month_is_decided_by_the_whole_column(con: ibis.BaseBackend, tmp_path: Path) -> None:
    rows = "".join(f"SF12345{day:02d},{day:02d}/02/2024\n" for day in range(1, 20))
    found = _read(con, tmp_path, "waybill_no,accepted_at\n" + rows)
    assert [row["accepted_at"].day for row in found["rows"]] == list(range(1, 20))
    assert all(row["is_day_only"] for row in found["rows"])


def test_a_column_that_proves_no_order_is_refused_until_the_mapping_says_it(
    con: ibis.BaseBackend, tmp_path: Path
) -> None:
    text = "waybill_no,accepted_at\nSF1234567,05/03/2024\nSF1234568,06/03/2024 10:00\n"
    found = _read(con, tmp_path, text)
    assert found["rows"] == []
    assert "order: dmy" in found["quarantine"][0]["reason"]

    def told(mapping: Mapping) -> Mapping:
        return replace(
            mapping,
            readings=tuple(
                replace(each, order="dmy") if each.field == "accepted_at" else each for each in mapping.readings
            ),
        )

    found = _read(con, tmp_path, text, told)
    assert [(row["accepted_at"], row["is_day_only"]) for row in found["rows"]] == [
        (dt.datetime(2024, 3, 5), True),  # noqa: DTZ001  local by design
        (dt.datetime(2024, 3, 6, 10), False),  # noqa: DTZ001
    ]


def test_day_numbers_wait_for_their_origin(con: ibis.BaseBackend, tmp_path: Path) -> None:
    text = "sourceNodeId,targetNodeId,value,time\n280,15349,147.8,1\n249,9015,104.06,2\n"
    assert "day_number" in _read(con, tmp_path, text)["quarantine"][0]["reason"]

    def told(mapping: Mapping) -> Mapping:
        return replace(
            mapping,
            readings=tuple(
                replace(each, form="day_number", origin="2024-01-01") if each.field == "paid_at" else each
                for each in mapping.readings
            ),
        )

    found = _read(con, tmp_path, text, told)
    assert [row["paid_at"] for row in found["rows"]] == [dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 3)]  # noqa: DTZ001
    assert found["rows"][0]["payer_account"] == "280"


def test_a_one_sided_statement_is_turned_into_payer_and_payee(con: ibis.BaseBackend, tmp_path: Path) -> None:
    found = _read(
        con,
        tmp_path,
        (
            "交易卡号,交易户名,交易时间,交易金额,收付标志,交易对手账卡号,对手户名\n"
            "6222000000000001,王五,2024-01-01 10:00:00,300,进,6217000000000009,赵六\n"
            "6222000000000001,王五,2024-01-02 10:00:00,50,出,6217000000000008,孙七\n"
            "6222000000000001,王五,2024-01-02 11:00:00,50,?,6217000000000008,孙七\n"
        ),
    )
    assert [(row["payer_account"][-1], row["payee_account"][-1], row["payer_name"]) for row in found["rows"]] == [
        ("9", "1", "赵六"),
        ("1", "8", "王五"),
    ]
    assert len(found["quarantine"]) == 1


def test_names_and_addresses_come_out_in_simplified_script(con: ibis.BaseBackend, tmp_path: Path) -> None:
    found = _read(
        con,
        tmp_path,
        "waybill_no,accepted_at,sender_name,sender_address\nSF1234567,2024-01-01,張偉,廣東省深圳市羅湖區\nSF1234568,2024-01-01,,\n",
    )
    assert [(row["sender_name"], row["sender_address"]) for row in found["rows"]] == [
        ("张伟", "广东省深圳市罗湖区"),
        (None, None),
    ]


def test_an_identifier_is_cleaned_as_the_type_beside_it_says(con: ibis.BaseBackend, tmp_path: Path) -> None:
    found = _read(
        con,
        tmp_path,
        (
            "标识类型,标识,持有人\n手机,138 0013 8000,张三\n银行卡,6222 0212,李四\n"
            "微信,wechat:ABC,王五\n车牌,粤B·12345,赵六\n鞋,42,孙七\n"
        ),
    )
    assert [row["identifier"] for row in found["rows"]] == ["+8613800138000", "62220212", "wechat:abc", "粤B12345"]
    assert found["quarantine"][0]["field"] == "identifier_type"


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=14)] * 4), min_size=1, max_size=15
    )
)
def test_every_row_is_accounted_for_whatever_it_holds(
    con: ibis.BaseBackend, tmp_path: Path, cells: list[tuple[str, ...]]
) -> None:
    def quoted(row: tuple[str, ...]) -> str:
        return ",".join('"' + cell.replace('"', '""') + '"' for cell in row)

    good = "SF1234567,2024-01-01 10:00:00,13800138000,120\n" * 20
    _read(
        con,
        tmp_path,
        "waybill_no,accepted_at,sender_phone,weight_g\n" + good + "".join(quoted(row) + "\n" for row in cells),
    )


@pytest.mark.parametrize("kind", list(RECORDS))
def test_every_kind_gives_its_declared_columns(con: ibis.BaseBackend, kind: str) -> None:
    form = record(kind)
    fields = [column for column in form.columns if not column.key and column.name != "is_day_only"]
    headers = tuple(column.name for column in fields)
    cells = {f"c{n}": ["7"] for n in range(len(headers))}
    told = {"problem": ["torn: text"], "short": pa.array([None], pa.string())}
    staged = ibis.memtable(pa.table({"row_no": [2], **cells, **told}))
    mapping = Mapping(kind, "f.csv", headers=headers, readings=tuple(Reading(name, name) for name in headers))
    wide = ingest.judged_rows(staged, mapping, source_no=1, time_zone="Asia/Shanghai")
    cleaned = ingest.parted(wide, mapping)
    assert dict(cleaned.rows.schema()) == dict(ibis.schema(form.storage()))
    assert con.to_pyarrow(cleaned.quarantine).to_pylist()[0]["reason"] == "torn"
