"""From sheets read to record tables: gathered by kind, without duplicates, every row of every file accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace import ingest
from vialtrace.errors import OurBug
from vialtrace.model import RECORDS, table
from vialtrace.model.mapping import Mapping
from vialtrace.pipeline.progress import Progress
from vialtrace.pipeline.reading import BESIDE, Read, Tried, read_sheets, sweep
from vialtrace.pipeline.staging import StagedSheet
from vialtrace.store import Case, Engine
from vialtrace.store.form import arrow_schema, empty

_STATING_ROWS = 1000
"""Rows of one sheet, from its end, that are searched for totals: more are no totals but a page of notes."""


def take_in(
    case: Case,
    engine: Engine,
    folder: Path,
    progress: Progress,
    *,
    tried: Sequence[Tried] | None = None,
    is_anew: bool = False,
) -> list[Read]:
    """Make the twelve record tables and those that account for every row, in ``folder``; the caller holds the case.

    ``tried`` and ``is_anew`` are those of :func:`read_sheets`.

    Raises:
        BadMapping: if a mapping does not fit its sheet.
        UnreadableSource: if a file cannot be read.
    """
    reads = read_sheets(case, engine, progress, tried=tried, is_anew=is_anew)
    if tried is None:
        sweep(case)
    held = {read.mapping.kind for read in reads}
    gathered: list[tuple[ir.Table, ir.Table] | None] = []
    for kind in RECORDS:
        if kind in held:
            progress("store", sum(each is not None for each in gathered), len(held) + 1, kind)
        gathered.append(_gather(kind, reads, engine, folder))
    progress("store", len(held), len(held) + 1, "source")
    for name in BESIDE:
        parts = [engine.read(read.files[name]) for read in reads if read.count(name)]
        engine.write(table(name), _together(parts, name), folder)
    for place, name in enumerate(("duplicate", "disagreement")):
        engine.write(table(name), _together([each[place] for each in gathered if each is not None], name), folder)
    engine.write(table("stated"), _stated(reads), folder)
    engine.write(table("source"), _accounts(reads, engine), folder)
    progress("store", len(held) + 1, len(held) + 1, "")
    return reads


def _gather(kind: str, reads: list[Read], engine: Engine, folder: Path) -> tuple[ir.Table, ir.Table] | None:
    """Write the table of one record kind; give the rows delivered again, and where these disagree with their record."""
    files = [read.files["rows"] for read in reads if read.mapping.kind == kind and read.count("rows")]
    parts = [engine.read(file) for file in files]
    if not parts:
        engine.write(table(kind), empty(table(kind)), folder)
        return None
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]

    def keep(name: str, made: ir.Table) -> ir.Table:
        return engine.save(made, engine.spill / "read" / f"{kind}-{name}.parquet")

    def is_empty(made: ir.Table) -> bool:
        return not engine.arrow(made.limit(1)).num_rows

    again = ingest.duplicates(kind, rows, keep, is_empty=is_empty, is_one_file=len(parts) == 1)
    duplicate = keep("duplicate", again)
    if is_empty(duplicate):
        in_turn = _in_turn(files)
        if in_turn:
            engine.adopt(table(kind), in_turn, folder)
        else:
            engine.write(table(kind), rows, folder)
        return duplicate, ibis.memtable(empty(table("disagreement")))
    engine.write(table(kind), ingest.merged(kind, rows, duplicate), folder)
    return duplicate, keep("disagreement", ingest.disagreements(kind, rows, engine.table(kind), duplicate))


def _in_turn(files: Sequence[Path]) -> list[Path]:
    """The files in the order of their rows, where none begins before the one before has ended; else none."""
    spans = []
    for path in files:
        with pq.ParquetFile(path) as file:
            told = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
            place = file.schema_arrow.get_field_index("row_id")
            bounds = [group.column(place).statistics for group in told]
        if not all(each is not None and each.has_min_max for each in bounds):
            return []
        spans.append((min(each.min for each in bounds), max(each.max for each in bounds), path))
    spans.sort(key=lambda each: each[0])
    follows = all(one[1] < other[0] for one, other in pairwise(spans))
    return [path for _, _, path in spans] if follows else []


def _together(parts: list[ir.Table], name: str) -> ir.Table | pa.Table:
    if not parts:
        return empty(table(name))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _stated(reads: list[Read]) -> pa.Table:
    """The table of what the files say about their own rows, beside what was read of each."""
    said = []
    for read in reads:
        first = read.sheet.taken.source_no * 2**32
        aside = pq.read_table(read.files["set_aside"], partitioning=None)
        stated = stated_by(read.sheet, aside, read.mapping)
        if not stated:
            continue
        summed = ingest.added_up(stated, read.mapping)
        rows = pq.read_table(read.files["rows"], columns=["row_id", *summed], partitioning=None)
        sides = _sides(read, first)
        left_out = {each.reason for each in read.mapping.exclusions if not each.to_end}
        left = aside.filter(pc.field("reason").isin(pa.array(sorted(left_out), pa.string())))
        for each in stated:
            told, found = ingest.settled(each, rows, sides, read.mapping, aside=left)
            shown = None if found is None else f"{found:f}"
            kept = {name: value for name, value in asdict(told).items() if name in table("stated").names}
            said.append({**kept, "row_id": first + each.row_no, "value": f"{told.value:f}", "found": shown})
    return pa.Table.from_pylist(said, schema=arrow_schema(table("stated")))


def _sides(read: Read, first: int) -> dict[int, str]:
    """Whether each row of a one-sided statement came in or went out, as its own column says."""
    ways = [read.mapping.reading(name) for name in ("flow", "amount_in", "amount_out")]
    cells = ["" if each is None else f"c{read.mapping.position(each.column)}" for each in ways]
    told = pq.read_table(read.sheet.path, columns=["row_no", *filter(None, cells)], partitioning=None)
    row_ids = [first + row_no for row_no in told["row_no"].to_pylist()]
    flow, more, less = (_mended(told, cell, read.mapping) if cell else None for cell in cells)
    if flow is not None:
        return ingest.side_of(row_ids, flow)
    return ingest.side_by_columns(row_ids, more, less) if more is not None and less is not None else {}


def _mended(told: pa.Table, cell: str, mapping: Mapping) -> list[str | None]:
    """One staged column, with the cells that a person put right."""
    texts: list[str | None] = told[cell].to_pylist()
    put = {each.row: each.text or None for each in mapping.repairs if f"c{mapping.position(each.column)}" == cell}
    if put:
        rows = told["row_no"].to_pylist()
        texts = [put.get(row, text) for row, text in zip(rows, texts, strict=True)]
    return texts


def stated_by(sheet: StagedSheet, set_aside: pa.Table, mapping: Mapping) -> tuple[ingest.Stated, ...]:
    """What a sheet says about its own rows, in its titles and in the rows that were set aside as totals and notes."""
    aside = set_aside.filter(pc.field("reason").isin(ingest.STATING))
    row_nos = sorted(row_id % 2**32 for row_id in aside["row_id"].to_pylist())[-_STATING_ROWS:]
    cells = [f"c{position}" for position in range(sheet.sheet.n_columns)]
    rows = pq.read_table(
        sheet.path, columns=["row_no", *cells], filters=pc.field("row_no").isin(row_nos), partitioning=None
    ).sort_by("row_no")
    below = [(row["row_no"], [row[name] for name in cells]) for row in rows.to_pylist()] if row_nos else []
    return ingest.stated([*((row_no, [text]) for row_no, text in sheet.sheet.titles), *below], mapping)


def _accounts(reads: list[Read], engine: Engine) -> pa.Table:
    """The table of sources, with every row of every file accounted for.

    Raises:
        OurBug: if a count does not add up.
    """
    counted = engine.run('SELECT row_id // 4294967296, count(*) FROM "duplicate" GROUP BY 1')
    twice = {int(source_no): int(count) for source_no, count in counted}
    accounts = []
    for read in reads:
        held = read.sheet.staged
        account = {
            "source_no": read.sheet.taken.source_no,
            "file": read.sheet.source.name,
            "sheet": read.sheet.taken.sheet,
            "sha256": read.sheet.source.sha256,
            "kind": read.mapping.kind,
            "n_bytes": read.sheet.source.n_bytes,
            "n_file_rows": held.n_rows + held.n_header_rows,
            "n_header_rows": held.n_header_rows,
            "n_rows": read.count("rows"),
            "n_quarantined": read.count("quarantine"),
            "n_set_aside": read.count("set_aside") + held.n_blank,
            "n_duplicates": twice.get(read.sheet.taken.source_no, 0),
            "n_field_issues": read.count("field_issue") - len(read.short),
        }
        found = account["n_rows"] + account["n_quarantined"] + account["n_set_aside"]  # type: ignore[operator]
        if found != held.n_rows:
            raise OurBug(
                f"{read.sheet.shown} has {held.n_rows} rows below its header, but {found} were accounted for.",
                expected="Rows read, quarantined and set aside add up to the rows in the file.",
            )
        accounts.append(account)
    return pa.Table.from_pylist(accounts, schema=arrow_schema(table("source")))
