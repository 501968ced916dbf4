"""Who is served by whom: the bipartite table of service points and the clients seen at them."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

# Days are grouped in weeks, so that a payment and the parcel that follows it a few days later can be met by a join.
DAYS = 7


def visit(
    payment: Table,
    waybill: Table,
    suspect_order: Table,
    mention: Table,
    *,
    least_clients: int = 5,
    most_visits: int = 400,
) -> Table:
    """One client seen once at one service point: paying it, sending to it, ordering from it.

    A service point serves at least ``least_clients`` different names: below that no overlap can be told from chance
    after correction. A client with more than ``most_visits`` visits of one sort is a firm or a platform, not a person.
    """
    paid = (
        _named(mention, "payment.payer")
        .join(_points(mention, "payment.payee"), "row_id")
        .join(payment.select("row_id", on=payment.paid_at.date()), "row_id")
        .mutate(side=ibis.literal("payee"), point_kind=ibis.literal("party"))
    )
    senders = _named(mention, "waybill.sender")
    days = waybill.select("row_id", on=waybill.accepted_at.date())
    sent_to_party = (
        senders.join(_points(mention, "waybill.receiver"), "row_id")
        .join(days, "row_id")
        .mutate(side=ibis.literal("receiver"), point_kind=ibis.literal("party"))
    )
    places = mention.filter((mention.slot == "waybill.receiver") & mention.place_id.notnull()).select(
        "row_id", point_id="place_id"
    )
    sent_to_place = (
        senders.join(places, "row_id")
        .join(days, "row_id")
        .mutate(side=ibis.literal("address"), point_kind=ibis.literal("place"))
    )
    ordered = suspect_order.filter(suspect_order.agent_id.notnull()).select(
        "row_id",
        client=suspect_order.client_key.fill_null(suspect_order.client_id),
        client_id="client_id",
        point_id="agent_id",
        on="ordered_on",
        side=ibis.literal("agent"),
        point_kind=ibis.literal("party"),
    )
    columns = ("side", "point_kind", "point_id", "client", "client_id", "on", "row_id")
    seen = ibis.union(*(each.select(*columns) for each in (paid, sent_to_party, sent_to_place, ordered)))
    apart = seen.filter(
        seen.client.notnull() & seen.point_id.notnull() & (seen.client_id.fill_null("") != seen.point_id)
    )
    served = apart.group_by("side", "point_id").agg(n_clients=apart.client.nunique())
    busy = served.filter(served.n_clients >= least_clients)
    heavy = apart.group_by("side", "client").agg(n=apart.count())
    ordinary = heavy.filter(heavy.n <= most_visits).select("side", "client")
    kept = apart.semi_join(busy, ["side", "point_id"]).semi_join(ordinary, ["side", "client"])
    return kept.mutate(week=(kept["on"].epoch_days() // DAYS).cast("int64")).select(*columns, "week")


def _named(mention: Table, slot: str) -> Table:
    each = mention.filter(mention.slot == slot)
    return each.select("row_id", client=each.name_key.fill_null(each.party_id), client_id="party_id")


def _points(mention: Table, slot: str) -> Table:
    return mention.filter((mention.slot == slot) & mention.party_id.notnull()).select("row_id", point_id="party_id")
