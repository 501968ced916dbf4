"""Parquet files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources.header import unique_headers
from vialtrace.sources.text import REPLACEMENT, UNDECODABLE
from vialtrace.sources.workbook import text_of
from vialtrace.sources.writing import BATCH, Follower, Staged, StagedWriter


def sniff_parquet(path: Path, n_sample: int) -> Sheet:
    """The one table of a Parquet file.

    Raises:
        UnreadableSource: it is cut short or damaged, or has no columns.
    """
    file = _open(path)
    names = file.schema_arrow.names
    if not names:
        raise UnreadableSource(f"{path.name} has no columns.", expected="A Parquet file that holds a table.")
    try:
        batch = next(file.iter_batches(batch_size=n_sample), None)
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged(path, error) from error
    columns = [_as_text(batch.column(position)).to_pylist() for position in range(len(names))] if batch else []
    sample = tuple(tuple(value or "" for value in row) for row in zip(*columns, strict=True)) if columns else ()
    return Sheet(
        file=path.name,
        sheet="",
        format="parquet",
        encoding="",
        delimiter="",
        header_row=0,
        n_rows=file.metadata.num_rows,
        headers=unique_headers(names),
        sample=sample,
    )


def stage_parquet(path: Path, sheet: Sheet, target: Path, follower: Follower | None = None) -> Staged:
    """Stage a Parquet file; its first row has number 1."""
    file = _open(path)
    n_before = 0
    with StagedWriter(target, len(sheet.headers), 0, follower=follower) as writer:
        try:
            for batch in file.iter_batches(batch_size=BATCH):
                numbers = pa.array(np.arange(n_before + 1, n_before + 1 + len(batch), dtype=np.int64))
                n_before += len(batch)
                texts = (_as_text(batch.column(position)) for position in range(batch.num_columns))
                columns = [pc.if_else(pc.equal(text, ""), None, text) for text in texts]
                writer.add_columns(numbers, columns, _problems(batch))
                if follower is not None:
                    follower.reach(n_before / file.metadata.num_rows)
        except (pa.ArrowInvalid, OSError) as error:
            raise _damaged(path, error) from error
    return writer.staged


def _problems(batch: pa.RecordBatch) -> pa.Array:
    """What is wrong with each row: a damaged file says that its texts are UTF-8, and they need not be."""
    problems = pa.nulls(len(batch), pa.string())
    for column in batch.columns:
        if (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)) and not _is_sound(column):
            is_garbled = pc.match_substring(_as_text(column), REPLACEMENT)
            problems = pc.if_else(pc.fill_null(is_garbled, fill_value=False), UNDECODABLE, problems)
    return problems


def _is_sound(column: pa.Array) -> bool:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _as_text(column: pa.Array) -> pa.Array:
    """A column as text: timestamps in ISO form, whole floats without ``.0``, nested values as JSON."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        if not _is_sound(column):
            binary = pa.large_binary() if pa.types.is_large_string(kind) else pa.binary()
            return pa.array([_cell(value) for value in column.cast(binary).to_pylist()], pa.string())
        return pc.cast(column, pa.string())
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_boolean(kind) or pa.types.is_date(kind):
        return pc.cast(column, pa.string())
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        kind = pa.timestamp("us", kind.tz)
        column = pc.cast(column, kind, safe=False)
    if pa.types.is_timestamp(kind):
        return pc.cast(column, pa.string())
    return pa.array([_cell(value) for value in column.to_pylist()], pa.string())


def _cell(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return text_of(value)


def _open(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> UnreadableSource:
    return UnreadableSource(
        f"{path.name} is a damaged Parquet file: {error}.",
        expected="A complete file, with its footer.",
        way_out="Fetch the file again: it was probably cut short on its way.",
    )
