"""Sources as text tables: each sheet read once and kept in the cache, by the digest of its file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace import sources
from vialtrace.errors import Tampered, WrongOrder
from vialtrace.kit.ids import canonical, digest, split_row_id
from vialtrace.model.mapping import Sheet
from vialtrace.pipeline.version import code_digest
from vialtrace.sources import Follower, Staged
from vialtrace.store import Case, SheetTaken, SourceFile, storage, write_whole


@dataclass(frozen=True)
class StagedSheet:
    """One sheet of one source, staged: what it looks like, its counts, and its rows as received."""

    source: SourceFile
    taken: SheetTaken
    sheet: Sheet
    staged: Staged
    path: Path

    @property
    def shown(self) -> str:
        """Its file, and the sheet in a workbook, as people see it."""
        return f"{self.source.name}#{self.taken.sheet}" if self.taken.sheet else self.source.name


def sheets_of(case: Case) -> list[tuple[SourceFile, SheetTaken]]:
    """Every sheet that goes into a run, in the order taken in."""
    return [(source, taken) for source in case.sources for taken in source.taken]


def staged(
    case: Case,
    source: SourceFile,
    taken: SheetTaken,
    *,
    aside: Path | None = None,
    follower: Follower | None = None,
) -> StagedSheet:
    """A sheet as staged: from the cache, or read now; the caller holds the case.

    With ``aside``, what is not in the cache is written there and the case stays as it is. A ``follower`` is given the
    rows of a large sheet while they are read.

    Raises:
        UnreadableSource: if the file cannot be read.
        StorageFailure: if the cache cannot be written.
    """
    name = staged_name(source, taken)
    path, about = case.cache / f"{name}.parquet", case.cache / f"{name}.json"
    if not (path.exists() and about.exists()):
        if aside is not None:
            return staged_beside(case.source_path(source), source, taken, aside, follower)
        sheet = _sheet(case.source_path(source), taken.sheet)
        # Named for the source too: the same bytes may be staged under two names at the same time.
        made = case.cache / f".{name}.{os.getpid()}-{taken.source_no}.part"
        with storage(case.cache):
            case.cache.mkdir(exist_ok=True)
            try:
                counted = sources.stage(case.source_path(source), sheet, made, follower)
                made.replace(path)
            finally:
                made.unlink(missing_ok=True)
        # Written last: a staged sheet without its description is read again.
        write_whole(about, json.dumps({"sheet": asdict(sheet), "staged": asdict(counted)}, ensure_ascii=False))
    told = json.loads(about.read_text(encoding="utf-8"))
    return StagedSheet(source, taken, _sheet_from(told["sheet"]), _staged_from(told["staged"]), path)


def staged_name(source: SourceFile, taken: SheetTaken) -> str:
    """What a staged sheet is kept under: the bytes of its file, the sheet in it, and the code that read it."""
    return f"{source.sha256[:16]}-{digest(canonical([taken.sheet, code_digest()]))[:12]}"


def staged_beside(
    path: Path, source: SourceFile, taken: SheetTaken, folder: Path, follower: Follower | None = None
) -> StagedSheet:
    """A sheet of the file ``path`` staged into ``folder``, whatever case it may come to belong to."""
    sheet, made = _sheet(path, taken.sheet), folder / f"staged-{taken.source_no}.parquet"
    with storage(folder):
        return StagedSheet(source, taken, sheet, sources.stage(path, sheet, made, follower), made)


def _sheet(path: Path, name: str) -> Sheet:
    for sheet in sources.sniff(path):
        if sheet.sheet == name:
            return sheet
    raise Tampered(f"{path.name} has no sheet {name!r} any more.", way_out="Verify the case with `vialtrace verify`.")


def _staged_from(told: dict[str, Any]) -> Staged:
    return Staged(**{**told, "filled": tuple(told["filled"])})


def _sheet_from(told: dict[str, Any]) -> Sheet:
    pairs = {name: tuple(tuple(row) for row in told[name]) for name in ("sample", "titles", "labels")}
    return Sheet(**{**told, **pairs, "headers": tuple(told["headers"])})


def received(case: Case, row_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Rows as received: row to column header to the text that stood there; rows that are in no source are left out.

    Raises:
        WrongOrder: if a sheet was never read, because the case has no run.
    """
    wanted: dict[int, list[int]] = {}
    for each in sorted(set(row_ids)):
        source_no, row_no = split_row_id(each)
        wanted.setdefault(source_no, []).append(row_no)
    found: dict[int, dict[str, str]] = {}
    for source, taken in sheets_of(case):
        if taken.source_no not in wanted:
            continue
        sheet = staged(case, source, taken)
        if not sheet.path.exists():
            raise WrongOrder(
                f"{sheet.shown} was not read yet.", way_out=f"Run the case with `vialtrace run {case.folder}`."
            )
        found.update(_rows(sheet, wanted[taken.source_no]))
    return found


def _rows(sheet: StagedSheet, row_nos: list[int]) -> dict[int, dict[str, str]]:
    first = sheet.taken.source_no * 2**32
    table = pq.read_table(sheet.path, filters=pc.field("row_no").isin(row_nos), partitioning=None)
    cells = {f"c{position}": header for position, header in enumerate(sheet.sheet.headers)}
    return {
        first + row["row_no"]: {
            cells[name]: value for name, value in row.items() if name in cells and value is not None
        }
        for row in table.to_pylist()
    }
