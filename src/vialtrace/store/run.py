"""Runs: one folder each, named by the digest of all that went in, made aside and put in place whole, never edited."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace.errors import Tampered, UnknownName, WrongOrder
from vialtrace.kit.ids import canonical, digest, file_digest
from vialtrace.model import TABLES
from vialtrace.store import form
from vialtrace.store.atomic import flush_file, flush_folder, storage, write_whole

MANIFEST = "manifest.json"
FINDINGS = "findings.json"
RECORD = "record.json"
TABLES_FOLDER = "tables"

_SHOWN = 16
"""Digits of a digest in a folder's name; the manifest holds all 64."""

_PARTIAL = ".partial-"


def short(run_digest: str) -> str:
    """A digest as the name of its folder."""
    return run_digest[:_SHOWN]


class TablesOf(Mapping[str, pa.Table]):
    """The tables in a folder by name, each read when it is asked for and not kept."""

    def __init__(self, folder: Path) -> None:
        """Name the folder of Parquet files."""
        self._folder = folder

    def path(self, name: str) -> Path:
        """The file of one table."""
        return self._folder / f"{name}.parquet"

    def __getitem__(self, name: str) -> pa.Table:
        """The table called ``name``, in memory."""
        if not self.path(name).exists():
            raise KeyError(name)
        # `ParquetFile` and not `read_table`: the latter takes folder names for columns.
        with pq.ParquetFile(self.path(name)) as file:
            if file.schema_arrow.names != list(TABLES[name].names):
                raise WrongOrder(
                    f"The table {name} of run {self._folder.parent.name} has other columns than this vialtrace reads.",
                    expected="A run made by this version.",
                    way_out="Make a new run with `vialtrace run`.",
                )
            return file.read().cast(form.arrow_schema(TABLES[name]))

    def __contains__(self, name: object) -> bool:
        """Whether there is a table called ``name``; nothing of it is read."""
        return isinstance(name, str) and name in TABLES and self.path(name).exists()

    def count(self, name: str) -> int:
        """How many rows the table called ``name`` has."""
        with pq.ParquetFile(self.path(name)) as file:
            return int(file.metadata.num_rows)

    def columns(self, name: str, wanted: Sequence[str]) -> pa.Table:
        """Some columns of the table called ``name``; the others are not read."""
        schema = form.arrow_schema(TABLES[name])
        with pq.ParquetFile(self.path(name)) as file:
            return file.read(columns=list(wanted)).cast(pa.schema([schema.field(each) for each in wanted]))

    def where(self, name: str, column: str, values: pa.Array, wanted: Sequence[str] | None = None) -> pa.Table:
        """The rows of the table called ``name`` whose ``column`` is one of ``values``, or some columns of them.

        Of each part of the file that column is looked at first, and the others only where it holds one of them.
        """
        chosen = list(wanted) if wanted is not None else list(TABLES[name].names)
        declared = form.arrow_schema(TABLES[name])
        schema = pa.schema([declared.field(each) for each in chosen])
        parts = []
        with pq.ParquetFile(self.path(name)) as file:
            place = file.schema_arrow.names.index(column)
            for number in range(file.num_row_groups) if len(values) else ():
                if not _may_hold(file.metadata.row_group(number).column(place).statistics, values):
                    continue
                held = file.read_row_group(number, columns=[column])[column].cast(declared.field(column).type)
                is_it = pc.is_in(held, value_set=values)
                if pc.any(is_it).as_py():
                    parts.append(file.read_row_group(number, columns=chosen).select(chosen).filter(is_it).cast(schema))
        return pa.concat_tables(parts) if parts else schema.empty_table()

    def __iter__(self) -> Iterator[str]:
        """The names of the tables, in the order of their declaration."""
        return (name for name in TABLES if self.path(name).exists())

    def __len__(self) -> int:
        """How many tables there are."""
        return sum(1 for _ in self)


def _may_hold(told: Any, values: pa.Array) -> bool:
    """Whether part of a file can hold one of the values, by the least and greatest it is stated to hold."""
    if told is None or not told.has_min_max or not isinstance(told.min, int | str):
        return True
    ends = pc.min_max(values).as_py()
    return bool(ends["min"] is None or (ends["min"] <= told.max and told.min <= ends["max"]))


@dataclass(frozen=True)
class Run:
    """One run that is whole: its folder and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The digest of all that went in."""
        return str(self.manifest["digest"])

    @property
    def tables(self) -> TablesOf:
        """Its tables."""
        return TablesOf(self.folder / TABLES_FOLDER)

    @property
    def findings(self) -> dict[str, Any]:
        """What it found."""
        return self._told(FINDINGS)

    @property
    def record(self) -> dict[str, Any]:
        """How the run went: times, machine, place in the ledger. Not part of its digest."""
        return self._told(RECORD)

    def _told(self, name: str) -> dict[str, Any]:
        try:
            told = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as damage:
            raise _unreadable(self.folder, name, damage) from damage
        if not isinstance(told, dict):
            raise _unreadable(self.folder, name, "it holds no fields")
        return told

    @classmethod
    def open(cls, folder: Path) -> Run:
        """The run in ``folder``.

        Raises:
            Tampered: if its manifest is missing or damaged, or names another run.
        """
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            named = str(manifest["digest"])
        except (OSError, ValueError, KeyError, TypeError) as damage:
            raise _unreadable(folder, MANIFEST, damage) from damage
        if short(named) != folder.name:
            raise Tampered(
                f"The run in {folder.name} calls itself {named}.", way_out="Take the case from a copy that verifies."
            )
        return cls(folder, manifest)

    def verify(self) -> int:
        """Hold every file against the manifest, and give the number of tables.

        Raises:
            Tampered: naming the first that differs.
        """
        listed = self.manifest["tables"]
        for name, told in listed.items():
            path = self.tables.path(name)
            if not path.exists() or file_digest(path) != told["sha256"]:
                raise Tampered(
                    f"The table {name} {'has changed' if path.exists() else 'is missing'}: "
                    f"runs/{self.folder.name}/{TABLES_FOLDER}/{path.name}.",
                    expected=f"SHA-256 {told['sha256']}.",
                    way_out="Make the run anew with `vialtrace run --again`.",
                )
        found = sorted(each.name for each in (self.folder / TABLES_FOLDER).iterdir())
        if found != sorted(f"{name}.parquet" for name in listed):
            raise Tampered(
                f"The run {self.folder.name} holds tables that its manifest does not name.", expected=", ".join(listed)
            )
        text = (self.folder / FINDINGS).read_bytes()
        if not _are_findings(text, self.manifest["findings"]):
            raise Tampered(
                f"The findings of run {self.folder.name} have changed: runs/{self.folder.name}/{FINDINGS}.",
                way_out="Make the run anew with `vialtrace run --again`.",
            )
        return len(listed)


def _unreadable(folder: Path, name: str, damage: object) -> Tampered:
    return Tampered(
        f"The run {folder.name} has no readable {name}: {damage}.", way_out="Repeat it with `vialtrace run --again`."
    )


def _are_findings(text: bytes, expected: str) -> bool:
    """Whether a file holds the findings of this digest, in the one form they are written in."""
    try:
        return findings_digest(text) == expected and text == findings_text(json.loads(text))
    except ValueError:
        return False


def findings_text(findings: Mapping[str, Any]) -> bytes:
    """Findings as a file, in one form."""
    return (json.dumps(findings, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


def findings_digest(text: bytes) -> str:
    """The digest of findings without the case's name, which is a label: the same records under another name agree."""
    return digest(canonical({**json.loads(text), "case": ""}))


@dataclass(frozen=True)
class PartialRun:
    """A run in the making: it counts for nothing until ``finish`` puts it in place."""

    folder: Path
    target: Path

    @classmethod
    def begin(cls, runs: Path, run_digest: str) -> PartialRun:
        """Make its folder."""
        folder = runs / f"{_PARTIAL}{short(run_digest)}-{os.getpid()}"
        with storage(runs):
            shutil.rmtree(folder, ignore_errors=True)
            (folder / TABLES_FOLDER).mkdir(parents=True)
        return cls(folder, runs / short(run_digest))

    @property
    def tables(self) -> Path:
        """Where its tables go."""
        return self.folder / TABLES_FOLDER

    @property
    def spill(self) -> Path:
        """Where the engine spills to; gone when the run is finished."""
        return self.folder / "spill"

    def write(self, name: str, content: bytes | str) -> None:
        """Write one of its other files."""
        write_whole(self.folder / name, content)

    def table_digests(self) -> dict[str, dict[str, Any]]:
        """Rows and digest of every table, for the manifest."""
        tables = TablesOf(self.tables)
        return {
            name: {"rows": form.n_rows(tables.path(name)), "sha256": file_digest(tables.path(name))} for name in tables
        }

    def finish(self) -> Run:
        """Put the run in place, read-only, in one step; a run of the same digest that was there gives way."""
        with storage(self.folder):
            shutil.rmtree(self.spill, ignore_errors=True)
            for path in sorted(self.folder.rglob("*")):
                if path.is_file():
                    flush_file(path)
                    path.chmod(0o444)
            for folder in (self.tables, self.folder):
                flush_folder(folder)
            if self.target.exists():
                self.target.replace(self.target.with_name(f"{_PARTIAL}old-{self.target.name}-{os.getpid()}"))
            self.folder.replace(self.target)
            flush_folder(self.target.parent)
            remove_partial(self.target.parent)
        return Run.open(self.target)

    def discard(self) -> None:
        """Remove what was made."""
        shutil.rmtree(self.folder, ignore_errors=True)


def remove_partial(runs: Path) -> None:
    """Remove what killed processes left; only the holder of the case's lock may call this."""
    for folder in runs.glob(f"{_PARTIAL}*"):
        shutil.rmtree(folder, ignore_errors=True)


def all_runs(runs: Path) -> tuple[Run, ...]:
    """The runs that are whole, oldest first."""
    folders = (
        [each for each in runs.iterdir() if each.is_dir() and not each.name.startswith(".")] if runs.exists() else []
    )
    found = [Run.open(folder) for folder in folders]
    return tuple(sorted(found, key=lambda run: (str(run.record.get("finished_at", "")), run.digest)))


def run_named(runs: Path, name: str) -> Run:
    """The run whose digest begins with ``name``.

    Raises:
        UnknownName: if there is none, or more than one.
    """
    found = [run for run in all_runs(runs) if run.digest.startswith(name)]
    if len(found) != 1:
        raise UnknownName("run", name, [run.folder.name for run in all_runs(runs)])
    return found[0]
