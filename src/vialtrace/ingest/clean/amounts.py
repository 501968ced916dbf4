"""Cleaners of money, measured quantities and whole numbers."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.clean.cell import Cell, Setting, cell_of, chain, folded, is_whole, judged, let, quickly

MONEY = "decimal(20, 4)"
_WIDE = "decimal(38, 10)"
"""What an amount is multiplied in: 1.234567 of 万元 has six decimals, all of which are money."""

_CURRENCY_SIGNS = (
    r"(?i)(人民币|港币|港元|美元|欧元|rmb|cny|hk\$|us\$|hkd|usd|eur|rs\.?|inr|[¥￥$€£฿₹元圆]|圆整|元整|整$)"
)

UNITS: dict[str, dict[str, str]] = {
    "weight_g": {
        "g": "1",
        "克": "1",
        "gram": "1",
        "grams": "1",
        "kg": "1000",
        "kgs": "1000",
        "千克": "1000",
        "公斤": "1000",
        "斤": "500",
        "两": "50",
        "mg": "0.001",
        "t": "1000000",
        "吨": "1000000",
        "lb": "453.59237",
        "lbs": "453.59237",
        "oz": "28.349523",
    },
    "volume_ml": {
        "ml": "1",
        "毫升": "1",
        "cc": "1",
        "l": "1000",
        "升": "1000",
        "ul": "0.001",
        "μl": "0.001",
        "微升": "0.001",
    },
    "duration_s": {
        "s": "1",
        "秒": "1",
        "sec": "1",
        "min": "60",
        "分": "60",
        "分钟": "60",
        "ms": "0.001",
        "h": "3600",
        "小时": "3600",
    },
}
"""Units a quantity of a field may carry, in the field's own unit."""

_TEMPERATURE = ("storage_celsius", "temperature_celsius")


def clean_money(raw: ir.StringValue, setting: Setting) -> Cell:
    """An amount as a decimal: currency signs and thousands separators removed, brackets as a minus, 千, 万, 亿, k, w.

    ``1.234,56`` and ``12,5`` are read with a decimal comma, as nothing else can be meant; the mapping's ``scale``
    multiplies the result (``0.01`` for fen).
    """

    def made(bare: ir.StringValue) -> ir.Value:
        is_negative = bare.re_search(r"^[-−]|^\(.*\)$|-$")
        digits = bare.re_replace(r"^[-−+(]+|[)\-]+$", "")
        large = let(
            _plain_number(digits.re_replace("[万萬亿億千kKwW]$", "")).try_cast(_WIDE),
            lambda base: ibis.cases(
                (~digits.re_search("[万萬亿億千kKwW]$"), base),
                (digits.re_search("[千kK]$"), _times(base, "1000")),
                (digits.re_search("[万萬wW]$"), _times(base, "10000")),
                else_=_times(base, "100000000"),
            ),
        )
        scaled = (
            let(large, lambda base: _times(base, setting.reading.scale))
            if setting.reading.scale not in ("", "1")
            else large
        )
        return let(scaled, lambda amount: ibis.ifelse(is_negative, -amount, amount).try_cast(MONEY))

    def slow(text: ir.StringValue) -> ir.StructValue:
        return judged(
            folded(text),
            lambda given: let(given.re_replace(_CURRENCY_SIGNS, "").re_replace(r"[\s_'’]", ""), made),
            "not an amount of money",
        )

    if setting.reading.scale not in ("", "1"):
        return cell_of(slow(raw))
    return quickly(
        raw,
        {
            # Up to eighteen digits DuckDB casts two hundred times as fast as above.
            r"^\d{1,14}(\.\d{1,4})?$": lambda text: text.try_cast("decimal(18, 4)").cast(MONEY),
            r"^[¥￥]\d{1,3}(,\d{3}){0,3}(\.\d{1,4})?$": lambda text: (
                text.re_replace("[¥￥,]", "").try_cast("decimal(18, 4)").cast(MONEY)
            ),
        },
        slow,
        setting,
    )


def _plain_number(number: ir.StringValue) -> ir.StringValue:
    """A number with a decimal point and no separators, or null where it cannot be told which is which."""
    return let(
        number,
        lambda written: ibis.cases(
            (written.re_search(r"^\d+(\.\d*)?$|^\.\d+$"), written),
            (written.re_search(r"^\d{1,3}(,\d{3})+(\.\d*)?$|^\d{1,4}(,\d{4})+(\.\d*)?$"), written.replace(",", "")),
            (written.re_search(r"^\d{1,3}(\.\d{3})+,\d{1,2}$"), written.replace(".", "").replace(",", ".")),
            (written.re_search(r"^\d+,\d{1,2}$"), written.replace(",", ".")),
            (
                written.re_search(r"^\d+(\.\d+)?[eE][-+]?\d{1,2}$"),
                written.try_cast("float64").try_cast(MONEY).cast("string"),
            ),
            else_=ibis.null("string"),
        ),
    )


def _times(amount: ir.DecimalValue, factor: str) -> ir.DecimalValue:
    """An amount times a factor, null where it outgrows the column: a typed literal, as bare decimals lose digits."""
    most = Decimal(10**15) / max(Decimal(1), Decimal(factor))
    fitting = ibis.ifelse(amount.abs() <= ibis.literal(most, type=_WIDE), amount, ibis.null(_WIDE))
    return (fitting * ibis.literal(Decimal(factor), type="decimal(16, 6)")).cast(_WIDE)


def clean_number(raw: ir.StringValue, setting: Setting) -> Cell:
    """A measured quantity in its field's unit; a unit in the cell counts before that of the mapping (``scale``)."""
    field, scale = setting.reading.field, float(setting.reading.scale or 1)
    known = UNITS.get(field, {})

    def measured(bare: ir.StringValue) -> ir.Value:
        digits = bare.re_extract(r"^([-+−]?[\d.,]+(?:e[-+]?\d+)?)", 1).nullif("")
        unit = bare.re_replace(r"^[-+−]?[\d.,]+(e[-+]?\d+)?", "")
        number = (
            let(
                digits,
                lambda written: ibis.cases(
                    (written.re_search(r"^[-+−]?\d{1,3}(,\d{3})+(\.\d*)?$"), written.replace(",", "")),
                    (written.re_search(r"^[-+−]?\d+,\d{1,2}$"), written.replace(",", ".")),
                    else_=written,
                ),
            )
            .replace("−", "-")
            .try_cast("float64")
        )
        # A quantity may carry any unit word (支, 人份, tubes); a weight or a volume must carry one that is known.
        unknown = ibis.null("float64") if known else ibis.ifelse(unit.re_search(r"\d"), ibis.null("float64"), scale)
        factor = let(
            unit,
            lambda word: ibis.cases(
                (word == "", scale),
                *((word == name, float(size)) for name, size in known.items()),
                else_=unknown,
            ),
        )
        if field in _TEMPERATURE:
            return ibis.ifelse(unit.re_search("^°?f$|华氏"), (number - 32) / 1.8, number)
        plain = let(number * factor, _as_written)
        return ibis.coalesce(_clock_seconds(bare), plain) if field == "duration_s" else plain

    def made(text: ir.StringValue) -> ir.Value:
        return chain(
            text.lower().re_replace(r"[\s_]", "").re_replace("^[约≈~]", ""),
            measured,
            lambda number: ibis.ifelse(number.isnan() | number.isinf(), ibis.null("float64"), number),
        )

    def slow(text: ir.StringValue) -> ir.StructValue:
        return judged(folded(text), made, "not a quantity")

    def quick(text: ir.StringValue) -> ir.Value:
        number = text.try_cast("float64")
        return number if scale == 1 else let(number * scale, _as_written)

    return quickly(raw, {r"^\d{1,9}(\.\d{1,6})?$": quick}, slow, setting)


def _as_written(product: ir.FloatingValue) -> ir.FloatingValue:
    """A product without what is added by multiplying in binary: 4.063 kg are 4063 g, and not 4062.9999999999995.

    Fifteen digits are what a number in binary tells apart for certain.
    """
    size = product.abs()
    return ibis.cases((size < 1e6, product.round(9)), (size < 1e9, product.round(6)), else_=product)


def _clock_seconds(text: ir.StringValue) -> ir.FloatingValue:
    """``00:03:25`` and ``3分25秒`` in seconds, else null."""

    def seconds(clock: ir.StringValue) -> ir.Value:
        hours, minutes, rest = (
            clock.re_extract(form, 1).nullif("").try_cast("float64")
            for form in (r"^(\d+):\d+:\d+$", r"(\d+):\d+$", r":(\d+)$")
        )
        total = ibis.coalesce(hours, 0.0) * 3600 + minutes * 60 + rest
        return ibis.ifelse(clock.re_search(r"^(\d+:)?\d{1,3}:\d{1,2}$"), total, ibis.null("float64"))

    return chain(
        text.re_replace("小时|时|h", ":").re_replace("分钟|分|m(in)?", ":").re_replace("秒|s(ec)?$", ""),
        lambda clock: ibis.ifelse(clock.re_search(":$"), clock + "0", clock),
        seconds,
    )


def clean_integer(raw: ir.StringValue, setting: Setting) -> Cell:
    """A whole number; a unit word behind it is left out."""

    def whole(text: ir.StringValue) -> ir.Value:
        return let(
            clean_number(text, setting).value,
            lambda number: ibis.ifelse(is_whole(number) & (number.abs() < 9e15), number, ibis.null("float64")).cast(
                "int64"
            ),
        )

    return cell_of(judged(folded(raw), whole, "not a whole number"))
