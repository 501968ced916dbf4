"""What a mapping makes of the first rows of its sheet, without a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from vialtrace import ingest
from vialtrace.model.mapping import Mapping
from vialtrace.pipeline.staging import StagedSheet
from vialtrace.store import Case, Engine

WHOLE = 200_000
"""Rows of a sheet that are all read: a column as a whole tells day from month. Of a longer one the beginning is."""

_BEGINNING = 5_000


@dataclass(frozen=True)
class SampleRow:
    """One row: its number, its cells as received by header, its record (empty if none), and why it is none."""

    row_no: int
    received: dict[str, str]
    record: dict[str, Any]
    problem: str


def sampled(case: Case, engine: Engine, sheet: StagedSheet, mapping: Mapping, *, n_rows: int = 3) -> list[SampleRow]:
    """The first ``n_rows`` rows that hold anything, before and after cleaning."""
    number = sheet.taken.source_no
    first = number * 2**32
    columns = {f"c{place}": header for place, header in enumerate(sheet.sheet.headers)}
    with pq.ParquetFile(sheet.path) as file:
        batch = next(file.iter_batches(batch_size=n_rows), None)
    beginning = batch.to_pylist() if batch is not None else []
    received = engine.read(sheet.path)
    if sheet.staged.n_rows > WHOLE:
        received = received.filter(received.row_no <= beginning[-1]["row_no"] + _BEGINNING)
    cleaned = ingest.records(
        received,
        mapping,
        source_no=number,
        time_zone=case.settings.time_zone,
        jurisdiction=case.settings.jurisdiction,
    )
    wanted = [first + row["row_no"] for row in beginning]
    rows, lost, aside = (
        {row["row_id"]: row for row in engine.arrow(each.filter(each.row_id.isin(wanted))).to_pylist()}
        for each in (cleaned.rows, cleaned.quarantine, cleaned.set_aside)
    )
    told = []
    for row in beginning:
        row_id = first + row["row_no"]
        why = lost.get(row_id) or aside.get(row_id) or {}
        problem = f"{why['field']}: {why['reason']}" if why.get("field") else str(why.get("reason", ""))
        cells = {header: row[name] for name, header in columns.items() if row.get(name)}
        told.append(SampleRow(row["row_no"], cells, rows.get(row_id, {}), problem))
    return told
