"""Part of a sheet read with a mapping that is not the case's: what would become of its rows."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as PyMapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace import ingest
from vialtrace.model.mapping import Mapping
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
    # In memory, so that what is cleaned is read once and never the whole sheet.
    received = engine.save(chosen, engine.spill / f"part-{sheet.taken.source_no}-{row_nos is None}.parquet")
    settings = case.settings
    asked = engine.arrow(ingest.plain_fields(received, mapping, time_zone=settings.time_zone)).to_pylist()[0]
    plain = frozenset(name for name, is_plain in asked.items() if is_plain)
    judged = ingest.judged_rows(
        received,
        mapping,
        source_no=sheet.taken.source_no,
        time_zone=settings.time_zone,
        jurisdiction=settings.jurisdiction,
        plain=plain,
    )
    # Worked out once; the four tables are drawn from it.
    wide = engine.save(judged, engine.spill / f"wide-{sheet.taken.source_no}-{row_nos is None}.parquet")
    made = ingest.parted(wide, mapping, plain=plain)
    return Part(*(engine.arrow(each) for each in (received, made.rows, made.quarantine, made.set_aside, made.issues)))


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
