"""Which year the days of a list are of, where its column has none: what the file itself says, and what is asked."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vialtrace.ingest.clean.years import IN_FIGURES, keeps_noughts, lacks_year
from vialtrace.model import RECORDS
from vialtrace.model.mapping import NO_YEAR, Mapping, Question, Reading, Sheet

ASKED_DAY = "form: no_year with the first day of the list"
SINCE = "since: "
"""Answers to the question of the year: any day a person names, and the day that the file speaks for."""

_PRINTED = re.compile(r"打印|导出|制表|生成|下载|print|export|generat|download|created", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)(20[0-4]\d)(?:\s*[-/.年_]\s*(1[0-2]|0?[1-9])(?!\d)(?:\s*[-/.月_]\s*(3[01]|[12]\d|0?[1-9])(?!\d))?"
    r"|(0[1-9]|1[0-2])(3[01]|[12]\d|0[1-9])?(?!\d)|(?!\d))"
)


def with_years(sheet: Sheet, mapping: Mapping) -> Mapping:
    """The mapping with the year of days that have none, where the file says of which year it is."""
    since = _stated(sheet)
    if since is None:
        return mapping
    readings = (
        replace(each, form=NO_YEAR, origin=since.isoformat(), order=each.order or _order_of(values))
        if not each.form and lacks_year(values := _values(sheet, mapping, each)) and _is_time(mapping, each)
        else each
        for each in mapping.readings
    )
    return replace(mapping, readings=tuple(readings))


def year_questions(sheet: Sheet, mapping: Mapping) -> tuple[Question, ...]:
    """A question for each column of days whose year nothing in the file says."""
    return tuple(
        Question(
            each.field,
            (*((f"{SINCE}{since}",) if (since := _before_printing(sheet)) else ()), ASKED_DAY),
            f"the days of {each.column!r} have no year",
        )
        for each in mapping.readings
        if not each.form and _is_time(mapping, each) and lacks_year(_values(sheet, mapping, each))
    )


def dated(reading: Reading, since: str, values: Sequence[str]) -> Reading:
    """The reading of a column of days without a year, the first of which can be ``since``."""
    return replace(reading, form=NO_YEAR, origin=since, order=reading.order or _order_of(values), confidence=1.0)


def _order_of(values: Sequence[str]) -> str:
    """``mdy`` where 3.1 is the 1st of March because the 10th is written 3.10; else the column has to prove it."""
    return "mdy" if keeps_noughts(values) and not any(_first(value) > 12 for value in values) else ""


def _first(value: str) -> int:
    told = re.match(IN_FIGURES, value)
    return int(told[1]) if told else 0


def _values(sheet: Sheet, mapping: Mapping, reading: Reading) -> list[str]:
    return [row[mapping.position(reading.column)] for row in sheet.sample]


def _is_time(mapping: Mapping, reading: Reading) -> bool:
    form = RECORDS[mapping.kind]
    return reading.field in form.names and form.column(reading.field).kind_name in ("time", "date")


def _stated(sheet: Sheet) -> dt.date | None:
    """The first day the list can hold, by its titles, its sheet's name or its file's, in this order.

    One year is meant whole; of two that follow each other the list begins where the first is named. More say nothing.
    """
    titles = [text for _, text in sheet.titles if not _PRINTED.search(text)]
    for texts in (titles, [sheet.page], [sheet.file]):
        found = sorted(_days(texts))
        years = sorted({day.year for day in found})
        if len(years) == 1:
            return dt.date(years[0], 1, 1)
        if len(years) == 2 and years[1] == years[0] + 1:
            return found[0]
    return None


def _before_printing(sheet: Sheet) -> dt.date | None:
    """The day after the one a year before the list was printed: no later day can be in it."""
    printed = max(_days(text for _, text in sheet.titles if _PRINTED.search(text)), default=None)
    if printed is None:
        return None
    before = printed.replace(year=printed.year - 1, day=min(printed.day, 28))
    return before + dt.timedelta(days=1)


def _days(texts: Iterator[str] | Sequence[str]) -> Iterator[dt.date]:
    for text in texts:
        for told in _DATE.finditer(unicodedata.normalize("NFKC", text)):
            year, month, day = int(told[1]), int(told[2] or told[4] or 1), int(told[3] or told[5] or 1)
            try:
                yield dt.date(year, month, day)
            except ValueError:
                yield dt.date(year, month, 1)
