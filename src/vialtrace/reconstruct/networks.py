"""Networks and members: what hangs together by at least two independent kinds of evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.model.recipe import Recipe
from vialtrace.model.tables import TABLES
from vialtrace.reconstruct.finding import Bar, Found, Group, looked
from vialtrace.reconstruct.graph import Graph, build
from vialtrace.reconstruct.growth import Belief
from vialtrace.reconstruct.identity import Alias
from vialtrace.reconstruct.judgements import (
    REJECT,
    Barred,
    Judgement,
    barred_at_once,
    barred_in,
    both,
    inherited,
    judgements,
    without,
)
from vialtrace.reconstruct.roles import role_of

# Claims whose days are those of the trade itself: samples sold, sent, carried, found, and the trips paid for.
HANDLED = frozenset(
    {
        "sample_orders",
        "order_parcels",
        "order_parcel_links",
        "order_collectors",
        "order_destinations",
        "declared_consignees",
        "regular_senders",
        "seized_carriers",
        "seized_parcels",
        "seizure_backward",
        "mule_pay",
        "soliciting_adverts",
        "permit_exceeded",
    }
)
# Claims whose days are those of a party's whole life in the records.
LIFELONG = frozenset(
    {
        "register_ties",
        "testing_organisation",
        "licensed_activity",
        "keeps_address",
        "quick_returns",
        "paid_travellers",
        "commuter_rhythm",
        "parcel_consolidation",
        "client_payments",
        "two_way_trade",
        "travelling_together",
        "hub_mule_coupling",
    }
)
MADE = ("network", "member", "member_alias", "member_evidence", "network_hub", "tie_claim")
JUDGED = "judged"


def networks(  # noqa: PLR0913  one parameter a table, and the thresholds
    claim: pa.Table,
    tie: pa.Table,
    namesake: pa.Table,
    suspect_order: pa.Table,
    party: Annotated[pa.Table, "party_id", "kind", "name", "n_rows"],
    party_identifier: Annotated[pa.Table, "party_id", "identifier_type", "value"],
    place: Annotated[pa.Table, "place_id", "address"],
    decision: pa.Table,
    *,
    least_lines: int = 2,
    least_probability: float = 0.75,
    network_prior: float = -3.0,
    least_members: int = 2,
    least_facts: int = 2,
) -> dict[str, pa.Table]:
    """Networks, their members with roles, what speaks for and against each, and their places.

    A member has ``least_lines`` independent lines of evidence and a probability of at least ``least_probability``:
    three in four, since a list that is wrong on half its last names helps nobody. A network has ``least_members``
    members, the matter and the chain; its odds are ``network_prior`` plus the strongest claim on each line among its
    members, less what lawful grounds cover. ``least_facts`` separate facts must show the matter: a grading service
    one of whose runners was once caught with somebody's tubes is an incident.

    What a person rejected is left out, and everything that rested on it is weighed anew; what a person accepted or
    holds is marked in ``judged`` and weighs what it weighed.
    """
    bar = Bar(least_lines, least_probability, network_prior, least_members, least_facts)
    graph = build(claim, tie, suspect_order, party)

    def look(at: Graph) -> Found:
        return looked(at, party, party_identifier, namesake, bar)

    undecided = _named(look(graph), ())
    said = judgements(decision)
    found = _decided(graph, undecided, said, set(claim.column("evidence_id").to_pylist()), look)
    rejected = {each.subject for each in said if each.act == REJECT}
    kept = [each for each in found.groups if each.network_id not in rejected]
    made = _written(found.graph, found.beliefs, kept, _dates(claim), party, place)
    made["member_alias"] = _aliases(made["member"], found.aliases)
    made[JUDGED] = _judged(said, undecided, found, claim, party)
    return made


NETWORKS = Recipe((*MADE, JUDGED), networks)


def _named(found: Found, earlier: tuple[Group, ...]) -> Found:
    """The networks under the names they keep."""
    names = inherited(
        (each.circle for each in earlier), (frozenset(each.parties) for each in found.groups), _network_id
    )
    named = zip(found.groups, names, strict=True)
    return replace(found, groups=tuple(replace(group, network_id=name) for group, name in named))


def _network_id(parties: frozenset[str]) -> str:
    return _id("N", min(parties), max(parties))


def _decided(
    graph: Graph,
    undecided: Found,
    said: tuple[Judgement, ...],
    evidence_ids: set[str],
    look: Callable[[Graph], Found],
) -> Found:
    """What the evidence makes of the graph without what a person rejected.

    What was rejected in one network is left out as that network is found; leaving it out may show the next that was
    spoken of. Each round leaves out more, so it ends.
    """
    if not any(each.act == REJECT for each in said):
        return undecided
    found, seen = undecided, [each.circle for each in undecided.groups]
    barred = Barred()
    while True:
        more = both(
            barred_at_once(said, evidence_ids, found.same_as),
            barred_in(
                said,
                seen,
                () if barred == Barred() else [each.circle for each in found.groups],
                undecided.same_as | found.same_as,
                _tie_claim_id,
            ),
        )
        if both(barred, more) == barred:
            return found
        barred = both(barred, more)
        found = _named(look(without(graph, barred)), undecided.groups)
        seen += [each.circle for each in found.groups if each.circle not in seen]


def _judged(said: tuple[Judgement, ...], undecided: Found, found: Found, claim: pa.Table, party: pa.Table) -> pa.Table:
    """What a person judged, each beside what the evidence alone makes of it."""
    weights = dict(zip(claim.column("evidence_id").to_pylist(), claim.column("weight").to_pylist(), strict=True))
    about = {
        row["party_id"]: row
        for row in party.filter(
            pc.field("party_id").isin(pa.array(sorted({each.subject for each in said}), pa.string()))
        ).to_pylist()
    }
    rows: list[dict[str, object]] = []
    for each in said:
        told: dict[str, object] = {
            "decision_id": each.decision_id,
            "act": each.act,
            "subject_kind": each.kind or _kind_of(each.subject, undecided, found, weights),
            "subject_id": each.subject,
            "network_id": each.network or None,
            "is_left_out": each.act == REJECT,
        }
        for seen in (found, undecided):
            told |= _weighed(each, str(told["subject_kind"]), seen, about.get(each.subject, {}), weights)
        rows.append(told)
    return pa.Table.from_pylist(rows, schema=_schema(JUDGED))


def _kind_of(subject: str, undecided: Found, found: Found, weights: dict[str, float]) -> str:
    if any(group.network_id == subject for group in (*undecided.groups, *found.groups)):
        return "network"
    return "evidence" if subject in weights else "party"


def _weighed(
    each: Judgement, kind: str, seen: Found, about: dict[str, object], weights: dict[str, float]
) -> dict[str, object]:
    """What the evidence makes of what was judged; nothing where it makes nothing of it."""
    for group in seen.groups:
        if kind == "network" and group.network_id == each.subject:
            return {
                "network_id": group.network_id,
                "score": _probability(group.odds),
                "score_weight": round(group.odds, 4),
            }
        if kind == "party" and each.subject in group.parties and each.network in ("", group.network_id):
            role, _ = role_of(
                seen.graph,
                each.subject,
                seen.beliefs,
                frozenset(group.parties),
                kind=str(about.get("kind")),
                name=str(about.get("name") or ""),
            )
            odds = seen.beliefs[each.subject].odds
            return {
                "network_id": group.network_id,
                "role": role,
                "score": _probability(odds),
                "score_weight": round(odds, 4),
            }
        if kind == "evidence":
            for node in group.parties:
                belief = seen.beliefs[node]
                if each.subject in belief.counted or each.subject in belief.against:
                    return {"network_id": group.network_id, "score_weight": weights[each.subject]}
                for line, weight in belief.tied.items():
                    if _tie_claim_id(line, group.network_id, node) == each.subject:
                        return {"network_id": group.network_id, "score_weight": round(weight, 4)}
    return {"score_weight": weights[each.subject]} if each.subject in weights else {}


def _aliases(member: pa.Table, found: tuple[Alias, ...]) -> pa.Table:
    network_of = dict(zip(member.column("party_id").to_pylist(), member.column("network_id").to_pylist(), strict=True))
    rows = [
        {
            "network_id": network_of[alias.same_as],
            "party_id": alias.same_as,
            "alias_id": alias.party_id,
            "what": alias.what,
            "chance": alias.chance,
            "reason": alias.reason,
        }
        for alias in found
        if alias.same_as in network_of
    ]
    return pa.Table.from_pylist(rows, schema=_schema("member_alias"))


def _dates(claim: pa.Table) -> dict[str, tuple[date | None, date | None, str]]:
    columns = [claim.column(name).to_pylist() for name in ("evidence_id", "first_on", "last_on", "detector")]
    return {evidence: (first, last, detector) for evidence, first, last, detector in zip(*columns, strict=True)}


def _id(letter: str, *parts: str) -> str:
    return letter + hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()[:15]


def _probability(odds: float) -> float:
    return round(float(1.0 / (1.0 + 10.0 ** -max(min(odds, 6.0), -6.0))), 6)


def _written(
    graph: Graph,
    beliefs: dict[str, Belief],
    groups: list[Group],
    dates: dict[str, tuple[date | None, date | None, str]],
    party: pa.Table,
    place: pa.Table,
) -> dict[str, pa.Table]:
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in MADE}
    wanted = {node for group in groups for node in group.parties}
    known = {
        row["party_id"]: row
        for row in party.filter(pc.field("party_id").isin(pa.array(sorted(wanted), pa.string()))).to_pylist()
    }
    spots = {node for group in groups for node in group.places}
    addresses = {
        row["place_id"]: row["address"]
        for row in place.filter(pc.field("place_id").isin(pa.array(sorted(spots), pa.string()))).to_pylist()
    }
    for rank, group in enumerate(groups, 1):
        network_id = group.network_id
        members = frozenset(group.parties)
        spans = []
        for node in group.parties:
            about = known.get(node, {})
            role, sure = role_of(
                graph, node, beliefs, members, kind=str(about.get("kind")), name=str(about.get("name") or "")
            )
            span = _span(beliefs[node], dates)
            if not span[0]:
                span = _dealt(graph, node, members)
            if not span[0]:
                span = _span(beliefs[node], dates, of_life=True)
            spans.append(span)
            rows["member"].append(
                {
                    "network_id": network_id,
                    "party_id": node,
                    "role": role,
                    "role_probability": round(sure, 4),
                    "score": _probability(beliefs[node].odds),
                    "score_weight": round(beliefs[node].odds, 4),
                    "n_lines": beliefs[node].n_lines,
                    "from_on": span[0],
                    "to_on": span[1],
                }
            )
            _tell(graph, beliefs[node], node, network_id, members | frozenset(group.places), rows)
        for node in group.places:
            span = _span(beliefs[node], dates)
            if not span[0]:
                span = _span(beliefs[node], dates, of_life=True)
            rows["network_hub"].append(
                {
                    "network_id": network_id,
                    "place_id": node,
                    "role": "hub",
                    "address": addresses.get(node),
                    "weight": round(beliefs[node].odds, 4),
                    "from_on": span[0],
                    "to_on": span[1],
                }
            )
        # A network's period is that of what it moved; only where no such claim is dated does the rest tell.
        moved = [
            span
            for node, span in zip(group.parties, spans, strict=True)
            if any(evidence in dates and dates[evidence][2] in HANDLED for evidence in beliefs[node].counted)
        ]
        spans = moved or spans
        starts, ends = [each[0] for each in spans if each[0]], [each[1] for each in spans if each[1]]
        rows["network"].append(
            {
                "network_id": network_id,
                "rank": rank,
                "score": _probability(group.odds),
                "score_weight": round(group.odds, 4),
                "from_on": min(starts, default=None),
                "to_on": max(ends, default=None),
                "n_members": len(group.parties),
            }
        )
    return {name: pa.Table.from_pylist(each, schema=_schema(name)) for name, each in rows.items()}


def _span(
    belief: Belief, dates: dict[str, tuple[date | None, date | None, str]], *, of_life: bool = False
) -> tuple[date | None, date | None]:
    """First and last day of a member's part: by claims on the trade itself, else by those not of a whole life.

    A firm's register entry or years of crossing say when it lived, not when it took part: only ``of_life`` asks them.
    """
    sorts: tuple[Callable[[str], bool], ...] = (
        lambda detector: detector in HANDLED,
        lambda detector: detector not in LIFELONG,
    )
    for wanted in (lambda _: True,) if of_life else sorts:
        seen = [
            dates[evidence] for evidence in sorted(belief.counted) if evidence in dates and wanted(dates[evidence][2])
        ]
        starts, ends = [each[0] for each in seen if each[0]], [each[1] for each in seen if each[1]]
        if starts and ends:
            return min(starts), max(ends)
    return None, None


def _dealt(graph: Graph, node: str, members: frozenset[str]) -> tuple[date | None, date | None]:
    """First and last day of a member's dealings with other members."""
    ties = [
        tie
        for tie in (*graph.ties_to.get(node, ()), *graph.ties_from.get(node, ()))
        if (tie.from_id if tie.to_id == node else tie.to_id) in members and tie.first_on and tie.last_on
    ]
    return min((tie.first_on for tie in ties if tie.first_on), default=None), max(
        (tie.last_on for tie in ties if tie.last_on), default=None
    )


def _tell(
    graph: Graph,
    belief: Belief,
    node: str,
    network_id: str,
    inside: frozenset[str],
    rows: dict[str, list[dict[str, object]]],
) -> None:
    """What speaks for and against one member; on each line the strongest claim carries the weight, the rest none."""
    strongest: dict[str, tuple[float, str]] = {}
    listed = {}
    for claim in graph.claims.get(node, ()):
        worth = belief.counted.get(claim.evidence_id)
        if worth is not None:
            listed[claim.evidence_id] = 0.0
            strongest[claim.line] = max(strongest.get(claim.line, (0.0, "")), (worth, claim.evidence_id))
    for line, weight in sorted(belief.tied.items()):
        made = _tie_claim(graph, node, network_id, inside, line, weight)
        if made:
            rows["tie_claim"].append(made)
            listed[str(made["evidence_id"])] = 0.0
            strongest[line] = max(strongest.get(line, (0.0, "")), (weight, str(made["evidence_id"])))
    listed |= {evidence: worth for worth, evidence in strongest.values()}
    for evidence, worth in sorted(listed.items()):
        rows["member_evidence"].append(
            {
                "network_id": network_id,
                "party_id": node,
                "evidence_id": evidence,
                "weight": round(worth, 4),
                "is_against": False,
            }
        )
    for evidence, worth in sorted(belief.against.items()):
        rows["member_evidence"].append(
            {
                "network_id": network_id,
                "party_id": node,
                "evidence_id": evidence,
                "weight": round(worth, 4),
                "is_against": True,
            }
        )


_TIE_DETECTORS = {
    "payment": "money_with_members",
    "contact": "contact_with_members",
    "parcel": "parcels_to_places",
}


def _tie_claim_id(line: str, network_id: str, node: str) -> str:
    return _id("E", _TIE_DETECTORS[line], network_id, node)


def _tie_claim(
    graph: Graph, node: str, network_id: str, inside: frozenset[str], line: str, weight: float
) -> dict[str, object] | None:
    """The claim that a member's dealings with other members and places make, or none where there are none."""
    into = [tie for tie in graph.ties_to.get(node, ()) if tie.line == line and tie.from_id in inside]
    out = [tie for tie in graph.ties_from.get(node, ()) if tie.line == line and tie.to_id in inside]
    if not into and not out:
        return None
    payers, payees = {tie.from_id for tie in into}, {tie.to_id for tie in out}
    n_in, n_out = (sum(tie.n for tie in side) for side in (into, out))
    detector = _TIE_DETECTORS[line]
    of_handlers = sum(
        any(each.detector == "pays_handlers" for each in graph.claims.get(payer, ())) for payer in payers
    )
    if line == "contact":
        others = len(payers | payees)
        text = f"{{subject}} was in contact with {others} other members of the network, {n_in + n_out} times."
    elif line == "parcel":
        text = f"{{subject}} sent {n_out} parcels to {len(payees)} of the network's places."
    elif into and out:
        text = (
            f"{{subject}} received {n_in} payments from {len(payers)} and made {n_out} payments "
            f"to {len(payees)} of the other members of the network."
        )
    elif out:
        detector = "money_to_members"
        text = f"{{subject}} made {n_out} payments to {len(payees)} of the other members of the network."
    elif of_handlers:
        # What a payment is worth hangs on whom else its payer pays: then the claim says so.
        detector = "paid_by_payer_of_handlers"
        text = (
            f"{{subject}} received {n_in} payments from {len(payers)} of the other members of the network, "
            f"{of_handlers} of whom pay people under the full names of those who were found with specimens, "
            "post them again and again or sell fetal sex tests."
        )
    else:
        detector = "money_from_members"
        text = f"{{subject}} received {n_in} payments from {len(payers)} of the other members of the network."
    return {
        "evidence_id": _tie_claim_id(line, network_id, node),
        "network_id": network_id,
        "detector": detector,
        "line": line,
        "subject_id": node,
        "claim": text,
        "weight": round(weight, 4),
        "n_observed": float(len(payers | payees)),
    }


def _schema(name: str) -> pa.Schema:
    arrow = {
        "string": pa.string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    return pa.schema([(column.name, arrow[column.storage]) for column in TABLES[name].columns])
