"""What files say about their own rows, against what was written into them."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vialtrace import ingest
from vialtrace.ingest import Mapping, Reading

PAYMENTS = Mapping(
    "payment",
    "f.csv",
    headers=("交易时间", "金额", "备注"),
    readings=(Reading("paid_at", "交易时间"), Reading("amount", "金额")),
)


def _said(*rows: tuple[str, ...]) -> list[tuple[int, str, str, str, Decimal]]:
    found = ingest.stated(list(enumerate(rows, start=1)), PAYMENTS)
    return [(each.row_no, each.measure, each.side, each.field, each.value) for each in found]


def test_the_titles_of_a_wallet_export_state_counts_and_totals() -> None:
    assert _said(("共8笔记录",), ("收入：3笔 1,200.50元",), ("支出：5笔 300.00元",), ("中性交易：0笔 0.00元",)) == [
        (1, "count", "", "", Decimal(8)),
        (2, "count", "in", "", Decimal(3)),
        (2, "total", "in", "amount", Decimal("1200.50")),
        (3, "count", "out", "", Decimal(5)),
        (3, "total", "out", "amount", Decimal(300)),
        (4, "count", "other", "", Decimal(0)),
        (4, "total", "other", "amount", Decimal(0)),
    ]


def test_pending_sums_are_not_taken_for_sums() -> None:
    assert _said(("已收入:1笔,100.00元",), ("待收入:2笔,9.00元",)) == [
        (1, "count", "in", "", Decimal(1)),
        (1, "total", "in", "amount", Decimal(100)),
    ]


def test_a_totals_row_states_the_sum_of_its_columns() -> None:
    assert _said(("合计", "1,300.5", "")) == [(1, "total", "", "amount", Decimal("1300.5"))]


def test_a_totals_row_under_a_header_of_its_own_is_read_by_that_header() -> None:
    assert _said(("总交易单数", "总交易额"), ("`2", "`100.00")) == [
        (2, "count", "", "", Decimal(2)),
        (2, "total", "", "amount", Decimal(100)),
    ]


@pytest.mark.parametrize("text", ["共 12 条", "记录总数: 12", "合计：12笔", "12 rows", "Total records: 12"])
def test_counts_are_read_however_they_are_put(text: str) -> None:
    assert _said((text,)) == [(1, "count", "", "", Decimal(12))]


STATEMENT = Mapping(
    "payment",
    "s.csv",
    headers=("日期", "支出", "收入(万元)", "余额", "摘要"),
    readings=(
        Reading("paid_at", "日期"),
        Reading("amount_out", "支出"),
        Reading("amount_in", "收入(万元)", scale="10000"),
    ),
)
ROWS = pa.table(
    {
        "row_id": pa.array([2**32 + n for n in (2, 3, 5)], pa.int64()),
        "amount": [Decimal(2000), Decimal(80), Decimal(50000)],
    }
)
SIDES = {2**32 + 2: "out", 2**32 + 3: "out", 2**32 + 5: "in"}


def _settled(mapping: Mapping, *rows: tuple[str, ...], first: int = 6) -> list[tuple[str, str, str, int, int | None]]:
    told = []
    for each in ingest.stated(list(enumerate(rows, start=first)), mapping):
        said, found = ingest.settled(each, ROWS, SIDES, mapping)
        told.append((said.measure, said.side, said.field, int(said.value), None if found is None else int(found)))
    return told


def test_a_bare_total_is_decided_by_the_column_it_stands_under() -> None:
    assert _settled(PAYMENTS, ("合计", "52080", "")) == [("total", "", "amount", 52080, 52080)]
    assert _settled(PAYMENTS, ("合计", "9999", "")) == [("total", "", "amount", 9999, 52080)]
    assert _settled(STATEMENT, ("合计", "2,080", "5", "", "")) == [
        ("total", "out", "amount", 2080, 2080),
        ("total", "in", "amount", 50000, 50000),
    ]


@pytest.mark.parametrize("row", [("合计", "", "52080"), ("合计：52080",), ("", "总 计 52080"), ("Total", "", "52,080")])
def test_a_bare_total_in_no_column_is_decided_by_what_agrees(row: tuple[str, ...]) -> None:
    assert _settled(PAYMENTS, row) == [("total", "", "amount", 52080, 52080)]
    counted = tuple(cell.replace("52080", "3").replace("52,080", "3") for cell in row)
    assert _settled(PAYMENTS, counted) == [("count", "", "", 3, 3)]


def test_a_count_under_a_column_of_amounts_is_a_count_where_only_the_count_agrees() -> None:
    assert _settled(PAYMENTS, ("合计", "3", "")) == [("count", "", "", 3, 3)]


def test_a_bare_total_that_nothing_agrees_with_has_no_measure() -> None:
    assert _settled(PAYMENTS, ("合计", "", "2080")) == [(ingest.UNNAMED, "", "", 2080, None)]


def test_a_subtotal_speaks_of_the_rows_above_it_only() -> None:
    rows = [("小计", "2080", ""), ("", "", ""), ("小计", "50000", ""), ("合计", "52080", "")]
    said = ingest.stated(list(zip((4, 5, 6, 7), rows, strict=True)), PAYMENTS)
    assert [ingest.settled(each, ROWS, SIDES, PAYMENTS)[1] for each in said] == [2080, 50000, 52080]


@pytest.mark.parametrize("text", ["合计：52080元", "合计(元)：52,080.00", "总计 5.208万元", "合计（万元） 5.208"])
def test_a_total_that_says_it_is_money_is_money(text: str) -> None:
    assert _settled(PAYMENTS, (text,)) == [("total", "", "amount", 52080, 52080)]


def test_the_side_of_a_row_is_told_by_the_column_that_is_filled() -> None:
    assert ingest.side_by_columns([1, 2, 3, 4], ["", "300", "0.00", None], ["50", " ", "7", "0"]) == {
        1: "out", 2: "in", 3: "out", 4: "other"
    }  # fmt: skip


@pytest.mark.parametrize("text", ["导出时间: 2024-05-01", "共同账户 6222", "微信支付账单明细", "-----"])
def test_titles_that_state_nothing_state_nothing(text: str) -> None:
    assert _said((text,)) == []


@given(st.lists(st.lists(st.text(max_size=20), max_size=4), max_size=6))
def test_any_rows_can_be_asked(rows: list[list[str]]) -> None:
    for each in ingest.stated(list(enumerate(rows, start=1)), PAYMENTS):
        assert 1 <= each.row_no <= len(rows)
        assert each.value.is_finite()


def test_a_count_of_all_rows_agrees_with_those_read_and_those_left_out_together() -> None:
    """A wallet counts refunds and transfers to its own bank with the rest; what they add up to is not known."""
    rows = pa.table({"row_id": [1, 2, 3], "amount": [10.0, 20.0, 5.0]})
    aside = pa.table({"row_id": pa.array([4, 5], pa.int64())})
    sides = {1: "in", 2: "in", 3: "out", 4: "other", 5: "in"}

    def held(measure: str, side: str, value: int) -> Decimal | None:
        field = "amount" if measure == "total" else ""
        said = ingest.Stated(9, measure, side, field, Decimal(value), "")
        return ingest.settled(said, rows, sides, PAYMENTS, aside=aside)[1]

    assert held("count", "", 5) == 5
    assert held("count", "", 3) == 3
    assert held("count", "", 6) == 3
    assert held("count", "other", 1) == 1
    assert held("count", "in", 3) == 3
    assert held("total", "in", 30) == 30
    assert held("total", "out", 7) == 5
    assert held("total", "other", 100) is None
