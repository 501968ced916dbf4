"""The engine: DuckDB through Ibis, bounded in memory, spilling to disk, writing tables in their declared form."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, RLock, Thread
from typing import Any, Protocol

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from vialtrace.errors import BrokenForm, OurBug
from vialtrace.model import Table
from vialtrace.model.spec import ROWS_A_GROUP
from vialtrace.store import form
from vialtrace.store.atomic import storage
from vialtrace.store.machine import Machine

# The quickest level is a fifth quicker to write than DuckDB's own and, of tables like these, no larger.
_ZSTD_LEVEL = 1

# How far a statement is can be asked for where a bar would be drawn.
_WATCHED = ("SET enable_progress_bar = true", "SET enable_progress_bar_print = false", "SET progress_bar_time = 0")

_LOOK_SECONDS = 0.5

# The zone of the machine must not show in the result.
_SETTINGS = ("SET GLOBAL TimeZone = 'UTC'", "SET enable_progress_bar = false")


@dataclass(frozen=True)
class Written:
    """A table as written: where, and how many rows."""

    name: str
    path: Path
    n_rows: int


class Answering(Protocol):
    """What a step asks of an engine, whichever computes: tables by name, and to keep what it made of them."""

    spill: Path
    backend: Any

    def write(self, declared: Table, made: ir.Table | pa.Table, folder: Path) -> Written:
        """Keep what a recipe made as the table ``declared``."""

    def save(self, expression: ir.Table, path: Path, *, declared: Table | None = None) -> ir.Table:
        """Compute an expression once, and read it from where it was written."""

    def table(self, name: str) -> ir.Table:
        """The table ``name`` as an expression."""

    def has_rows(self, name: str) -> bool:
        """Whether the table ``name`` holds any row."""

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression, in memory."""


class Engine:
    """One DuckDB connection of one run; ``backend`` is its Ibis face. Tables are Parquet files seen through views."""

    def __init__(self, machine: Machine, *, spill: Path) -> None:
        """Open the connection; what does not fit into memory goes to ``spill``, which is removed on closing."""
        self.spill = spill
        self.threads = machine.threads
        with storage(spill):
            spill.mkdir(parents=True, exist_ok=True)
            self._config = {
                "memory_limit": f"{machine.memory_gb}GB",
                "threads": machine.threads,
                "temp_directory": str(spill / "duckdb"),
                # Nobody is called: an extension that is not built in is an error, not a download.
                "autoinstall_known_extensions": False,
                # Order is made by sorting on write; keeping it in between only costs memory.
                "preserve_insertion_order": False,
                # Files are local, and the system caches them already.
                "enable_external_file_cache": False,
            }
            self.backend = ibis.duckdb.connect(":memory:", **self._config)
        self._n_views = 0
        # Held while Ibis builds or the main session answers: neither may be entered by two threads.
        self.lock = RLock()
        for setting in _SETTINGS:
            self.run(setting)

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
        check_form(declared, expression)
        path = folder / f"{declared.name}.parquet"
        self._copy(expression, path, lambda query: form.in_form(declared, query))
        self.attach(declared.name, path)
        form.check_key(declared, path)
        return Written(declared.name, path, form.n_rows(path))

    def _copy(
        self,
        expression: ir.Table,
        path: Path,
        shaped: Callable[[str], str] = str,
        told: Callable[[float], None] | None = None,
    ) -> None:
        """Write the rows of an expression, its SQL ``shaped``, to a Parquet file, compressed, in groups of fixed size.

        Each copy has a session of its own, so that several can run at the same time.
        """
        with self.lock:
            query = shaped(self.sql(expression))
            session = self.backend.con.cursor()
        with storage(path):
            try:
                session.execute("SET enable_progress_bar = false")
                # Arrow tables inside an expression are known by name to the session that runs it.
                for held in expression.op().find(ops.InMemoryTable):
                    session.register(held.name, held.data.to_pyarrow(held.schema))
                with _watched(session, told):
                    session.execute(_copying(query, path))
            finally:
                session.close()

    def save(
        self,
        expression: ir.Table,
        path: Path,
        *,
        declared: Table | None = None,
        is_sorted: bool = False,
        told: Callable[[float], None] | None = None,
    ) -> ir.Table:
        """Write an intermediate expression to ``path``, in the form ``declared`` if given, and read it from there.

        With ``is_sorted`` the bytes are those that :meth:`write` would write, so that :meth:`adopt` can take the file.
        ``told`` hears now and then which share is done.

        Raises:
            BrokenForm: if columns or types are not as declared.
            StorageFailure: if the disk fails.
        """
        if declared is not None:
            check_form(declared, expression)
        shaped = form.in_form if is_sorted else form.cast
        self._copy(expression, path, lambda query: query if declared is None else shaped(declared, query), told)
        return self.read(path)

    def stream(self, expression: ir.Table, source: Path | pa.RecordBatchReader, path: Path, *, declared: Table) -> None:
        """Write what is made row by row of ``source`` to ``path``, as :meth:`save` does, unsorted.

        ``source``, a Parquet file or what is still coming in, holds its rows in the order of the key, in groups of
        ``ROWS_A_GROUP``, and ``expression`` reads it alone, leaving out no row: then these are the bytes that sorting
        would give, without its time and its memory.

        Raises:
            BrokenForm: if columns, types or keys are not as declared.
            StorageFailure: if the disk fails.
        """
        check_form(declared, expression)
        with self.lock:
            query = form.cast(declared, self.sql(expression))
        (read,) = expression.op().find((ops.DatabaseTable, ops.UnboundTable))
        # A database of its own: whether order is kept is a setting of a whole one, and mostly only costs memory.
        with (
            storage(path),
            duckdb.connect(":memory:", config={**self._config, "preserve_insertion_order": True}) as ordered,
        ):
            for setting in _SETTINGS:
                ordered.execute(setting)
            if isinstance(source, Path):
                ordered.execute(_showing(read.name, source))
            else:
                # The bare stream: a reader would be read sixteen batches ahead, which then wait in memory.
                ordered.register(read.name, source.__arrow_c_stream__())
            ordered.execute(_copying(query, path))
        form.check_order(declared, path)

    def adopt(self, declared: Table, made: Sequence[Path], folder: Path) -> Written:
        """Take files that :meth:`save` has written sorted as the table ``declared``: the same as to write them again.

        The keys of each file come after those of the one before: then nothing need be sorted, and at no time are more
        than a few groups of rows in memory.

        Raises:
            BrokenForm: if their keys are not as declared.
            StorageFailure: if the disk fails.
        """
        path = folder / f"{declared.name}.parquet"
        if len(made) == 1:
            with storage(path):
                shutil.copyfile(made[0], path)
        else:
            schema = pq.read_schema(made[0])
            rows = pa.RecordBatchReader.from_batches(schema, _in_groups(made))
            coming = ibis.table(ibis.Schema.from_pyarrow(schema), name=f"coming_{declared.name}")
            self.stream(coming, rows, path, declared=declared)
        self.attach(declared.name, path)
        form.check_key(declared, path)
        return Written(declared.name, path, form.n_rows(path))

    def attach(self, name: str, path: Path) -> None:
        """Show the Parquet file at ``path`` as the table ``name``."""
        self.run(_showing(name, path))

    def read(self, path: Path) -> ir.Table:
        """A Parquet file as an expression."""
        with self.lock:
            self._n_views += 1
            name = f"read_{self._n_views}"
            self.attach(name, path)
            return self.table(name)

    def table(self, name: str) -> ir.Table:
        """The table ``name`` as an expression."""
        return self.backend.table(name)

    def has_rows(self, name: str) -> bool:
        """Whether the table ``name`` holds any row."""
        return bool(self.run(f"SELECT 1 FROM {quoted(name)} LIMIT 1"))  # noqa: S608  the name is quoted

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression, in memory."""
        with storage(self.spill):
            return self.backend.to_pyarrow(expression)

    def sql(self, expression: ir.Table) -> str:
        """The SQL that an expression stands for, with the functions in it made known to DuckDB.

        Raises:
            OurBug: if the expression cannot be said in SQL.
        """
        try:
            # What Ibis itself does before it executes; it has no public name for it.
            self.backend._run_pre_execute_hooks(expression)  # noqa: SLF001
            return str(self.backend.compile(expression))
        except ibis.common.exceptions.IbisError as refusal:
            raise OurBug(f"An expression cannot be turned into SQL: {refusal}") from refusal

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one SQL statement and fetch all it answers."""
        # Everything is fetched: an open result blocks later registrations on the connection.
        cursor = self.backend.raw_sql(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def _watched(session: duckdb.DuckDBPyConnection, told: Callable[[float], None] | None) -> Iterator[None]:
    """Tell what share of the statement in the block is done; where that raises, the statement is broken off."""
    if told is None:
        yield
        return
    for setting in _WATCHED:
        session.execute(setting)
    is_over, raised = Event(), list[BaseException]()

    def watch() -> None:
        try:
            while not is_over.wait(_LOOK_SECONDS):
                # Below nought where nothing is known.
                if (share := session.query_progress()) >= 0:
                    told(min(1.0, share / 100))
        except BaseException as refusal:  # noqa: BLE001  raised again where the statement was called
            raised.append(refusal)
            session.interrupt()

    watching = Thread(target=watch)
    watching.start()
    try:
        yield
    except duckdb.InterruptException:
        if not raised:
            raise
    finally:
        is_over.set()
        watching.join()
    if raised:
        raise raised[0]


def _copying(query: str, path: Path) -> str:
    """The statement that writes what ``query`` gives to a Parquet file, compressed, in groups of fixed size."""
    target = str(path).replace("'", "''")
    kept = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {_ZSTD_LEVEL}, ROW_GROUP_SIZE {ROWS_A_GROUP}"
    return f"COPY ({query}) TO '{target}' ({kept})"


def _showing(name: str, path: Path) -> str:
    """The statement that shows the Parquet file at ``path`` as the table ``name``."""
    source = str(path).replace("'", "''")
    rows = f"SELECT * FROM read_parquet('{source}', hive_partitioning = false)"  # noqa: S608  the path is quoted
    return f"CREATE OR REPLACE VIEW {quoted(name)} AS {rows}"


def check_form(declared: Table, expression: ir.Table) -> None:
    """See that the columns of an expression are those declared.

    Raises:
        BrokenForm: with every way in which they differ.
    """
    problems = form.problems(declared, expression.schema())
    if problems:
        raise BrokenForm(f"The table {declared.name} is not in its form: " + "; ".join(problems) + ".")


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _in_groups(files: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    """The rows of several files one after the other, in groups of ``ROWS_A_GROUP``; the last has what is left."""
    waiting: list[pa.RecordBatch] = []
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS_A_GROUP):
                waiting.append(batch)
                if sum(each.num_rows for each in waiting) >= ROWS_A_GROUP:
                    rows = pa.Table.from_batches(waiting)
                    yield from rows.slice(0, ROWS_A_GROUP).combine_chunks().to_batches()
                    waiting = rows.slice(ROWS_A_GROUP).to_batches()
    if waiting:
        yield from pa.Table.from_batches(waiting).combine_chunks().to_batches()
