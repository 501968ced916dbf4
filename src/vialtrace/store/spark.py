"""Spark beside DuckDB: the steps whose tables grow with the records, computed by many machines or processes.

Spark computes; the driver keeps. What a step makes is computed by Spark, written in parts beside the run, where later
steps read it, and then sorted by the driver's DuckDB into the one file that the run holds: the same bytes as DuckDB
alone would write. What is small whatever the records are (graphs, fits, the case file) stays on the driver.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from vialtrace.errors import BadInput
from vialtrace.model import Table
from vialtrace.store import form
from vialtrace.store.atomic import storage
from vialtrace.store.engine import Engine, Written, check_form

_SUBMITTED = "PYSPARK_GATEWAY_PORT"
"""Set by ``spark-submit`` for the program it starts: master, memory and all else are then its to say."""

_PARTS_A_THREAD = 2


class SparkEngine:
    """Answers the steps it is given on Spark, and leaves each table with the driver's engine in its declared form."""

    def __init__(self, driver: Engine, tables: Path, *, memory_gb: float) -> None:
        """Start Spark, or join the session that ``spark-submit`` started; ``tables`` is where the run's tables are.

        Raises:
            BadInput: if PySpark or Java is missing.
        """
        self._driver, self._tables = driver, tables
        self.spill = driver.spill / "spark"
        with storage(self.spill):
            self.spill.mkdir(parents=True, exist_ok=True)
        self.backend = _backend(self.spill, driver.threads, memory_gb)
        self._views: dict[str, Path] = {}
        self._n_read = 0

    def close(self) -> None:
        """Stop Spark and remove what it wrote beside the run."""
        self.backend.disconnect()
        shutil.rmtree(self.spill, ignore_errors=True)

    def write(self, declared: Table, made: ir.Table | pa.Table, folder: Path) -> Written:
        """Compute what a recipe made, and keep it as the table ``declared``: checked, cast, sorted by key.

        Raises:
            BrokenForm: if columns, types or keys are not as declared.
            StorageFailure: if the disk fails.
        """
        if isinstance(made, pa.Table):
            written = self._driver.write(declared, made, folder)
            self.attach(declared.name, written.path)
            return written
        check_form(declared, made)
        parts = self.spill / declared.name
        self._copy(made, parts, declared)
        written = self._driver.write(declared, self._driver.read(parts / "*.parquet"), folder)
        self.attach(declared.name, parts)
        return written

    def save(self, expression: ir.Table, path: Path, *, declared: Table | None = None) -> ir.Table:
        """Compute an intermediate expression into parts at ``path``, and read it from there; order is not kept.

        Raises:
            BrokenForm: if columns or types are not as declared.
            StorageFailure: if the disk fails.
        """
        if declared is not None:
            check_form(declared, expression)
        self._copy(expression, path, declared)
        self._n_read += 1
        name = f"read_{self._n_read}"
        self.attach(name, path)
        return self.table(name)

    def _copy(self, expression: ir.Table, parts: Path, declared: Table | None) -> None:
        for held in expression.op().find(ops.InMemoryTable):
            if held.name not in self._views:
                path = self.spill / f"{held.name}.parquet"
                pq.write_table(held.data.to_pyarrow(held.schema), path)
                self.attach(held.name, path)
        with storage(parts.parent):
            self.backend.write_parts(
                expression, parts, lambda query: query if declared is None else form.cast_for_spark(declared, query)
            )

    def attach(self, name: str, path: Path) -> None:
        """Show a Parquet file, or a folder of parts, as the table ``name``."""
        self.backend.show(name, path)
        self._views[name] = path

    def table(self, name: str) -> ir.Table:
        """The table ``name`` as an expression: what Spark made, or what the run holds."""
        if name not in self._views:
            self.attach(name, self._tables / f"{name}.parquet")
        return self.backend.table(name)

    def has_rows(self, name: str) -> bool:
        """Whether the table ``name`` holds any row."""
        return self._driver.has_rows(name)

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression, in the driver's memory."""
        parts = self.spill / "asked"
        self._copy(expression, parts, None)
        return self._driver.arrow(self._driver.read(parts / "*.parquet"))


def _backend(spill: Path, threads: int, memory_gb: float) -> Any:
    """Ibis's face of a Spark session.

    Raises:
        BadInput: if PySpark or Java is missing.
    """
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415  only where Spark is asked for
        from pyspark.sql import SparkSession  # noqa: PLC0415

        from vialtrace.store.spark_backend import SparkBackend  # noqa: PLC0415
    except ImportError as refusal:
        raise BadInput(
            f'engine = "spark" needs PySpark: {refusal}.',
            expected="The optional extra: vialtrace[spark].",
            way_out='Install it with pip, or set engine = "duckdb" in case.toml: the results are the same.',
        ) from refusal
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME") and _SUBMITTED not in os.environ:
        raise BadInput(
            'engine = "spark" needs Java 17, and there is none on this machine.',
            expected="`java` on the path, or JAVA_HOME.",
            way_out='Install it (Debian: openjdk-17-jre-headless), or set engine = "duckdb" in case.toml.',
        )
    logging.getLogger("py4j").setLevel(logging.ERROR)
    if _SUBMITTED not in os.environ:
        # Functions of whole columns are worked out by this Python, not by whichever comes first on the path.
        os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.appName("vialtrace")
    for name, value in _settings(spill, threads, memory_gb).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as refusal:
        raise BadInput(
            f"Spark does not start: {refusal}.", expected="Java 17.", way_out="Try `spark-submit --version`."
        ) from refusal
    session.sparkContext.setLogLevel("ERROR")
    backend = SparkBackend()
    backend.register_options()
    backend.do_connect(session)
    return backend


def _settings(spill: Path, threads: int, memory_gb: float) -> dict[str, str]:
    """What a session is told: how to answer always, and how much to use where nobody else has said it."""
    told = {
        # A failed cast or a division by nought is null, as nothing, and never the end of a run.
        "spark.sql.ansi.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.caseSensitive": "true",
        # Times are wall-clock times of the case's zone; Spark must not take them for instants.
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
    }
    if _SUBMITTED in os.environ:
        return told
    return told | {
        "spark.master": f"local[{threads}]",
        "spark.driver.memory": f"{max(int(memory_gb * 1024), 512)}m",
        "spark.sql.shuffle.partitions": str(threads * _PARTS_A_THREAD),
        "spark.local.dir": str(spill / "local"),
        "spark.sql.warehouse.dir": str(spill / "warehouse"),
        # One machine: nobody listens outside it, and nothing is shown in a browser.
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
