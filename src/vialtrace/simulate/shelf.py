"""Sheets kept on disk while a world is written: its records need not fit into memory, one column of a kind does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.model import RECORDS
from vialtrace.simulate.render import BLANKS, Objects, Sheet

_ROWS_AT_ONCE = 100_000
"""A multiple of eight: lost cells are kept as bits."""


class Shelf:
    """Every kind's sheet as texts in a file of its own, and which cells chance has left blank."""

    def __init__(self, folder: Path) -> None:
        """An empty shelf; its files go into ``folder``, which the caller removes."""
        self._folder = folder
        self._n_rows: dict[str, int] = {}
        self._lost: dict[str, dict[str, npt.NDArray[np.uint8]]] = {}

    def put(self, kind: str, columns: Iterable[tuple[str, Objects]]) -> None:
        """Keep the sheet of a kind; each column is taken when it is made, and let go."""
        table = pa.table({name: pa.array(column, type=pa.string()) for name, column in columns})
        self._n_rows[kind] = table.num_rows
        with pa.OSFile(str(self._path(kind)), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=_ROWS_AT_ONCE)

    def kinds(self) -> tuple[str, ...]:
        """The kinds that are kept, in the order they came."""
        return tuple(self._n_rows)

    def n_rows(self, kind: str) -> int:
        """How many rows the sheet of a kind has."""
        return self._n_rows[kind]

    def column(self, kind: str, name: str) -> pa.ChunkedArray:
        """One column as it was put there, before anything was left blank."""
        with pa.memory_map(str(self._path(kind))) as file:
            return pa.ipc.open_file(file).read_all()[name]

    def leave_blank(self, rng: np.random.Generator) -> None:
        """Draw which cells of optional fields are left blank, kind by kind and column by column."""
        for kind, n in self._n_rows.items():
            there, shares = self._names(kind), BLANKS.get(kind, {})
            for name in (each for each in RECORDS[kind].names if each in there):
                lost = rng.random(n) < shares.get(name, 0.0)
                if name in shares:
                    self._lost.setdefault(kind, {})[name] = np.packbits(lost)

    def batches(self, kind: str) -> Iterator[pa.RecordBatch]:
        """The rows of a kind, some thousands at a time, its columns in the declared order, blank where left blank."""
        there, lost = self._names(kind), self._lost.get(kind, {})
        names = [name for name in RECORDS[kind].names if name in there]
        with pa.memory_map(str(self._path(kind))) as file:
            held, at = pa.ipc.open_file(file), 0
            for number in range(held.num_record_batches):
                batch = held.get_batch(number)
                cells = []
                for name in names:
                    column = batch.column(name)
                    if name in lost:
                        gone = np.unpackbits(lost[name][at // 8 :], count=len(batch)).astype(np.bool_)
                        column = pc.if_else(pa.array(gone), "", column)
                    cells.append(column)
                at += len(batch)
                yield pa.record_batch(cells, names=names)

    def sheet(self, kind: str) -> Sheet:
        """The whole sheet of a kind in memory, as :func:`batches` gives it."""
        table = pa.Table.from_batches(self.batches(kind))
        return {name: np.array(table[name].to_pylist(), dtype=object) for name in table.column_names}

    def _path(self, kind: str) -> Path:
        return self._folder / f"{kind}.arrow"

    def _names(self, kind: str) -> list[str]:
        with pa.memory_map(str(self._path(kind))) as file:
            return list(pa.ipc.open_file(file).schema.names)
