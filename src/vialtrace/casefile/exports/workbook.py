"""The tables of a case file as one Excel workbook: frozen headers, filters, and links from a citation to its claim."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from vialtrace.casefile.archive import archive
from vialtrace.casefile.exports.dossier import Dossier
from vialtrace.casefile.exports.sheets import Sheet, Value, sheets

# Excel's own limit on a cell's text, and a width that a screen holds.
_LONGEST_TEXT, _WIDEST = 32_000, 60
_TIMES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_CITED = {"members": "number", "claims": "exhibit", "flows": "exhibit", "seizures": "exhibit"}


def excel(held: Dossier) -> bytes:
    """The workbook, whose bytes depend on the case alone.

    A text that looks like a formula is stored as text and marked as quoted, so that no program computes it.
    """
    book = Workbook()
    book.remove(book.active)
    made = sheets(held)
    targets = _targets(held, made)
    for sheet in made:
        _fill(book.create_sheet(_title(sheet)), sheet, targets)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _title(sheet: Sheet) -> str:
    """The name on its tab, of 31 letters at most: what stands before the colon of its title."""
    short = re.split("[:：]", sheet.title)[0].replace("/", " ")
    return f"{short[:1].upper()}{short[1:31]}"


def _targets(held: Dossier, made: list[Sheet]) -> dict[tuple[str, str], str]:
    """Where each member and each exhibit stands, by network and number."""
    found: dict[tuple[str, str], str] = {}
    for sheet in made:
        if sheet.name in _CITED:
            place = sheet.headers.index(held.words(f"sheet.{_CITED[sheet.name]}"))
            for number, row in enumerate(sheet.rows, start=2):
                found[str(row[0]), str(row[place])] = f"'{_title(sheet)}'!{get_column_letter(place + 1)}{number}"
    return found


def _fill(page: Any, sheet: Sheet, targets: dict[tuple[str, str], str]) -> None:
    page.append(list(sheet.headers))
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE6E6E6")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(sheet.rows, start=2):
        for place, value in enumerate(row, start=1):
            _set(page.cell(number, place), value, targets, str(row[0]))
    page.freeze_panes = "B2"
    page.auto_filter.ref = page.dimensions
    for place, header in enumerate(sheet.headers):
        longest = max((len(str(row[place])) for row in sheet.rows[:200] if row[place] is not None), default=0)
        page.column_dimensions[get_column_letter(place + 1)].width = min(max(longest, len(header)) + 3, _WIDEST)


def _set(cell: Cell, value: Value, targets: dict[tuple[str, str], str], network: str) -> None:
    if not isinstance(value, str):
        cell.value = value.replace(microsecond=0) if isinstance(value, datetime) else value
        return
    cell.value = value[:_LONGEST_TEXT]
    cell.data_type = "s"
    if value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        cell.quotePrefix = True
    first = value.split(" ", 1)[0]
    target = targets.get((network, first))
    if target and not (cell.parent.title in target and cell.coordinate in target):
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
        cell.font = Font(color="FF0A4A8A", underline="single")


def _timeless(content: bytes) -> bytes:
    """The workbook without the time it was made at."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files["docProps/core.xml"] = _TIMES.sub(b"", files["docProps/core.xml"])
    return archive(files)
