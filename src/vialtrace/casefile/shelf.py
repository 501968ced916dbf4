"""The tables of a run as the case file reads them: a missing table is an empty one of its declared form."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile.held import Held
from vialtrace.model import RECORDS, table

Row = dict[str, Any]
T = TypeVar("T")

_ARROW: dict[str, Any] = {
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


def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of the declared table called ``name``."""
    return pa.schema([(column.name, _ARROW[column.storage]) for column in table(name).columns])


@runtime_checkable
class Searched(Protocol):
    """Tables on a disk, of which a part can be read without the rest."""

    def __contains__(self, name: object) -> bool:
        """Whether there is a table of that name."""
        ...

    def count(self, name: str) -> int:
        """How many rows a table has."""
        ...

    def columns(self, name: str, wanted: Sequence[str]) -> pa.Table:
        """Some columns of a table."""
        ...

    def where(self, name: str, column: str, values: pa.Array, wanted: Sequence[str] | None = None) -> pa.Table:
        """The rows whose ``column`` is one of ``values``."""
        ...


@dataclass(frozen=True)
class Shelf:
    """The tables of one run, by name.

    With ``held``, what is read or worked out of the run called ``run`` is kept there for whoever asks again.
    """

    tables: Mapping[str, pa.Table]
    run: str = ""
    held: Held | None = field(default=None, repr=False, compare=False)
    _taken: dict[str, pa.Table] = field(default_factory=dict, init=False, repr=False, compare=False)

    def arrow(self, name: str) -> pa.Table:
        """The table called ``name``, read once; empty, in its declared form, when the run has none."""
        if name not in self._taken:
            found = self.tables.get(name)
            self._taken[name] = arrow_schema(name).empty_table() if found is None else found
        return self._taken[name]

    def where(self, name: str, column: str, values: Iterable[Any], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a table whose ``column`` is one of ``values``, or some columns of them."""
        wanted = pa.array(sorted(set(values)), type=arrow_schema(name).field(column).type)
        if name not in self._taken and isinstance(self.tables, Searched) and name in self.tables:
            tables = self.tables
            asked = ("where", name, column, _digest(wanted), None if columns is None else tuple(columns))
            return self.once(asked, lambda: tables.where(name, column, wanted, columns), lambda found: found.nbytes)
        whole = self.arrow(name)
        found = whole.filter(pc.is_in(whole[column], value_set=wanted))
        return found if columns is None else found.select(list(columns))

    def once(self, what: Hashable, make: Callable[[], T], n_bytes: Callable[[T], int]) -> T:
        """What ``make`` works out of these tables, known as ``what``; the same as before where it is held."""
        return self.held.get((self.run, what), make, n_bytes) if self.held and self.run else make()

    def columns(self, name: str, wanted: Sequence[str]) -> pa.Table:
        """Some columns of a table."""
        if isinstance(self.tables, Searched) and name in self.tables:
            return self.tables.columns(name, wanted)
        return self.arrow(name).select(list(wanted))

    def count(self, name: str) -> int:
        """How many rows a table has."""
        if isinstance(self.tables, Searched):
            return self.tables.count(name) if name in self.tables else 0
        return int(self.arrow(name).num_rows)

    def rows(self, name: str, column: str, values: Iterable[Any], columns: Sequence[str] | None = None) -> list[Row]:
        """The same as ``where``, as dictionaries in the order of the table's key; for small answers only."""
        found: list[Row] = ordered(self.where(name, column, values, columns), name).to_pylist()
        return found

    def all_rows(self, name: str) -> list[Row]:
        """Every row of a small table, in the order of its key."""
        found: list[Row] = ordered(self.arrow(name), name).to_pylist()
        return found

    def records_of(self, row_ids: Iterable[int]) -> dict[int, tuple[str, Row]]:
        """The cleaned records behind source rows: row to its record kind and fields."""
        wanted = sorted(set(row_ids))
        return {row["row_id"]: (kind, row) for kind in RECORDS for row in self.rows(kind, "row_id", wanted)}


def _digest(values: pa.Array) -> bytes:
    """A digest of what was asked for, short enough to be part of a key."""
    return hashlib.sha256(repr(values.to_pylist()).encode(errors="surrogatepass")).digest()


def ordered(found: pa.Table, name: str) -> pa.Table:
    """``found`` sorted by the declared key of the table called ``name``."""
    key = [column for column in table(name).key if column in found.column_names]
    return found.sort_by([(column, "ascending") for column in key]) if key and found.num_rows else found


@dataclass(frozen=True)
class Locator:
    """Shows a source row as people read it: ``file:row``, ``file#sheet:row`` in a workbook."""

    files: Mapping[int, str]

    @classmethod
    def of(cls, shelf: Shelf) -> Locator:
        """The locator for the sources of a run."""
        return cls(
            {
                row["source_no"]: f"{row['file']}#{row['sheet']}" if row["sheet"] else row["file"]
                for row in shelf.all_rows("source")
            }
        )

    def file(self, row_id: int) -> str:
        """The file, and sheet, that a source row stands in."""
        source_no = row_id >> 32
        return self.files.get(source_no, f"source {source_no}")

    def number(self, row_id: int) -> int:
        """The row's number in its file."""
        return row_id & 0xFFFFFFFF

    def __call__(self, row_id: int) -> str:
        """The source row as ``file:row``."""
        return f"{self.file(row_id)}:{self.number(row_id)}"
