"""Sheets to files: one UTF-8 CSV a kind, with canonical headers."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from vialtrace.simulate.render import Sheet


def write_csv(sheet: Sheet, file: Path) -> None:
    """A sheet as CSV, quoted where needed, blanks as nothing."""
    table = pa.table({name: pa.array(column, type=pa.string()) for name, column in sheet.items()})
    pacsv.write_csv(table, file, pacsv.WriteOptions(quoting_style="needed"))


def write_clean(sheets: dict[str, Sheet], folder: Path) -> None:
    """One file a kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, sheet in sheets.items():
        if sheet and len(next(iter(sheet.values()))):
            write_csv(sheet, folder / f"{kind}.csv")
