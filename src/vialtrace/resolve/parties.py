"""Parties, and what identifies them."""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from vialtrace.resolve.beside import beside
from vialtrace.resolve.ruled import identifier_id

_IDENTIFIERS = ("name", "document", "phone", "account", "handle", "org_id", "address", "vehicle")


def party(profile: ir.Table, spelling: ir.Table, belonging: ir.Table, mention: ir.Table) -> ir.Table:
    """Describe each party: its kind, its name, and in how many rows and from when to when it is named."""
    known = beside(profile.inner_join(belonging, "profile_no"), spelling, "name")
    is_organisation = (
        known["org_id"].notnull() | (known["slot"] == "organisation.itself")
        | ibis.coalesce(known["is_organisation"], ibis.literal(value=False))
    )
    is_person = known["document"].notnull() | ~known["is_organisation"]
    described = known.group_by("party_id").agg(
        # A party written both ways (a firm's clerk beside the firm) is what most of its rows say.
        n_as_organisation=known["n_rows"].sum(where=is_organisation).fill_null(0),
        n_as_person=known["n_rows"].sum(where=is_person & ~is_organisation).fill_null(0),
        first_on=known["first_on"].min(), last_on=known["last_on"].max(),
    )
    rows = mention.filter(mention["party_id"].notnull()).group_by("party_id").agg(n_rows=mention["row_id"].nunique())
    joined = beside(beside(described, _names(known), "party_id"), rows, "party_id")
    kind = ibis.cases(
        ((joined["n_as_organisation"] > 0) & (joined["n_as_organisation"] >= joined["n_as_person"]), "organisation"),
        (joined["n_as_person"] > 0, "person"),
        else_="unknown",
    )
    return joined.select("party_id", "name", "n_rows", "first_on", "last_on", kind=kind).select(
        "party_id", "kind", "name", "n_rows", "first_on", "last_on",
    )


def _names(known: ir.Table) -> ir.Table:
    """The name each party is most often written with: full before partial, written before registered, rows, text.

    A row without a name bears the one of whom its telephone is registered to, who need not be who uses it.
    """
    written = known.filter(known["name"].notnull())
    counted = written.group_by("party_id", "name").agg(
        n=written["n_rows"].sum(), is_only_registered=written["is_name_from_register"].all(),
        is_partial=ibis.coalesce(written["is_partial"], ibis.literal(value=True)).any(),
    )
    best = [counted["is_partial"], counted["is_only_registered"], counted["n"].desc(), counted["name"]]
    return counted.group_by("party_id").agg(name=counted["name"].first(order_by=best))


def party_identifier(profile: ir.Table, belonging: ir.Table) -> ir.Table:
    """List every identifier of every party, masked ones too, as the rows write them.

    A name that only the register gave to a nameless row is not repeated here: the register's own row carries it.
    """
    known = profile.inner_join(belonging, "profile_no")
    kinds = []
    for identifier_type in _IDENTIFIERS:
        holds = known[identifier_type].notnull()
        if identifier_type == "name":
            holds &= ~known["is_name_from_register"]
        kinds.append(known.filter(holds).group_by(
            "party_id", identifier_type=ibis.literal(identifier_type), value=known[identifier_type],
        ).agg(n_rows=known["n_rows"].sum(), first_on=known["first_on"].min(), last_on=known["last_on"].max()))
    whole: ir.Table = reduce(ir.Table.union, kinds)
    return whole.mutate(identifier_id=identifier_id(whole["identifier_type"], whole["value"]))
