"""Lists and forms of couriers, border control, customs, registers and telephone companies, against their contents."""

# ruff: noqa: E501  lines of files stand here as they come
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Take = Callable[..., list[Any]]


def _write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def _book(folder: Path, name: str, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    path = folder / name
    book = openpyxl.Workbook()
    page = book.active
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    book.save(path)
    return path


def _moment(*parts: int) -> dt.datetime:
    return dt.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  local by design


def test_a_courier_customer_sheet_is_read_in_grams_and_asks_about_its_numbers(take: Take, tmp_path: Path) -> None:
    text = (
        "用户订单号,收件公司,联系人,联系电话,手机号码,收件详细地址,付款方式,第三方付月结卡号,托寄物内容,托寄物数量,件数,实际重量（KG）,计费重量（KG）,"
        "业务类型,是否代收货款,代收货款金额,是否保价,保价金额,是否保鲜服务,是否易碎件,收件员,寄件日期,备注,长(cm),宽(cm),高(cm)\n"
        "A20240305001,某检测中心,李四,0755-26000000,13800138000,广东省深圳市罗湖区人民路1号,月结,,茶叶,2,1,0.35,1.0,标快,否,,否,,否,否,007,2024/3/5,,10,10,5\n"
        "A20240305002,,王五,,138****0001,广东省深圳市福田区某街2号,月结,,玩具,1,1,,0.5,标快,否,,否,,否,否,007,2024/3/6,,10,10,5\n"
    )
    (sheet,) = take(_write(tmp_path, "批量寄件.csv", text, "gb18030"))
    assert sheet.guess.mapping.profile == "sf_customer_sheet"
    assert [(each.what, each.candidates) for each in sheet.guess.unsure] == [("waybill_no", ("用户订单号",))]
    assert sheet.values(
        "waybill_no", "accepted_at", "receiver_name", "receiver_phone", "weight_g", "pieces", "is_day_only"
    ) == [
        ("A20240305001", _moment(2024, 3, 5), "李四", "+8613800138000", 350.0, 1, True),
        ("A20240305002", _moment(2024, 3, 6), "王五", "+86138****0001", 500.0, 1, True),
    ]


@pytest.mark.parametrize("contents", ["托寄物", "托寄内容", "托物", "托寄物内容"])
def test_a_waybill_export_is_read_whatever_it_calls_the_contents(take: Take, tmp_path: Path, contents: str) -> None:
    text = (
        f"运单号,月结账号,寄件时间,寄件人,寄件人电话,寄件地址,收件人,收件人电话,收件地址,{contents},下单重量(kg),托寄物商品数量,原寄地代码,目的地代码,网点代码,状态更新时间\n"
        "SF1000000000001,7550000001,2024-03-05 10:11:12,张*,138****1234,湖南省长沙市某路1号,李四,13800138000,广东省深圳市某街2号,茶叶,0.2,1,731,755,731A,2024-03-06 09:00:00\n"
    )
    (sheet,) = take(_write(tmp_path, "运单.csv", text))
    assert sheet.guess.mapping.profile == "waybill_export"
    assert sheet.values("waybill_no", "accepted_at", "sender_name", "sender_phone", "contents", "weight_g") == [
        ("SF1000000000001", _moment(2024, 3, 5, 10, 11, 12), "张*", "+86138****1234", "茶叶", 200.0)
    ]


def test_an_immigration_list_invents_no_time_of_day(take: Take, tmp_path: Path) -> None:
    rows = [
        ["出入境记录查询结果", None, None, None, None, None, None],
        ["姓名：王五", None, None, None, None, None, None],
        ["序号", "出境/入境", "出入境日期", "证件名称", "证件号码", "出入境口岸", "航班号"],
        [1, "入境", "2024-03-05", "往来港澳通行证", "C12345678", "罗湖", None],
        [2, "出境", "2024-03-05", "往来港澳通行证", "C12345678", "罗湖", None],
        ["第 1 页", None, None, None, None, None, None],
        ["序号", "出境/入境", "出入境日期", "证件名称", "证件号码", "出入境口岸", "航班号"],
        [3, "出境", 45350, "往来港澳通行证", "C12345678", "福田", "CZ301"],
    ]
    (sheet,) = take(_book(tmp_path, "出入境记录.xlsx", rows))
    assert sheet.guess.mapping.profile == "immigration_list"
    assert sheet.values("crossed_at", "is_day_only", "direction", "traveller_name", "vehicle_no", "row_no") == [
        (_moment(2024, 3, 5), True, "entry", "王五", None, 4),
        (_moment(2024, 3, 5), True, "exit", "王五", None, 5),
        (_moment(2024, 2, 28), True, "exit", "王五", "CZ301", 8),
    ]
    assert sheet.reasons == ["a note or a dividing line", "the header again"]
    assert sheet.staged.n_header_rows == 3


DECLARATION = [
    ["中华人民共和国海关出口货物报关单", None, None, None, None, None, None, None],
    ["预录入编号：222920240000012345", None, None, "海关编号：222920240000012345", None, None, None, None],
    ["境内发货人", None, "出境关别", "出口日期", "申报日期", "备案号", None, None],
    ["深圳某生物科技有限公司", None, "皇岗海关", "20240306", "20240305", None, None, None],
    ["境外收货人", None, "运输方式", "运输工具名称及航次号", "提运单号", None, None, None],
    ["SOME LAB LIMITED", None, "公路运输", "粤ZAB12港", "AWB12345678", None, None, None],
    ["合同协议号", "贸易国（地区）", "运抵国（地区）", "指运港", "离境口岸", "许可证号", None, None],
    ["C-1", "中国香港", "中国香港", "香港", "皇岗", "HGR-2024-17", None, None],
    ["项号", "商品编号", "商品名称及规格型号", "数量及单位", "总价", "币制", "最终目的国（地区）", "征免"],
    [1, "3822190000", "检测试剂盒", "120盒", 3600, "人民币", "中国香港", "照章征税"],
    [2, "3926909090", "塑料管", "1000支", 500.5, "人民币", "中国香港", "照章征税"],
]


def test_an_export_declaration_gives_its_head_to_each_of_its_lines(take: Take, tmp_path: Path) -> None:
    merged = ("A1:H1", "A3:B3", "A4:B4", "A5:B5", "A6:B6", "D2:F2")
    (sheet,) = take(_book(tmp_path, "出口报关单.xlsx", DECLARATION, merged))
    assert sheet.guess.mapping.profile == "export_declaration"
    fields = (
        "declaration_no",
        "declared_at",
        "goods",
        "hs_code",
        "exporter_name",
        "consignee_name",
        "quantity",
        "value",
        "currency",
        "permit_no",
        "waybill_no",
        "row_no",
    )
    head = ("222920240000012345", _moment(2024, 3, 5))
    ends = ("深圳某生物科技有限公司", "SOME LAB LIMITED")
    assert sheet.values(*fields) == [
        (*head, "检测试剂盒", "3822190000", *ends, 120.0, Decimal(3600), "CNY", "HGR-2024-17", "AWB12345678", 10),
        (*head, "塑料管", "3926909090", *ends, 1000.0, Decimal("500.5"), "CNY", "HGR-2024-17", "AWB12345678", 11),
    ]
    assert sheet.staged.n_header_rows == 9
    assert {row["port"] for row in sheet.rows} == {"皇岗"}


def test_declarations_below_each_other_keep_each_its_own_head(take: Take, tmp_path: Path) -> None:
    other = [[str(cell).replace("000012345", "000099999") if cell else cell for cell in row] for row in DECLARATION]
    other[3][0] = "珠海某贸易有限公司"
    first, second = take(_book(tmp_path, "报关单.xlsx", [*DECLARATION, [], *other]))
    assert {row["declaration_no"] for row in first.rows} == {"222920240000012345"}
    assert {(row["declaration_no"], row["exporter_name"]) for row in second.rows} == {
        ("222920240000099999", "珠海某贸易有限公司")
    }
    assert (len(first.rows), len(second.rows)) == (2, 2)


def test_a_flat_list_of_declarations_is_known_too(take: Take, tmp_path: Path) -> None:
    text = (
        "海关编号,境内发货人,申报日期,境外收货人,运抵国,商品编号,商品名称,数量,单位,总价,币制\n"
        "222920240000012345,深圳某公司,2024-03-05,SOME LAB,中国香港,3822190000,试剂盒,120,盒,3600,美元\n"
    )
    (sheet,) = take(_write(tmp_path, "报关单.csv", text))
    assert sheet.guess.mapping.profile == "export_declaration"
    assert sheet.values("goods", "unit", "currency") == [("试剂盒", "盒", "USD")]


def test_company_register_entries_are_read(take: Take, tmp_path: Path) -> None:
    text = (
        "统一社会信用代码,企业名称,法定代表人,类型,注册资本,成立日期,登记状态,住所,经营范围,股东,主要人员\n"
        "91440300MA5DA1234X,深圳某生物科技有限公司,王五,有限责任公司,100万元,2018年03月05日,存续,广东省深圳市某路1号,生物技术开发,王五,王五\n"
        "440301000000012,深圳某文化传播有限公司,赵六,有限责任公司,10万元,2019-03-05,注销,广东省深圳市某路2号,文化交流,赵六,赵六\n"
    )
    (sheet,) = take(_write(tmp_path, "企业登记.csv", text, "gb18030"))
    assert sheet.guess.mapping.profile == "company_register"
    assert sheet.values("org_name", "representative_name", "established", "status") == [
        ("深圳某生物科技有限公司", "王五", dt.date(2018, 3, 5), "存续"),
        ("深圳某文化传播有限公司", "赵六", dt.date(2019, 3, 5), "注销"),
    ]


def test_calls_of_one_subscriber_have_their_caller_by_direction(take: Take, tmp_path: Path) -> None:
    text = (
        "机主号码：13800138000,,,,\n呼叫类型,对方号码,通话日期,通话时间,通话时长\n主叫,13900139000,2024-03-05,10:11:12,00:03:25\n"
        "被叫,13700137000,2024-03-05,11:11:12,65\n呼转,13700137001,2024-03-05,11:11:12,65\n"
    )
    (sheet,) = take(_write(tmp_path, "话单.csv", text))
    assert sheet.guess.mapping.profile == "call_list"
    assert sheet.values("from_identifier", "to_identifier", "contacted_at", "duration_s") == [
        ("+8613800138000", "+8613900139000", _moment(2024, 3, 5, 10, 11, 12), 205.0),
        ("+8613700137000", "+8613800138000", _moment(2024, 3, 5, 11, 11, 12), 65.0),
    ]
    assert [(each.what, "呼转" in each.why) for each in sheet.guess.unsure] == [("flow", True)]
    assert [row["field"] for row in sheet.quarantine] == ["flow"]


def test_calls_with_both_numbers_are_read_as_they_stand(take: Take, tmp_path: Path) -> None:
    text = "主叫号码,被叫号码,通话开始时间,通话时长(秒)\n13800138000,13900139000,2024-03-05 10:11:12,205\n"
    (sheet,) = take(_write(tmp_path, "通话记录.csv", text))
    assert sheet.guess.mapping.kind == "contact"
    assert sheet.values("from_identifier", "to_identifier") == [("+8613800138000", "+8613900139000")]
