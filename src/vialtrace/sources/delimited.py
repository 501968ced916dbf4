"""Delimited text (CSV, TSV): fast where it is regular, patient where it is not.

The fast reader is Arrow's; it says which records do not fit, so that every record of the file keeps its number. A stray
quote makes any such reader swallow lines into one value; when that shows, the file is read again line by line.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources.text import REPLACEMENT, UNDECODABLE, ReadAhead, Utf8Stream, head_text
from vialtrace.sources.torn_numbers import amounts, is_torn_within
from vialtrace.sources.writing import BATCH, Follower, Staged, StagedWriter, writer_for

BLOCK_BYTES = (1 << 20, 8 << 20, 64 << 20, 512 << 20)
"""Block sizes tried in turn: a record must fit into one; one that fits into a processor's cache is parsed soonest."""

MAX_JOINED_LINES = 200
"""A quoted value over more lines than this is a stray quote, not a value."""

SHOWN = 200
"""How much of an unreadable row its problem repeats."""


@dataclass
class _Misfits:
    """The records Arrow could not fit, in file order: number and text."""

    rows: list[tuple[int, str]] = field(default_factory=list)

    def __call__(self, row: pacsv.InvalidRow) -> str:
        self.rows.append((row.number, row.text))
        return "skip"

    @property
    def has_lines(self) -> bool:
        """Whether one of them runs over several lines, as a stray quote makes it."""
        return any("\n" in text.strip() for _, text in self.rows)

    def up_to(self, number: int) -> list[tuple[int, str]]:
        """The records up to a number, which are forgotten: a file of nothing but misfits must not fill the memory."""
        place = bisect_right(self.rows, number, key=lambda row: row[0])
        found, self.rows = self.rows[:place], self.rows[place:]
        return found


def stage_delimited(path: Path, sheet: Sheet, target: Path, follower: Follower | None = None) -> Staged:
    """Stage a delimited text: quickly if its quotes are in order, else line by line."""
    is_quoted = sheet.quote in head_text(path, sheet.encoding)
    if not is_quoted:
        try:
            staged = _stage_quickly(path, sheet, target, BLOCK_BYTES[0], follower, is_quoted=False)
        except pa.ArrowInvalid:
            staged = None
        if staged is not None:
            return staged
    for block_bytes in BLOCK_BYTES:
        try:
            staged = _stage_quickly(path, sheet, target, block_bytes, follower, is_quoted=True)
        except pa.ArrowInvalid as error:
            if "straddl" not in str(error):
                break
            continue
        if staged is not None:
            return staged
        break
    return _stage_patiently(path, sheet, target, follower)


def _stage_quickly(
    path: Path, sheet: Sheet, target: Path, block_bytes: int, follower: Follower | None, *, is_quoted: bool
) -> Staged | None:
    """Stage with Arrow; None where a quoted value has swallowed records, or a quote stands in what had none so far."""
    csv.field_size_limit(1 << 30)
    names = [f"c{position}" for position in range(sheet.n_columns)]
    misfits = _Misfits()
    stream = Utf8Stream(path, sheet.encoding, sheet.quote)
    with ReadAhead(stream) as ahead, writer_for(target, sheet, follower) as writer:
        try:
            reader = pacsv.open_csv(
                ahead,
                read_options=pacsv.ReadOptions(use_threads=False, block_size=block_bytes, column_names=names),
                parse_options=pacsv.ParseOptions(
                    delimiter=sheet.delimiter,
                    # Without a quote no value runs over a line, and the ends of records need no second search.
                    quote_char=sheet.quote if is_quoted else False,
                    newlines_in_values=is_quoted,
                    ignore_empty_lines=False,
                    invalid_row_handler=misfits,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    # The stream has made it UTF-8.
                    check_utf8=False,
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return writer.staged
            raise
        n_read = 0
        for batch in reader:
            if stream.has_quote and (not is_quoted or _has_swallowed(batch, sheet.delimiter) or misfits.has_lines):
                return None
            numbers = _numbers(n_read, len(batch), misfits)
            n_read = int(numbers[-1]) if len(numbers) else n_read
            _write(writer, batch, numbers, has_damage=stream.has_damage)
            _add_misfits(writer, misfits.up_to(n_read), sheet)
            if follower is not None:
                follower.reach(ahead.share)
        if stream.has_quote and (not is_quoted or misfits.has_lines):
            return None
        _add_misfits(writer, misfits.rows, sheet)
    return writer.staged


def _numbers(n_before: int, n: int, misfits: _Misfits) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The record numbers of the next ``n`` fitting records after record ``n_before``, stepping over the misfits."""
    if not misfits.rows:
        return np.arange(n_before + 1, n_before + 1 + n, dtype=np.int64)
    skipped = np.array([row[0] for row in misfits.rows], dtype=np.int64)
    candidates = np.arange(n_before + 1, n_before + 1 + n + len(skipped), dtype=np.int64)
    return candidates[~np.isin(candidates, skipped)][:n]


def _has_swallowed(batch: pa.RecordBatch, delimiter: str) -> bool:
    """Whether a value of the batch holds lines that are records themselves."""
    n_cells = batch.num_columns
    for column in batch.columns:
        has_lines = pc.and_(
            pc.match_substring_regex(column, "\n.*\n"),
            pc.greater_equal(pc.count_substring(column, delimiter), n_cells - 1),
        )
        if pc.any(has_lines).as_py() and any(
            is_swallowing(value, delimiter, n_cells) for value in pc.filter(column, has_lines).to_pylist()
        ):
            return True
    return False


def is_swallowing(value: str, delimiter: str, n_cells: int) -> bool:
    """Whether a quoted value is a stray quote's: too many lines, or whole lines inside that are each a record."""
    inside = value.split("\n")[1:-1]
    return len(inside) > MAX_JOINED_LINES or (
        bool(inside) and n_cells > 1 and all(line.count(delimiter) == n_cells - 1 for line in inside)
    )


def _write(
    writer: StagedWriter,
    batch: pa.RecordBatch,
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    *,
    has_damage: bool,
) -> None:
    problem = pa.nulls(len(batch), pa.string())
    if has_damage:
        is_garbled = pa.array(np.zeros(len(batch), dtype=bool))
        for column in batch.columns:
            is_garbled = pc.or_(is_garbled, pc.fill_null(pc.match_substring(column, REPLACEMENT), fill_value=False))
        problem = pc.if_else(is_garbled, UNDECODABLE, pa.scalar(None, pa.string()))
    writer.add_columns(pa.array(numbers), batch.columns, problem)


def _add_misfits(writer: StagedWriter, rows: list[tuple[int, str]], sheet: Sheet) -> None:
    """Records with another number of fields: shorter ones say so and are padded, longer ones cut if empty there."""
    places = _amounts(sheet) if rows else ()
    for number, text in rows:
        try:
            records = list(csv.reader(io.StringIO(text, newline=""), delimiter=sheet.delimiter, quotechar=sheet.quote))
        except csv.Error:
            records = []
        add_cells(writer, number, records[0] if len(records) == 1 else text.split(sheet.delimiter), text, places)


def _amounts(sheet: Sheet) -> tuple[int, ...]:
    """Where amounts stand that a comma may have parted."""
    return amounts(sheet.headers[: sheet.n_columns]) if sheet.delimiter == "," else ()


def add_cells(writer: StagedWriter, number: int, cells: list[str], text: str, places: tuple[int, ...]) -> None:
    """One record as cells, with a problem where it has too many or holds undecodable bytes; too few are told beside.

    Empty cells beyond the last column are cut off, unless one is there for the comma in a number of ``places``.
    """
    n = writer.n_columns
    told = f"expected {n} fields, got {len(cells)}: {text.strip(chr(13) + chr(10))[:SHOWN]}"
    if any(cell.strip() for cell in cells[n:]) or (len(cells) > n and is_torn_within(cells, places, n)):
        writer.add(number, [], told)
    elif REPLACEMENT in text:
        writer.add(number, cells[:n], UNDECODABLE)
    else:
        writer.add(number, cells[:n], short=told if len(cells) < n else None)


def _stage_patiently(path: Path, sheet: Sheet, target: Path, follower: Follower | None) -> Staged:
    """Stage line by line; a quote that does not close where a record fits is taken as a letter."""
    csv.field_size_limit(1 << 30)
    with writer_for(target, sheet, follower) as writer:
        stream = Utf8Stream(path, sheet.encoding, sheet.quote)
        lines = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="")
        places = _amounts(sheet)
        for number, (cells, text) in enumerate(_patient_records(lines, sheet), start=1):
            add_cells(writer, number, cells, text, places)
            if follower is not None and not number % BATCH:
                follower.reach(stream.share)
    return writer.staged


def _patient_records(lines: Iterator[str], sheet: Sheet) -> Iterator[tuple[list[str], str]]:
    """The records of a text with stray quotes, each with its own text."""
    delimiter, quote, n_cells = sheet.delimiter, sheet.quote, sheet.n_columns
    waiting: list[str] = []
    source = iter(lines)
    while True:
        line = waiting.pop(0) if waiting else next(source, None)
        if line is None:
            return
        joined, taken = line, 0
        while joined.count(quote) % 2 and taken < MAX_JOINED_LINES and len(joined) < 1 << 24:
            if taken >= len(waiting):
                more = next(source, None)
                if more is None:
                    break
                waiting.append(more)
            joined += waiting[taken]
            taken += 1
        record = _one_record(joined, delimiter, quote) if joined.count(quote) % 2 == 0 else None
        is_whole = record is not None and (taken == 0 or len(record) == n_cells)
        if record is not None and is_whole and not any(is_swallowing(cell, delimiter, n_cells) for cell in record):
            del waiting[:taken]
            yield record, joined
        else:
            yield line.rstrip("\r\n").split(delimiter), line


def _one_record(text: str, delimiter: str, quote: str) -> list[str] | None:
    """The cells of a text that is one record, or None where its quotes say otherwise."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote))
    except csv.Error:
        return None
    return (records[0] if records else [""]) if len(records) <= 1 else None


def sniff_failure(name: str) -> UnreadableSource:
    """The refusal of a text in which no header was found."""
    return UnreadableSource(
        f"{name} has no header that can be found: no row names at least two columns above rows of values.",
        expected="A table with one row of column names.",
        way_out="Put a row with the column names above the data and add the file again.",
    )
