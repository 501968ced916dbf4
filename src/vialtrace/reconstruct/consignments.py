"""Batches: the parcels gathered since the last crossing, the crossing, and the pay that followed."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.reconstruct import arrivals


def batch(flow_row: Table, trip_day: Table) -> Table:
    """One crossing day of a network's mules, with the parcels since the crossing day before and the pay after it.

    Parcels are posted about two days before they are at hand, so a parcel counts for the first crossing day at least
    two days after its posting.
    """
    trips = flow_row.filter(flow_row.flow == "trip")
    ported = trips.join(trip_day.select("row_id", "port"), "row_id")
    days = ported.group_by("network_id", crossed_on=ported["at"].date()).agg(
        n_mules=ported.from_id.nunique(), port=ported.port.min(), trip_rows=ported.row_id.collect()
    )
    numbered = days.mutate(
        batch_no=(ibis.row_number().over(ibis.window(group_by=days.network_id, order_by=days.crossed_on)) + 1).cast(
            "int64"
        ),
        before=days.crossed_on.lag().over(ibis.window(group_by=days.network_id, order_by=days.crossed_on)),
    )
    parcels = flow_row.filter(flow_row.flow == "sample_parcel").select(
        "network_id", parcel_row="row_id", quantity="quantity", ready_on=flow_row["at"].date() + ibis.interval(days=2)
    )
    met = numbered.join(parcels, "network_id").filter(
        lambda t: (
            (t.ready_on <= t.crossed_on)
            & ((t.ready_on > t.before) | (t.before.isnull() & (t.ready_on > t.crossed_on - ibis.interval(days=7))))
        )
    )
    gathered = met.group_by("network_id", "batch_no").agg(
        n_parcels=met.count(), n_samples=met.quantity.fill_null(1.0).sum(), parcel_rows=met.parcel_row.collect()
    )
    pay = flow_row.filter(flow_row.flow == "pay").select(
        "network_id", pay_row="row_id", amount="amount", currency="currency", paid_on=flow_row["at"].date()
    )
    paid = (
        numbered.select("network_id", "batch_no", "crossed_on")
        .join(pay, "network_id")
        .filter(lambda t: (t.paid_on >= t.crossed_on) & (t.paid_on <= t.crossed_on + ibis.interval(days=2)))
    )
    # A payment belongs to the last crossing before it.
    last = paid.mutate(
        rank_=ibis.row_number().over(
            ibis.window(group_by=[paid.network_id, paid.pay_row], order_by=ibis.desc(paid.crossed_on))
        )
    )
    last = last.filter(last.rank_ == 0)
    pays = last.group_by("network_id", "batch_no").agg(
        pay=last.amount.sum(), currency=last.currency.min(), pay_rows=last.pay_row.collect()
    )
    with_parcels = numbered.left_join(gathered, ["network_id", "batch_no"]).select(
        *numbered.columns, "n_parcels", "n_samples", "parcel_rows"
    )
    whole = with_parcels.left_join(pays, ["network_id", "batch_no"]).select(
        *with_parcels.columns, "pay", "currency", "pay_rows"
    )
    empty = ibis.literal([], type="array<int64>")
    return whole.select(
        "network_id",
        "batch_no",
        "crossed_on",
        "n_mules",
        "pay",
        "currency",
        "port",
        n_parcels=whole.n_parcels.fill_null(0),
        n_samples=whole.n_samples,
        row_ids=whole.trip_rows.concat(whole.parcel_rows.fill_null(empty))
        .concat(whole.pay_rows.fill_null(empty))
        .unique()
        .sort(),
    )


def protected_party(
    suspect_order: Table,
    parcel_ends: Table,
    network_hub: Table,
    member_party: Table,
    flow_row: Table,
    party: Table,
) -> Table:
    """A donor or client: named in an order, a payer of a member, or a sender to a member or its place; no member."""
    ordered = suspect_order.select(party_id="client_id", reason=ibis.literal("named as the client of an order"))
    paying = flow_row.filter(flow_row.flow == "client_payment").select(
        party_id="from_id", reason=ibis.literal("paid a member as clients do")
    )
    hubs = member_party.filter(member_party.role.isin(["hub", "laboratory", "collector"])).select(
        receiver_id="party_id"
    )
    to_keeper = parcel_ends.semi_join(hubs, "receiver_id").select(
        party_id="sender_id", reason=ibis.literal("sent a parcel to a member")
    )
    to_place = parcel_ends.semi_join(network_hub.select(receiver_place="place_id"), "receiver_place").select(
        party_id="sender_id", reason=ibis.literal("sent a parcel to a place of a network")
    )
    # A regular sender is no donor, whatever else the parcels say; whoever also ordered or paid stays protected.
    regular = arrivals.regular_sender(parcel_ends, member_party, network_hub)
    sending = ibis.union(to_keeper, to_place).anti_join(regular, "party_id")
    every = ibis.union(ordered, paying, sending)
    kept = every.filter(every.party_id.notnull()).anti_join(member_party, "party_id")
    people = party.filter(party.kind != "organisation").select("party_id")
    return kept.semi_join(people, "party_id").group_by("party_id").agg(reason=lambda t: t.reason.min())
