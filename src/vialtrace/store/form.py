"""The declared form of a table, held against what a recipe made: columns, types, key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.schema as sch
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace.errors import BrokenForm
from vialtrace.model import Table

_SQL_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp(6)": "TIMESTAMP",
    "decimal(20, 4)": "DECIMAL(20, 4)",
    "array<string>": "VARCHAR[]",
    "array<int64>": "BIGINT[]",
}

_SPARK_TYPES = {
    "string": "STRING",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp(6)": "TIMESTAMP_NTZ",
    "decimal(20, 4)": "DECIMAL(20, 4)",
    "array<string>": "ARRAY<STRING>",
    "array<int64>": "ARRAY<BIGINT>",
}

_ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp(6)": pa.timestamp("us"),
    "decimal(20, 4)": pa.decimal128(20, 4),
    "array<string>": pa.list_(pa.string()),
    "array<int64>": pa.list_(pa.int64()),
}

# Kinds whose values may stand in an error message: they identify no person.
_SHOWABLE = {"row_id", "id", "integer", "word"}


def arrow_schema(declared: Table) -> pa.Schema:
    """The declared form as an Arrow schema."""
    return pa.schema([(column.name, _ARROW_TYPES[column.storage]) for column in declared.columns])


def empty(declared: Table) -> pa.Table:
    """A table of the declared form without rows."""
    return arrow_schema(declared).empty_table()


def problems(declared: Table, made: sch.Schema) -> list[str]:
    """Every way in which the columns made differ from those declared; none when they fit."""
    wanted, found = declared.names, tuple(made.names)
    missing = [name for name in wanted if name not in found]
    extra = [name for name in found if name not in wanted]
    said = [f"the column {name} is missing" for name in missing]
    said += [f"the column {name} is not declared" for name in extra]
    for column in declared.columns:
        if column.name in found and not _fits(made[column.name], dt.dtype(column.storage)):
            said.append(f"the column {column.name} is {made[column.name]} where {column.storage} is declared")
    return said


def _fits(made: Any, declared: Any) -> bool:
    """Whether a column can be cast without losing anything: a float never becomes an amount, a text never a date."""
    if made.is_null() or (declared.is_string() and made.is_string()) or (declared.is_boolean() and made.is_boolean()):
        return True
    if declared.is_array():
        return bool(made.is_array()) and _fits(made.value_type, declared.value_type)
    if declared.is_floating() or declared.is_decimal():
        return bool(made.is_integer() or made.is_decimal() or (declared.is_floating() and made.is_floating()))
    if declared.is_timestamp():
        return bool(made.is_timestamp() and made.timezone is None)
    if declared.is_integer():
        # DuckDB's wide integers, such as a sum of integers, look like decimals without a fraction.
        return bool(made.is_integer() or (made.is_decimal() and made.scale == 0))
    return bool(declared.is_date() and made.is_date())


def arrow_cast(declared: Table, made: pa.Table) -> pa.Table:
    """An Arrow table with dictionaries and null columns in plain types, so that Ibis reads it whatever made it."""
    fields = []
    for field in made.schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_null(kind) and field.name in declared.names:
            kind = _ARROW_TYPES[declared.column(field.name).storage]
        fields.append(pa.field(field.name, kind))
    return made.cast(pa.schema(fields))


def in_form(declared: Table, query: str) -> str:
    """The SQL that casts what ``query`` gives to the declared types and sorts the rows by the key."""
    key = ", ".join(f'"{name}" NULLS FIRST' for name in declared.key or declared.names)
    return f"{cast(declared, query)} ORDER BY {key}"


def cast(declared: Table, query: str) -> str:
    """The SQL that casts what ``query`` gives to the declared types.

    The cast is always written out: DuckDB's sum of integers is wider than what Ibis believes.
    """
    columns = ", ".join(
        f'CAST("{each.name}" AS {_SQL_TYPES[each.storage]}) AS "{each.name}"' for each in declared.columns
    )
    return f"SELECT {columns} FROM ({query})"  # noqa: S608  names come from declarations


def cast_for_spark(declared: Table, query: str) -> str:
    """The same in Spark's SQL."""
    columns = ", ".join(
        f"CAST(`{each.name}` AS {_SPARK_TYPES[each.storage]}) AS `{each.name}`" for each in declared.columns
    )
    return f"SELECT {columns} FROM ({query})"  # noqa: S608  names come from declarations


def n_rows(path: Path) -> int:
    """How many rows a Parquet file holds, from its footer."""
    return int(pq.read_metadata(path).num_rows)


def check_key(declared: Table, path: Path) -> None:
    """See that no two rows share a key and none lacks it; rows are sorted, so equal keys are neighbours.

    Raises:
        BrokenForm: naming the key, and its value where that identifies nobody.
    """
    if not declared.key:
        return
    last: pa.Table | None = None
    # Read in pieces: a table of mentions may hold more rows than memory does.
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=list(declared.key)):
            piece = pa.Table.from_batches([batch])
            if any(column.null_count for column in piece.columns):
                raise BrokenForm(
                    f"The table {declared.name} has a row without a key.", expected=f"Key: {', '.join(declared.key)}."
                )
            joined = piece if last is None else pa.concat_tables([last, piece])
            _check_neighbours(declared, joined.combine_chunks())
            last = piece.slice(piece.num_rows - 1)


def check_order(declared: Table, path: Path) -> None:
    """See that the rows of a table with a key of one column stand in its order.

    Raises:
        BrokenForm: where they do not.
    """
    (key,) = declared.key
    last = None
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=[key]):
            column = batch.column(0)
            if not len(column):
                continue
            is_behind = last is not None and column[0].as_py() < last
            if is_behind or not pc.all(pc.less_equal(column.slice(0, len(column) - 1), column.slice(1))).as_py():
                raise BrokenForm(f"The rows of the table {declared.name} are out of order.", expected=f"Key: {key}.")
            last = column[len(column) - 1].as_py()


def _check_neighbours(declared: Table, rows: pa.Table) -> None:
    if rows.num_rows < 2:
        return
    same: pa.Array | None = None
    for name in declared.key:
        column = rows[name].combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        equal = pc.equal(column.slice(1), column.slice(0, len(column) - 1))
        same = equal if same is None else pc.and_(same, equal)
    if pc.any(same).as_py():
        at = pc.index(same, pa.scalar(value=True)).as_py()
        shown = {
            name: rows[name][at].as_py() if declared.column(name).kind_name in _SHOWABLE else "…"
            for name in declared.key
        }
        raise BrokenForm(
            f"The table {declared.name} has two rows of one key: {shown}.", expected="Each key stands once."
        )
