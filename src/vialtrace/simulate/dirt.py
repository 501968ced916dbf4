"""The same sheets as real offices hand them over: other headers, encodings, date and money forms, masks, repeats.

One file's manners are a ``Style``; what they do to a cell follows from the declared kind of its column. Dirt falls on
rows by file and by chance, never by who stands in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from vialtrace.model import RECORDS
from vialtrace.simulate.render import Objects, Sheet

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_EXCEL_EPOCH = np.datetime64("1899-12-30", "s")
_CHINESE_DIRECTIONS = (("exit", "出境"), ("entry", "入境"))


@dataclass(frozen=True)
class Style:
    """One file: its name, format and manners."""

    file: str
    encoding: str = "utf-8"
    headers: str = "field"  # field, english, chinese, synonym
    dates: str = "iso"  # iso, slash, compact, serial, day
    phones: str = "e164"  # e164, national, bare, spaced
    money: str = "plain"  # plain, signed
    is_kilograms: bool = False
    masked: float = 0.0  # share of rows with masked names and phones
    full_width: float = 0.0  # share of rows with full-width digits
    mangled: float = 0.0  # share of account cells a spreadsheet has made 6.22202E+18
    title: tuple[str, ...] = ()
    has_totals: bool = False
    most: int = 0  # rows at most; the rest go to the first file
    repeats: float = 0.0  # share of its rows that another file has too
    twice: str = ""  # the name under which the same file was handed over again


STYLES: Mapping[str, tuple[Style, ...]] = MappingProxyType(
    {
        "post": (Style("posts.jsonl"), Style("帖子采集.csv", headers="chinese", encoding="utf-8-sig", dates="slash")),
        "order": (
            Style("orders.csv"),
            Style(
                "客户登记表.xlsx",
                headers="chinese",
                dates="serial",
                phones="bare",
                title=("客户登记表", "仅供内部使用"),
                has_totals=True,
                most=3000,
            ),
            Style(
                "手机提取_订单.csv",
                headers="synonym",
                encoding="gb18030",
                dates="slash",
                phones="bare",
                money="signed",
                full_width=0.03,
            ),
        ),
        "waybill": (
            Style("waybills.csv"),
            Style(
                "快递甲_寄递数据.csv",
                headers="chinese",
                encoding="gb18030",
                dates="slash",
                phones="bare",
                is_kilograms=True,
                repeats=0.01,
            ),
            Style(
                "快递乙_导出.tsv", headers="synonym", encoding="utf-8-sig", dates="compact", phones="bare", masked=0.35
            ),
            Style("快递丙_运单.csv", headers="chinese", encoding="utf-8-sig", phones="national", full_width=0.02),
            Style("courier_d_parcels.jsonl", headers="english", phones="spaced"),
            Style(
                "运单查询.xlsx",
                headers="chinese",
                dates="serial",
                phones="bare",
                is_kilograms=True,
                title=("运单查询结果", "导出单位: 寄递协查"),
                has_totals=True,
                most=4000,
                twice="运单查询(1).xlsx",
            ),
        ),
        "payment": (
            Style("payments.csv"),
            Style(
                "银行流水.csv",
                headers="chinese",
                encoding="gb18030",
                dates="compact",
                money="signed",
                mangled=0.002,
                repeats=0.005,
            ),
            Style("支付账单.tsv", headers="synonym", encoding="utf-8-sig", dates="slash", money="signed"),
            Style(
                "交易明细.xlsx",
                headers="chinese",
                dates="serial",
                title=("交易明细", "查询范围: 全部"),
                has_totals=True,
                most=4000,
                mangled=0.02,
            ),
        ),
        "crossing": (
            Style("crossings.csv"),
            Style("出入境记录.csv", headers="chinese", encoding="gb18030", dates="day"),
        ),
        "declaration": (Style("报关单.csv", headers="chinese", encoding="gb18030", dates="slash", money="signed"),),
        "permit": (Style("批件.xlsx", headers="chinese", dates="slash", title=("审批情况表",)),),
        "seizure": (Style("查获记录.xlsx", headers="chinese", dates="slash", title=("口岸查获情况", "单位: 件/支")),),
        "specimen": (Style("样本清单.xlsx", headers="chinese", dates="slash"),),
        "organisation": (Style("企业登记.csv", headers="chinese", encoding="utf-8-sig", dates="slash", phones="bare"),),
        "subscriber": (
            Style("subscribers.csv"),
            Style("机主信息.tsv", headers="chinese", encoding="utf-8-sig", dates="compact", phones="bare"),
        ),
        "contact": (
            Style("contacts.csv"),
            Style("通话记录.csv", headers="chinese", encoding="gb18030", dates="compact", phones="bare"),
        ),
    }
)

# Which column decides the file a row is in; a courier's rows come from that courier.
_SORTED_BY: Mapping[str, str] = MappingProxyType(
    {"waybill": "carrier", "payment": "channel", "order": "agent_name", "post": "platform"}
)


@dataclass(frozen=True)
class Dirty:
    """One file as it will be written: its style, headers in order with the fields they stand for, and cells."""

    style: Style
    headers: tuple[str, ...]
    fields: tuple[str, ...]
    cells: Sheet  # by header


def soil(
    rng: np.random.Generator, kind: str, sheet: Sheet, *, is_english: bool, is_lossless: bool = False
) -> list[Dirty]:
    """The sheet of a kind as several files, each in its own manner.

    ``is_english`` keeps headers English; ``is_lossless`` leaves out the manners that destroy information.
    """
    styles = (
        tuple(_in_english(kind, index, style) for index, style in enumerate(STYLES[kind]))
        if is_english
        else STYLES[kind]
    )
    if is_lossless:
        styles = tuple(map(_without_loss, styles))
    shares = _shared_out(rng, kind, sheet, styles)
    files = []
    for index, style in enumerate(styles):
        rows = np.flatnonzero(shares == index)
        if len(styles) > 1 and index == 0:
            # Rows of other files that this one has too.
            again = [
                r[rng.random(len(r)) < s.repeats]
                for i, s in enumerate(styles)
                if i
                for r in (np.flatnonzero(shares == i),)
            ]
            rows = np.sort(np.concatenate([rows, *again]))
        if len(rows):
            files.append(
                _styled(rng, kind, {name: column[rows] for name, column in sheet.items()}, style, is_english=is_english)
            )
    return files


def _without_loss(style: Style) -> Style:
    """The same manners without masks, numbers that a spreadsheet has rounded, and days for times."""
    return replace(style, masked=0.0, mangled=0.0, dates="slash" if style.dates == "day" else style.dates)


def _in_english(kind: str, index: int, style: Style) -> Style:
    """The same manners under an English name, with an English title."""
    name = f"{kind}_{index + 1}.{style.file.rsplit('.', 1)[1]}"
    copy = f"copy of {name}" if style.twice else ""
    return replace(style, file=name, twice=copy, title=("Extract", "for official use") if style.title else ())


def _shared_out(rng: np.random.Generator, kind: str, sheet: Sheet, styles: tuple[Style, ...]) -> npt.NDArray[np.int64]:
    """The file each row goes to."""
    n = len(next(iter(sheet.values())))
    by = _SORTED_BY.get(kind)
    if by is None:
        share = rng.integers(0, len(styles), n)
    else:
        values, place = np.unique(sheet[by].astype(str), return_inverse=True)
        # In order of size, so that a bounded file takes a small group.
        order = np.argsort(-np.bincount(place), kind="stable")
        rank = np.empty(len(values), dtype=np.int64)
        rank[order] = np.arange(len(values))
        share = rank[place] % len(styles)
    for index, style in enumerate(styles):
        mine = np.flatnonzero(share == index)
        if style.most and len(mine) > style.most:
            share[mine[style.most :]] = 0
    return share


def _header(kind: str, name: str, style: Style, *, is_english: bool) -> str:
    column = RECORDS[kind].column(name)
    english, chinese = column.label
    if style.headers == "field":
        return name
    if style.is_kilograms and name == "weight_g":
        return "weight_kg" if is_english else "重量(kg)"
    if style.headers == "english" or is_english:
        return english
    if style.headers == "synonym":
        return next((each for each in column.synonyms if not each.isascii()), chinese)
    return chinese


def _styled(rng: np.random.Generator, kind: str, sheet: Sheet, style: Style, *, is_english: bool) -> Dirty:
    n = len(next(iter(sheet.values())))
    masked, wide = rng.random(n) < style.masked, rng.random(n) < style.full_width
    cells: Sheet = {}
    for name, column in sheet.items():
        header = _header(kind, name, style, is_english=is_english)
        if header in cells:
            header = RECORDS[kind].column(name).label[0 if is_english else 1]
        cells[header] = _cells(
            rng, RECORDS[kind].column(name).kind_name, name, column, style, masked, wide, is_english=is_english
        )
    return Dirty(style, tuple(cells), tuple(sheet), cells)


def _cells(
    rng: np.random.Generator,
    kind: str,
    name: str,
    column: Objects,
    style: Style,
    masked: npt.NDArray[np.bool_],
    wide: npt.NDArray[np.bool_],
    *,
    is_english: bool,
) -> Objects:
    """One column in a style's manner; blanks stay blank."""
    out = column.astype(object)
    full = out != ""
    if kind in ("time", "date"):
        out[full] = _dated(out[full].astype(str), style.dates)
    elif kind in ("phone", "identifier"):
        out = np.array([_phone(value, style.phones) for value in out], dtype=object)
        out[masked] = [_masked_phone(value) for value in out[masked]]
    elif kind == "name" and masked.any():
        out[masked] = [_masked_name(value) for value in out[masked]]
    elif kind == "money" and style.money == "signed":
        sign = "₹" if is_english else "¥"
        out[full] = [f"{sign}{float(value):,.2f}" for value in out[full]]
    elif kind == "account" and style.mangled:
        hit = (rng.random(len(out)) < style.mangled) & np.array([value.isdigit() and len(value) > 15 for value in out])
        out[hit] = [f"{float(value):.5E}" for value in out[hit]]
    elif kind == "direction" and style.headers != "field" and not is_english:
        for word, said in _CHINESE_DIRECTIONS:
            out[out == word] = said
    elif name == "weight_g" and style.is_kilograms:
        out[full] = [f"{float(value) / 1000:.3f}" for value in out[full]]
    if wide.any() and kind in ("phone", "number", "address"):
        out[wide] = [value.translate(_FULL_WIDTH) for value in out[wide]]
    return out


def _dated(texts: npt.NDArray[np.str_], form: str) -> Objects:
    if form == "iso" or len(texts) == 0:
        return texts.astype(object)
    moments = np.char.replace(texts, " ", "T").astype("datetime64[s]")
    if form == "serial":
        return np.char.mod("%.6f", (moments - _EXCEL_EPOCH).astype(np.int64) / 86_400).astype(object)
    has_time = np.char.str_len(texts) > 10
    day, clock = np.char.partition(texts, " ")[:, 0], np.char.partition(texts, " ")[:, 2]
    if form == "compact":
        plain = np.char.replace(day, "-", "")
        return np.where(has_time, np.char.add(np.char.add(plain, " "), np.char.replace(clock, ":", "")), plain).astype(
            object
        )
    parts = [each.split("-") for each in day]
    slashed = np.array([f"{year}/{int(month)}/{int(date)}" for year, month, date in parts])
    if form == "day":
        return slashed.astype(object)
    return np.where(has_time, np.char.add(np.char.add(slashed, " "), clock), slashed).astype(object)


def _phone(value: str, form: str) -> str:
    if not value.startswith("+86") or form == "e164":
        return value
    digits = value[3:]
    return {"bare": digits, "national": f"86{digits}", "spaced": f"+86 {digits[:3]} {digits[3:7]} {digits[7:]}"}[form]


def _masked_phone(value: str) -> str:
    return f"{value[:-8]}****{value[-4:]}" if len(value) >= 10 and value[-8:].isdigit() else value


def _masked_name(value: str) -> str:
    if len(value) > 4 or not value:
        return value
    return f"{value[0]}*" if len(value) == 2 else f"{value[0]}{'*' * (len(value) - 2)}{value[-1]}"
