"""The tables of a case file as CSV, one file each, in one archive whose bytes depend on the case alone."""

from __future__ import annotations

import csv
import io

from vialtrace.casefile.archive import archive
from vialtrace.casefile.exports.dossier import Dossier
from vialtrace.casefile.exports.sheets import Value, sheets

# What a spreadsheet that opens the file would take for the start of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_archive(held: Dossier) -> bytes:
    """Every table as UTF-8 CSV with a byte-order mark, so that spreadsheets show Chinese."""
    return archive({f"{sheet.name}.csv": _text(sheet.headers, sheet.rows) for sheet in sheets(held)})


def _text(headers: tuple[str, ...], rows: tuple[tuple[Value, ...], ...]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: Value) -> Value:
    """A text that would be a formula gets an apostrophe before it; numbers and dates stay what they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
