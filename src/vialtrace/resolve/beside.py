"""A left join that keeps each key once."""

from __future__ import annotations

import ibis.expr.types as ir


def beside(rows: ir.Table, more: ir.Table, keys: str | list[str]) -> ir.Table:
    """``rows`` with the columns of ``more`` where the keys agree, null elsewhere; the keys stay as in ``rows``.

    Ibis keeps the right side's keys of an outer join under another name, and a second join then meets them again.
    """
    names = [keys] if isinstance(keys, str) else keys
    joined = rows.left_join(more, names)
    return joined.select(*rows.columns, *[column for column in more.columns if column not in names])
