"""A DuckDB connection, and a way to clean a list of texts on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vialtrace import ingest, sources
from vialtrace.ingest import Guess
from vialtrace.ingest.clean import CLEANERS, Setting
from vialtrace.model.mapping import Reading
from vialtrace.sources import Sheet, Staged

Clean = Callable[..., list[tuple[Any, Any]]]


@pytest.fixture(scope="session")
def con() -> Iterator[ibis.BaseBackend]:
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET threads = 1")
    yield backend
    backend.disconnect()


@pytest.fixture(scope="session")
def clean(con: ibis.BaseBackend) -> Clean:
    """``clean(kind, texts)`` gives (value, problem) of each text, in order."""

    def cleaned(kind: str, texts: list[str | None], **setting: Any) -> list[tuple[Any, Any]]:
        given = ibis.memtable(pa.table({"n": range(len(texts)), "raw": pa.array(texts, pa.string())}))
        reading = Reading("field", "column", **setting.pop("reading", {}))
        if "field" in setting:
            reading = Reading(setting.pop("field"), "column", reading.scale)
        cell = CLEANERS[kind](given.raw, Setting(reading, **setting))
        rows = con.to_pyarrow(given.select("n", value=cell.value, problem=cell.problem)).to_pylist()
        return [(row["value"], row["problem"]) for row in sorted(rows, key=lambda row: row["n"])]

    return cleaned


@dataclass(frozen=True)
class Taken:
    """One sheet as it went in: its mapping, what was asked, and its four tables with the rows' numbers in the file."""

    sheet: Sheet
    guess: Guess
    staged: Staged
    rows: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    set_aside: list[dict[str, Any]]
    issues: list[dict[str, Any]]
    stated: dict[tuple[str, str, str], Decimal]

    def values(self, *fields: str) -> list[tuple[Any, ...]]:
        return [tuple(row[field] for field in fields) for row in self.rows]

    @property
    def reasons(self) -> list[str]:
        return [row["reason"] for row in self.set_aside]


Take = Callable[..., list[Taken]]


@pytest.fixture
def take(con: ibis.BaseBackend, tmp_path: Path) -> Take:
    """``take(path)`` takes every sheet of a file, or ``only`` one, in as the pipeline does, and counts its rows."""

    def taken(path: Path, *, hint: str | None = None, only: str | None = None) -> list[Taken]:
        return [
            _one(con, path, sheet, tmp_path / f"staged-{n}.parquet", hint)
            for n, sheet in enumerate(sources.sniff(path))
            if only in (None, sheet.sheet) and not sheet.why_not
        ]

    return taken


def _one(con: ibis.BaseBackend, path: Path, sheet: Sheet, target: Path, hint: str | None) -> Taken:
    staged = sources.stage(path, sheet, target)
    guess = ingest.guess(sheet, hint=hint)
    assert guess.confidence > 0, guess.reason
    # What a person sees is what is used: the mapping goes through its YAML.
    mapping = ingest.from_yaml(ingest.to_yaml(guess.mapping), "f.yaml")
    assert mapping == guess.mapping
    assert ingest.mapping_problems(mapping, sheet) == []
    received = con.read_parquet(target)
    zone = "Asia/Shanghai"
    flags = con.to_pyarrow(ingest.plain_fields(received, mapping, time_zone=zone)).to_pylist()[0]
    plain = frozenset(name for name, is_plain in flags.items() if is_plain)
    found = {}
    for ways in (plain, frozenset[str]()):
        wide = ingest.judged_rows(received, mapping, source_no=1, time_zone=zone, plain=ways)
        cleaned = ingest.parted(wide, mapping, plain=ways)
        read = {
            name: sorted(con.to_pyarrow(getattr(cleaned, name)).to_pylist(), key=lambda row: row["row_id"])
            for name in ("rows", "quarantine", "set_aside", "issues")
        }
        assert not found or read == found, "the short way and the long way read differently"
        found = read
    accounted = [row["row_id"] for name in ("rows", "quarantine", "set_aside") for row in found[name]]
    assert len(set(accounted)) == len(accounted)
    assert len(accounted) + staged.n_blank == staged.n_rows
    for rows in found.values():
        for row in rows:
            row["row_no"] = row.pop("row_id") - 2**32
    cells = {row["row_no"]: row for row in pq.read_table(target).to_pylist()}
    below = [
        (row["row_no"], [cells[row["row_no"]][f"c{n}"] for n in range(sheet.n_columns)])
        for row in found["set_aside"]
        if row["reason"] in ingest.STATING
    ]
    said = ingest.stated([*((number, [text]) for number, text in sheet.titles), *below], mapping)
    stated = {(each.measure, each.side, each.field): each.value for each in said}
    return Taken(sheet, guess, staged, **found, stated=stated)
