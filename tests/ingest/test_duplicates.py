"""The same record delivered again, and what only looks like it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
import pyarrow as pa

from vialtrace import ingest
from vialtrace.model import record
from vialtrace.store.form import arrow_schema

AT = dt.datetime(2024, 1, 1, 10)  # noqa: DTZ001  local by design


def _id(source_no: int, row_no: int) -> int:
    return source_no * 2**32 + row_no


def _found(con: ibis.BaseBackend, kind: str, rows: list[dict[str, Any]]) -> dict[int, int]:
    names = record(kind).names
    full = [{name: row.get(name) for name in names} | {"is_day_only": False} for row in rows]
    table = ibis.memtable(pa.Table.from_pylist(full, schema=arrow_schema(record(kind))))
    duplicate = ingest.duplicates(kind, table)
    found = {row["row_id"]: row["same_as"] for row in con.to_pyarrow(duplicate).to_pylist()}
    assert con.to_pyarrow(ingest.deduplicated(table, duplicate)).num_rows == len(rows) - len(found)
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


def test_crossings_repeat_only_across_files_and_only_if_all_is_equal(con: ibis.BaseBackend) -> None:
    crossing = {"document_no": "C1", "crossed_at": AT, "direction": "exit"}
    rows = [
        {"row_id": _id(1, 2), **crossing},
        {"row_id": _id(1, 3), **crossing},
        {"row_id": _id(2, 2), **crossing},
        {"row_id": _id(2, 3), **crossing, "port": "Luohu"},
    ]
    assert _found(con, "crossing", rows) == {_id(2, 2): _id(1, 2)}
