"""Sheets as people lay them out by hand, against the records they were made of."""

# ruff: noqa: E501  lines of files stand here as they come
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vialtrace import ingest, sources

Take = Callable[..., list[Any]]


def _write(folder: Path, text: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _book(folder: Path, pages: dict[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> Path:
    path = folder / "book.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in pages.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        for cells in merged:
            page.merge_cells(cells)
    book.save(path)
    return path


def test_a_header_of_two_rows_is_one(take: Take, tmp_path: Path) -> None:
    rows = [
        ["三月份寄递明细", None, None, None, None, None, None],
        ["运单号", "收寄时间", "寄件人", None, "收件人", None, "重量(kg)"],
        [None, None, "姓名", "电话", "姓名", "电话", None],
        ["SF1000000000001", "2024-03-05", "张三", "13800138000", "李四", "13900139000", 0.3],
        ["SF1000000000002", "2024-03-06", "张三", "13800138000", "王五", "13700137000", 0.2],
    ]
    (sheet,) = take(_book(tmp_path, {"三月": rows}, ("A1:G1", "C2:D2", "E2:F2", "A2:A3", "B2:B3", "G2:G3")))
    assert sheet.sheet.headers == (
        "运单号",
        "收寄时间",
        "寄件人姓名",
        "寄件人电话",
        "收件人姓名",
        "收件人电话",
        "重量(kg)",
    )
    assert sheet.values("waybill_no", "sender_name", "receiver_phone", "weight_g", "row_no") == [
        ("SF1000000000001", "张三", "+8613900139000", 300.0, 4),
        ("SF1000000000002", "张三", "+8613700137000", 200.0, 5),
    ]
    assert sheet.staged.n_header_rows == 3


def test_a_title_of_two_cells_is_no_header(take: Take, tmp_path: Path) -> None:
    text = "导出单位,协查,\n运单号,收寄时间,寄件人\nSF1000000000001,2024-03-05,张三\n"
    (sheet,) = take(_write(tmp_path, text))
    assert sheet.sheet.headers == ("运单号", "收寄时间", "寄件人")


def test_totals_and_subtotals_are_kept_out_wherever_their_word_stands(take: Take, tmp_path: Path) -> None:
    text = (
        "交易时间,付款账号,收款账号,金额\n2024-03-05 10:00:00,6222000000000001,6222000000000002,100\n"
        "小计,,,100\n2024-03-06 10:00:00,6222000000000001,6222000000000003,50\n2024-03-06,小计,小计,50\n,合 计,,150\n总计：,,,150\n"
    )
    (sheet,) = take(_write(tmp_path, text))
    assert [row["amount"] for row in sheet.rows] == [100, 50]
    assert [(row["row_no"], row["reason"]) for row in sheet.set_aside] == [(n, "totals") for n in (3, 5, 6, 7)]
    assert sheet.quarantine == []
    assert sheet.stated[("total", "", "amount")] == 150


def test_tables_below_each_other_are_each_read_with_their_own_rows(take: Take, tmp_path: Path) -> None:
    rows = [
        ["一、寄件", None, None, None],
        ["运单号", "收寄时间", "寄件人", "收件人"],
        ["SF1000000000001", "2024-03-05", "张三", "李四"],
        ["SF1000000000002", "2024-03-06", "张三", "王五"],
        [None, None, None, None],
        ["二、付款", None, None, None],
        ["交易时间", "付款账号", "收款账号", "金额"],
        ["2024-03-05 10:00:00", "6222000000000001", "6222000000000002", 300],
        ["合计", None, None, 300],
    ]
    first, second = take(_book(tmp_path, {"汇总": rows}))
    assert (first.guess.mapping.kind, second.guess.mapping.kind) == ("waybill", "payment")
    assert (first.sheet.sheet, second.sheet.sheet, second.sheet.page) == ("汇总", "汇总 (table 2)", "汇总")
    assert first.values("waybill_no", "row_no") == [("SF1000000000001", 3), ("SF1000000000002", 4)]
    assert second.values("amount", "row_no") == [(Decimal(300), 8)]
    assert (first.staged.n_header_rows, first.staged.n_rows, first.staged.n_blank) == (2, 3, 1)
    assert (second.staged.n_header_rows, second.staged.n_rows) == (2, 2)
    assert [text for _, text in second.sheet.titles] == ["二、付款"]


def test_blocks_of_one_form_each_keep_the_holder_named_above_them(take: Take, tmp_path: Path) -> None:
    text = "".join(
        f"户名：{name},账号：{account},,\n交易时间,收支,金额,对方账号\n2024-03-05 10:00:00,收入,{amount},6222000000000009\n,,,\n"
        for name, account, amount in (("王五", "6222000000000001", 10), ("赵六", "6222000000000002", 20))
    )
    first, second = take(_write(tmp_path, text))
    assert first.values("payee_account", "payee_name", "amount") == [("6222000000000001", "王五", Decimal(10))]
    assert second.values("payee_account", "payee_name", "amount") == [("6222000000000002", "赵六", Decimal(20))]
    assert second.sheet.sheet == "table 2"


def test_a_header_repeated_on_every_page_goes_on_with_its_table(take: Take, tmp_path: Path) -> None:
    page = "运单号,收寄时间,寄件人\nSF1000000000001,2024-03-05,张三\n"
    (sheet,) = take(_write(tmp_path, page + page.replace("001,", "002,")))
    assert len(sheet.rows) == 2
    assert sheet.reasons == ["the header again"]


def test_tables_beside_each_other_are_both_read(take: Take, tmp_path: Path) -> None:
    rows = [
        ["运单号", "收寄时间", "寄件人", None, "运单号", "收寄时间", "寄件人"],
        ["SF1000000000001", "2024-03-05", "张三", None, "SF1000000000003", "2024-03-07", "李四"],
        ["SF1000000000002", "2024-03-06", "张三", None, None, None, None],
    ]
    left, right = take(_book(tmp_path, {"单": rows}))
    assert left.values("waybill_no", "row_no") == [("SF1000000000001", 2), ("SF1000000000002", 3)]
    assert right.values("waybill_no", "sender_name", "row_no") == [("SF1000000000003", "李四", 2)]
    assert (right.staged.n_rows, right.staged.n_blank) == (2, 1)


def test_every_sheet_of_a_workbook_is_read_for_what_it_is(take: Take, tmp_path: Path) -> None:
    pages = {
        "说明": [["本表由某处提供"]],
        "运单": [["运单号", "收寄时间"], ["SF1000000000001", dt.date(2024, 3, 5)]],
        "企业": [["企业名称", "法定代表人"], ["某公司", "王五"]],
    }
    assert [sheet.guess.mapping.kind for sheet in take(_book(tmp_path, pages))] == ["waybill", "organisation"]


def test_persons_and_firms_in_one_list_keep_their_numbers_apart(take: Take, tmp_path: Path) -> None:
    text = "类型,号码,户名,证件号码\n手机,13800138000,王五,110101199003070011\n手机,13900139000,某公司,91350100M000100Y43\n"
    (sheet,) = take(_write(tmp_path, text, "机主.csv"))
    assert sheet.values("holder_name", "holder_document", "holder_org_id") == [
        ("王五", "110101199003070011", None),
        ("某公司", None, "91350100M000100Y43"),
    ]
    assert sheet.issues == []


@pytest.mark.parametrize(
    ("title", "header", "yuan"),
    [
        ("单位：万元", "金额", 12000),
        ("金额单位：元", "金额", Decimal("1.2")),
        ("明细", "金额(万元)", 12000),
        ("明细", "金额（分）", Decimal("0.012")),
        ("单位：万元", "金额(元)", Decimal("1.2")),
    ],
)
def test_units_of_money_come_from_the_header_or_the_title(
    take: Take, tmp_path: Path, title: str, header: str, yuan: Any
) -> None:
    text = (
        f"{title},,,\n交易时间,付款账号,收款账号,{header}\n2024-03-05 10:00:00,6222000000000001,6222000000000002,1.2\n"
    )
    (sheet,) = take(_write(tmp_path, text))
    assert [row["amount"] for row in sheet.rows] == [yuan]


def test_full_width_digits_serials_and_rounded_numbers(take: Take, tmp_path: Path) -> None:
    rows = [
        ["付款账号", "收款账号", "交易时间", "金额"],
        ["６２２２０００００００００００１", "6222000000000002", 45356.5, "１，２００"],
        ["1.23457E+17", "6222000000000002", "2024-03-05 10:00", 5],
        [6222020200000000017, "6222000000000002", "2024-03-05 10:00", 5],
    ]
    (sheet,) = take(_book(tmp_path, {"流水": rows}))
    assert sheet.values("payer_account", "paid_at", "amount") == [
        ("6222000000000001", dt.datetime(2024, 3, 5, 12), Decimal(1200))  # noqa: DTZ001
    ]
    assert [(row["row_no"], row["field"], row["raw"]) for row in sheet.quarantine] == [
        (3, "payer_account", "1.23457E+17"),
        (4, "payer_account", "6.22202020000000e+18"),
    ]
    assert all("last digits are lost" in row["reason"] for row in sheet.quarantine)


def test_day_and_month_are_told_by_the_whole_column_or_not_at_all(take: Take, tmp_path: Path) -> None:
    proven = "运单号,收寄时间\nSF1000000000001,05/03/2024\nSF1000000000002,25/03/2024\n"
    (sheet,) = take(_write(tmp_path, proven))
    assert [row["accepted_at"].day for row in sheet.rows] == [5, 25]
    contradicting = proven + "SF1000000000003,03/25/2024\n"
    (sheet,) = take(_write(tmp_path, contradicting))
    assert sheet.rows == []
    assert len(sheet.quarantine) == 3
    assert sheet.guess.unsure[0].what == "accepted_at"


def test_rows_keep_their_numbers_below_blank_rows_and_beside_blank_columns(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    for row, cells in enumerate(
        [
            ["运单号", "收寄时间", "寄件人"],
            ["SF1000000000001", "2024-03-05", "张三"],
            ["SF1000000000002", "2024-03-06", None],
        ]
    ):
        for column, cell in enumerate(cells):
            page.cell(row + 4, column + 3, cell)
    page.merge_cells("E5:E6")
    book.save(path)
    (sheet,) = take(path)
    assert sheet.values("sender_name", "row_no") == [("张三", 5), ("张三", 6)]
    assert sheet.staged.n_header_rows == 4


def test_a_sheet_of_titles_and_blank_rows_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no header"):
        sources.sniff(_write(tmp_path, "说明\n\n本表为空\n"))


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=10)
GRID = st.lists(
    st.lists(
        CELL | st.sampled_from(["运单号", "收寄时间", "金额", "合计", "户名：王五", "", "2024-03-05"]), max_size=6
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GRID)
def test_every_row_of_any_grid_belongs_to_one_table_or_stands_above_it(tmp_path: Path, grid: list[list[str]]) -> None:
    head = ["运单号", "收寄时间", "寄件人"]
    rows = [*grid, head, ["SF1000000000001", "2024-03-05", "张三"], *grid, ["SF1000000000002", "2024-03-06", "李四"]]
    path = _book(tmp_path, {"页": rows})
    tables = [sheet for sheet in sources.sniff(path) if sheet.first_column == 0]
    n_rows = len(rows) - next(place for place, row in enumerate(reversed(rows)) if any(cell for cell in row))
    accounted, bottom = 0, 0
    for sheet in tables:
        staged = sources.stage(path, sheet, tmp_path / "staged.parquet")
        assert sheet.first_row == bottom + 1
        bottom = sheet.last_row or n_rows
        accounted += staged.n_rows + staged.n_header_rows
        ingest.guess(sheet)
    assert accounted == n_rows


_ENTRY = [
    ["企业基本信息"],
    ["企业名称", "深圳市晨光文化传播有限公司"],
    ["统一社会信用代码", "9144030079TD8R7CKL"],
    ["法定代表人：", "李国栋", "成立日期：", "2019年6月1日"],
    ["住所", "广东省深圳市南山区科技园路1号"],
]
_OTHER_ENTRY = [
    ["企业名称", "深圳市远帆商务有限公司"],
    ["统一社会信用代码", "91440300H20TPRGRA7"],
    ["法定代表人", "黄伟强"],
    ["住所", "广东省深圳市罗湖区人民南路12号"],
]


@pytest.mark.parametrize("tail", [[], [["打印时间：2025-04-02 10:11"]]])
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_entries_written_upright_are_a_record_each(
    take: Take, tmp_path: Path, name: str, tail: list[list[str]]
) -> None:
    path = tmp_path / name
    rows = [*_ENTRY, [], *_OTHER_ENTRY, *tail]
    if name.endswith("xlsx"):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    first, second = take(path)
    fields = ("org_name", "org_id", "representative_name", "established", "address")
    assert first.values(*fields) == [
        (
            "深圳市晨光文化传播有限公司",
            "9144030079TD8R7CKL",
            "李国栋",
            dt.date(2019, 6, 1),
            "广东省深圳市南山区科技园路1号",
        )
    ]
    assert second.values(*fields) == [
        ("深圳市远帆商务有限公司", None, "黄伟强", None, "广东省深圳市罗湖区人民南路12号")
    ]
    assert [row["field"] for row in second.issues] == ["org_id"]  # its check character does not match
    assert not first.quarantine
    assert not second.quarantine


def test_names_of_fields_are_never_read_as_values(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "企业名称,深圳市晨光文化传播有限公司,备注\n统一社会信用代码,9144030079TD8R7CKL,x\n法定代表人,李国栋,\n成立日期,2019-06-01,\n",
        encoding="utf-8",
    )
    (sheet,) = sources.sniff(path)
    assert ingest.guess(sheet).confidence == 0


def test_an_address_in_two_columns_is_one_address(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "zto.csv"
    path.write_text(
        "快件编号,揽收时间,寄方姓名,寄方省市区,寄方详细地址,收方姓名,收方所在地区,收方详细地址\n"
        "780000000000000,2025/3/3 9:00,赵小梅,四川省 成都市 锦江区,春熙路1号,黄伟,广东省深圳市罗湖区,人民南路12号\n"
        "780000000000001,2025/3/4 9:10,钱思雨,四川省 成都市 青羊区,春熙路2号,黄伟,广东省深圳市罗湖区,人民南路12号\n",
        encoding="gb18030",
    )
    (taken,) = take(path)
    assert taken.values("sender_address", "receiver_address") == [
        ("四川省成都市锦江区春熙路1号", "广东省深圳市罗湖区人民南路12号"),
        ("四川省成都市青羊区春熙路2号", "广东省深圳市罗湖区人民南路12号"),
    ]


def test_movements_with_day_and_time_apart_are_read(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "movement.csv"
    path.write_text(
        "S/N,Travel Doc No.,Name of Traveller,D.O.B.,Date,Time,Arr/Dep,Control Point\n"
        "1,H09876543,CHAN TAI MAN,12-Nov-1990,05-Mar-2025,10:20,D,LO WU\n"
        "2,H09876543,CHAN TAI MAN,12-Nov-1990,05-Mar-2025,18:05,A,LO WU\n",
        encoding="utf-8",
    )
    (taken,) = take(path)
    assert taken.values("crossed_at", "direction", "port", "is_day_only") == [
        (dt.datetime(2025, 3, 5, 10, 20), "exit", "LO WU", False),  # noqa: DTZ001  local by design
        (dt.datetime(2025, 3, 5, 18, 5), "entry", "LO WU", False),  # noqa: DTZ001
    ]
    assert not taken.guess.unsure


def test_calls_of_an_operator_abroad_are_read(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "cdr.tsv"
    path.write_text(
        "Calling No\tCalled No\tCall Start\tDuration\tCall Type\n"
        "13700000016\t13800010101\t2025-03-03 08:30:00\t00:01:40\tVoice\n",
        encoding="utf-8",
    )
    (taken,) = take(path)
    assert taken.values("from_identifier", "to_identifier", "duration_s") == [
        ("+8613700000016", "+8613800010101", 100.0)
    ]
