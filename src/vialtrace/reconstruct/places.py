"""The places of a network: where it gathers, where its mules leave, where it has the tests done."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table


def network_place(
    network_hub: Table,
    member: Table,
    party_identifier: Table,
    place: Table,
    flow_row: Table,
    trip_day: Table,
    *,
    least_share: float = 0.05,
) -> Table:
    """Hubs, ports and laboratories of each network.

    A laboratory's places are its registered addresses. A port is one that at least ``least_share`` of the trips left
    by.
    """
    laboratories = member.filter(member.role == "laboratory").select(
        "network_id", "party_id", "score_weight", "from_on", "to_on"
    )
    addresses = party_identifier.filter(party_identifier.identifier_type == "address").select(
        "party_id", address="value"
    )
    known = place.select("place_id", "address")
    tested = (
        laboratories.join(addresses, "party_id")
        .join(known, "address")
        .group_by("network_id", "place_id", "address")
        .agg(weight=lambda t: t.score_weight.max(), from_on=lambda t: t.from_on.min(), to_on=lambda t: t.to_on.max())
    )
    trips = (
        flow_row.filter(flow_row.flow == "trip")
        .select("network_id", "row_id", on=flow_row["at"].date())
        .join(trip_day.select("row_id", "port"), "row_id")
    )
    ported = trips.filter(trips.port.notnull())
    ports = ported.group_by("network_id", "port").agg(
        n=ported.count(), from_on=ported["on"].min(), to_on=ported["on"].max()
    )
    totals = ported.group_by("network_id").agg(n_all=ported.count())
    used = ports.join(totals, "network_id").filter(lambda t: t.n >= least_share * t.n_all)
    names = ("network_id", "place_id", "role", "address", "weight", "from_on", "to_on")
    return ibis.union(
        network_hub.select(*names),
        tested.anti_join(network_hub, ["network_id", "place_id"])
        .mutate(role=ibis.literal("laboratory"))
        .select(*names),
        used.mutate(
            place_id=ibis.literal("A") + (ibis.literal("port ") + used.port).hexdigest("md5").substr(0, 15),
            role=ibis.literal("port"),
            address=used.port,
            weight=(used.n / used.n_all),
        ).select(*names),
    )
