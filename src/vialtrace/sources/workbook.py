"""Excel workbooks (xlsx, xls), one sheet at a time."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources.header import filled_width
from vialtrace.sources.layout import areas, side_by_side
from vialtrace.sources.trial import refuse_what_breaks
from vialtrace.sources.writing import Staged, writer_for

MAX_UNPACKED = 4 << 30
"""A workbook that unpacks to more than this would not fit into an analyst's memory; a million rows make about 1 GB."""

MAX_RATIO = 300
"""Spreadsheet XML packs 10 to 50 times; a bomb packs thousands of times."""

_LOOKED_AT = 20_000
"""Rows of a sheet that are searched for headers: people lay out hundreds of rows by hand, not more."""


def sniff_workbook(path: Path, n_sample: int) -> tuple[Sheet, ...]:
    """The sheets of a workbook; those without a table (notes, charts, nothing) say why they are not read.

    Raises:
        UnreadableSource: damaged, encrypted, no workbook, or without any table.
    """
    _refuse_what_is_no_workbook(path)
    refuse_what_breaks(path)
    found: list[Sheet] = []
    workbook = _open(path)
    for name in workbook.sheet_names:
        sheet = _sheet(workbook, name)
        if sheet is None:
            found.append(_without_table(path, name, 0, "it holds no cells: an empty sheet, a chart or macros"))
            continue
        tables = _tables(path, name, sheet, n_sample)
        if not tables:
            n_filled = sum(1 for _, row in _rows(sheet) if any((text_of(cell) or "").strip() for cell in row))
            rows = "one row, which is no row" if n_filled == 1 else f"{n_filled:,} rows, none of them a row"
            tables = [_without_table(path, name, n_filled, f"it has {rows} of column names")]
        found += tables
    if all(each.why_not for each in found):
        raise UnreadableSource(
            f"{path.name} has no sheet with a header that can be found.",
            expected="A sheet with one row of column names.",
            way_out="Put a row with the column names above the data and add the file again.",
        )
    return tuple(found)


def _without_table(path: Path, name: str, n_rows: int, why: str) -> Sheet:
    return Sheet(path.name, name, _format(path), "", "", 0, n_rows, (), (), why_not=why)


def _tables(path: Path, name: str, cells: Any, n_sample: int) -> list[Sheet]:
    """The tables on one sheet of a workbook, from top to bottom."""
    numbered = list(islice(_rows(cells), _LOOKED_AT))
    rows = [[text_of(cell) or "" for cell in row] for _, row in numbered]
    first = numbered[0][0] - 1 if numbered else 0
    found = [part for area in areas(rows) for part in side_by_side(area, rows)]
    return [
        Sheet(
            file=path.name,
            sheet=name if place == 1 else f"{name} (table {place})",
            format=_format(path),
            encoding="",
            delimiter="",
            header_row=first + area.header + 1,
            n_rows=(cells.end[0] + 1 - first if area.last is None else area.last + 1) - area.header - 1,
            headers=area.all_headers,
            sample=tuple(islice(area.rows(rows), n_sample)),
            page=name,
            first_row=1 if place == 1 else first + area.first + 1,
            last_row=None if area.last is None else first + area.last + 1,
            titles=tuple((first + row_no + 1, title) for row_no, title in area.titles),
            labels=area.labels,
            first_column=area.left,
            n_beside=area.n_beside,
        )
        for place, area in enumerate(found, start=1)
    ]


def stage_workbook(path: Path, sheet: Sheet, target: Path) -> Staged:
    """Stage one sheet; a value merged over several cells is repeated in each of them."""
    workbook = _open(path)
    cells = _sheet(workbook, sheet.page or sheet.sheet)
    if cells is None:
        raise UnreadableSource(
            f"{path.name} has no readable sheet {sheet.sheet!r}.", expected="The sheet that was mapped."
        )
    n_columns = sheet.n_columns
    merged = _merged_values(cells, sheet.header_row)
    with writer_for(target, sheet) as writer:
        for row_no, row in _rows(cells):
            if not sheet.header_row < row_no <= (sheet.last_row or row_no):
                continue
            texts = [text_of(cell) for cell in row]
            for column, value in merged.get(row_no, ()):
                if column < len(texts) and texts[column] is None:
                    texts[column] = value
            own = texts[sheet.first_column : sheet.first_column + n_columns]
            if any(texts[sheet.first_column + n_columns + sheet.n_beside :]):
                shown = ", ".join(text or "" for text in texts)[:200]
                writer.add(
                    row_no, [], f"expected {n_columns} fields, got {filled_width([t or '' for t in texts])}: {shown}"
                )
            else:
                writer.add(row_no, own)
    return writer.staged


def text_of(cell: Any) -> str | None:  # noqa: PLR0911  one answer a type
    """A cell as text: dates in ISO form, whole numbers without ``.0``, other numbers as written, empty as None."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if _is_rounded(cell):
            return f"{cell:.14e}"
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)
    if isinstance(cell, dt.datetime):
        # A workbook stores days as moments at midnight: both come out as the day.
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return str(cell)


def _is_rounded(number: float) -> bool:
    """Whether a whole number has lost its last digits: a spreadsheet keeps fifteen, and a float not many more.

    A card number typed as a number comes with noughts where its last digits were; it is shown as a power, which no
    cleaner of numbers takes for digits.
    """
    return abs(number) >= 1e15 and number.is_integer() and (abs(number) >= 2**53 or number % 10 == 0)


def _merged_values(cells: Any, header_row: int) -> dict[int, list[tuple[int, str]]]:
    """Row number to the (column, value) pairs that merged ranges below the header spread into it."""
    ranges = [each for each in (cells.merged_cell_ranges or []) if each[1][0] + 1 > header_row]
    wanted = {start[0] + 1 for start, _ in ranges}
    if not wanted:
        return {}
    # Rows begin at the sheet's first filled column.
    first = cells.start[1] if cells.start else 0
    tops = {row_no: row for row_no, row in _rows(cells) if row_no in wanted}
    spread: dict[int, list[tuple[int, str]]] = {}
    for (top, left), (bottom, right) in ranges:
        row, column = tops.get(top + 1, []), left - first
        value = text_of(row[column]) if 0 <= column < len(row) else None
        # A range over a whole row is a caption or a total, not a value of every column.
        if value is None or bottom == top or right > left:
            continue
        for row_index in range(top + 1, bottom + 1):
            spread.setdefault(row_index + 1, []).append((column, value))
    return spread


def _format(path: Path) -> str:
    with path.open("rb") as file:
        return "xlsx" if file.read(2) == b"PK" else "xls"


def _sheet(workbook: Any, name: str) -> Any:
    try:
        sheet = workbook.get_sheet_by_name(name)
    except (calamine.CalamineError, ValueError):
        return None
    return sheet if sheet.start is not None else None


def _rows(cells: Any) -> Iterator[tuple[int, Any]]:
    """The rows of a sheet with their numbers as a spreadsheet shows them.

    Versions of the reader differ in whether they give the blank rows above the first filled one.
    """
    rows = iter(cells.iter_rows())
    first = next(rows, None)
    if first is None:
        return
    gives_blanks = not any(cell not in (None, "") for cell in first)
    yield from enumerate(chain([first], rows), start=1 if gives_blanks or not cells.start else cells.start[0] + 1)


def _open(path: Path) -> Any:
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise _encrypted(path) from error
    except (calamine.CalamineError, OSError) as error:
        raise UnreadableSource(
            f"{path.name} is not a workbook that can be read: {error}.",
            expected="An xlsx or xls workbook.",
            way_out="Open it in a spreadsheet program, save it as xlsx or CSV, and add that.",
        ) from error


def _refuse_what_is_no_workbook(path: Path) -> None:
    """Refuse encrypted workbooks, damaged archives, bombs, and archives that hold no workbook."""
    if _format(path) == "xls":
        if _names_stream(path, "EncryptedPackage"):
            raise _encrypted(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableSource(
            f"{path.name} is a damaged archive: {error}.",
            expected="A complete xlsx workbook.",
            way_out="Fetch the file again from where it came from.",
        ) from error
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > MAX_UNPACKED or (unpacked > 200 << 20 and unpacked > MAX_RATIO * packed):
        raise UnreadableSource(
            f"{path.name} declares {unpacked / 1e9:.1f} GB inside {path.stat().st_size / 1e6:.1f} MB.",
            expected=f"At most {MAX_UNPACKED / 1e9:.1f} GB, and {MAX_RATIO} times the packed size.",
            way_out="If you trust it, export its sheets as CSV and add those.",
        )
    names = {member.filename for member in members}
    if not any(name.startswith("xl/") for name in names):
        inside = ", ".join(sorted(names)[:5]) or "nothing"
        raise UnreadableSource(
            f"{path.name} is a zip archive, not a workbook; it holds {inside}.",
            expected="An xlsx workbook.",
            way_out="Unpack it and add the files inside.",
        )


def _names_stream(path: Path, name: str) -> bool:
    """Whether a compound file (OLE) has a stream of this name in its directory."""
    wanted = name.encode("utf-16-le")
    return any(wanted in block for block in _blocks(path))


def _blocks(path: Path) -> Iterator[bytes]:
    """A file in overlapping blocks, so that a name across a border is seen."""
    tail = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield tail + block
            tail = block[-64:]


def _encrypted(path: Path) -> UnreadableSource:
    return UnreadableSource(
        f"{path.name} is protected by a password.",
        expected="A workbook that opens without one.",
        way_out="Open it with the password in a spreadsheet program, remove the protection, and add that copy.",
    )
