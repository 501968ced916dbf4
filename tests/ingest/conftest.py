"""A DuckDB connection, and a way to clean a list of texts on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ibis
import pyarrow as pa
import pytest

from vialtrace.ingest.clean import CLEANERS, Setting
from vialtrace.model.mapping import Reading

Clean = Callable[..., list[tuple[Any, Any]]]


@pytest.fixture(scope="session")
def con() -> Iterator[ibis.BaseBackend]:
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET threads = 1")
    yield backend
    backend.disconnect()


@pytest.fixture(scope="session")
def clean(con: ibis.BaseBackend) -> Clean:
    """``clean(kind, texts)`` gives (value, problem) of each text, in order."""

    def cleaned(kind: str, texts: list[str | None], **setting: Any) -> list[tuple[Any, Any]]:
        given = ibis.memtable(pa.table({"n": range(len(texts)), "raw": pa.array(texts, pa.string())}))
        reading = Reading("field", "column", **setting.pop("reading", {}))
        if "field" in setting:
            reading = Reading(setting.pop("field"), "column", reading.scale)
        cell = CLEANERS[kind](given.raw, Setting(reading, **setting))
        rows = con.to_pyarrow(given.select("n", value=cell.value, problem=cell.problem)).to_pylist()
        return [(row["value"], row["problem"]) for row in sorted(rows, key=lambda row: row["n"])]

    return cleaned
