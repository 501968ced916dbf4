"""The flows of one network as columns of numbers: what every estimator of this room reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MONEY_FLOWS = ("client_payment", "commission", "pay", "laboratory_fee", "profit", "transfer", "onward")
_CLIENT_SLOTS = ("order.client", "waybill.sender", "payment.payer")


@dataclass(frozen=True)
class Flows:
    """Rows of one network. Parties are numbers into ``parties`` (-1: none named); days count from 1970."""

    row_id: Ints
    flow: NDArray[np.object_]
    giver: Ints
    taker: Ints
    day: Ints
    amount: Floats
    currency: NDArray[np.object_]
    quantity: Floats
    weight: Floats
    name: NDArray[np.object_]
    parcel: NDArray[np.object_]
    parties: tuple[str, ...]
    members: frozenset[int]
    _found: dict[tuple[str, ...], Ints] = field(default_factory=dict, init=False, repr=False, compare=False)
    _sorted: dict[tuple[str, ...], tuple[Ints, Ints]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of(self, *flows: str) -> Ints:
        """Places of the rows of these flows, in order; looked for once, since every member asks for the same."""
        if flows not in self._found:
            self._found[flows] = np.flatnonzero(np.isin(self.flow, flows))
        return self._found[flows]

    def given_by(self, party: int, *flows: str) -> Ints:
        """Places of the rows of these flows that this party gave, in order."""
        return self._at("giver", self.giver, party, flows)

    def taken_by(self, party: int, *flows: str) -> Ints:
        """Places of the rows of these flows that this party took, in order."""
        return self._at("taker", self.taker, party, flows)

    def _at(self, end: str, parties: Ints, party: int, flows: tuple[str, ...]) -> Ints:
        """Rows sorted by party once, so that each member's are a slice and not a search."""
        key = (end, *flows)
        if key not in self._sorted:
            rows = self.of(*flows)
            order = np.argsort(parties[rows], kind="stable")
            self._sorted[key] = rows[order], parties[rows][order]
        rows, sorted_parties = self._sorted[key]
        first, last = np.searchsorted(sorted_parties, [party, party + 1])
        return rows[first:last]

    def is_member(self, party: Ints) -> Flags:
        """Whether each party is a member."""
        return np.isin(party, sorted(self.members))


def _lookup(table: pa.Table, key: str, value: str, row_ids: Ints, empty: object) -> NDArray[np.generic]:
    """``value`` of the table for each row id; ``empty`` where the table has no such row, or the row no value."""
    keys = table[key].to_numpy()
    order = np.argsort(keys, kind="stable")
    values = table[value].to_numpy()
    at = np.searchsorted(keys[order], row_ids)
    found = at < len(keys)
    found[found] = keys[order][at[found]] == row_ids[found]
    result = np.full(len(row_ids), empty, dtype=np.float64 if isinstance(empty, float) else object)
    taken = values[order[at[found]]]
    if isinstance(empty, float):
        result[found] = taken.astype(np.float64)
    else:
        result[found] = [empty if each is None else each for each in taken]
    return result


def detailed(flow_row: pa.Table, waybill: pa.Table, order: pa.Table, mention: pa.Table) -> pa.Table:
    """Flow rows in order, each with its parcel's weight and number and its client's name in one form."""
    rows = flow_row.sort_by([("network_id", "ascending"), ("row_id", "ascending")])
    ids = rows["row_id"].to_numpy()
    slots = pc.is_in(mention["slot"], value_set=pa.array(_CLIENT_SLOTS))
    named = mention.filter(pc.and_(slots, pc.is_valid(mention["name_key"])))
    named = named.filter(pc.is_in(named["row_id"], value_set=rows["row_id"].combine_chunks()))
    in_flow = rows["row_id"].combine_chunks()
    parcels = waybill.select(["row_id", "weight_g", "waybill_no"])
    parcels = parcels.filter(pc.is_in(parcels["row_id"], value_set=in_flow))
    orders = order.select(["row_id", "waybill_no"])
    orders = orders.filter(pc.is_in(orders["row_id"], value_set=in_flow))
    number = _lookup(parcels, "row_id", "waybill_no", ids, "")
    ordered = _lookup(orders, "row_id", "waybill_no", ids, "")
    return (
        rows.append_column("weight_g", pa.array(_lookup(parcels, "row_id", "weight_g", ids, np.nan)))
        .append_column("waybill_no", pa.array(np.where(number == "", ordered, number), pa.string()))
        .append_column("name_key", pa.array(_lookup(named, "row_id", "name_key", ids, ""), pa.string()))
    )


def as_members(detail: pa.Table, member_party: pa.Table) -> pa.Table:
    """The same rows, with whoever is a member under another name called by the member's."""
    pairs = zip(
        member_party["network_id"].to_pylist(),
        member_party["party_id"].to_pylist(),
        member_party["member_id"].to_pylist(),
        strict=True,
    )
    called = {(network_id, party_id): member_id for network_id, party_id, member_id in pairs}
    networks = detail["network_id"].to_pylist()
    for column in ("from_id", "to_id"):
        named = [
            called.get((network_id, party_id), party_id)
            for network_id, party_id in zip(networks, detail[column].to_pylist(), strict=True)
        ]
        place = detail.column_names.index(column)
        detail = detail.set_column(place, column, pa.array(named, pa.string()))
    return detail


def in_currency(detail: pa.Table, currency: str) -> tuple[pa.Table, bool]:
    """The same rows, amounts of no stated currency taken to be in ``currency``; and whether there are such."""
    stated = pc.fill_null(detail["currency"], "")
    is_open = pc.and_(pc.equal(stated, ""), pc.is_valid(detail["amount"]))
    place = detail.column_names.index("currency")
    filled = pc.if_else(is_open, pa.scalar(currency, pa.string()), stated)
    return detail.set_column(place, "currency", filled), bool(pc.any(is_open).as_py())


def _texts(column: pa.ChunkedArray) -> NDArray[np.object_]:
    return np.asarray(pc.fill_null(column, "").to_numpy(), dtype=object)


def _numbers(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=np.float64)


def _places(index: NDArray[np.object_], names: NDArray[np.object_]) -> Ints:
    """Each name's place in the sorted index; -1 for the empty name."""
    return np.where(names == "", -1, np.searchsorted(index, names)).astype(np.int64)


def flows_of(detail: pa.Table, network_id: str, members: Sequence[str]) -> Flows:
    """The flows of one network, from the table made by ``detailed``."""
    rows = detail.filter(pc.equal(detail["network_id"], network_id))
    givers, takers = _texts(rows["from_id"]), _texts(rows["to_id"])
    parties = sorted({*givers.tolist(), *takers.tolist(), *members} - {""})
    index = np.array([*parties, ""], dtype=object)[:-1]
    at = pc.cast(pc.cast(rows["at"], pa.timestamp("us")), pa.int64()).to_numpy()
    day = np.nan_to_num(at.astype(np.float64), nan=-86_400_000_000.0) // 86_400_000_000
    return Flows(
        row_id=rows["row_id"].to_numpy().astype(np.int64),
        flow=_texts(rows["flow"]),
        giver=_places(index, givers),
        taker=_places(index, takers),
        day=day.astype(np.int64),
        amount=np.nan_to_num(_numbers(rows["amount"])),
        currency=_texts(rows["currency"]),
        quantity=_numbers(rows["quantity"]),
        weight=_numbers(rows["weight_g"]),
        name=_texts(rows["name_key"]),
        parcel=_texts(rows["waybill_no"]),
        parties=tuple(parties),
        members=frozenset(_places(index, np.array([*members, ""], dtype=object)[:-1]).tolist()),
    )
