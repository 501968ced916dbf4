"""The places of a network, with an address that belongs to a donor and to no member kept back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow.compute as pc

from vialtrace.casefile.shelf import Shelf
from vialtrace.casefile.veil import Veil


@dataclass(frozen=True)
class Place:
    """One place where a network stores, hands over or tests."""

    role: str
    address: str
    weight: float
    from_on: date | None
    to_on: date | None
    place_id: str = ""


def addresses(shelf: Shelf, place_ids: Iterable[str], veil: Veil) -> dict[str, str]:
    """The addresses of places of networks; of one that is a donor's home only the city and district."""
    rows = [row for row in shelf.rows("network_place", "place_id", set(place_ids)) if row["address"]]
    homes = _homes(shelf, {row["address"] for row in rows}, veil)
    towns = {
        row["place_id"]: " ".join(filter(None, (row["city"], row["district"])))
        for row in shelf.rows("place", "place_id", {row["place_id"] for row in rows})
    }
    return {
        row["place_id"]: towns.get(row["place_id"], "–") if row["address"] in homes else row["address"] for row in rows
    }


def shown_addresses(shelf: Shelf, veil: Veil) -> set[str]:
    """The addresses of hubs and laboratories of the networks that the veil is of, but no donor's home."""
    networks = set(shelf.where("member", "party_id", veil.members, ["network_id"])["network_id"].to_pylist())
    rows = [row for row in shelf.rows("network_place", "network_id", networks) if row["address"]]
    homes = _homes(shelf, {row["address"] for row in rows}, veil)
    return {row["address"] for row in rows} - homes


def places(shelf: Shelf, network_id: str, veil: Veil) -> list[Place]:
    """The places of a network, by role, best supported first."""
    rows = shelf.rows("network_place", "network_id", [network_id])
    shown = addresses(shelf, {row["place_id"] for row in rows}, veil)
    found = [
        Place(
            row["role"],
            shown.get(row["place_id"], "–"),
            row["weight"] or 0.0,
            row["from_on"],
            row["to_on"],
            row["place_id"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda place: (place.role, -place.weight, place.address))


def _homes(shelf: Shelf, values: set[str], veil: Veil) -> set[str]:
    """Those of the addresses that a protected party bears and nobody who may be named."""
    bearers = shelf.where("party_identifier", "value", values, ["party_id", "identifier_type", "value"])
    bearers = bearers.filter(pc.equal(bearers["identifier_type"], "address"))
    pairs = set(zip(bearers["value"].to_pylist(), bearers["party_id"].to_pylist(), strict=True))
    ours = {value for value, party_id in pairs if veil.is_clear(party_id)}
    return {value for value, party_id in pairs if veil.is_protected(party_id)} - ours
