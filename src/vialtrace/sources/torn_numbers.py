"""Whether the comma in a number has parted it into two cells: 1,200.50 without quotes in a file of commas.

What stands left of the comma would be read as the amount, a thousandth of what was paid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from vialtrace.model.mapping import BALANCE_HEADERS, claims_of, normal_header
from vialtrace.model.records import RECORDS

_BEGIN = re.compile(r"^\s*[¥￥$€£]?\s*[-+]?\d{1,3}\s*$")
_END = re.compile(r"^\d{3}(\.\d+)?\s*$")


def are_torn(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether in every row that has more cells than there are headers a number is parted, and there is such a row."""
    longer = [row for row in rows if any(cell and cell.strip() for cell in row[len(headers) :])]
    places = amounts(headers)
    return bool(longer) and all(_is_torn(row, places) for row in longer)


def is_torn_within(row: Sequence[str], places: Sequence[int], n_columns: int) -> bool:
    """Whether a number in one of these places is parted where its second half stands under no number of its own."""
    return _is_torn(row, [place for place in places if place + 1 not in places and place + 1 < n_columns])


def amounts(headers: Sequence[str]) -> tuple[int, ...]:
    """Where the headers name amounts of money, or what an account held after each."""
    return tuple(place for place, header in enumerate(headers) if _is_amount(header))


def _is_amount(header: str) -> bool:
    return bool(claims_of(header) & _amount_fields()) or normal_header(header) in _balances()


@cache
def _amount_fields() -> frozenset[tuple[str, str]]:
    """The fields of records that hold money, those of a statement of one account among them."""
    fields = {
        (kind, column.name) for kind, form in RECORDS.items() for column in form.columns if column.kind_name == "money"
    }
    return frozenset(fields | {("payment", "amount_in"), ("payment", "amount_out")})


@cache
def _balances() -> frozenset[str]:
    return frozenset(normal_header(name) for name in BALANCE_HEADERS)


def _is_torn(row: Sequence[str], places: Sequence[int]) -> bool:
    return any(
        _BEGIN.match(row[place] or "") and _END.match(row[place + 1] or "") for place in places if place + 1 < len(row)
    )
