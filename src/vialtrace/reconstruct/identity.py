"""One person under several parties: what the registers could not join, and the network's own dealings can."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.reconstruct.graph import Claim, Graph, Tie
from vialtrace.reconstruct.growth import Belief, own_matter


@dataclass(frozen=True)
class Alias:
    """A party taken for another one, with the reason as a sentence and the chance that namesakes alone explain it."""

    party_id: str
    same_as: str
    chance: float
    reason: str


def aliases(
    graph: Graph, beliefs: dict[str, Belief], party: pa.Table, party_identifier: pa.Table, *, most_chance: float = 0.05
) -> tuple[Alias, ...]:
    """Parties near believed ones that are one person.

    Two sorts of reason. A timed one: a `same_person` claim of the detectors. And namesakes: two parties of one full
    name that both deal with believed parties, where among as many parties drawn at random fewer than ``most_chance``
    would bear that name. Two parties that hold different resident identity numbers are never joined.
    """
    near = {node for node in beliefs if graph.kinds[node] == "party" and _is_near(graph, beliefs, node)}
    claimed = {
        (node, claim.other)
        for node in graph.nodes
        for claim in graph.claims.get(node, ())
        if claim.relation == "same_person" and claim.is_subject and claim.weight >= 2.0
    }
    wanted = sorted(near | {node for pair in claimed for node in pair})
    rows = {
        row["party_id"]: row
        for row in party.filter(pc.field("party_id").isin(pa.array(wanted, pa.string()))).to_pylist()
    }
    residents = _residents(party_identifier, wanted)
    joined: dict[str, str] = {}
    reasons: dict[str, tuple[float, str]] = {}

    def root(node: str) -> str:
        while node in joined:
            node = joined[node]
        return node

    def join(one: str, other: str, chance: float, reason: str) -> None:
        keep, drop = sorted((root(one), root(other)), key=lambda node: (-rows.get(node, {}).get("n_rows", 0), node))
        if keep == drop or len(residents.get(keep, set()) | residents.get(drop, set())) > 1:
            return
        joined[drop] = keep
        residents[keep] = residents.get(keep, set()) | residents.get(drop, set())
        reasons[drop] = (chance, reason)

    for one, other in sorted(claimed):
        if one in near or other in near:
            join(one, other, most_chance, "One full name, and the pay of the one follows the trips of the other.")
    names: dict[str, list[str]] = defaultdict(list)
    for node in sorted(near):
        name = rows.get(node, {}).get("name")
        if name and len(name) >= 2 and "*" not in name and rows[node]["kind"] != "organisation":
            names[name].append(node)
    use = _use(party, sorted(names))
    for name, nodes in sorted(names.items()):
        chance = max(use.get(name, 1) - len(nodes), 0.5) / graph.n_parties * len(near)
        if len(nodes) >= 2 and chance <= most_chance:
            for node in nodes[1:]:
                join(
                    nodes[0],
                    node,
                    chance,
                    f"One full name among the {len(near)} parties that deal with the network; "
                    f"chance would give it to {chance:.3f} of them.",
                )
    return tuple(Alias(node, root(node), round(reasons[node][0], 6), reasons[node][1]) for node in sorted(joined))


def joined(graph: Graph, found: tuple[Alias, ...]) -> Graph:
    """``graph`` with each alias taken for the party it is the same as."""
    to = {alias.party_id: alias.same_as for alias in found}
    if not to:
        return graph
    claims: dict[str, list[Claim]] = defaultdict(list)
    for node, told in sorted(graph.claims.items()):
        for claim in told:
            moved = replace(claim, other=to.get(claim.other, claim.other))
            if moved.other != to.get(node, node):
                claims[to.get(node, node)].append(moved)
    ties: list[dict[str, list[Tie]]] = [defaultdict(list), defaultdict(list)]
    for dealings in graph.ties_from.values():
        for tie in dealings:
            moved_tie = replace(tie, from_id=to.get(tie.from_id, tie.from_id), to_id=to.get(tie.to_id, tie.to_id))
            if moved_tie.from_id != moved_tie.to_id:
                ties[0][moved_tie.from_id].append(moved_tie)
                ties[1][moved_tie.to_id].append(moved_tie)
    return replace(
        graph,
        kinds={node: kind for node, kind in graph.kinds.items() if node not in to},
        claims={node: tuple(each) for node, each in claims.items()},
        ties_from={node: tuple(each) for node, each in ties[0].items()},
        ties_to={node: tuple(each) for node, each in ties[1].items()},
        clients=frozenset(to.get(node, node) for node in graph.clients),
    )


def _is_near(graph: Graph, beliefs: dict[str, Belief], node: str) -> bool:
    if own_matter(graph, node) >= 1.0:
        return True
    if any(
        claim.other and claim.weight >= 1.0 and claim.other in beliefs and beliefs[claim.other].probability >= 0.3
        for claim in graph.claims.get(node, ())
    ):
        return True
    ties = (*graph.ties_to.get(node, ()), *graph.ties_from.get(node, ()))
    others = ((tie, beliefs.get(tie.from_id if tie.to_id == node else tie.to_id)) for tie in ties)
    return any(tie.n >= 3 and other is not None and other.probability >= 0.5 for tie, other in others)


def _residents(party_identifier: pa.Table, wanted: list[str]) -> dict[str, set[str]]:
    """The resident identity numbers (18 characters, GB 11643) of each party: nobody has two."""
    held = party_identifier.filter(
        pc.field("party_id").isin(pa.array(wanted, pa.string()))
        & (pc.field("identifier_type") == "document")
        & (pc.utf8_length(pc.field("value")) == 18)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for row in held.select(["party_id", "value"]).to_pylist():
        found[row["party_id"]].add(row["value"])
    return dict(found)


def _use(party: pa.Table, names: list[str]) -> dict[str, int]:
    held = (
        party.filter(pc.field("name").isin(pa.array(names, pa.string())))
        .group_by("name")
        .aggregate([("party_id", "count")])
    )
    return dict(zip(held.column("name").to_pylist(), held.column("party_id_count").to_pylist(), strict=True))
