"""What estimates and provisions read of the records: only rows that touch a network, so that memory is the networks'.

A run may hold tens of millions of parcels; a network moved thousands. These recipes stay in the engine.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table


def near_mention(mention: Table, member_party: Table, flow_row: Table) -> Table:
    """Who is named in rows that a network moved, or that name a member."""
    named = mention.semi_join(member_party, "party_id").select("row_id")
    rows = named.union(flow_row.select("row_id"), distinct=True)
    return mention.semi_join(rows, "row_id")


def near_waybill(waybill: Table, flow_row: Table) -> Table:
    """Parcels that a network moved."""
    return waybill.semi_join(flow_row, "row_id")


def near_payment(payment: Table, near_mention: Table) -> Table:
    """Payments that a network moved, or that name a member."""
    return payment.semi_join(near_mention, "row_id")


def usual_parcels(network: Table, parcel_ends: Table) -> Table:
    """How many parcels the middle one of all receivers got in each network's period."""
    # What has no beginning or end spans all days.
    spans = network.select(
        "network_id",
        first=network.from_on.fill_null(ibis.literal("0001-01-01").cast("date")),
        last=network.to_on.fill_null(ibis.literal("9999-12-31").cast("date")),
    )
    within = parcel_ends.select("receiver_id", "sent_on").join(
        spans, [parcel_ends.sent_on >= spans["first"], parcel_ends.sent_on <= spans["last"]]
    )
    counts = within.group_by("network_id", "receiver_id").agg(n=within.count())
    middle = counts.group_by("network_id").agg(n_parcels=counts.n.cast("float64").median())
    joined = network.select("network_id").left_join(middle, "network_id")
    return joined.select("network_id", n_parcels=joined.n_parcels.fill_null(0.0))
