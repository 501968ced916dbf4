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
    pay_days: int = 2,
) -> Table:
    """Hubs, ports and laboratories of each network.

    A laboratory's places are its registered addresses. A port is one that at least ``least_share`` of the network's
    trips left by. What a single mule crossed by is the network's only where pay came within ``pay_days`` of the trip,
    or nobody else carried: everybody has a port of their own life.
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
        .select("network_id", "row_id", "from_id", on=flow_row["at"].date())
        .join(trip_day.select("row_id", "port"), "row_id")
    )
    ported = _carried(trips.filter(trips.port.notnull()), flow_row, pay_days)
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


def _carried(ported: Table, flow_row: Table, pay_days: int) -> Table:
    """Trips by a port that several of the network's mules use, or its only mule; and trips that pay followed."""
    crews = ported.group_by("network_id", "port").agg(n_mules=ported.from_id.nunique())
    wholes = ported.group_by("network_id").agg(n_crew=ported.from_id.nunique())
    counted = ported.join(crews, ["network_id", "port"]).join(wholes, "network_id")
    pay = flow_row.filter(flow_row.flow == "pay").select("network_id", from_id="to_id", paid_on=flow_row["at"].date())
    met = ported.join(pay, ["network_id", "from_id"])
    paid = met.filter((met.paid_on >= met["on"]) & (met.paid_on <= met["on"] + ibis.interval(days=pay_days)))
    flags = paid.select("network_id", "row_id").distinct().mutate(is_paid=ibis.literal(True))  # noqa: FBT003
    known = counted.left_join(flags, ["network_id", "row_id"]).select(*counted.columns, "is_paid")
    return known.filter((known.n_mules >= 2) | (known.n_crew == 1) | known.is_paid).select(*ported.columns)
