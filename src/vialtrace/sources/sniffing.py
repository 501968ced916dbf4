"""What a file is, by its content: which tables it holds and where their headers stand."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from vialtrace.errors import UnreadableSource
from vialtrace.kit.file_names import given_name
from vialtrace.model.mapping import Sheet
from vialtrace.model.trips import WAYS, has_both_ways
from vialtrace.sources.columnar import sniff_parquet
from vialtrace.sources.delimited import sniff_failure
from vialtrace.sources.header import filled_width
from vialtrace.sources.json_lines import sniff_json
from vialtrace.sources.layout import Area, Records, areas
from vialtrace.sources.markup import is_page
from vialtrace.sources.standard import sniff_message
from vialtrace.sources.text import (
    HEAD_BYTES,
    delimiter_of,
    encoding_of,
    head_of,
    head_text,
    is_gzip,
    quote_of,
    read_records,
)
from vialtrace.sources.torn_numbers import are_torn
from vialtrace.sources.workbook import sniff_workbook

SAMPLE_ROWS = 300
"""Rows after the header that a sheet carries along for guessing."""

MAX_LAID_OUT = 20_000
"""Records of a text that are searched for further tables: people lay out hundreds of rows by hand, not more."""

_FOREIGN = {  # What people drop in by mistake, named so that they know what to do.
    b"%PDF": ("a PDF", "Export the table as CSV or Excel; text inside a PDF is not read."),
    b"\x89PNG": ("a picture", "Type the table off, or ask for it as CSV or Excel."),
    b"\xff\xd8\xff": ("a picture", "Type the table off, or ask for it as CSV or Excel."),
    b"Rar!": ("a RAR archive", "Unpack it and add the files inside."),
    b"7z\xbc\xaf": ("a 7z archive", "Unpack it and add the files inside."),
    b"SQLite format 3": ("a SQLite database", "Export its tables as CSV."),
    b"\x28\xb5\x2f\xfd": ("a zstd file", "Decompress it first."),
    b"BZh": ("a bzip2 file", "Decompress it first."),
    b"\xfd7zXZ": ("an xz file", "Decompress it first."),
}


def sniff(path: Path) -> tuple[Sheet, ...]:
    """The readable tables of a file, in its own order.

    Raises:
        UnreadableSource: it is empty, damaged, encrypted, no table, or of a kind that is not read.
    """
    name = given_name(path)
    found = (each if name == path.name else replace(each, file=name) for each in _sniffed(path))
    return tuple(part for each in found for part in _both_ways(each))


def _both_ways(sheet: Sheet) -> tuple[Sheet, ...]:
    """A table as it is; one whose rows tell whole trips as two, the rows of each numbered as in the file."""
    if sheet.kind or sheet.why_not or not has_both_ways(sheet.headers):
        return (sheet,)
    names = {way: f"{sheet.sheet} ({rows})" if sheet.sheet else rows for way, rows in WAYS.items()}
    return tuple(replace(sheet, sheet=name, page=sheet.page or sheet.sheet, way=way) for way, name in names.items())


def _sniffed(path: Path) -> tuple[Sheet, ...]:
    magic, size = _begin(path)
    if size == 0:
        what = "a folder" if path.is_dir() else "empty: it has 0 bytes"
        raise UnreadableSource(
            f"{path.name} is {what}.",
            expected="A file that holds a table.",
            way_out="Fetch it again from where it came from.",
        )
    for start, (what, way_out) in _FOREIGN.items():
        if magic.startswith(start):
            raise UnreadableSource(
                f"{path.name} is {what}.", expected="CSV, TSV, Excel, JSON Lines or Parquet.", way_out=way_out
            )
    if magic.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return sniff_workbook(path, SAMPLE_ROWS)
    if magic.startswith(b"PAR1"):
        return (sniff_parquet(path, SAMPLE_ROWS),)
    return _sniff_text(path)


def _begin(path: Path) -> tuple[bytes, int]:
    """The first bytes of a file, and its size; a folder has none."""
    try:
        told = path.stat()
        if S_ISDIR(told.st_mode):
            return b"", 0
        if S_ISREG(told.st_mode):
            with path.open("rb") as file:
                return file.read(8), told.st_size
    except OSError as error:
        raise UnreadableSource(
            f"{path.name} cannot be opened: {error.strerror}.",
            expected="A readable file.",
            way_out="See that it is there and that you may read it.",
        ) from error
    # A pipe could be read once only, and would have to be waited for.
    raise UnreadableSource(
        f"{path.name} is a pipe or a device, and no file.",
        expected="A file on a disk.",
        way_out="Save what comes out of it to a file, and add that.",
    )


def _sniff_text(path: Path) -> tuple[Sheet, ...]:
    """A text file: a standard message, JSON if it begins like it, else delimited."""
    head = head_of(path)
    if not head.strip():
        raise UnreadableSource(
            f"{path.name} is empty once decompressed." if is_gzip(path) else f"{path.name} holds only blanks.",
            expected="A file that holds a table.",
            way_out="Fetch it again from where it came from.",
        )
    if is_gzip(path) and head.startswith((b"PK", b"PAR1")):
        raise UnreadableSource(
            f"{path.name} is a compressed {'Parquet' if head.startswith(b'PAR1') else 'zip'} file.",
            expected="Only text files may be gzip-compressed.",
            way_out="Decompress it first.",
        )
    if is_page(head):
        raise UnreadableSource(
            f"{path.name} is a web page (HTML), whatever its name ends in.",
            expected="CSV, TSV, Excel, JSON Lines or Parquet.",
            way_out="Ask for it as CSV or Excel; or open it in a spreadsheet program, make all columns text, for a "
            "number of more than fifteen digits loses its last ones otherwise, and save it as xlsx.",
        )
    message = sniff_message(path, head, SAMPLE_ROWS)
    if message is not None:
        return message
    encoding = encoding_of(head, path.name)
    text = head_text(path, encoding)
    if any(line.lstrip()[:1] in ("{", "[") for line in text.lstrip().split("\n", 2)[:2]):
        found = sniff_json(path, encoding, SAMPLE_ROWS)
        if found is not None:
            return (found,)
    return _sniff_delimited(path, encoding, text)


def _sniff_delimited(path: Path, encoding: str, text: str) -> tuple[Sheet, ...]:
    """The tables of a delimited text: several only in a file that was seen whole, and hence is small."""
    delimiter = delimiter_of(text)
    quote = quote_of(text, delimiter)
    is_whole = path.stat().st_size < HEAD_BYTES and not is_gzip(path)
    records = read_records(text, delimiter, MAX_LAID_OUT if is_whole else SAMPLE_ROWS + 100, quote)
    found = areas(records) if is_whole and len(records) < MAX_LAID_OUT else areas(records[: SAMPLE_ROWS + 100])[:1]
    if not found:
        raise sniff_failure(path.name)
    if delimiter == ",":
        found = [_as_named(area, records) for area in found]
    return tuple(
        Sheet(
            file=path.name,
            sheet="" if place == 1 else f"table {place}",
            format="delimited",
            encoding=encoding,
            delimiter=delimiter,
            header_row=area.header + 1,
            n_rows=None,
            headers=area.all_headers,
            sample=tuple(islice(area.rows(records), SAMPLE_ROWS)),
            first_row=area.first + 1,
            last_row=area.last + 1 if area.last is not None and len(found) > 1 else None,
            titles=tuple((row_no + 1, title) for row_no, title in area.titles),
            labels=area.labels,
            quote=quote,
        )
        for place, area in enumerate(found, start=1)
    )


def _as_named(area: Area, records: Records) -> Area:
    """A table without the columns that no header names, where they are there for commas in numbers only."""
    width = filled_width(records[area.header])
    rows = [records[place] for place in range(area.header + 1, min(len(records), (area.last or len(records)) + 1))]
    named = area.headers[:width]
    return replace(area, headers=named) if len(area.headers) > width and are_torn(named, rows[:SAMPLE_ROWS]) else area
