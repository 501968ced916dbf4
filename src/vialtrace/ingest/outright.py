"""A sheet without any blemish, read in one pass: what a null says of a value that no shortcut of its cleaner reads."""

from __future__ import annotations

from collections.abc import Mapping as Named
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.asides import SUMMED_BESIDE, is_total
from vialtrace.ingest.recording import ROW_BITS, TESTED, cells_of, records_in
from vialtrace.model import record
from vialtrace.model.mapping import NO_YEAR, SPLIT, UNSIGNED, Mapping
from vialtrace.model.records import OWN_TIME
from vialtrace.model.spec import Table

_TOLD_WITH_A_VALUE = frozenset({"phone", "identifier"})
"""Kinds whose cleaners may say what is wrong with a value that they read: a null alone does not tell."""


@dataclass(frozen=True)
class Outright:
    """The records of a sheet, null in every value that its cleaner's shortcuts do not read."""

    rows: ir.Table
    form: Table
    columns: Named[str, str]
    """Field to the column of the staged sheet that it is read from."""

    def plain(self, n_filled: Named[str, int]) -> frozenset[str]:
        """The fields whose every text fits a shortcut, by the ``n_filled`` values of each field and staged column."""
        return frozenset(
            field
            for field, column in self.columns.items()
            if self.form.column(field).kind_name in TESTED and n_filled[field] == n_filled[column]
        )

    def is_whole(self, n_filled: Named[str, int], n_rows: int) -> bool:
        """Whether every value was read and no row lacks what it needs: then these are all the records, and no fault."""
        needed = [column.name for column in self.form.columns if column.required]
        return (
            all(n_filled[field] == n_filled[column] for field, column in self.columns.items())
            and all(n_filled[name] == n_rows for name in needed)
            and (not self.form.one_of or any(n_filled[name] == n_rows for name in self.form.one_of))
        )


def outright(staged: ir.Table, mapping: Mapping, *, source_no: int, time_zone: str) -> Outright | None:
    """The records of a staged sheet in one pass, or None if its mapping asks for more than column by column.

    A clean file is read for the price of one look at each text. Where a text fits no shortcut its value is null, so
    that counting what is filled tells whether all was read; else the sheet is read again, the long way.
    """
    form, constants = record(mapping.kind), dict(mapping.constants)
    kinds = {each.field: form.column(each.field).kind_name for each in mapping.readings if each.field in form.names}
    is_more = (
        mapping.exclusions
        or mapping.is_sided
        or mapping.is_journey
        or len(kinds) < len(mapping.readings)
        or "identifier" in kinds.values()
        or any(name in kinds or form.column(name).kind_name in _TOLD_WITH_A_VALUE for name in constants)
        or any(
            each.otherwise or each.then or each.words or each.form in (UNSIGNED, NO_YEAR, *SPLIT)
            for each in mapping.readings
        )
    )
    if is_more:
        return None
    columns = {each.field: f"c{mapping.position(each.column)}" for each in mapping.readings}
    base = staged.mutate(row_id=(ibis.literal(source_no, type="int64") * 2**ROW_BITS + staged.row_no).cast("int64"))
    raw = {field: base[column] for field, column in columns.items()}
    cells = cells_of(base, raw, mapping, form, time_zone, frozenset(), guarded=True)
    own = cells.get(OWN_TIME[form.name])
    day_only = own.is_day_only if own is not None and own.is_day_only is not None else ibis.null("boolean")
    values = {name: cell.value for name, cell in cells.items()}
    for name, text in raw.items():
        is_else = _is_total(text, name, form)
        if is_else is not None:
            values[name] = ibis.ifelse(is_else, ibis.null(values[name].type()), values[name])
    made = base.select("row_id", own_day_only=day_only, **values)
    return Outright(records_in(made, form, list(cells)), form, columns)


def _is_total(text: ir.StringValue, name: str, form: Table) -> ir.BooleanValue | None:
    """Whether a text that fits a shortcut is the word of a total, and takes the long way; None where it cannot be."""
    column = form.column(name)
    is_doubtful = column.kind_name in ("name", "text") or column.kind_name not in TESTED
    return is_total(text) if column.required and column.kind_name in SUMMED_BESIDE and is_doubtful else None
