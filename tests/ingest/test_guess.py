"""Guessing: the kind and the fields of a sheet, and what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from vialtrace import ingest, sources
from vialtrace.ingest import Guess
from vialtrace.model import RECORDS

_VALUES = {
    "text": "abc",
    "time": "2024-03-05 10:00:00",
    "date": "2024-03-05",
    "money": "12.50",
    "number": "120",
    "integer": "2",
    "phone": "13800138000",
    "document": "C12345678",
    "account": "6222021234567890",
    "handle": "abc_1",
    "org_id": "91440300MA5DA1234X",
    "waybill_no": "SF1234567890123",
    "permit_no": "HGR-2024-17",
    "address": "广东省深圳市罗湖区人民路1号",
    "name": "张三",
    "direction": "exit",
    "currency": "CNY",
    "identifier_type": "phone",
    "identifier": "13800138000",
}


def _guess(tmp_path: Path, text: str, name: str = "file.csv") -> Guess:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return ingest.guess(sources.sniff(path)[0])


@pytest.mark.parametrize("kind", list(RECORDS))
@pytest.mark.parametrize("language", [-1, 0, 1])
def test_every_kind_is_known_by_its_own_headers(tmp_path: Path, kind: str, language: int) -> None:
    fields = [column for column in RECORDS[kind].columns if not column.key and column.name != "is_day_only"]
    headers = [column.name if language < 0 else column.label[language] for column in fields]
    guess = _guess(
        tmp_path, "\t".join(headers) + "\n" + ("\t".join(_VALUES[column.kind_name] for column in fields) + "\n") * 3
    )
    assert guess.mapping.kind == kind
    assert {each.field for each in guess.mapping.readings} == {column.name for column in fields}
    assert guess.confidence > 0.9


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("寄件人(Sender)", "sender_name"),
        ("Sender Name / 寄件人", "sender_name"),
        ("ＳＥＮＤＥＲ＿ＮＡＭＥ", "sender_name"),
        ("sender-name", "sender_name"),
        ("收件人电话（必填）", "receiver_phone"),
        ("【寄件地址】", "sender_address"),
    ],
)
def test_headers_are_matched_however_they_are_dressed(tmp_path: Path, header: str, field: str) -> None:
    kind_name = RECORDS["waybill"].column(field).kind_name
    guess = _guess(tmp_path, f"运单号,收寄时间,{header}\nSF1234567890123,2024-01-01,{_VALUES[kind_name]}\n")
    reading = guess.mapping.reading(field)
    assert reading is not None
    assert reading.column == header


def test_a_file_that_fits_no_kind_is_told_what_it_lacks(tmp_path: Path) -> None:
    guess = _guess(tmp_path, "nodeid,isFraud,init_balance,fraudStep\n0,0,184.44,-1\n1,0,175.80,-1\n")
    assert guess.confidence == 0
    assert "No record kind fits" in guess.reason
    guess = _guess(tmp_path, "寄件人,寄件地址,重量(克)\n张三,广东省深圳市,120\n")
    assert guess.confidence == 0
    assert "waybill" in guess.reason
    assert "lacks waybill_no, accepted_at" in guess.reason


@pytest.mark.parametrize(
    ("header", "field"),
    [("Booked At", "accepted_at"), ("Date of Booking", "accepted_at"), ("Handed in", "accepted_at")],
)
def test_the_one_required_column_that_no_header_names_is_taken_by_its_values_and_asked_about(
    tmp_path: Path, header: str, field: str
) -> None:
    heads = f"Tracking Number,{header},Shipper,Shipper Mobile,Consignee,Consignee Address"
    rows = [f"SF123456789012{n},2024-03-{n + 10} 10:00,Ann Lee,+639171904424,Bo Cruz,6 Rizal Street" for n in range(5)]
    told = _guess(tmp_path, "\n".join([heads, *rows]) + "\n")
    assert told.mapping.kind == "waybill"
    assert {each.field: each.column for each in told.mapping.readings}[field] == header
    assert (header == "Handed in") == any(question.what == field for question in told.unsure)


def test_a_permit_whose_holder_stands_under_an_unknown_header_is_taken_and_asked_about(tmp_path: Path) -> None:
    told = _guess(
        tmp_path,
        "NOC No,Laboratory concerned,Material,Approved Quantity,Unit,Valid From,Valid Until,Destination\n"
        "EXP/2025/3214,Grandcare Medical Lab,blood,100,tubes,2024-01-01,2024-12-31,Singapore\n"
        "EXP/2025/3215,Harbour Gene Lab,blood,200,tubes,2024-01-01,2024-12-31,Singapore\n",
    )
    assert told.mapping.kind == "permit"
    assert {each.field: each.column for each in told.mapping.readings}["holder_name"] == "Laboratory concerned"
    assert any(question.what == "holder_name" for question in told.unsure)


def test_two_missing_columns_are_too_many(tmp_path: Path) -> None:
    told = _guess(tmp_path, "Tracking Number,Note\nSF1234567890123,abc\n")
    assert told.confidence == 0


def test_import_declarations_are_taken_with_a_question(tmp_path: Path) -> None:
    guess = _guess(
        tmp_path,
        "Declaration ID,Date,Import Type,Importer ID,HS6 Code,Item Price\n"
        "97061800,2020-01-01,11,QLRUBN9,440890,372254.4\n",
    )
    assert guess.mapping.kind == "declaration"
    assert guess.confidence < 0.9
    assert [question.what for question in guess.unsure] == ["kind"]


def test_small_numbers_for_times_are_asked_about(tmp_path: Path) -> None:
    guess = _guess(tmp_path, "sourceNodeId,targetNodeId,value,time\n280,15349,147.8,1\n249,9015,104.06,2\n")
    assert guess.mapping.kind == "payment"
    assert [question.what for question in guess.unsure] == ["paid_at"]


@pytest.mark.parametrize(
    ("header", "values", "scale", "is_asked"),
    [
        ("重量(kg)", ("0.3", "1.2"), "1000", False),
        ("weight_g", ("120", "300"), "", False),
        ("重量", ("0.3", "1.2"), "1000", True),
        ("重量", ("120", "300"), "", False),
        ("实际重量（KG）", ("0.3", "1"), "1000", False),
    ],
)
def test_weights_are_scaled_by_header_or_asked_about(
    tmp_path: Path, header: str, values: tuple[str, str], scale: str, *, is_asked: bool
) -> None:
    rows = "".join(f"SF123456789012{n},2024-01-01,{value}\n" for n, value in enumerate(values))
    guess = _guess(tmp_path, f"运单号,收寄时间,{header}\n{rows}")
    reading = guess.mapping.reading("weight_g")
    assert reading is not None
    assert (reading.scale, any(question.what == "weight_g" for question in guess.unsure)) == (scale, is_asked)


def test_fen_and_yuan_are_told_by_the_header(tmp_path: Path) -> None:
    guess = _guess(tmp_path, "交易时间,付款账号,收款账号,交易金额(分)\n2024-01-01,6222021,6222022,12300\n")
    assert guess.mapping.readings[-1].scale == "0.01"
    guess = _guess(tmp_path, "交易时间,付款账号,收款账号,金额（元）\n2024-01-01,6222021,6222022,123\n")
    assert dict(guess.mapping.constants) == {"currency": "CNY"}


def test_dates_that_prove_no_order_are_asked_about(tmp_path: Path) -> None:
    guess = _guess(tmp_path, "waybill_no,accepted_at\nSF1234567,05/03/2024\n")
    assert guess.unsure[0].candidates == ("order: dmy", "order: mdy")
    assert _guess(tmp_path, "waybill_no,accepted_at\nSF1234567,25/03/2024\n").unsure == ()


def test_a_header_whose_values_do_not_fit_is_asked_about(tmp_path: Path) -> None:
    guess = _guess(
        tmp_path, "waybill_no,accepted_at,sender_phone\nSF1234567,2024-01-01,张三\nSF1234568,2024-01-01,李四\n"
    )
    assert [question.what for question in guess.unsure] == ["sender_phone"]


def test_a_platform_is_taken_from_the_name_of_the_file_with_a_question(tmp_path: Path) -> None:
    guess = _guess(tmp_path, "账号,发布时间,正文\nabc,2024-01-01,你好\n", "小红书采集.csv")
    assert dict(guess.mapping.constants) == {"platform": "xiaohongshu"}
    assert "platform" in [question.what for question in guess.unsure]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (
            "identifier_type,identifier,holder_name\nphone,13800010101,A\naccount,622202,B\nhandle,wx_1,C\n",
            "identifier_type",
        ),
        ("paid_at,own_account,flow,amount,other_account\n" + "2025-03-03,62220200000,收入,1,62170000000\n" * 4, "flow"),
    ],
)
def test_words_of_a_column_may_be_headers_elsewhere(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    (sheet,) = sources.sniff(path)
    assert ingest.guess(sheet).mapping.reading(field) is not None
