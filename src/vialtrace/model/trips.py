"""Lists in which exit and entry of one trip stand in one row: which column is of which way.

A list of departures and arrivals is none of these: who leaves one airport and reaches another crosses one border.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vialtrace.model.mapping import claims_of

WAYS = {"exit": "exits", "entry": "entries"}
"""The two ways, and what the rows of a list are called that are read for one of them."""

_SAYS = {
    "exit": re.compile(r"(?<!入)[出离]境|(?i:\bexit(ed)?\b|\bexit(?=_))"),
    "entry": re.compile(r"(?<!出)[入进]境|(?i:\bentry\b|\bentered\b|\bentry(?=_))"),
}
_TIME = re.compile(r"日期|时间|时刻|(?i:date|time|\bday\b|_at\b|\bat\b|\bon\b)")


def way_of(header: str) -> str:
    """Which way a column is of, by its header; empty for one of neither or both."""
    told = [way for way, says in _SAYS.items() if says.search(header.replace("_", " "))]
    return told[0] if len(told) == 1 else ""


def is_moment(header: str) -> bool:
    """Whether a header of one way speaks of when."""
    return bool(_TIME.search(header.replace("_", " ")))


def has_both_ways(headers: Sequence[str]) -> bool:
    """Whether a table of travellers says in each row when they left and when they came in."""
    claims = [claims_of(each) for each in headers]
    has_document = any(("crossing", "document_no") in each for each in claims)
    has_direction = any(("crossing", "direction") in each for each in claims)
    ways = {way_of(each) for each in headers if is_moment(each)}
    return has_document and not has_direction and set(WAYS) <= ways
