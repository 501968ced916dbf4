"""Cleaners of times and dates.

Every form is rewritten by regular expressions into ``year-month-day hour:minute:second`` and then cast, so that one
cast decides whether such a moment exists. Whether ``3/4/2024`` is March or April is decided for the whole column: by
the mapping, or by a value that can only be one of them, never row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache, reduce
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.datatypes as dtypes
import ibis.expr.types as ir

from vialtrace.ingest.clean import years
from vialtrace.ingest.clean.cell import Cell, Setting, cell_of, chain, folded, is_whole, let, quickly
from vialtrace.model.mapping import NO_YEAR

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = r"^\d{4}-\d{2}-\d{2}([ t]\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)?)?$"
_TIME = r"(?:[ t:,-]*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,6})\d*)?)?)?"
_OFFSET = r"\s*(z|[+-]\d{2}:?\d{2}|[+-]\d{2}|utc|gmt)?$"
_YEAR_FIRST = r"^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})" + _TIME
_YEAR_FIRST_TIGHT = r"^((?:19|20)\d{2})(\d{2})(\d{2})" + _TIME
_YEAR_LAST = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})" + _TIME
_SHORT_YEAR = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{1,2})" + _TIME
_NUMERIC_DATE = r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(\D|$)"

_MOMENT = dtypes.Timestamp(scale=6)

_SHORTCUTS: dict[str, Callable[[Any], ir.Value]] = {
    r"^(19|20)\d{2}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$": lambda text: text.try_cast(_MOMENT),
    r"^(19|20)\d{2}/\d{1,2}/\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?$": lambda text: text.replace("/", "-").try_cast(_MOMENT),
    r"^(19|20)\d{6} ?\d{6}$": lambda text: text.re_replace(
        r"^(\d{4})(\d{2})(\d{2}) ?(\d{2})(\d{2})(\d{2})$", r"\1-\2-\3 \4:\5:\6"
    ).try_cast(_MOMENT),
}
"""The forms most files come in, whose cast alone settles them; up to ten characters they have no time of day."""

_SMALL_NUMBER = (
    "a small number is no date by itself: if it counts days, say form: day_number and origin: (the date of day 0) "
    "in the mapping"
)

EARLIEST, LATEST = 1900, 2100
"""A year outside of these is a slip of the pen, not a date of a record."""


def plain_time(text: ir.StringValue) -> ir.StringValue:
    """A folded time's text with Chinese units, month names and half-days rewritten in digits."""
    return let(
        text.lower(),
        lambda lower: ibis.ifelse(
            lower.re_search(_ISO),
            lower,
            chain(
                lower,
                lambda given: ibis.ifelse(given.re_search("[年月日号时点星周]"), _in_digits(given), given),
                lambda given: given.re_replace(r"\s+", " ").strip(),
                lambda given: ibis.ifelse(given.re_search("[a-z]{3}"), _without_month_names(given), given),
            ),
        ),
    )


def _in_digits(text: ir.StringValue) -> ir.StringValue:
    days = (
        text.re_replace(r"[年月]\s*", "-")
        .re_replace(r"[日号]\s*", " ")
        .re_replace(r"(星期|周)[一二三四五六日天]\s*", " ")
    )
    clock = days.re_replace(r"[时点]\s*", ":").re_replace(r"分\s*", ":").re_replace("秒", "").strip()
    # "14时" is 14:00, and "14时22分" ends in a colon of its own.
    return clock.re_replace(r"^(\S+ \d{1,2}):$", r"\1:00").re_replace(r":\s*$", "")


def _without_month_names(text: ir.StringValue) -> ir.StringValue:
    """``5 Mar 2024`` and ``Mon, March 5th, 2024`` as ``2024-3-5``."""
    day_first = r"^(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[- ]([a-z]{3})[a-z]*\.?,?[- ](\d{4})"
    month_first = (
        r"^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"
    )
    marked = text.re_replace(day_first, r"\3-#\2-\1").re_replace(month_first, r"\3-#\1-\2")
    return reduce(
        lambda written, month: written.replace(f"#{month[1]}", str(month[0])), enumerate(_MONTHS, start=1), marked
    )


def order_of(
    raw: ir.StringColumn, form: str = "", day_first: str = "dmy", month_first: str = "mdy"
) -> ir.StringScalar:
    """The order of day and month that a column's own values prove, else null; contradicting values prove nothing."""
    written = years.IN_FIGURES if form == NO_YEAR else _NUMERIC_DATE
    first, second = (raw.re_extract(written, place).nullif("").try_cast("int64").max() for place in (1, 2))
    null = ibis.null("string")
    return ibis.cases(
        ((first > 12) & (second > 12), null),
        (first > 12, day_first),
        (second > 12, month_first),
        else_=null,
    )


def clean_time(raw: ir.StringValue, setting: Setting) -> Cell:
    """A moment in the case's time zone; a date without a time of day is midnight and day-only.

    Read: ISO 8601 with or without an offset, ``2024/3/5 9:07``, ``20240305 142233``, ``2024年3月5日 14时22分``,
    ``5 Mar 2024``, day and month in either order, Excel serial numbers, seconds or milliseconds since 1970, and, where
    the mapping gives an ``origin``, plain day numbers and days without a year.
    """
    form = setting.reading.form or "auto"
    if form == "day_number":
        return cell_of(let(folded(raw), lambda text: _from_day_number(text, setting.reading.origin)))
    if form == "auto":
        return quickly(
            raw, _SHORTCUTS, lambda text: _checked(text, lambda plain: _from_any(plain, setting), setting), setting
        )

    if form == NO_YEAR:
        proven = ibis.literal("") if setting.order is None else setting.order.fill_null("")
        order = ibis.literal(setting.reading.order) if setting.reading.order else proven
        is_text = bool(setting.reading.order)

        def dated(text: ir.StringValue) -> ir.StructValue:
            whole = years.with_year(text, setting.reading.origin, order, is_text=is_text)
            return let(whole, lambda day: _from_any(day, setting))

        return cell_of(_checked(raw, dated, setting))

    def counted(text: ir.StringValue) -> ir.StructValue:
        number = text.try_cast("float64")
        if form == "excel_serial":
            return _of(_from_serial(number), is_whole(number))
        seconds = number / (1000 if form == "epoch_ms" else 1)
        return _of(_from_epoch(seconds, setting.time_zone), ibis.literal(False))  # noqa: FBT003  a literal's value

    return cell_of(_checked(raw, counted, setting))


def _no_year_reason(given: ir.StringValue, setting: Setting) -> ir.Value:
    """What is wrong with a day that has no year: that nobody says which, that it lost a nought, or that it is none."""
    if setting.reading.form != NO_YEAR:
        return ibis.literal(years.WITHOUT_YEAR)
    is_text = bool(setting.reading.order)
    lost = years.with_year(given, setting.reading.origin, ibis.literal(""), is_text=is_text).isnull()
    return ibis.ifelse(lost, years.LOST_NOUGHT, "not a time that can be read")


def _of(moment: ir.TimestampValue, is_day_only: ir.BooleanValue) -> ir.StructValue:
    return ibis.struct({"moment": moment, "is_day_only": is_day_only})


def clean_date(raw: ir.StringValue, setting: Setting) -> Cell:
    """A calendar day; a time of day beside it is left out."""
    made = clean_time(raw, setting)
    if setting.ways == "test":
        return made
    return Cell(made.value.cast("date"), made.problem)


def _from_any(text: ir.StringValue, setting: Setting) -> ir.StructValue:
    """A time in whichever form it shows."""
    number = text.try_cast("float64")
    seconds = ibis.ifelse(number > 1e11, number / 1000, number)

    def moment(plain: ir.StringValue) -> ir.Value:
        def of_parts(parts: ir.StructValue) -> ir.Value:
            local = parts["canonical"].try_cast(_MOMENT)
            return _of(
                ibis.ifelse(parts["offset"].notnull(), _in_zone(local, parts["offset"], setting.time_zone), local),
                ~parts["canonical"].contains(":"),
            )

        return ibis.cases(
            (plain.re_search(_ISO), _of(plain.replace("t", " ").try_cast(_MOMENT), plain.length() == 10)),
            (plain.re_search(r"^[2-7]\d{4}(\.\d+)?$"), _of(_from_serial(number), ~plain.contains("."))),
            (
                plain.re_search(r"^1\d{9}(\.\d+)?$|^1\d{12}$"),
                _of(_from_epoch(seconds, setting.time_zone), ibis.literal(False)),  # noqa: FBT003  a literal's value
            ),
            else_=let(_canonical(plain, setting), of_parts),
        )

    return let(plain_time(text), moment)


def _canonical(plain: ir.StringValue, setting: Setting) -> ir.StructValue:
    """A rewritten time as ``y-m-d h:m:s`` (``canonical``) and its ``offset`` (null without one)."""
    order = ibis.literal(setting.reading.order) if setting.reading.order else setting.order
    order = ibis.literal("") if order is None else ibis.coalesce(order, "")

    def written(clock: ir.StringValue) -> ir.Value:
        def last(form: str, year: str, orders: tuple[str, ...]) -> ir.Value:
            places = {"dmy": (3, 2, 1), "mdy": (3, 1, 2), "ymd": (1, 2, 3)}
            return ibis.cases(
                *(
                    (
                        order == name,
                        clock.re_replace(form + _OFFSET, rf"{year}\%d-\%d-\%d" % places[name] + r" \4:\5:\6.\7"),
                    )
                    for name in orders
                ),
                else_=ibis.null("string"),
            )

        stamp = r"\1-\2-\3 \4:\5:\6.\7"
        return ibis.cases(
            (clock.re_search(_YEAR_FIRST + _OFFSET), clock.re_replace(_YEAR_FIRST + _OFFSET, stamp)),
            (clock.re_search(_YEAR_FIRST_TIGHT + _OFFSET), clock.re_replace(_YEAR_FIRST_TIGHT + _OFFSET, stamp)),
            (clock.re_search(_YEAR_LAST + _OFFSET), last(_YEAR_LAST, "", ("dmy", "mdy"))),
            (clock.re_search(_SHORT_YEAR + _OFFSET), last(_SHORT_YEAR, "20", ("dmy", "mdy", "ymd"))),
            else_=ibis.null("string"),
        )

    half = ibis.cases(
        (plain.re_search(r"下午|晚上|\dpm\b|\bpm\b"), "pm"),
        (plain.re_search(r"上午|凌晨|早上|\dam\b|\bam\b"), "am"),
        else_="",
    )
    clock = plain.re_replace(r"\s*(上午|下午|晚上|凌晨|早上|中午|am\b|pm\b)\s*", " ").strip()
    # What was not written leaves bare separators behind: "2024-3-5 ::." or "2024-3-5 9:07:."
    bare = chain(clock, written, lambda stamp: stamp.re_replace(r"[:.]+$", "").strip())
    return let(
        bare,
        lambda stamp: ibis.struct(
            {
                "canonical": _on_24_hours(stamp, half),
                "offset": ibis.ifelse(
                    stamp.contains(":"), clock.re_extract(r"\d" + _OFFSET, 1).nullif(""), ibis.null("string")
                ),
            }
        ),
    )


def _on_24_hours(stamp: ir.StringValue, half: ir.StringValue) -> ir.StringValue:
    """A stamp whose hour counts from midnight, given which half of the day was named beside it."""
    hour = stamp.re_extract(r" (\d{1,2}):", 1).nullif("").try_cast("int64")
    shift = ibis.cases(((half == "pm") & (hour < 12), 12), ((half == "am") & (hour == 12), -12), else_=0)
    moved = (
        stamp.re_extract(r"^(\S+) ", 1) + " " + (hour + shift).cast("string") + stamp.re_extract(r" \d{1,2}(:.*)$", 1)
    )
    return ibis.ifelse((half == "") | hour.isnull(), stamp, moved)


def _checked(raw: ir.StringValue, find: Callable[[Any], ir.StructValue], setting: Setting) -> ir.StructValue:
    """The moment that ``find`` finds in a text, if its year can be true, else what is wrong with the text."""

    def why(given: ir.StringValue, moment: ir.TimestampValue) -> ir.StringValue:
        no_order = given.re_search(_NUMERIC_DATE) & ibis.literal(setting.reading.order == "")
        return ibis.cases(
            (
                given.re_search(r"^\d{1,4}$"),
                _SMALL_NUMBER,
            ),
            (
                no_order,
                "day and month cannot be told apart in this column: say order: dmy or order: mdy in the mapping",
            ),
            (given.re_search(years.NO_YEAR), _no_year_reason(given, setting)),
            (moment.notnull(), f"a year before {EARLIEST} or after {LATEST}"),
            else_="not a time that can be read",
        )

    def made(given: ir.StringValue) -> ir.Value:
        return let(
            find(given),
            lambda found: ibis.ifelse(
                found["moment"].year().between(EARLIEST, LATEST),
                ibis.struct(
                    {"value": found["moment"], "problem": ibis.null("string"), "is_day_only": found["is_day_only"]}
                ),
                ibis.struct(
                    {
                        "value": ibis.null(_MOMENT),
                        "is_day_only": ibis.null("boolean"),
                        "problem": ibis.ifelse(given.isnull(), ibis.null("string"), why(given, found["moment"])),
                    }
                ),
            ),
        )

    return let(folded(raw), made)


def _from_day_number(text: ir.StringValue, origin: str) -> ir.StructValue:
    """Days counted from ``origin``, which is day 0; a fraction is a time of day."""
    number = text.try_cast("float64")
    null = ibis.null(_MOMENT)
    reason = (
        "not a day number"
        if origin
        else "a day number without an origin: say origin: (the date of day 0) in the mapping"
    )
    start = dt.datetime.fromisoformat(origin) if origin else None
    value = null if start is None else ibis.ifelse(number.abs() < 1e5, _after(start, number), null)
    return ibis.struct(
        {
            "value": value,
            "problem": ibis.ifelse(text.notnull() & value.isnull(), reason, ibis.null("string")),
            "is_day_only": is_whole(number),
        }
    )


def _from_serial(number: ir.FloatingValue) -> ir.TimestampValue:
    """An Excel serial day (1900 system) as a moment, to the second: serials carry no more."""
    return _after(dt.datetime(1899, 12, 30), number)  # noqa: DTZ001  local by design


def _after(start: dt.datetime, days: ir.FloatingValue) -> ir.TimestampValue:
    seconds = (days * 86400).round().cast("int64")
    base = int((start - dt.datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001  both naive
    return _epoch() + (seconds + base).as_interval("s")


def _from_epoch(seconds: ir.FloatingValue, time_zone: str) -> ir.TimestampValue:
    micros = (seconds * 1_000_000).round().cast("int64")
    return let(_epoch() + micros.as_interval("us"), lambda utc: _to_local(utc, time_zone))


def _epoch() -> ir.TimestampValue:
    return ibis.timestamp("1970-01-01 00:00:00").cast(_MOMENT)


def _in_zone(local: ir.TimestampValue, offset: ir.StringValue, time_zone: str) -> ir.TimestampValue:
    """A moment written with an offset from UTC (``z`` or ``+08:00``), in the case's time zone."""
    sign = ibis.ifelse(offset.startswith("-"), -1, 1)
    digits = offset.re_replace(r"\D", "")
    hours = digits.substr(0, 2).nullif("").try_cast("int64")
    minutes = digits.substr(2, 2).nullif("").try_cast("int64")
    shift = sign * (ibis.coalesce(hours, 0) * 60 + ibis.coalesce(minutes, 0))
    return let(local - shift.as_interval("m"), lambda utc: _to_local(utc, time_zone))


def _to_local(utc: ir.TimestampValue, time_zone: str) -> ir.TimestampValue:
    """A naive UTC moment as a naive moment of a time zone, by the zone's own table rather than the engine's session."""
    first, *later = offsets(time_zone)
    shifts = [(utc >= ibis.timestamp(start), minutes) for start, minutes in reversed(later)]
    # UTC and some others have never changed.
    shift = ibis.cases(*shifts, else_=first[1]) if shifts else ibis.literal(first[1], type="int64")
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
