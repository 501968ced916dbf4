"""How a grid of cells divides into tables: titles, header rows, labels with values, records, the next table.

A person who makes a sheet puts titles above a header, writes ``户名: 张三`` in one of them, spreads a header over two
rows, or sets a second table below the first. A form (an export declaration) has its labels in one row and their values
in the row below, several times, and then a table of lines. An entry of a register may be written upright, each label
with its value right of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from vialtrace.model.mapping import claims_of, normal_header
from vialtrace.sources.header import (
    LOOK_AHEAD,
    are_pairs,
    filled_width,
    find_header,
    form_width,
    is_value_like,
    titles_of,
    unique_headers,
)

Records = Sequence[Sequence[str]]

MAX_TABLES = 50
"""More tables than this on one sheet are no tables but a layout: the rest is left to the last one."""

_LABELLED = re.compile(r"([^\s:：,，;；\[\]()（）]{1,14}(?:\([^)]{1,8}\))?)\s*[:：]\s*(\[[^\]]*\]|[^\s:：,，;；]+)")
_HOLDERS = frozenset(
    normal_header(name) for name in ("微信昵称", "微信号", "支付宝账户", "支付宝账号", "账户名", "用户", "预录入编号")
)
"""Labels that say whose a file is, beside those that are headers of a record kind."""

_MONEY_UNIT = re.compile("^(人民币)?(元|分|万元|千元|亿元)$")
_MAX_LABEL = 16
_LEAST_PAIRS, _LONGEST_UPRIGHT = 3, 2_000
"""Rows of labels with values that make an entry, and rows of a sheet that is searched for such: people type these."""


@dataclass(frozen=True)
class Area:
    """One table of a grid: its rows as positions in the grid (``last`` is None for the end), and what stands above."""

    first: int
    header: int
    last: int | None
    headers: tuple[str, ...]
    titles: tuple[tuple[int, str], ...]
    labels: tuple[tuple[str, str], ...]
    left: int = 0
    n_beside: int = 0

    @property
    def all_headers(self) -> tuple[str, ...]:
        """The headers with the labels behind them, told apart."""
        return unique_headers([*self.headers, *(label for label, _ in self.labels)])

    def rows(self, records: Records) -> Iterator[tuple[str, ...]]:
        """The filled rows of the table, padded to its headers, labels included."""
        width, values = len(self.headers), tuple(value for _, value in self.labels)
        last = len(records) if self.last is None else self.last + 1
        for record in records[self.header + 1 : last]:
            if filled_width(record):
                cells = (*record[self.left :], *[""] * width)[:width]
                yield (*(cell or "" for cell in cells), *values)


def areas(records: Records) -> list[Area]:
    """The tables of a grid, from top to bottom; empty where no header is found."""
    found = upright(records)
    if found:
        return found
    start = 0
    while len(found) < MAX_TABLES:
        position = _header_from(records, start)
        if position is None:
            break
        following = _next_table(records, position) if len(found) < MAX_TABLES - 1 else None
        found.append(_area(records, start, position, None if following is None else following - 1))
        if following is None:
            break
        start = following
    return found


def upright(records: Records) -> list[Area]:
    """The entries of a sheet that holds nothing but labels with their values beside them, one entry after the other.

    Empty for any other sheet. An entry is one record: its last row, with all that stands above it as labels.
    """
    if len(records) > _LONGEST_UPRIGHT:
        return []
    pairs = {place: _pairs(row) for place, row in enumerate(records) if sum(bool(c and c.strip()) for c in row) > 1}
    if len(pairs) < _LEAST_PAIRS or any(told is None for told in pairs.values()):
        return []
    found: list[list[int]] = []
    labels: set[str] = set()
    for place, told in pairs.items():
        names = {normal_header(label) for label, _ in (told or {}).values()}
        if not found or names & labels:
            found.append([])
            labels = set()
        labels |= names
        found[-1].append(place)
    begins = [0, *(entry[0] for entry in found[1:])]
    ends = [*(begin - 1 for begin in begins[1:]), None]
    entries = [
        _entry(records, {place: pairs[place] or {} for place in entry}, first, last)
        for entry, first, last in zip(found, begins, ends, strict=True)
    ]
    return [each for each in entries if each is not None] if all(entries) else []


def _entry(records: Records, pairs: dict[int, dict[int, tuple[str, str]]], first: int, last: int | None) -> Area | None:
    """The entry whose rows of labels are ``pairs``, or None where its labels make no record."""
    told = [each for row in pairs.values() for each in row.values()]
    if len(pairs) < _LEAST_PAIRS or not _are_of_one_kind([label for label, _ in told]):
        return None
    end = len(records) if last is None else last + 1
    lowest = max(place for place in range(first, end) if filled_width(records[place]))
    own = pairs.get(lowest, {})
    headers = [own[at][0] if at in own else "" for at in range(filled_width(records[lowest]))]
    above = [each for place, row in pairs.items() if place != lowest for each in row.values()]
    titles = titles_of(records[first : min(pairs)], first)
    return Area(first, lowest - 1, last, unique_headers(headers), titles, tuple(above))


def _pairs(row: Sequence[str]) -> dict[int, tuple[str, str]] | None:
    """The labels of a row with the values right of them, by the place of the value; None if it is no row of these."""
    cells = [(place, cell.strip()) for place, cell in enumerate(row) if cell and cell.strip()]
    if len(cells) % 2:
        return None
    pairs = {}
    for (_, label), (place, value) in zip(cells[::2], cells[1::2], strict=True):
        plain = label.rstrip(":：").strip()
        if not plain or len(plain) > _MAX_LABEL or is_value_like(plain) or claims_of(value):
            return None
        pairs[place] = (plain, value)
    return pairs


def _are_of_one_kind(labels: Sequence[str]) -> bool:
    """Whether most labels are known, and three of them are fields of one kind of record."""
    claims = [claims_of(label) for label in labels]
    fields = Counter(kind for kind, _ in {pair for each in claims for pair in each})
    return 2 * sum(map(bool, claims)) >= len(labels) and max(fields.values(), default=0) >= 3


def side_by_side(area: Area, records: Records) -> list[Area]:
    """The tables that stand beside each other in one, parted by a blank column; itself where it is but one.

    A blank column may be no more than a gap: only where the names left of it begin again right of it are there two.
    """
    names = [cell.strip() for cell in (*records[area.header], *[""] * len(area.headers))[: len(area.headers)]]
    rows = list(area.rows(records))[:400]
    for gap in range(2, len(names) - 2):
        left, right = names[:gap], names[gap + 1 :]
        again = [name for name in right if name and name in left]
        if (
            not names[gap]
            and len(again) >= 2
            and 2 * len(again) >= len(right)
            and not any(row[gap].strip() for row in rows)
        ):
            # The header's own names: those of the right table were told apart from the left one's.
            first = replace(area, headers=unique_headers(left), n_beside=len(names) - gap)
            rest = replace(area, headers=unique_headers(right), left=area.left + gap + 1)
            return [first, *side_by_side_rest(rest, records)]
    return [area]


def side_by_side_rest(area: Area, records: Records) -> list[Area]:
    """The tables in what stands right of a gap."""
    shifted = [list(record[area.left :]) for record in records]
    found = side_by_side(replace(area, left=0), shifted)
    return [replace(each, left=each.left + area.left) for each in found]


def _header_from(records: Records, start: int) -> int | None:
    """The last header row of the table that begins at ``start``: of a form, that of its lines."""
    position = find_header(records[start:])
    if position is None:
        return None
    position += start
    chain = _label_rows(records, position)
    return chain[-1] if len(chain) > 1 else _lowest_header(records, position)


def _label_rows(records: Records, position: int) -> list[int]:
    """The rows of labels from ``position`` on that alternate with rows of values: more than one make a form."""
    chain = [position]
    while (
        _is_labels(records, chain[-1] + 2)
        and _has_values_below(records, chain[-1])
        and not _is_again(records[chain[-1] + 2], records[chain[-1]])
    ):
        chain.append(chain[-1] + 2)
    known = sum(bool(claims_of(cell)) for row in chain for cell in records[row] if cell)
    return chain if len(chain) > 1 and known >= 4 else [position]


def _is_labels(records: Records, position: int) -> bool:
    if position + 1 >= len(records):
        return False
    cells = [cell.strip() for cell in records[position] if cell and cell.strip()]
    known = sum(bool(claims_of(cell)) for cell in cells)
    return (
        len(cells) >= 2
        and known >= 2
        and 2 * known >= len(cells)
        and not any(is_value_like(cell) or len(cell) > _MAX_LABEL for cell in cells)
    )


def _is_again(row: Sequence[str], header: Sequence[str]) -> bool:
    """Whether most names of a row are those of a header."""
    names = {normal_header(cell) for cell in row if cell and cell.strip()}
    return 2 * len(names & {normal_header(cell) for cell in header if cell}) > len(names)


def _has_values_below(records: Records, position: int) -> bool:
    """Whether the row below fills the columns of a row of labels with something that is no label."""
    below = [cell.strip() for cell in records[position + 1] if cell and cell.strip()]
    return bool(below) and sum(bool(claims_of(cell)) for cell in below) * 2 < len(below)


def _lowest_header(records: Records, position: int) -> int:
    """``position``, or the row below where the two make one header."""
    below = position + 1
    return below if below < len(records) and _joined(records[position], records[below]) else position


def _area(records: Records, start: int, position: int, last: int | None) -> Area:
    """The table whose header ends at ``position``."""
    below = records[position + 1 : None if last is None else last + 1]
    width = form_width(records[position], below[:400])
    headers, top = [*(cell or "" for cell in records[position]), *[""] * width][:width], position
    while top > start and position - top < 3 and (joined := _joined(records[top - 1], headers)) is not None:
        headers, top = [*joined, *[""] * width][: max(width, len(joined))], top - 1
    above = records[start:top]
    known = {normal_header(name) for name in headers}
    labels = {label: value for label, value in _labels(above) if normal_header(label) not in known}
    return Area(start, position, last, unique_headers(headers), titles_of(above, start), tuple(labels.items()))


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """Two header rows as one, or None where they are not two rows of one header.

    A cell of the upper row spans the blank cells right of it; at least one must span several names of the lower row.
    That the lower row repeats names, or leaves columns to the upper one, tells the upper row from a title.
    """
    width = max(filled_width(upper), filled_width(lower))
    above = [(cell or "").strip() for cell in (*upper, *[""] * width)][:width]
    under = [(cell or "").strip() for cell in (*lower, *[""] * width)][:width]
    named, filled = [cell for cell in above if cell], [cell for cell in under if cell]
    texts = [*named, *filled]
    if len(named) < 2 or len(filled) < 2 or any(is_value_like(text) or len(text) > 30 or ":" in text for text in texts):
        return None
    joined, group, spans = [], "", 0
    for place in range(width):
        if above[place]:
            group = above[place] if under[place] else ""
        spans += bool(group and not above[place] and under[place])
        if not above[place] and claims_of(under[place]) and not claims_of(group + under[place]):
            group = ""  # A known name that is none under this group stands beside it.
        joined.append((above[place] or group) + under[place] if under[place] else above[place])
    leaves_columns = any(up and not low for up, low in zip(above, under, strict=True))
    is_spanned = spans > 0 and (leaves_columns or len(set(filled)) < len(filled))
    return joined if is_spanned else None


def _labels(above: Records) -> Iterator[tuple[str, str]]:
    """The labels with their values in the rows above a header: in one cell, beside each other, or above each other."""
    for place, row in enumerate(above):
        cells = [(cell or "").strip() for cell in row]
        for cell in cells:
            for label, value in _LABELLED.findall(cell):
                yield from _label(label, value.strip("[]"))
        if (place + 1 < len(above) and _is_labels(above, place)) or (
            place + 2 == len(above) and _is_labels([*above, []], place)
        ):
            yield from (
                pair
                for label, value in zip(cells, above[place + 1], strict=False)
                for pair in _label(label, (value or "").strip())
            )
            continue
        filled = [cell for cell in cells if cell]
        for label, value in pairwise(filled):
            if ":" not in label and "：" not in label and not claims_of(value):
                yield from _label(label, value)
            elif label.endswith((":", "：")) and not claims_of(value):
                yield from _label(label.rstrip(":："), value)


def _label(label: str, value: str) -> Iterator[tuple[str, str]]:
    is_known = bool(claims_of(label)) or normal_header(label) in _HOLDERS
    if is_known and value and not is_value_like(label) and not _MONEY_UNIT.match(value):
        yield label, value


def _next_table(records: Records, position: int) -> int | None:
    """Where another table begins below the header at ``position``: at its first title, or its header."""
    for place in range(position + 2, len(records)):
        if not _is_labels(records, place) and not _is_labels([*records, []], place):
            continue
        top = _top_of_titles(records, position, place)
        if find_header(records[top:]) is None:
            continue
        # The header again at the top of a page goes on with the table; below labels of its own it begins another.
        if not _is_again(records[place], records[position]) or any(True for _ in _labels(records[top:place])):
            return top
    return None


def _top_of_titles(records: Records, position: int, place: int) -> int:
    """The first of the title rows right above ``place``: rows of one or two cells, up to a blank row or a record."""
    top = place
    while top - 1 > position + 1 and place - top < LOOK_AHEAD:
        cells = [cell for cell in records[top - 1] if cell and cell.strip()]
        is_title = len(cells) == 1 or are_pairs(cells) or any(_LABELLED.search(cell) for cell in cells)
        if not is_title or is_value_like(cells[0]):
            break
        top -= 1
    return top
