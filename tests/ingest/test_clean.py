"""Cleaners, value by value and against plain Python."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vialtrace.ingest.clean import CLEANERS
from vialtrace.model import RECORDS

from .conftest import Clean

QUICK = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def test_every_kind_of_value_in_a_record_has_a_cleaner() -> None:
    used = {column.kind_name for table in RECORDS.values() for column in table.columns}
    assert used - {"row_id", "flag"} == set(CLEANERS)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "　ＡＢＣ　１２３ ", "ABC 123"),
        ("text", "null", None),
        ("text", "—", None),
        ("text", '="0012"', "0012"),
        ("phone", "13800138000", "+8613800138000"),
        ("phone", "+86 138-0013-8000", "+8613800138000"),
        ("phone", "008613800138000", "+8613800138000"),
        ("phone", "8613800138000", "+8613800138000"),
        ("phone", "１３８００１３８０００", "+8613800138000"),
        ("phone", "13800138000.0", "+8613800138000"),
        ("phone", "138****8000", "+86138****8000"),
        ("phone", "138xxxx8000", "+86138****8000"),
        ("phone", "138••••8000", "+86138****8000"),
        ("phone", "0755-82345678", "+8675582345678"),
        ("phone", "(0755)8234 5678转801", "+8675582345678"),
        ("phone", "+852 9123 4567", "+85291234567"),
        ("phone", "1.3800138E+10", None),
        ("phone", "1.3800138000E+10", "+8613800138000"),
        ("phone", "12", None),
        ("phone", "400-800-1234", "+864008001234"),
        ("phone", "+1 (650) 253-0000", "+16502530000"),
        ("phone", "abc", None),
        ("document", "C12345678", "C12345678"),
        ("document", "h0123456701", "H01234567"),
        ("document", "M0123456702", "M01234567"),
        ("document", "e 1234 5678", "E12345678"),
        ("document", "A123456(3)", "A1234563"),
        ("document", "A123456(4)", None),
        ("document", "4.40301E+17", None),
        ("document", "440301********1234", "440301********1234"),
        ("document", "x", None),
        ("account", "6222 0212 3456 7890", "6222021234567890"),
        ("account", "17", "17"),
        ("account", "Abc***@QQ.com", "abc***@qq.com"),
        ("account", "6.22202E+18", None),
        ("account", "6222*********1234", "6222*********1234"),
        ("org_id", "QLRUBN9", "QLRUBN9"),
        ("org_id", "440301103097413", "440301103097413"),
        ("waybill_no", "sf-1234567890123", "SF1234567890123"),
        ("waybill_no", "1.23457E+17", None),
        ("waybill_no", "no", None),
        ("permit_no", "国科遗办审字〔2024〕 17号", "国科遗办审字(2024)17号"),
        ("name", "张 三", "张三"),
        ("name", "张*三", "张*三"),
        ("name", "张某某", "张*"),
        ("name", "李女士", "李*"),
        ("name", "张XX", "张*"),
        ("name", "zhang  san", "ZHANG SAN"),
        ("name", "欧阳·娜娜", "欧阳·娜娜"),
        ("name", "123", None),
        ("address", "广东省 深圳市　罗湖区 人民路1号", "广东省深圳市罗湖区人民路1号"),
        ("address", "Flat 5,  Luohu", "Flat 5, Luohu"),
        ("direction", "出境", "exit"),
        ("direction", "I", "entry"),
        ("direction", "Outbound", "exit"),
        ("direction", "?", None),
        ("currency", "人民币", "CNY"),
        ("currency", "hk$", "HKD"),
        ("currency", "chf", "CHF"),
        ("currency", "?", None),
        ("identifier_type", "手机号", "phone"),
        ("identifier_type", "银行卡", "account"),
        ("identifier_type", "shoe", None),
        ("handle", "微信: Abc_1", "wechat:abc_1"),
        ("handle", "abc", "unknown:abc"),
        ("handle", "xhs:Foo", "xiaohongshu:foo"),
    ],
)
def test_a_value_comes_to_its_one_normal_form(clean: Clean, kind: str, raw: str, value: str | None) -> None:
    ((found, problem),) = clean(kind, [raw])
    assert found == value
    is_blank = raw in ("null", "—")
    assert (problem is not None) == (value is None and not is_blank)


def test_an_absent_value_is_no_problem_for_any_cleaner(clean: Clean) -> None:
    for kind in CLEANERS:
        assert clean(kind, [None, "", " ", "-", "无"]) == [(None, None)] * 5, kind


def test_several_phones_in_one_cell_give_the_first_and_a_note(clean: Clean) -> None:
    ((value, problem),) = clean("phone", ["13800138000/13900139000"])
    assert value == "+8613800138000"
    assert "first" in problem


def test_a_phone_without_a_country_code_is_of_the_country_of_the_case(clean: Clean) -> None:
    assert clean("phone", ["91234567"], country="HK")[0][0] == "+85291234567"
    assert clean("phone", ["09812345678"], country="IN")[0][0] == "+919812345678"


def _resident(digits: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]


@QUICK
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["440301", "110105", "810000", "830000"]),
            st.dates(dt.date(1930, 1, 1), dt.date(2024, 1, 1)),
            st.integers(0, 999),
            st.sampled_from("0123456789X"),
        ),
        min_size=20,
        max_size=20,
    )
)
def test_a_resident_card_is_read_exactly_if_its_check_digit_holds(
    clean: Clean, parts: list[tuple[str, dt.date, int, str]]
) -> None:
    cards = [f"{region}{born:%Y%m%d}{serial:03d}" for region, born, serial, _ in parts]
    for (value, problem), card, (*_, check) in zip(
        clean("document", [card + check for card, (*_, check) in zip(cards, parts, strict=True)]),
        cards,
        parts,
        strict=True,
    ):
        holds = _resident(card) == check
        assert (value == card + check) == holds
        assert (problem is None) == holds
    assert [value for value, _ in clean("document", [card + _resident(card) for card in cards])] == [
        card + _resident(card) for card in cards
    ]


def test_an_old_card_of_fifteen_digits_is_brought_to_eighteen(clean: Clean) -> None:
    ((value, problem),) = clean("document", ["440301800101001"])
    assert value == "44030119800101001" + _resident("44030119800101001")
    assert problem is None


def test_a_birth_date_that_does_not_exist_is_said(clean: Clean) -> None:
    card = "44030119900231001"
    assert "birth date" in clean("document", [card + _resident(card)])[0][1]


@QUICK
@given(
    st.lists(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=16, max_size=16), min_size=10, max_size=10),
    st.integers(0, 30),
)
def test_a_credit_code_is_read_exactly_if_its_check_character_holds(
    clean: Clean, bodies: list[str], shift: int
) -> None:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    codes = []
    for body in ("9" + body for body in bodies):
        total = sum(alphabet.index(letter) * weight for letter, weight in zip(body, weights, strict=True))
        codes.append((body, alphabet[(31 - total % 31) % 31]))
    found = clean("org_id", [body + check for body, check in codes])
    assert [value for value, _ in found] == [body + check for body, check in codes]
    wrong = [body + alphabet[(alphabet.index(check) + shift) % 31] for body, check in codes]
    assert all((value is None) == (shift != 0) for value, _ in clean("org_id", wrong))


@QUICK
@given(
    st.lists(
        st.tuples(
            st.decimals(0, Decimal(9999999), places=2),
            st.sampled_from(["", "¥", "￥", "RMB ", "HK$"]),
            st.booleans(),
            st.booleans(),
            st.sampled_from(["", "元"]),
        ),
        min_size=20,
        max_size=20,
    )
)
def test_money_means_what_was_written(clean: Clean, parts: list[tuple[Decimal, str, bool, bool, str]]) -> None:
    written, meant = [], []
    for amount, sign, has_separators, in_brackets, unit in parts:
        text = f"{sign}{amount:,}{unit}" if has_separators else f"{sign}{amount}{unit}"
        written.append(f"({text})" if in_brackets else text)
        meant.append(-amount if in_brackets else amount)
    assert [value for value, _ in clean("money", written)] == meant


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        ("1.2万", "12000"),
        ("3亿", "300000000"),
        ("1.234,56", "1234.56"),
        ("12,5", "12.5"),
        ("-12.00", "-12"),
        ("12.00-", "-12"),
        ("1e3", "1000"),
        ("０．５元", "0.5"),
        ("1,23,456", None),
        ("12.3.4", None),
        ("abc", None),
        ("1e30", None),
    ],
)
def test_money_in_odd_forms(clean: Clean, raw: str, amount: str | None) -> None:
    assert clean("money", [raw])[0][0] == (None if amount is None else Decimal(amount))


def test_fen_become_yuan_by_the_scale_of_the_mapping(clean: Clean) -> None:
    assert clean("money", ["123456"], reading={"scale": "0.01"})[0][0] == Decimal("1234.56")


@pytest.mark.parametrize(
    ("field", "raw", "scale", "value"),
    [
        ("weight_g", "0.5kg", "", 500.0),
        ("weight_g", "500", "", 500.0),
        ("weight_g", "0.5", "1000", 500.0),
        ("weight_g", "500g", "1000", 500.0),
        ("weight_g", "2斤", "", 1000.0),
        ("weight_g", "2 bags", "", None),
        ("quantity", "33人份", "", 33.0),
        ("quantity", "1,200", "", 1200.0),
        ("duration_s", "00:03:25", "", 205.0),
        ("duration_s", "3分25秒", "", 205.0),
        ("duration_s", "61", "", 61.0),
        ("storage_celsius", "4℃", "", 4.0),
        ("storage_celsius", "-20", "", -20.0),
        ("volume_ml", "6ml", "", 6.0),
    ],
)
def test_quantities_come_in_the_unit_of_their_field(
    clean: Clean, field: str, raw: str, scale: str, value: float | None
) -> None:
    assert clean("number", [raw], reading={"scale": scale}, field=field)[0][0] == value


MOMENT = dt.datetime(2024, 3, 5, 14, 22, 33)  # noqa: DTZ001  local by design


@QUICK
@given(st.lists(st.datetimes(dt.datetime(1995, 1, 1), dt.datetime(2030, 1, 1)), min_size=10, max_size=10))  # noqa: DTZ001
def test_a_moment_is_the_same_in_every_form(clean: Clean, moments: list[dt.datetime]) -> None:
    moments = [moment.replace(microsecond=0) for moment in moments]
    forms = (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y%m%d %H%M%S",
        "%Y%m%d%H%M%S",
        "%Y年%m月%d日 %H时%M分%S秒",
        "%d %b %Y %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S+08:00",
        "%B %d, %Y %I:%M:%S %p",
    )
    for form in forms:
        written = [moment.strftime(form) for moment in moments]
        assert [value for value, _ in clean("time", written)] == moments, form
    slashed = [
        f"{each.year}/{each.month}/{each.day} {each.hour}:{each.minute:02d}:{each.second:02d}" for each in moments
    ]
    assert [value for value, _ in clean("time", slashed)] == moments
    serials = [repr((each - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)) for each in moments]  # noqa: DTZ001
    assert [value for value, _ in clean("time", serials)] == moments


@pytest.mark.parametrize(
    ("raw", "zone", "value"),
    [
        ("2024-03-05T06:22:33Z", "Asia/Shanghai", MOMENT),
        ("2024-03-05T01:22:33-05:00", "Asia/Shanghai", MOMENT),
        ("1709619753", "Asia/Shanghai", MOMENT),
        ("1709619753000", "Asia/Shanghai", MOMENT),
        ("2024-07-01T12:00:00Z", "Europe/London", dt.datetime(2024, 7, 1, 13)),  # noqa: DTZ001
        ("2024-01-01T12:00:00Z", "Europe/London", dt.datetime(2024, 1, 1, 12)),  # noqa: DTZ001
        ("2024-03-05 14:22:33.123456", "Asia/Shanghai", MOMENT.replace(microsecond=123456)),
        ("2024年3月5日下午2时22分33秒", "Asia/Shanghai", MOMENT),
        ("2024-02-30", "Asia/Shanghai", None),
        ("1724-01-01", "Asia/Shanghai", None),
        ("17", "Asia/Shanghai", None),
        ("05/03/2024", "Asia/Shanghai", None),
    ],
)
def test_a_moment_is_in_the_time_zone_of_the_case(clean: Clean, raw: str, zone: str, value: dt.datetime | None) -> None:
    ((found, problem),) = clean("time", [raw], time_zone=zone)
    assert found == value
    assert (problem is None) == (value is not None)


@pytest.mark.parametrize(
    ("order", "raw"), [("dmy", "05/03/2024 14:22:33"), ("mdy", "3-5-24 14:22:33"), ("ymd", "24.3.5 14:22:33")]
)
def test_the_order_of_day_and_month_is_that_of_the_mapping(clean: Clean, order: str, raw: str) -> None:
    assert clean("time", [raw], reading={"order": order})[0][0] == MOMENT


def test_day_numbers_count_from_their_origin(clean: Clean) -> None:
    found = clean("time", ["1", "1.5", "x"], reading={"form": "day_number", "origin": "2024-01-01"})
    assert [value for value, _ in found] == [dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 2, 12), None]  # noqa: DTZ001


@QUICK
@given(st.lists(st.text(max_size=30), min_size=20, max_size=20))
def test_no_text_whatever_breaks_a_cleaner(clean: Clean, texts: list[str]) -> None:
    texts = [text.replace("\x00", "") for text in texts]
    for kind in CLEANERS:
        assert len(clean(kind, texts)) == len(texts)


@pytest.mark.parametrize("raw", ["3月5日", "12月31号 14:20", "3/5", "03-05 14:20"])
def test_a_day_without_its_year_is_said_to_lack_it(clean: Clean, raw: str) -> None:
    ((found, problem),) = clean("time", [raw])
    assert found is None
    assert problem is not None
    assert problem.startswith("a day without its year")


@pytest.mark.parametrize("raw", ["₹1,005.68", "₹ 1005.68", "Rs. 1,005.68", "INR 1005.68"])
def test_rupees_are_money(clean: Clean, raw: str) -> None:
    assert clean("money", [raw]) == [(Decimal("1005.68"), None)]
