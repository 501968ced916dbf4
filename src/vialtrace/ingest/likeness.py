"""How well a column's values look like a kind of value: the second opinion on what its header says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from vialtrace.ingest.clean.words import CURRENCIES, DIRECTIONS
from vialtrace.ingest.clean.years import lacks_year

_TIME = re.compile(
    r"^\s*(\d{4}[-/.年]\s?\d{1,2}([-/.月]\s?\d{1,2}日?)?|(19|20)\d{6}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|[2-7]\d{4}(\.\d+)?|1\d{9}(\d{3})?"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ,]+\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})(\D.*)?$|^(19|20)\d{12}$"
)
_FORMS: dict[str, re.Pattern[str]] = {
    "phone": re.compile(r"^\+?[\d*•xX][\d*•xX\s()./-]{5,20}(\.0)?$"),
    "document": re.compile(r"^[A-Za-z]{0,3}[\d*]{5,18}[A-Za-z]?(\(\w\))?$"),
    "account": re.compile(r"^[\w*@.\s+-]{1,64}$"),
    "org_id": re.compile(r"^[0-9A-Za-z*-]{5,32}$"),
    "waybill_no": re.compile(r"^[A-Za-z]{0,4}[-\d]{6,30}[A-Za-z]{0,4}$|^\d(\.\d+)?[eE]\+\d+$"),
    "money": re.compile(r"^[¥￥$€£฿₹A-Za-z\s(-]*-?\d[\d,.]*(\.\d+)?\s*(元|万|亿|万元)?\)?[A-Za-z]{0,3}$"),
    "number": re.compile(r"^[约-]?\d[\d,.]*(e[-+]?\d+)?\s*\D{0,6}$|^(\d+:)?\d+:\d+$"),
    "integer": re.compile(r"^-?\d[\d,]*(\.0+)?\s*\D{0,4}$"),
    "permit_no": re.compile(r"^(?=.*\d)[\w()〔〕\[\]【】/\-.\s号第字]{3,60}$"),
    "handle": re.compile(r"^\S.{0,63}$"),
    "identifier": re.compile(r"^[\w+*@.:·•\-\s]{2,64}$"),
}
_ADDRESS = re.compile(
    r"[省市区县镇乡村路街道巷号栋楼室]|\b(road|rd|street|st|avenue|ave|lane|district|floor|flat|room|block|building|city|nagar|marg)\b|"
    r"\d+.*,.*[A-Za-z]",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[^\d]{1,80}$")
_TYPES = re.compile(
    r"^(phone|mobile|tel|account|card|bank|wallet|handle|user|vehicle|plate|wechat|.*(号|号码|账户|车牌|车辆|微信|手机|电话|银行卡))$",
    re.IGNORECASE,
)


def likeness(kind_name: str, values: Sequence[str]) -> float:
    """The share of the filled values that could be of a kind; one half where there are none to judge by."""
    filled = [unicodedata.normalize("NFKC", value).strip().strip("'`") for value in values]
    filled = [value for value in filled if value and value not in ("-", "--", "/", "无", "null", "NULL", "None")]
    if not filled:
        return 0.5
    return sum(_fits(kind_name, value) for value in filled) / len(filled)


def likeness_under_header(kind_name: str, values: Sequence[str]) -> float:
    """The same where a header says what the values are: days may lack their year, and a direction be a code."""
    if kind_name in ("time", "date") and lacks_year(values):
        return 1.0
    codes = {value.strip() for value in values} - {""}
    if kind_name == "direction" and 0 < len(codes) <= _MOST_CODES and max(map(len, codes)) <= _LONGEST_CODE:
        return max(_AS_CODES, likeness(kind_name, values))
    return likeness(kind_name, values)


_MOST_CODES, _LONGEST_CODE, _AS_CODES = 4, 3, 0.6
"""A direction in codes: at most so many, of so many letters, and how far they are believed."""

_PARCEL = re.compile(r"^(?!(19|20)\d{6})([A-Za-z]{2,4}\d{9,20}|\d{12,20})$")


def are_parcels(values: Sequence[str]) -> bool:
    """Whether most of the filled values can hardly be anything but numbers of parcels: ``SF1234567890123``."""
    filled = [unicodedata.normalize("NFKC", value).strip().strip("'`") for value in values if value.strip()]
    return bool(filled) and sum(bool(_PARCEL.match(value)) for value in filled) >= 0.8 * len(filled)


def _fits(kind_name: str, value: str) -> bool:  # noqa: PLR0911  one answer a kind
    if kind_name in ("time", "date"):
        return bool(_TIME.match(value))
    if kind_name == "direction":
        return any(value.lower() in words for words in DIRECTIONS.values())
    if kind_name == "currency":
        return any(value.lower() in words for words in CURRENCIES.values()) or bool(re.fullmatch("[A-Z]{3}", value))
    if kind_name == "identifier_type":
        return bool(_TYPES.match(value))
    if kind_name == "address":
        return len(value) >= 3 and bool(_ADDRESS.search(value))
    if kind_name == "name":
        # An organisation may carry digits in its name; a value of digits only is never one.
        return bool(_NAME.match(value)) or (bool(re.search(r"[^\W\d_]{2}", value)) and not re.search(r"\d{6}", value))
    if kind_name == "handle" and _TIME.match(value):
        return False
    form = _FORMS.get(kind_name)
    return form is None or bool(form.match(value))


def is_clocks(values: Sequence[str]) -> bool:
    """Whether a column holds only times of day."""
    filled = [value.strip() for value in values if value.strip()]
    return bool(filled) and all(
        re.fullmatch(r"[012]?\d:\d{2}(:\d{2}(\.\d+)?)?|[012]?\d[0-5]\d[0-5]\d", value) for value in filled
    )


def is_days(values: Sequence[str]) -> bool:
    """Whether a column holds only days without a time of day, with their year or without."""
    filled = [value.strip() for value in values if value.strip()]
    if lacks_year(values):
        return not any(re.search("[:：时点]", value) for value in filled)
    return bool(filled) and all(_TIME.match(value) and ":" not in value and len(value) <= 11 for value in filled)


def is_small_integers(values: Sequence[str]) -> bool:
    """Whether a column holds only whole numbers too small to be dates by themselves: it may count days."""
    filled = [value.strip() for value in values if value.strip()]
    return bool(filled) and all(re.fullmatch(r"\d{1,4}(\.0+)?", value) for value in filled)


def proven_order(values: Sequence[str]) -> str:
    """``dmy`` or ``mdy`` where the values prove one, ``"open"`` where they could prove either, else empty."""
    parts = [re.match(r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(\D|$)", value) for value in values]
    numeric = [(int(part[1]), int(part[2])) for part in parts if part]
    if not numeric:
        return ""
    first, second = max(pair[0] for pair in numeric), max(pair[1] for pair in numeric)
    if first > 12 >= second:
        return "dmy"
    if second > 12 >= first:
        return "mdy"
    return "open"


def numbers_in(values: Sequence[str]) -> list[float]:
    """The plain numbers among the values, sorted."""
    found = []
    for value in values:
        match = re.fullmatch(r"\s*([\d,]*\.?\d+)\s*", unicodedata.normalize("NFKC", value))
        if match:
            found.append(float(match[1].replace(",", "")))
    return sorted(found)
