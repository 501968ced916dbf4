"""Who serves the people who sought the test: those whom order sheets name, and those who wrote to an advertiser."""

from __future__ import annotations

import ibis
from ibis.expr.types import StringScalar, StringValue, Table

from vialtrace.detect.adverts import advertised
from vialtrace.detect.claims import claims, detector, whole
from vialtrace.detect.clients import (
    LEAST_CONCENTRATION,
    shared_between,
    with_cap,
    with_expected,
    with_shared_rows,
)
from vialtrace.detect.tails import poisson_tail, q_values, weight_of
from vialtrace.detect.visits import DAYS

# One point in a hundred is for people who expect a child and for nobody else, as a clinic or a shop: it meets those who
# sought the test far more often than chance, and lawfully. So that they come is worth a hundred to one at most, and at
# an address where more than a few receive, where nobody knows yet for whom they come, ten to one.
CAP = 2.0
SHARED_CAP = 1.0

# Who sought the test which way: the weeks before and after in which a payment or a parcel is of the same business, in
# numbers and in words.
SOUGHT = {
    "order": (2, 4, "whom order sheets name as clients of fetal sex tests", "two weeks before they ordered to four"),
    "contact": (1, 6, "who were in touch with those who advertise fetal sex tests", "a week before they wrote to six"),
}


def seeker(  # noqa: PLR0913  the tables that tell who sought it, and what bounds a client's errand
    suspect_order: Table,
    post: Table,
    contact: Table,
    mention: Table,
    reading: Table,
    bearer: Table,
    *,
    most_contacts: int = 12,
    most_advertisers: int = 2,
    most_days: int = 45,
) -> Table:
    """A person who sought the test: named as the client of an order for it, or in touch with who advertises it.

    ``way`` is "order" or "contact". Who is in touch more than ``most_contacts`` times, with more than
    ``most_advertisers`` of them, or for more than ``most_days`` days, has other business with them. Whom an order names
    counts there alone, so that one set of people is never two kinds of evidence. The client is a name key where one is
    known, as in the table of visits; ``seller_id`` is who took the order, or the advertiser.
    """
    ordered = suspect_order.select(
        "row_id",
        way=ibis.literal("order"),
        client=suspect_order.client_key.fill_null(suspect_order.client_id),
        client_id="client_id",
        on="ordered_on",
        seller_id="agent_id",
    )
    advertiser = advertised(post, mention, reading).select(advertiser_id="party_id").distinct()
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
    named = bearer.semi_join(brief, "party_id")
    sole = named.group_by("party_id").agg(n_names=named.count(), sole_key=named.name_key.min())
    wrote = met.semi_join(brief, "party_id").left_join(sole.filter(sole.n_names == 1), "party_id")
    wrote = wrote.select(
        "row_id",
        way=ibis.literal("contact"),
        client=ibis.coalesce(wrote.name_key, wrote.sole_key, wrote.party_id),
        client_id="party_id",
        on="on",
        seller_id="advertiser_id",
    )
    both = ibis.union(ordered, wrote)
    both = both.filter(both.client.notnull() & both["on"].notnull()).distinct()
    is_ordered = (both.way == "order").any().over(ibis.window(group_by=both.client))
    both = both.mutate(is_ordered=is_ordered).filter(lambda t: (t.way == "order") | ~t.is_ordered).drop("is_ordered")
    return both.mutate(week=(both["on"].epoch_days() // DAYS).cast("int64"))


def _served(  # noqa: PLR0913  what is asked, and its thresholds
    seeker: Table,
    visit: Table,
    parcel_ends: Table,
    *,
    name: str,
    way: str,
    sides: tuple[str, ...],
    line: str,
    least_shared: int,
    cap: float,
    shared_cap: float,
) -> Table:
    """The claims of one of the six questions: who met so many of those who sought the test one ``way``.

    Who paid is known by name. Who posted is known by a telephone too, as an order sheet and a list of calls know it: so
    it is asked of names and of parties, since of a common name nobody knows which of its bearers posted. The more
    telling is kept, and both are paid for.
    """
    before, after, who, weeks = SOUGHT[way]
    known_by = KNOWN_BY[sides]
    sorts = [(side, known) for side in sides for known in known_by]
    sought = seeker.filter(seeker.way == way)
    left, right = _sides_of(sought, ibis.literal("seekers"), visit, sorts)
    counted = _counted(left, right, sorts, before, after, least_shared)
    # Every point of every side was asked, by names and by parties, whether or not it met three of them.
    n_points = visit.filter(visit.side.isin(sides)).select("side", "point_id").distinct().count().as_scalar()
    tested = q_values(counted, n_tests=n_points * len(known_by))
    telling = tested.filter(weight_of(tested.q_value, cap=cap) > 0)
    once = _strongest(with_shared_rows(telling, left, right, before=before, after=after), "side", "right_id")
    found = with_cap(once, parcel_ends, cap, shared_cap, LEAST_CONCENTRATION)
    told = found.mutate(
        sentence=whole(found.n_shared)
        + f" people {who} "
        + f"{MET[sides]} {{subject}}"
        + f" from {weeks} weeks after; chance alone would give "
        + found.n_expected.round(6).round(2).cast("string")
        + "."
    )
    return ibis.union(
        *(
            claims(
                each,
                detector=name,
                line=line,
                facet="matter",
                subject=(kind, "right_id"),
                claim=each.sentence,
                weight=weight_of(each.q_value, cap=each.cap),
                test="shared_clients",
                observed="n_shared",
                expected="n_expected",
            )
            for kind in ("party", "place")
            for each in (told.filter(told.right_kind == kind),)
        )
    )


# Sorts of visits that are asked of in one go are kept apart by a mark of so many letters before their clients and
# points, and by weeks that no other sort has.
_MARK = 2
_WEEKS_A_SORT = 10_000

Sort = tuple[str, str]
"""A side of the visits, and as what its clients are known: by name or as parties."""


def _marked(number: int) -> StringScalar:
    return ibis.literal(f"{number}|")


def _of_sort(visits: Table, point_id: StringValue, number: int, known: str) -> Table:
    """The visits of one sort."""
    made = visits.mutate(
        point_id=point_id, client=_marked(number) + visits[known], week=visits.week + number * _WEEKS_A_SORT
    )
    return made.filter(made.client.notnull()).select("point_id", "row_id", "on", "client", "week")


def _together(sorts: list[Table]) -> Table:
    return ibis.union(*sorts) if len(sorts) > 1 else sorts[0]


def _sides_of(sought: Table, seller_id: StringValue, visit: Table, sorts: list[Sort]) -> tuple[Table, Table]:
    """Those who sought the test as the clients of whom ``seller_id`` says, and the visits of all sorts."""
    left = [_of_sort(sought, seller_id, number, known) for number, (_, known) in enumerate(sorts)]
    right = [
        _of_sort(there, _marked(number) + there.point_id, number, known)
        for number, (side, known) in enumerate(sorts)
        for there in (visit.filter(visit.side == side),)
    ]
    return _together(left), _together(right)


def _counted(left: Table, right: Table, sorts: list[Sort], before: int, after: int, least_shared: int) -> Table:
    """How many of those who sought the test each point met, how many chance would give, and the tail."""
    pairs = shared_between(left, right, before=before, after=after, least_shared=least_shared)
    counted = with_expected(pairs, left, right, before=before, after=after)
    return counted.mutate(
        side=ibis.cases(
            *((counted.right_id.startswith(_marked(number)), side) for number, (side, _) in enumerate(sorts))
        ),
        p_value=poisson_tail(counted.n_shared.cast("float64"), counted.n_expected),
    )


def _strongest(listed: Table, *of: str) -> Table:
    """Of the several sorts of visits that tell of one point, the one that tells most."""
    named = listed.mutate(
        right_id=listed.right_id.substr(_MARK), right_kind=ibis.ifelse(listed.side == "address", "place", "party")
    )
    first = ibis.row_number().over(
        ibis.window(group_by=list(of), order_by=[named.q_value, named.p_value, named.n_expected])
    )
    ranked = named.mutate(rank_=first)
    return ranked.filter((ranked.rank_ == 0) & (ranked.left_id != ranked.right_id)).drop("rank_")


POSTED, PAID, TALKED = ("receiver", "address"), ("payee",), ("talk",)
MET = {POSTED: "sent parcels to", PAID: "paid", TALKED: "were in touch with"}
# A list of calls knows its parties by their numbers alone.
KNOWN_BY = {POSTED: ("client", "client_id"), PAID: ("client",), TALKED: ("client_id",)}


@detector("order", "waybill")
def ordered_and_posted(
    seeker: Table,
    visit: Table,
    parcel_ends: Table,
    *,
    least_shared: int = 3,
    cap: float = CAP,
    shared_cap: float = SHARED_CAP,
) -> Table:
    """To whom did the people post whom order sheets name as clients of fetal sex tests?

    Sheets rarely carry the number of a parcel. The null is that of :func:`shared_clients`, with all who ordered as the
    clients of one point.
    """
    return _served(
        seeker,
        visit,
        parcel_ends,
        name="ordered_and_posted",
        way="order",
        sides=POSTED,
        line="order",
        least_shared=least_shared,
        cap=cap,
        shared_cap=shared_cap,
    )


@detector("order", "payment")
def ordered_and_paid(
    seeker: Table, visit: Table, parcel_ends: Table, *, least_shared: int = 3, cap: float = CAP
) -> Table:
    """Whom did the people pay whom order sheets name as clients of fetal sex tests?

    As :func:`ordered_and_posted`. It is of one kind with clients shared with a seller, which rests on the same rows.
    """
    return _served(
        seeker,
        visit,
        parcel_ends,
        name="ordered_and_paid",
        way="order",
        sides=PAID,
        line="shared_clients",
        least_shared=least_shared,
        cap=cap,
        shared_cap=cap,
    )


@detector("post", "contact", "waybill")
def wrote_and_posted(
    seeker: Table,
    visit: Table,
    parcel_ends: Table,
    *,
    least_shared: int = 3,
    cap: float = CAP,
    shared_cap: float = SHARED_CAP,
) -> Table:
    """To whom did the people post who were in touch with those who advertise fetal sex tests?

    As :func:`ordered_and_posted`, for those whom no sheet names.
    """
    return _served(
        seeker,
        visit,
        parcel_ends,
        name="wrote_and_posted",
        way="contact",
        sides=POSTED,
        line="shared_clients",
        least_shared=least_shared,
        cap=cap,
        shared_cap=shared_cap,
    )


@detector("post", "contact", "payment")
def wrote_and_paid(
    seeker: Table, visit: Table, parcel_ends: Table, *, least_shared: int = 3, cap: float = CAP
) -> Table:
    """Whom did the people pay who were in touch with those who advertise fetal sex tests?

    As :func:`ordered_and_posted`, for those whom no sheet names.
    """
    return _served(
        seeker,
        visit,
        parcel_ends,
        name="wrote_and_paid",
        way="contact",
        sides=PAID,
        line="shared_clients",
        least_shared=least_shared,
        cap=cap,
        shared_cap=cap,
    )


@detector("order", "contact")
def ordered_and_talked(
    seeker: Table, talk_visit: Table, parcel_ends: Table, *, least_shared: int = 3, cap: float = CAP
) -> Table:
    """Who was in touch with the people whom order sheets name as clients of fetal sex tests?

    As :func:`ordered_and_posted`: whoever makes the appointments, draws the blood or tells the results. It is of one
    kind with clients shared with a seller, since it rests on the same women.
    """
    return _served(
        seeker,
        talk_visit,
        parcel_ends,
        name="ordered_and_talked",
        way="order",
        sides=TALKED,
        line="shared_clients",
        least_shared=least_shared,
        cap=cap,
        shared_cap=cap,
    )


@detector("post", "contact")
def wrote_and_talked(
    seeker: Table, talk_visit: Table, parcel_ends: Table, *, least_shared: int = 3, cap: float = CAP
) -> Table:
    """Who else was in touch with the people who were in touch with those who advertise fetal sex tests?

    As :func:`ordered_and_talked`, for those whom no sheet names. The calls by which they sought it count for nobody.
    """
    return _served(
        seeker,
        talk_visit.anti_join(seeker.filter(seeker.way == "contact"), "row_id"),
        parcel_ends,
        name="wrote_and_talked",
        way="contact",
        sides=TALKED,
        line="shared_clients",
        least_shared=least_shared,
        cap=cap,
        shared_cap=cap,
    )


@detector("post", "contact")
def clients_of_advertisers(
    seeker: Table,
    visit: Table,
    parcel_ends: Table,
    *,
    least_shared: int = 3,
    cap: float = 3.0,
    shared_cap: float = 1.5,
) -> Table:
    """To whom did those post, and whom did those pay, who were in touch with one advertiser of fetal sex tests?

    The clients are those of :func:`seeker` that no order names. The test is that of :func:`shared_clients`, of one
    advertiser and one point, by names and by parties: both, and all points of the side, are paid for, and the caps
    are the same.
    """
    before, after, _, weeks = SOUGHT["contact"]
    sorts = [(side, known) for sides in (POSTED, PAID) for side in sides for known in KNOWN_BY[sides]]
    wrote = seeker.filter((seeker.way == "contact") & seeker.seller_id.notnull())
    left, right = _sides_of(wrote, wrote.seller_id, visit, sorts)
    counted = _counted(left, right, sorts, before, after, least_shared)
    sizes = visit.group_by("side").agg(n_points=visit.point_id.nunique())
    sized = counted.join(sizes, "side")
    ways = ibis.cases(*((sized.side == side, len(KNOWN_BY[sides])) for sides in (POSTED, PAID) for side in sides))
    tested = sized.mutate(q_value=ibis.least(sized.p_value * sized.n_points * ways, 1.0)).drop("n_points")
    telling = tested.filter(weight_of(tested.q_value, cap=cap) > 0)
    once = _strongest(with_shared_rows(telling, left, right, before=before, after=after), "left_id", "right_id")
    found = with_cap(once, parcel_ends, cap, shared_cap, LEAST_CONCENTRATION)
    told = found.mutate(
        sentence=whole(found.n_shared)
        + " people who were in touch with {subject} "
        + ibis.ifelse(found.side == "payee", "paid", "sent parcels to")
        + f" {{object}} from {weeks} weeks after; chance alone would give "
        + found.n_expected.round(6).round(2).cast("string")
        + "."
    )
    return ibis.union(
        *(
            claims(
                each,
                detector="clients_of_advertisers",
                line="shared_clients",
                facet="chain",
                subject=("party", "left_id"),
                other=(kind, "right_id"),
                relation="same_business",
                claim=each.sentence,
                weight=weight_of(each.q_value, cap=each.cap),
                test="shared_clients",
                observed="n_shared",
                expected="n_expected",
            )
            for kind in ("party", "place")
            for each in (told.filter(told.right_kind == kind),)
        )
    )
