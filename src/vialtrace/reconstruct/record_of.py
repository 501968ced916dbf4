"""The evidence as the case keeps it: what the detectors claimed, and what dealings between members add."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table


def tie_claim_row(
    tie_claim: Table,
    member_party: Table,
    network_hub: Table,
    payment: Table,
    contact: Table,
    parcel_ends: Table,
    mention: Table,
) -> Table:
    """The payments, calls and parcels behind each claim on dealings between members and with their places."""
    parties = member_party.select("network_id", "party_id", subject_id="member_id")
    subjects = (
        tie_claim.select("evidence_id", "network_id", "line", "subject_id")
        .join(parties, ["network_id", "subject_id"])
        .select("evidence_id", "network_id", "line", subject_id="party_id")
    )
    others = member_party.select("network_id", other_id="party_id")
    made = []
    for line, records, one, two in (
        ("payment", payment, "payment.payer", "payment.payee"),
        ("contact", contact, "contact.from", "contact.to"),
    ):
        asked = subjects.filter(subjects.line == line)
        # Only rows that name members at both ends: a few of as many as there are records.
        ends = (
            _slot(mention, one, "one_id", member_party)
            .join(_slot(mention, two, "two_id", member_party), "row_id")
            .semi_join(records, "row_id")
        )
        for subject, other in (("one_id", "two_id"), ("two_id", "one_id")):
            found = ends.join(asked, ends[subject] == asked.subject_id).select(
                "row_id", "evidence_id", "network_id", other_id=other
            )
            made.append(found.semi_join(others, ["network_id", "other_id"]).select("evidence_id", "row_id"))
    at_places = parcel_ends.semi_join(network_hub, [("receiver_place", "place_id")])
    posted = at_places.join(
        subjects.filter(subjects.line == "parcel"), [at_places.sender_id == subjects.subject_id]
    )
    places = network_hub.select("network_id", receiver_place="place_id")
    made.append(posted.join(places, ["network_id", "receiver_place"]).select("evidence_id", "row_id"))
    return ibis.union(*made, distinct=True)


def _slot(mention: Table, slot: str, name: str, member_party: Table) -> Table:
    each = mention.filter(mention.slot == slot).semi_join(member_party, "party_id")
    return each.select("row_id", **{name: each.party_id})


def evidence(
    claim: Table,
    tie_claim: Table,
    tie_claim_row: Table,
    payment: Table,
    contact: Table,
    parcel_ends: Table,
    decision: Table,
) -> Table:
    """All claims of the case but those a person rejected, which are evidence of nothing."""
    days = ibis.union(
        payment.select("row_id", on=payment.paid_at.date()),
        contact.select("row_id", on=contact.contacted_at.date()),
        parcel_ends.select("row_id", on="sent_on"),
    )
    dated = tie_claim_row.join(days, "row_id")
    spans = dated.group_by("evidence_id").agg(
        first_on=dated["on"].min(), last_on=dated["on"].max(), n_rows=dated.count()
    )
    told = tie_claim.join(spans, "evidence_id")
    text, number = ibis.null().cast("string"), ibis.null().cast("float64")
    dealings = told.mutate(
        facet=ibis.literal("chain"),
        subject_kind=ibis.literal("party"),
        object_kind=text,
        object_id=text,
        relation=text,
        test=ibis.literal("shared_clients"),
        n_expected=number,
        p_value=number,
        q_value=number,
    )
    return ibis.union(claim, dealings.select(*claim.columns)).anti_join(_rejected(decision), "evidence_id")


def evidence_row(claim_row: Table, tie_claim_row: Table, decision: Table) -> Table:
    """The rows behind all claims."""
    rows = ibis.union(claim_row, tie_claim_row, distinct=True)
    return rows.anti_join(_rejected(decision), "evidence_id")


def _rejected(decision: Table) -> Table:
    return decision.filter(decision.act == "reject").select(evidence_id="subject_id")
