"""The staged form of a sheet: row numbers, cells as text, and what is wrong with a row."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace.model.mapping import Sheet
from vialtrace.model.spec import ROWS_A_GROUP
from vialtrace.sources.text import sound

BATCH = 50_000

_BYTES_HELD = 256 << 20
"""Rows wider than usual are written sooner, so that no sheet fills the memory."""


@dataclass(frozen=True)
class Staged:
    """What was staged: ``n_rows`` rows after the header, of which ``n_blank`` were empty and left out.

    ``n_problems`` rows were kept with a problem, ``n_short`` end before their last field; ``n_header_rows`` counts the
    header and every row above it. ``filled`` has for each column how many of its cells hold anything. ``is_regular``
    says that the rows stand in the order of their numbers, in groups of ``ROWS_A_GROUP``.
    """

    n_rows: int
    n_blank: int
    n_problems: int
    n_header_rows: int
    n_short: int = 0
    filled: tuple[int, ...] = ()
    is_regular: bool = False

    @property
    def n_filled(self) -> dict[str, int]:
        """Column as staged to how many of its cells hold anything."""
        return {f"c{position}": n for position, n in enumerate(self.filled)}

    @property
    def is_damaged(self) -> bool:
        """Whether any row does not have the form of the sheet."""
        return bool(self.n_problems or self.n_short)


def staged_schema(n_columns: int) -> pa.Schema:
    """The form of a staged sheet: ``row_no``, ``c0`` to ``cn``, ``problem`` (with the row as a whole) and ``short``.

    ``short`` says of a row that has fewer fields than the sheet how many, and repeats its text.
    """
    cells = [pa.field(f"c{position}", pa.string()) for position in range(n_columns)]
    told = [pa.field("problem", pa.string()), pa.field("short", pa.string())]
    return pa.schema([pa.field("row_no", pa.int64()), *cells, *told])


class Follower(Protocol):
    """Whoever works on a sheet while it is still being staged."""

    def begin(self, sheet: Sheet) -> None:
        """This sheet is about to be staged."""

    def anew(self) -> None:
        """Forget what came so far: the sheet is staged from its first row, perhaps once more."""

    def reach(self, share: float) -> None:
        """How much of the file has been read."""

    def take(self, rows: pa.Table) -> None:
        """The next rows staged, in the order of the file: ``ROWS_A_GROUP`` of them, fewer at the end."""


class StagedWriter:
    """Writes staged rows to Parquet in bounded batches, and counts them."""

    def __init__(
        self,
        target: Path,
        n_columns: int,
        n_header_rows: int,
        *,
        labels: Sequence[str] = (),
        rows: tuple[int, int | None] = (0, None),
        follower: Follower | None = None,
    ) -> None:
        """Begin the file ``target``; every row ends in ``labels``, and numbers outside of ``rows`` are passed over.

        What is written is given to a ``follower`` too, as long as it is regular.
        """
        self.n_columns = n_columns
        self.n_header_rows = n_header_rows
        self.labels = tuple(labels)
        self.first, self.last = rows[0], rows[1] or 1 << 62
        self.n_rows = self.n_blank = self.n_problems = self.n_short = 0
        self._schema = staged_schema(n_columns + len(self.labels))
        # Read once or twice and then kept: what is quickest to write. Most columns repeat too little for a dictionary,
        # and rows are looked up by their number alone.
        self._writer = pq.ParquetWriter(
            target, self._schema, compression="lz4", use_dictionary=False, write_statistics=["row_no"]
        )
        self._filled = [0] * (n_columns + len(self.labels))
        # Written by a thread of its own, while the next rows are read; one piece at a time, in order.
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._writing: Future[None] | None = None
        self._held: list[pa.RecordBatch] = []
        self._n_held = self._bytes_held = 0
        self._last, self._is_regular = 0, True
        self._rows: list[tuple[int, Sequence[str | None], str | None, str | None]] = []
        self._follower = follower
        if follower is not None:
            follower.anew()

    def __enter__(self) -> StagedWriter:
        """The writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file."""
        try:
            if kind is None:
                self._flush()
                self._write_held()
            self._written()
        finally:
            self._pool.shutdown()
            self._writer.close()

    @property
    def staged(self) -> Staged:
        """The counts so far."""
        filled = tuple(self._filled)
        counts = (self.n_rows, self.n_blank, self.n_problems, self.n_header_rows, self.n_short)
        return Staged(*counts, filled, is_regular=self._is_regular)

    def add(
        self, row_no: int, cells: Sequence[str | None], problem: str | None = None, *, short: str | None = None
    ) -> None:
        """Add one row; a row without any filled cell and without a problem is only counted."""
        if not self.first <= row_no <= self.last:
            return
        self.n_rows += 1
        if problem is None and not any(cell is not None and cell.strip() for cell in cells):
            self.n_blank += 1
            return
        self.n_problems += problem is not None
        self.n_short += short is not None
        self._rows.append((row_no, cells, problem, short))
        if len(self._rows) >= BATCH:
            self._flush()

    def add_columns(self, row_nos: pa.Array, columns: Sequence[pa.Array], problem: pa.Array) -> None:
        """Add a batch of rows held as columns, empty cells as null; blank rows are only counted."""
        if len(row_nos) and not self.first <= row_nos[0].as_py() <= row_nos[-1].as_py() <= self.last:
            inside = pc.and_(pc.greater_equal(row_nos, self.first), pc.less_equal(row_nos, self.last))
            row_nos, problem = row_nos.filter(inside), problem.filter(inside)
            columns = [column.filter(inside) for column in columns]
        filled = problem.is_valid()
        for cell in columns:
            # A column filled in every row, as a number is, settles it: the others need not be looked at.
            if pc.all(filled).as_py():
                break
            is_filled = pc.not_equal(pc.utf8_trim_whitespace(cell), "")
            filled = pc.or_(filled, pc.fill_null(is_filled, fill_value=False))
        self.n_rows += len(row_nos)
        labels = [pa.repeat(pa.scalar(value), len(row_nos)) for value in self.labels]
        short = pa.nulls(len(row_nos), pa.string())
        batch = pa.RecordBatch.from_arrays([row_nos, *columns, *labels, problem, short], schema=self._schema)
        n_filled = int(pc.sum(filled).as_py() or 0)
        if n_filled < len(row_nos):
            self.n_blank += len(row_nos) - n_filled
            batch = batch.filter(filled)
        self.n_problems += len(batch) - batch.column(batch.num_columns - 2).null_count
        self._put(batch)

    def _put(self, batch: pa.RecordBatch) -> None:
        """Hold a batch until there are rows enough for a piece of the file, and hand these over to be written."""
        for position in range(len(self._filled)):
            self._filled[position] += len(batch) - batch.column(position + 1).null_count
        if not len(batch):
            return
        numbers = batch.column(0)
        is_rising = pc.all(pc.less(numbers.slice(0, len(batch) - 1), numbers.slice(1))).as_py()
        self._is_regular = self._is_regular and self._last < numbers[0].as_py() and bool(is_rising)
        self._last = numbers[len(batch) - 1].as_py()
        self._tell_disorder()
        self._held.append(batch)
        self._n_held += len(batch)
        self._bytes_held += batch.nbytes
        while self._n_held >= ROWS_A_GROUP:
            self._hand_over(ROWS_A_GROUP)
        if self._bytes_held >= _BYTES_HELD:
            self._is_regular = False
            self._tell_disorder()
            self._hand_over(self._n_held)

    def _tell_disorder(self) -> None:
        """Have whoever follows forget a sheet whose rows are not regular."""
        if self._follower is not None and not self._is_regular:
            self._follower.anew()
            self._follower = None

    def _hand_over(self, n_rows: int) -> None:
        """Have the first rows held written as one group."""
        self._written()
        held = pa.Table.from_batches(self._held, self._schema)
        self._held = held.slice(n_rows).to_batches()
        self._n_held, self._bytes_held = held.num_rows - n_rows, sum(each.nbytes for each in self._held)
        group = held.slice(0, n_rows)
        self._writing = self._pool.submit(self._writer.write_table, group)
        if self._follower is not None:
            self._follower.take(group)

    def _write_held(self) -> None:
        """Write the last rows."""
        self._written()
        if self._held:
            group = pa.Table.from_batches(self._held, self._schema)
            if self._follower is not None:
                self._follower.take(group)
            self._writer.write_table(group)
            self._held, self._n_held, self._bytes_held = [], 0, 0

    def _written(self) -> None:
        """Wait until the piece before is written.

        Raises:
            OSError: if it could not be.
        """
        done, self._writing = self._writing, None
        if done is not None:
            done.result()

    def _flush(self) -> None:
        if not self._rows:
            return
        empty: list[None] = [None] * self.n_columns
        arrays: list[Any] = [pa.array([row[0] for row in self._rows], pa.int64())]
        padded = [(*row[1], *empty)[: self.n_columns] for row in self._rows]
        arrays += [_texts([cells[position] or None for cells in padded]) for position in range(self.n_columns)]
        arrays += [pa.repeat(pa.scalar(value), len(self._rows)) for value in self.labels]
        arrays += [_texts([row[2] for row in self._rows]), _texts([row[3] for row in self._rows])]
        self._put(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._rows = []


def _texts(cells: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:
        return pa.array([cell and sound(cell) for cell in cells], pa.string())


def writer_for(target: Path, sheet: Sheet, follower: Follower | None = None) -> StagedWriter:
    """A writer of the rows of a sheet: those below its header, up to its last, with its labels behind each."""
    values = [value for _, value in sheet.labels]
    rows = (sheet.header_row + 1, sheet.last_row)
    return StagedWriter(target, sheet.n_columns, sheet.n_header_rows, labels=values, rows=rows, follower=follower)
