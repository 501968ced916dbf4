"""Lists as offices and people keep them, unlike any known form: what they become, and what is asked about them."""

# ruff: noqa: E501  lines of files stand here as they come
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vialtrace import actions, ingest, sources
from vialtrace.actions import Proposal, SheetProposal
from vialtrace.errors import UnknownName
from vialtrace.store import Machine, Settings

Take = Callable[..., list[Any]]


def _book(folder: Path, name: str, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    path = folder / name
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def _at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  local by design


def _asked(taken: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.what, each.candidates) for each in taken.guess.unsure]


HANDED_OUT = [
    ["某快递营业点 派件清单（2025年3月）"],
    ["制表：某", None, "打印时间：2025/04/02 09:11"],
    ["序", "面单号", "派送", None, "寄出地", "物品", "重（g）", "签收人"],
    [None, None, "日期", "时间", None, None, None, None],
    [1, "JT0001234567890", "3月5日", "10:20", "湖南省长沙市", "茶叶", 230, "张*"],
    [None, "小计", None, None, None, None, 230, None],
    [2, "JT0001234567892", "3月6日", "09:30", "江西省南昌市", "化妆品", 205, "黄*"],
    [None, "合计：2件", None, None, None, None, 435, None],
    ["经办人签字："],
]


def test_parcels_handed_out_stand_by_their_delivery_and_the_title_gives_the_year(take: Take, tmp_path: Path) -> None:
    (taken,) = take(_book(tmp_path, "派件.xlsx", HANDED_OUT, ("A1:H1", "C3:D3")))
    assert taken.values("waybill_no", "accepted_at", "delivered_at", "weight_g", "receiver_name", "row_no") == [
        ("JT0001234567890", _at(2025, 3, 5, 10, 20), _at(2025, 3, 5, 10, 20), 230.0, "张*", 5),
        ("JT0001234567892", _at(2025, 3, 6, 9, 30), _at(2025, 3, 6, 9, 30), 205.0, "黄*", 7),
    ]
    assert [(row["row_no"], row["reason"]) for row in taken.set_aside] == [
        (6, "totals"), (8, "totals"), (9, "a note or a dividing line"),
    ]  # fmt: skip
    assert _asked(taken) == [("accepted_at", ("派送日期",))]


_DONE = [
    ["做单明细 单位：元"],
    ["日期", "客户", "手机", "项目", "收款", "介绍人", "单号"],
    ["3.5", "李小姐", "13800138001", "鉴定", 2800, "周姐", "SF1234567890123"],
    ["3.10", "陈*", "138****8003", "全套", "3.2k", None, "SF1234567890125"],
    ["3.1", "王女士", "139 0013 9002", "鉴定", "1.2w", "周姐", None],
]


def _proposed(path: Path) -> SheetProposal:
    (sheet,) = sources.sniff(path)
    guess = ingest.guess(sheet)
    return SheetProposal(sheet, guess.mapping, guess.confidence, guess.unsure, guess.alternatives)


def test_days_without_a_year_are_asked_for_the_first_day_and_read_from_it(tmp_path: Path) -> None:
    path = _book(tmp_path, "3月做单.xlsx", _DONE)
    actions.new(tmp_path / "case", desk := actions.Desk("a tester", machine=Machine(2.0, 1)), Settings("a case"))
    sheet = _proposed(path)
    (question,) = sheet.questions
    assert (question.what, question.candidates) == ("ordered_at", (ingest.ASKED_DAY,))
    told = actions.answered(sheet, question, ingest.ASKED_DAY, origin="2025-03-01")
    actions.add(tmp_path / "case", actions.Survey((Proposal(path, (told.settled(told.mapping),)),), ()), desk)
    found = actions.check(tmp_path / "case", desk)
    assert (found.n_rows, found.sheets[0].faults) == (3, ())


def test_what_a_list_without_years_becomes(take: Take, tmp_path: Path) -> None:
    (taken,) = take(_book(tmp_path, "2025年3月做单.xlsx", _DONE))
    assert taken.guess.unsure == ()
    assert taken.values("ordered_at", "price", "waybill_no", "client_name", "is_day_only") == [
        (_at(2025, 3, 5), Decimal(2800), "SF1234567890123", "李*", True),
        (_at(2025, 3, 10), Decimal(3200), "SF1234567890125", "陈*", True),
        (_at(2025, 3, 1), Decimal(12000), None, "王*", True),
    ]


def test_a_decimal_that_may_have_lost_its_nought_is_no_day(take: Take, tmp_path: Path) -> None:
    rows = [[*row[:1], *row[1:]] for row in _DONE if row[0] != "3.10"]
    (taken,) = take(_book(tmp_path, "2025年做单.xlsx", rows))
    assert [row["ordered_at"] for row in taken.rows] == [_at(2025, 3, 5)]
    assert "the 1st and the 10th alike" in taken.quarantine[0]["reason"]


@pytest.mark.parametrize(
    ("title", "days", "expected"),
    [
        ("2024年12月至2025年1月", ("12月30日", "1月2日"), (_at(2024, 12, 30), _at(2025, 1, 2))),
        ("统计期间：2025年度", ("3/5", "3/25"), (_at(2025, 3, 5), _at(2025, 3, 25))),
        ("2025 list", ("25/3", "5/3 14:20"), (_at(2025, 3, 25), _at(2025, 3, 5, 14, 20))),
        ("Year 2025", ("5 Mar", "Mar 6"), (_at(2025, 3, 5), _at(2025, 3, 6))),
    ],
)
def test_the_year_is_that_of_the_title(
    take: Take, tmp_path: Path, title: str, days: tuple[str, ...], expected: tuple[dt.datetime, ...]
) -> None:
    rows = [[title], ["运单号", "收寄时间", "寄件人"], *(["SF100000000000" + str(n), day, "张三"] for n, day in enumerate(days))]
    (taken,) = take(_book(tmp_path, "a.xlsx", rows))
    assert tuple(row["accepted_at"] for row in taken.rows) == expected


def test_a_list_that_only_says_when_it_was_printed_is_asked_about(tmp_path: Path) -> None:
    rows = [["打印日期：2025-01-05"], ["运单号", "收寄时间", "寄件人"], ["SF1000000000001", "12月30日", "张三"]]
    (question,) = _proposed(_book(tmp_path, "a.xlsx", rows)).questions
    assert question.candidates == ("since: 2024-01-06", ingest.ASKED_DAY)


def test_a_clinics_book_stands_by_the_day_of_the_draw(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "clinic_book.csv"
    path.write_bytes(
        (
            "Bloodworks Collection Point - Client Ledger\r\nPrinted 04/02/2025 10:00 AM\r\n\r\n"
            "No.;Client;Contact No.;Draw Date;Package;Fee (RMB);Deposit;Referred by;Courier Ref\r\n"
            "1;Li Xiaomei;'13800138001;03/14/2025 9:05 AM;Gender early test;2,800.00;300.00;Agent Zhou;SF1234567890123\r\n"
            "2;Wang F.;\t13900139002;03/15/2025 2:30 PM;NIPT basic;2,600.00;;Agent Zhou;SF1234567890124\r\n"
            "Total;;;;;5,400.00;300.00;;\r\n"
        ).encode("utf-16")
    )
    (taken,) = take(path)
    assert taken.values("ordered_at", "drawn_at", "client_phone", "price", "agent_name", "waybill_no") == [
        (_at(2025, 3, 14, 9, 5), _at(2025, 3, 14, 9, 5), "+8613800138001", Decimal(2800), "AGENT ZHOU", "SF1234567890123"),
        (_at(2025, 3, 15, 14, 30), _at(2025, 3, 15, 14, 30), "+8613900139002", Decimal(2600), "AGENT ZHOU", "SF1234567890124"),
    ]
    assert _asked(taken) == [("ordered_at", ("Draw Date",))]
    assert "stands for it" in taken.guess.unsure[0].why
    assert taken.reasons == ["totals"]


_PASSED = (
    "{}姓名\t性别\t证件种类\t证件号\t进出标志\t过关时间\t过关口岸\r\n"
    "陳大文\t男\t港澳居民来往内地通行证\tH0987654301\t2\t2025-03-05 10:20:33\t罗湖\r\n"
    "黄小明\t男\t往来港澳通行证\tＣ１２３４５６７８\t1\t2025-03-05 18:40:02\t罗湖\r\n共2条\r\n"
)


def test_the_legend_of_a_list_says_what_its_codes_stand_for(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "旅客通关查询.txt"
    path.write_bytes(_PASSED.format("说明：进出标志 1-出境 2-入境\r\n").encode("gb18030"))
    (taken,) = take(path)
    assert taken.guess.unsure == ()
    assert taken.values("traveller_name", "document_no", "direction", "port") == [
        ("陈大文", "H09876543", "entry", "罗湖"),
        ("黄小明", "C12345678", "exit", "罗湖"),
    ]
    assert taken.stated[("count", "", "")] == 2


def test_codes_without_a_legend_are_asked_about_and_answered_by_a_rule(tmp_path: Path) -> None:
    path = tmp_path / "旅客.txt"
    path.write_bytes(_PASSED.format("").replace("\t2\t", "\tX\t").replace("\t1\t", "\tY\t").encode("gb18030"))
    sheet = _proposed(path)
    (question,) = sheet.questions
    assert question.candidates == ("words: x=entry, y=exit", "words: x=exit, y=entry")
    told = actions.answered(sheet, question, actions.meant(sheet, question, "y=entry, x=exit"))
    reading = told.mapping.reading("direction")
    assert reading is not None
    assert dict(reading.words) == {"y": "entry", "x": "exit"}
    with pytest.raises(UnknownName):
        actions.meant(sheet, question, "y=up")


def test_a_firms_statement_sets_its_carried_balances_aside(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "公司户对账单.csv"
    path.write_bytes(
        (
            "某银行 对公账户明细,,,,,,\n账号:,\t755900001234567,,户名:,深圳市某生物科技有限公司,,\n币种:,人民币,,单位：元,,,\n"
            "交易日,交易时间,借方发生额,贷方发生额,余额,对方户名,对方账号\n期初余额,,,,\"1,000,000.00\",,\n"
            "20250303,102233,\"12,000.00\",,\"988,000.00\",李四,\t6222021234567890123\n"
            "20250304,93011,,\"280,000.00\",\"1,268,000.00\",香港某检测有限公司,\t012345678901\n"
            "本期合计,,\"12,000.00\",\"280,000.00\",,,\n"
        ).encode("gb18030")
    )  # fmt: skip
    (taken,) = take(path)
    own = "755900001234567"
    assert taken.values("payer_account", "payee_account", "amount", "paid_at") == [
        (own, "6222021234567890123", Decimal(12000), _at(2025, 3, 3, 10, 22, 33)),
        ("012345678901", own, Decimal(280000), _at(2025, 3, 4, 9, 30, 11)),
    ]
    assert taken.reasons == ["a balance carried from one page or period to the next", "totals"]
    assert taken.guess.unsure == ()


def test_an_english_statement_with_two_dates_asks_nothing_where_they_agree(take: Take, tmp_path: Path) -> None:
    rows = [
        ["HARBOUR BANK LIMITED"],
        ["Account Holder:", "LEE KWOK KEUNG"],
        ["Account No.", "012-345-678901-833"],
        ["Currency", "HKD"],
        [],
        ["Date", "Value Date", "Description", "Withdrawals", "Deposits", "Balance"],
        [None, None, "B/F BALANCE", None, None, 10000],
        ["03 MAR 2025", "03 MAR 2025", "FPS FROM CHAN", None, 2500, 12500],
        ["05 MAR 2025", "05 MAR 2025", "ATM", 1500, None, 11000],
        ["Total", None, None, 1500, 2500, None],
    ]
    (taken,) = take(_book(tmp_path, "e-statement.xlsx", rows))
    assert taken.guess.unsure == ()
    assert taken.values("payer_account", "payee_account", "amount", "currency") == [
        ("012345678901833~?", "012345678901833", Decimal(2500), "HKD"),
        ("012345678901833", "012345678901833~?", Decimal(1500), "HKD"),
    ]
    assert taken.reasons == ["a balance carried from one page or period to the next", "totals"]


def test_blocks_in_traditional_script_each_keep_their_traveller(take: Take, tmp_path: Path) -> None:
    head = ["序號", "日期", "時間", "出/入", "口岸"]
    rows = [
        ["出入境紀錄查詢結果"],
        ["姓名", "黃小明", "證件號碼", "C12345678"],
        head,
        [1, "2025/03/05", "08:20", "出", "羅湖"],
        [2, "2025/03/05", "18:02", "入", "羅湖"],
        [],
        ["姓名", "陳大文", "證件號碼", "H0987654301"],
        head,
        [1, "2025/03/06", "09:20", "出", "福田"],
    ]
    first, second = take(_book(tmp_path, "出入境紀錄.xlsx", rows))
    assert first.values("document_no", "traveller_name", "direction", "crossed_at") == [
        ("C12345678", "黄小明", "exit", _at(2025, 3, 5, 8, 20)),
        ("C12345678", "黄小明", "entry", _at(2025, 3, 5, 18, 2)),
    ]
    assert second.values("document_no", "traveller_name", "direction") == [("H09876543", "陈大文", "exit")]


def test_upright_entries_of_subscribers_are_an_entry_each(take: Take, tmp_path: Path) -> None:
    def entry(phone: str, name: str, document: str) -> list[list[Any]]:
        return [
            ["手机号码", phone, "入网时间", "2019-05-06"],
            ["客户姓名", name, "证件号码", document],
            ["证件地址", "北京市东城区某胡同1号"],
        ]

    rows = [["用户资料查询结果"], *entry("13800138000", "王五", "110101199003070011"), [], *entry("13900139000", "赵六", "110101198001010010")]
    found = take(_book(tmp_path, "机主资料.xlsx", rows))
    assert {each.guess.mapping.profile for each in found} == {"phone_subscribers"}
    assert [each.values("identifier_type", "identifier", "holder_name", "valid_from") for each in found] == [
        [("phone", "+8613800138000", "王五", dt.date(2019, 5, 6))],
        [("phone", "+8613900139000", "赵六", dt.date(2019, 5, 6))],
    ]


def test_rows_below_labels_alone_are_never_taken_for_records_of_the_labels(tmp_path: Path) -> None:
    above = [["手机号码", "13800138000", "证件号码", "110101199003070011", "客户姓名", "王五", "入网时间", "2019-05-06"]]
    (sheet,) = sources.sniff(_book(tmp_path, "a.xlsx", [*above, [], ["甲", "乙", "丙"], ["x", "y", "1"], ["z", "w", "2"]]))
    assert {label for label, _ in sheet.labels} == {"手机号码", "证件号码", "客户姓名", "入网时间"}
    assert ingest.guess(sheet).confidence == 0


def test_the_answer_of_a_service_is_unwrapped(take: Take, tmp_path: Path) -> None:
    parcel = '{"mailno":"YT2025030500001","send":{"name":"赵敏","mobile":"13800138000"},"recv":{"name":"黄伟","mobile":"13900139000"},"weight":230,"goods":"茶叶","time":"2025-03-05 10:00:00"}'
    path = tmp_path / "waybills.json"
    path.write_text(f'{{"code":0,"result":{{"list":[{parcel},{parcel.replace("00001", "00002")}]}}}}', encoding="utf-8")
    (taken,) = take(path)
    assert taken.values("waybill_no", "sender_name", "receiver_phone", "accepted_at") == [
        ("YT2025030500001", "赵敏", "+8613900139000", _at(2025, 3, 5, 10)),
        ("YT2025030500002", "赵敏", "+8613900139000", _at(2025, 3, 5, 10)),
    ]


def test_a_total_in_a_column_of_texts_is_no_record(take: Take, tmp_path: Path) -> None:
    rows = [
        ["检材清单  查获编号：深关缉2025-031"],
        ["检材编号", "标签内容", "管型", "血量(ml)"],
        ["J1", "李某 7W", "紫帽EDTA", 6],
        ["J2", "王某 8W", "紫帽EDTA", "5.5ml"],
        ["合计", "2支", None, 11.5],
    ]
    (taken,) = take(_book(tmp_path, "检材清单.xlsx", rows))
    assert taken.values("specimen_id", "seizure_id", "volume_ml") == [
        ("J1", "深关缉2025-031", 6.0),
        ("J2", "深关缉2025-031", 5.5),
    ]
    assert taken.reasons == ["totals"]


def test_a_name_in_two_columns_is_one_name(take: Take, tmp_path: Path) -> None:
    rows = [
        ["Border movements"],
        ["Surname", "Given names", "Passport", "DOB", "Entry/Exit", "Date & time", "Crossing point"],
        ["CHAN", "TAI MAN", "H09876543", "1980-01-02", "Exit", _at(2025, 3, 5, 10, 20), "Lo Wu"],
    ]
    (taken,) = take(_book(tmp_path, "passengers.xlsx", rows))
    assert taken.values("traveller_name", "document_no", "direction", "port", "birth_date") == [
        ("CHAN TAI MAN", "H09876543", "exit", "Lo Wu", dt.date(1980, 1, 2))
    ]


def test_owners_of_vehicles_are_holders_of_plates(take: Take, tmp_path: Path) -> None:
    rows = [
        ["车辆登记"],
        ["号牌号码", "所有人", "身份证明号码", "登记日期", "住址"],
        ["粤B·12345", "王五", "110101199003070011", "2019-05-06", "广东省深圳市某街1号"],
    ]
    (taken,) = take(_book(tmp_path, "车辆.xlsx", rows))
    assert taken.guess.mapping.profile == "vehicle_register"
    assert taken.values("identifier_type", "identifier", "holder_name", "holder_document", "valid_from") == [
        ("vehicle", "粤B12345", "王五", "110101199003070011", dt.date(2019, 5, 6))
    ]


def test_circumflexes_part_columns_too(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "pay_export.txt"
    path.write_bytes(
        (
            "流水号^交易日期^交易时间^付方账号^付方户名^收方账号^收方户名^交易金额^币别\n"
            "1001^20250305^101010^6222020200000000017^王五^6217000010000000025^赵六^300.00^CNY\n"
            "1002^20250306^111010^6222020200000000017^王五^6217000010000000033^孙七^200.00^CNY\n"
        ).encode("gb18030")
    )
    (taken,) = take(path)
    assert taken.values("payer_account", "payee_account", "payee_name", "amount", "paid_at") == [
        ("6222020200000000017", "6217000010000000025", "赵六", Decimal(300), _at(2025, 3, 5, 10, 10, 10)),
        ("6222020200000000017", "6217000010000000033", "孙七", Decimal(200), _at(2025, 3, 6, 11, 10, 10)),
    ]


def test_amounts_that_say_behind_them_which_way_they_went(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "acct_9988776655.csv"
    path.write_text(
        "Statement for A/c 9988776655\nValue Dt|Particulars|Chq No|Amount|Balance\n"
        "05/03/2025|NEFT FROM LAB SVC|-|1,200.00 Cr|11,200.00 Cr\n17/03/2025|UPI TO SURESH|-|3,000.00 Dr|8,200.00 Cr\n",
        encoding="utf-8",
    )
    (taken,) = take(path)
    assert taken.values("payer_account", "payee_account", "amount", "paid_at") == [
        ("9988776655~?", "9988776655", Decimal(1200), _at(2025, 3, 5)),
        ("9988776655", "9988776655~?", Decimal(3000), _at(2025, 3, 17)),
    ]
    assert [each.what for each in taken.guess.unsure] == ["own_account"]
