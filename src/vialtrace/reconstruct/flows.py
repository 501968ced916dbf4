"""What the network moved, row by row: parcels, payments, trips, orders, seizures, adverts."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.reconstruct import arrivals

COLUMNS = (
    "network_id",
    "row_id",
    "flow",
    "from_id",
    "to_id",
    "place_id",
    "at",
    "amount",
    "currency",
    "quantity",
    "region",
)


def _nothing(kind: str) -> ibis.expr.types.Value:
    return ibis.null().cast(kind)


def _filled(rows: Table, **given: object) -> Table:
    kinds = {
        "place_id": "string",
        "from_id": "string",
        "to_id": "string",
        "amount": "decimal(20, 4)",
        "currency": "string",
        "quantity": "float64",
        "region": "string",
    }
    for name, kind in kinds.items():
        if name not in rows.columns and name not in given:
            given[name] = _nothing(kind)
    return rows.mutate(**given).select(*COLUMNS)


def member_party(member: Table, member_alias: Table) -> Table:
    """Each party that is a member, under its own name or as another party that is the same person."""
    columns = ("network_id", "party_id", "member_id", "what", "role", "from_on", "to_on")
    own = member.select("network_id", "party_id", "role", "from_on", "to_on", member_id="party_id")
    others = member_alias.select("network_id", "party_id", "alias_id", "what").join(
        own.drop("member_id"), ["network_id", "party_id"]
    )
    known = others.select("network_id", "what", "role", "from_on", "to_on", party_id="alias_id", member_id="party_id")
    return ibis.union(own.mutate(what=ibis.literal("person")).select(*columns), known.select(*columns))


def client_of(member_party: Table, suspect_order: Table, visit: Table, network_hub: Table) -> Table:
    """A client of a network: named in its orders, or seen both paying a member and sending to a member or its place."""
    ordered = suspect_order.join(member_party.select("network_id", agent_id="party_id"), "agent_id").select(
        "network_id", client=suspect_order.client_key
    )
    served = visit.join(member_party.select("network_id", point_id="party_id"), "point_id").select(
        "network_id", "client", "side"
    )
    sent = visit.join(network_hub.select("network_id", point_id="place_id"), "point_id").select(
        "network_id", "client", "side"
    )
    both = ibis.union(served, sent).mutate(is_paid=lambda t: t.side == "payee")
    seen = both.group_by("network_id", "client").agg(paid=both.is_paid.any(), sent=(~both.is_paid).any())
    twice = seen.filter(seen.paid & seen.sent).select("network_id", "client")
    every = ibis.union(ordered, twice, distinct=True)
    return every.filter(every.client.notnull())


def flow_row(  # noqa: PLR0913, PLR0917  one parameter a table
    member_party: Table,
    network_hub: Table,
    client_of: Table,
    payment: Table,
    crossing: Table,
    post: Table,
    mention: Table,
    place: Table,
    parcel_ends: Table,
    order_parcel: Table,
    suspect_order: Table,
    sample_seizure: Table,
    reading: Table,
    trip_day: Table,
    order: Table,
    network: Table,
    tie: Table,
    *,
    onward_share: float = 0.15,
    onward_payments: int = 5,
) -> Table:
    """What each network moved.

    A payment from a client of the network to a member is a client payment; between members it is named by the payee's
    role. What a treasurer pays in its period to an outsider who takes at least ``onward_share`` of all it pays out, in
    at least ``onward_payments`` payments that are no monthly rent, went onward. A parcel to a hub's place or keeper is
    a sample parcel if an order names it, its sender is a client or a member of the network, or no other life explains
    the sender; a parcel of a hub that took in at least as many as it sent on is a relay. A trip is a quick trip of a
    mule in the network's period. A row belongs to one network: the best ranked.
    """
    members = member_party
    flows = ibis.union(
        _money(members, client_of, payment, mention),
        _onward(members, client_of, payment, mention, tie, onward_share, onward_payments),
        _parcels(members, network_hub, client_of, parcel_ends, order_parcel, place, network),
        _trips(members, trip_day, crossing),
        _orders(members, suspect_order, order),
        _seizures(members, sample_seizure),
        _adverts(members, post, mention, reading),
    )
    one = flows.mutate(
        rank_=ibis.row_number().over(ibis.window(group_by=flows.row_id, order_by=[flows.network_id, flows.flow]))
    )
    return one.filter(one.rank_ == 0).select(*COLUMNS)


def _paid(payment: Table, mention: Table) -> Table:
    """Payments with who paid and who was paid."""
    payers = mention.filter(mention.slot == "payment.payer").select(
        "row_id", from_id="party_id", payer_key=mention.name_key.fill_null(mention.party_id)
    )
    payees = mention.filter(mention.slot == "payment.payee").select("row_id", to_id="party_id")
    ends = payment.select("row_id", "amount", "currency", at="paid_at").join(payers, "row_id").join(payees, "row_id")
    return ends.filter(ends.from_id != ends.to_id)


def _money(members: Table, client_of: Table, payment: Table, mention: Table) -> Table:
    ends = _paid(payment, mention)
    to_member = ends.join(members.select("network_id", to_id="party_id", to_role="role"), "to_id")
    from_role = members.select("network_id", from_id="party_id", from_role="role")
    both = to_member.left_join(from_role, ["network_id", "from_id"])
    both = both.select(*to_member.columns, "from_role")
    clients = client_of.select("network_id", payer_key="client", is_client=ibis.literal(True))  # noqa: FBT003
    known = both.left_join(clients, ["network_id", "payer_key"])
    known = known.select(*both.columns, "is_client")
    kept = known.filter(known.from_role.notnull() | (known.is_client & ~known.to_role.isin(["mule", "laboratory"])))
    return _filled(
        kept.mutate(
            flow=ibis.cases(
                (kept.from_role.isnull(), "client_payment"),
                (kept.to_role == "mule", "pay"),
                (kept.to_role == "laboratory", "laboratory_fee"),
                (kept.to_role == "organiser", "profit"),
                (
                    kept.to_role.isin(["recruiter", "collector"]) & kept.from_role.isin(["treasurer", "organiser"]),
                    "commission",
                ),
                else_="transfer",
            )
        )
    )


def _onward(
    members: Table, client_of: Table, payment: Table, mention: Table, tie: Table, least_share: float, least_n: int
) -> Table:
    """What treasurers passed on to outsiders in large shares, while they had their part: what for, no record shows."""
    tills = members.filter(members.role == "treasurer").select("network_id", "from_on", "to_on", from_id="party_id")
    months = tie.last_on.delta(tie.first_on, unit="day") / 30.44
    is_monthly = (months >= 2.0) & ((tie.n - 1) / months).between(0.75, 1.25)
    large = tie.filter(
        (tie.line == "payment") & (tie.n >= least_n) & (tie.amount >= tie.paid_out * least_share) & ~is_monthly
    )
    taken = large.select("from_id", "to_id").join(tills, "from_id")
    ours = members.select("network_id", to_id="party_id")
    clients = client_of.select("network_id", to_id="client")
    outside = taken.anti_join(ours, ["network_id", "to_id"]).anti_join(clients, ["network_id", "to_id"])
    rows = _paid(payment, mention).join(outside, ["from_id", "to_id"])
    return _filled(_within(rows, rows["at"].date()).mutate(flow=ibis.literal("onward")))


def _parcels(
    members: Table,
    network_hub: Table,
    client_of: Table,
    parcel_ends: Table,
    order_parcel: Table,
    place: Table,
    network: Table,
) -> Table:
    marked, certain = arrivals.certain_arrival(members, network_hub, client_of, parcel_ends, order_parcel)
    strangers = arrivals.from_strangers(marked, certain, members, network, parcel_ends)
    kept = arrivals.relayed(ibis.union(certain, strangers), members)
    located = kept.left_join(place.select(sender_place="place_id", region="region"), "sender_place").select(
        *kept.columns, "region"
    )
    return _filled(
        located.mutate(
            flow=ibis.ifelse(located.is_relay, "relay", "sample_parcel"),
            from_id=located.sender_id,
            to_id=located.receiver_id,
            place_id=located.receiver_place,
            at=located.sent_on.cast("timestamp(6)"),
        )
    )


def _within(rows: Table, day: ibis.expr.types.DateValue) -> Table:
    """The rows of a member's own period, where that is known."""
    return rows.filter((day >= rows.from_on).fill_null(True) & (day <= rows.to_on).fill_null(True))  # noqa: FBT003


def _trips(members: Table, trip_day: Table, crossing: Table) -> Table:
    mules = members.filter(members.role == "mule")
    trips = trip_day.filter(trip_day.is_quick).join(mules, "party_id")
    timed = _within(trips, trips["on"]).select("network_id", "row_id", from_id="party_id").join(
        crossing.select("row_id", at="crossed_at"), "row_id"
    )
    return _filled(timed.mutate(flow=ibis.literal("trip")))


def _orders(members: Table, suspect_order: Table, order: Table) -> Table:
    sold = suspect_order.join(members.select("network_id", agent_id="party_id"), "agent_id").select(
        "row_id", "network_id", "agent_id", "client_id", "price", "currency"
    )
    timed = sold.join(order.select("row_id", at="ordered_at"), "row_id")
    return _filled(
        timed.mutate(
            flow=ibis.literal("order"),
            from_id=timed.client_id,
            to_id=timed.agent_id,
            amount=timed.price,
            quantity=ibis.literal(1.0),
        )
    )


def _seizures(members: Table, sample_seizure: Table) -> Table:
    carried = sample_seizure.join(members.select("network_id", carrier_id="party_id"), "carrier_id").select(
        "row_id", "network_id", "quantity", from_id="carrier_id", at=sample_seizure.seized_on.cast("timestamp(6)")
    )
    return _filled(carried.mutate(flow=ibis.literal("seizure")))


def _adverts(members: Table, post: Table, mention: Table, reading: Table) -> Table:
    soliciting = post.join(reading.filter(reading.is_solicitation).select("text"), "text").select(
        "row_id", at="posted_at"
    )
    authors = (
        mention.filter(mention.slot.isin(["post.account", "post.contact"]))
        .select("row_id", "party_id")
        .join(members.select("network_id", "party_id"), "party_id")
        .select("row_id", "network_id", from_id="party_id")
    )
    named = soliciting.join(authors, "row_id")
    first = named.group_by("network_id", "row_id").agg(at=named["at"].min(), from_id=named.from_id.min())
    return _filled(first.mutate(flow=ibis.literal("advert")))
