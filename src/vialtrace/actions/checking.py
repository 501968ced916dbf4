"""Say what a case holds and what it lacks, before it is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vialtrace.actions.desk import Desk
from vialtrace.actions.previewing import SheetSeen, seen_of
from vialtrace.detect import DETECTORS
from vialtrace.model import RECORDS
from vialtrace.pipeline import inputs_of, mapping_of, run_digest, sheets_of, staged, take_in
from vialtrace.store import Case, Engine, TablesOf, stray_files


@dataclass(frozen=True)
class Lack:
    """A record kind the case has no rows of, and the questions it would let be asked."""

    kind: str
    help: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What a case holds, what could not be read, and what would strengthen it."""

    sheets: tuple[SheetSeen, ...]
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
        case.keep_mappings(desk.who)
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
    accounts = tables["source"].to_pylist()
    staging = [staged(case, *each) for each in sheets_of(case)]
    shown = {each.taken.source_no: each.shown for each in staging}
    sheets = [seen_of(each, mapping_of(case, each), tables, shown) for each in staging]
    left = tuple(
        (f"{source.name}#{each.sheet}" if each.sheet else source.name, each.reason)
        for source in case.sources
        for each in source.left
    )
    return Checked(tuple(sheets), _lacks(accounts), stray_files(case.folder / "sources", case.sources), left)


def _lacks(accounts: Any) -> tuple[Lack, ...]:
    held = {account["kind"] for account in accounts if account["n_rows"]}
    lacks = []
    for kind, record in RECORDS.items():
        questions = tuple(each.question for each in DETECTORS if kind in each.needs)
        if kind not in held and questions:
            lacks.append(Lack(kind, record.help, questions))
    return tuple(sorted(lacks, key=lambda lack: -len(lack.questions)))
