"""Cells that a person put right, read in place of what stands in the file."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.model.mapping import Mapping


def repaired(staged: ir.Table, mapping: Mapping) -> ir.Table:
    """The staged rows with the text of each repair of ``mapping`` in its cell; the rest is as received."""
    columns: dict[str, list[tuple[ir.BooleanValue, ir.StringValue]]] = {}
    for each in mapping.repairs:
        text = ibis.literal(each.text, type="string") if each.text else ibis.null("string")
        is_it = staged.row_no == ibis.literal(each.row, type="int64")
        columns.setdefault(f"c{mapping.position(each.column)}", []).append((is_it, text))
    if not columns:
        return staged
    return staged.mutate(**{name: ibis.cases(*found, else_=staged[name]) for name, found in columns.items()})
