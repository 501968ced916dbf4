"""Say what a case holds and what it lacks, before it is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.actions.desk import Desk
from vialtrace.detect import DETECTORS
from vialtrace.model import RECORDS
from vialtrace.pipeline import inputs_of, mapping_of, run_digest, sheets_of, staged, take_in
from vialtrace.store import Case, Engine, TablesOf, stray_files

_SHOWN_REASONS = 5


@dataclass(frozen=True)
class Fault:
    """A reason for which rows were quarantined or values left out, how often, and the first row it stands in."""

    field: str
    reason: str
    n_rows: int
    first: str


@dataclass(frozen=True)
class SheetChecked:
    """One sheet: what it is taken for, and what became of each of its rows."""

    shown: str
    kind: str
    is_confirmed: bool
    counts: dict[str, int]
    unmapped: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Lack:
    """A record kind the case has no rows of, and the questions it would let be asked."""

    kind: str
    help: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What a case holds, what could not be read, and what would strengthen it."""

    sheets: tuple[SheetChecked, ...]
    lacks: tuple[Lack, ...]
    stray: tuple[str, ...]
    left: tuple[tuple[str, str], ...]

    @property
    def n_rows(self) -> int:
        """Records read, duplicates counted once."""
        return sum(each.counts["n_rows"] - each.counts["n_duplicates"] for each in self.sheets)


def check(folder: Path, desk: Desk) -> Checked:
    """Read every source as a run would, and tell what came of it.

    Raises:
        WrongOrder: if the case has no sources.
        BadMapping: if a mapping does not fit its sheet.
    """
    case = desk.open(folder)
    inputs = inputs_of(case)
    with case.writing("check"):
        done = case.run_of(run_digest(inputs))
        if done is not None:
            return _checked(case, done.tables)
        partial = case.begin_run(run_digest(inputs))
        try:
            engine = Engine(desk.machine, spill=partial.spill)
            try:
                take_in(case, engine, partial.tables, desk.progress)
            finally:
                engine.close()
            return _checked(case, TablesOf(partial.tables))
        finally:
            partial.discard()


def _checked(case: Case, tables: TablesOf) -> Checked:
    accounts = {row["source_no"]: row for row in tables["source"].to_pylist()}
    faults = {name: tables[name] for name in ("quarantine", "field_issue")}
    sheets = []
    for source, taken in sheets_of(case):
        sheet = staged(case, source, taken)
        mapping, account = mapping_of(case, sheet), accounts[taken.source_no]
        used = {reading.column for reading in mapping.readings}
        sheets.append(
            SheetChecked(
                sheet.shown,
                mapping.kind,
                mapping.confirmed,
                {name: value for name, value in account.items() if name.startswith("n_")},
                tuple(header for header in sheet.sheet.headers if header and header not in used),
                tuple(fault for table in faults.values() for fault in _faults(table, taken.source_no, sheet.shown)),
            )
        )
    left = tuple(
        (f"{source.name}#{each.sheet}" if each.sheet else source.name, each.reason)
        for source in case.sources
        for each in source.left
    )
    return Checked(tuple(sheets), _lacks(accounts.values()), stray_files(case.folder / "sources", case.sources), left)


def _faults(table: pa.Table, source_no: int, shown: str) -> list[Fault]:
    """The most frequent faults of one source."""
    first = source_no * 2**32
    rows = table.filter((pc.field("row_id") >= first) & (pc.field("row_id") < first + 2**32))
    counted = rows.group_by(["field", "reason"]).aggregate([("row_id", "count"), ("row_id", "min")])
    ordered = counted.sort_by([("row_id_count", "descending"), ("field", "ascending"), ("reason", "ascending")])
    return [
        Fault(row["field"] or "", row["reason"], row["row_id_count"], f"{shown}:{row['row_id_min'] - first}")
        for row in ordered.slice(0, _SHOWN_REASONS).to_pylist()
    ]


def _lacks(accounts: Any) -> tuple[Lack, ...]:
    held = {account["kind"] for account in accounts if account["n_rows"]}
    lacks = []
    for kind, record in RECORDS.items():
        questions = tuple(each.question for each in DETECTORS if kind in each.needs)
        if kind not in held and questions:
            lacks.append(Lack(kind, record.help, questions))
    return tuple(sorted(lacks, key=lambda lack: -len(lack.questions)))
