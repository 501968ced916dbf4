"""What a network moved, added up: who sent and paid what to whom, by month, trip by trip.

A network can have a hundred thousand rows here, so they are added up in Arrow; Python sees only the totals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.veil import Veil

MONEY_FLOWS = ("client_payment", "commission", "pay", "laboratory_fee", "profit", "transfer", "onward")
GOODS_FLOWS = ("order", "sample_parcel", "relay")

# Above this many lines a table is read by nobody; the others are exhibits all the same, and counted in the totals.
_MOST_LINES = 60


@dataclass(frozen=True)
class FlowLine:
    """All rows of one flow from one party (or all clients together) to another.

    ``from_id`` or ``to_id`` is empty where the rows come from, or go to, people who may not be named; ``n_from`` and
    ``n_to`` count them.
    """

    exhibit: str
    flow: str
    from_id: str
    to_id: str
    n_from: int
    n_to: int
    n_rows: int
    amount: Decimal | None
    currency: str | None
    quantity: float | None
    first_at: datetime | None
    last_at: datetime | None
    row_ids: tuple[int, ...]


@dataclass(frozen=True)
class FlowTable:
    """The lines of one kind of flow, largest first; the table shows the first, the exhibits are of all."""

    lines: tuple[FlowLine, ...]
    n_shown: int
    n_left_out: int
    n_rows_left_out: int
    totals: tuple[Row, ...]


@dataclass(frozen=True)
class Month:
    """What one month saw: rows by flow, and what clients paid by currency, the largest sum first."""

    month: str
    n_rows: dict[str, int]
    paid: dict[str, Decimal]


def network_flows(shelf: Shelf, network_id: str, veil: Veil) -> pa.Table:
    """The flow rows of a network, sorted; a member stands in them under one id, whatever party the records have."""
    found = shelf.where("flow_row", "network_id", [network_id])
    for name in ("from_id", "to_id"):
        found = found.set_column(found.schema.get_field_index(name), name, _as_members(found[name], veil))
    return found.sort_by([("row_id", "ascending"), ("flow", "ascending")]) if found.num_rows else found


def _as_members(ids: pa.ChunkedArray, veil: Veil) -> pa.ChunkedArray:
    if not veil.aliases or not len(ids):
        return ids
    aliases = pa.array(sorted(veil.aliases), pa.string())
    members = pa.array([veil.aliases[alias] for alias in sorted(veil.aliases)], pa.string())
    return pc.coalesce(pc.take(members, pc.index_in(ids, value_set=aliases)), ids)


def named_in(shelf: Shelf, flows: pa.Table) -> set[str]:
    """Everybody whom the network's flows name, and every protected party that its claims are about."""
    ends: set[str | None] = set(ends_of(flows))
    evidence = shelf.columns("evidence", ["subject_kind", "subject_id", "object_kind", "object_id"])
    for end in ("subject", "object"):
        ends |= set(pc.unique(evidence.filter(pc.equal(evidence[f"{end}_kind"], "party"))[f"{end}_id"]).to_pylist())
    return {end for end in ends if end is not None}


def ends_of(flows: pa.Table) -> set[str]:
    """Everybody whom flow rows name at either end."""
    return (set(pc.unique(flows["from_id"]).to_pylist()) | set(pc.unique(flows["to_id"]).to_pylist())) - {None}


def lines(flows: pa.Table, which: tuple[str, ...], veil: Veil, *, prefix: str) -> FlowTable:
    """The flows named in ``which``, added up by flow, giver, taker and currency; largest first.

    Args:
        flows: the flow rows of one network, sorted.
        which: the flows to add up.
        veil: who may be named; everybody else is added up as one giver or taker.
        prefix: what the exhibit numbers begin with.
    """
    chosen = flows.filter(pc.is_in(flows["flow"], value_set=pa.array(which)))
    shown = pa.array(sorted(veil.members | (veil.organisations & _parties(chosen))), pa.string())
    for end in ("from", "to"):
        ids = chosen[f"{end}_id"]
        named = pc.if_else(pc.is_in(ids, value_set=shown), ids, "")
        chosen = chosen.append_column(f"{end}_named", pc.fill_null(named, ""))
    by = ["flow", "from_named", "to_named", "currency"]
    grouped = (
        pa.TableGroupBy(chosen, by, use_threads=False)
        .aggregate(
            [
                ("amount", "sum"),
                ("quantity", "sum"),
                ("at", "min"),
                ("at", "max"),
                ("row_id", "count"),
                ("row_id", "list"),
                ("from_id", "count_distinct"),
                ("to_id", "count_distinct"),
            ]
        )
        .to_pylist()
    )
    order = {name: place for place, name in enumerate(which)}
    grouped.sort(
        key=lambda row: (
            order[row["flow"]],
            -(row["amount_sum"] or 0),
            -row["row_id_count"],
            row["from_named"],
            row["to_named"],
            row["currency"] or "",
        )
    )
    return FlowTable(
        tuple(_line(f"{prefix}-{number}", row) for number, row in enumerate(grouped, start=1)),
        min(len(grouped), _MOST_LINES),
        max(0, len(grouped) - _MOST_LINES),
        sum(row["row_id_count"] for row in grouped[_MOST_LINES:]),
        _totals(grouped, order),
    )


def _parties(flows: pa.Table) -> set[str]:
    return set(pc.unique(flows["from_id"]).to_pylist()) | set(pc.unique(flows["to_id"]).to_pylist())


def _line(exhibit: str, row: Row) -> FlowLine:
    return FlowLine(
        exhibit,
        row["flow"],
        row["from_named"],
        row["to_named"],
        row["from_id_count_distinct"],
        row["to_id_count_distinct"],
        row["row_id_count"],
        row["amount_sum"],
        row["currency"],
        row["quantity_sum"],
        row["at_min"],
        row["at_max"],
        tuple(sorted(row["row_id_list"])),
    )


def _totals(grouped: list[Row], order: dict[str, int]) -> tuple[Row, ...]:
    totals: dict[tuple[str, str], Row] = {}
    for row in grouped:
        total = totals.setdefault(
            (row["flow"], row["currency"] or ""),
            {"flow": row["flow"], "currency": row["currency"], "n_rows": 0, "amount": Decimal(0), "quantity": None},
        )
        total["n_rows"] += row["row_id_count"]
        total["amount"] += row["amount_sum"] or 0
        if row["quantity_sum"] is not None:
            total["quantity"] = (total["quantity"] or 0.0) + row["quantity_sum"]
    return tuple(totals[key] for key in sorted(totals, key=lambda key: (order[key[0]], key[1])))


def months(flows: pa.Table) -> list[Month]:
    """What each month saw, from the first to the last, empty ones included."""
    dated = flows.filter(pc.is_valid(flows["at"]))
    if not dated.num_rows:
        return []
    dated = dated.append_column("month", pc.strftime(dated["at"], format="%Y-%m"))
    grouped = pa.TableGroupBy(dated, ["month", "flow", "currency"], use_threads=False).aggregate(
        [("row_id", "count"), ("amount", "sum")]
    )
    n_rows: dict[str, dict[str, int]] = {}
    paid: dict[str, dict[str, Decimal]] = {}
    for row in grouped.to_pylist():
        seen = n_rows.setdefault(row["month"], {})
        seen[row["flow"]] = seen.get(row["flow"], 0) + row["row_id_count"]
        if row["flow"] == "client_payment" and row["amount_sum"] is not None:
            paid.setdefault(row["month"], {})[row["currency"] or ""] = row["amount_sum"]
    return [
        Month(
            month,
            dict(sorted(n_rows.get(month, {}).items())),
            dict(sorted(paid.get(month, {}).items(), key=lambda pair: (-pair[1], pair[0]))),
        )
        for month in _calendar(min(n_rows), max(n_rows))
    ]


def _calendar(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    found = []
    while (label := f"{year:04d}-{month:02d}") <= last:
        found.append(label)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def in_slot(shelf: Shelf, row_ids: Iterable[int], slot: str) -> dict[int, str]:
    """Who stands in one place of each row: ``crossing.traveller`` tells who made a trip."""
    mentions = shelf.where("mention", "row_id", row_ids, ["row_id", "slot", "party_id"])
    mentions = mentions.filter(pc.and_(pc.equal(mentions["slot"], slot), pc.is_valid(mentions["party_id"])))
    return dict(zip(mentions["row_id"].to_pylist(), mentions["party_id"].to_pylist(), strict=True))


def acts(flows: pa.Table, members: frozenset[str]) -> dict[str, list[Row]]:
    """How many rows of each flow each member gave and took, and for how much: what the member did."""
    found: dict[str, list[Row]] = {party_id: [] for party_id in sorted(members)}
    for end in ("from", "to"):
        chosen = flows.filter(pc.is_in(flows[f"{end}_id"], value_set=pa.array(sorted(members), pa.string())))
        grouped = pa.TableGroupBy(chosen, [f"{end}_id", "flow", "currency"], use_threads=False).aggregate(
            [("row_id", "count"), ("amount", "sum"), ("at", "min"), ("at", "max")]
        )
        for row in grouped.to_pylist():
            found[row[f"{end}_id"]].append(
                {
                    "end": end,
                    "flow": row["flow"],
                    "n": row["row_id_count"],
                    "amount": row["amount_sum"],
                    "currency": row["currency"],
                    "first_at": row["at_min"],
                    "last_at": row["at_max"],
                }
            )
    for rows in found.values():
        rows.sort(key=lambda row: (-row["n"], row["flow"], row["end"], row["currency"] or ""))
    return found
