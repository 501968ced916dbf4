"""One sheet read: staged, cleaned and counted as its mapping says, and kept in the cache for every later run.

A sheet of a case is read once: what it is read to depends on its bytes, its mapping, the case's country and time zone,
and the code, and by their digest it is kept. A case that grows by one file pays for that file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Named
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace import ingest
from vialtrace.errors import BadMapping
from vialtrace.kit.ids import canonical, digest
from vialtrace.model import table
from vialtrace.model.mapping import Mapping, Sheet
from vialtrace.model.spec import ROWS_A_GROUP
from vialtrace.pipeline.beside import TypedBeside
from vialtrace.pipeline.progress import Progress, SheetsRead, Told
from vialtrace.pipeline.staging import StagedSheet, sheets_of, staged, staged_beside, staged_name
from vialtrace.pipeline.version import code_digest
from vialtrace.store import Case, Engine, SheetTaken, SourceFile, storage
from vialtrace.store.form import empty

BESIDE = ("quarantine", "set_aside", "field_issue")
"""What a sheet becomes beside its rows."""

_NONE = pa.table({"row_id": pa.array([], pa.int64()), "reason": pa.array([], pa.string())})


@dataclass(frozen=True)
class Read:
    """One sheet read: its mapping, and the files with its rows and with what could not be read."""

    sheet: StagedSheet
    mapping: Mapping
    files: Named[str, Path]

    def count(self, name: str) -> int:
        """How many rows one of the files holds."""
        return int(pq.read_metadata(self.files[name]).num_rows)

    @property
    def damaged(self) -> pa.Table:
        """The rows in quarantine that do not have the form of their file, in order."""
        return self._of_whole_rows("quarantine") if self.sheet.staged.is_damaged else _NONE

    @property
    def short(self) -> pa.Table:
        """The rows read without the fields at their end that they lack, in order."""
        return self._of_whole_rows("field_issue") if self.sheet.staged.n_short else _NONE

    def _of_whole_rows(self, name: str) -> pa.Table:
        # What is said of a row as a whole names no field.
        of_rows = pq.read_table(self.files[name], filters=pc.field("field") == "", partitioning=None)
        return of_rows.select(_NONE.column_names).sort_by("row_id")


@dataclass(frozen=True)
class Tried:
    """A sheet of a file that is not in the case, as it would be taken in."""

    path: Path
    source: SourceFile
    taken: SheetTaken
    mapping: Mapping


def mapping_of(case: Case, sheet: StagedSheet) -> Mapping:
    """The mapping of a sheet, held against the sheet.

    Raises:
        BadMapping: with all its problems together.
    """
    return mapping_for(case, sheet.taken, sheet.sheet)


def mapping_for(case: Case, taken: SheetTaken, sheet: Sheet) -> Mapping:
    """The mapping that a sheet was taken in with, held against the sheet.

    Raises:
        BadMapping: with all its problems together.
    """
    name = taken.mapping
    mapping = ingest.from_yaml(case.mapping_text(name), name)
    problems = ingest.mapping_problems(mapping, sheet)
    if problems:
        raise BadMapping(str(case.folder / "mappings" / name), problems)
    return mapping


def read_sheets(
    case: Case,
    engine: Engine,
    progress: Progress,
    *,
    only: Sequence[tuple[SourceFile, SheetTaken]] | None = None,
    tried: Sequence[Tried] | None = None,
    is_anew: bool = False,
) -> list[Read]:
    """Read the sheets of a case, all or ``only`` some; the caller holds the case.

    With ``tried``, these sheets are read beside those of the case, which stays as it is and need not be held. With
    ``is_anew`` nothing is taken from the cache and nothing put there.

    Raises:
        BadMapping: if a mapping does not fit its sheet.
        UnreadableSource: if a file cannot be read.
        StorageFailure: if the cache cannot be written.
    """
    scratch = engine.spill / "read"
    scratch.mkdir(exist_ok=True)
    wanted = sheets_of(case) if only is None else only
    read = partial(_read, case, engine, scratch=scratch, keeps=tried is None and not is_anew, is_anew=is_anew)
    jobs: list[tuple[int, Callable[[Told], Read]]] = [
        (source.n_bytes, partial(read, source, taken)) for source, taken in wanted
    ]
    jobs += [(each.source.n_bytes, partial(_try, case, engine, each, scratch)) for each in tried or ()]
    far, reads = SheetsRead(progress, [n_bytes for n_bytes, _ in jobs]), list[Read]()

    def work(number: int) -> Read:
        made = jobs[number][1](partial(far.reach, number))
        far.end(number, made.sheet.staged.n_rows, made.sheet.shown)
        return made

    # Several sheets at a time: one file alone rarely keeps every processor at work. Each makes files of its own.
    with ThreadPoolExecutor(max_workers=min(engine.threads, 4)) as pool:
        try:
            reads.extend(pool.map(work, range(len(jobs))))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return reads


_CLEANED = 0.8
"""How far the cleaning is when all values are cleaned: the records are still to be sorted and written."""


def sweep(case: Case) -> None:
    """Remove from the cache what no sheet of the case would be read from: of older mappings, or half made."""
    used = {
        name for source, taken in sheets_of(case) for name in (staged_name(source, taken), _name(case, source, taken))
    }
    for path in _kept(case.cache):
        if path.name.split(".")[0] not in used:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _kept(cache: Path) -> Iterable[Path]:
    """What staging and reading have put into the cache, whole or not; others keep things there too."""
    if not cache.is_dir():
        return ()
    return (path for path in sorted(cache.iterdir()) if path.suffix in {".parquet", ".json", ".read", ".part"})


def _name(case: Case, source: SourceFile, taken: SheetTaken) -> str:
    """What a sheet as read is kept under: everything that its rows depend on."""
    settings = case.settings
    told = [
        source.sha256,
        taken.sheet,
        str(taken.source_no),
        digest(case.mapping_text(taken.mapping).encode()),
        settings.time_zone,
        settings.jurisdiction,
        code_digest(),
    ]
    return digest(canonical(told))[:32]


def _read(
    case: Case,
    engine: Engine,
    source: SourceFile,
    taken: SheetTaken,
    told: Told,
    *,
    scratch: Path,
    keeps: bool,
    is_anew: bool,
) -> Read:
    """One sheet of the case: from the cache, or staged and cleaned now."""
    kept = case.cache / f"{_name(case, source, taken)}.read"
    if not is_anew and kept.is_dir():
        sheet = staged(case, source, taken, aside=None if keeps else scratch)
        return Read(sheet, mapping_of(case, sheet), _files(kept, taken.source_no))
    if not keeps:
        return _read_into(scratch, case, engine, source, taken, told, aside=scratch, is_anew=is_anew)
    made = case.cache / f".{kept.stem}.{os.getpid()}.part"
    with storage(case.cache):
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        try:
            read = _read_into(made, case, engine, source, taken, told)
            # One step makes it whole: what was interrupted is never taken for a sheet read.
            made.rename(kept)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return replace(read, files=_files(kept, taken.source_no))


def _read_into(
    folder: Path,
    case: Case,
    engine: Engine,
    source: SourceFile,
    taken: SheetTaken,
    told: Told,
    *,
    aside: Path | None = None,
    is_anew: bool = False,
) -> Read:
    """Stage and clean one sheet of the case into ``folder``."""

    def recipe(sheet: Sheet, rows: ir.Table) -> ingest.Outright | None:
        return _outright(case, mapping_for(case, taken, sheet), taken.source_no, rows)

    beside = TypedBeside(engine, recipe, _files(folder, taken.source_no)["rows"], partial(told, "read"))
    try:
        sheet = (
            staged_beside(case.source_path(source), source, taken, folder, beside)
            if is_anew
            else staged(case, source, taken, aside=aside, follower=beside)
        )
        return _cleaned(case, engine, sheet, mapping_of(case, sheet), beside, told)
    finally:
        beside.give_up()


def _try(case: Case, engine: Engine, tried: Tried, scratch: Path, told: Told) -> Read:
    """Stage and clean one sheet that is not in the case."""
    number = tried.taken.source_no

    def recipe(_: Sheet, rows: ir.Table) -> ingest.Outright | None:
        return _outright(case, tried.mapping, number, rows)

    beside = TypedBeside(engine, recipe, _files(scratch, number)["rows"], partial(told, "read"))
    try:
        sheet = staged_beside(tried.path, tried.source, tried.taken, scratch, beside)
        return _cleaned(case, engine, sheet, tried.mapping, beside, told)
    finally:
        beside.give_up()


def _outright(case: Case, mapping: Mapping, number: int, rows: ir.Table) -> ingest.Outright | None:
    """The records of a sheet's rows in one pass, where its mapping allows."""
    if mapping.repairs:
        # The cells put right are not in the staged file, whose count of filled cells is the measure.
        return None
    return ingest.outright(rows, mapping, source_no=number, time_zone=case.settings.time_zone)


def _files(folder: Path, number: int) -> dict[str, Path]:
    return {name: folder / f"{number}-{name}.parquet" for name in ("rows", *BESIDE)}


def _cleaned(case: Case, engine: Engine, sheet: StagedSheet, mapping: Mapping, beside: TypedBeside, told: Told) -> Read:
    """Clean one staged sheet, unless it was typed ``beside`` its staging, into the same folder, and has no blemish."""
    number, folder, cleaning = sheet.taken.source_no, beside.path.parent, partial(told, "clean")
    files = _files(folder, number)
    with engine.lock:
        staged_rows = engine.read(sheet.path)
    form, plain = table(mapping.kind), None
    tried = _typed(case, engine, sheet, mapping, staged_rows, beside)
    if tried is not None:
        filled = {**_filled(files["rows"]), **sheet.staged.n_filled}
        if not sheet.staged.is_damaged and tried.is_whole(filled, sheet.staged.n_rows - sheet.staged.n_blank):
            for name in BESIDE:
                engine.save(ibis.memtable(empty(table(name))), files[name], declared=table(name))
            return Read(sheet, mapping, files)
        plain = tried.plain(filled)
    cleaning(0.0)
    parts = cleaned(
        case, engine, staged_rows, mapping, number, folder, plain=plain, told=lambda share: cleaning(share * _CLEANED)
    )
    cleaning(_CLEANED)
    engine.save(parts.rows, files["rows"], declared=form, is_sorted=True)
    for name, made in zip(BESIDE, (parts.quarantine, parts.set_aside, parts.issues), strict=True):
        engine.save(made, files[name])
    for path in _scratch(folder, number):
        path.unlink(missing_ok=True)
    cleaning(1.0)
    return Read(sheet, mapping, files)


def _typed(
    case: Case, engine: Engine, sheet: StagedSheet, mapping: Mapping, staged_rows: ir.Table, beside: TypedBeside
) -> ingest.Outright | None:
    """Write the records of a staged sheet in one pass, if its mapping allows and they are not written already."""
    if sheet.staged.is_regular and beside.finish():
        return beside.made
    beside.give_up()
    with engine.lock:
        tried = _outright(case, mapping, sheet.taken.source_no, staged_rows)
    if tried is None:
        return None
    if sheet.staged.is_regular and sheet.staged.n_rows > ROWS_A_GROUP:
        # Of few rows sorting costs less than a database of its own; the bytes are the same.
        engine.stream(tried.rows, sheet.path, beside.path, declared=tried.form)
    else:
        engine.save(tried.rows, beside.path, declared=tried.form, is_sorted=True)
    return tried


def _filled(path: Path) -> dict[str, int]:
    """How many values each column of a Parquet file holds, as its footer says."""
    with pq.ParquetFile(path) as file:
        filled = dict.fromkeys(file.schema_arrow.names, 0)
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            for place, name in enumerate(filled):
                told = group.column(place).statistics
                if told is not None and told.has_null_count:
                    filled[name] += group.num_rows - told.null_count
                else:
                    filled[name] += group.num_rows - file.read_row_group(number, columns=[name])[name].null_count
    return filled


def cleaned(
    case: Case,
    engine: Engine,
    staged_rows: ir.Table,
    mapping: Mapping,
    number: int,
    folder: Path,
    *,
    plain: frozenset[str] | None = None,
    told: Callable[[float], None] | None = None,
) -> ingest.Cleaned:
    """The four tables that staged rows of source ``number`` become, drawn from one file written into ``folder``.

    ``plain`` are the fields whose every text fits a shortcut of its cleaner, if that is known; ``told`` hears now and
    then which share is cleaned. Every copy is asked in a session of its own: the engine's lock would let one sheet wait
    for another.
    """
    settings = case.settings
    flags_file, wide_file = _scratch(folder, number)
    with engine.lock:
        staged_rows = ingest.repaired(staged_rows, mapping)
    if plain is None:
        with engine.lock:
            asked = ingest.plain_fields(staged_rows, mapping, time_zone=settings.time_zone)
        engine.save(asked, flags_file)
        flags = pq.read_table(flags_file, partitioning=None).to_pylist()[0]
        plain = frozenset(name for name, is_plain in flags.items() if is_plain)
    with engine.lock:
        judged = ingest.judged_rows(
            staged_rows,
            mapping,
            source_no=number,
            time_zone=settings.time_zone,
            jurisdiction=settings.jurisdiction,
            plain=plain,
        )
    wide = engine.save(judged, wide_file, told=told)
    with engine.lock:
        return ingest.parted(wide, mapping, plain=plain)


def _scratch(folder: Path, number: int) -> tuple[Path, Path]:
    """Where the flags of a sheet's columns stand while it is cleaned, and all that was made of its rows."""
    return folder / f"{number}-flags.parquet", folder / f"{number}-wide.parquet"
