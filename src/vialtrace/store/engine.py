"""The engine: DuckDB through Ibis, bounded in memory, spilling to disk, writing tables in their declared form."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vialtrace.errors import BrokenForm, OurBug
from vialtrace.model import Table
from vialtrace.store import form
from vialtrace.store.atomic import flush_file, storage
from vialtrace.store.machine import Machine

# DuckDB's own default, written down: the bytes of a table depend on it.
_ROWS_PER_GROUP = 122_880


@dataclass(frozen=True)
class Written:
    """A table as written: where, and how many rows."""

    name: str
    path: Path
    n_rows: int


class Engine:
    """One DuckDB connection of one run; ``backend`` is its Ibis face. Tables are Parquet files seen through views."""

    def __init__(self, machine: Machine, *, spill: Path) -> None:
        """Open the connection; what does not fit into memory goes to ``spill``, which is removed on closing."""
        self.spill = spill
        with storage(spill):
            spill.mkdir(parents=True, exist_ok=True)
            self.backend = ibis.duckdb.connect(
                ":memory:",
                memory_limit=f"{machine.memory_gb}GB",
                threads=machine.threads,
                temp_directory=str(spill / "duckdb"),
                # Nobody is called: an extension that is not built in is an error, not a download.
                autoinstall_known_extensions=False,
                # Order is made by sorting on write; keeping it in between only costs memory.
                preserve_insertion_order=False,
                # Files are local, and the system caches them already.
                enable_external_file_cache=False,
            )
        self._n_views = 0
        # The zone of the machine must not show in the result.
        self.run("SET TimeZone = 'UTC'")

    def close(self) -> None:
        """Close the connection and remove what was spilled."""
        self.backend.disconnect()
        shutil.rmtree(self.spill, ignore_errors=True)

    def write(self, declared: Table, made: ir.Table | pa.Table, folder: Path) -> Written:
        """Write what a recipe made as the table ``declared``: checked, cast, sorted by key; then show it as a view.

        The bytes do not depend on threads or memory: rows are sorted by a key without ties, in groups of fixed size.

        Raises:
            BrokenForm: if columns, types or keys are not as declared.
            StorageFailure: if the disk fails.
        """
        expression = ibis.memtable(form.arrow_cast(declared, made)) if isinstance(made, pa.Table) else made
        problems = form.problems(declared, expression.schema())
        if problems:
            raise BrokenForm(f"The table {declared.name} is not in its form: " + "; ".join(problems) + ".")
        path = folder / f"{declared.name}.parquet"
        with self._viewed(expression) as view, storage(path):
            self.copy(form.in_form(declared, view), path)
        self.attach(declared.name, path)
        form.check_key(declared, path)
        return Written(declared.name, path, form.n_rows(path))

    def copy(self, query: str, path: Path) -> None:
        """Write the rows of an SQL query to a Parquet file, compressed, in groups of fixed size."""
        target = str(path).replace("'", "''")
        with storage(path):
            self.run(
                f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_PER_GROUP})"
            )
            flush_file(path)

    def save(self, expression: ir.Table, path: Path) -> ir.Table:
        """Write an intermediate expression to ``path`` as it is, and give it back as read from there."""
        with self._viewed(expression) as view:
            self.copy(f"SELECT * FROM {quoted(view)}", path)
        return self.read(path)

    def attach(self, name: str, path: Path) -> None:
        """Show the Parquet file at ``path`` as the table ``name``."""
        source = str(path).replace("'", "''")
        self.run(
            f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT * FROM read_parquet('{source}', hive_partitioning = false)"
        )

    def read(self, path: Path) -> ir.Table:
        """A Parquet file as an expression."""
        self._n_views += 1
        name = f"read_{self._n_views}"
        self.attach(name, path)
        return self.table(name)

    def table(self, name: str) -> ir.Table:
        """The table ``name`` as an expression."""
        return self.backend.table(name)

    def has_rows(self, name: str) -> bool:
        """Whether the table ``name`` holds any row."""
        return bool(self.run(f"SELECT 1 FROM {quoted(name)} LIMIT 1"))

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression, in memory."""
        with storage(self.spill):
            return self.backend.to_pyarrow(expression)

    def sql(self, expression: ir.Table) -> str:
        """The SQL that an expression stands for."""
        return str(ibis.to_sql(expression, dialect="duckdb"))

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one SQL statement and fetch all it answers."""
        # Everything is fetched: an open result blocks later registrations on the connection.
        cursor = self.backend.raw_sql(statement)
        return cursor.fetchall() if cursor.description else []

    @contextmanager
    def _viewed(self, expression: ir.Table) -> Iterator[str]:
        """The expression as a view of a name of its own, which also registers the Arrow tables inside it."""
        self._n_views += 1
        name = f"made_{self._n_views}"
        try:
            self.backend.create_view(name, expression, overwrite=True)
        except ibis.common.exceptions.IbisError as refusal:
            raise OurBug(f"An expression cannot be turned into SQL: {refusal}") from refusal
        try:
            yield name
        finally:
            self.run(f"DROP VIEW IF EXISTS {quoted(name)}")


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
