"""Which true party a finding's member is, if any.

A member of a finding and a party of the truth are one when they share a document, phone, account, handle or
registration number. A name decides only as a last resort: when nobody else in the truth bears it, and the two carry
no strong identifier of one type, since then that identifier would have had to agree.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

STRONG = ("document", "org_id", "account", "handle", "phone")

# A phone is often shared in a family, a document never: two candidates with equal counts are told apart by this order.
_TRUST = {"document": 16, "org_id": 16, "account": 8, "handle": 4, "phone": 2}

Owner = tuple[str, int, int]
"""``("member", network, place in its members)``, ``("lookalike", place, 0)`` or ``("protected", place, 0)``."""


@dataclass(frozen=True)
class Entry:
    """One member of one network of the findings."""

    network: int
    position: int
    role: str
    identifiers: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Match:
    """What an entry turned out to be: a true member, an honest look-alike, a protected party, or somebody else."""

    entry: Entry
    what: Literal["member", "lookalike", "protected", "bystander"]
    owner: Owner | None
    is_duplicate: bool


def normal(kind: str, value: str) -> str:
    """One form for comparison: compatibility forms folded, no blanks, no case."""
    folded = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(folded.split()) if kind == "name" else "".join(folded.split())


def identifiers(party: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """The identifiers of a party of the findings or the truth, each as type and normal form."""
    return frozenset(
        (str(each["type"]), normal(str(each["type"]), str(each["value"])))
        for each in party.get("identifiers", ())
        if each.get("value")
    )


def entries(findings: Mapping[str, Any]) -> list[Entry]:
    """Every member of every network of the findings, in order."""
    return [
        Entry(number, position, str(member.get("role", "")), identifiers(member))
        for number, network in enumerate(findings.get("networks", ()))
        for position, member in enumerate(network.get("members", ()))
    ]


def owners(truth: Mapping[str, Any]) -> dict[Owner, frozenset[tuple[str, str]]]:
    """Every party the truth knows, with its identifiers."""
    known: dict[Owner, frozenset[tuple[str, str]]] = {}
    for number, network in enumerate(truth.get("networks", ())):
        for position, member in enumerate(network.get("members", ())):
            known["member", number, position] = identifiers(member)
    for kind in ("lookalikes", "protected"):
        for number, party in enumerate(truth.get(kind, ())):
            known[kind.removesuffix("s"), number, 0] = identifiers(party)
    return known


class Register:
    """Who in the truth bears an identifier."""

    def __init__(self, truth: Mapping[str, Any]) -> None:
        """Index the truth by strong identifier and by name."""
        self.known = owners(truth)
        self._by_identifier: dict[tuple[str, str], list[Owner]] = defaultdict(list)
        for owner, borne in self.known.items():
            for each in borne:
                self._by_identifier[each].append(owner)

    def candidates(self, entry: Entry) -> list[Owner]:
        """Those who share most with the entry, weighted by how personal the identifier is; several when equal."""
        shared: Counter[Owner] = Counter()
        for each in entry.identifiers:
            for owner in self._by_identifier.get(each, ()) if each[0] in _TRUST else ():
                shared[owner] += _TRUST[each[0]]
        if not shared:
            return self._by_name(entry)
        best = max(shared.values())
        return sorted(owner for owner, score in shared.items() if score == best)

    def _by_name(self, entry: Entry) -> list[Owner]:
        held = {kind for kind, _ in entry.identifiers if kind in _TRUST}
        found: set[Owner] = set()
        for each in entry.identifiers:
            if each[0] == "name":
                found.update(self._by_identifier.get(each, ()))
        parties = {self.known[owner] for owner in found}
        if len(parties) != 1 or held & {kind for kind, _ in next(iter(parties)) if kind in _TRUST}:
            return []
        return sorted(found)


def _homes(all_entries: Sequence[Entry], candidates: Sequence[list[Owner]]) -> dict[int, int | None]:
    """For each network of the findings, the true one to which most entries belong; of equals, one not yet taken."""
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for entry, found in zip(all_entries, candidates, strict=True):
        votes[entry.network].update({owner[1] for owner in found if owner[0] == "member"})
    homes: dict[int, int | None] = {}
    for network, counted in sorted(votes.items()):
        taken = set(homes.values())
        homes[network] = min(counted, key=lambda true: (-counted[true], true in taken, true), default=None)
    return homes


def match_entries(findings: Mapping[str, Any], truth: Mapping[str, Any]) -> list[Match]:
    """Every entry of the findings with what it turned out to be, in the order of the findings.

    Where several fit equally (a laboratory that serves two networks), a member goes before a look-alike, and a member
    of the network that most of the finding's network belongs to before one of another.
    """
    register = Register(truth)
    all_entries = entries(findings)
    candidates = [register.candidates(entry) for entry in all_entries]
    homes = _homes(all_entries, candidates)
    rank = {"member": 0, "lookalike": 1, "protected": 2}
    seen: set[Owner] = set()
    matches = []
    for entry, found in zip(all_entries, candidates, strict=True):
        if not found:
            matches.append(Match(entry, "bystander", None, is_duplicate=False))
            continue
        owner = min(found, key=lambda each: (rank[each[0]], each[1] != homes[entry.network], each in seen, each))
        what: Any = owner[0]
        matches.append(Match(entry, what, owner, is_duplicate=what == "member" and owner in seen))
        seen.add(owner)
    return matches
