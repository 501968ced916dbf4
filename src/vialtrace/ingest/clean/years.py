"""Days written without their year: what they look like, and how they get the year that a list is of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.clean.cell import let

WITHOUT_YEAR = "a day without its year: say form: no_year and origin: (the first day of the list) in the mapping"
LOST_NOUGHT = (
    "a day written as a decimal: a spreadsheet writes the 1st and the 10th alike; say order: mdy in the mapping if "
    "it is the 1st"
)

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_CLOCK = r"((?:\s+|[,，]\s*)\D{0,4}\d{1,2}[:：时点].*)?"
_IN_WORDS = r"^\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?\s*(\D{0,4}\d{1,2}\s*[:：时点].*)?$"
_IN_FIGURES = rf"^\s*(\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}$"
_DAY_FIRST = rf"^\s*(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]?({_MONTHS})[a-z]*\.?{_CLOCK}$"
_MONTH_FIRST = rf"^\s*({_MONTHS})[a-z]*\.?[-/. ]?(\d{{1,2}})(?:st|nd|rd|th)?{_CLOCK}$"
_DECIMAL = r"^\s*\d{1,2}\.[123](\s.*)?$"

NO_YEAR = f"(?i){_IN_WORDS}|{_IN_FIGURES}|{_DAY_FIRST}|{_MONTH_FIRST}"
"""A day of a month, with or without a time of day, and nothing that could be a year."""

IN_FIGURES = r"^\s*(\d{1,2})[-/.](\d{1,2})(\s|$)"
"""The same in figures only, where either may be the month."""


def with_year(
    text: ir.StringValue, origin: str, order: ir.StringValue, *, is_text: bool = False
) -> ir.StringValue:
    """A day without a year as ``2025-3-5 14:22``, the first such day on or after ``origin``; any other text as it is.

    In figures alone the month stands first unless ``order`` is ``dmy``. Null where a decimal may have lost its nought,
    unless ``is_text`` says that none did.
    """
    first = dt.date.fromisoformat(origin)
    lower = text.lower()

    def found(form: str, month: int, day: int) -> tuple[ir.BooleanValue, ir.StringValue]:
        told = rf"\{month}~\{day}~\3"
        return lower.re_search(form), lower.re_replace(form, told)

    lost = [] if is_text else [(lower.re_search(_DECIMAL), ibis.null("string"))]
    named = ibis.cases(
        *lost,
        found(_IN_WORDS, 1, 2),
        (lower.re_search(_IN_FIGURES) & (order == "dmy"), lower.re_replace(_IN_FIGURES, r"\2~\1~\3")),
        found(_IN_FIGURES, 1, 2),
        found(_DAY_FIRST, 2, 1),
        found(_MONTH_FIRST, 1, 2),
        else_=text,
    )
    for number, month in enumerate(_MONTHS.split("|"), start=1):
        named = named.re_replace(f"^{month}~", f"{number}~")

    def dated(parts: ir.StringValue) -> ir.Value:
        month, day = (parts.re_extract(form, 1).nullif("").try_cast("int64") for form in (r"^(\d+)~", r"^\d+~(\d+)~"))
        year = ibis.ifelse(month * 100 + day < first.month * 100 + first.day, first.year + 1, first.year)
        whole = year.cast("string") + "-" + month.cast("string") + "-" + day.cast("string") + " "
        return ibis.ifelse(parts.contains("~"), whole + parts.re_extract(r"^\d+~\d+~\s*[,，]?\s*(.*)$", 1), parts)

    return let(named, dated)


def lacks_year(values: Sequence[str]) -> bool:
    """Whether the filled values are days of a month without a year, each of which there can be."""
    filled = [value.strip() for value in values if value.strip()]
    return bool(filled) and all(re.match(NO_YEAR, value) and _can_be(value) for value in filled)


def keeps_noughts(values: Sequence[str]) -> bool:
    """Whether a column of days written as decimals is text all the same: 3.10 is not 3.1 there."""
    return any(re.match(r"^\s*\d{1,2}\.[123]0(\s|$)", value) for value in values)


def _can_be(value: str) -> bool:
    """In figures one of the two is a month, and the other a day: 24.75 is neither."""
    told = re.match(IN_FIGURES, value)
    if told is None:
        return True
    one, other = int(told[1]), int(told[2])
    return 0 < min(one, other) <= 12 and max(one, other) <= 31
