"""What files say about their own rows, against what was written into them."""

from __future__ import annotations

from decimal import Decimal

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


@pytest.mark.parametrize("text", ["导出时间: 2024-05-01", "共同账户 6222", "微信支付账单明细", "-----"])
def test_titles_that_state_nothing_state_nothing(text: str) -> None:
    assert _said((text,)) == []


@given(st.lists(st.lists(st.text(max_size=20), max_size=4), max_size=6))
def test_any_rows_can_be_asked(rows: list[list[str]]) -> None:
    for each in ingest.stated(list(enumerate(rows, start=1)), PAYMENTS):
        assert 1 <= each.row_no <= len(rows)
        assert each.value.is_finite()
