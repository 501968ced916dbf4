"""Hold every mapping of a case against its sheet, show what it makes of it, and keep every version of it."""

from __future__ import annotations

import difflib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vialtrace.actions.desk import Desk
from vialtrace.actions.previewing import Example, as_read
from vialtrace.casefile.masking import masked
from vialtrace.errors import BadMapping, UnknownName, VialtraceError
from vialtrace.model.mapping import Mapping
from vialtrace.pipeline import SampleRow, mapping_of, sampled, sheets_of, staged
from vialtrace.store import Case, Engine


@dataclass(frozen=True)
class RowSeen:
    """One row of a sheet: column, field, and the value before and after, masked; and why it is no record."""

    row_no: int
    values: tuple[tuple[str, str, Example], ...]
    problem: str


@dataclass(frozen=True)
class MappingChecked:
    """One mapping of a case: its file, the kind it names (empty where it cannot be read), and all its problems.

    ``rows`` are the first rows of its sheet as it reads them.
    """

    name: str
    kind: str
    is_confirmed: bool
    problems: tuple[str, ...]
    rows: tuple[RowSeen, ...] = ()


@dataclass(frozen=True)
class VersionTold:
    """One version of a mapping: its number, when and by whom it was first used, and what it changed, line by line."""

    number: int
    at: str
    who: str
    sha256: str
    changes: tuple[str, ...]
    text: str


def check_mappings(folder: Path, desk: Desk, *, name: str = "") -> tuple[MappingChecked, ...]:
    """Every mapping of a case, or the one called ``name``, held against the sheet it is for.

    Raises:
        UnknownName: if no mapping is called so.
    """
    case = desk.open(folder)
    listed = sheets_of(case)
    _known(case, name)
    checked = []
    with case.writing("mapping check"):
        case.keep_mappings(desk.who)
        with tempfile.TemporaryDirectory(prefix="vialtrace-") as beside:
            engine = Engine(desk.machine, spill=Path(beside) / "spill")
            try:
                for source, taken in listed:
                    if name and taken.mapping != name:
                        continue
                    try:
                        sheet = staged(case, source, taken)
                        mapping = mapping_of(case, sheet)
                        rows = tuple(_seen(each, mapping) for each in sampled(case, engine, sheet, mapping))
                        checked.append(MappingChecked(taken.mapping, mapping.kind, mapping.confirmed, (), rows))
                    except BadMapping as refusal:
                        checked.append(_wrong(taken.mapping, *refusal.problems))
                    except VialtraceError as refusal:
                        checked.append(_wrong(taken.mapping, str(refusal)))
            finally:
                engine.close()
    return tuple(checked)


def _wrong(name: str, *problems: str) -> MappingChecked:
    return MappingChecked(name, "", is_confirmed=False, problems=problems)


def _seen(row: SampleRow, mapping: Mapping) -> RowSeen:
    """A row as its mapping reads it; fields that no column holds (a payer told from the flow) come last."""
    kind, left = mapping.kind, dict(row.record)
    values = []
    for reading in mapping.readings:
        text, value = row.received.get(reading.column, ""), left.pop(reading.field, None)
        if text or value is not None:
            after = "" if value is None else masked(kind, reading.field, as_read(value, text))
            values.append((reading.column, reading.field, Example(masked(kind, reading.field, text), after)))
    for field, value in left.items():
        if value is not None and field not in ("row_id", "is_day_only") and not isinstance(value, datetime):
            values.append(("", field, Example("", masked(kind, field, as_read(value, "")))))
    return RowSeen(row.row_no, tuple(values), row.problem)


def mapping_history(folder: Path, name: str, desk: Desk) -> tuple[VersionTold, ...]:
    """Every version of a mapping that the case has used, with what each changed.

    Raises:
        UnknownName: if no mapping is called so.
        Tampered: if a version is not what was entered.
    """
    case = desk.open(folder)
    _known(case, name)
    with case.writing("mapping history"):
        case.keep_mappings(desk.who)
    told, before = [], ""
    for each in case.mapping_versions(name):
        changed = difflib.unified_diff(before.splitlines(), each.text.splitlines(), lineterm="", n=0)
        changes = tuple(line for line in changed if not line.startswith(("---", "+++", "@@"))) if before else ()
        told.append(VersionTold(each.number, each.at, each.who, each.sha256, changes, each.text))
        before = each.text
    return tuple(told)


def _known(case: Case, name: str) -> None:
    names = [taken.mapping for _, taken in sheets_of(case)]
    if name and name not in names:
        raise UnknownName("mapping", name, names)
