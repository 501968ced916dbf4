"""The tables of a case file as CSV, one file each, in one archive whose bytes depend on the case alone."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping

from vialtrace.casefile.exports.dossier import Dossier
from vialtrace.casefile.exports.sheets import Value, sheets

# ZIP knows no time before this one; the archive says nothing of when it was made.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
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


def archive(files: Mapping[str, bytes]) -> bytes:
    """Files as one ZIP archive with the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name])
    return out.getvalue()
