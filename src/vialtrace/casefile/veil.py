"""Who may be named: members of the network and organisations; everybody else stands behind a pseudonym.

Everything a page shows of a party goes through here, so that one place decides. In doubt it withholds: a party the
tables do not know, or an identifier that a donor also uses, is not shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile.facts import Pseudonym
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.errors import OurBug

# A name or an address may belong to several people without telling anything; these point at one person.
POINTING_TYPES = ("phone", "document", "account", "handle", "org_id", "vehicle")
_NAMING_ORDER = ("name", "org_id", "handle", "account", "phone", "document", "address", "vehicle")
_PREFIXES = ("protected-", "person-")


@dataclass(frozen=True)
class Veil:
    """Decides, for one network, who is shown in clear and what the others are called.

    ``lenders`` are the aliases that are an account only, in the name of somebody who is not named for it. ``key`` tells
    veils of one run apart; one that was put together from several has none.
    """

    members: frozenset[str]
    aliases: Mapping[str, str]
    organisations: frozenset[str]
    protected: frozenset[str]
    names: Mapping[str, str]
    identifiers: Mapping[str, tuple[Row, ...]]
    withheld: frozenset[tuple[str, str]]
    lenders: frozenset[str] = frozenset()
    pseudonym: Pseudonym | None = None
    key: Hashable = field(default=None, repr=False, compare=False)
    _called: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_clear(self, party_id: str | None) -> bool:
        """Whether the party may be shown by name."""
        return party_id is not None and (self.as_member(party_id) in self.members or party_id in self.organisations)

    def as_member(self, party_id: str) -> str:
        """The member that a party of the records is the same person as; else the party itself."""
        return self.aliases.get(party_id, party_id)

    def is_protected(self, party_id: str | None) -> bool:
        """Whether the party is a donor or client."""
        return party_id in self.protected

    def called(self, party_id: str) -> str:
        """The party's name if it may be named, else its pseudonym, else what sort of person it is."""
        known = self._called.get(party_id)
        if known is None:
            known = self._name(party_id)
            if len(self._called) < _MOST_CALLED:
                self._called[party_id] = known
        return known

    def _name(self, party_id: str) -> str:
        if self.is_clear(party_id):
            return self.names.get(self.as_member(party_id), party_id)
        return self.unnamed(party_id)

    def unnamed(self, party_id: str) -> str:
        """What a party is called that is not named: its pseudonym, else what sort of person it is."""
        prefix = _PREFIXES[0] if self.is_protected(party_id) else _PREFIXES[1]
        if self.pseudonym is None:
            return "a protected person" if self.is_protected(party_id) else "a person outside the network"
        code = self.pseudonym(party_id)
        for known in _PREFIXES:
            code = code.removeprefix(known)
        return prefix + code

    def may_show(self, identifier_type: str, value: str) -> bool:
        """Whether an identifier of a party that may be named can be shown: not when a donor uses it too."""
        return (identifier_type, value) not in self.withheld


_BYTES_A_NAME = 200
"""About what an id or a name takes in memory."""

_MOST_CALLED = 200_000
"""Pseudonyms that a veil remembers: more than any page asks for, and a bound for a veil that is held."""


def veil(shelf: Shelf, network_id: str, *, pseudonym: Pseudonym | None = None) -> Veil:
    """The veil for the pages of one network.

    Raises:
        OurBug: a protected party is listed as a member; nothing is written then.
    """
    # Another key gives other pseudonyms, and so is another veil.
    asked = ("veil", network_id, pseudonym("") if pseudonym else None)
    return shelf.once(asked, lambda: _veil(shelf, network_id, pseudonym, asked), _n_bytes)


def _n_bytes(made: Veil) -> int:
    """About what a veil takes, with the pseudonyms it will be asked for."""
    return _BYTES_A_NAME * (2 * len(made.protected) + len(made.organisations) + len(made.names))


def _veil(shelf: Shelf, network_id: str, pseudonym: Pseudonym | None, key: Hashable) -> Veil:
    members = frozenset(shelf.where("member", "network_id", [network_id])["party_id"].to_pylist())
    protected = frozenset(shelf.columns("protected_party", ["party_id"])["party_id"].to_pylist())
    if members & protected:
        raise OurBug(
            f"{len(members & protected)} protected part{'y is' if len(members & protected) == 1 else 'ies are'} listed "
            f"as member of network {network_id}.",
            expected="A donor or client is never a member, so no page was made.",
        )
    taken = [
        row
        for row in shelf.rows("member_alias", "network_id", [network_id])
        if row["party_id"] in members and row["alias_id"] not in protected | members
    ]
    aliases = {row["alias_id"]: row["party_id"] for row in taken}
    lenders = frozenset(row["alias_id"] for row in taken if row["what"] == "account")
    # Of all the parties only these: there may be millions.
    organised = shelf.where("party", "kind", ["organisation"], ["party_id"])
    organisations = frozenset(organised["party_id"].to_pylist()) - protected
    clear = members | organisations
    called = {row["party_id"]: row["name"] for row in shelf.rows("party", "party_id", members)}
    identifiers, lenders_own = _identifiers(shelf, members, aliases, lenders, called)
    theirs = members | frozenset(aliases)
    withheld = (
        _also_used_by_others(shelf, identifiers, protected, theirs)
        | _borrowed_names(shelf, identifiers, called, theirs | organisations)
        | lenders_own
    )
    return Veil(
        members,
        aliases,
        organisations,
        protected,
        _names(shelf, clear, identifiers, withheld),
        identifiers,
        withheld,
        lenders,
        pseudonym,
        key,
    )


def _identifiers(
    shelf: Shelf,
    members: frozenset[str],
    aliases: Mapping[str, str],
    lenders: frozenset[str],
    called: Mapping[str, str],
) -> tuple[dict[str, tuple[Row, ...]], frozenset[tuple[str, str]]]:
    """The identifiers of each member, those it bears as another party of the records included; and what stays hidden.

    Who lent an account is no member: the account is the member's, and nothing else of its holder's is told.
    """
    lent = _lent_accounts(shelf, lenders)
    grouped: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
    hidden: set[tuple[str, str]] = set()
    for row in shelf.rows("party_identifier", "party_id", members | set(aliases)):
        identifier = row["identifier_type"], row["value"]
        if row["party_id"] in lenders and not (row["identifier_type"] == "account" and row["value"] in lent):
            hidden.add(identifier)
        else:
            grouped[aliases.get(row["party_id"], row["party_id"])].setdefault(identifier, row)
    hidden -= {identifier for rows in grouped.values() for identifier in rows}
    order = {name: place for place, name in enumerate(_NAMING_ORDER)}

    def place(party_id: str, row: Row) -> tuple[int, bool, int, str]:
        """By type; the name the party goes by first, then what most rows carry."""
        kind = order.get(row["identifier_type"], len(order))
        return kind, row["value"] != called.get(party_id), -(row["n_rows"] or 0), row["value"]

    told = {
        party_id: tuple(sorted(rows.values(), key=partial(place, party_id)))
        for party_id, rows in sorted(grouped.items())
    }
    return told, frozenset(hidden)


def _lent_accounts(shelf: Shelf, lenders: frozenset[str]) -> frozenset[str]:
    """The accounts through which lenders passed money on to members."""
    passed = shelf.where("flow_row", "from_id", lenders, ["row_id"]) if lenders else None
    if passed is None:
        return frozenset()
    paid = shelf.where("payment", "row_id", passed["row_id"].to_pylist(), ["payer_account"])
    return frozenset(paid["payer_account"].drop_null().to_pylist())


def _also_used_by_others(
    shelf: Shelf, identifiers: Mapping[str, tuple[Row, ...]], protected: frozenset[str], members: frozenset[str]
) -> frozenset[tuple[str, str]]:
    """Identifiers of members that a protected party uses too, which would lead from the page to that party.

    Of addresses, those that anybody else lives at: a member's family is no part of the case.
    """
    values = {row["value"] for rows in identifiers.values() for row in rows}
    others = shelf.where("party_identifier", "value", values, ["party_id", "identifier_type", "value"])
    is_address = pc.equal(others["identifier_type"], "address")
    held = others.filter(
        pc.or_(
            pc.and_(
                pc.is_in(others["party_id"], value_set=pa.array(sorted(protected), pa.string())),
                pc.is_in(others["identifier_type"], value_set=pa.array(POINTING_TYPES)),
            ),
            pc.and_(
                is_address,
                pc.invert(pc.is_in(others["party_id"], value_set=pa.array(sorted(members), pa.string()))),
            ),
        )
    )
    return frozenset(zip(held["identifier_type"].to_pylist(), held["value"].to_pylist(), strict=True))


def _borrowed_names(
    shelf: Shelf, identifiers: Mapping[str, tuple[Row, ...]], called: Mapping[str, str], clear: frozenset[str]
) -> frozenset[tuple[str, str]]:
    """Names beside the one a member goes by that somebody else bears who may not be named.

    Who posts for a woman writes her name beside his own telephone.
    """
    beside = {
        row["value"]
        for party_id, rows in identifiers.items()
        for row in rows
        if row["identifier_type"] == "name" and row["value"] != called.get(party_id)
    } - set(called.values())
    others = shelf.where("party_identifier", "value", beside, ["party_id", "identifier_type", "value"])
    is_clear = pc.is_in(others["party_id"], value_set=pa.array(sorted(clear), pa.string()))
    held = others.filter(pc.and_(pc.equal(others["identifier_type"], "name"), pc.invert(is_clear)))
    return frozenset(("name", value) for value in held["value"].to_pylist())


def _names(
    shelf: Shelf,
    clear: frozenset[str],
    identifiers: Mapping[str, tuple[Row, ...]],
    withheld: frozenset[tuple[str, str]],
) -> dict[str, str]:
    names = {row["party_id"]: row["name"] for row in shelf.rows("party", "party_id", clear) if row["name"]}
    for party_id, rows in identifiers.items():
        fit = [row for row in rows if (row["identifier_type"], row["value"]) not in withheld]
        if party_id not in names and fit:
            names[party_id] = fit[0]["value"]
    return names
