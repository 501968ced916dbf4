"""Exhibits: the rows as received behind each claim, flow, trip and seizure, grouped by file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vialtrace.casefile.cells import Cell, RowViewer
from vialtrace.casefile.shelf import Locator, Shelf

# Rows printed under one claim: enough to check it, few enough to read; the exhibit says how many there are and how
# to list the rest.
ROWS_OF_A_CLAIM = 8
ROWS_OF_A_FLOW = 3
# More columns than this do not fit the width of a page of paper beside each other.
_WIDEST_TABLE = 8


@dataclass(frozen=True)
class ShownRow:
    """One row of a file, as received; ``also`` are the rows of other files that deliver the same record."""

    row_id: int
    anchor: str
    locator: str
    number: int
    cells: tuple[Cell, ...]
    also: tuple[str, ...] = ()

    def text(self, header: str) -> Cell | None:
        """The cell under a header."""
        return next((cell for cell in self.cells if cell.header == header), None)


@dataclass(frozen=True)
class FileRows:
    """The rows of one file; ``headers`` is empty when there are too many columns to stand beside each other."""

    file: str
    headers: tuple[str, ...]
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True)
class Exhibit:
    """What a number in the document opens to: rows of one or more files, and how many there are in all."""

    number: str
    n_rows: int
    files: tuple[FileRows, ...]
    listed: tuple[str, ...]

    @property
    def n_shown(self) -> int:
        """How many rows are printed."""
        return sum(len(each.rows) for each in self.files)


def spread(row_ids: Sequence[int], most: int) -> list[int]:
    """At most ``most`` of the rows, evenly spread over all of them and always the same ones."""
    if len(row_ids) <= most:
        return list(row_ids)
    return [row_ids[index * (len(row_ids) - 1) // (most - 1)] for index in range(most)] if most > 1 else [row_ids[0]]


def twins_of(shelf: Shelf, row_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The other rows that deliver the same record, for each row that is kept for one."""
    found: dict[int, tuple[int, ...]] = {}
    for row in shelf.rows("duplicate", "same_as", row_ids):
        found[row["same_as"]] = (*found.get(row["same_as"], ()), row["row_id"])
    return found


def exhibit(
    number: str,
    row_ids: Sequence[int],
    *,
    most: int,
    viewer: RowViewer,
    raw: Mapping[int, Mapping[str, str]],
    locate: Locator,
    twins: Mapping[int, Sequence[int]],
) -> Exhibit:
    """The exhibit ``number`` on ``row_ids``, of which at most ``most`` are printed; ``twins`` as ``twins_of`` gives."""
    by_file: dict[str, list[ShownRow]] = {}
    for row_id in spread(row_ids, most):
        shown = viewer.show(row_id, raw.get(row_id, {}))
        also = tuple(locate(each) for each in twins.get(row_id, ()))
        row = ShownRow(row_id, f"r-{number}-{row_id}", locate(row_id), locate.number(row_id), shown, also)
        by_file.setdefault(locate.file(row_id), []).append(row)
    return Exhibit(
        number,
        len(row_ids),
        tuple(_file_rows(file, rows) for file, rows in sorted(by_file.items())),
        tuple(locate(row_id) for row_id in row_ids[:most]),
    )


def _file_rows(file: str, rows: list[ShownRow]) -> FileRows:
    headers = tuple(dict.fromkeys(cell.header for row in rows for cell in row.cells))
    is_uneven = any(len({cell.header for cell in row.cells}) < len(row.cells) for row in rows)
    return FileRows(file, () if len(headers) > _WIDEST_TABLE or is_uneven else headers, tuple(rows))
