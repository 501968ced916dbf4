"""Evidence written by hand: claims and ties as short blocks of text, and the networks that follow."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hand_tables import arrow_schema, lines_of

from vialtrace.reconstruct.graph import Graph, build
from vialtrace.reconstruct.growth import Belief, grown
from vialtrace.reconstruct.networks import networks

TABLES = ("claim", "tie", "namesake", "suspect_order", "party", "party_identifier", "place", "decision")


def evidence(
    claims: str,
    ties: str = "",
    *,
    clients: tuple[str, ...] = (),
    parties: str = "",
    documents: dict[str, str] | None = None,
    n_others: int = 5000,
    shuffle: int | None = None,
    decisions: str = "",
    namesakes: tuple[tuple[str, str], ...] = (),
) -> dict[str, pa.Table]:
    """The tables that networks are made of.

    ``claims`` has ``subject | object | detector | line | facet | weight`` (and ``relation``); an end that
    starts with ``@`` is a place. ``ties`` has ``line | from | to | n | share_out | share_in`` and the number of
    counterparties ``n_out | n_in`` (and ``days`` from the first to the last, ``n_payers`` of the one from). ``parties``
    names those with more than an id: ``party | kind | name | n_rows`` (and ``also``, other names). ``namesakes`` are
    pairs of parties of one rare name. ``decisions`` has ``act | subject | network`` (and ``kind``).
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    ends: set[str] = set()
    for number, line in enumerate(lines_of(claims), 1):
        subject, other = line["subject"], line["object"]
        ends |= {subject, other} - {""}
        rows["claim"].append(
            {
                "evidence_id": f"E{number:03d}",
                "detector": line["detector"],
                "line": line["line"],
                "facet": line["facet"],
                "subject_kind": _kind(subject),
                "subject_id": subject,
                "object_kind": _kind(other) if other else None,
                "object_id": other or None,
                "relation": line.get("relation") or None,
                "claim": "{subject} is claimed.",
                "weight": float(line["weight"]),
                "test": "record",
                "n_rows": 1,
                **{f"n_{name}": float(line[name]) for name in ("observed", "expected") if line.get(name)},
            }
        )
    for line in lines_of(ties) if ties else []:
        ends |= {line["from"], line["to"]}
        money = line["line"] == "payment"
        rows["tie"].append(
            {
                "line": line["line"],
                "from_id": line["from"],
                "to_id": line["to"],
                "n": int(line["n"]),
                "amount": Decimal(1000) if money else None,
                "n_out": int(line["n_out"]),
                "n_in": int(line["n_in"]),
                "paid_out": _sum(line["share_out"]) if money else None,
                "paid_in": _sum(line["share_in"]) if money else None,
                "n_payers": int(line.get("n_payers") or 0) if money else None,
                "first_on": date(2025, 1, 1) if line.get("days") else None,
                "last_on": date(2025, 1, 1) + timedelta(int(line["days"])) if line.get("days") else None,
            }
        )
    ends |= {node for pair in namesakes for node in pair}
    told = {line["party"]: line for line in (lines_of(parties) if parties else [])}
    for node in sorted(each for each in ends | set(told) | set(clients) if _kind(each) == "party"):
        line = told.get(node, {})
        rows["party"].append(
            {
                "party_id": node,
                "kind": line.get("kind", "person"),
                "name": line.get("name", node),
                "n_rows": int(line.get("n_rows", 10)),
            }
        )
    rows["party"] += [
        {"party_id": f"zz{number}", "kind": "person", "name": f"zz{number}", "n_rows": 1} for number in range(n_others)
    ]
    rows["place"] = [
        {"place_id": node, "address": node, "region": "CN-GD", "n_rows": 1, "n_parties": 1}
        for node in sorted(ends)
        if _kind(node) == "place"
    ]
    rows["party_identifier"] = [
        {"party_id": party, "identifier_type": "document", "value": value, "n_rows": 1}
        for party, value in sorted((documents or {}).items())
    ]
    rows["party_identifier"] += [
        {"party_id": row["party_id"], "identifier_type": "name", "value": name, "n_rows": 1}
        for row in rows["party"]
        for name in (row["name"], *(told.get(row["party_id"], {}).get("also", "").split()))
    ]
    rows["suspect_order"] = [
        {"row_id": number, "client_id": client, "is_explicit": True} for number, client in enumerate(clients, 1)
    ]
    rows["namesake"] = [
        {"party_id": one, "other_id": other, "n_dealers": 40, "n_named": None, "chance": 0.004}
        for one, other in namesakes
    ]
    rows["decision"] = [
        {
            "decision_id": f"D{number}",
            "act": line["act"],
            "subject_kind": line.get("kind", ""),
            "subject_id": line["subject"],
            "other_id": line["network"],
        }
        for number, line in enumerate(lines_of(decisions) if decisions else [], 1)
    ]
    if shuffle is not None:
        for each in rows.values():
            random.Random(shuffle).shuffle(each)  # noqa: S311  an order of rows, no secret
    return {name: pa.Table.from_pylist(each, schema=arrow_schema(name)) for name, each in rows.items()}


def _sum(share: str) -> Decimal:
    return (1000 / Decimal(share)).quantize(Decimal("0.0001"))


def _kind(node: str) -> str:
    return "place" if node.startswith("@") else "party"


def graph_of(tables: dict[str, pa.Table]) -> Graph:
    """The graph of hand-written evidence."""
    return build(tables["claim"], tables["tie"], tables["suspect_order"], tables["party"])


def beliefs_of(tables: dict[str, pa.Table]) -> dict[str, Belief]:
    """What is believed of each node of hand-written evidence."""
    return grown(graph_of(tables))


def networks_of(tables: dict[str, pa.Table]) -> dict[str, list[dict[str, Any]]]:
    """The rows of all tables that networks are written in."""
    made = networks(*(tables[name] for name in TABLES))
    return {name: rows.to_pylist() for name, rows in made.items()}


def member_sets(made: dict[str, list[dict[str, Any]]]) -> list[list[str]]:
    """The members of each network, best ranked first."""
    ranks = {row["network_id"]: row["rank"] for row in made["network"]}
    sets: dict[int, list[str]] = {rank: [] for rank in sorted(ranks.values())}
    for row in made["member"]:
        sets[ranks[row["network_id"]]].append(row["party_id"])
    return [sorted(each) for each in sets.values()]


def roles(made: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Each member's role."""
    return {row["party_id"]: row["role"] for row in made["member"]}


GANG = """
subject | object | detector            | line           | facet  | weight
Seller  |        | sample_orders       | order          | matter | 3.0
Seller  |        | soliciting_adverts  | advert         | matter | 2.5
Seller  | Keeper | order_parcel_links  | order          | chain  | 3.0
Seller  | @Hub   | order_parcel_links  | order          | chain  | 3.0
Keeper  |        | order_parcels       | order          | matter | 3.0
@Hub    |        | order_parcels       | order          | matter | 3.0
Keeper  | @Hub   | keeps_address       | parcel         | chain  | 2.0
Till    | @Hub   | shared_clients      | shared_clients | chain  | 3.0
Till    | Keeper | shared_clients      | shared_clients | chain  | 3.0
Till    | Mo     | mule_pay            | coupling       | chain  | 3.0
Mo      |        | seized_carriers     | seizure        | matter | 3.0
"""
"""A seller, a hub with its keeper, an account behind it, and a mule: ids as people would say them."""

GANG_TIES = """
line    | from   | to     | n  | share_out | share_in | n_out | n_in
payment | Seller | Till   | 9  | 0.4       | 0.1      | 12    | 90
payment | Till   | Mo     | 12 | 0.1       | 0.8      | 6     | 2
payment | Till   | Keeper | 10 | 0.1       | 0.7      | 6     | 3
payment | Till   | Lab    | 14 | 0.4       | 0.6      | 6     | 4
payment | Till   | Boss   | 8  | 0.3       | 0.9      | 6     | 2
"""
