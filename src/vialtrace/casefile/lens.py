"""A network as one looks at it: all of it, or one month, one region, one member of it, with the graph of its ties."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile import drawings, movement
from vialtrace.casefile.cast import Member, cast, estimates_of
from vialtrace.casefile.claims import Claim, claims
from vialtrace.casefile.facts import Pseudonym
from vialtrace.casefile.flows import GOODS_FLOWS, MONEY_FLOWS, FlowTable, lines, months, named_in, network_flows
from vialtrace.casefile.gaps import gaps
from vialtrace.casefile.places import places
from vialtrace.casefile.provisions import provisions
from vialtrace.casefile.scrub import knowing
from vialtrace.casefile.shelf import Locator, Shelf
from vialtrace.casefile.veil import Veil, veil
from vialtrace.casefile.wording import Words
from vialtrace.errors import UnknownName
from vialtrace.model.tables import ROLES

Told = dict[str, Any]

_ROWS_OF_A_LINE = 5
# Left to right as samples go: who finds the client, who draws, who gathers, who carries, who tests; money stands above.
_ORDER = ("recruiter", "collector", "organiser", "hub", "treasurer", "mule", "laboratory")


@dataclass(frozen=True)
class Lens:
    """What is looked at: a month as ``2025-03``, a region's ISO 3166-2 code, a member's id; blank is all."""

    month: str = ""
    region: str = ""
    member: str = ""


def through(flows: pa.Table, lens: Lens) -> pa.Table:
    """The flow rows that the lens lets through."""
    if lens.month:
        label = pc.strftime(flows["at"], format="%Y-%m")
        flows = flows.filter(pc.fill_null(pc.equal(label, lens.month), False))  # noqa: FBT003  the fill
    if lens.region:
        flows = flows.filter(pc.fill_null(pc.equal(flows["region"], lens.region), False))  # noqa: FBT003
    if lens.member:
        ends = [pc.fill_null(pc.equal(flows[end], lens.member), False) for end in ("from_id", "to_id")]  # noqa: FBT003
        flows = flows.filter(pc.or_(*ends))
    return flows


def network_seen(shelf: Shelf, network_id: str, words: Words, *, lens: Lens, pseudonym: Pseudonym) -> Told:
    """A network through a lens, as plain values; everybody who may not be named stands behind a pseudonym.

    Raises:
        UnknownName: if no network is called so.
    """
    if not shelf.where("network", "network_id", [network_id]).num_rows:
        raise UnknownName("network", network_id, sorted(shelf.arrow("network")["network_id"].to_pylist()))
    hidden = veil(shelf, network_id, pseudonym=pseudonym)
    whole = network_flows(shelf, network_id, hidden)
    found = claims(shelf, network_id, hidden, knowing(shelf, hidden, named_in(shelf, whole), words), words)
    shown, others = estimates_of(shelf, network_id)
    members = cast(shelf, network_id, hidden, found, shown, whole)
    seen = through(whole, lens)
    locate = Locator.of(shelf)
    every_month, these_months = months(whole), months(seen)
    money, goods = lines(seen, MONEY_FLOWS, hidden, prefix="F"), lines(seen, GOODS_FLOWS, hidden, prefix="P")
    each_trip, travellers = movement.trips(shelf, seen, hidden)
    each_batch = _batches_in(shelf, network_id, lens)
    all_lines = (
        *lines(whole, MONEY_FLOWS, hidden, prefix="F").lines,
        *lines(whole, GOODS_FLOWS, hidden, prefix="P").lines,
    )
    (network,) = shelf.rows("network", "network_id", [network_id])
    drawn = drawings.drawings(words, network, members, found, these_months, _counted_regions(seen), all_lines, shelf)
    return {
        "network": network,
        "lens": asdict(lens),
        "months": [{"month": each.month, "n_rows": each.n_rows, "paid": each.paid} for each in every_month],
        "regions": _counted_regions(whole),
        "members": [_member(each) for each in members],
        "estimates": {"shown": shown.get("", {}), "by_method": [each for each in others if not each["party_id"]]},
        "money": _lines(money, hidden, locate),
        "goods": _lines(goods, hidden, locate),
        "trips": [
            {**asdict(each), "who": hidden.called(each.party_id), "row": locate(each.row_id)}
            for each in each_trip[: movement.MOST_TRIPS]
        ],
        "n_trips": len(each_trip),
        "travellers": [_traveller(each, hidden) for each in travellers],
        "batches": _batches(each_batch, locate),
        "n_batches": len(each_batch),
        "seizures": [
            {
                **asdict(each),
                "who": hidden.called(each.carrier_id) if each.carrier_id else "",
                "row": locate(each.row_id),
            }
            for each in movement.seizures(shelf, seen, hidden)
        ],
        "places": [asdict(each) for each in places(shelf, network_id, hidden)],
        "provisions": [
            {
                # Fields as they are: `asdict` would copy the numbers of millions of rows one by one.
                **vars(each),
                "elements": tuple({**vars(element)} for element in each.elements),
                "n_supported": each.verdicts(is_exemption=False).get("supported", 0),
            }
            for each in provisions(shelf, network_id, language=words.language)
        ],
        "claims": _claims(found, members),
        "gaps": _gaps(shelf, members, every_month),
        "charts": {"links": drawn.links.svg, "timeline": drawn.timeline, "regions": drawn.region_map},
        "graph": graph(members, drawn.ties),
    }


def moved(shelf: Shelf, network_id: str, member: str, hidden: Veil) -> Told:
    """What one member of a network did: money in and out, orders and parcels, trips; each with its rows."""
    seen = through(network_flows(shelf, network_id, hidden), Lens(member=member))
    locate = Locator.of(shelf)
    money = _lines(lines(seen, MONEY_FLOWS, hidden, prefix="F"), hidden, locate)["lines"]
    each_trip, _ = movement.trips(shelf, seen, hidden)
    return {
        "money_in": {"lines": [each for each in money if each["to_id"] == member]},
        "money_out": {"lines": [each for each in money if each["to_id"] != member]},
        "goods": _lines(lines(seen, GOODS_FLOWS, hidden, prefix="P"), hidden, locate),
        "trips": [{**asdict(each), "row": locate(each.row_id)} for each in each_trip[: movement.MOST_TRIPS]],
        "n_trips": len(each_trip),
    }


def graph(members: Sequence[Member], ties: Sequence[drawings.Tie], *, seed: int = 1) -> Told:
    """Members as nodes laid out left to right along the chain, ties as edges; the same layout every time.

    ``x`` and ``y`` lie between 0 and 1; an edge's ``weight`` is the sum of its claims' log10 likelihood ratios.
    """
    lanes: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        lanes[member.role].append(member)
    order = [role for role in (*_ORDER, *ROLES) if role in lanes]
    order = list(dict.fromkeys(order))
    chance = random.Random(seed)  # noqa: S311  a layout, not a secret
    nodes = []
    for column, role in enumerate(order):
        for row, member in enumerate(lanes[role]):
            nodes.append(
                {
                    "id": member.party_id,
                    "label": member.name,
                    "role": role,
                    "score": member.score,
                    "x": round((column + 0.5) / len(order) + chance.uniform(-0.02, 0.02), 4),
                    "y": round(_height(role, column, row, len(lanes[role])) + chance.uniform(-0.02, 0.02), 4),
                    "from": member.from_on,
                    "to": member.to_on,
                }
            )
    edges = [
        {
            "from": tie.source.party_id,
            "to": tie.target.party_id,
            "weight": round(tie.weight, 2),
            "relations": list(tie.relations),
            "claims": [claim.evidence_id for claim in tie.claims],
            "flows": [{"flow": line.flow, "n_rows": line.n_rows, "amount": line.amount} for line in tie.flows],
            "first": min((claim.first_on for claim in tie.claims if claim.first_on), default=None),
            "last": max((claim.last_on for claim in tie.claims if claim.last_on), default=None),
        }
        for tie in ties
    ]
    return {"nodes": nodes, "edges": edges}


def _height(role: str, column: int, row: int, n: int) -> float:
    """Where in its column a node stands: money above, lone ones by turns high and low, so that no tie hides another."""
    if n > 1:
        return (row + 0.5) / n
    return 0.12 if role in {"treasurer", "organiser"} else 0.38 + 0.3 * (column % 2)


def _member(member: Member) -> Told:
    told = {each.name: getattr(member, each.name) for each in fields(member)}
    told["speaks_for"] = [_counted(each.claim, each.counted) for each in member.speaks_for]
    told["speaks_against"] = [_counted(each.claim, each.counted) for each in member.speaks_against]
    return told


def _counted(claim: Claim, counted: float) -> Told:
    return {
        "evidence_id": claim.evidence_id,
        "sentence": claim.sentence,
        "line": claim.line,
        "counted": counted,
        "n_rows": len(claim.row_ids),
    }


def _claims(found: Mapping[str, Claim], members: Iterable[Member]) -> list[Told]:
    against = {each.claim.evidence_id for member in members for each in member.speaks_against}
    return [
        {
            "evidence_id": claim.evidence_id,
            "sentence": claim.sentence,
            "line": claim.line,
            "facet": claim.facet,
            "weight": claim.weight,
            "is_fact": claim.is_fact,
            "is_against": claim.is_against or claim.evidence_id in against,
            "n_rows": len(claim.row_ids),
        }
        for claim in sorted(found.values(), key=lambda claim: (-abs(claim.weight), claim.evidence_id))
    ]


def _traveller(each: movement.Traveller, hidden: Veil) -> Told:
    told = {key: value for key, value in asdict(each).items() if key != "row_ids"}
    return {**told, "who": hidden.called(each.party_id)}


def _lines(found: FlowTable, hidden: Veil, locate: Locator) -> Told:
    return {
        "lines": [
            {
                "flow": line.flow,
                "from": hidden.called(line.from_id) if line.from_id else "",
                "to": hidden.called(line.to_id) if line.to_id else "",
                "from_id": line.from_id,
                "to_id": line.to_id,
                "n_from": line.n_from,
                "n_to": line.n_to,
                "n_rows": line.n_rows,
                "amount": line.amount,
                "currency": line.currency,
                "first_at": line.first_at,
                "last_at": line.last_at,
                "rows": [locate(each) for each in line.row_ids[:_ROWS_OF_A_LINE]],
            }
            for line in found.lines[: found.n_shown]
        ],
        "n_left_out": found.n_left_out,
        "n_rows_left_out": found.n_rows_left_out,
        "totals": list(found.totals),
    }


def _batches_in(shelf: Shelf, network_id: str, lens: Lens) -> list[movement.Batch]:
    return [
        each
        for each in movement.batches(shelf, network_id)
        if not lens.month or (each.crossed_on and each.crossed_on.strftime("%Y-%m") == lens.month)
    ]


def _batches(found: Sequence[movement.Batch], locate: Locator) -> list[Told]:
    return [
        {
            **{key: value for key, value in asdict(each).items() if key != "row_ids"},
            "n_rows": len(each.row_ids),
            "rows": [locate(row) for row in each.row_ids[:_ROWS_OF_A_LINE]],
        }
        for each in found[: movement.MOST_BATCHES]
    ]


def _counted_regions(flows: pa.Table) -> list[Told]:
    counted = pc.value_counts(pc.drop_null(flows["region"])).to_pylist()
    return [
        {"region": each["values"], "n_rows": each["counts"]}
        for each in sorted(counted, key=lambda each: (-each["counts"], each["values"]))
    ]


def _gaps(shelf: Shelf, members: Sequence[Member], every_month: Sequence[Any]) -> Told:
    found = gaps(shelf, members, every_month)
    return {
        "unasked": list(found.unasked),
        "absent_kinds": list(found.absent_kinds),
        "members": [
            {"id": each.member.party_id, "name": each.member.name, "lacks": list(each.lacks)} for each in found.members
        ],
        "months": [{"kind": each.kind, "months": list(each.months)} for each in found.months],
        "n_quarantined": found.n_quarantined,
    }
