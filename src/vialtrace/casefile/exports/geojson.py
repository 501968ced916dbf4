"""Places and regions as GeoJSON (RFC 7946): a province stands at its capital, a street address without a position.

Addresses are not located: that would take a service that is asked, and vialtrace asks nobody. RFC 7946 allows a
feature without geometry.
"""

from __future__ import annotations

import json
from typing import Any

from vialtrace.casefile.exports.dossier import Dossier

# Seats of government of the regions, degrees east and north, to a tenth: enough to stand on a map of the country.
_SEATS: dict[str, tuple[float, float]] = {
    "CN-AH": (117.3, 31.9), "CN-BJ": (116.4, 39.9), "CN-CQ": (106.6, 29.6), "CN-FJ": (119.3, 26.1),
    "CN-GD": (113.3, 23.1), "CN-GS": (103.8, 36.1), "CN-GX": (108.3, 22.8), "CN-GZ": (106.7, 26.6),
    "CN-HA": (113.7, 34.8), "CN-HB": (114.3, 30.5), "CN-HE": (114.5, 38.0), "CN-HI": (110.3, 20.0),
    "CN-HK": (114.2, 22.3), "CN-HL": (126.6, 45.8), "CN-HN": (113.0, 28.2), "CN-JL": (125.3, 43.9),
    "CN-JS": (118.8, 32.1), "CN-JX": (115.9, 28.7), "CN-LN": (123.4, 41.8), "CN-MO": (113.5, 22.2),
    "CN-NM": (111.7, 40.8), "CN-NX": (106.3, 38.5), "CN-QH": (101.8, 36.6), "CN-SC": (104.1, 30.7),
    "CN-SD": (117.0, 36.7), "CN-SH": (121.5, 31.2), "CN-SN": (108.9, 34.3), "CN-SX": (112.5, 37.9),
    "CN-TJ": (117.2, 39.1), "CN-TW": (121.5, 25.0), "CN-XJ": (87.6, 43.8), "CN-XZ": (91.1, 29.7),
    "CN-YN": (102.7, 25.0), "CN-ZJ": (120.2, 30.3),
    "IN-DL": (77.2, 28.6), "IN-HR": (76.8, 30.7), "IN-MH": (72.9, 19.1), "IN-UP": (80.9, 26.8),
}  # fmt: skip


def geojson(held: Dossier) -> bytes:
    """The regions samples came from, and the places of the networks, as one feature collection."""
    features = [
        each for view in held.views for each in (*_regions(held, view.network, view.regions), *_places(held, view))
    ]
    whole = {"type": "FeatureCollection", "features": features}
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _feature(position: tuple[float, float] | None, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(position)} if position else None
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _regions(held: Dossier, network: dict[str, Any], regions: Any) -> list[dict[str, Any]]:
    return [
        _feature(
            _SEATS.get(row["region"] or ""),
            {
                "network": network["network_id"],
                "sort": "region",
                "region": row["region"],
                "name": held.words.region(row["region"]),
                "n_rows": row["n_rows"],
                "position": "seat of government of the region" if row["region"] in _SEATS else "",
            },
        )
        for row in regions
    ]


def _places(held: Dossier, view: Any) -> list[dict[str, Any]]:
    return [
        _feature(
            None,
            {
                "network": view.network["network_id"],
                "sort": "place",
                "role": place.role,
                "name": held.words.role(place.role),
                "address": place.address,
                "from": place.from_on.isoformat() if place.from_on else None,
                "to": place.to_on.isoformat() if place.to_on else None,
            },
        )
        for place in view.places
    ]
