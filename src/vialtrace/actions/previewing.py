"""Show what would become of files before anything is decided: every column before and after cleaning, every doubt."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace import ingest
from vialtrace.actions.adding import Proposal, Refused, SheetProposal, Survey, already, at_home, keep_out
from vialtrace.actions.desk import Desk
from vialtrace.actions.masks import MaskedSeen, masked_of
from vialtrace.casefile.masking import masked, masked_person
from vialtrace.kit.file_names import plain_name
from vialtrace.kit.ids import file_digest
from vialtrace.model import table
from vialtrace.model.mapping import SPLIT, WHOLE_PERSON, Mapping, Reading
from vialtrace.pipeline import Read, StagedSheet, Tried, take_in
from vialtrace.store import Case, Engine, SheetTaken, SourceFile, TablesOf

_SHOWN_REASONS = 5
_OF_VALUES = ("quarantine", "field_issue")
_SAMPLES = 3
_LOOKED_AT = 2_000
"""Rows of a sheet that examples are taken from: enough to find a column filled in one row of a hundred."""


@dataclass(frozen=True)
class Example:
    """One value as received and as read, both masked where the field could identify a person.

    ``after`` is empty where nothing was read of the value, and None where the row is no record of its own.
    """

    before: str
    after: str | None


@dataclass(frozen=True)
class ColumnSeen:
    """One column of a file, or a constant: the field it is read as (empty for none), how sure, and examples."""

    column: str
    field: str
    confidence: float
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Fault:
    """A reason for which rows were quarantined or values left out, how often, and the first row it stands in.

    ``example`` is the value in that row, masked; ``is_row_lost`` tells rows in quarantine from rows kept without it.
    """

    field: str
    reason: str
    n_rows: int
    first: str
    example: str = ""
    is_row_lost: bool = True


@dataclass(frozen=True)
class Overlap:
    """Rows whose record another row delivers already: in which file, how many, and how they are known."""

    other: str
    n_rows: int
    identity: str


@dataclass(frozen=True)
class StatedCheck:
    """A count or total that a file itself states, and what was read; ``found`` is empty where it cannot be told."""

    where: str
    measure: str
    side: str
    field: str
    stated: str
    found: str
    agrees: bool | None


@dataclass(frozen=True)
class SheetSeen:
    """One sheet: what it is taken for, how each column reads, and what becomes of each of its rows."""

    shown: str
    kind: str
    confidence: float
    is_confirmed: bool
    like: str
    columns: tuple[ColumnSeen, ...]
    counts: dict[str, int]
    faults: tuple[Fault, ...]
    overlaps: tuple[Overlap, ...]
    stated: tuple[StatedCheck, ...]
    masked: tuple[MaskedSeen, ...] = ()
    same_file_as: str = ""
    n_damaged: int = 0
    n_short: int = 0


@dataclass(frozen=True)
class Previewed:
    """What would become of the files of a survey; ``known`` are files the case holds already, which stay out."""

    sheets: tuple[SheetSeen, ...]
    questions: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    known: tuple[str, ...]
    refused: tuple[Refused, ...]
    passed_over: tuple[str, ...] = ()

    @property
    def is_damaged(self) -> bool:
        """Whether rows of any file do not have the form of their file, or none is read."""
        return any(
            sheet.n_damaged or sheet.n_short or (sheet.counts["n_quarantined"] and not sheet.counts["n_rows"])
            for sheet in self.sheets
        )


def preview(folder: Path, found: Survey, desk: Desk) -> Previewed:
    """Read the files of a survey as ``add`` and ``run`` would, beside what the case holds; the case stays as it is.

    Raises:
        BadInput: if a file is part of the case itself.
        UnreadableSource: if a file turns out to be damaged further on.
        BadMapping: if a mapping of the case does not fit its sheet.
    """
    case = desk.open(folder)
    keep_out(case, found)
    known = [each for each in found.proposals if already(case.sources, each.path) is not None]
    new = [each for each in found.proposals if each not in known]
    tried = sheets_tried(case, new)
    seen: tuple[SheetSeen, ...] = ()
    if tried:
        with tempfile.TemporaryDirectory(prefix="vialtrace-") as beside:
            tables = Path(beside) / "tables"
            tables.mkdir()
            engine = Engine(desk.machine, spill=Path(beside) / "spill")
            try:
                reads = take_in(case, engine, tables, desk.progress, tried=[each for each, _ in tried])
                shown = {read.sheet.taken.source_no: read.sheet.shown for read in reads}
                new_ones = {each.taken.source_no: sheet.like for each, sheet in tried}
                seen = tuple(
                    replace(_seen(read, TablesOf(tables), shown), like=new_ones[number])
                    for read in reads
                    if (number := read.sheet.taken.source_no) in new_ones
                )
            finally:
                engine.close()
    return Previewed(
        seen,
        tuple((each.name, f"{question.what}: {question.why}") for each in new for question in each.questions),
        tuple((f"{each.name}#{left.sheet}", left.reason) for each in new for left in each.left),
        tuple(each.name for each in known),
        found.refused,
        tuple(map(str, found.passed_over)),
    )


def sheets_tried(case: Case, proposals: Sequence[Proposal]) -> list[tuple[Tried, SheetProposal]]:
    """The sheets as sources with the numbers they would get."""
    number = 1 + sum(len(each.taken) for each in case.sources)
    held = {each.sha256: each.name for each in case.sources}
    tried = []
    for proposal in proposals:
        sha256, size = file_digest(proposal.path), proposal.path.stat().st_size
        name = plain_name(proposal.name)
        source = SourceFile(name, sha256, size, "", "", proposal.name, (), same_as=held.get(sha256, ""))
        held.setdefault(sha256, name)
        for sheet in proposal.sheets:
            mapping = replace(at_home(sheet.mapping, case), file=name)
            tried.append((Tried(proposal.path, source, SheetTaken(number, sheet.sheet.sheet, ""), mapping), sheet))
            number += 1
    return tried


def _read_by(mapping: Mapping) -> dict[str, Reading]:
    """Each column that is read, with the reading that its field has of it: its own, or a time of day beside a day."""
    beside = {name: each for each in mapping.readings for name in each.columns}
    return {**beside, **{each.column: each for each in mapping.readings}}


def examples(proposal: SheetProposal) -> tuple[ColumnSeen, ...]:
    """Every column of a proposal with the field it would be read as, and values masked as everywhere else."""
    sheet, mapping = proposal.sheet, proposal.mapping
    read = _read_by(mapping)
    seen = []
    for place, header in enumerate(sheet.headers):
        field, sure = (read[header].field, read[header].confidence) if header in read else ("", 0.0)
        texts = dict.fromkeys(row[place] for row in sheet.sample[:_LOOKED_AT] if place < len(row) and row[place])
        first, reading = list(texts)[: 10 * _SAMPLES], read.get(header)
        shown = dict.fromkeys(_as_received(mapping.kind, reading, text) for text in first)
        seen.append(ColumnSeen(header, field, sure, tuple(Example(each, None) for each in list(shown)[:_SAMPLES])))
    return tuple(seen)


def seen_of(
    sheet: StagedSheet, mapping: Mapping, tables: TablesOf, shown: dict[int, str], *, rows: Path | None = None
) -> SheetSeen:
    """What became of one sheet; ``shown`` are the names of all sheets by their number as a source.

    ``rows`` holds all rows read of it; without, examples come from the records it alone or first delivers.
    """
    number = sheet.taken.source_no
    (account,) = tables["source"].filter(pc.field("source_no") == number).to_pylist()
    return SheetSeen(
        sheet.shown,
        mapping.kind,
        mapping.confidence,
        mapping.confirmed,
        "",
        _columns(sheet, mapping, rows or tables.path(mapping.kind)),
        {name: value for name, value in account.items() if name.startswith("n_")},
        _faults(tables, number, sheet.shown),
        _overlaps(tables["duplicate"], number, shown),
        _stated(tables["stated"], number, sheet.shown),
        masked_of(sheet, mapping.kind, tables, rows or tables.path(mapping.kind)),
        sheet.source.same_as,
        *_damage(sheet, tables),
    )


def _damage(sheet: StagedSheet, tables: TablesOf) -> tuple[int, int]:
    """How many rows of a sheet are in quarantine as they stand, and how many were read although they end early."""
    if not sheet.staged.is_damaged:
        return 0, 0
    whole = [_of(tables[name], sheet.taken.source_no).filter(pc.field("field") == "") for name in _OF_VALUES]
    return len(whole[0]), len(whole[1])


def _seen(read: Read, tables: TablesOf, shown: dict[int, str]) -> SheetSeen:
    return seen_of(read.sheet, read.mapping, tables, shown, rows=read.files["rows"])


def _of(rows: pa.Table, number: int) -> pa.Table:
    return rows.filter((pc.field("row_id") >= number * 2**32) & (pc.field("row_id") < (number + 1) * 2**32))


def _columns(sheet: StagedSheet, mapping: Mapping, rows: Path) -> tuple[ColumnSeen, ...]:
    """Every column with the field it is read as and examples from the sheet's beginning, then the constants."""
    received = _beginning(sheet.path)
    first = sheet.taken.source_no * 2**32
    last = received[-1]["row_no"] if received else 0
    within = (pc.field("row_id") >= first) & (pc.field("row_id") <= first + last)
    records = pq.read_table(rows, filters=within, partitioning=None).to_pylist()
    read = {row["row_id"] - first: row for row in records}
    # A row that was read shows more than one that was not, and comes first.
    ordered = sorted(received, key=lambda row: row["row_no"] not in read)
    names = table(mapping.kind).names
    seen = []
    for position, header, reading in _fields_shown(sheet.sheet.headers, mapping):
        field, sure = (reading.field, reading.confidence) if reading else ("", 0.0)
        found: dict[str, Example] = {}
        for row in ordered:
            text = row.get(f"c{position}")
            if text is not None and text not in found:
                value = read.get(row["row_no"], {}).get(field)
                is_beside = reading is not None and reading.column != header
                after = None if row["row_no"] not in read or field not in names or is_beside else ""
                after = after if value is None or is_beside else masked(mapping.kind, field, as_read(value, text))
                found[text] = Example(_as_received(mapping.kind, reading, text), after)
            if len(found) == _SAMPLES:
                break
        seen.append(ColumnSeen(header, field, sure, tuple(found.values())))
    fixed = ((name, masked(mapping.kind, name, value)) for name, value in mapping.constants)
    return (*seen, *(ColumnSeen("", name, 1.0, (Example(value, value),)) for name, value in fixed))


def _fields_shown(headers: Sequence[str], mapping: Mapping) -> Iterator[tuple[int, str, Reading | None]]:
    """Each column with the field it is read as, once for each field where its cells hold several."""
    fields = _read_by(mapping)
    for position, header in enumerate(headers):
        parts = [each for each in mapping.readings if each.column == header and each.form in SPLIT]
        if not parts:
            yield position, header, fields.get(header)
        yield from ((position, header, each) for each in parts)


def _as_received(kind: str, reading: Reading | None, text: str) -> str:
    """A text masked by its field; one that holds more than its field is masked as the name in it is."""
    if reading is not None and reading.form in WHOLE_PERSON:
        return masked_person(text)
    return masked(kind, reading.field if reading else "", text)


def _beginning(path: Path) -> list[dict[str, Any]]:
    with pq.ParquetFile(path) as file:
        batch = next(file.iter_batches(batch_size=_LOOKED_AT), None)
        return batch.to_pylist() if batch is not None else []


def as_read(value: object, text: str) -> str:
    """A value as it was read; of a moment that was given without a time, the day: no midnight is invented."""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second) and ":" not in text:
        return value.date().isoformat()
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _faults(tables: TablesOf, number: int, shown: str) -> tuple[Fault, ...]:
    """The most frequent faults of one source: first rows that were not read, then values that were left out."""
    faults = []
    for name in _OF_VALUES:
        rows = _of(tables[name], number)
        counted = rows.group_by(["field", "reason"]).aggregate([("row_id", "count"), ("row_id", "min")])
        ordered = counted.sort_by([("row_id_count", "descending"), ("field", "ascending"), ("reason", "ascending")])
        for row in ordered.slice(0, _SHOWN_REASONS).to_pylist():
            is_first = pc.field("row_id") == row["row_id_min"]
            at = rows.filter(is_first & (pc.field("field") == row["field"]))
            (raw, kind) = (at["raw"][0].as_py(), at["kind"][0].as_py())
            faults.append(
                Fault(
                    row["field"],
                    row["reason"],
                    row["row_id_count"],
                    f"{shown}:{row['row_id_min'] - number * 2**32}",
                    masked(kind, row["field"], raw) if raw else "",
                    is_row_lost=name == "quarantine",
                )
            )
    return tuple(faults)


def _overlaps(duplicate: pa.Table, number: int, shown: dict[int, str]) -> tuple[Overlap, ...]:
    """In which files the records of this one stand already; first the one that has most of them."""
    counted: dict[tuple[int, str], int] = {}
    mine = _of(duplicate, number)
    for same_as, identity in zip(mine["same_as"].to_pylist(), mine["identity"].to_pylist(), strict=True):
        key = (same_as // 2**32, identity)
        counted[key] = counted.get(key, 0) + 1
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Overlap(shown.get(other, str(other)), n_rows, identity) for (other, identity), n_rows in ordered)


def _stated(stated: pa.Table, number: int, shown: str) -> tuple[StatedCheck, ...]:
    return tuple(
        StatedCheck(
            f"{shown}:{row['row_id'] - number * 2**32}",
            row["measure"],
            row["side"],
            row["field"],
            _plain(Decimal(row["value"])),
            "" if row["found"] is None else _plain(Decimal(row["found"])),
            None if row["found"] is None else ingest.agrees(Decimal(row["value"]), Decimal(row["found"])),
        )
        for row in _of(stated, number).to_pylist()
    )
