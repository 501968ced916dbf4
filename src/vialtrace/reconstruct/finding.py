"""From beliefs to networks: who is one person, who is believed, and which of them belong together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import pyarrow as pa

from vialtrace.reconstruct.graph import Graph
from vialtrace.reconstruct.growth import Belief, grown, shown
from vialtrace.reconstruct.identity import Alias, aliases, joined, lent_accounts
from vialtrace.reconstruct.judgements import Circle
from vialtrace.reconstruct.partition import parted


@dataclass(frozen=True)
class Group:
    """One network before it is written: its members, its places, its odds, and its name."""

    parties: tuple[str, ...]
    places: tuple[str, ...]
    odds: float
    network_id: str = ""

    @property
    def circle(self) -> Circle:
        """The network as decisions speak of it."""
        return Circle(self.network_id, frozenset(self.parties), frozenset(self.places))


@dataclass(frozen=True)
class Found:
    """What the evidence makes of a graph: who is one person, what is believed of each, and the networks."""

    graph: Graph
    aliases: tuple[Alias, ...]
    beliefs: dict[str, Belief]
    groups: tuple[Group, ...]

    @property
    def same_as(self) -> dict[str, str]:
        """Each other name of a party, with the party it is."""
        return {alias.party_id: alias.same_as for alias in self.aliases}


@dataclass(frozen=True)
class Bar:
    """What a member and a network must reach."""

    least_lines: int
    least_probability: float
    network_prior: float
    least_members: int
    least_facts: int


def looked(graph: Graph, party: pa.Table, party_identifier: pa.Table, namesake: pa.Table, bar: Bar) -> Found:
    """Who is one person, what is believed of each, and the networks, from a graph."""
    found: tuple[Alias, ...] = ()
    namesakes = namesake.to_pylist()
    # Who is joined is believed more, and shows who else is near: two rounds, since each new pair is a new risk.
    for _ in range(2):
        known = frozenset(alias.party_id for alias in found)
        graph, found = _joined(graph, found, aliases(graph, grown(graph), party, party_identifier, namesakes, known))
    graph, found = _joined(graph, found, lent_accounts(graph, grown(graph)))
    beliefs = grown(graph)
    while True:
        groups = _found(graph, beliefs, bar)
        told = {
            node: shown(graph, node, beliefs, frozenset((*each.parties, *each.places)))
            for each in groups
            for node in each.parties
        }
        beliefs |= told
        # Whoever falls takes along what rested on them: the rest is asked again.
        if all(_stands(each, bar) for each in told.values()):
            break
    groups.sort(key=lambda each: (-each.odds, each.parties))
    return Found(graph, found, beliefs, tuple(groups))


def _stands(belief: Belief, bar: Bar) -> bool:
    return belief.n_lines >= bar.least_lines and belief.probability >= bar.least_probability


def _found(graph: Graph, beliefs: dict[str, Belief], bar: Bar) -> list[Group]:
    """The networks of everybody who is believed enough."""
    inside = {node for node, each in beliefs.items() if _stands(each, bar)}
    # A place needs no second line: it accuses nobody, and its keeper must qualify by their own.
    places = {
        node
        for node, each in beliefs.items()
        if graph.kinds[node] == "place" and each.probability >= bar.least_probability
    }
    parties = sorted(node for node in inside if graph.kinds[node] == "party")
    between = sorted(_between(graph, beliefs, inside))
    return [
        each
        for each in _groups(graph, beliefs, parties, sorted(places), between, bar.network_prior, bar.least_facts)
        if len(each.parties) >= bar.least_members
    ]


def _joined(graph: Graph, before: tuple[Alias, ...], more: tuple[Alias, ...]) -> tuple[Graph, tuple[Alias, ...]]:
    """The graph with more aliases taken for whom they are, and all aliases so far, each with its last name."""
    to = {alias.party_id: alias for alias in more}
    return joined(graph, more), (*(_moved(alias, to) for alias in before), *more)


def _moved(alias: Alias, to: dict[str, Alias]) -> Alias:
    """The alias of a party that is now taken for another itself.

    Who is the same person as the holder of a lent account is no more the member than the holder is.
    """
    if alias.same_as not in to:
        return alias
    further = to[alias.same_as]
    told = further if further.what == "account" else alias
    return replace(alias, same_as=further.same_as, what=told.what, reason=told.reason)


# Two carriers caught may be chance; see :func:`_n_facts`.
TWO_CAUGHT = 2

# What is one in a hundred likely, with one kind of evidence, still tells who hangs together with whom.
LEAST_BETWEEN = -2.0


def _between(graph: Graph, beliefs: dict[str, Belief], inside: set[str]) -> set[str]:
    """Parties that are named by nothing and accused of nothing, through whom members may hang together.

    A treasurer whom four sellers pay is one kind of evidence, and no member; the four are of one network all the same.
    """
    return {
        node
        for node, each in beliefs.items()
        if graph.kinds[node] == "party"
        and node not in inside
        and node not in graph.clients
        and each.n_lines >= 1
        and each.odds >= LEAST_BETWEEN
    }


def _n_facts(graph: Graph, members: list[str]) -> int:
    """How many separate facts show the matter: one incident with one member makes no trade of what the others do.

    Claims on the same line that rest on the same rows, as far as their days and number tell, are one fact. So are two
    carriers caught: where runners of a few hundred businesses are stopped with somebody's tubes ten times in all, two
    of them are of one business in one year out of five. Three are not.
    """
    shown = [
        claim
        for node in members
        for claim in graph.claims.get(node, ())
        if claim.facet == "matter" and not claim.other and claim.weight >= 1.0
    ]
    facts = {
        (claim.detector if claim.line == "seizure" else claim.line, claim.first_on, claim.last_on, claim.n_rows)
        for claim in shown
    }
    n_caught = sum(kind == "seized_carriers" for kind, *_ in facts)
    spared = 1 if n_caught == TWO_CAUGHT else 0
    # That several women named on seized tubes had posted to one address is more than the seizure.
    return len(facts) - spared + any(claim.detector == "seizure_backward" for claim in shown)


def _groups(
    graph: Graph,
    beliefs: dict[str, Belief],
    parties: list[str],
    places: list[str],
    between: list[str],
    network_prior: float,
    least_facts: int,
) -> list[Group]:
    nodes = [*parties, *places, *between]
    named = frozenset(parties)
    index = {node: number for number, node in enumerate(nodes)}
    edges = _edges(graph, index)
    parts = parted(len(nodes), [(left, right, weight) for (left, right), weight in sorted(edges.items())])
    grouped: dict[int, list[str]] = defaultdict(list)
    for node, part in zip(nodes, parts, strict=True):
        grouped[part].append(node)
    made = []
    for members in grouped.values():
        people = tuple(node for node in members if node in named)
        if not people:
            continue
        known = [*people, *(node for node in members if graph.kinds[node] == "place")]
        odds, has_matter, has_chain = _network_odds(graph, beliefs, known, frozenset(members), network_prior)
        # Whose part one kind of evidence makes likelier than not is not named; what shows the matter of them stands.
        likely = [node for node in members if node not in named and graph.kinds[node] == "party"]
        shown = [*known, *(node for node in likely if beliefs[node].odds >= 0.0)]
        if has_matter and has_chain and odds > 0 and _n_facts(graph, shown) >= least_facts:
            made.append(Group(people, tuple(node for node in known if graph.kinds[node] == "place"), odds))
    return made


def _edges(graph: Graph, index: dict[str, int]) -> dict[tuple[int, int], float]:
    edges: dict[tuple[int, int], float] = defaultdict(float)
    for node, number in index.items():
        for claim in graph.claims.get(node, ()):
            if claim.other in index and claim.weight > 0 and claim.is_subject:
                left, right = sorted((number, index[claim.other]))
                edges[left, right] += claim.weight
        for tie in graph.ties_from.get(node, ()):
            if tie.to_id in index and tie.to_id != node and tie.n >= 2:
                left, right = sorted((number, index[tie.to_id]))
                edges[left, right] += (0.5 + tie.share_out + tie.share_in) if tie.line == "payment" else 0.3
    return {pair: weight for pair, weight in edges.items() if pair[0] != pair[1]}


def _network_odds(
    graph: Graph, beliefs: dict[str, Belief], members: list[str], inside: frozenset[str], prior: float
) -> tuple[float, bool, bool]:
    """The odds of a network, and whether the matter and the chain are shown; ``inside`` are also those in between."""
    best: dict[tuple[str, str], float] = defaultdict(float)
    ground = 0.0
    for node in members:
        for claim in graph.claims.get(node, ()):
            if claim.weight < 0:
                continue
            if not claim.other or claim.other in inside:
                best[claim.facet, claim.line] = max(best[claim.facet, claim.line], min(claim.weight, 3.0))
        ground += min(sum(beliefs[node].against.values()), 0.0) / len(members)
    # What ties those in between to the members is the members' chain.
    for node in sorted(inside):
        for line, weight in beliefs[node].tied.items():
            best["chain", line] = max(best["chain", line], weight)
    matter = sum(weight for (facet, _), weight in best.items() if facet == "matter")
    chain = sum(weight for (facet, _), weight in best.items() if facet == "chain")
    return prior + matter + min(chain, 4.0) + ground, matter >= 1.0, chain >= 1.0
