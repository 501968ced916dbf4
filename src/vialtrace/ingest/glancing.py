"""A glance at new rows: some of their fields, cleaned, without asking whether each row is a whole record.

The same cleaners as for records, on every row that is none of those a mapping excludes. A row that lacks a required
field is still looked at: what is there may be what is watched for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.asides import SUMMED_BESIDE, is_total, with_exclusions
from vialtrace.ingest.clean import CLEANERS, Setting
from vialtrace.ingest.recording import ROW_BITS, cells_of, prepared, simplified
from vialtrace.kit.names import simplifying
from vialtrace.kit.scalars import compiled
from vialtrace.model import record
from vialtrace.model.mapping import Mapping as FileMapping
from vialtrace.model.mapping import Reading

_BESIDE = {"handle": ("platform",)}
"""Fields that say how another is read, by the kind of that other."""


def narrowed(mapping: FileMapping, fields: Sequence[str]) -> FileMapping:
    """The mapping with only what these fields are read from: columns of sides and journeys stay."""
    form = record(mapping.kind)
    kept = {*fields, *(name for field in fields for name in _BESIDE.get(form.column(field).kind_name, ()))}
    readings = tuple(each for each in mapping.readings if each.field in kept or each.field not in form.names)
    constants = tuple(each for each in mapping.constants if each[0] in kept or each[0] not in form.names)
    return replace(mapping, readings=readings, constants=constants)


def glance(
    staged: ir.Table,
    mapping: FileMapping,
    fields: Sequence[str],
    *,
    source_no: int,
    time_zone: str,
    jurisdiction: str = "",
    plain: frozenset[str] = frozenset(),
) -> ir.Table:
    """``row_id`` and the fields, cleaned, null where a file has none; ``n_unread`` counts those that were not read."""
    form = record(mapping.kind)
    narrow = narrowed(mapping, fields)
    base = staged.mutate(row_id=(ibis.literal(source_no, type="int64") * 2**ROW_BITS + staged.row_no).cast("int64"))
    base = with_exclusions(base, narrow, form, plain)
    base, columns = prepared(base.filter(base.excluded.isnull()), narrow, jurisdiction)
    cells = {
        name: cell for name, cell in cells_of(base, columns, narrow, form, time_zone, plain).items() if name in fields
    }
    unread = [(cell.value.isnull() & cell.problem.notnull()).cast("int64") for cell in cells.values()]
    read = base.select(
        "row_id",
        **{
            name: cells[name].value.cast(form.storage()[name]) if name in cells else ibis.null(form.storage()[name])
            for name in fields
        },
        n_unread=sum(unread, start=ibis.literal(0, type="int64")),
    )
    return simplified(read, form, [name for name in cells if name not in plain])


@dataclass(frozen=True)
class Glancer:
    """The same for one row at a time, in Python: the fields of a record whose columns are named as its fields are."""

    readers: Mapping[str, Callable[[Mapping[str, Any]], Any]]
    totals: tuple[Callable[[Mapping[str, Any]], Any], ...]
    written: frozenset[str]
    script: Mapping[int, str]

    def __call__(self, row: Mapping[str, str]) -> dict[str, Any]:
        """The fields, cleaned; none of a row that only adds up others."""
        if any(says_total(row) for says_total in self.totals):
            return {}
        read = {name: reader(row) for name, reader in self.readers.items()}
        for name in self.written:
            if read[name] is not None:
                read[name] = read[name].translate(self.script)
        return read


def glancer(kind: str, fields: Sequence[str], *, country: str, time_zone: str) -> Glancer:
    """A reader of single rows of a record kind."""
    form = record(kind)
    raw = ibis.table(dict.fromkeys(form.names, "string"), name=f"raw_{kind}")
    readers = {}
    for name in fields:
        column = form.column(name)
        # A handle that stands without its platform is of none that is known, as in a file.
        beside = raw.platform if column.kind_name == "handle" and "platform" in form.names else None
        setting = Setting(Reading(name, name), country, time_zone, beside)
        readers[name] = compiled(CLEANERS[column.kind_name](raw[name], setting).value)
    written = frozenset(name for name in fields if form.column(name).kind_name in ("name", "address"))
    summed = (name for name in fields if form.column(name).required and form.column(name).kind_name in SUMMED_BESIDE)
    return Glancer(
        readers,
        tuple(compiled(is_total(raw[name])) for name in summed),
        written,
        simplifying(),
    )
