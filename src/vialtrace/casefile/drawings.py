"""The charts of a network's page: what stands in them, handed to those who draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vialtrace.casefile.cast import Member
from vialtrace.casefile.charts import REGIONS, Lane, Link, LinkChart, Node, link_chart, tile_map, timeline
from vialtrace.casefile.claims import Claim
from vialtrace.casefile.flows import Month
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.wording import LANGUAGES, Words, share

# Lane, the flows it counts, and the record kind without which it is empty for want of records.
_LANES = (
    ("advert", ("advert",), "post"),
    ("order", ("order",), "order"),
    ("parcel", ("sample_parcel", "relay"), "waybill"),
    ("trip", ("trip",), "crossing"),
    ("seizure", ("seizure",), "seizure"),
)


@dataclass(frozen=True)
class Tie:
    """All claims that tie one member to another, in one direction."""

    number: int
    source: Member
    target: Member
    relations: tuple[str, ...]
    weight: float
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Drawings:
    """The drawn charts, and the ties that the link chart shows."""

    links: LinkChart
    ties: Sequence[Tie]
    timeline: Markup | None
    region_map: Markup | None


def drawings(
    words: Words,
    network: Row,
    members: Sequence[Member],
    claims: Mapping[str, Claim],
    months: Sequence[Month],
    regions: Sequence[Row],
    shelf: Shelf,
) -> Drawings:
    """Draw the link chart, the timeline and the map of regions of a network."""
    found = ties(members, claims)
    is_mapped = any(row["region"] in REGIONS for row in regions)
    return Drawings(
        _links(words, network, members, found),
        found,
        _timeline(words, network, months, shelf) if months else None,
        tile_map(
            {row["region"]: row["n_rows"] or 0 for row in regions if row["region"]},
            title=words("regions.map"),
            description=words("regions.description", n=len(regions)),
            language_no=LANGUAGES.index(words.language),
        )
        if is_mapped
        else None,
    )


def ties(members: Sequence[Member], claims: Mapping[str, Claim]) -> list[Tie]:
    """What ties members to each other, strongest first; claims that speak against are not ties."""
    by_party = {member.party_id: member for member in members}
    grouped: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims.values():
        ends = [end_id for kind, end_id in claim.ends if kind == "party" and end_id in by_party]
        if len(ends) == 2 and ends[0] != ends[1] and not claim.is_against:
            grouped[ends[0], ends[1]].append(claim)
    ranked = sorted(
        grouped.items(),
        key=lambda pair: (
            -sum(claim.weight for claim in pair[1]),
            int(by_party[pair[0][0]].number[1:]),
            int(by_party[pair[0][1]].number[1:]),
        ),
    )
    return [
        Tie(
            number,
            by_party[source],
            by_party[target],
            tuple(sorted({claim.relation for claim in tied})),
            sum(claim.weight for claim in tied),
            tuple(tied),
        )
        for number, ((source, target), tied) in enumerate(ranked, start=1)
    ]


def _links(words: Words, network: Row, members: Sequence[Member], found: Sequence[Tie]) -> LinkChart:
    nodes = [
        Node(
            member.number, member.name, member.role, words.role(member.role), share(member.score), f"m-{member.number}"
        )
        for member in members
    ]
    links = [Link(tie.number, tie.source.number, tie.target.number, tie.weight, _said(words, tie)) for tie in found]
    return link_chart(
        nodes,
        links,
        title=words("links.title", rank=network["rank"]),
        description=words("links.description", nodes=len(nodes), links=len(links)),
    )


def _said(words: Words, tie: Tie) -> str:
    relations = words.joined([words.known("relation", each) for each in tie.relations])
    return f"{tie.number}: {tie.source.name} – {relations} – {tie.target.name}"


def _timeline(words: Words, network: Row, months: Sequence[Month], shelf: Shelf) -> Markup:
    lanes = [
        _lane(
            words(f"lane.{name}"),
            words("timeline.a_month"),
            [sum(month.n_rows.get(flow, 0) for flow in flows) for month in months],
            has_records=shelf.arrow(kind).num_rows > 0,
        )
        for name, flows, kind in _LANES
    ]
    paid = [float(month.paid) for month in months]
    lanes.insert(
        4, _lane(words("lane.paid"), words("timeline.a_month"), paid, has_records=shelf.arrow("payment").num_rows > 0)
    )
    return timeline(
        [month.month for month in months],
        lanes,
        title=words("timeline.title", rank=network["rank"]),
        description=words("timeline.description", first=months[0].month, last=months[-1].month),
        nothing=words("timeline.nothing"),
    )


def _lane(name: str, unit: str, values: Sequence[float], *, has_records: bool) -> Lane:
    return Lane(name, unit, tuple(values), tuple(_short(value) for value in values), has_records)


def _short(value: float) -> str:
    """A number short enough to stand over a bar."""
    if value < 10_000:
        return f"{round(value)}"
    return f"{value / 1000:.0f}k" if value < 1_000_000 else f"{value / 1_000_000:.1f}m"
