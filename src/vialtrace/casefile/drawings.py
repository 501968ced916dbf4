"""The charts of a network's page: what stands in them, handed to those who draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vialtrace.casefile.cast import Member
from vialtrace.casefile.charts import REGIONS, Lane, Link, LinkChart, Node, link_chart, tile_map, timeline
from vialtrace.casefile.claims import Claim
from vialtrace.casefile.flows import FlowLine, Month
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
    """All claims that tie one member to another, in one direction, and the recorded flows between the two."""

    number: int
    source: Member
    target: Member
    relations: tuple[str, ...]
    weight: float
    claims: tuple[Claim, ...]
    flows: tuple[FlowLine, ...]


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
    flows: Sequence[FlowLine],
    shelf: Shelf,
) -> Drawings:
    """Draw the link chart, the timeline and the map of regions of a network."""
    found = ties(members, claims, flows)
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


def ties(members: Sequence[Member], claims: Mapping[str, Claim], flows: Sequence[FlowLine]) -> list[Tie]:
    """What ties members to each other, strongest first; claims that speak against are not ties.

    A claim about a member and a place ties the member to the one who receives there. Recorded payments and parcels
    between two members whom no claim ties come last.
    """
    by_party = {member.party_id: member for member in members}
    keepers = _keepers(by_party, claims)
    grouped: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims.values():
        ends = [keepers.get(end_id, "") if kind == "place" else end_id for kind, end_id in claim.ends]
        ends = [end for end in ends if end in by_party]
        if len(ends) == 2 and ends[0] != ends[1] and not claim.is_against:
            grouped[ends[0], ends[1]].append(claim)
    moved: dict[tuple[str, str], list[FlowLine]] = defaultdict(list)
    for line in flows:
        if line.from_id in by_party and line.to_id in by_party and line.from_id != line.to_id:
            moved[line.from_id, line.to_id].append(line)

    def order(pair: tuple[str, str]) -> tuple[float, ...]:
        numbers = [int(by_party[end].number[1:]) for end in pair]
        return (
            -sum(claim.weight for claim in grouped.get(pair, ())),
            -sum(line.n_rows for line in moved.get(pair, ())),
            *numbers,
        )

    return [
        _tie(number, by_party[pair[0]], by_party[pair[1]], grouped.get(pair, []), moved.get(pair, []))
        for number, pair in enumerate(sorted({*grouped, *moved}, key=order), start=1)
    ]


def _tie(number: int, source: Member, target: Member, tied: list[Claim], moved: list[FlowLine]) -> Tie:
    relations = tuple(sorted({claim.relation for claim in tied if claim.relation}))
    return Tie(number, source, target, relations, sum(claim.weight for claim in tied), tuple(tied), tuple(moved))


def _keepers(by_party: Mapping[str, Member], claims: Mapping[str, Claim]) -> dict[str, str]:
    """The member who receives at each place, by the strongest claim that says so."""
    found: dict[str, str] = {}
    for claim in sorted(claims.values(), key=lambda claim: (-claim.weight, claim.exhibit)):
        ends = dict(claim.ends)
        if claim.relation == "receives_from" and "place" in ends and ends.get("party") in by_party:
            found.setdefault(ends["place"], ends["party"])
    return found


def _links(words: Words, network: Row, members: Sequence[Member], found: Sequence[Tie]) -> LinkChart:
    nodes = [
        Node(
            member.number, member.name, member.role, words.role(member.role), share(member.score), f"m-{member.number}"
        )
        for member in members
    ]
    links = [
        Link(tie.number, tie.source.number, tie.target.number, tie.weight, _said(words, tie), not tie.claims)
        for tie in found
    ]
    return link_chart(
        nodes,
        links,
        title=words("links.title", rank=network["rank"]),
        description=words("links.description", nodes=len(nodes), links=len(links)),
    )


def _said(words: Words, tie: Tie) -> str:
    flows = dict.fromkeys(words.known("flow", line.flow) for line in tie.flows)
    relations = words.joined([*(words.known("relation", each) for each in tie.relations), *flows])
    return f"{tie.number}: {tie.source.name} – {relations} – {tie.target.name}"


def _timeline(words: Words, network: Row, months: Sequence[Month], shelf: Shelf) -> Markup:
    lanes = [
        _lane(
            words(f"lane.{name}"),
            words("timeline.a_month"),
            [sum(month.n_rows.get(flow, 0) for flow in flows) for month in months],
            has_records=shelf.count(kind) > 0,
        )
        for name, flows, kind in _LANES
    ]
    # One lane a currency, for sums of two are no sum.
    for currency in sorted({each for month in months for each in month.paid}) or [""]:
        paid = [float(month.paid.get(currency, 0)) for month in months]
        unit = f"{currency} {words('timeline.a_month')}".strip()
        lanes.insert(-1, _lane(words("lane.paid"), unit, paid, has_records=shelf.count("payment") > 0))
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
