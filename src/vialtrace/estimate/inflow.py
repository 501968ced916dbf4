"""What else reached the accounts that clients paid, and which of a hub's parcels its keeper's own life explains.

Reconstruction calls a payment the network's only where its client is known from a second source. For the number of
persons that is too strict: an account that hundreds of known clients paid was paid by the others too. Rows added here
are counted; they name nobody and prove nothing by themselves. Of the parcels that strangers sent to a hub, as many are
taken off as anybody receives.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.estimate.flows import Flags, Flows, Ints
from vialtrace.estimate.persons import Paid, paid_for

_COLUMNS = ("network_id", "row_id", "flow", "from_id", "to_id", "at", "amount", "currency", "name_key")


def beside(detail: pa.Table, payment: pa.Table, mention: pa.Table, members: pa.Table, network: pa.Table) -> pa.Table:
    """``detail`` with further rows, `till_payment`: what else members were paid in their network's period.

    ``members`` has a row for every party that is a member, under its own name or another: `network_id`, `party_id`,
    `member_id`.
    """
    flow_ids = detail["row_id"].combine_chunks()
    payees = mention.filter(
        pc.and_(
            pc.equal(mention["slot"], "payment.payee"),
            pc.is_in(mention["party_id"], value_set=members["party_id"].combine_chunks()),
        )
    )
    payees = payees.filter(pc.invert(pc.is_in(payees["row_id"], value_set=flow_ids)))
    payers = mention.filter(pc.equal(mention["slot"], "payment.payer")).select(["row_id", "party_id", "name_key"])
    paid = payment.select(["row_id", "paid_at", "amount", "currency"])
    tills = payees.select(["row_id", "party_id"])
    tills = tills.join(payers.rename_columns(["row_id", "from_id", "name_key"]), "row_id", join_type="inner")
    tills = tills.join(paid.rename_columns(["row_id", "at", "amount", "currency"]), "row_id", join_type="inner")
    tills = tills.join(members, "party_id", join_type="inner").rename_columns({"member_id": "to_id"})
    whole = pa.concat_tables([detail, _formed(tills, detail, "till_payment", network)], promote_options="permissive")
    return whole.sort_by([("network_id", "ascending"), ("row_id", "ascending")])


def _formed(rows: pa.Table, detail: pa.Table, flow: str, network: pa.Table) -> pa.Table:
    """Rows within their network's period, in the form of ``detail``."""
    spans = network.select(["network_id", "from_on", "to_on"])
    timed = rows.join(spans, "network_id", join_type="inner")
    day = pc.cast(timed["at"], pa.date32())
    within = pc.and_(
        pc.fill_null(pc.greater_equal(day, timed["from_on"]), True),  # noqa: FBT003
        pc.fill_null(pc.less_equal(day, timed["to_on"]), True),  # noqa: FBT003
    )
    timed = timed.filter(within)
    given = {"flow": pa.array([flow] * timed.num_rows, pa.string())}
    columns = []
    for column in detail.schema:
        if column.name in given:
            columns.append(given[column.name])
        elif column.name in timed.column_names and column.name in _COLUMNS:
            columns.append(timed[column.name].cast(column.type))
        else:
            columns.append(pa.nulls(timed.num_rows, column.type))
    return pa.table(columns, schema=detail.schema)


def looks_paid(paid: Paid, further: Paid, *, least_clients: int = 10) -> Flags:
    """Which further payers paid the accounts that at least ``least_clients`` known clients paid, at the usual price.

    Totals from 0.6 of the usual price to the highest known clients paid count.
    """
    if not len(paid.total) or not len(further.total):
        return np.zeros(len(further.total), dtype=bool)
    takers, n_clients = np.unique(paid.taker, return_counts=True)
    is_till = np.isin(further.taker, takers[n_clients >= least_clients])
    most = float(np.quantile(paid.total, 0.98))
    return np.asarray(is_till & (further.total >= 0.6 * paid.typical) & (further.total <= 1.02 * most), dtype=bool)


def till_persons(paid: Paid, further: Paid) -> float:
    """How many more persons paid the clients' accounts alike.

    Known clients whose second payment is missing say how many more there are whose total looks too small.
    """
    looks = looks_paid(paid, further)
    if not looks.any():
        return 0.0
    persons = np.maximum(1.0, np.round(further.total[looks] / paid.typical)).sum()
    whole = paid.persons[paid.total >= 0.6 * paid.typical].sum()
    return float(persons * paid.persons.sum() / max(whole, 1.0))


def with_tills(flows: Flows, paid: Paid) -> Flows:
    """The same flows, with payments that look like clients' called so: for lists, on which a row is a client's."""
    further = paid_for(flows, "till_payment")
    alike = np.unique(further.payer[looks_paid(paid, further)])
    is_alike = (flows.flow == "till_payment") & np.isin(flows.giver, alike[alike >= 0])
    return replace(flows, flow=np.where(is_alike, "client_payment", flows.flow).astype(object))


def strangers(flows: Flows) -> Ints:
    """Places of sample parcels whose senders stand on no order and in no payment, and are no members."""
    rows = flows.of("sample_parcel")
    clients = np.unique(flows.giver[flows.of("order", "client_payment")])
    named = np.unique(flows.parcel[flows.of("order")].astype(str))
    giver = flows.giver[rows]
    is_known = (np.isin(giver, clients) & (giver >= 0)) | flows.is_member(giver)
    is_named = np.isin(flows.parcel[rows].astype(str), named) & (flows.parcel[rows] != "")
    found: Ints = rows[~is_known & ~is_named]
    return found


def private_parcels(flows: Flows, ordinary: float) -> float:
    """How many strangers' parcels at the hubs are their keepers' own: what anybody gets, once a keeper.

    Never more than half of the strangers' parcels: a hub is called one since most of what arrives there is not private.
    """
    rows = strangers(flows)
    return min(ordinary * len(np.unique(flows.taker[rows])), len(rows) / 2)
