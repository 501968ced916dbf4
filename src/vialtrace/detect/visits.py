"""Who is served by whom: the bipartite table of service points and the clients seen at them."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

# Days are grouped in weeks, so that a payment and the parcel that follows it a few days later can be met by a join.
DAYS = 7


def visit(
    payment_ends: Table,
    parcel_ends: Table,
    suspect_order: Table,
    *,
    least_clients: int = 5,
    most_visits: int = 400,
) -> Table:
    """One client seen once at one service point: paying it, sending to it, ordering from it.

    A service point serves at least ``least_clients`` different names: below that no overlap can be told from chance
    after correction. A client with more than ``most_visits`` visits of one sort is a firm or a platform, not a person.
    """
    paid = payment_ends.select(
        "row_id",
        client=payment_ends.payer_key.fill_null(payment_ends.payer_id),
        client_id="payer_id",
        point_id="payee_id",
        on="paid_on",
        side=ibis.literal("payee"),
        point_kind=ibis.literal("party"),
    )
    sent = parcel_ends.select(
        "row_id",
        "receiver_id",
        "receiver_place",
        client=parcel_ends.sender_key.fill_null(parcel_ends.sender_id),
        client_id="sender_id",
        on="sent_on",
    )
    sent_to_party = sent.mutate(
        point_id=sent.receiver_id, side=ibis.literal("receiver"), point_kind=ibis.literal("party")
    )
    sent_to_place = sent.mutate(
        point_id=sent.receiver_place, side=ibis.literal("address"), point_kind=ibis.literal("place")
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
    each = apart.group_by("side", "point_id", "client").agg(n=apart.count())
    served = each.group_by("side", "point_id").agg(n_clients=each.count())
    busy = served.filter(served.n_clients >= least_clients)
    heavy = each.group_by("side", "client").agg(n=each.n.sum())
    ordinary = heavy.filter(heavy.n <= most_visits).select("side", "client")
    kept = apart.semi_join(busy, ["side", "point_id"]).semi_join(ordinary, ["side", "client"])
    return kept.mutate(week=(kept["on"].epoch_days() // DAYS).cast("int64")).select(*columns, "week")


def talk_visit(
    contact: Table, mention: Table, *, least_clients: int = 3, most_visits: int = 400
) -> Table:
    """One party once in touch with another, by call or message: each is the other's point, and the other's client.

    In the form of ``visit``. A point talks with at least ``least_clients`` others; who is in touch more than
    ``most_visits`` times is a firm or a switchboard, and no client.
    """
    ends = [
        mention.filter((mention.slot == f"contact.{end}") & mention.party_id.notnull()) for end in ("from", "to")
    ]
    met = ibis.union(
        *(
            one.select("row_id", "name_key", client_id="party_id").join(
                other.select("row_id", point_id="party_id"), "row_id"
            )
            for one, other in (ends, ends[::-1])
        )
    )
    met = met.filter(met.client_id != met.point_id).join(
        contact.select("row_id", on=contact.contacted_at.date()), "row_id"
    )
    talks = met.filter(met["on"].notnull()).select(
        "point_id",
        "client_id",
        "on",
        "row_id",
        side=ibis.literal("talk"),
        point_kind=ibis.literal("party"),
        client=met.name_key.fill_null(met.client_id),
    )
    several = talks.group_by("point_id").agg(n=talks.client_id.nunique()).filter(lambda t: t.n >= least_clients)
    ordinary = talks.group_by("client_id").agg(n=talks.count()).filter(lambda t: t.n <= most_visits)
    kept = talks.semi_join(several, "point_id").semi_join(ordinary, "client_id")
    return kept.select(
        "side", "point_kind", "point_id", "client", "client_id", "on", "row_id",
        week=(kept["on"].epoch_days() // DAYS).cast("int64"),
    )
