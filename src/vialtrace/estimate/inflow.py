"""What else reached the accounts and addresses that clients used: rows too thin to accuse by, but not to count by.

Reconstruction calls a payment or a parcel the network's only where its client is known from a second source. For the
number of persons that is too strict: an account that hundreds of known clients paid was paid by the others too. Rows
added here are counted, less what an ordinary life would bring; they name nobody and prove nothing by themselves.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.estimate.flows import Flows
from vialtrace.estimate.persons import Paid, Sent

_COLUMNS = ("network_id", "row_id", "flow", "from_id", "to_id", "at", "amount", "currency", "region")


def beside(
    detail: pa.Table,
    payment: pa.Table,
    parcel_ends: pa.Table,
    mention: pa.Table,
    member: pa.Table,
    network_place: pa.Table,
    network: pa.Table,
) -> pa.Table:
    """``detail`` with further rows: payments to members as `till_payment`, parcels to hubs as `hub_parcel`."""
    flow_ids = detail["row_id"].combine_chunks()
    payees = mention.filter(
        pc.and_(
            pc.equal(mention["slot"], "payment.payee"),
            pc.is_in(mention["party_id"], value_set=member["party_id"].combine_chunks()),
        )
    )
    payees = payees.filter(pc.invert(pc.is_in(payees["row_id"], value_set=flow_ids)))
    payers = mention.filter(pc.equal(mention["slot"], "payment.payer")).select(["row_id", "party_id"])
    paid = payment.select(["row_id", "paid_at", "amount", "currency"])
    tills = payees.select(["row_id", "party_id"]).rename_columns(["row_id", "to_id"])
    tills = tills.join(payers.rename_columns(["row_id", "from_id"]), "row_id", join_type="inner")
    tills = tills.join(paid.rename_columns(["row_id", "at", "amount", "currency"]), "row_id", join_type="inner")
    of_party = member.select(["network_id", "party_id"]).rename_columns(["network_id", "to_id"])
    tills = tills.join(of_party, "to_id", join_type="inner")
    parcels = parcel_ends.filter(pc.invert(pc.is_in(parcel_ends["row_id"], value_set=flow_ids)))
    parcels = parcels.select(["row_id", "sender_id", "receiver_id", "receiver_place", "sent_on"])
    parcels = parcels.rename_columns(["row_id", "from_id", "to_id", "place_id", "at"])
    keepers = (
        member.filter(pc.equal(member["role"], "hub"))
        .select(["network_id", "party_id"])
        .rename_columns(["network_id", "to_id"])
    )
    hubs = network_place.filter(pc.equal(network_place["role"], "hub")).select(["network_id", "place_id"])
    arrived = (
        pa.concat_tables(
            [
                parcels.join(keepers, "to_id", join_type="inner").select([*parcels.column_names, "network_id"]),
                parcels.join(hubs, "place_id", join_type="inner").select([*parcels.column_names, "network_id"]),
            ]
        )
        .group_by(["network_id", "row_id"], use_threads=False)
        .aggregate([(name, "min") for name in ("from_id", "to_id", "at")])
    )
    arrived = arrived.rename_columns([name.removesuffix("_min") for name in arrived.column_names])
    added = [_formed(rows, detail, flow, network) for flow, rows in (("till_payment", tills), ("hub_parcel", arrived))]
    whole = pa.concat_tables([detail, *added], promote_options="permissive")
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


def till_persons(paid: Paid, further: Paid, *, least_clients: int = 10) -> float:
    """How many more persons paid the accounts that at least ``least_clients`` known clients paid, at the usual price.

    Totals from 0.6 of the usual price to the highest known clients paid count; known clients whose second payment is
    missing say how many more there are whose total looks too small.
    """
    if not len(paid.total) or not len(further.total):
        return 0.0
    takers, n_clients = np.unique(paid.taker, return_counts=True)
    is_till = np.isin(further.taker, takers[n_clients >= least_clients])
    most = float(np.quantile(paid.total, 0.98))
    looks = is_till & (further.total >= 0.6 * paid.typical) & (further.total <= 1.02 * most)
    persons = np.maximum(1.0, np.round(further.total[looks] / paid.typical)).sum()
    whole = paid.persons[paid.total >= 0.6 * paid.typical].sum()
    return float(persons * paid.persons.sum() / max(whole, 1.0))


def hub_persons(flows: Flows, sent: Sent, ordinary: float, *, often: int = 3) -> tuple[float, int]:
    """How many more persons' samples the further parcels to hubs stand for, and in how many parcels.

    ``ordinary`` parcels a hub are taken off as the keeper's own. A sender seen ``often`` and more posts for as many
    persons a parcel as the network's parcels do on average; anybody else for one.
    """
    rows = flows.of("hub_parcel")
    known = flows.of("sample_parcel")
    if len(known) < 10 or not len(rows):
        return 0.0, 0
    n_hubs = len(np.unique(flows.taker[known]))
    net = max(0.0, len(rows) - ordinary * n_hubs)
    posts = np.bincount(flows.giver[rows] + 1, minlength=len(flows.parties) + 1)
    posts[0] = 0
    is_often = posts[flows.giver[rows] + 1] >= often
    each = max(1.0, float(sent.persons.sum()) / max(1, int(sent.parcels.sum())))
    persons = np.where(is_often, each, 1.0).sum() * net / len(rows)
    return float(persons), round(net)


def ordinary_parcels(parcel_ends: pa.Table, start: date | None, end: date | None) -> float:
    """How many parcels the middle one of all receivers got in a span of days."""
    day = parcel_ends["sent_on"]
    within = pc.and_(
        pc.greater_equal(day, pa.scalar(start or date.min, pa.date32())),
        pc.less_equal(day, pa.scalar(end or date.max, pa.date32())),
    )
    counts = parcel_ends.filter(pc.fill_null(within, False)).group_by("receiver_id").aggregate([("row_id", "count")])  # noqa: FBT003
    return float(np.median(counts["row_id_count"].to_numpy())) if counts.num_rows else 0.0
