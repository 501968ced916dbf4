"""Which names are seen with which identifier, and which identifiers too many people use.

A telephone in ten parcels to ten names is a courier station's, not a person's. Everything here counts names by
*label*: a full name's sound, or the one full name that a masked name beside the same identifier can stand for.
"""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from vialtrace.kit.names import fit
from vialtrace.resolve.beside import beside
from vialtrace.resolve.ruled import identifier_id, if_any, overshared

REGISTER = "subscriber.holder"

# A resident identity number (GB 11643): one person has one for life, and its digits 7 to 14 are the date of birth.
RESIDENT = r"^[1-9][0-9]{16}[0-9X]$"

# The identifiers that can hold profiles together, strongest first; the order also picks a party's id.
STRENGTH = ("document", "org_id", "account", "phone", "handle", "vehicle", "name", "address")


def spelled(profile: ir.Table, spelling: ir.Table) -> ir.Table:
    """Profiles with what their names can be compared by; a profile without a name has nulls there."""
    return beside(profile, spelling, "name")


def holdings(profile: ir.Table, spelling: ir.Table) -> ir.Table:
    """One row for each identifier of each profile, with the name that stands beside it.

    Masked identifiers are left out: ``138****1234`` is ten thousand telephones. An organisation's full name counts as
    an identifier of its own.
    """
    known = spelled(profile, spelling)
    kinds = []
    for identifier_type in STRENGTH:
        value = known["label"] if identifier_type == "name" else known[identifier_type].cast("string")
        usable = value.notnull() if identifier_type == "address" else value.notnull() & ~value.contains("*")
        if identifier_type == "name":
            usable &= known["is_organisation"]
        kinds.append(known.filter(usable).select(
            "profile_no", "profile_id", "slot", "n_rows", "label", "starts", "ends", "address",
            "is_name_from_register",
            identifier_type=ibis.literal(identifier_type), value=value, name_key=known["name_key"].fill_null(""),
            is_registered=known["slot"] == REGISTER,
            is_used=(known["slot"] != REGISTER) & ~known["is_name_from_register"] & known["name_key"].notnull(),
        ))
    return reduce(ir.Table.union, kinds)


def name_use(profile: ir.Table, spelling: ir.Table, *, max_names_compared: int = 5) -> ir.Table:
    """Count the names seen with each identifier.

    Args:
        profile: distinct sets of identifiers.
        spelling: distinct names.
        max_names_compared: beside more full names than this a masked name is not matched: where a whole office signs,
            the one 张 written in full need not be the 张 behind the mask (7 per cent of people are called 王 or 李).
    """
    held = holdings(profile, spelling)
    uses = held.group_by("identifier_type", "value", "name_key").agg(
        label=held["label"].min(), starts=held["starts"].min(), ends=held["ends"].min(),
        is_registered=held["is_registered"].any(), is_used=held["is_used"].any(), n_rows=held["n_rows"].sum(),
    )
    whole = _matched(uses, max_names_compared)
    # One label counts as used or registered if any spelling of it is.
    labels = whole.group_by("identifier_type", "value", "label").agg(
        is_used=whole["is_used"].any(), is_registered=whole["is_registered"].any(),
    )
    is_name = labels["label"] != ""
    counts = labels.group_by("identifier_type", "value").agg(
        n_labels=is_name.sum(),
        n_used=(is_name & labels["is_used"]).sum(),
        n_registered=(is_name & labels["is_registered"]).sum(),
    )
    spread = labels.group_by("identifier_type", "label").agg(n_values=labels.count())
    known = counts.group_by("identifier_type").agg(n_known=counts.count())
    counted = beside(whole.drop("is_registered", "is_used"), counts, ["identifier_type", "value"])
    told = beside(counted, labels, ["identifier_type", "value", "label"])
    return beside(beside(told, spread, ["identifier_type", "label"]), known, "identifier_type").select(
        "identifier_type", "value", "name_key", "label", "is_registered", "is_used", "n_labels", "n_used",
        "n_registered", "n_values", "n_known", "n_rows",
    )


def _matched(uses: ir.Table, max_names_compared: int) -> ir.Table:
    """Give a masked or titled name the one full name beside the same identifier that it can stand for."""
    full = uses.filter(uses["label"].notnull())
    many = full.group_by("identifier_type", "value").agg(n_full=full.count())
    few = many.filter(many["n_full"] <= max_names_compared)
    compared = full.semi_join(few, ["identifier_type", "value"]).select(
        "identifier_type", "value", full_key="name_key", full_label="label",
    )
    partial = uses.filter(uses["starts"].notnull())
    pairs = partial.inner_join(compared, ["identifier_type", "value"])
    fits = pairs.filter(fit(pairs["starts"], pairs["ends"], pairs["full_key"]))
    only = fits.group_by("identifier_type", "value", "name_key").agg(
        n_fits=fits["full_label"].nunique(), stands_for=fits["full_label"].min(),
    )
    one = only.filter(only["n_fits"] == 1).drop("n_fits")
    joined = beside(uses, one, ["identifier_type", "value", "name_key"])
    own = ibis.ifelse(joined["name_key"] == "", ibis.literal(""), ibis.literal("*") + joined["name_key"])
    return joined.select(
        "identifier_type", "value", "name_key", "is_registered", "is_used", "n_rows",
        label=ibis.coalesce(joined["label"], joined["stands_for"], own),
    )


def shared_identifier(name_use: ir.Table, decision: ir.Table, *, max_names_at_address: int = 10) -> ir.Table:
    """List the identifiers that more than one name uses, with what follows for joining.

    Args:
        name_use: names seen with identifiers.
        decision: what people decided; what they marked as over-shared is told too, whatever the count.
        max_names_at_address: below this many names an address is a household's or a small firm's (the census of 2020
            counts 2.6 people a household); addresses join nobody without a name anyway, so only crowded ones are told.
    """
    counts = name_use.group_by("identifier_type", "value").agg(
        n_names=name_use["n_labels"].max(),
        n_used=name_use["n_used"].max(),
        is_lent=(name_use["is_registered"] & ~name_use["is_used"] & (name_use["n_used"] > 0)).any(),
    )
    marks = overshared(decision).mutate(is_marked=True)
    named = counts.mutate(identifier_id=if_any(marks, identifier_id(counts["identifier_type"], counts["value"])))
    counts = beside(named, marks, "identifier_id")
    told = counts.filter(ibis.or_(
        counts["is_marked"].notnull(),
        (counts["identifier_type"] == "address") & (counts["n_names"] > max_names_at_address),
        ~counts["identifier_type"].isin(["address", "name"]) & (counts["n_names"] > 1),
    ))
    kind, n_names = told["identifier_type"], told["n_names"]
    reason = ibis.cases(
        (told["is_marked"].notnull(), "Marked by a person as used by too many; it joins nobody."),
        (kind == "address", "Many people receive or send at this address; it joins only rows of one uncommon name."),
        ((kind == "account") & told["is_lent"],
         "Registered to another name than it is used with; its rows stay one party, apart from the registered holder."),
        (kind == "account", "Several names use this account; its rows stay one party, whoever signs."),
        ((kind == "handle") & told["is_lent"],
         "Registered to another name than it is used with; its rows stay apart from the registered holder."),
        (told["is_lent"], "Registered to another name than it is used with; it joins only rows of one name."),
        (kind.isin(["document", "org_id"]), "Written with several names; it joins them unless they are too many."),
        (n_names > 5, "More people use it than one household; it joins only rows of one uncommon name."),
        else_="Several people use it, as a family or an office does; it joins only rows of one name.",
    )
    return told.select("identifier_type", "value", "n_names", reason=reason)
