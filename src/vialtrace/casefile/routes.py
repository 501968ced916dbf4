"""Routes: how many parcels of a network went from which region to which, each route an exhibit of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from vialtrace.casefile.charts import REGIONS, Way, route_map
from vialtrace.casefile.shelf import Shelf
from vialtrace.casefile.wording import LANGUAGES, Words

_POSTED = ("sample_parcel", "relay")


@dataclass(frozen=True)
class Route:
    """All parcels from one region to another; a region that no record tells is empty."""

    exhibit: str
    origin: str
    destination: str
    row_ids: tuple[int, ...]


def routes(shelf: Shelf, flows: pa.Table) -> list[Route]:
    """The routes of a network's parcels by region of sender and of receiver, the most travelled first.

    Args:
        shelf: the tables.
        flows: the network's flow rows.
    """
    posted = flows.filter(pc.is_in(flows["flow"], value_set=pa.array(_POSTED)))
    places = set(pc.unique(posted["place_id"]).to_pylist()) - {None}
    where = {row["place_id"]: row["region"] or "" for row in shelf.rows("place", "place_id", places)}
    found: dict[tuple[str, str], set[int]] = {}
    for row_id, region, place in zip(*(posted[name].to_pylist() for name in ("row_id", "region", "place_id"))):  # noqa: B905
        found.setdefault((region or "", where.get(place, "")), set()).add(row_id)
    ranked = sorted(found, key=lambda ends: (-len(found[ends]), ends))
    return [Route(f"G-{number}", *ends, tuple(sorted(found[ends]))) for number, ends in enumerate(ranked, start=1)]


def drawn_routes(words: Words, found: Sequence[Route]) -> Markup | None:
    """The map of the routes; none where no route has both its ends on it."""
    if not any(each.origin in REGIONS and each.destination in REGIONS for each in found):
        return None
    return route_map(
        [Way(each.origin, each.destination, len(each.row_ids)) for each in found],
        title=words("routes.title"),
        description=words("routes.description", n=len(found)),
        arrived=words("routes.arrived"),
        language_no=LANGUAGES.index(words.language),
    )


def called(words: Words, region: str) -> str:
    """A region by name, by code where the map does not know it, or that no record tells it."""
    return (words.region(region) or region) if region else words("routes.unknown")
