"""The evidence as a graph: nodes are parties and places, edges are validated links and ties."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pyarrow as pa

# How many work in a chain that somebody goes after: two gangs had 26 suspects in all, beside those nobody knew of. What
# the records hold besides decides how rare they are among them.
EXPECTED_MEMBERS = 30
# Records are gathered where something is suspected: in a country's as well one party in a few thousand is of the trade.
LEAST_PRIOR = -3.5
# However few parties there are, and however many of them are believed: most people in any file are nobody's business.
MOST_PRIOR = -2.0


@dataclass(frozen=True)
class Claim:
    """One claim about a node, or about a link seen from one of its ends (``other`` is the far end).

    ``surplus`` is by how much a test saw more than chance would give.
    """

    evidence_id: str
    detector: str
    line: str
    facet: str
    weight: float
    relation: str
    other: str
    is_subject: bool
    first_on: date | None = None
    last_on: date | None = None
    n_rows: int = 0
    surplus: float = 0.0


@dataclass(frozen=True)
class Tie:
    """All exchanges of one sort from one party to another, with what share of each one's dealings they are."""

    line: str
    from_id: str
    to_id: str
    n: int
    amount: float
    share_out: float
    share_in: float
    n_out: int
    n_in: int
    first_on: date | None = None
    last_on: date | None = None
    # By how many the one at the near end is itself paid.
    n_payers: int = 0


@dataclass(frozen=True)
class Graph:
    """Everything the growth of networks reads, by node."""

    kinds: dict[str, str]
    claims: dict[str, tuple[Claim, ...]]
    ties_from: dict[str, tuple[Tie, ...]]
    ties_to: dict[str, tuple[Tie, ...]]
    clients: frozenset[str]
    n_parties: int

    @cached_property
    def n_payers(self) -> dict[str, int]:
        """By how many each node is paid, inside the circle or not; of those who pay or are paid."""
        found: dict[str, int] = defaultdict(int)
        for node, ties in self.ties_to.items():
            found[node] = max((tie.n_in for tie in ties if tie.line == "payment"), default=0)
        for node, ties in self.ties_from.items():
            found[node] = max((found[node], *(tie.n_payers for tie in ties if tie.line == "payment")))
        return dict(found)

    @property
    def nodes(self) -> tuple[str, ...]:
        """All nodes, sorted."""
        return tuple(sorted(self.kinds))

    @property
    def prior(self) -> float:
        """The log10 odds that any party is in the circle before any evidence: some thirty among all of the records."""
        return min(max(math.log10(EXPECTED_MEMBERS / self.n_parties), LEAST_PRIOR), MOST_PRIOR)


def build(evidence: pa.Table, tie: pa.Table, suspect_order: pa.Table, party: pa.Table) -> Graph:
    """The graph of ``evidence`` and ``tie``; clients of suspect orders are marked, so that nothing grows into them."""
    kinds: dict[str, str] = {}
    claims: dict[str, list[Claim]] = defaultdict(list)
    columns = (
        "evidence_id",
        "detector",
        "line",
        "facet",
        "subject_kind",
        "subject_id",
        "object_kind",
        "object_id",
        "relation",
        "weight",
        "first_on",
        "last_on",
        "n_rows",
        "n_observed",
        "n_expected",
    )
    for row in evidence.select(list(columns)).to_pylist():
        subject, other = row["subject_id"], row["object_id"]
        kinds[subject] = row["subject_kind"]
        common = (row["evidence_id"], row["detector"], row["line"], row["facet"], row["weight"], row["relation"] or "")
        surplus = (row["n_observed"] or 0.0) - (row["n_expected"] or 0.0) if row["n_expected"] is not None else 0.0
        dated = (row["first_on"], row["last_on"], row["n_rows"], surplus)
        claims[subject].append(Claim(*common, other or "", True, *dated))  # noqa: FBT003
        if other:
            kinds[other] = row["object_kind"]
            claims[other].append(Claim(*common, subject, False, *dated))  # noqa: FBT003
    outward: dict[str, list[Tie]] = defaultdict(list)
    inward: dict[str, list[Tie]] = defaultdict(list)
    for row in tie.to_pylist():
        paid_out, paid_in, amount = (float(row[name] or 0) for name in ("paid_out", "paid_in", "amount"))
        each = Tie(
            row["line"],
            row["from_id"],
            row["to_id"],
            row["n"],
            amount,
            amount / paid_out if paid_out else 0.0,
            amount / paid_in if paid_in else 0.0,
            row["n_out"],
            row["n_in"],
            row["first_on"],
            row["last_on"],
            row["n_payers"] or 0,
        )
        outward[each.from_id].append(each)
        inward[each.to_id].append(each)
        kinds.setdefault(each.from_id, "party")
        kinds.setdefault(each.to_id, "place" if each.line == "parcel" else "party")
    clients = frozenset(each for each in suspect_order.column("client_id").to_pylist() if each)
    return Graph(
        kinds,
        {node: tuple(each) for node, each in claims.items()},
        {node: tuple(each) for node, each in outward.items()},
        {node: tuple(each) for node, each in inward.items()},
        clients,
        max(party.num_rows, 1),
    )
