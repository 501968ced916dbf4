"""The members of a network, each with what it did and the evidence for and against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from vialtrace.casefile.claims import Claim
from vialtrace.casefile.flows import acts
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.veil import Veil
from vialtrace.model.tables import ROLES

# Three to one, below which a kind of evidence is none: as `reconstruct` counts a member's kinds.
LEAST_COUNTED = 0.5


@dataclass(frozen=True)
class Counted:
    """A claim as it counts for one member: correlated claims are counted once, so this can be less than its weight."""

    claim: Claim
    counted: float


@dataclass(frozen=True)
class Member:
    """One member: who, which role, how sure, when, how much, and why."""

    number: str
    party_id: str
    name: str
    kind: str
    role: str
    role_probability: float | None
    score: float
    n_lines: int
    lines: tuple[str, ...]
    from_on: date | None
    to_on: date | None
    identifiers: tuple[Row, ...]
    n_withheld: int
    aliases: tuple[str, ...]
    lent: tuple[str, ...]
    decision: str
    estimates: Mapping[str, Row]
    acts: tuple[Row, ...]
    speaks_for: tuple[Counted, ...]
    speaks_against: tuple[Counted, ...]

    @property
    def counted_lines(self) -> tuple[str, ...]:
        """The kinds of evidence that count: those whose strongest claim says three to one and more."""
        return tuple(dict.fromkeys(each.claim.line for each in self.speaks_for if each.counted >= LEAST_COUNTED))

    @property
    def acted(self) -> tuple[date | None, date | None]:
        """First and last day of what the member did, by the rows of its acts; else of the claims about it."""
        firsts = [act["first_at"].date() for act in self.acts if act["first_at"]]
        lasts = [act["last_at"].date() for act in self.acts if act["last_at"]]
        return (min(firsts), max(lasts)) if firsts else (self.from_on, self.to_on)


def cast(
    shelf: Shelf,
    network_id: str,
    veil: Veil,
    claims: Mapping[str, Claim],
    estimates: Mapping[str, Mapping[str, Row]],
    flows: pa.Table,
) -> list[Member]:
    """The members of a network, by role as in a chain of command, best supported first.

    Args:
        shelf: the tables.
        network_id: the network.
        veil: who may be named.
        claims: the claims of the network by evidence id.
        estimates: reconciled estimates by party and measure.
        flows: the network's flow rows.
    """
    kinds = {row["party_id"]: row["kind"] for row in shelf.rows("party", "party_id", veil.members)}
    counted = _counted(shelf, network_id, claims)
    done = acts(flows, veil.members)
    rows = sorted(shelf.rows("member", "network_id", [network_id]), key=_order)
    aliases = shelf.rows("member_alias", "network_id", [network_id])
    decided = decisions(shelf, network_id)
    return [
        _member(
            f"M{number}",
            row,
            kinds.get(row["party_id"], "unknown"),
            veil,
            counted[row["party_id"]],
            estimates.get(row["party_id"], {}),
            tuple(done.get(row["party_id"], ())),
            _reasons(aliases, row["party_id"], "person"),
            _reasons(aliases, row["party_id"], "account"),
            decided.get(row["party_id"], "none"),
        )
        for number, row in enumerate(rows, start=1)
    ]


def _reasons(aliases: Sequence[Row], party_id: str, what: str) -> tuple[str, ...]:
    """Why other parties of the records are the member, each reason once; or their accounts its own, one an account."""
    found = [each["reason"] for each in aliases if (each["party_id"], each["what"]) == (party_id, what)]
    return tuple(sorted(filter(None, found if what == "account" else set(found))))


def _order(row: Row) -> tuple[int, float, str]:
    roles = list(ROLES)
    return roles.index(row["role"]) if row["role"] in roles else len(roles), -(row["score"] or 0.0), row["party_id"]


def _counted(shelf: Shelf, network_id: str, claims: Mapping[str, Claim]) -> dict[str, list[tuple[Counted, bool]]]:
    found: dict[str, list[tuple[Counted, bool]]] = defaultdict(list)
    for row in shelf.rows("member_evidence", "network_id", [network_id]):
        if row["evidence_id"] in claims:
            is_against = bool(row["is_against"]) or (row["weight"] or 0.0) < 0
            found[row["party_id"]].append((Counted(claims[row["evidence_id"]], row["weight"] or 0.0), is_against))
    for each in found.values():
        each.sort(key=lambda pair: (-abs(pair[0].counted), -abs(pair[0].claim.weight), pair[0].claim.evidence_id))
    return found


def _member(  # noqa: PLR0913, PLR0917
    number: str,
    row: Row,
    kind: str,
    veil: Veil,
    counted: list[tuple[Counted, bool]],
    estimates: Mapping[str, Row],
    done: tuple[Row, ...],
    aliases: tuple[str, ...],
    lent: tuple[str, ...],
    decision: str,
) -> Member:
    party_id = row["party_id"]
    identifiers = veil.identifiers.get(party_id, ())
    shown = tuple(each for each in identifiers if veil.may_show(each["identifier_type"], each["value"]))
    speaks_for = tuple(each for each, is_against in counted if not is_against)
    return Member(
        number,
        party_id,
        veil.called(party_id),
        kind,
        row["role"],
        row["role_probability"],
        row["score"] or 0.0,
        row["n_lines"] or 0,
        tuple(dict.fromkeys(each.claim.line for each in speaks_for)),
        row["from_on"],
        row["to_on"],
        shown,
        len(identifiers) - len(shown),
        aliases,
        lent,
        decision,
        estimates,
        done,
        speaks_for,
        tuple(each for each, is_against in counted if is_against),
    )


def decisions(shelf: Shelf, network_id: str) -> dict[str, str]:
    """What people decided on the network, its members and its claims: subject to ``accept``, ``reject`` or ``hold``."""
    found = [row for row in shelf.all_rows("decision") if row["other_id"] in (None, "", network_id)]
    # What was decided within the network is nearer than what was decided everywhere.
    found.sort(key=lambda row: bool(row["other_id"]))
    return {row["subject_id"]: row["act"] for row in found}


def estimates_of(shelf: Shelf, network_id: str) -> tuple[dict[str, dict[str, Row]], list[Row]]:
    """Reconciled estimates by party ('' for the network) and measure, and every other method beside them."""
    shown: dict[str, dict[str, Row]] = defaultdict(dict)
    others: list[Row] = []
    for row in shelf.rows("estimate", "network_id", [network_id]):
        if row["method"] == "reconciled":
            shown[row["party_id"]][row["measure"]] = row
        else:
            others.append(row)
    return dict(shown), others
