"""Cleaners of times and dates.

Every form is rewritten by regular expressions into ``year-month-day hour:minute:second`` and then cast, so that one
cast decides whether such a moment exists. Whether ``3/4/2024`` is March or April is decided for the whole column: by the
mapping, or by a value that can only be one of them, never row by row.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, reduce
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.datatypes as dtypes
import ibis.expr.types as ir

from vialtrace.ingest.clean.cell import Cell, Setting, folded

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = r"^\d{4}-\d{2}-\d{2}([ t]\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)?)?$"
_TIME = r"(?:[ T:,-]*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,6})\d*)?)?)?"
_OFFSET = r"\s*(z|[+-]\d{2}:?\d{2}|[+-]\d{2}|utc|gmt)?$"
_YEAR_FIRST = r"^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})" + _TIME
_YEAR_FIRST_TIGHT = r"^((?:19|20)\d{2})(\d{2})(\d{2})" + _TIME
_YEAR_LAST = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})" + _TIME
_SHORT_YEAR = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2})" + _TIME
_NUMERIC_DATE = r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(\D|$)"

EARLIEST, LATEST = 1900, 2100
"""A year outside of these is a slip of the pen, not a date of a record."""


def plain_time(raw: ir.StringValue) -> ir.StringValue:
    """A time's text with Chinese units, month names and half-days rewritten in digits."""
    text = folded(raw).lower()
    iso = text.re_search(_ISO)
    spelt = text.re_replace(r"[年月]", "-").re_replace(r"[日号]\s*", " ").re_replace(r"(星期|周)[一二三四五六日天]\s*", " ")
    clock = spelt.re_replace(r"[时点]\s*", ":").re_replace(r"分\s*", ":").re_replace(r":?秒", "").re_replace(r":\s*$", "")
    clock = clock.re_replace(r"^(.*)\b(\d{1,2})$", r"\1\2").re_replace(r"\s+", " ").strip()
    named = reduce(
        lambda written, month: written.re_replace(
            rf"^(?:[a-z]{{3,9}},? )?(\d{{1,2}})(?:st|nd|rd|th)?[- ]{month[1]}[a-z]*\.?,?[- ](\d{{4}})", rf"\2-{month[0]}-\1",
        ).re_replace(
            rf"^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?{month[1]}[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})",
            rf"\2-{month[0]}-\1",
        ),
        enumerate(_MONTHS, start=1), clock,
    )
    plain = ibis.ifelse(clock.re_search("[a-z]{3}"), named, clock)
    return ibis.ifelse(iso, text, plain)


def order_of(raw: ir.StringColumn, day_first: str = "dmy", month_first: str = "mdy") -> ir.StringScalar:
    """The order of day and month that a column's own values prove, else null; contradicting values prove nothing."""
    text = folded(raw)
    is_numeric = text.re_search(_NUMERIC_DATE)
    first = ibis.ifelse(is_numeric, text.re_extract(_NUMERIC_DATE, 1).nullif("").try_cast("int64"), ibis.null("int64")).max()
    second = ibis.ifelse(is_numeric, text.re_extract(_NUMERIC_DATE, 2).nullif("").try_cast("int64"), ibis.null("int64")).max()
    null = ibis.null("string")
    return ibis.cases(
        ((first > 12) & (second > 12), null), (first > 12, day_first), (second > 12, month_first), else_=null,
    )


def clean_time(raw: ir.StringValue, setting: Setting) -> Cell:
    """A moment in the case's time zone; a date without a time of day is midnight and day-only.

    Read: ISO 8601 with or without an offset, ``2024/3/5 9:07``, ``20240305 142233``, ``2024年3月5日 14时22分``,
    ``5 Mar 2024``, day and month in either order, Excel serial numbers, seconds or milliseconds since 1970, and, where
    the mapping gives an ``origin``, plain day numbers.
    """
    text = folded(raw)
    form = setting.reading.form or "auto"
    if form == "day_number":
        return _from_day_number(text, setting.reading.origin)
    number = text.try_cast("float64")
    if form == "excel_serial":
        return _checked(text, _from_serial(number), number == number.floor(), setting)
    if form in ("epoch_s", "epoch_ms"):
        moment = _from_epoch(number / (1000 if form == "epoch_ms" else 1), setting.time_zone)
        return _checked(text, moment, ibis.literal(False), setting)  # noqa: FBT003  a literal's value
    plain = plain_time(raw)
    is_iso = plain.re_search(_ISO)
    is_serial = plain.re_search(r"^[2-7]\d{4}(\.\d+)?$")
    is_epoch = plain.re_search(r"^1\d{9}(\.\d+)?$|^1\d{12}$")
    seconds = ibis.ifelse(number > 1e11, number / 1000, number)
    canonical, offset = _canonical(plain, setting)
    local = canonical.try_cast(dtypes.Timestamp(scale=6))
    moment = ibis.cases(
        (is_iso, plain.try_cast(dtypes.Timestamp(scale=6))),
        (is_serial, _from_serial(number)),
        (is_epoch, _from_epoch(seconds, setting.time_zone)),
        (offset.notnull(), _in_zone(local, offset, setting.time_zone)),
        else_=local,
    )
    is_day_only = ibis.cases(
        (is_iso, plain.length() == 10), (is_serial, ~plain.contains(".")), (is_epoch, False), else_=~canonical.contains(":"),
    )
    return _checked(text, moment, is_day_only, setting)


def clean_date(raw: ir.StringValue, setting: Setting) -> Cell:
    """A calendar day; a time of day beside it is left out."""
    cell = clean_time(raw, setting)
    return Cell(cell.value.cast("date"), cell.problem)


def _canonical(plain: ir.StringValue, setting: Setting) -> tuple[ir.StringValue, ir.StringValue]:
    """A rewritten time as ``y-m-d h:m:s`` and its offset (null without one)."""
    afternoon = plain.re_search(r"下午|晚上|\d\s*pm\b")
    morning = plain.re_search(r"上午|凌晨|早上|中午|\d\s*am\b")
    clock = plain.re_replace(r"\s*(上午|下午|晚上|凌晨|早上|中午|am\b|pm\b)\s*", " ").strip()
    order = ibis.literal(setting.reading.order) if setting.reading.order else setting.order
    order = ibis.coalesce(order, "") if order is not None else ibis.literal("")
    stamp = r"\1-\2-\3 \4:\5:\6.\7"
    year_last = ibis.cases(
        (order == "dmy", clock.re_replace(_YEAR_LAST + _OFFSET, r"\3-\2-\1 \4:\5:\6.\7")),
        (order == "mdy", clock.re_replace(_YEAR_LAST + _OFFSET, r"\3-\1-\2 \4:\5:\6.\7")),
        else_=ibis.null("string"),
    )
    short = ibis.cases(
        (order == "dmy", clock.re_replace(_SHORT_YEAR + _OFFSET, r"20\3-\2-\1 \4:\5:\6.\7")),
        (order == "mdy", clock.re_replace(_SHORT_YEAR + _OFFSET, r"20\3-\1-\2 \4:\5:\6.\7")),
        (order == "ymd", clock.re_replace(_SHORT_YEAR + _OFFSET, r"20\1-\2-\3 \4:\5:\6.\7")),
        else_=ibis.null("string"),
    )
    written = ibis.cases(
        (clock.re_search(_YEAR_FIRST + _OFFSET), clock.re_replace(_YEAR_FIRST + _OFFSET, stamp)),
        (clock.re_search(_YEAR_FIRST_TIGHT + _OFFSET), clock.re_replace(_YEAR_FIRST_TIGHT + _OFFSET, stamp)),
        (clock.re_search(_YEAR_LAST + _OFFSET), year_last),
        (clock.re_search(_SHORT_YEAR + _OFFSET), short),
        else_=ibis.null("string"),
    )
    # What was not written leaves bare separators behind: "2024-3-5 ::." or "2024-3-5 9:07:."
    bare = written.re_replace(r"[:.]+$", "").re_replace(r"\s+$", "")
    hour = bare.re_extract(r" (\d{1,2}):", 1).nullif("").try_cast("int64")
    shift = ibis.cases((afternoon & (hour < 12), 12), (morning & (hour == 12) & ~plain.contains("中午"), -12), else_=0)
    moved = bare.re_extract(r"^(\S+) ", 1) + " " + (hour + shift).cast("string") + bare.re_extract(r" \d{1,2}(:.*)$", 1)
    offset = ibis.ifelse(bare.contains(":"), clock.re_extract(r":?\d{2}(?:[.,]\d+)?" + _OFFSET, 1).nullif(""), ibis.null("string"))
    return ibis.ifelse(shift == 0, bare, ibis.coalesce(moved, bare)), offset


def _checked(text: ir.StringValue, moment: ir.TimestampValue, is_day_only: ir.BooleanValue, setting: Setting) -> Cell:
    value = ibis.ifelse(moment.year().between(EARLIEST, LATEST), moment, ibis.null(dtypes.Timestamp(scale=6)))
    value = value.cast(dtypes.Timestamp(scale=6))
    no_order = text.re_search(_NUMERIC_DATE) & ibis.literal(setting.reading.order == "")
    problem = ibis.cases(
        (text.isnull() | value.notnull(), ibis.null("string")),
        (text.re_search(r"^\d{1,4}$"),
         "a small number is no date by itself: if it counts days, say form: day_number and origin: (the date of day 0) in the mapping"),
        (no_order, "day and month cannot be told apart in this column: say order: dmy or order: mdy in the mapping"),
        (moment.notnull(), f"a year before {EARLIEST} or after {LATEST}"),
        else_="not a time that can be read",
    )
    return Cell(value, problem, ibis.coalesce(is_day_only, False))  # noqa: FBT003  a literal's value


def _from_day_number(text: ir.StringValue, origin: str) -> Cell:
    """Days counted from ``origin``, which is day 0; a fraction is a time of day."""
    number = text.try_cast("float64")
    start = dt.datetime.fromisoformat(origin) if origin else dt.datetime(1970, 1, 1)  # noqa: DTZ001  local by design
    moment = _after(start, number)
    moment = ibis.ifelse(number.abs() < 1e5, moment, ibis.null(dtypes.Timestamp(scale=6)))
    reason = "not a day number" if origin else "a day number without an origin: say origin: (the date of day 0) in the mapping"
    value = moment if origin else ibis.null(dtypes.Timestamp(scale=6))
    value = value.cast(dtypes.Timestamp(scale=6))
    problem = ibis.ifelse(text.notnull() & value.isnull(), reason, ibis.null("string"))
    return Cell(value, problem, ibis.coalesce(number == number.floor(), False))  # noqa: FBT003


def _from_serial(number: ir.FloatingValue) -> ir.TimestampValue:
    """An Excel serial day (1900 system) as a moment, to the second: serials carry no more."""
    return _after(dt.datetime(1899, 12, 30), number)  # noqa: DTZ001  local by design


def _after(start: dt.datetime, days: ir.FloatingValue) -> ir.TimestampValue:
    seconds = (days * 86400).round().cast("int64")
    base = int((start - dt.datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001  both naive
    return _epoch() + (seconds + base).as_interval("s")


def _from_epoch(seconds: ir.FloatingValue, time_zone: str) -> ir.TimestampValue:
    micros = (seconds * 1_000_000).round().cast("int64")
    return _to_local(_epoch() + micros.as_interval("us"), time_zone)


def _epoch() -> ir.TimestampValue:
    return ibis.timestamp("1970-01-01 00:00:00").cast(dtypes.Timestamp(scale=6))


def _in_zone(local: ir.TimestampValue, offset: ir.StringValue, time_zone: str) -> ir.TimestampValue:
    """A moment written with an offset from UTC, in the case's time zone."""
    sign = ibis.ifelse(offset.startswith("-"), -1, 1)
    digits = offset.re_replace(r"\D", "")
    hours = digits.substr(0, 2).nullif("").try_cast("int64")
    minutes = digits.substr(2, 2).nullif("").try_cast("int64")
    shift = sign * (ibis.coalesce(hours, 0) * 60 + ibis.coalesce(minutes, 0))
    return _to_local(local - shift.as_interval("m"), time_zone)


def _to_local(utc: ir.TimestampValue, time_zone: str) -> ir.TimestampValue:
    """A naive UTC moment as a naive moment of a time zone, by the zone's own table rather than the engine's session."""
    first, *later = offsets(time_zone)
    shift = ibis.cases(*((utc >= ibis.timestamp(start), minutes) for start, minutes in reversed(later)), else_=first[1])
    return utc + shift.as_interval("m")


@cache
def offsets(time_zone: str) -> tuple[tuple[dt.datetime, int], ...]:
    """When a time zone's offset changed, in naive UTC from 1970 to 2040, and its minutes from UTC since then."""
    zone = ZoneInfo(time_zone)

    def minutes(moment: dt.datetime) -> int:
        return int((moment.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset() or dt.timedelta()).total_seconds() // 60)

    found = [(dt.datetime(1970, 1, 1), minutes(dt.datetime(1970, 1, 1)))]  # noqa: DTZ001  naive UTC by design
    low = found[0][0]
    while low.year < 2040:
        high = low + dt.timedelta(days=7)
        if minutes(high) != found[-1][1]:
            before, after = low, high
            while after - before > dt.timedelta(minutes=1):
                middle = before + (after - before) // 2
                middle = middle.replace(second=0, microsecond=0)
                before, after = (middle, after) if minutes(middle) == found[-1][1] else (before, middle)
            found.append((after, minutes(high)))
        low = high
    return tuple(found)
