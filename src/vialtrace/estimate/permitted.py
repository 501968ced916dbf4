"""What of a network's samples went out within a permit: declared, in its dates, and not beyond its quantity."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Set
from dataclasses import replace

import numpy as np
import pyarrow as pa

from vialtrace.estimate.figure import Figure
from vialtrace.estimate.persons import TUBES_A_WOMAN, tubes_seized


def from_permits(permit_use: pa.Table, members: Set[str]) -> Figure | None:
    """How many persons' samples members exported within permits, assuming that what was declared is what went out.

    An export counts where its exporter holds the permit it cites, it was declared in the permit's dates and for the
    permit's recipient; of a permit's exports no more than it allows counts, since the first ones used it up.
    """
    within: dict[object, list[dict[str, object]]] = defaultdict(list)
    for row in permit_use.sort_by("row_id").to_pylist():
        if row["exporter_id"] in members and row["permit_row"] is not None and _fits(row):
            within[row["permit_row"]].append(row)
    persons = 0.0
    for rows in within.values():
        declared = sum(_persons(row["quantity"], row["unit"]) for row in rows)
        allowed = _persons(rows[0]["allowed"], rows[0]["allowed_unit"])
        persons += min(declared, allowed) if allowed else declared
    n_rows = sum(len(rows) for rows in within.values())
    if not persons:
        return None
    low, mode, high = TUBES_A_WOMAN
    return Figure(
        "permits",
        persons,
        persons * mode / high,
        persons * mode / low,
        f"{n_rows} exports were declared within {len(within)} permits; what goes beyond a permit is not in it.",
        n_rows,
    )


def _fits(row: dict[str, object]) -> bool:
    """Whether holder, dates and recipient are the permit's, as far as rows say."""
    day, start, end = str(row["declared_on"] or ""), str(row["valid_from"] or ""), str(row["valid_to"] or "9")
    is_own = row["holder_id"] in (None, row["exporter_id"])
    is_meant = None in (row["recipient_id"], row["consignee_id"]) or row["recipient_id"] == row["consignee_id"]
    return bool(day) and start <= day <= end and is_own and is_meant


def _persons(quantity: object, unit: object) -> float:
    amount = np.array([quantity if isinstance(quantity, float) else np.nan], dtype=np.float64)
    return tubes_seized(amount, [str(unit or "")], np.ones(1, dtype=np.int64))[1] if not np.isnan(amount[0]) else 0.0


def beyond(total: Figure, covered: Figure | None) -> Figure:
    """All samples less what permits cover; both errors added in squares."""
    if covered is None:
        return total
    value = max(total.value - covered.value, 0.0)
    down = math.hypot(total.value - total.low, covered.high - covered.value)
    up = math.hypot(total.high - total.value, covered.value - covered.low)
    return replace(
        total,
        value=value,
        low=max(value - down, 0.0),
        high=value + up,
        basis=f"{total.value:,.0f} ({total.low:,.0f} to {total.high:,.0f}) in all, of which {covered.value:,.0f} went "
        f"out within permits. {total.basis}",
    )
