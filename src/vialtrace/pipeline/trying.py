"""Part of a sheet read with a mapping that is not the case's: what would become of its rows."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from collections.abc import Mapping as PyMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace import ingest
from vialtrace.model.mapping import Mapping
from vialtrace.pipeline.reading import cleaned
from vialtrace.pipeline.staging import StagedSheet
from vialtrace.store import Case, Engine

MOST_ROWS = 2_000
"""Rows read for a preview: enough to find a column filled in one row of a hundred, few enough to answer at once."""


@dataclass(frozen=True)
class Part:
    """Some rows of a sheet: as received, and what a mapping makes of them."""

    received: pa.Table
    rows: pa.Table
    quarantine: pa.Table
    set_aside: pa.Table
    issues: pa.Table


def read_part(
    case: Case, engine: Engine, sheet: StagedSheet, mapping: Mapping, *, row_nos: Collection[int] | None = None
) -> Part:
    """Read the first rows of a sheet, or those numbered ``row_nos``, as a run would; nothing is written."""
    staged = engine.read(sheet.path)
    if row_nos is None:
        chosen = staged.order_by("row_no").limit(MOST_ROWS)
    else:
        chosen = staged.filter(staged.row_no.isin(sorted(row_nos)[:MOST_ROWS]))
    with tempfile.TemporaryDirectory(dir=engine.spill) as scratch:
        received = engine.save(chosen, Path(scratch) / "chosen.parquet")
        whole = _as_the_whole(engine, staged, mapping)
        made = cleaned(case, engine, received, whole, sheet.taken.source_no, Path(scratch))
        tables = (received, made.rows, made.quarantine, made.set_aside, made.issues)
        return Part(*(engine.arrow(each) for each in tables))


def _as_the_whole(engine: Engine, staged: ir.Table, mapping: Mapping) -> Mapping:
    """The mapping with the order of day and month that whole columns prove: the first rows may all be of one week."""
    asked = ingest.proven_orders(ingest.repaired(staged, mapping), mapping)
    if asked is None:
        return mapping
    (proven,) = engine.arrow(asked).to_pylist()
    readings = (replace(each, order=proven.get(f"order_{each.field}") or each.order) for each in mapping.readings)
    return replace(mapping, readings=tuple(readings))


@dataclass(frozen=True)
class SampleRow:
    """One row: its number, its cells as received by header, its record (empty if none), and why it is none."""

    row_no: int
    received: dict[str, str]
    record: dict[str, Any]
    problem: str


def sampled(case: Case, engine: Engine, sheet: StagedSheet, mapping: Mapping, *, n_rows: int = 3) -> list[SampleRow]:
    """The first ``n_rows`` rows that hold anything, before and after cleaning."""
    part = read_part(case, engine, sheet, mapping)
    first = sheet.taken.source_no * 2**32
    headers = {f"c{place}": header for place, header in enumerate(sheet.sheet.headers)}
    rows, lost, aside = (
        {row["row_id"] - first: row for row in each.to_pylist()}
        for each in (part.rows, part.quarantine, part.set_aside)
    )
    told = []
    for row in part.received.sort_by("row_no").slice(0, n_rows).to_pylist():
        row_no = row["row_no"]
        why = lost.get(row_no) or aside.get(row_no) or {}
        problem = f"{why['field']}: {why['reason']}" if why.get("field") else str(why.get("reason", ""))
        cells = {header: row[name] for name, header in headers.items() if row.get(name)}
        told.append(SampleRow(row_no, cells, rows.get(row_no, {}), problem))
    return told


def part_of_run(sheet: StagedSheet, mapping: Mapping, tables: PyMapping[str, pa.Table]) -> Part:
    """The first rows of a sheet as a run has read them; a row delivered twice stands where it was read first."""
    with pq.ParquetFile(sheet.path) as file:
        batch = next(file.iter_batches(batch_size=MOST_ROWS), None)
        received = pa.Table.from_batches([batch]) if batch is not None else file.schema_arrow.empty_table()
    first = sheet.taken.source_no * 2**32
    last = first + max(received["row_no"].to_pylist(), default=0)
    within = (pc.field("row_id") > first) & (pc.field("row_id") <= last)
    names = {"rows": mapping.kind, "quarantine": "quarantine", "set_aside": "set_aside", "issues": "field_issue"}
    return Part(received, **{name: tables[stored].filter(within) for name, stored in names.items()})
