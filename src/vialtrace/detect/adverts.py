"""What public posts show: who solicits."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole


def advertised(post: Table, mention: Table, reading: Table) -> Table:
    """Whom a post names that solicits fetal sex tests, as its account or inside it: row_id, party_id, weight, on."""
    read = post.join(reading.filter(reading.is_solicitation).select("text", "weight"), "text")
    return read.select("row_id", "weight", on=read.posted_at.date()).join(
        mention.filter(mention.slot.isin(["post.account", "post.contact"]) & mention.party_id.notnull()).select(
            "row_id", "party_id"
        ),
        "row_id",
    )


@detector("post")
def soliciting_adverts(post: Table, mention: Table, reading: Table) -> Table:
    """Which accounts, and the numbers and handles inside their posts, solicit fetal sex tests?

    The weight is that of the most telling post, and half a point more where five or more posts say it: copies of one
    text are one act repeated.
    """
    named = advertised(post, mention, reading)
    found = named.group_by("party_id").agg(
        row_ids=named.row_id.collect().unique().sort(),
        n=named.row_id.nunique(),
        strongest=named.weight.max(),
        first_on=named["on"].min(),
        last_on=named["on"].max(),
    )
    return claims(
        found,
        detector="soliciting_adverts",
        line="advert",
        facet="matter",
        subject=("party", "party_id"),
        claim=ibis.literal("{subject} solicits fetal sex tests in ") + whole(found.n) + " public posts.",
        weight=found.strongest + ibis.ifelse(found.n >= 5, 0.5, 0.0),
    )
