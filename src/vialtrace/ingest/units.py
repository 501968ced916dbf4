"""What a header or its values say about units, scales, currencies and the form of times; and what they leave open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from vialtrace.ingest.dating import year_questions
from vialtrace.ingest.likeness import is_small_integers, numbers_in, proven_order
from vialtrace.model import RECORDS
from vialtrace.model.mapping import Mapping, Question, Reading, Sheet

_WEIGHT_UNITS = (
    ("(?i)kg|千克|公斤", "1000"),
    ("(?i)mg|毫克", "0.001"),
    ("(?i)\\bg\\b|克|_g$|\\(g\\)|gram", "1"),
    ("(?i)lb|pound", "453.59237"),
)
_MONEY_UNITS = (
    ("万元", "10000"),
    ("千元", "1000"),
    ("亿元", "100000000"),
    ("[(（]分[)）]|_fen$|\\bfen\\b", "0.01"),
)
_TITLE_UNIT = re.compile(r"(?:金额)?单位\s*[:：]?\s*(?:人民币)?\s*(万元|千元|亿元|元|分)")
_AMOUNTS = ("amount", "amount_in", "amount_out", "price", "freight", "value")
_CURRENCY_WORDS = (
    ("[(（]?元[)）]?|人民币|(?i:rmb|cny)|[¥￥]", "CNY"),
    ("(?i:hkd|hk\\$)|港币|港元", "HKD"),
    ("(?i:usd|us\\$)|美元|美金", "USD"),
    ("€|(?i:eur)", "EUR"),
    ("₹|(?i:inr)", "INR"),
)

LIGHTEST_HEAVY_GRAM = 30.0
"""Half of all parcels weigh less than 30 only if they are weighed in kilograms: an empty box weighs more grams."""


def reading_of(reading: Reading, values: Sequence[str]) -> tuple[Reading, dict[str, str]]:
    """The reading with the scale its header or values tell, and the constants they tell (a currency)."""
    header = unicodedata.normalize("NFKC", reading.column)
    told: dict[str, str] = {}
    if reading.field == "weight_g":
        scale = next((scale for form, scale in _WEIGHT_UNITS if re.search(form, header)), "")
        numbers = numbers_in(values)
        if not scale and numbers and numbers[len(numbers) // 2] < LIGHTEST_HEAVY_GRAM:
            scale = "1000"
        reading = replace(reading, scale=scale if scale != "1" else "")
    elif reading.field in _AMOUNTS:
        scale = next((scale for form, scale in _MONEY_UNITS if re.search(form, header)), "")
        text = header + " " + " ".join(values[:20])
        currency = next((code for form, code in _CURRENCY_WORDS if re.search(form, text)), "")
        told = {"currency": currency} if currency else {}
        reading = replace(reading, scale=scale)
    elif reading.field == "volume_ml" and re.search(r"(?i)\bl\b|升", header) and not re.search("(?i)ml|毫升", header):
        reading = replace(reading, scale="1000")
    elif reading.field == "duration_s" and re.search("(?i)min|分钟", header):
        reading = replace(reading, scale="60")
    return reading, told


def with_title_unit(sheet: Sheet, mapping: Mapping) -> Mapping:
    """The mapping with the unit of money that a title gives (``单位：万元``), where a header names none of its own."""
    titles = " ".join(text for _, text in sheet.titles)
    told = _TITLE_UNIT.search(unicodedata.normalize("NFKC", titles))
    scale = {"万元": "10000", "千元": "1000", "亿元": "100000000", "分": "0.01"}.get(told[1]) if told else None
    if scale is None:
        return mapping
    readings = (
        replace(each, scale=scale)
        if each.field in _AMOUNTS and not each.scale and not re.search("元|分|¥", each.column)
        else each
        for each in mapping.readings
    )
    return replace(mapping, readings=tuple(readings))


def unit_questions(sheet: Sheet, mapping: Mapping) -> tuple[Question, ...]:
    """What only a person knows about units and forms: date orders, day numbers, weights, statements."""
    form = RECORDS[mapping.kind]
    asked = []
    for reading in mapping.readings:
        values = [row[mapping.position(reading.column)] for row in sheet.sample]
        is_time = reading.field in form.names and form.column(reading.field).kind_name in ("time", "date")
        if is_time and is_small_integers(values):
            asked.append(
                Question(
                    reading.field,
                    ("form: day_number with an origin date",),
                    f"{reading.column!r} holds small whole numbers: if they count days, the date of day 0 is needed",
                )
            )
        elif is_time and proven_order(values) == "open":
            asked.append(
                Question(
                    reading.field,
                    ("order: dmy", "order: mdy"),
                    f"no value of {reading.column!r} tells day from month; the whole file decides",
                )
            )
        elif (
            reading.field == "weight_g"
            and reading.scale == "1000"
            and not re.search("(?i)kg|千克|公斤", reading.column)
        ):
            asked.append(
                Question(
                    "weight_g",
                    ("scale: 1000", "scale: 1"),
                    f"{reading.column!r} names no unit; its values look like kilograms",
                )
            )
    return (*asked, *year_questions(sheet, mapping))
