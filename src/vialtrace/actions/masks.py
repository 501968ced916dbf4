"""How much of a sheet arrived masked: as its run counted it, or else as its rows show."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace.model.records import OWN_TIME
from vialtrace.pipeline import StagedSheet
from vialtrace.resolve import TIMED, masked_fields
from vialtrace.store import TablesOf

_COUNTING = 4
"""Threads that count, each a few rows at a time."""


@dataclass(frozen=True)
class MaskedSeen:
    """How much of one field arrived masked, and what of it could still be matched to a whole value.

    Of a moment, how many arrived as a day without a time.

    ``n_matched`` is None before a run, which finds out who is who; ``first`` is the first row with a value that nothing
    matches, before a run the first with a masked one.
    """

    field: str
    n_values: int
    n_masked: int
    n_matched: int | None
    first: str


def masked_of(sheet: StagedSheet, kind: str, tables: TablesOf, rows: Path) -> tuple[MaskedSeen, ...]:
    """What of a sheet arrived masked: as its run counted it, or else as its rows show."""
    first = sheet.taken.source_no * 2**32
    if "masking_loss" in tables:
        counted = tables["masking_loss"].filter(pc.field("source_no") == sheet.taken.source_no).to_pylist()
        return tuple(
            MaskedSeen(
                each["field"],
                each["n_values"],
                each["n_masked"],
                each["n_matched"],
                f"{sheet.shown}:{each['first_lost'] - first}" if each["first_lost"] is not None else "",
            )
            for each in counted
        )
    moment = OWN_TIME[kind]
    fields = {**{field: field for field in masked_fields(kind)}, **({moment: "is_day_only"} if kind in TIMED else {})}
    counts = {field: _Counted() for field in fields}
    with pq.ParquetFile(rows) as file:
        groups = _groups_of(file, first)
    # Some rows at a time, since a sheet may hold millions; each thread has groups of its own.
    parts = [part for part in (groups[place::_COUNTING] for place in range(_COUNTING)) if part]
    with ThreadPoolExecutor(max_workers=_COUNTING) as pool:
        for counted in pool.map(lambda part: _counted(rows, part, first, fields), parts):
            for field, each in counted.items():
                counts[field].join(each)
    return tuple(
        MaskedSeen(field, each.n_values, each.n_masked, None, f"{sheet.shown}:{each.first - first}")
        for field, each in counts.items()
        if each.first is not None
    )


def _counted(rows: Path, groups: list[int], first: int, fields: dict[str, str]) -> dict[str, _Counted]:
    """What of some row groups arrived masked, of the source whose rows begin at ``first``."""
    counts, own = {field: _Counted() for field in fields}, pc.field("row_id")
    columns = list(dict.fromkeys(("row_id", *fields.values())))
    with pq.ParquetFile(rows) as file:
        for batch in file.iter_batches(row_groups=groups, columns=columns, use_threads=False):
            if not batch.num_rows:
                continue
            held = pa.Table.from_batches([batch])
            if not first <= pc.min(held["row_id"]).as_py() <= pc.max(held["row_id"]).as_py() < first + 2**32:
                held = held.filter((own >= first) & (own < first + 2**32))
            for field, column in fields.items():
                counts[field].add(held["row_id"], held[column])
    return counts


@dataclass
class _Counted:
    """Values of one field, those that arrived masked (of a flag, those that are true), and the first row with one."""

    n_values: int = 0
    n_masked: int = 0
    first: int | None = None

    def add(self, row_ids: pa.ChunkedArray, values: pa.ChunkedArray) -> None:
        """Count some more rows."""
        self.n_values += len(values) - values.null_count
        shown = values if pa.types.is_boolean(values.type) else _starred(values)
        hidden = row_ids.filter(pc.fill_null(shown, fill_value=False))
        if len(hidden):
            self.n_masked += len(hidden)
            least = pc.min(hidden).as_py()
            self.first = least if self.first is None else min(self.first, least)

    def join(self, other: _Counted) -> None:
        """Count the rows that another has counted."""
        self.n_values += other.n_values
        self.n_masked += other.n_masked
        self.first = min((each for each in (self.first, other.first) if each is not None), default=None)


def _starred(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which texts hold a star; where no byte of all is one, none does, and no text needs to be looked at."""
    held = (buffer for chunk in texts.chunks for buffer in chunk.buffers()[-1:] if buffer is not None)
    if not any(b"*" in buffer.to_pybytes() for buffer in held):
        return pa.chunked_array([pa.repeat(pa.scalar(value=False), len(texts))])
    return pc.match_substring(texts, "*")


def _groups_of(file: pq.ParquetFile, first: int) -> list[int]:
    """The row groups of a table of records that may hold rows of the source whose rows begin at ``first``."""
    place = file.schema_arrow.get_field_index("row_id")
    found = []
    for number in range(file.metadata.num_row_groups):
        told = file.metadata.row_group(number).column(place).statistics
        if told is None or not told.has_min_max or (told.max >= first and told.min < first + 2**32):
            found.append(number)
    return found
