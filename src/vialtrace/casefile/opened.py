"""What each figure of a page opens to: which exhibits hold the rows it was counted or added up from.

Claims, flows, trips and seizures are exhibits of their own. Here are made the exhibits of what is merely counted
(months, regions, code words, batches, carriers, travellers, what names a member, rows that state a fact a provision
asks for), and for every estimate, act and place the exhibits it rests on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile.cast import Member
from vialtrace.casefile.claims import Claim
from vialtrace.casefile.exhibits import ROWS_OF_A_CLAIM, ROWS_OF_A_COUNT, ROWS_OF_A_FLOW, Wanted
from vialtrace.casefile.flows import MONEY_FLOWS, FlowLine, FlowTable
from vialtrace.casefile.glossary import CodeWord
from vialtrace.casefile.movement import MOST_TRIPS, Batch, Seizure, Traveller, Trip, carried
from vialtrace.casefile.places import Place
from vialtrace.casefile.provisions import Provision
from vialtrace.casefile.routes import Route
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.veil import Veil

# The flows behind the months of the timeline, and those that show where samples came from, as `estimate` counts them.
_DATED = ("advert", "order", "sample_parcel", "relay", "trip", "client_payment", "seizure")
_OF_REGIONS = ("sample_parcel", "order", "client_payment")
# The columns of `profile` that hold an identifier, by its type.
_IDENTIFIERS = ("name", "phone", "document", "account", "handle", "org_id", "vehicle", "address")
# The flows each source of an estimate counts; seizures and trips are exhibits of their own.
_FLOWS_OF_METHOD = {
    "orders": ("order",),
    "payments": ("client_payment",),
    "parcels": ("sample_parcel",),
    "multiple_systems": ("order", "client_payment", "sample_parcel"),
}
_SOURCES = ("order", "client_payment", "sample_parcel")
# What a network spent; the others move its takings, and are spent only where they leave it.
_COSTS = ("commission", "pay", "laboratory_fee", "onward")
_MOVES = ("profit", "transfer")
# What a member's share of the samples was told by, in the words of its basis: the flow, and at which end it stands.
_HANDLED = {
    "paid for": ("client_payment", "to"),
    "ordered": ("order", "to"),
    "posted": ("sample_parcel", "from"),
    "received in parcels": ("sample_parcel", "to"),
}
# The flows that facts a provision asks for are shown by, beside claims and the rows of records.
_FLOWS_OF_FACT = {
    "advertised": ("advert",),
    "ordered_test": ("order",),
    "specimens_seized": ("seizure",),
    "collected": ("sample_parcel",),
    "posted": ("sample_parcel", "relay"),
    "stored": ("relay",),
    "carried_out": ("trip",),
    "paid": ("client_payment",),
    "money_moved": ("transfer", "profit"),
    "fees_abroad": ("laboratory_fee",),
    "collectors_paid": ("commission",),
    "recipient_abroad": ("laboratory_fee",),
    "repeated": ("trip", "sample_parcel"),
    "acts_in_region": ("sample_parcel", "order", "client_payment"),
}
# What the absence of a paper is read from: the registers in hand, which are the case's sources of that kind.
_REGISTERS_OF_FACT = {"no_permit_in_records": "permit", "no_declaration_in_records": "declaration"}
_ESTIMATES_OF_FACT = {"persons_count": ("samples",), "gain": ("gross_paid", "kept")}

Exhibits = tuple[str, ...]


@dataclass(frozen=True)
class Gathered:
    """What a page shows, from which its exhibits are made."""

    members: Sequence[Member]
    claims: Mapping[str, Claim]
    money: FlowTable
    goods: FlowTable
    trips: Sequence[Trip]
    travellers: Sequence[Traveller]
    batches: Sequence[Batch]
    seizures: Sequence[Seizure]
    places: Sequence[Place]
    words: Sequence[CodeWord]
    regions: Sequence[Row]
    rules: Sequence[Provision]
    estimates: Mapping[str, Mapping[str, Row]]
    methods: Sequence[Row]
    sources: Sequence[Row] = ()
    disagreeing: tuple[int, ...] = ()
    routes: Sequence[Route] = ()


@dataclass(frozen=True)
class Opened:
    """The exhibits to be made, by number, and what each figure opens to.

    ``estimates`` gives the number of each estimate by party, measure and method, ``cites`` what stands behind it.
    """

    wanted: Mapping[str, Wanted]
    months: Mapping[str, str]
    regions: Mapping[str, str]
    words: Exhibits
    travellers: Mapping[str, str]
    names: Mapping[str, str]
    places: tuple[Exhibits, ...]
    acts: Mapping[tuple[str, str, str, str], Exhibits]
    totals: Mapping[tuple[str, str], Exhibits]
    estimates: Mapping[tuple[str, str, str], str]
    cites: Mapping[str, Exhibits]
    elements: Mapping[tuple[str, int], Exhibits]
    carriers: Mapping[str, tuple[str, tuple[Batch, ...]]]


def opened(shelf: Shelf, veil: Veil, flows: pa.Table, held: Gathered) -> Opened:
    """The exhibits of a network, and what each figure on its page opens to.

    Args:
        shelf: the tables.
        veil: who is a member, under which names.
        flows: the network's flow rows.
        held: what the page shows.
    """
    wanted: dict[str, Wanted] = {
        claim.exhibit: Wanted(claim.row_ids, ROWS_OF_A_CLAIM) for claim in held.claims.values()
    }
    wanted |= {line.exhibit: Wanted(line.row_ids, ROWS_OF_A_FLOW) for line in _lines(held)}
    wanted |= _moved(held)
    months = _months(flows)
    for number, row_ids in enumerate(months.values(), start=1):
        wanted[f"D-{number}"] = Wanted(row_ids, ROWS_OF_A_COUNT)
    regions = _regions(flows, held.regions)
    for number, row_ids in enumerate(regions.values(), start=1):
        wanted[f"R-{number}"] = Wanted(row_ids, ROWS_OF_A_COUNT)
    wanted |= {route.exhibit: Wanted(route.row_ids, ROWS_OF_A_COUNT) for route in held.routes}
    for number, word in enumerate(held.words, start=1):
        wanted[f"W-{number}"] = Wanted(word.row_ids, ROWS_OF_A_COUNT, always=(word.row_id,))
    names: dict[str, str] = {}
    for member, stands_in in zip(held.members, _names(shelf, veil, held.members), strict=True):
        if stands_in:
            names[member.party_id] = f"I-{member.number[1:]}"
            first = {rows[0] for rows in stands_in.values()}
            every = sorted({row for rows in stands_in.values() for row in rows})
            wanted[names[member.party_id]] = Wanted(tuple(every), 0, always=tuple(sorted(first)))
    if held.disagreeing:
        wanted["Q-1"] = Wanted(held.disagreeing, 2 * ROWS_OF_A_CLAIM)
    stated, elements = _elements(held)
    wanted |= stated
    numbers, cites = _estimates(held)
    return Opened(
        wanted,
        {month: f"D-{number}" for number, month in enumerate(months, start=1)},
        {region: f"R-{number}" for number, region in enumerate(regions, start=1)},
        tuple(f"W-{number}" for number in range(1, len(held.words) + 1)),
        {each.party_id: f"T-{number}" for number, each in enumerate(held.travellers, start=2)},
        names,
        tuple(_behind_place(held, place, names) for place in held.places),
        _acts(held),
        _totals(held),
        numbers,
        cites,
        {key: (*found, *_of_estimates(held, key, numbers)) for key, found in elements.items()},
        _carriers(held),
    )


def _lines(held: Gathered) -> tuple[FlowLine, ...]:
    return (*held.money.lines, *held.goods.lines)


def _of_flows(held: Gathered, flows: Iterable[str]) -> Exhibits:
    """The exhibits of all lines of some flows; trips and seizures are under their own numbers."""
    wanted = set(flows)
    found = [line.exhibit for line in _lines(held) if line.flow in wanted]
    if "trip" in wanted and held.trips:
        found += [f"T-{number}" for number in range(2, len(held.travellers) + 2)]
    if "seizure" in wanted:
        found += [f"Z-{number}" for number in range(1, len(held.seizures) + 1)]
    if "advert" in wanted:
        found += [claim.exhibit for claim in held.claims.values() if claim.detector == "soliciting_adverts"]
    return tuple(found)


def _moved(held: Gathered) -> dict[str, Wanted]:
    """Trips, batches and seizures."""
    found: dict[str, Wanted] = {}
    if held.trips:
        found["T-1"] = Wanted(tuple(trip.row_id for trip in held.trips[:MOST_TRIPS]), MOST_TRIPS, is_listed=True)
    for number, each in enumerate(held.travellers, start=2):
        found[f"T-{number}"] = Wanted(tuple(sorted(each.row_ids)), ROWS_OF_A_FLOW)
    for of_carrier, (_, theirs) in _carriers(held).items():
        found[of_carrier] = Wanted(tuple(sorted({row for each in theirs for row in each.row_ids})), ROWS_OF_A_FLOW)
    for batch in held.batches:
        found[f"B-{batch.number}"] = Wanted(batch.row_ids, ROWS_OF_A_COUNT)
    for number, seizure in enumerate(held.seizures, start=1):
        rows = tuple(sorted({seizure.row_id, *seizure.tube_rows}))
        found[f"Z-{number}"] = Wanted(rows, ROWS_OF_A_FLOW, always=(seizure.row_id,))
    return found


def _carriers(held: Gathered) -> dict[str, tuple[str, tuple[Batch, ...]]]:
    """The exhibits of all batches of one member, each with the member and the batches."""
    return {f"K-{number}": each for number, each in enumerate(carried(held.travellers, held.batches).items(), start=1)}


def _months(flows: pa.Table) -> dict[str, tuple[int, ...]]:
    dated = flows.filter(pc.and_(pc.is_in(flows["flow"], value_set=pa.array(_DATED)), pc.is_valid(flows["at"])))
    return _grouped(pc.strftime(dated["at"], format="%Y-%m"), dated["row_id"])


def _regions(flows: pa.Table, shown: Sequence[Row]) -> dict[str, tuple[int, ...]]:
    """The rows of each region, in the order the page lists them."""
    chosen = flows.filter(
        pc.and_(pc.is_in(flows["flow"], value_set=pa.array(_OF_REGIONS)), pc.is_valid(flows["region"]))
    )
    grouped = _grouped(chosen["region"], chosen["row_id"])
    return {row["region"]: grouped.get(row["region"], ()) for row in shown}


def _grouped(keys: pa.ChunkedArray, row_ids: pa.ChunkedArray) -> dict[str, tuple[int, ...]]:
    if not len(keys):
        return {}
    pairs = pa.table({"key": keys, "row_id": row_ids}).sort_by([("key", "ascending"), ("row_id", "ascending")])
    rows = pa.TableGroupBy(pairs, ["key"], use_threads=False).aggregate([("row_id", "list")]).to_pylist()
    return {row["key"]: tuple(dict.fromkeys(row["row_id_list"])) for row in sorted(rows, key=lambda row: row["key"])}


def stands_in(shelf: Shelf, bearers: Mapping[str, str]) -> dict[tuple[str, str, str], tuple[int, ...]]:
    """Where each identifier of each party stands: party as called in ``bearers``, type and value to its rows."""
    owner = {row["profile_no"]: bearers[row["party_id"]] for row in shelf.rows("belonging", "party_id", bearers)}
    found: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for row in shelf.rows("profile", "profile_no", owner):
        for kind in _IDENTIFIERS:
            if row[kind] is not None and row["row_id"] is not None:
                found[owner[row["profile_no"]], kind, row[kind]].add(row["row_id"])
    return {key: tuple(sorted(rows)) for key, rows in found.items()}


def _names(shelf: Shelf, veil: Veil, members: Sequence[Member]) -> list[dict[tuple[str, str], tuple[int, ...]]]:
    """For each member, the rows that give it each identifier the page shows."""
    bearers = {party: party for party in veil.members} | dict(veil.aliases)
    where = stands_in(shelf, bearers)
    return [
        {
            (each["identifier_type"], each["value"]): rows
            for each in member.identifiers
            if (rows := where.get((member.party_id, each["identifier_type"], each["value"])))
        }
        for member in members
    ]


def _behind_place(held: Gathered, place: Place, names: Mapping[str, str]) -> Exhibits:
    """What shows a place: claims about it; for a port the trips; for an address the rows of who is registered there."""
    if place.role == "port":
        return tuple(
            f"T-{number}" for number, each in enumerate(held.travellers, start=2) if place.address in each.ports
        )
    about = [claim.exhibit for claim in held.claims.values() if ("place", place.place_id) in claim.ends]
    if about:
        return tuple(about)
    ours = [member for member in held.members if member.role == place.role and member.party_id in names]
    at = [member for member in ours if any(each["value"] == place.address for each in member.identifiers)]
    return tuple(names[member.party_id] for member in at or ours)


def _acts(held: Gathered) -> dict[tuple[str, str, str, str], Exhibits]:
    """What a member did, by member, end, flow and currency: the lines, trips, seizures or adverts that were counted."""
    found: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for line in _lines(held):
        for end, party_id in (("from", line.from_id), ("to", line.to_id)):
            if party_id:
                found[party_id, end, line.flow, line.currency or ""].append(line.exhibit)
    for number, each in enumerate(held.travellers, start=2):
        found[each.party_id, "from", "trip", ""].append(f"T-{number}")
    for number, seizure in enumerate(held.seizures, start=1):
        for end in ("from", "to"):
            found[seizure.carrier_id, end, "seizure", ""].append(f"Z-{number}")
    for claim in held.claims.values():
        if claim.detector == "soliciting_adverts":
            for kind, party_id in claim.ends:
                if kind == "party":
                    for end in ("from", "to"):
                        found[party_id, end, "advert", ""].append(claim.exhibit)
    return {key: tuple(each) for key, each in found.items()}


def _totals(held: Gathered) -> dict[tuple[str, str], Exhibits]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in _lines(held):
        found[line.flow, line.currency or ""].append(line.exhibit)
    return {key: tuple(each) for key, each in found.items()}


def _estimates(held: Gathered) -> tuple[dict[tuple[str, str, str], str], dict[str, Exhibits]]:
    """The number of every estimate in the order the page lists them, and what stands behind each."""
    listed: list[Row] = []
    whole = held.estimates.get("", {})
    for measure in ("samples", "tubes", "trips", "gross_paid", "received", "kept"):
        listed += [whole[measure]] if measure in whole else []
        listed += [row for row in held.methods if row["party_id"] == "" and row["measure"] == measure]
    for member in held.members:
        given = held.estimates.get(member.party_id, {})
        listed += [given[each] for each in ("samples", "tubes", "trips", "received", "kept") if each in given]
    numbers = {
        (row["party_id"], row["measure"], row["method"]): f"E-{number}" for number, row in enumerate(listed, start=1)
    }
    cites = {
        numbers[row["party_id"], row["measure"], row["method"]]: (
            _behind_member(held, row, numbers) if row["party_id"] else _behind_whole(held, row, numbers)
        )
        for row in listed
    }
    return numbers, cites


def _behind_whole(held: Gathered, row: Row, numbers: Mapping[tuple[str, str, str], str]) -> Exhibits:
    """What stands behind an estimate of the whole network: what its source counted, or what it is made from."""
    if row["method"] != "reconciled":
        return _behind_source(held, row["method"]) or _whole(numbers, "samples")
    if row["measure"] == "samples":
        sources = [key for key in numbers if key[:2] == ("", "samples") and key[2] != "reconciled"]
        return (*(numbers[key] for key in sources), *_of_flows(held, _SOURCES))
    made_of = {
        "trips": (*_of_flows(held, ("trip",)),),
        "tubes": (*_whole(numbers, "samples"), *_of_flows(held, ("seizure",))),
        "gross_paid": (
            *_whole(numbers, "samples"),
            *(_of_flows(held, ("client_payment",)) or _of_flows(held, ("order",))),
        ),
    }
    return made_of.get(row["measure"], (*_whole(numbers, "gross_paid"), *_costs(held)))


def _costs(held: Gathered) -> Exhibits:
    """The lines of what a network spent: what left it, and what those were paid who work for it."""
    keep = {member.party_id for member in held.members if member.role != "laboratory"}
    return tuple(
        line.exhibit for line in _lines(held) if line.flow in _COSTS or (line.flow in _MOVES and line.to_id not in keep)
    )


def _whole(numbers: Mapping[tuple[str, str, str], str], measure: str) -> Exhibits:
    """The network's reconciled estimate of a measure, where there is one."""
    return tuple(number for key, number in numbers.items() if key == ("", measure, "reconciled"))


def _behind_source(held: Gathered, method: str) -> Exhibits:
    """What one source of an estimate counted."""
    if method == "permits":
        return tuple(claim.exhibit for claim in held.claims.values() if claim.detector in _PERMIT_CLAIMS)
    flows = {"seizures": ("seizure",), "tube_labels": ("seizure",), "trips": ("trip",)} | _FLOWS_OF_METHOD
    return _of_flows(held, flows.get(method, ()))


_PERMIT_CLAIMS = ("declared_export_cover", "permit_exceeded")


def _behind_member(held: Gathered, row: Row, numbers: Mapping[tuple[str, str, str], str]) -> Exhibits:
    """What stands behind an estimate of one member."""
    party_id, measure = row["party_id"], row["measure"]
    trips = tuple(f"T-{number}" for number, each in enumerate(held.travellers, start=2) if each.party_id == party_id)
    whole = numbers.get(("", "samples", "reconciled"), "")
    ours = [line for line in _lines(held) if party_id in (line.from_id, line.to_id)]
    if measure == "received":
        return tuple(line.exhibit for line in ours if line.to_id == party_id and line.flow in MONEY_FLOWS)
    if measure == "kept":
        return tuple(line.exhibit for line in ours if line.flow in MONEY_FLOWS)
    if measure == "trips":
        return trips
    for words, (flow, end) in _HANDLED.items():
        if f"visibly {words} by" in (row["basis"] or ""):
            found = tuple(line.exhibit for line in ours if line.flow == flow and getattr(line, f"{end}_id") == party_id)
            return (*found, whole) if whole else found
    batches = tuple(number for number, (carrier, _) in _carriers(held).items() if carrier == party_id)
    return tuple(filter(None, (*batches, *trips, whole, *(() if trips else _of_flows(held, _SOURCES)))))


def _elements(held: Gathered) -> tuple[dict[str, Wanted], dict[tuple[str, int], Exhibits]]:
    """The rows of records that speak to the elements of provisions, one exhibit for each different set of rows."""
    wanted: dict[str, Wanted] = {}
    known: dict[tuple[int, ...], str] = {}
    found: dict[tuple[str, int], Exhibits] = {}
    for rule in held.rules:
        for element in rule.elements:
            cited: list[str] = []
            if element.row_ids:
                number = known.setdefault(element.row_ids, f"L-{len(known) + 1}")
                wanted[number] = Wanted(element.row_ids, ROWS_OF_A_COUNT)
                cited.append(number)
            for fact in element.facts:
                cited += _of_flows(held, _FLOWS_OF_FACT.get(fact, ()))
                register = _REGISTERS_OF_FACT.get(fact)
                cited += [f"S-{row['source_no']}" for row in held.sources if row["kind"] == register]
                cited += [f"m-{member.number}" for member in held.members if fact == "organised_roles"]
            found[rule.rule_id, element.number] = tuple(dict.fromkeys(cited))
    return wanted, found


def _of_estimates(held: Gathered, key: tuple[str, int], numbers: Mapping[tuple[str, str, str], str]) -> Exhibits:
    """The estimates that an element's facts state."""
    facts = [
        fact
        for rule in held.rules
        if rule.rule_id == key[0]
        for element in rule.elements
        if element.number == key[1]
        for fact in element.facts
    ]
    measures = [measure for fact in facts for measure in _ESTIMATES_OF_FACT.get(fact, ())]
    return tuple(numbers["", measure, "reconciled"] for measure in measures if ("", measure, "reconciled") in numbers)
