"""What holds of every cleaner whatever it is given: one form of a value however it is written, and no silence."""

# ruff: noqa: E501  lines of values stand here as they come
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from vialtrace.ingest.clean import CLEANERS, Setting, folded
from vialtrace.ingest.clean.identifiers import hong_kong_holds, luhn_holds, resident_check, uscc_holds
from vialtrace.kit.scalars import compiled
from vialtrace.model.mapping import NO_YEAR, Reading

MANY = settings(max_examples=150, deadline=None)
FEW = settings(max_examples=8, deadline=None)
"""For those that only the engine works out: each example is a column of many texts."""

ENGINE_ONLY = ("time", "date", "number", "integer")
_FIELDS = {"money": "amount", "number": "weight_g", "integer": "pieces", "time": "paid_at", "date": "birth_date"}
_ROWS = ibis.table({"x": "string", "beside": "string"}, name="rows")


@cache
def _reader(kind: str, reading: Reading | None = None) -> Callable[[str], tuple[Any, Any]]:
    """``reader(text)`` gives the value and the problem: the cleaner worked out in Python, which a test holds to DuckDB."""
    given_reading = reading or Reading(_FIELDS.get(kind, "f"), "column")
    cell = CLEANERS[kind](_ROWS.x, Setting(given_reading))
    value, problem = compiled(cell.value), compiled(cell.problem)
    return lambda text: (value({"x": text, "beside": None}), problem({"x": text, "beside": None}))


def _read_all(kind: str, texts: list[str], reading: Reading | None = None) -> list[tuple[Any, Any]]:
    """The same of many texts, worked out in DuckDB."""
    rows = ibis.memtable(pa.table({"n": range(len(texts)), "x": pa.array(texts, pa.string())}))
    cell = CLEANERS[kind](rows.x, Setting(reading or Reading(_FIELDS.get(kind, "f"), "column")))
    found = _engine().to_pyarrow(rows.select("n", value=cell.value, problem=cell.problem)).to_pylist()
    return [(row["value"], row["problem"]) for row in sorted(found, key=lambda row: row["n"])]


@cache
def _engine() -> ibis.BaseBackend:
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET threads = 1")
    return backend


_FOLDED = compiled(folded(_ROWS.x))
_LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
_PIECES = st.sampled_from(
    "138 1234 **** +86 - . / , 张 三 女士 公司 Ltd ZHANG １３８ （ ） X E+10 .00 ¥ HK$ 1,234.50 万 k 广东省 深圳市 1栋 502室 HK M1234567 "
    "11010519491231002X 91350100M000100Y43 SF null 无 @ wx 微信 : a@b.cn (8) 出境 rmb 12.5 -5 2024-03-05 05/03/2024 3月5日 14:22 45356.5 "
    "下午 kg 克 ml 分 秒 1e3 1e100 -9e999 99999999999999999999 NaN inf 0x1 ½ Ⅷ ² ٣|\t|\u3000|\u200b|'|=\"|\"|\n".replace("|", " ").split(" ")
)
ANY_TEXT = st.text(_LETTERS, max_size=25) | st.lists(_PIECES, max_size=5).map("".join)


@pytest.mark.parametrize("kind", sorted(set(CLEANERS) - {*ENGINE_ONLY}))
@MANY
@given(text=ANY_TEXT)
@example(text="")
@example(text="0")
@example(text="1.23457E+17")
@example(text="0E000/")
@example(text="㐀女士先生")
@example(text="王小医生先生")
@example(text="王某某先生")
@example(text="@@a")
@example(text="NULL")
@example(text='="X"::*微信')
@example(text="''")
def test_a_text_is_read_or_said_to_be_unreadable_and_what_was_read_is_read_again(kind: str, text: str) -> None:
    read = _reader(kind)
    value, problem = read(text)
    _is_said(text, value, problem)
    if value is not None:
        assert read(str(value))[0] == value


@pytest.mark.parametrize("kind", ENGINE_ONLY)
@FEW
@given(texts=st.lists(ANY_TEXT, min_size=40, max_size=40))
@example(texts=["1e100", "-1e100", "1e400", "9" * 30, "9" * 400, "5"])
def test_the_same_of_times_and_quantities(kind: str, texts: list[str]) -> None:
    found = _read_all(kind, texts)
    for text, (value, problem) in zip(texts, found, strict=True):
        _is_said(text, value, problem)
    values = [value for value, _ in found if value is not None]
    if values:
        again = [value for value, _ in _read_all(kind, [_written(value) for value in values])]
        assert again == (pytest.approx(values) if kind == "number" else values)


def _is_said(text: str, value: Any, problem: str | None) -> None:
    """An absent value is no problem, and of any other text something was read, or it is said why nothing was."""
    if _FOLDED({"x": text, "beside": None}) is None:
        assert (value, problem) == (None, None)
    else:
        assert value is not None or problem, text


def _written(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6f}" if abs(value) < 1e9 else repr(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _dressed(draw: Any, text: str, *, blanks: str = " ", is_upper: bool = True) -> str:
    """A text as people and spreadsheets write it: blanks inside, full-width, in quotes, with a tab glued to it."""
    if blanks and draw(st.booleans()):
        at = draw(st.integers(1, max(1, len(text) - 1)))
        text = text[:at] + draw(st.sampled_from(list(blanks))) + text[at:]
    if is_upper and draw(st.booleans()):
        text = text.lower()
    if draw(st.booleans()):
        text = text.translate(_WIDE)
    before, behind = draw(st.sampled_from([("", ""), ("\t", ""), ("'", ""), ('="', '"'), ("\u200b", " "), ("　", "　"), ("`", "")]))
    return before + text + behind


def _card(region: str, born: dt.date, serial: int) -> str:
    body = f"{region}{born:%Y%m%d}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


CARDS = st.builds(
    _card,
    st.sampled_from(["440301", "110105", "810000", "830000"]),
    st.dates(dt.date(1930, 1, 1), dt.date(2024, 1, 1)),
    st.integers(0, 999),
)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _code(body: str) -> str:
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(_USCC.index(letter) * weight for letter, weight in zip(body, weights, strict=True))
    return body + _USCC[(31 - total % 31) % 31]


CODES = st.text(_USCC, min_size=16, max_size=16).map(lambda body: _code("9" + body))
DIGITS = st.text("0123456789", min_size=8, max_size=8)
NUMBERS: dict[str, tuple[str, st.SearchStrategy[str], str]] = {
    "mobile": ("phone", st.builds("+861{}{}".format, st.integers(3, 9), st.text("0123456789", min_size=9, max_size=9)), " -"),
    "resident card": ("document", CARDS, " "),
    "home-return permit": ("document", st.builds("{}{}".format, st.sampled_from("HM"), DIGITS), " "),
    "exit permit": ("document", DIGITS.map("C{}".format), " "),
    "passport": ("document", DIGITS.map("E{}".format), " "),
    "bank card": ("account", st.text("0123456789", min_size=16, max_size=19).filter(lambda n: n[0] != "0"), " -"),
    "credit code": ("org_id", CODES, " "),
    "parcel": ("waybill_no", st.builds("SF{}".format, st.text("0123456789", min_size=13, max_size=13)), " -"),
    "approval": ("permit_no", st.builds("国科遗办审字(2024){}号".format, st.integers(1, 9999)), " "),
}  # fmt: skip


@pytest.mark.parametrize("what", list(NUMBERS))
@MANY
@given(data=st.data())
def test_a_number_has_one_form_however_it_is_written(what: str, data: st.DataObject) -> None:
    kind, numbers, blanks = NUMBERS[what]
    number = data.draw(numbers)
    assert _reader(kind)(number) == (number, None)
    assert _reader(kind)(_dressed(data.draw, number, blanks=blanks, is_upper=kind != "account")) == (number, None)


@MANY
@given(digits=st.text("0123456789", min_size=9, max_size=9), second=st.integers(3, 9), prefix=st.sampled_from(["", "86", "+86", "0086", "+86 ", "86-", "0", "手机：", "tel: "]))
def test_a_mobile_number_has_one_form_with_and_without_its_country(digits: str, second: int, prefix: str) -> None:
    assert _reader("phone")(f"{prefix}1{second}{digits}") == (f"+861{second}{digits}", None)


@MANY
@given(card=CARDS, place=st.integers(0, 17), shift=st.integers(1, 9))
def test_one_wrong_digit_of_an_identity_number_is_always_found(card: str, place: int, shift: int) -> None:
    assume(card[place] != "X")
    wrong = card[:place] + str((int(card[place]) + shift) % 10) + card[place + 1 :]
    value, problem = _reader("document")(wrong)
    assert value is None
    assert "check digit" in problem
    assert compiled(resident_check(_ROWS.x))({"x": wrong, "beside": None}) != wrong[-1]


@MANY
@given(code=CODES, place=st.integers(0, 17), shift=st.integers(1, 30))
def test_one_wrong_character_of_a_credit_code_is_always_found(code: str, place: int, shift: int) -> None:
    wrong = code[:place] + _USCC[(_USCC.index(code[place]) + shift) % 31] + code[place + 1 :]
    assume(wrong[0] != "0" and wrong[0] in "123456789ABCDEFGHJKLMNPQRTUWXY")
    value, problem = _reader("org_id")(wrong)
    assert value is None
    assert "check character" in problem
    assert not compiled(uscc_holds(_ROWS.x))({"x": wrong, "beside": None})


@MANY
@given(letters=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=2), digits=st.text("0123456789", min_size=6, max_size=6))
def test_a_hong_kong_card_is_read_with_its_one_check_digit(letters: str, digits: str) -> None:
    body = letters + digits
    holds = [check for check in "0123456789A" if compiled(hong_kong_holds(_ROWS.x))({"x": body + check, "beside": None})]
    (check,) = holds
    assert _reader("document")(f"{body}({check})") == (body + check, None)
    for other in "0123456789A".replace(check, ""):
        value, problem = _reader("document")(f"{body}({other})")
        assert value is None
        assert "check digit" in problem


@MANY
@given(digits=st.text("0123456789", min_size=15, max_size=18), place=st.integers(0, 14), shift=st.integers(1, 9))
def test_one_wrong_digit_of_a_bank_card_breaks_its_check(digits: str, place: int, shift: int) -> None:
    def holds(number: str) -> bool:
        return bool(compiled(luhn_holds(_ROWS.x))({"x": number, "beside": None}))

    (check,) = [each for each in "0123456789" if holds(digits + each)]
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert not holds(wrong + check)


@MANY
@given(number=st.integers(10**15, 10**19 - 1), kind=st.sampled_from(["account", "document", "waybill_no", "org_id", "permit_no", "phone"]))
def test_a_number_that_a_spreadsheet_rounded_is_never_trusted(number: int, kind: str) -> None:
    value, problem = _reader(kind)(f"{number:.5E}")
    assert value is None
    assert "last digits are lost" in problem


@MANY
@given(amount=st.decimals(0, Decimal(99999999), places=2), data=st.data())
def test_an_amount_has_one_value_however_it_is_written(amount: Decimal, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([f"{amount}", f"{amount:,}"]))
    sign = data.draw(st.sampled_from(["", "¥", "￥ ", "RMB", "CNY ", "HK$", "$", "₹"]))
    unit = data.draw(st.sampled_from(["", "元", " 元", "圆"]))
    assert _reader("money")(_dressed(data.draw, sign + text + unit, blanks="", is_upper=False)) == (amount, None)
    assert _reader("money")(f"-{sign}{text}")[0] == _reader("money")(f"({sign}{text})")[0] == -amount
    for unit in ("万", "w", " 万元"):
        assert _reader("money")(f"{amount / 10000:f}{unit}") == (amount, None)
    assert _reader("money", Reading("amount", "c", scale="10000"))(f"{amount / 10000:f}") == (amount, None)
    assert _reader("money", Reading("amount", "c", scale="0.01"))(f"{int(amount)}")[0] == Decimal(int(amount)) / 100


_MOMENTS = st.datetimes(dt.datetime(1995, 1, 1), dt.datetime(2060, 1, 1)).map(lambda each: each.replace(microsecond=0))  # noqa: DTZ001
_FORMS = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S", "%Y.%m.%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y年%m月%d日%H:%M:%S", "%d %b %Y %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%b %d, %Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S+08:00", "%Y-%m-%dT%H:%M:%S"]


@FEW
@given(data=st.data(), moments=st.lists(_MOMENTS, min_size=40, max_size=40))
def test_a_moment_has_one_value_however_it_is_written(data: st.DataObject, moments: list[dt.datetime]) -> None:
    forms = data.draw(st.lists(st.sampled_from(_FORMS), min_size=40, max_size=40))
    texts = [
        _dressed(data.draw, each.strftime(form), blanks="", is_upper=False)
        for each, form in zip(moments, forms, strict=True)
    ]
    assert _read_all("time", texts) == [(each, None) for each in moments]
    assert [value for value, _ in _read_all("date", texts)] == [each.date() for each in moments]
    for order, form in (("dmy", "%d/%m/%Y %H:%M:%S"), ("mdy", "%m-%d-%Y %H:%M:%S")):
        written = [each.strftime(form) for each in moments]
        assert _read_all("time", written, Reading("paid_at", "c", order=order)) == [(each, None) for each in moments]


_DAY_FORMS = ("{m}月{d}日", "{m}月{d}号", "{m}/{d}", "{m:02d}-{d:02d}", "{d} {b}", "{b} {d}", "{m}.{d:02d}", "{m}月{d}日 14:22")


@FEW
@given(data=st.data(), days=st.lists(st.dates(dt.date(2023, 3, 1), dt.date(2024, 2, 28)), min_size=40, max_size=40))
def test_a_day_without_its_year_is_the_first_such_day_of_its_list(data: st.DataObject, days: list[dt.date]) -> None:
    forms = data.draw(st.lists(st.sampled_from(_DAY_FORMS), min_size=40, max_size=40))
    texts = [
        form.format(m=day.month, d=day.day, b=day.strftime("%b")) for day, form in zip(days, forms, strict=True)
    ]
    reading = Reading("paid_at", "c", form=NO_YEAR, origin="2023-03-01", order="mdy")
    assert [value.date() for value, _ in _read_all("time", texts, reading)] == days
    assert all(value is None and "without its year" in problem for value, problem in _read_all("time", texts))


@MANY
@given(surname=st.sampled_from([*"王李张刘陈黄", "欧阳"]), given_name=st.text("伟芳娜敏静强磊洋艳勇军杰涛明超", min_size=1, max_size=2), data=st.data())
def test_a_name_has_one_form_however_it_is_written(surname: str, given_name: str, data: st.DataObject) -> None:
    name = surname + given_name
    assert _reader("name")(_dressed(data.draw, name, blanks=" 　")) == (name, None)
    for veiled in (f"{surname}某某", f"{surname}女士", f"{surname}XX", f"{surname} 先生"):
        assert _reader("name")(veiled) == (f"{surname}*", None)
    latin = data.draw(st.sampled_from(["Chan Tai Man", "chan  tai man", "CHAN TAI MAN ", "\tChan Tai  Man"]))
    assert _reader("name")(latin) == ("CHAN TAI MAN", None)


@MANY
@given(number=st.integers(1, 999), room=st.integers(101, 3502), data=st.data())
def test_an_address_has_one_form_however_its_blanks_are_set(number: int, room: int, data: st.DataObject) -> None:
    parts = ["广东省", "深圳市", "罗湖区", f"人民南路{number}号", f"3栋{room}室"]
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "　", "  "]), min_size=5, max_size=5))
    text = "".join(part + gap for part, gap in zip(parts, gaps, strict=True))
    assert _reader("address")(text) == ("".join(parts), None)


@FEW
@given(weights=st.lists(st.integers(1, 50_000), min_size=10, max_size=10))
def test_a_weight_has_one_value_in_any_unit(weights: list[int]) -> None:
    for form in ("{g}", "{g}g", "{g} 克", "{kg:.3f}kg", "{jin:.3f}斤", "约{g}g", "{g}.00 G"):
        texts = [form.format(g=each, kg=each / 1000, jin=each / 500) for each in weights]
        assert [value for value, _ in _read_all("number", texts)] == pytest.approx(weights, rel=1e-9), form
    assert [value for value, _ in _read_all("integer", [f"{each}件" for each in weights])] == weights


@pytest.mark.parametrize(
    ("kind", "form", "words"),
    [
        ("direction", "exit", ["出境", "出", " 離境", "OUT", "Departure", "dep"]),
        ("direction", "entry", ["入境", "入", "进境", "IN", "arrival"]),
        ("currency", "CNY", ["人民币", "RMB", "cny", "¥", "156", "元"]),
        ("currency", "HKD", ["港币", "HK$", "hkd", "港元"]),
        ("identifier_type", "phone", ["手机", "电话号码", "Mobile", "MSISDN"]),
        ("identifier_type", "account", ["银行卡", "账号", "card"]),
        ("handle", "wechat:abc_1234", ["微信：abc_1234", "wechat:ABC_1234", "WX: abc_1234"]),
    ],
)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_word_of_a_list_has_one_form_however_it_is_written(
    kind: str, form: str, words: list[str], data: st.DataObject
) -> None:
    assert _reader(kind)(_dressed(data.draw, data.draw(st.sampled_from(words)), blanks="", is_upper=False)) == (form, None)


@FEW
@example([4063, 4033, 1019, 1003, 1024003, 9999999])
@given(st.lists(st.integers(1, 9_999_999), min_size=40, max_size=40))
def test_a_weight_is_the_same_in_grams_kilograms_and_with_its_unit(grams: list[int]) -> None:
    in_grams = [(float(each), None) for each in grams]
    kilograms = [f"{each / 1000:.3f}" for each in grams]
    assert _read_all("number", kilograms, Reading("weight_g", "column", scale="1000")) == in_grams
    assert _read_all("number", [f"{each}kg" for each in kilograms]) == in_grams
    assert _read_all("number", list(map(str, grams))) == in_grams
