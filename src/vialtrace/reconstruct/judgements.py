"""What a person's decisions take out of the evidence: rejected claims, parties, and links to a network.

A decision never makes anybody likelier: accepted and held leads are marked, and keep the score the evidence gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from vialtrace.reconstruct.graph import Claim, Graph, Tie

REJECT = "reject"
_JUDGED = ("accept", REJECT, "hold")


@dataclass(frozen=True)
class Judgement:
    """One judgement in force; ``network`` is the one network it is about, blank for everywhere."""

    decision_id: str
    act: str
    kind: str
    subject: str
    network: str


@dataclass(frozen=True)
class Circle:
    """A network as far as decisions speak of it: its name, its parties, and the places they gather at."""

    network_id: str
    parties: frozenset[str]
    places: frozenset[str]


@dataclass(frozen=True)
class Barred:
    """What is left out: claims, parties, links between two nodes, and one line of dealings between two parties."""

    claims: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    dealings: frozenset[tuple[str, str, str]] = frozenset()

    def lets(self, claim: Claim, node: str) -> bool:
        """Whether a claim about ``node`` still counts."""
        return (
            claim.evidence_id not in self.claims
            and claim.other not in self.parties
            and (node, claim.other) not in self.pairs
        )

    def lets_tie(self, tie: Tie) -> bool:
        """Whether dealings of one line between two parties still count."""
        return (
            not {tie.from_id, tie.to_id} & self.parties
            and (tie.from_id, tie.to_id) not in self.pairs
            and (tie.line, tie.from_id, tie.to_id) not in self.dealings
        )


def judgements(decision: pa.Table) -> tuple[Judgement, ...]:
    """The judgements on networks, parties and claims; those on merges and identifiers were heeded before."""
    return tuple(
        Judgement(row["decision_id"], row["act"], row["subject_kind"] or "", row["subject_id"], row["other_id"] or "")
        for row in decision.to_pylist()
        if row["act"] in _JUDGED and row["subject_kind"] in (None, "", "network", "party", "evidence")
    )


def barred_at_once(said: Iterable[Judgement], evidence_ids: set[str], same_as: Mapping[str, str]) -> Barred:
    """What is left out wherever it stands: rejected claims, and rejected parties under all their names."""
    rejected = [each for each in said if each.act == REJECT and not each.network]
    subjects = {each.subject for each in rejected if each.kind in ("", "party")} - evidence_ids
    return Barred(
        claims=frozenset(each.subject for each in rejected if each.kind in ("", "evidence")),
        parties=frozenset(subjects | {name for name, known in same_as.items() if known in subjects}),
    )


def barred_in(
    said: Iterable[Judgement],
    circles: Iterable[Circle],
    now: Iterable[Circle],
    same_as: Mapping[str, str],
    tie_claim_id: Callable[[str, str, str], str],
) -> Barred:
    """What is left out because of what was decided within one network.

    Args:
        said: the judgements.
        circles: the networks as they were found so far, whatever was left out.
        now: the networks as found last.
        same_as: a party's other names, each with the party it is.
        tie_claim_id: the id of the claim on a party's dealings, from the line, the network and the party.
    """
    rejected = [each for each in said if each.act == REJECT]
    inner = {(each.subject, each.network) for each in rejected if each.network}
    claims = {each.subject for each in rejected}
    pairs: set[tuple[str, str]] = set()
    dealings: set[tuple[str, str, str]] = set()
    for circle in circles:
        for party in sorted(circle.parties):
            if (party, circle.network_id) in inner:
                names = {party} | {name for name, known in same_as.items() if known == party}
                others = (circle.parties | circle.places) - names
                pairs |= {pair for name in names for other in others for pair in ((name, other), (other, name))}
            for line in ("payment", "contact"):
                if tie_claim_id(line, circle.network_id, party) in claims:
                    dealings |= {
                        each
                        for other in circle.parties - {party}
                        for each in ((line, party, other), (line, other, party))
                    }
    # Who comes back into the same network through others is left out altogether.
    still = {party for circle in now for party in circle.parties if (party, circle.network_id) in inner and pairs}
    return Barred(pairs=frozenset(pairs), dealings=frozenset(dealings), parties=frozenset(still))


def both(one: Barred, other: Barred) -> Barred:
    """What either leaves out."""
    return Barred(
        one.claims | other.claims,
        one.parties | other.parties,
        one.pairs | other.pairs,
        one.dealings | other.dealings,
    )


def without(graph: Graph, barred: Barred) -> Graph:
    """The graph without what is left out."""
    return replace(
        graph,
        kinds={node: kind for node, kind in graph.kinds.items() if node not in barred.parties},
        claims={
            node: tuple(each for each in claims if barred.lets(each, node))
            for node, claims in graph.claims.items()
            if node not in barred.parties
        },
        ties_from=_ties(graph.ties_from, barred),
        ties_to=_ties(graph.ties_to, barred),
    )


def _ties(ties: Mapping[str, tuple[Tie, ...]], barred: Barred) -> dict[str, tuple[Tie, ...]]:
    return {
        node: tuple(each for each in found if barred.lets_tie(each))
        for node, found in ties.items()
        if node not in barred.parties
    }


def inherited(
    before: Iterable[Circle], now: Iterable[frozenset[str]], own: Callable[[frozenset[str]], str]
) -> list[str]:
    """The names of networks: each keeps that of the undecided one it shares most parties with.

    So a decision that takes one member out does not rename the network it is about.
    """
    earlier, present = list(before), list(now)
    overlaps = sorted(
        (-len(circle.parties & parties), circle.network_id, place)
        for circle in earlier
        for place, parties in enumerate(present)
        if circle.parties & parties
    )
    named: dict[int, str] = {}
    for _, network_id, place in overlaps:
        if place not in named and network_id not in named.values():
            named[place] = network_id
    taken = {circle.network_id for circle in earlier}
    for place, parties in enumerate(present):
        if place not in named:
            name = own(parties)
            while name in taken:
                name = own(frozenset({name}) | parties)
            named[place] = name
            taken.add(name)
    return [named[place] for place in range(len(present))]
