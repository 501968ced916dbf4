"""Who is tied to a network without being a member of it: never named, listed with the one tie and what it lacks.

The rule, in four grades. A *suspect* is a member: tied by at least two independent kinds of evidence. *Associated* is
who is no member and no donor, and whom at least one claim that is ten times likelier true than not ties to a member or
to a hub or laboratory of the network. *Protected* is every donor and client. Everybody else in the rows is *unknown*.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pyarrow.compute as pc

from vialtrace.casefile.claims import Claim
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.veil import Veil

# log10 of a likelihood ratio: ten times likelier if the tie is real than if it is not.
_LEAST_WEIGHT = 1.0
# The kinds of evidence a second tie could come from, with the record kind to ask for.
SECOND_LINES = {
    "payment": "payment",
    "parcel": "waybill",
    "order": "order",
    "crossing": "crossing",
    "contact": "contact",
}


@dataclass(frozen=True)
class Associated:
    """One party tied to a network by less than membership takes; ``lacks`` are record kinds that could add a tie."""

    number: str
    party_id: str
    called: str
    kind: str
    claims: tuple[Claim, ...]
    lines: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Grades:
    """How many persons and organisations stand in each grade."""

    n_suspect: int
    n_associated: int
    n_unknown: int
    n_protected: int


def ties_outward(shelf: Shelf, network_id: str, veil: Veil) -> dict[str, tuple[str, ...]]:
    """The claims that tie each party outside a network to it: party to evidence ids, in order."""
    places = {
        row["place_id"] for row in shelf.rows("network_place", "network_id", [network_id]) if row["role"] != "port"
    }
    ours = veil.members | set(veil.aliases)
    evidence = shelf.arrow("evidence")
    strong = evidence.filter(pc.greater_equal(pc.fill_null(evidence["weight"], 0.0), _LEAST_WEIGHT))
    found: dict[str, set[str]] = defaultdict(set)
    for row in strong.select(["evidence_id", "subject_kind", "subject_id", "object_kind", "object_id"]).to_pylist():
        for near, far in (("subject", "object"), ("object", "subject")):
            party_id = row[f"{near}_id"]
            if row[f"{near}_kind"] != "party" or party_id in ours or veil.is_protected(party_id):
                continue
            if _is_ours(row, far, ours, places):
                found[party_id].add(row["evidence_id"])
    return {party_id: tuple(sorted(found[party_id])) for party_id in sorted(found)}


def _is_ours(row: Row, end: str, members: set[str] | frozenset[str], places: set[str]) -> bool:
    return bool(row[f"{end}_id"] in (places if row[f"{end}_kind"] == "place" else members))


def associated(
    shelf: Shelf, veil: Veil, ties: dict[str, tuple[str, ...]], claims: dict[str, Claim]
) -> list[Associated]:
    """The associated parties of a network, strongest tie first; everybody but an organisation stands by pseudonym."""
    kinds = {row["party_id"]: row["kind"] for row in shelf.rows("party", "party_id", ties)}
    cited = {party_id: [claims[each] for each in ids if each in claims] for party_id, ids in ties.items()}
    ranked = sorted(cited.items(), key=lambda pair: (-sum(claim.weight for claim in pair[1]), pair[0]))
    return [
        _one(f"A-{number}", party_id, kinds.get(party_id, "unknown"), veil, tied)
        for number, (party_id, tied) in enumerate((pair for pair in ranked if pair[1]), start=1)
    ]


def _one(number: str, party_id: str, kind: str, veil: Veil, tied: list[Claim]) -> Associated:
    lines = tuple(dict.fromkeys(claim.line for claim in tied))
    lacks = tuple(record for line, record in SECOND_LINES.items() if line not in lines)
    return Associated(number, party_id, veil.called(party_id), kind, tuple(tied), lines, lacks)


def grades(veil: Veil, flows_name: set[str], found: list[Associated]) -> Grades:
    """How many stand in each grade: of those that a network's flows name, and its members and associated parties."""
    ours = veil.members | set(veil.aliases)
    others = {party_id for party_id in flows_name if party_id not in ours}
    tied = {each.party_id for each in found}
    protected = {party_id for party_id in others if veil.is_protected(party_id)}
    return Grades(len(veil.members), len(tied), len(others - protected - tied), len(protected))
