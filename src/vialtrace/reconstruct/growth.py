"""From evidence to beliefs: how probable it is that each party or place works in a chain that moves the matter.

A node's log10 odds are the prior plus, for each line of evidence, the strongest claim on that line, so that correlated
claims count once. A claim about a link counts as far as the node at its other end is believed: matter reaches a
member only along the chain, weaker with each step. What speaks against is added with its sign.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

from scipy import stats

from vialtrace.reconstruct.graph import Claim, Graph, Tie

# What being named as the client of an order takes away: a hundred clients for every seller.
CLIENT = 2.0
# The one relation that runs the wrong way for guilt: paying a member is what clients do.
LEAST_COLLECTED_FROM = 5


@dataclass(frozen=True)
class Belief:
    """What is believed of one node: log10 odds, its parts by line, the claims that gave each part, what speaks against."""

    odds: float
    lines: dict[str, float]
    counted: dict[str, float]
    against: dict[str, float]
    tied: dict[str, float] = field(default_factory=dict)

    @property
    def probability(self) -> float:
        """The probability that the odds stand for."""
        return 1.0 / (1.0 + 10.0 ** -max(min(self.odds, 15.0), -15.0))

    @property
    def n_lines(self) -> int:
        """Independent kinds of evidence that say at least three to one (half a log10 unit)."""
        return sum(weight >= 0.5 for weight in self.lines.values())


def own_matter(graph: Graph, node: str) -> float:
    """The node's own matter: the strongest claim on each line, added."""
    best: dict[str, float] = defaultdict(float)
    for claim in graph.claims.get(node, ()):
        if claim.facet == "matter" and not claim.other:
            best[claim.line] = max(best[claim.line], claim.weight)
    return sum(best.values())


def grown(graph: Graph, *, prior: float = -3.5, steps: int = 8, most_ground: float = 3.0) -> dict[str, Belief]:
    """Beliefs of all nodes.

    ``prior`` is the log10 odds of a party in the circle before any evidence: one in a few thousand, from the share of
    members among all parties in the reference case. ``steps`` bounds how far matter travels: advert to laboratory is
    six links. ``most_ground`` bounds what lawful grounds can take away, since a licence for one thing covers no other.
    """
    matter = {node: own_matter(graph, node) for node in graph.nodes}
    # At the start only those are believed who handle the matter themselves; three units (a thousand to one) is sure.
    belief = {node: min(weight / 3.0, 1.0) for node, weight in matter.items() if weight > 0 and node not in graph.clients}
    beliefs: dict[str, Belief] = {}
    for _ in range(steps):
        size = sum(belief.values())
        beliefs = {node: _believed(graph, node, belief, size, prior, most_ground) for node in graph.nodes}
        following = {node: each.probability if each.n_lines >= 2 else min(each.probability, min(matter[node] / 3.0, 1.0))
                     for node, each in beliefs.items()}
        following = {node: value for node, value in following.items() if value > 1e-3}
        if following.keys() == belief.keys() and all(abs(following[node] - belief[node]) < 1e-3 for node in following):
            break
        belief = following
    return beliefs


def _believed(graph: Graph, node: str, belief: dict[str, float], size: float, prior: float, most_ground: float) -> Belief:
    lines: dict[str, float] = defaultdict(float)
    counted: dict[str, float] = {}
    against: dict[str, float] = {}
    for line, claims in _by_line(graph, node).items():
        for claim in claims:
            if claim.weight < 0:
                against[claim.evidence_id] = claim.weight
                continue
            worth = claim.weight * (belief.get(claim.other, 0.0) if claim.other else 1.0)
            if worth >= 0.05:
                counted[claim.evidence_id] = worth
            lines[line] = max(lines[line], worth)
    tied = _tied(graph, node, belief, size)
    for line, weight in tied.items():
        lines[line] = max(lines[line], weight)
    ground = max(sum(against.values()), -most_ground)
    # Who is named as a client is a client, until much more than a seller's sheet says otherwise.
    odds = prior + sum(lines.values()) + ground - (CLIENT if node in graph.clients else 0.0)
    return Belief(odds, dict(lines), counted, against, tied)


def _by_line(graph: Graph, node: str) -> dict[str, list[Claim]]:
    grouped: dict[str, list[Claim]] = defaultdict(list)
    for claim in graph.claims.get(node, ()):
        grouped[claim.line].append(claim)
    return grouped


def _tied(graph: Graph, node: str, belief: dict[str, float], size: float) -> dict[str, float]:
    """What the node's exchanges with believed parties are worth, by line."""
    paid = [tie for tie in graph.ties_to.get(node, ()) if tie.line == "payment" and belief.get(tie.from_id, 0.0) > 0.05]
    paying = [tie for tie in graph.ties_from.get(node, ()) if tie.line == "payment" and belief.get(tie.to_id, 0.0) > 0.05]
    talks = [tie for ties in (graph.ties_to, graph.ties_from) for tie in ties.get(node, ()) if tie.line == "contact"]
    n_payers = max((tie.n_in for tie in graph.ties_to.get(node, ()) if tie.line == "payment"), default=0)
    worth = {"payment": max(_inward(graph, paid, belief, size), _outward(graph, paying, belief, size) if n_payers >= LEAST_COLLECTED_FROM else 0.0)}
    others: dict[str, int] = defaultdict(int)
    for tie in talks:
        others[tie.from_id if tie.to_id == node else tie.to_id] += tie.n
    n_others = max((max(tie.n_in if tie.to_id == node else tie.n_out, 1) for tie in talks), default=1)
    worth["contact"] = _several(graph, sum(belief.get(other, 0.0) for other, n in others.items() if n >= 2), n_others, size, cap=2.5, single=0.3)
    return {line: weight for line, weight in worth.items() if weight > 0}


def _inward(graph: Graph, ties: list[Tie], belief: dict[str, float], size: float) -> float:
    if not ties:
        return 0.0
    regular = [tie for tie in ties if tie.n >= 2 or tie.share_out >= 0.05]
    several = _several(graph, sum(belief[tie.from_id] for tie in regular), max(tie.n_in for tie in ties), size, cap=2.5, single=0.0)
    # Who takes a good part of all a member pays out is more than its grocer.
    share = max((belief[tie.from_id] * _share_worth(tie) for tie in ties), default=0.0)
    return max(several, share)


def _share_worth(tie: Tie) -> float:
    """What it is worth to take this share of all that a believed payer pays out: a grocer takes little, a partner much."""
    if tie.share_out >= 0.3:
        return 2.5
    if tie.share_out >= 0.15:
        return 2.0
    if tie.share_out >= 0.08:
        return 1.2
    return 0.7 if tie.share_out >= 0.03 or tie.n >= 5 else 0.0


def _outward(graph: Graph, ties: list[Tie], belief: dict[str, float], size: float) -> float:
    if not ties:
        return 0.0
    several = _several(graph, sum(belief[tie.to_id] for tie in ties if tie.n >= 2), max(tie.n_out for tie in ties), size, cap=2.5, single=0.0)
    # Who collects from many and passes a good part on to a member collects for it.
    passed = max((belief[tie.to_id] * (1.5 if tie.share_out >= 0.3 and tie.n >= 3 else 0.7 if tie.share_out >= 0.1 else 0.0) for tie in ties), default=0.0)
    return max(several, passed)


def _several(graph: Graph, n_believed: float, n_counterparties: int, size: float, *, cap: float, single: float) -> float:
    """What ``n_believed`` believed counterparties of ``n_counterparties`` are worth: the shared-clients test on the graph."""
    if n_believed < 1.5:
        return single * min(n_believed, 1.0)
    expected = max(n_counterparties * size / graph.n_parties, 1e-9)
    p = float(stats.poisson.sf(math.floor(n_believed + 0.25) - 1, expected))
    # Every node of the graph is asked this question.
    q = min(max(p * len(graph.kinds), 1e-200), 1.0)
    if q >= 0.36:
        return single
    return min(max(-math.log10(-math.e * q * math.log(q)), single), cap)
