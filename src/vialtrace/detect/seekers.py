"""Who serves the people who sought the test: those whom order sheets name, and those who wrote to an advertiser."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole
from vialtrace.detect.clients import LEAST_CONCENTRATION, concentration, of_one_receiver, overlap
from vialtrace.detect.tails import poisson_tail, weight_of
from vialtrace.detect.visits import DAYS
from vialtrace.kit.names import is_full

# One point in a hundred is for people who expect a child and for nobody else, as a clinic or a shop: it meets those who
# sought the test far more often than chance, and lawfully. So that they come is worth a hundred to one at most. At an
# address where more than a few receive nobody knows yet for whom they come.
CAP = 2.0
CAP_AT_COUNTER = 1.0

# Who sought the test which way: the weeks before and after in which a payment or a parcel is of the same business, in
# numbers and in words.
SOUGHT = {
    "order": (2, 4, "whom order sheets name as clients of fetal sex tests", "two weeks before they ordered to four"),
    "contact": (1, 6, "who were in touch with those who advertise fetal sex tests", "a week before they wrote to six"),
}


def seeker(
    suspect_order: Table,
    post: Table,
    contact: Table,
    mention: Table,
    reading: Table,
    *,
    most_contacts: int = 12,
    most_advertisers: int = 2,
    most_days: int = 45,
) -> Table:
    """A person who sought the test: named as the client of an order for it, or in touch with who advertises it.

    ``way`` is "order" or "contact". Who is in touch more than ``most_contacts`` times, with more than
    ``most_advertisers`` of them, or for more than ``most_days`` days, has other business with them. The client is a
    name key where one is known, as in the table of visits.
    """
    ordered = suspect_order.select(
        "row_id",
        way=ibis.literal("order"),
        client=suspect_order.client_key.fill_null(suspect_order.client_id),
        on="ordered_on",
    )
    soliciting = post.semi_join(reading.filter(reading.is_solicitation), "text").select("row_id")
    advertiser = (
        mention.filter(mention.slot.isin(["post.account", "post.contact"]) & mention.party_id.notnull())
        .semi_join(soliciting, "row_id")
        .select(advertiser_id="party_id")
        .distinct()
    )
    ends = [
        mention.filter((mention.slot == f"contact.{end}") & mention.party_id.notnull()) for end in ("from", "to")
    ]
    met = ibis.union(
        *(
            one.select("row_id", "party_id", "name_key").join(
                other.select("row_id", advertiser_id="party_id").semi_join(advertiser, "advertiser_id"), "row_id"
            )
            for one, other in (ends, ends[::-1])
        )
    )
    met = met.join(contact.select("row_id", on=contact.contacted_at.date()), "row_id")
    met = met.anti_join(advertiser, met.party_id == advertiser.advertiser_id)
    met = met.anti_join(
        suspect_order.filter(suspect_order.agent_id.notnull()).select(party_id="agent_id").distinct(), "party_id"
    )
    summed = met.group_by("party_id").agg(
        n=met.count(), n_others=met.advertiser_id.nunique(), first_on=met["on"].min(), last_on=met["on"].max()
    )
    brief = summed.filter(
        (summed.n <= most_contacts)
        & (summed.n_others <= most_advertisers)
        & (summed.last_on.epoch_days() - summed.first_on.epoch_days() <= most_days)
    )
    # A number in a list of calls has no name; the register or a parcel of the same party may give it one.
    named = mention.filter(mention.party_id.notnull() & is_full(mention.name_key))
    named = named.semi_join(brief, "party_id")
    sole = named.group_by("party_id").agg(n_names=named.name_key.nunique(), sole_key=named.name_key.min())
    wrote = met.semi_join(brief, "party_id").left_join(sole.filter(sole.n_names == 1), "party_id")
    wrote = wrote.select(
        "row_id",
        way=ibis.literal("contact"),
        client=ibis.coalesce(wrote.name_key, wrote.sole_key, wrote.party_id),
        on="on",
    )
    both = ibis.union(ordered, wrote)
    both = both.filter(both.client.notnull() & both["on"].notnull()).distinct()
    return both.mutate(week=(both["on"].epoch_days() // DAYS).cast("int64"))


def _served(
    seeker: Table, visit: Table, parcel_ends: Table, name: str, way: str, sides: tuple[str, ...], line: str
) -> Table:
    """The claims of one of the four questions: who met so many of those who sought the test one ``way``."""
    before, after, who, weeks = SOUGHT[way]
    left = seeker.filter(seeker.way == way).mutate(point_id=ibis.literal("seekers"))
    shares = concentration(parcel_ends).select(right_id="place_id", share="concentration")
    made = []
    for side in sides:
        right = visit.filter(visit.side == side)
        pairs = overlap(left, right, before=before, after=after, least_shared=3)
        tested = pairs.mutate(p_value=poisson_tail(pairs.n_shared.cast("float64"), pairs.n_expected))
        tested = tested.mutate(
            q_value=ibis.least(tested.p_value * right.point_id.nunique().as_scalar(), 1.0)
        )
        tested = tested.mutate(right_kind=ibis.literal("place" if side == "address" else "party"))
        tested = tested.anti_join(of_one_receiver(tested, parcel_ends), ["left_id", "right_id"])
        tested = tested.left_join(shares, "right_id").select(*tested.columns, "share")
        is_counter = tested.share.fill_null(1.0) < LEAST_CONCENTRATION
        cap = ibis.ifelse(is_counter, CAP_AT_COUNTER, CAP) if side == "address" else CAP
        made.append(
            claims(
                tested,
                detector=name,
                line=line,
                facet="matter",
                subject=("place" if side == "address" else "party", "right_id"),
                claim=whole(tested.n_shared)
                + f" people {who} "
                + ("paid {subject}" if side == "payee" else "sent parcels to {subject}")
                + f" from {weeks} weeks after; chance alone would give "
                + tested.n_expected.round(6).round(2).cast("string")
                + ".",
                weight=weight_of(tested.q_value, cap=cap),
                test="shared_clients",
                observed="n_shared",
                expected="n_expected",
            )
        )
    return ibis.union(*made) if len(made) > 1 else made[0]


POSTED, PAID = ("receiver", "address"), ("payee",)


@detector("order", "waybill")
def ordered_and_posted(seeker: Table, visit: Table, parcel_ends: Table) -> Table:
    """To whom did the people post whom order sheets name as clients of fetal sex tests?

    Sheets rarely carry the number of a parcel. The null is that of :func:`shared_clients`, with all who ordered as the
    clients of one point.
    """
    return _served(seeker, visit, parcel_ends, "ordered_and_posted", "order", POSTED, "order")


@detector("order", "payment")
def ordered_and_paid(seeker: Table, visit: Table, parcel_ends: Table) -> Table:
    """Whom did the people pay whom order sheets name as clients of fetal sex tests?

    As :func:`ordered_and_posted`. It is of one kind with clients shared with a seller, which rests on the same rows.
    """
    return _served(seeker, visit, parcel_ends, "ordered_and_paid", "order", PAID, "shared_clients")


@detector("post", "contact", "waybill")
def wrote_and_posted(seeker: Table, visit: Table, parcel_ends: Table) -> Table:
    """To whom did the people post who were in touch with those who advertise fetal sex tests?

    As :func:`ordered_and_posted`, for those whom no sheet names.
    """
    return _served(seeker, visit, parcel_ends, "wrote_and_posted", "contact", POSTED, "shared_clients")


@detector("post", "contact", "payment")
def wrote_and_paid(seeker: Table, visit: Table, parcel_ends: Table) -> Table:
    """Whom did the people pay who were in touch with those who advertise fetal sex tests?

    As :func:`ordered_and_posted`, for those whom no sheet names.
    """
    return _served(seeker, visit, parcel_ends, "wrote_and_paid", "contact", PAID, "shared_clients")
