"""From evidence to beliefs: how probable it is that each party or place works in a chain that moves the matter.

A node's log10 odds are the prior plus, for each line of evidence, the strongest claim on that line, so that correlated
claims count once. A claim about a link counts as far as the node at its other end is believed for reasons of its own:
what the one lends the other is not handed back (the messages of belief propagation, Pearl 1988). So matter reaches a
member only along the chain, weaker with each step, and two that only point at each other prove nothing. What speaks
against is added with its sign.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial

from vialtrace.reconstruct.dealings import Told, buys, tied
from vialtrace.reconstruct.graph import MOST_PRIOR, Claim, Graph

# What being named as the client of an order takes away: a hundred clients for every seller.
CLIENT = 2.0
# What paying the trade as a client does takes away: one seller in ten buys of it, or passes on so little.
BUYER = 1.0
# How far one kind of evidence that is not the matter goes towards others.
ON_ONE_LINE = 0.25

@dataclass(frozen=True)
class Belief:
    """What is believed of one node: log10 odds, their parts by line, the claims behind each, what speaks against."""

    odds: float
    lines: dict[str, float]
    counted: dict[str, float]
    against: dict[str, float]
    tied: dict[str, float] = field(default_factory=dict)

    @property
    def probability(self) -> float:
        """The probability that the odds stand for."""
        return probability(self.odds)

    @property
    def n_lines(self) -> int:
        """Independent kinds of evidence about the node that say at least three to one (half a log10 unit)."""
        return sum(weight >= 0.5 for weight in self.lines.values())


def probability(odds: float) -> float:
    """The probability that log10 ``odds`` stand for."""
    return float(1.0 / (1.0 + 10.0 ** -max(min(odds, 15.0), -15.0)))


def lent(weight: float, belief: float) -> float:
    """What a link of log10 likelihood ratio ``weight`` is worth when its other end is believed with ``belief``.

    The link is ``10 ** weight`` times likelier if both ends work together in the trade than otherwise, so the
    likelihood ratio for this end is the mixture over what the other end may be: 1 - belief + belief * 10 ** weight.
    That holds where belief comes from nearer the matter. What comes back from farther off, or across, has in part come
    from this end by another way round; it counts in proportion only, or the staff of any business talk each other up.
    """
    return math.log10(max(1.0 - belief + belief * 10.0**weight, 1e-12))


def _share_lent(total: float, belief: float, prior: float) -> float:
    """What part of ``total`` one other end can lend: no more than makes this end as likely as that one.

    By however many tests two are tied, who is in the trade through the other alone is in it if the other is.
    """
    most = math.log10(max(belief, 1e-12) / max(1.0 - belief, 1e-12)) - prior
    return 1.0 if total <= max(most, 0.0) else max(most, 0.0) / total


def own_matter(graph: Graph, node: str) -> float:
    """The node's own matter: the strongest claim on each line, added."""
    best: dict[str, float] = defaultdict(float)
    for claim in graph.claims.get(node, ()):
        if claim.facet == "matter" and not claim.other:
            best[claim.line] = max(best[claim.line], claim.weight)
    return sum(best.values())


def grown(graph: Graph, *, steps: int = 8, most_ground: float = 3.0) -> dict[str, Belief]:
    """Beliefs of all nodes within reach of the matter.

    Where more of all parties than the graph's prior says are believed already, on two kinds of evidence, their share
    is the prior of the next (empirical Bayes), up to ``MOST_PRIOR``: the records of one gang's town hold more of its
    people than a country's. ``steps`` bounds how far matter travels: advert to laboratory is six links.
    ``most_ground`` bounds what lawful grounds can take away, since a licence for one thing covers no other.
    """
    prior = graph.prior
    matter = {node: own_matter(graph, node) for node in graph.nodes}
    # At the start only those are believed who handle the matter themselves; three units (a thousand to one) is sure.
    start = {
        node: min(weight / 3.0, 1.0) for node, weight in matter.items() if weight > 0 and node not in graph.clients
    }
    distance = _distances(graph, start, steps)
    messages: dict[str, dict[str, float]] = {node: defaultdict(partial(float, value)) for node, value in start.items()}
    beliefs: dict[str, Belief] = {}
    for step in range(steps):
        size = sum(each.get("", start.get(node, 0.0)) for node, each in messages.items())
        told = _telling(messages)
        beliefs = {
            node: _believed(
                graph, node, told, size, prior, most_ground, _weighed(graph, node, told, prior, distance)
            )
            for node in distance
        }
        if step == steps - 1:
            # What they would tell next, nobody hears.
            break
        prior = max(prior, min(_share_believed(graph, beliefs), MOST_PRIOR))
        messages = {
            node: _sent(graph, node, belief, matter[node], messages, size, prior, most_ground, distance)
            for node, belief in beliefs.items()
            if belief.odds > -2.0
        }
    return beliefs


def _share_believed(graph: Graph, beliefs: dict[str, Belief]) -> float:
    """The log10 share of all parties that are believed members, on two kinds of evidence each."""
    believed = sum(
        each.probability for node, each in beliefs.items() if each.n_lines >= 2 and graph.kinds[node] == "party"
    )
    return math.log10(max(believed, 1e-9) / graph.n_parties)


def _distances(graph: Graph, start: dict[str, float], steps: int) -> dict[str, int]:
    """How many links each node within reach is away from the nearest that handles the matter itself, by node."""
    seen = dict.fromkeys(start, 0)
    edge = set(start)
    for step in range(1, steps + 1):
        edge = {other for node in edge for other in _neighbours(graph, node)} - set(seen)
        seen |= dict.fromkeys(edge, step)
    return dict(sorted(seen.items()))


def _neighbours(graph: Graph, node: str) -> set[str]:
    linked = {claim.other for claim in graph.claims.get(node, ()) if claim.other and claim.weight >= 0.3}
    return (
        linked
        | {tie.from_id for tie in graph.ties_to.get(node, ())}
        | {tie.to_id for tie in graph.ties_from.get(node, ())}
    )


def _telling(messages: dict[str, dict[str, float]]) -> Told:
    def told(speaker: str, listener: str) -> float:
        said = messages.get(speaker)
        return 0.0 if said is None else said[listener]

    return told


def _sent(  # noqa: PLR0913, PLR0917  what a belief is made of
    graph: Graph,
    node: str,
    belief: Belief,
    matter: float,
    messages: dict[str, dict[str, float]],
    size: float,
    prior: float,
    most_ground: float,
    distance: dict[str, int],
) -> dict[str, float]:
    """What ``node`` tells each neighbour: its belief without what that neighbour lends it; ``""`` is everybody else."""

    def settled(each: Belief) -> float:
        # On one kind of evidence alone a node is believed as far as its own matter goes, or one time in four.
        return each.probability if each.n_lines >= 2 else min(each.probability, max(matter / 3.0, ON_ONE_LINE))

    everybody = settled(belief)
    told: dict[str, float] = defaultdict(lambda: everybody)
    told[""] = everybody
    lenders = {
        claim.other for claim in graph.claims.get(node, ()) if claim.other and claim.evidence_id in belief.counted
    }
    if belief.tied:
        lenders |= {tie.from_id for tie in graph.ties_to.get(node, ())} | {
            tie.to_id for tie in graph.ties_from.get(node, ())
        }
    hearing = _telling(messages)
    weighed = _weighed(graph, node, hearing, prior, distance)
    for lender in sorted(each for each in lenders if each in messages):
        told[lender] = settled(
            _believed(graph, node, hearing, size, prior, most_ground, weighed, without=lender)
        )
    return told


# The claims for a node that are worth anything, each with its worth, and what speaks against it.
Weighed = tuple[list[tuple[Claim, float]], dict[str, float]]


def _weighed(graph: Graph, node: str, told: Told, prior: float, distance: dict[str, int]) -> Weighed:
    """What the node's claims are worth; what one other end lends does not hang on what the others lend."""

    def heard(other: str) -> float:
        return told(other, node)

    against: dict[str, float] = {}
    worths: list[tuple[Claim, float]] = []
    by_lender: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for claim in graph.claims.get(node, ()):
        if claim.weight < 0:
            against[claim.evidence_id] = claim.weight
            continue
        worth = claim.weight
        if claim.other:
            nearer = distance.get(claim.other, len(distance)) < distance.get(node, len(distance))
            worth = lent(worth, heard(claim.other)) if nearer else worth * heard(claim.other)
            by_lender[claim.other][claim.line] = max(by_lender[claim.other][claim.line], worth)
        worths.append((claim, worth))
    shares = {other: _share_lent(sum(each.values()), heard(other), prior) for other, each in by_lender.items()}
    bounded = ((claim, unbounded * shares.get(claim.other, 1.0)) for claim, unbounded in worths)
    return [(claim, worth) for claim, worth in bounded if worth >= 0.05], against


def _believed(
    graph: Graph,
    node: str,
    told: Told,
    size: float,
    prior: float,
    most_ground: float,
    weighed: Weighed,
    *,
    without: str = "",
) -> Belief:
    lines: dict[str, float] = defaultdict(float)
    counted: dict[str, float] = {}
    claims, against = weighed
    for claim, worth in claims:
        if claim.other and claim.other == without:
            continue
        counted[claim.evidence_id] = worth
        lines[claim.line] = max(lines[claim.line], worth)
    dealt = tied(graph, node, told, size, without)
    for line, weight in dealt.items():
        lines[line] = max(lines[line], weight)
    ground = max(sum(against.values()), -most_ground)
    # Who is named as a client is one, until much more than a seller's sheet says otherwise; who pays as one
    # likely is, with however many of them she talks: a client asks several what the test costs.
    client = CLIENT if node in graph.clients else 0.0
    if not client and buys(graph, node, told, without):
        client = BUYER
    odds = prior + sum(lines.values()) + ground - client
    return Belief(odds, dict(lines), counted, against, dealt)


def shown(graph: Graph, node: str, beliefs: dict[str, Belief], members: frozenset[str]) -> Belief:
    """What is believed of a member by what can be shown: its own claims, and its dealings with the other members.

    Who grew near through parties that are named nowhere would be accused on what no page prints.
    """
    belief = beliefs[node]
    size = sum(each.probability for each in beliefs.values())

    def told(speaker: str, _: str) -> float:
        return beliefs[speaker].probability if speaker in members else 0.0

    again = tied(graph, node, told, size, "")
    dealt = {line: min(weight, again[line]) for line, weight in belief.tied.items() if line in again}
    lines: dict[str, float] = defaultdict(float)
    for claim in graph.claims.get(node, ()):
        if claim.evidence_id in belief.counted:
            lines[claim.line] = max(lines[claim.line], belief.counted[claim.evidence_id])
    for line, weight in dealt.items():
        lines[line] = max(lines[line], weight)
    odds = belief.odds - sum(belief.lines.values()) + sum(lines.values())
    return replace(belief, odds=odds, lines=dict(lines), tied=dealt)
