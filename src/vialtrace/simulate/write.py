"""Sheets to files: CSV, TSV, JSON Lines and Excel workbooks, the same bytes for the same sheet."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.csv as pacsv

from vialtrace.model import RECORDS
from vialtrace.simulate.dirt import Dirty, soil
from vialtrace.simulate.render import Sheet
from vialtrace.simulate.shelf import Shelf

_NEVER = (1980, 1, 1, 0, 0, 0)


def _delimited(cells: Sheet, delimiter: str) -> bytes:
    table = pa.table({name: pa.array(column, type=pa.string()) for name, column in cells.items()})
    buffer = io.BytesIO()
    pacsv.write_csv(table, buffer, _options(delimiter))
    return buffer.getvalue()


def _options(delimiter: str) -> pacsv.WriteOptions:
    return pacsv.WriteOptions(delimiter=delimiter, quoting_style="needed")


def write_clean(shelf: Shelf, kinds: Sequence[str], folder: Path) -> None:
    """One UTF-8 CSV a kind, with canonical headers."""
    for kind in kinds:
        if not shelf.n_rows(kind):
            continue
        batches = shelf.batches(kind)
        first = next(batches)
        with pacsv.CSVWriter(str(folder / f"{kind}.csv"), first.schema, write_options=_options(",")) as writer:
            for batch in itertools.chain((first,), batches):
                writer.write_batch(batch)


def write_messy(
    rng: np.random.Generator,
    shelf: Shelf,
    kinds: Sequence[str],
    folder: Path,
    *,
    is_english: bool,
    is_lossless: bool = False,
) -> None:
    """Several files a kind, clean and messy, some handed over twice."""
    for kind in kinds:
        if not shelf.n_rows(kind):
            continue
        sheet = shelf.sheet(kind)
        for dirty in soil(rng, kind, sheet, is_english=is_english, is_lossless=is_lossless):
            content = _content(kind, dirty, "Total" if is_english else "合计")
            (folder / dirty.style.file).write_bytes(content)
            if dirty.style.twice:
                (folder / dirty.style.twice).write_bytes(content)


def _content(kind: str, dirty: Dirty, total: str) -> bytes:
    form = dirty.style.file.rsplit(".", 1)[1]
    if form == "xlsx":
        return _workbook(kind, dirty, total)
    if form == "jsonl":
        columns = list(dirty.cells.values())
        lines = (
            json.dumps(
                {name: value for name, value in zip(dirty.headers, row, strict=True) if value != ""}, ensure_ascii=False
            )
            for row in zip(*columns, strict=True)
        )
        return ("\n".join(lines) + "\n").encode(dirty.style.encoding)
    text = _delimited(dirty.cells, "\t" if form == "tsv" else ",").decode("utf-8")
    return text.encode(dirty.style.encoding)


def _workbook(kind: str, dirty: Dirty, total: str) -> bytes:
    """A workbook with title rows above the header and a totals row below the data where the style has them."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Sheet1")
    for line in dirty.style.title:
        page.append([line])
    page.append(list(dirty.headers))
    names = [RECORDS[kind].column(field).kind_name for field in dirty.fields]
    numeric = [
        name in ("money", "number", "integer") or (name in ("time", "date") and dirty.style.dates == "serial")
        for name in names
    ]
    columns = [
        [_number(value) for value in column] if is_number else [value or None for value in column]
        for column, is_number in zip(dirty.cells.values(), numeric, strict=True)
    ]
    for row in zip(*columns, strict=True):
        page.append(row)
    if dirty.style.has_totals:
        page.append([total, *_totals(columns, [name == "money" for name in names])[1:]])
    buffer = io.BytesIO()
    book.save(buffer)
    return _undated(buffer.getvalue())


def _number(value: str) -> float | str | None:
    try:
        return float(value) if value else None
    except ValueError:
        return value


def _totals(columns: list[list[float | str | None]], is_money: list[bool]) -> list[float | str | None]:
    """The sums of the money columns, nothing elsewhere."""
    return [
        round(float(np.sum([value for value in column if isinstance(value, float)])), 2) if money else None
        for column, money in zip(columns, is_money, strict=True)
    ]


def _undated(content: bytes) -> bytes:
    """The workbook without the time it was saved: a clock must not get into the bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            body = old.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2020-01-01T00:00:00Z", body)
            new.writestr(zipfile.ZipInfo(name, _NEVER), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()
