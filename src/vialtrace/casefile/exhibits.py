"""Exhibits: the rows as received behind each claim, flow, trip and seizure, grouped by file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

from vialtrace.casefile.cells import Cell, RowViewer
from vialtrace.casefile.shelf import Locator, Shelf

# Rows printed under one claim: enough to check it, few enough to read; the exhibit says how many there are and how
# to list the rest.
ROWS_OF_A_CLAIM = 5
ROWS_OF_A_FLOW = 3
ROWS_OF_A_COUNT = 1
# Row numbers listed under one exhibit; beyond, the page gives counts by file and the list of rows beside it holds all.
ROWS_LISTED = 40


@dataclass(frozen=True)
class ShownRow:
    """One row of a file, as received; ``also`` are the rows of other files that deliver the same record.

    ``is_drawn`` says that chance chose it; others are printed whatever was drawn.
    """

    row_id: int
    anchor: str
    locator: str
    cells: tuple[Cell, ...]
    also: tuple[str, ...] = ()
    is_drawn: bool = True

    @property
    def file(self) -> str:
        """The file, and sheet, it stands in."""
        return self.locator.rpartition(":")[0]


@dataclass(frozen=True)
class Wanted:
    """An exhibit to be made: the rows behind it, those printed in any case, and how many are drawn beside them.

    ``is_listed`` says that the first rows are printed as they stand, as in a table of trips, and none are drawn.
    """

    row_ids: tuple[int, ...]
    most: int
    always: tuple[int, ...] = ()
    is_listed: bool = False

    def printed(self, order: Sequence[int]) -> list[int]:
        """The rows that are printed, in the order of their files; ``order`` is that in which all are drawn."""
        if self.is_listed:
            return list(self.row_ids[: self.most])
        always = frozenset(self.always)
        drawn = islice((row_id for row_id in order if row_id not in always), self.most)
        return sorted({*always, *drawn})


def with_rows(wanted: Mapping[str, Wanted], row_ids: Set[int]) -> dict[str, Wanted]:
    """The same exhibits, with each of these rows printed in the first that holds it, whatever is drawn."""
    found, left = dict(wanted), set(row_ids)
    for number, each in wanted.items():
        held = left.intersection(each.row_ids) if left else set()
        if held and not each.is_listed:
            found[number] = replace(each, always=tuple(sorted({*each.always, *held})))
            left -= held
    return found


@dataclass(frozen=True)
class Exhibit:
    """What a number in the document opens to: rows of one or more files, and where all of them stand.

    ``cited`` has, for each file, how many rows, and their numbers as ranges where the list is short enough to print.
    """

    number: str
    n_rows: int
    rows: tuple[ShownRow, ...]
    cited: tuple[tuple[str, int, str], ...]

    @property
    def n_shown(self) -> int:
        """How many rows are printed."""
        return len(self.rows)

    @property
    def n_drawn(self) -> int:
        """How many of them chance chose."""
        return sum(row.is_drawn for row in self.rows)


def ranges(numbers: Sequence[int]) -> str:
    """Row numbers as ranges: ``3–7, 12, 15``."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in found)


def _cited(row_ids: Sequence[int], locate: Locator) -> tuple[tuple[str, int, str], ...]:
    by_file: dict[str, list[int]] = {}
    for row_id in row_ids:
        by_file.setdefault(locate.file(row_id), []).append(locate.number(row_id))
    is_short = len(row_ids) <= ROWS_LISTED
    return tuple((file, len(rows), ranges(rows) if is_short else "") for file, rows in sorted(by_file.items()))


def twins_of(shelf: Shelf, row_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The other rows that deliver the same record, for each row that is kept for one."""
    found: dict[int, tuple[int, ...]] = {}
    for row in shelf.rows("duplicate", "same_as", row_ids):
        found[row["same_as"]] = (*found.get(row["same_as"], ()), row["row_id"])
    return found


def exhibit(
    number: str,
    wanted: Wanted,
    *,
    printed: Sequence[int],
    viewer: RowViewer,
    raw: Mapping[int, Mapping[str, str]],
    locate: Locator,
    twins: Mapping[int, Sequence[int]],
) -> Exhibit:
    """The exhibit ``number`` with these of its rows ``printed``; ``twins`` are as ``twins_of`` gives."""
    found: list[ShownRow] = []
    for row_id in printed:
        shown = viewer.show(row_id, raw.get(row_id, {}))
        also = tuple(locate(each) for each in twins.get(row_id, ()))
        anchor, is_drawn = f"r-{number}-{row_id}", row_id not in wanted.always
        found.append(ShownRow(row_id, anchor, locate(row_id), shown, also, is_drawn))
    return Exhibit(
        number,
        len(wanted.row_ids),
        tuple(sorted(found, key=lambda row: row.file)),
        _cited(wanted.row_ids, locate),
    )
