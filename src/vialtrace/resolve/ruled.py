"""What a person's decisions take from the joining of records: a merge rejected, an identifier too many people use."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.resolve.beside import beside

_OVERSHARED, _REJECT = "overshared", "reject"


def identifier_id(identifier_type: ir.StringValue | str, value: ir.StringValue) -> ir.StringValue:
    """What a decision calls an identifier by: the same in every run that holds it."""
    return ibis.literal("I") + (ibis.literal("|").join([identifier_type, value])).hexdigest("md5").substr(0, 15)


def merge_id(joined: ir.StringValue) -> ir.StringValue:
    """What a decision calls a merge by: made from the identifier, or the two profiles, that it joins."""
    return ibis.literal("M") + joined.hexdigest("md5").substr(0, 15)


def overshared(decision: ir.Table) -> ir.Table:
    """The identifiers that a person marked as used by too many."""
    return decision.filter(decision["act"] == _OVERSHARED).select(identifier_id="subject_id")


def rejected(decision: ir.Table) -> ir.Table:
    """What a person rejected, merges among it."""
    return decision.filter(decision["act"] == _REJECT).select(merge_id="subject_id")


def if_any(told: ir.Table, digest: ir.StringValue) -> ir.StringValue:
    """A digest of each row where a person has told anything to hold it against; null, and not computed, where not.

    There are as many ties as there are records, and mostly no decision.
    """
    return ibis.ifelse(told.count().as_scalar() > 0, digest, ibis.null("string"))


def joining(ties: ir.Table, decision: ir.Table) -> ir.Table:
    """The ties of profiles to identifiers that no decision forbids to join."""
    marked, refused = overshared(decision), rejected(decision)
    named = ties.mutate(
        identifier_id=if_any(marked, identifier_id(ties["identifier_type"], ties["value"])),
        merge_id=if_any(refused, merge_id(ties["node"])),
    )
    allowed = named.anti_join(marked, "identifier_id").anti_join(refused, "merge_id")
    return allowed.drop("identifier_id", "merge_id")


def identified(pairs: ir.Table, profile: ir.Table) -> ir.Table:
    """Pairs of profiles by number with the ids of both, which a decision on them is made of."""
    ids = profile.select("profile_no", "profile_id")
    others = ids.select(other_profile_no="profile_no", other_profile_id="profile_id")
    return pairs.inner_join(ids, "profile_no").inner_join(others, "other_profile_no")


def compared(faces: ir.Table, decision: ir.Table, columns: tuple[str, ...]) -> ir.Table:
    """Profiles without the identifiers that a person marked: what everybody has is no likeness."""
    marked = overshared(decision).mutate(is_marked=True)
    for column in columns:
        told = faces.mutate(identifier_id=if_any(marked, identifier_id(ibis.literal(column), faces[column])))
        joined = beside(told, marked, "identifier_id")
        kept = ibis.ifelse(joined["is_marked"].isnull(), joined[column], ibis.null("string"))
        faces = joined.mutate(**{column: kept}).drop("identifier_id", "is_marked")
    return faces
