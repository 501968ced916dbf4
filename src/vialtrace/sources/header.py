"""Where a table's header stands, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from vialtrace.model.mapping import claims_of

LOOK_AHEAD = 60
"""Records looked at for a header: own exports of payment apps carry up to seventeen title rows."""

_LONGEST_VALUE = 200
"""Characters of a number, a date or a time at most."""

_VALUE_LIKE = re.compile(r"^[\s¥￥$€£฿₹]*[-+(]?[\d,.:/\-\s年月日时分秒*TZ]*\d[\d,.:/\-\s年月日时分秒*TZ)%]*$")


def find_header(records: Sequence[Sequence[str]]) -> int | None:
    """The position of the header among the first records, or None where none of them looks like one.

    A header is about as wide as the rows below it, its cells differ from each other, and none is a number or a date;
    headers that a record kind knows weigh most.
    """
    width = usual_width(records)
    if width < 2:
        return None
    best, best_score = None, 0.0
    for position, record in enumerate(records[:LOOK_AHEAD]):
        cells = [cell.strip() for cell in record if cell and cell.strip()]
        values = sum(is_value_like(cell) or len(cell) > 60 for cell in cells)
        known = sum(bool(claims_of(cell)) for cell in cells)
        # Of two tables beside each other each has the same names.
        distinct = 0.7 if known < 0.7 * len(cells) else 0.3
        if len(cells) < max(2, 0.5 * width) or values > 0.2 * len(cells) or len(set(cells)) < distinct * len(cells):
            continue
        # Labels with their values beside them (姓名 | 张三 | 证件号码 | C123) are a header only where nothing else is.
        is_labelled = are_pairs(cells)
        score = 1 + (1 if is_labelled else 3) * known + 0.1 * len(cells) - 2 * values - 0.01 * position
        if score > best_score:
            best, best_score = position, score
        if known >= 2 and known >= 0.5 * len(cells) and not is_labelled:
            break
    return best


def are_pairs(cells: Sequence[str]) -> bool:
    """Whether filled cells are labels that a record kind knows, each with something that is no label right of it."""
    return (
        len(cells) > 1
        and len(cells) % 2 == 0
        and all(claims_of(label.rstrip(":： ")) for label in cells[::2])
        and not any(claims_of(value) for value in cells[1::2])
    )


def is_value_like(cell: str) -> bool:
    """Whether a cell is a number, an amount, a date or a time: no header is."""
    # The form is tried from every digit on: a cell of a hundred thousand of them would take for ever.
    return len(cell) <= _LONGEST_VALUE and bool(_VALUE_LIKE.match(cell))


def usual_width(records: Sequence[Sequence[str]]) -> int:
    """How many cells up to the last filled one most records have; titles and totals are outvoted.

    Where no two records agree it is the one in the middle: a torn record may have any number of cells.
    """
    widths = _widths(records)
    if not widths:
        return 0
    most = max(widths.values())
    if most == 1:
        return sorted(widths)[len(widths) // 2]
    return max(width for width, count in widths.items() if count == most)


def form_width(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many columns a table has: those its header names, and more only where most of its rows agree on how many."""
    named, widths = filled_width(header), _widths(rows)
    width, count = max(widths.items(), key=lambda told: (told[1], told[0]), default=(0, 0))
    return max(named, width) if 2 * count > widths.total() else named


def _widths(records: Sequence[Sequence[str]]) -> Counter[int]:
    widths = Counter(filled_width(record) for record in records)
    # However many titles there are, a table has at least two columns.
    widths.pop(0, None)
    widths.pop(1, None)
    return widths


def filled_width(record: Sequence[str]) -> int:
    """The number of cells up to the last one that is not empty."""
    for position in range(len(record), 0, -1):
        if record[position - 1] and record[position - 1].strip():
            return position
    return 0


def unique_headers(cells: Sequence[str]) -> tuple[str, ...]:
    """Headers without outer blanks, told apart where they repeat, and named by position where they are empty."""
    seen: Counter[str] = Counter()
    headers = []
    for position, cell in enumerate(cells, start=1):
        name = (
            re.sub(r"\s+", " ", (cell or "").replace("\ufeff", "").strip().strip("'`")).strip() or f"column {position}"
        )
        seen[name] += 1
        headers.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(headers)


def titles_of(records: Sequence[Sequence[str]], first_row: int) -> tuple[tuple[int, str], ...]:
    """The rows above a header that say anything, as one text each, with their numbers from ``first_row`` on."""
    said = (
        (first_row + place, " ".join(cell.strip() for cell in row if cell and cell.strip()))
        for place, row in enumerate(records)
    )
    return tuple((row_no, text) for row_no, text in said if text)
