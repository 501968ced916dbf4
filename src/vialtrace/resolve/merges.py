"""Why groups of mentions were taken for one party, in sentences without values."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.resolve.ruled import identified, merge_id
from vialtrace.resolve.sharing import STRENGTH

# What rows of each record kind are called in a sentence.
_ROWS = {
    "post": "adverts", "order": "order sheets", "waybill": "parcels", "payment": "transfers",
    "crossing": "border crossings", "declaration": "declarations", "permit": "permits", "seizure": "seizures",
    "organisation": "the company register", "subscriber": "the register of holders", "contact": "calls and messages",
}

_SAME = {
    "document": "The same document", "org_id": "The same registration number", "account": "The same account",
    "phone": "The same telephone", "handle": "The same platform account", "vehicle": "The same vehicle",
    "name": "The same full name of an organisation", "address": "The same address",
}


def merge(
    profile: ir.Table, hold: ir.Table, cut_hold: ir.Table, belonging: ir.Table, likeness: ir.Table,
) -> ir.Table:
    """Explain every join: one row for each identifier that holds profiles together, and for each likeness."""
    by_identifier = _by_identifier(profile, hold.anti_join(cut_hold, ["profile_no", "node"]), belonging)
    return by_identifier.union(_by_likeness(likeness, belonging, profile))


def _by_identifier(profile: ir.Table, kept: ir.Table, belonging: ir.Table) -> ir.Table:
    shared = kept.group_by("node").agg(n_profiles=kept.count())
    joining = kept.semi_join(shared.filter(shared["n_profiles"] > 1), "node")
    held = joining.inner_join(profile.select("profile_no", "slot", "n_rows", "row_id"), "profile_no")
    held = held.inner_join(belonging, "profile_no")
    # One column a kind: rows sorted within every group would cost more than all else here.
    kinds = sorted(_ROWS)
    found = held.group_by("party_id", "node").agg(
        identifier_type=held["identifier_type"].min(), value=held["value"].min(), match_weight=held["weight"].max(),
        row_id=held["row_id"].min(),
        **{kind: held["n_rows"].sum(where=held["slot"].startswith(f"{kind}.")) for kind in kinds},
    )
    told = [
        ibis.ifelse(found[kind] == 1, "one row", found[kind].cast("string") + " rows") + f" of {_ROWS[kind]}"
        for kind in kinds
    ]
    merged = found.mutate(places=ibis.array(told).filter(lambda each: each.notnull()).join(", "))
    return merged.select(
        "party_id", "identifier_type", "value", "match_weight", "row_id",
        merge_id=merge_id(merged["node"]),
        explanation=_sentence(merged), other_row_id=ibis.null("int64"),
    ).select(*_COLUMNS)


_COLUMNS = ("merge_id", "party_id", "identifier_type", "value", "match_weight", "explanation", "row_id", "other_row_id")


def _sentence(merged: ir.Table) -> ir.StringValue:
    """``The same telephone stands in 14 rows of parcels and one row of order sheets, under one name.``"""
    kind, node = merged["identifier_type"], merged["node"]
    is_agent = node.startswith(f"{len(STRENGTH)}|agent|")
    same = ibis.cases(
        (is_agent, "The same agent's name"), *[(kind == name, words) for name, words in _SAME.items()],
    )
    # The node ends with what had to agree beside the identifier; empty where nothing had to.
    is_crowded = (kind == "phone") & node.contains("@")
    beside = ibis.cases(
        (is_agent, ", too rare for two of all the agents named"),
        (is_crowded & node.contains("|@"), ", without a name, at one address"),
        (is_crowded, ", under one name, at one address"),
        (~node.endswith("|"), ", under one name"),
        else_="",
    )
    places = merged["places"].re_replace(r", ([^,]*)$", r" and \1")
    return same + " stands in " + places + beside + "."


def _by_likeness(likeness: ir.Table, belonging: ir.Table, profile: ir.Table) -> ir.Table:
    joined = likeness.inner_join(belonging, "profile_no").inner_join(
        belonging.select(other_profile_no="profile_no", other_party_id="party_id"), "other_profile_no",
    )
    # Not as a plain equality: an engine takes that for a join, and meets all profiles of one party with each other.
    is_one = (joined["party_id"] == joined["other_party_id"]).fill_null(False)  # noqa: FBT003
    one = identified(joined.filter(is_one), profile)
    return one.select(
        "party_id", "match_weight", "explanation", "row_id", "other_row_id",
        merge_id=merge_id(one["profile_id"] + one["other_profile_id"]),
        identifier_type=ibis.literal("comparison"), value=ibis.null("string"),
    ).select(*_COLUMNS)
