"""What a file itself says about its rows: counts and totals in its titles, and in the rows below its records."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from vialtrace.model import record
from vialtrace.model.mapping import Mapping, Reading

TOTALS = "totals"
NOTE = "a note or a dividing line"
STATING = (TOTALS, NOTE)
"""Reasons of rows set aside that may say something about the others."""

UNNAMED = "unnamed"
"""The measure of a total beside which nothing says of what: neither a word nor the column it stands under."""

_SIDES = {
    "in": ("收入", "已收入", "转入", "进账", "贷方", "贷", "credit", "credits", "in"),
    "out": ("支出", "已支出", "转出", "出账", "借方", "借", "debit", "debits", "out"),
    "other": ("中性交易", "其他", "不计收支"),
}
_SIDE_COLUMNS = {"amount_in": "in", "amount_out": "out"}
_SIDE_WORD = "|".join(sorted((word for words in _SIDES.values() for word in words), key=len, reverse=True))
_NUMBER = r"[¥￥]?\s*(-?\d[\d,]*(?:\.\d+)?)"
_BY_SIDE = re.compile(
    rf"(?<![待未])({_SIDE_WORD})\D{{0,6}}?(\d+)\s*[笔条][\s,，:：]*(?:金额|合计|共)?[:：]?\s*{_NUMBER}\s*元?",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?:共计?|总计|合计)\s*[:：]?\s*(\d+)\s*(?:[笔条行单件票]|记录|records|rows)|"
    r"(?:总(?:笔|条|行|单|记录)数|记录(?:总)?数|交易笔数|(?:total|number of)\s+(?:records|rows|payments))"
    r"\s*[:：]?\s*(\d+)\s*(?:[笔条行单件票]|记录|records|rows|$)|^\W*(\d+)\s+(?:records|rows)\b",
    re.IGNORECASE,
)
_MONEY_WORD = r"(?:总金额|合计金额|金额合计|总额|(?:合计|总计|共计)\s*\(\s*(?:万?元|rmb|cny)\s*\)|total amount)"
_AMOUNT = re.compile(
    rf"(?P<word>{_MONEY_WORD})\s*:?\s*{_NUMBER}\s*(?P<unit>万?元)?|"
    rf"(?:合计|总计|共计?)\s*:?\s*{_NUMBER}\s*(?P<money>万?元)",
    re.IGNORECASE,
)
_BARE_WORD = (
    r"(?:合\s*计|总\s*计|小\s*计|累\s*计|共\s*计|总\s*数|本[页日月年期次季]\s*[合小]计|(?:grand |sub-?\s?)?totals?|sum)"
)
_PART = re.compile(r"小\s*计|本页\s*[合小]计|sub-?\s?total", re.IGNORECASE)
_BARE = re.compile(rf"{_BARE_WORD}\s*:?", re.IGNORECASE)
_BARE_BESIDE = re.compile(rf"{_BARE_WORD}\s*:?\s*{_NUMBER}", re.IGNORECASE)
_COUNT_HEADER = re.compile("^(总交易单数|总笔数|总单数|交易笔数)$")
_TOTAL_HEADER = re.compile("^(总交易额|总金额|应结订单总金额|交易总额)$")


@dataclass(frozen=True)
class Stated:
    """One thing a file says about its rows: a row of the table ``stated``, with the row's number in its file.

    A subtotal speaks of the rows between ``since`` and itself only; without ``since`` all rows are meant. ``bare`` is
    the number without the scale of its column, where only the column says what was added up.
    """

    row_no: int
    measure: str
    side: str
    field: str
    value: Decimal
    raw: str
    since: int | None = None
    bare: Decimal | None = None


def stated(texts: Iterable[tuple[int, Sequence[str | None]]], mapping: Mapping) -> tuple[Stated, ...]:
    """What rows that are no records (titles, totals, notes: number and cells) say, each thing once a row."""
    found: dict[tuple[int, str, str, str], Stated] = {}
    above: list[str] = []
    before = 0
    for row_no, cells in texts:
        plain = [unicodedata.normalize("NFKC", cell or "").strip().lstrip("`'") for cell in cells]
        # Under a header of its own a number stands in no column of the records.
        below = tuple(_under(row_no, plain, above)) or tuple(_in_columns(row_no, plain, mapping))
        named = (*_in_words(row_no, plain), *below)
        since = before if any(_PART.match(cell) for cell in plain) else None
        for each in named or _unnamed(row_no, plain):
            found.setdefault((each.row_no, each.measure, each.side, each.field), replace(each, since=since))
        if any(_BARE.fullmatch(cell) for cell in plain):
            before = row_no
        above = plain
    return tuple(found.values())


def _in_words(row_no: int, cells: list[str]) -> Iterator[Stated]:
    """``共8笔记录``, ``收入:3笔 1200.00元``."""
    text = " ".join(cell for cell in cells if cell)
    for word, count, amount in _BY_SIDE.findall(text):
        side = next(side for side, words in _SIDES.items() if word.lower() in words)
        yield Stated(row_no, "count", side, "", Decimal(count), text)
        yield from _total(row_no, side, "amount", amount, text)
    if not _BY_SIDE.search(text) and (told := _COUNT.search(text)):
        yield Stated(row_no, "count", "", "", Decimal(told[1] or told[2] or told[3]), text)
    if told := _AMOUNT.search(text):
        scale = 10_000 if "万" in f"{told['word']}{told['unit']}{told['money']}" else 1
        for each in _total(row_no, "", "amount", told[2] or told[4], text):
            yield replace(each, value=each.value * scale)


def _in_columns(row_no: int, cells: list[str], mapping: Mapping) -> Iterator[Stated]:
    """A totals row: a number under the column of a field that can be added up."""
    for reading, side, field in summed(mapping):
        place = mapping.position(reading.column) if reading.column in mapping.headers else len(cells)
        if place < len(cells) and re.fullmatch(_NUMBER, cells[place]):
            number = re.sub(r"[¥￥\s]", "", cells[place])
            for each in _total(row_no, side, field, number, " ".join(cell for cell in cells if cell)):
                yield replace(each, value=each.value * Decimal(reading.scale or 1), bare=each.value)


def summed(mapping: Mapping) -> Iterator[tuple[Reading, str, str]]:
    """The columns that can be added up: how each is read, the side it holds, and the field of the records."""
    form = record(mapping.kind)
    for reading in mapping.readings:
        if reading.field in _SIDE_COLUMNS and mapping.is_sided:
            yield reading, _SIDE_COLUMNS[reading.field], "amount"
        elif reading.field in form.names and form.column(reading.field).kind_name in ("money", "number", "integer"):
            yield reading, "", reading.field


def _unnamed(row_no: int, cells: list[str]) -> Iterator[Stated]:
    """A row that says ``合计`` and one number, in one cell or in two, and nothing about what was counted or added."""
    text = " ".join(cell for cell in cells if cell)
    numbers = [cell for cell in cells if re.fullmatch(_NUMBER, cell)]
    if len(numbers) == 1 and any(_BARE.fullmatch(cell) for cell in cells):
        number = re.sub(r"[¥￥\s]", "", numbers[0])
    elif (told := _BARE_BESIDE.fullmatch(text)) is not None:
        number = told[1]
    else:
        return
    for each in _total(row_no, "", "", number, text):
        yield replace(each, measure=UNNAMED)


def _under(row_no: int, cells: list[str], above: list[str]) -> Iterator[Stated]:
    """A totals row under a header of its own, as merchant bills have it."""
    for header, cell in zip(above, cells, strict=False):
        if _COUNT_HEADER.match(header) and re.fullmatch(r"\d+", cell):
            yield Stated(row_no, "count", "", "", Decimal(cell), f"{header}: {cell}")
        elif _TOTAL_HEADER.match(header):
            yield from _total(row_no, "", "amount", cell, f"{header}: {cell}")


def _total(row_no: int, side: str, field: str, number: str, raw: str) -> Iterator[Stated]:
    try:
        value = Decimal(re.sub(r"[¥￥,\s]", "", number))
    except InvalidOperation:
        return
    if value.is_finite() and abs(value) < Decimal(10) ** 15:
        yield Stated(row_no, "total", side, field, value, raw)
