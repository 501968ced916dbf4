"""Ibis's Spark backend with our compiler, functions of whole columns, and Parquet files as tables. Needs PySpark."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import sqlglot.expressions as sge
from ibis.backends.pyspark import Backend
from ibis.backends.pyspark.datatypes import PySparkType
from ibis.common.exceptions import IbisError
from ibis.expr.operations.udf import InputType
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql.functions import pandas_udf

from vialtrace.errors import OurBug
from vialtrace.store.spark_sql import PortableCompiler

# What sqlglot calls the WITH of a query; its releases differ.
_WITH = "with_" if "with_" in sge.Select.arg_types else "with"


class SparkBackend(Backend):  # type: ignore[misc]
    """A Spark session as Ibis sees it."""

    compiler = PortableCompiler()

    def show(self, name: str, path: Path) -> None:
        """Show a Parquet file, or a folder of them, as the table ``name``."""
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)

    def write_parts(self, expression: ir.Table, folder: Path, wrapped: Callable[[str], str]) -> None:
        """Compute an expression, its SQL ``wrapped``, into Parquet files in ``folder``.

        Spark computes a relation anew for each place that mentions it, and plans grow with the product of such places.
        So what is mentioned twice and is more than rows of one table is computed first, and kept beside ``folder``
        until the whole is there.

        Raises:
            OSError: if a disk is full.
            OurBug: if Spark cannot say or compute it.
        """
        aside = folder.with_name(f"{folder.name}-shared")
        try:
            self._register_udfs(expression)
            query = self.compiler.to_sqlglot(expression)
            for shared in query.ctes:
                rows = self._session.sql(shared.this.sql(self.dialect))
                if shared.this.find(sge.Join, sge.Group, sge.SetOperation, sge.Distinct, sge.Lateral):
                    rows.write.mode("overwrite").parquet(str(aside / shared.alias))
                    rows = self._session.read.parquet(str(aside / shared.alias))
                rows.createOrReplaceTempView(shared.alias)
            query.set(_WITH, None)
            whole = self._session.sql(wrapped(query.sql(self.dialect)))
            whole.write.mode("overwrite").parquet(str(folder))
        except IbisError as refusal:
            raise OurBug(f"An expression cannot be turned into Spark's SQL: {refusal}") from refusal
        except (PySparkException, Py4JJavaError) as failure:
            said = str(failure)
            if "No space left on device" in said:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder)) from failure
            raise OurBug(f"Spark cannot compute {folder.name}: {said.strip().splitlines()[0]}") from failure
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _register_udfs(self, expr: ir.Expr) -> None:
        for function in expr.op().find(ops.ScalarUDF):
            if function.__input_type__ == InputType.PYARROW:
                answer = pandas_udf(_of_columns(function.__func__), returnType=PySparkType.from_ibis(function.dtype))
                self._session.udf.register(self.compiler.__sql_name__(function), answer)


def _of_columns(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of Arrow columns as Spark calls one: with columns of pandas."""

    def answer(*columns: pd.Series) -> pd.Series:
        return pd.Series(function(*(pa.array(each) for each in columns)).to_numpy(zero_copy_only=False))

    return answer
