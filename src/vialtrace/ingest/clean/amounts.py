"""Cleaners of money, measured quantities and whole numbers."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.clean.cell import Cell, Setting, fail, folded

MONEY = "decimal(20, 4)"
_CURRENCY_SIGNS = r"(?i)(人民币|港币|港元|美元|欧元|rmb|cny|hk\$|us\$|hkd|usd|eur|[¥￥$€£฿元圆]|圆整|元整|整$)"

UNITS: dict[str, dict[str, str]] = {
    "weight_g": {"g": "1", "克": "1", "gram": "1", "grams": "1", "kg": "1000", "kgs": "1000", "千克": "1000", "公斤": "1000", "斤": "500",
                 "两": "50", "mg": "0.001", "t": "1000000", "吨": "1000000", "lb": "453.59237", "lbs": "453.59237", "oz": "28.349523"},
    "volume_ml": {"ml": "1", "毫升": "1", "cc": "1", "l": "1000", "升": "1000", "ul": "0.001", "μl": "0.001", "微升": "0.001"},
    "duration_s": {"s": "1", "秒": "1", "sec": "1", "min": "60", "分": "60", "分钟": "60", "ms": "0.001", "h": "3600", "小时": "3600"},
}
"""Units a quantity of a field may carry, in the field's own unit."""

_TEMPERATURE = ("storage_celsius", "temperature_celsius")


def clean_money(raw: ir.StringValue, setting: Setting) -> Cell:
    """An amount as a decimal: currency signs and thousands separators removed, brackets as a minus, 万 and 亿 multiplied.

    ``1.234,56`` and ``12,5`` are read with a decimal comma, as nothing else can be meant; the mapping's ``scale``
    multiplies the result (``0.01`` for fen).
    """
    text = folded(raw)
    bare = text.re_replace(_CURRENCY_SIGNS, "").re_replace(r"[\s_'’]", "")
    is_negative = bare.re_search(r"^[-−]|^\(.*\)$|-$")
    digits = bare.re_replace(r"^[-−+(]+|[)\-]+$", "")
    unit = digits.re_extract(r"([万萬亿億千])$", 1)
    number = digits.re_replace("[万萬亿億千]$", "")
    plain = ibis.cases(
        (number.re_search(r"^\d+(\.\d*)?$|^\.\d+$"), number),
        (number.re_search(r"^\d{1,3}(,\d{3})+(\.\d*)?$|^\d{1,4}(,\d{4})+(\.\d*)?$"), number.replace(",", "")),
        (number.re_search(r"^\d{1,3}(\.\d{3})+,\d{1,2}$"), number.replace(".", "").replace(",", ".")),
        (number.re_search(r"^\d+,\d{1,2}$"), number.replace(",", ".")),
        (number.re_search(r"^\d+(\.\d+)?[eE][-+]?\d{1,2}$"), number.try_cast("float64").try_cast(MONEY).cast("string")),
        else_=ibis.null("string"),
    )
    base = plain.try_cast(MONEY)
    large = ibis.cases(
        (unit == "", base),
        (unit == "千", _times(base, "1000")),
        (unit.isin(("万", "萬")), _times(base, "10000")),
        else_=_times(base, "100000000"),
    )
    scaled = _times(large, setting.reading.scale) if setting.reading.scale not in ("", "1") else large
    value = ibis.ifelse(is_negative, -scaled, scaled).cast(MONEY)
    return Cell(value, fail(value, text, "not an amount of money"))


def _times(amount: ir.DecimalValue, factor: str) -> ir.DecimalValue:
    """An amount times a factor, null where it outgrows the column: a typed literal, as bare decimals lose digits."""
    most = Decimal(10**15) / max(Decimal(1), Decimal(factor))
    fitting = ibis.ifelse(amount.abs() <= ibis.literal(most, type=MONEY), amount, ibis.null(MONEY))
    return (fitting * ibis.literal(Decimal(factor), type=MONEY)).try_cast(MONEY)


def clean_number(raw: ir.StringValue, setting: Setting) -> Cell:
    """A measured quantity in its field's unit; a unit in the cell counts before that of the mapping (``scale``)."""
    text = folded(raw).lower()
    bare = text.re_replace(r"[\s_]", "").re_replace("^[约≈~]", "")
    clock = _clock_seconds(bare) if setting.reading.field == "duration_s" else ibis.null("float64")
    digits = bare.re_extract(r"^([-+−]?[\d.,]+(?:e[-+]?\d+)?)", 1).nullif("")
    unit = bare.re_replace(r"^[-+−]?[\d.,]+(e[-+]?\d+)?", "")
    plain = ibis.cases(
        (digits.re_search(r"^[-+−]?\d{1,3}(,\d{3})+(\.\d*)?$"), digits.replace(",", "")),
        (digits.re_search(r"^[-+−]?\d+,\d{1,2}$"), digits.replace(",", ".")),
        else_=digits,
    )
    number = plain.replace("−", "-").try_cast("float64")
    known = UNITS.get(setting.reading.field, {})
    scale = float(setting.reading.scale or 1)
    factor = ibis.cases(
        (unit == "", scale),
        *((unit == name, float(size)) for name, size in known.items()),
        # A quantity may carry any unit word (支, 人份, tubes); a weight or a volume must carry one that is known.
        else_=ibis.null("float64") if known else ibis.ifelse(unit.re_search(r"\d"), ibis.null("float64"), scale),
    )
    measured = number * factor
    if setting.reading.field in _TEMPERATURE:
        measured = ibis.ifelse(unit.re_search("^°?f$|华氏"), (number - 32) / 1.8, measured)
    value = ibis.coalesce(clock, measured)
    value = ibis.ifelse(value.isnan() | value.isinf(), ibis.null("float64"), value)
    return Cell(value, fail(value, text, "not a quantity"))


def _clock_seconds(text: ir.StringValue) -> ir.FloatingValue:
    """``00:03:25`` and ``3分25秒`` in seconds, else null."""
    clock = text.re_replace("小时|时|h", ":").re_replace("分钟|分|m(in)?", ":").re_replace("秒|s(ec)?$", "")
    clock = ibis.ifelse(clock.re_search(":$"), clock + "0", clock)
    is_clock = clock.re_search(r"^(\d+:)?\d{1,3}:\d{1,2}$")
    hours = clock.re_extract(r"^(\d+):\d+:\d+$", 1).nullif("").try_cast("float64")
    minutes = clock.re_extract(r"(\d+):\d+$", 1).nullif("").try_cast("float64")
    seconds = clock.re_extract(r":(\d+)$", 1).nullif("").try_cast("float64")
    total = ibis.coalesce(hours, 0.0) * 3600 + minutes * 60 + seconds
    return ibis.ifelse(is_clock, total, ibis.null("float64"))


def clean_integer(raw: ir.StringValue, setting: Setting) -> Cell:
    """A whole number; a unit word behind it is left out."""
    cell = clean_number(raw, setting)
    text = folded(raw)
    value = ibis.ifelse(
        (cell.value == cell.value.floor()) & (cell.value.abs() < 9e15), cell.value, ibis.null("float64"),
    ).cast("int64")
    return Cell(value, fail(value, text, "not a whole number"))
