"""Which parcels at a network's hub are its sample parcels, and who sends there so often as to be no donor."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

Flag = ibis.literal(True)  # noqa: FBT003  a column's value


def certain_arrival(
    members: Table, network_hub: Table, client_of: Table, parcel_ends: Table, order_parcel: Table
) -> tuple[Table, Table]:
    """Parcels to a hub's places and keepers; and those of them that an order, a client or a sending member marks."""
    keepers = members.filter(members.role.isin(["hub", "laboratory"])).select("network_id", receiver_id="party_id")
    by_keeper = parcel_ends.join(keepers, "receiver_id").select("row_id", "network_id")
    hubs = network_hub.select("network_id", receiver_place="place_id").distinct()
    by_place = parcel_ends.join(hubs, "receiver_place").select("row_id", "network_id")
    at_hub = by_place.distinct().mutate(is_at_hub=Flag)
    arrived = ibis.union(by_keeper, by_place, distinct=True).join(parcel_ends, "row_id")
    arrived = arrived.left_join(at_hub, ["row_id", "network_id"]).select(*arrived.columns, "is_at_hub")
    named = order_parcel.select("waybill_row").distinct().mutate(is_named=Flag)
    clients = client_of.select("network_id", sender_key="client", is_client=Flag)
    senders = members.select("network_id", sender_id="party_id", sender_role="role")
    marked = arrived.left_join(named, arrived.row_id == named.waybill_row).drop("waybill_row")
    marked = marked.left_join(clients, ["network_id", "sender_key"]).select(*marked.columns, "is_client")
    marked = marked.left_join(senders, ["network_id", "sender_id"]).select(*marked.columns, "sender_role")
    return marked, marked.filter(marked.is_named | marked.is_client | marked.sender_role.notnull())


def from_strangers(
    marked: Table, certain: Table, members: Table, network: Table, parcel_ends: Table, *, least_certain: int = 2
) -> Table:
    """Parcels of people known from nothing else that arrived where the network's samples arrive, in its period.

    That is at a hub's address, for a member or for a name that other sample parcels there bore (a courier station
    takes in parcels for its whole street); or for the hub's keeper where ``least_certain`` marked parcels had come to
    the same address. Senders whom another life explains are left out.
    """
    own = members.select("network_id", receiver_id="party_id").distinct().mutate(is_own=Flag)
    met = certain.group_by("network_id", "receiver_id", "receiver_place").agg(n_certain=certain.count())
    stray = marked.anti_join(certain, ["network_id", "row_id"])
    spans = network.select("network_id", start="from_on", end="to_on")
    timed = stray.join(spans, "network_id")
    timed = timed.filter(
        (timed.sent_on >= timed.start).fill_null(True) & (timed.sent_on <= timed.end).fill_null(True)  # noqa: FBT003
    )
    known = timed.left_join(met, ["network_id", "receiver_id", "receiver_place"]).select(*timed.columns, "n_certain")
    known = known.left_join(own, ["network_id", "receiver_id"]).select(*known.columns, "is_own")
    at_hub = known.is_at_hub & (known.is_own | known.receiver_id.isnull() | (known.n_certain >= 1))
    there = known.filter(at_hub.fill_null(False) | (known.n_certain >= least_certain).fill_null(False))  # noqa: FBT003
    explained = otherwise_explained(there, parcel_ends)
    return there.anti_join(explained, ["network_id", "sender_id"]).select(*marked.columns)


def otherwise_explained(
    there: Table, parcel_ends: Table, *, least_customers: int = 30, least_answered: float = 0.5
) -> Table:
    """Senders whom ordinary life explains: shops, partners in two-way trade, and customers who return goods.

    A shop posts to ``least_customers`` and more different receivers. Who also received parcels from the hub trades with
    it, or returns what it bought, unless at least ``least_answered`` of all to whom the hub sent also send to it: then
    what goes out are collection boxes, and what comes back are samples.
    """
    receivers = parcel_ends.group_by("sender_id").agg(n_customers=parcel_ends.receiver_id.nunique())
    shops = there.join(receivers.filter(receivers.n_customers >= least_customers), "sender_id").select(
        "network_id", "sender_id"
    )
    hub = there.select("network_id", keeper="receiver_id", hub_place="receiver_place").distinct()
    by_keeper = hub.select("network_id", sender_id="keeper").filter(lambda t: t.sender_id.notnull()).distinct()
    by_place = hub.select("network_id", sender_place="hub_place").filter(lambda t: t.sender_place.notnull()).distinct()
    posted = ibis.union(
        parcel_ends.join(by_keeper, "sender_id").select("network_id", "receiver_id"),
        parcel_ends.join(by_place, "sender_place").select("network_id", "receiver_id"),
    ).distinct()
    posted = posted.filter(posted.receiver_id.notnull())
    answering = there.select("network_id", receiver_id="sender_id").distinct().mutate(answers=Flag)
    answered = posted.left_join(answering, ["network_id", "receiver_id"]).select(*posted.columns, "answers")
    shares = answered.group_by("network_id").agg(share=answered.answers.fill_null(False).cast("float64").mean())  # noqa: FBT003
    traders = answered.filter(answered.answers).join(shares.filter(shares.share < least_answered), "network_id")
    return ibis.union(shops, traders.select("network_id", sender_id="receiver_id"), distinct=True)


def relayed(kept: Table, members: Table) -> Table:
    """The same parcels, with whether each only sends on what had come in: a laboratory's, or a hub's.

    A hub relays where it took in at least as many parcels from outside the network as it sent. Whoever takes in fewer
    gathered what it sends by hand, and each of its parcels brings samples that no other parcel brought.
    """
    own = members.select("network_id", "party_id", "member_id")
    outside = kept.filter(kept.sender_role.isnull()).join(
        own.select("network_id", receiver_id="party_id", member_id="member_id"), ["network_id", "receiver_id"]
    )
    took = outside.group_by("network_id", "member_id").agg(n_took=lambda t: t.count())
    inside = kept.filter(kept.sender_role.notnull()).join(
        own.select("network_id", sender_id="party_id", member_id="member_id"), ["network_id", "sender_id"]
    )
    sent = inside.group_by("network_id", "member_id").agg(n_sent=lambda t: t.count())
    through = sent.join(took, ["network_id", "member_id"]).filter(lambda t: t.n_took >= t.n_sent)
    relays = own.join(through, ["network_id", "member_id"]).select("network_id", sender_id="party_id", through=Flag)
    known = kept.left_join(relays, ["network_id", "sender_id"]).select(*kept.columns, "through")
    is_hub = (known.sender_role == "hub") & known.through
    return known.mutate(is_relay=(is_hub | (known.sender_role == "laboratory")).fill_null(False))  # noqa: FBT003


def regular_sender(
    parcel_ends: Table, members: Table, network_hub: Table, *, least_parcels: int = 4, least_weeks: int = 3
) -> Table:
    """Parties who posted ``least_parcels`` parcels in ``least_weeks`` different weeks to one network's hubs.

    The same bounds as those of the question who posts again and again to an address where specimens go: a donor posts
    once or twice.
    """
    keepers = members.filter(members.role.isin(["hub", "laboratory", "collector"])).select(
        "network_id", receiver_id="party_id"
    )
    hubs = network_hub.select("network_id", receiver_place="place_id")
    there = ibis.union(
        parcel_ends.join(keepers, "receiver_id").select("network_id", "row_id", "sender_id", "sent_on"),
        parcel_ends.join(hubs, "receiver_place").select("network_id", "row_id", "sender_id", "sent_on"),
        distinct=True,
    )
    posted = there.filter(there.sender_id.notnull()).group_by("network_id", "sender_id")
    counts = posted.agg(n=lambda t: t.count(), n_weeks=lambda t: (t.sent_on.epoch_days() // 7).nunique())
    again = counts.filter((counts.n >= least_parcels) & (counts.n_weeks >= least_weeks))
    return again.select(party_id="sender_id").distinct()
