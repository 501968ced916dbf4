"""The ties of a network to walk along: members, whoever dealt with one of them, and the way from one to another."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile import drawings
from vialtrace.casefile.cast import Member, cast, estimates_of
from vialtrace.casefile.claims import Claim, claims
from vialtrace.casefile.facts import Pseudonym
from vialtrace.casefile.flows import GOODS_FLOWS, MONEY_FLOWS, lines, named_in, network_flows
from vialtrace.casefile.lens import graph
from vialtrace.casefile.scrub import knowing
from vialtrace.casefile.shelf import Shelf
from vialtrace.casefile.veil import veil
from vialtrace.casefile.wording import Words
from vialtrace.errors import UnknownName

Told = dict[str, Any]

MOST_AROUND = 5_000
"""People drawn around one member: a screen shows no more, and the table of flows holds them all."""

_GOLDEN = math.pi * (3.0 - math.sqrt(5.0))
_SPACING = 0.011


def graph_seen(shelf: Shelf, network_id: str, words: Words, *, pseudonym: Pseudonym) -> Told:
    """Members and ties of a network, each tie with its claims as sentences and the days they span.

    Raises:
        UnknownName: if no network is called so.
    """
    found, members, ties = _seen(shelf, network_id, words, pseudonym)
    told = graph(members, ties)
    for node in told["nodes"]:
        node["role_label"] = words.role(node["role"])
    for edge in told["edges"]:
        edge["label"] = words.joined(
            [words.known("relation", each) for each in edge["relations"]]
            + [words.known("flow", each["flow"]) for each in edge["flows"]]
        )
        edge["claims"] = [_claim(found[each]) for each in edge["claims"]]
    return told


def path_seen(shelf: Shelf, network_id: str, words: Words, one: str, other: str, *, pseudonym: Pseudonym) -> Told:
    """The best supported way from one member to another: its steps, each with its evidence; none if there is none.

    Raises:
        UnknownName: if no network, or no member of it, is called so.
    """
    told = graph_seen(shelf, network_id, words, pseudonym=pseudonym)
    names = {node["id"]: node["label"] for node in told["nodes"]}
    for each in (one, other):
        if each not in names:
            raise UnknownName("member of this network", each, list(names))
    way = best_way(told["edges"], one, other)
    steps = [{**edge, "from_name": names[edge["from"]], "to_name": names[edge["to"]]} for edge in way]
    return {"told_from": one, "told_to": other, "nodes": told["nodes"], "steps": steps}


def best_way(edges: Sequence[Mapping[str, Any]], one: str, other: str) -> list[Mapping[str, Any]]:
    """The edges from ``one`` to ``other``, whichever way each points, that make the strongest chain.

    A step costs the less the more evidence is on it, so that two strong steps go before one weak one.
    """
    beside: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, edge in enumerate(edges):
        beside[edge["from"]].append((edge["to"], number))
        beside[edge["to"]].append((edge["from"], number))
    reached: dict[str, tuple[float, str, int]] = {}
    waiting = [(0.0, one, "", -1)]
    while waiting:
        cost, node, before, by = heapq.heappop(waiting)
        if node in reached:
            continue
        reached[node] = (cost, before, by)
        if node == other:
            break
        for neighbour, number in sorted(beside[node]):
            if neighbour not in reached:
                step = 1.0 / (0.2 + max(float(edges[number]["weight"]), 0.0))
                heapq.heappush(waiting, (cost + step, neighbour, node, number))
    if other not in reached or one == other:
        return []
    way, node = [], other
    while node != one:
        _, before, by = reached[node]
        way.append(edges[by])
        node = before
    return list(reversed(way))


def around(shelf: Shelf, network_id: str, party_id: str, words: Words, *, pseudonym: Pseudonym) -> Told:
    """Who else dealt with a member, by the flows of the network: people behind pseudonyms, placed around the member.

    ``x`` and ``y`` are counted from where the member stands.

    Raises:
        UnknownName: if no network, or no member of it, is called so.
    """
    if not shelf.where("network", "network_id", [network_id]).num_rows:
        raise UnknownName("network", network_id, sorted(shelf.arrow("network")["network_id"].to_pylist()))
    hidden = veil(shelf, network_id, pseudonym=pseudonym)
    if party_id not in hidden.members:
        raise UnknownName("member of this network", party_id, sorted(hidden.members))
    flows = network_flows(shelf, network_id, hidden)
    grouped = pa.concat_tables(
        [_dealings(flows, party_id, "from_id", "to_id"), _dealings(flows, party_id, "to_id", "from_id")]
    )
    by_other: dict[str, list[Told]] = defaultdict(list)
    for row in grouped.to_pylist():
        if row["other"] is not None and hidden.as_member(row["other"]) not in hidden.members:
            by_other[row["other"]].append(row)
    called = {other: hidden.called(other) for other in by_other}
    order = sorted(by_other, key=lambda other: (-sum(row["n"] for row in by_other[other]), called[other]))
    kept = order[:MOST_AROUND]
    places = spread(len(kept))
    nodes, edges = [], []
    for other, (x, y) in zip(kept, places, strict=True):
        # Whoever may not be named is known to the page by the pseudonym alone.
        node_id = other if hidden.is_clear(other) else called[other]
        nodes.append({"id": node_id, "label": called[other], "role": "outside", "x": x, "y": y})
        for row in by_other[other]:
            ends = (party_id, node_id) if row["is_out"] else (node_id, party_id)
            edges.append(
                {
                    "from": ends[0],
                    "to": ends[1],
                    "label": words.known("flow", row["flow"]),
                    "n_rows": row["n"],
                    "amount": row["amount"],
                    "first": row["first"].date() if row["first"] else None,
                    "last": row["last"].date() if row["last"] else None,
                }
            )
    return {"party": party_id, "nodes": nodes, "edges": edges, "n": len(order)}


def spread(n: int) -> list[tuple[float, float]]:
    """``n`` places around the origin, evenly far from each other, the first the nearest: a sunflower's seeds."""
    return [
        (
            round(_SPACING * math.sqrt(number + 4.0) * math.cos(number * _GOLDEN), 5),
            round(_SPACING * math.sqrt(number + 4.0) * math.sin(number * _GOLDEN), 5),
        )
        for number in range(n)
    ]


def _dealings(flows: pa.Table, party_id: str, own: str, theirs: str) -> pa.Table:
    mine = flows.filter(pc.fill_null(pc.equal(flows[own], party_id), False))  # noqa: FBT003  the fill
    grouped = (
        pa.TableGroupBy(mine, [theirs, "flow"], use_threads=False)
        .aggregate([("row_id", "count"), ("amount", "sum"), ("at", "min"), ("at", "max")])
        .rename_columns(["other", "flow", "n", "amount", "first", "last"])
    )
    return grouped.append_column("is_out", pa.array([own == "from_id"] * grouped.num_rows, pa.bool_()))


def _claim(claim: Claim) -> Told:
    return {
        "evidence_id": claim.evidence_id,
        "sentence": claim.sentence,
        "line": claim.line,
        "weight": round(claim.weight, 2),
        "n_rows": len(claim.row_ids),
    }


def _seen(
    shelf: Shelf, network_id: str, words: Words, pseudonym: Pseudonym
) -> tuple[Mapping[str, Claim], Sequence[Member], Sequence[drawings.Tie]]:
    if not shelf.where("network", "network_id", [network_id]).num_rows:
        raise UnknownName("network", network_id, sorted(shelf.arrow("network")["network_id"].to_pylist()))
    hidden = veil(shelf, network_id, pseudonym=pseudonym)
    whole = network_flows(shelf, network_id, hidden)
    found = claims(shelf, network_id, hidden, knowing(shelf, hidden, named_in(shelf, whole), words), words)
    shown, _ = estimates_of(shelf, network_id)
    members = cast(shelf, network_id, hidden, found, shown, whole)
    moved = [
        line
        for flows, prefix in ((MONEY_FLOWS, "F"), (GOODS_FLOWS, "P"))
        for line in lines(whole, flows, hidden, prefix=prefix).lines
    ]
    return found, members, drawings.ties(members, found, moved)
