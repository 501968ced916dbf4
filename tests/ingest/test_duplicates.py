"""The same record delivered again, and what only looks like it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from vialtrace import ingest
from vialtrace.model import record
from vialtrace.store.form import arrow_schema

AT = dt.datetime(2024, 1, 1, 10)  # noqa: DTZ001  local by design


def _id(source_no: int, row_no: int) -> int:
    return source_no * 2**32 + row_no


def _found(con: ibis.BaseBackend, kind: str, rows: list[dict[str, Any]]) -> dict[int, int]:
    names = record(kind).names
    full = [{name: row.get(name) for name in names} | {"is_day_only": row.get("is_day_only", False)} for row in rows]
    table = ibis.memtable(pa.Table.from_pylist(full, schema=arrow_schema(record(kind))))
    duplicate = ingest.duplicates(kind, table)
    found = {row["row_id"]: row["same_as"] for row in con.to_pyarrow(duplicate).to_pylist()}
    assert con.to_pyarrow(ingest.merged(kind, table, duplicate)).num_rows == len(rows) - len(found)
    return found


def _payment(source_no: int, row_no: int, **other: Any) -> dict[str, Any]:
    return {
        "row_id": _id(source_no, row_no),
        "paid_at": AT,
        "payer_account": "1",
        "payee_account": "2",
        "amount": 100,
        **other,
    }


def test_a_waybill_in_two_files_is_one_parcel_though_one_knows_less(con: ibis.BaseBackend) -> None:
    rows = [
        {"row_id": _id(2, 2), "waybill_no": "SF1", "accepted_at": AT},
        {"row_id": _id(1, 5), "waybill_no": "SF1", "accepted_at": AT, "contents": "tea"},
    ]
    assert _found(con, "waybill", rows) == {_id(2, 2): _id(1, 5)}


def test_two_equal_payments_without_a_number_are_two_payments(con: ibis.BaseBackend) -> None:
    assert _found(con, "payment", [_payment(1, 2), _payment(1, 3)]) == {}


def test_a_file_delivered_twice_repeats_each_payment_once(con: ibis.BaseBackend) -> None:
    rows = [_payment(1, 2), _payment(1, 3), _payment(2, 2), _payment(2, 3)]
    assert _found(con, "payment", rows) == {_id(2, 2): _id(1, 2), _id(2, 3): _id(1, 3)}


def test_a_third_equal_payment_in_a_later_file_is_new(con: ibis.BaseBackend) -> None:
    rows = [_payment(1, 2), _payment(2, 2), _payment(2, 3)]
    assert _found(con, "payment", rows) == {_id(2, 2): _id(1, 2)}


def test_numbered_payments_repeat_inside_a_file_only_if_all_is_equal(con: ibis.BaseBackend) -> None:
    rows = [
        _payment(1, 2, payment_id="T1"),
        _payment(1, 3, payment_id="T1"),
        _payment(1, 4, payment_id="T1", memo="again"),
    ]
    assert _found(con, "payment", rows) == {_id(1, 3): _id(1, 2)}


def test_both_banks_of_a_transfer_tell_of_one_payment(con: ibis.BaseBackend) -> None:
    rows = [
        _payment(1, 2, payment_id="T1", memo="fee"),
        _payment(2, 9, payment_id="T1"),
        _payment(3, 9, payment_id="T1", amount=99),
    ]
    assert _found(con, "payment", rows) == {_id(2, 9): _id(1, 2)}


def test_crossings_repeat_only_across_files_and_as_often_as_there(con: ibis.BaseBackend) -> None:
    crossing = {"document_no": "C12345678", "crossed_at": AT, "direction": "exit"}
    rows = [
        {"row_id": _id(1, 2), **crossing},
        {"row_id": _id(1, 3), **crossing},
        {"row_id": _id(2, 2), **crossing},
        {"row_id": _id(2, 3), **crossing, "port": "Luohu"},
        {"row_id": _id(2, 4), **crossing, "port": "Luohu"},
    ]
    assert _found(con, "crossing", rows) == {_id(2, 2): _id(1, 2), _id(2, 3): _id(1, 3)}


CARD, WALLET = "6222020000000000011", "6217000000000000293"


def _transfer(source_no: int, row_no: int, **other: Any) -> dict[str, Any]:
    return _payment(source_no, row_no, **{"payer_account": CARD, "payee_account": WALLET, **other})


def test_two_banks_that_number_a_transfer_differently_tell_of_one_payment(con: ibis.BaseBackend) -> None:
    rows = [
        _transfer(1, 2, payment_id="A1", payer_name="张三"),
        _transfer(2, 7, payment_id="B9", payer_account="6222***********0011"),
        _transfer(2, 8, payment_id="B10", payer_account="6222***********0012"),
        _transfer(2, 9, payment_id="B11", paid_at=AT + dt.timedelta(seconds=1)),
        _transfer(2, 10, payment_id="B12", amount=101),
    ]
    assert _found(con, "payment", rows) == {_id(2, 7): _id(1, 2)}


def test_files_that_share_a_numbering_keep_differently_numbered_payments_apart(con: ibis.BaseBackend) -> None:
    later = AT + dt.timedelta(days=3)
    rows = [
        _transfer(1, 2, payment_id="A1"),
        _transfer(1, 3, payment_id="A2", paid_at=later),
        _transfer(2, 2, payment_id="A2", paid_at=later),
        _transfer(2, 3, payment_id="A3"),
    ]
    assert _found(con, "payment", rows) == {_id(2, 2): _id(1, 3)}


def test_a_day_in_one_file_meets_a_time_in_the_other_one_to_one(con: ibis.BaseBackend) -> None:
    day = AT.replace(hour=0)
    rows = [
        _transfer(1, 2),
        _transfer(1, 3, paid_at=AT + dt.timedelta(hours=2)),
        *(_transfer(2, row_no, paid_at=day, is_day_only=True) for row_no in (2, 3, 4)),
    ]
    assert _found(con, "payment", rows) == {_id(2, 2): _id(1, 2), _id(2, 3): _id(1, 3)}


def test_a_file_without_seconds_is_compared_to_the_minute(con: ibis.BaseBackend) -> None:
    rows = [
        _transfer(1, 2, paid_at=AT + dt.timedelta(seconds=31)),
        _transfer(2, 2),
        _transfer(2, 3, paid_at=AT + dt.timedelta(minutes=1)),
    ]
    assert _found(con, "payment", rows) == {_id(2, 2): _id(1, 2)}


def test_three_banks_are_one_record_and_no_file_gives_it_two_rows(con: ibis.BaseBackend) -> None:
    hidden = {"payer_account": "****0011", "payee_account": "****0293"}
    rows = [
        _transfer(1, 2),
        _transfer(2, 2, **hidden),
        _transfer(3, 2, payee_account="****0293"),
        _transfer(3, 3, **hidden, memo="again"),
    ]
    assert _found(con, "payment", rows) == {_id(2, 2): _id(1, 2), _id(3, 2): _id(1, 2)}


def test_two_records_that_one_file_delivers_both_stay_two(con: ibis.BaseBackend) -> None:
    hidden = {"payer_account": "****0011", "payee_account": "****0293"}
    rows = [_transfer(1, 2), _transfer(2, 2, **hidden), _transfer(3, 2), _transfer(3, 3, **hidden)]
    assert _found(con, "payment", rows) == {_id(3, 2): _id(1, 2), _id(3, 3): _id(2, 2)}


def test_a_waybill_number_given_out_again_next_year_is_another_parcel(con: ibis.BaseBackend) -> None:
    rows = [
        {"row_id": _id(1, 2), "waybill_no": "SF1", "accepted_at": AT},
        {"row_id": _id(1, 3), "waybill_no": "SF1", "accepted_at": AT + dt.timedelta(days=1), "pieces": 2},
        {"row_id": _id(2, 2), "waybill_no": "SF1", "accepted_at": AT + dt.timedelta(days=400)},
        {"row_id": _id(3, 2), "waybill_no": "SF1", "accepted_at": AT + dt.timedelta(days=401)},
    ]
    assert _found(con, "waybill", rows) == {_id(1, 3): _id(1, 2), _id(3, 2): _id(2, 2)}


def test_lines_of_one_declaration_stay_lines(con: ibis.BaseBackend) -> None:
    rows = [
        {"row_id": _id(1, 2), "declaration_no": "D1", "declared_at": AT, "goods": "tea"},
        {"row_id": _id(1, 3), "declaration_no": "D1", "declared_at": AT, "goods": "cups"},
        {"row_id": _id(2, 2), "declaration_no": "D1", "declared_at": AT, "goods": "cups", "value": 3},
        {"row_id": _id(2, 3), "declaration_no": "D1", "declared_at": AT, "goods": "tea"},
    ]
    assert _found(con, "declaration", rows) == {_id(2, 2): _id(1, 3), _id(2, 3): _id(1, 2)}


def test_the_record_holds_the_fuller_value_and_says_where_the_rows_disagree(con: ibis.BaseBackend) -> None:
    rows = [
        _transfer(
            1,
            2,
            payer_account="6222***********0011",
            payer_name="张*",
            paid_at=AT.replace(hour=0),
            is_day_only=True,
            currency="CNY",
        ),
        _transfer(2, 2, payer_name="张三", memo="fee", payee_name="李四"),
        _transfer(3, 2, payer_name="张三", payee_name="李五"),
    ]
    names = record("payment").names
    full = [{"is_day_only": False, **{name: row.get(name) for name in names if name in row}} for row in rows]
    full = [{**dict.fromkeys(names), **row} for row in full]
    table = ibis.memtable(pa.Table.from_pylist(full, schema=arrow_schema(record("payment"))))
    duplicate = ibis.memtable(con.to_pyarrow(ingest.duplicates("payment", table)))
    merged = ibis.memtable(con.to_pyarrow(ingest.merged("payment", table, duplicate)))
    (kept,) = con.to_pyarrow(merged).to_pylist()
    assert kept["row_id"] == _id(1, 2)
    assert (kept["payer_account"], kept["payer_name"], kept["payee_name"]) == (CARD, "张三", "李四")
    assert (kept["paid_at"], kept["is_day_only"], kept["memo"], kept["currency"]) == (AT, False, "fee", "CNY")
    found = con.to_pyarrow(ingest.disagreements("payment", table, merged, duplicate)).to_pylist()
    assert found == [{"row_id": _id(3, 2), "kind": "payment", "field": "payee_name", "kept": "李四", "other": "李五"}]


@given(
    st.lists(st.tuples(st.sampled_from("AB "), st.sampled_from([50, 80]), st.integers(0, 1)), min_size=1, max_size=12)
)
@settings(max_examples=10, deadline=None)
def test_in_one_file_the_short_way_finds_what_the_long_way_finds(
    con: ibis.BaseBackend, told: list[tuple[str, int, int]]
) -> None:
    """Numbers that stand twice, numbers that are missing, and rows that are alike."""
    rows = [
        _payment(1, n, payment_id=number.strip() or None, amount=amount, paid_at=AT + dt.timedelta(days=day))
        for n, (number, amount, day) in enumerate(told, start=2)
    ]
    names = record("payment").names
    full = [{name: row.get(name) for name in names} | {"is_day_only": False} for row in rows]
    made = ibis.memtable(pa.Table.from_pylist(full, schema=arrow_schema(record("payment"))))

    def answers(**ways: Any) -> list[dict[str, Any]]:
        found = con.to_pyarrow(ingest.duplicates("payment", made, **ways)).to_pylist()
        return sorted(found, key=lambda row: row["row_id"])

    def is_empty(asked: Any) -> bool:
        return not con.to_pyarrow(asked.limit(1)).num_rows

    assert answers(is_one_file=True, is_empty=is_empty) == answers(is_one_file=True) == answers()
