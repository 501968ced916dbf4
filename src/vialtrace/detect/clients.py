"""The first test, *who*: do two service points serve the same clients?"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole, with_rows
from vialtrace.detect.tails import poisson_tail, weight_of
from vialtrace.detect.visits import DAYS

# What may be compared with what, and how a match is told. The same parcel counts at its receiver and at its address,
# so these two are never compared with each other.
PAIRS = (("payee", "receiver"), ("payee", "address"), ("agent", "payee"))

# At an address a few receive, or one, where two parcels drawn at random are for the same one with this chance or more.
LEAST_CONCENTRATION = 0.3


def _expanded(visits: Table, before: int, after: int) -> Table:
    """``visits`` once for each week from ``before`` weeks earlier to ``after`` weeks later."""
    return visits.mutate(week=ibis.range(visits.week - before, visits.week + after + 1).unnest())


def _spread(visits: Table, before: int, after: int, *by: str, n: str) -> Table:
    """How many visits fall into each week's window, ``before`` weeks earlier to ``after`` later, by ``by``."""
    counted = visits.group_by(*by, "week").agg(n_=visits.count())
    windows = _expanded(counted, after, before)
    return windows.group_by(*by, "week").agg(**{n: windows.n_.sum().cast("int64")})


def overlap(left: Table, right: Table, *, before: int, after: int, least_shared: int) -> Table:
    """Shared clients of each pair of service points, and how many chance alone would give.

    ``left`` and ``right`` are visits (point_id, client, week, row_id). A match is a client of the left point in week w
    seen at the right point in the weeks w - before to w + after. Under the null each visit of the right side in those
    weeks is by a client drawn by how often that client uses this sort of service in those weeks, independently of the
    left point. The count of matches is then close to Poisson with mean

        sum over left visits of  P(a right-side visit in the window is by this client)
                                 x (right point's visits in the window),

    which corrects for heavy users (common names included), for popular points, and for the seasons of the points and of
    each client: who is seen for a few weeks only, on all sides at once, is no surprise. With no window and equal users
    it is the mean of the hypergeometric of Tumminello et al. (2011), PLoS ONE 6:e17994. The observed count takes each
    client once, which only lowers it.
    """
    seen = right.semi_join(left, "client").select("point_id", "client", "week", "row_id")
    windowed = _expanded(seen, after, before)
    met = left.join(windowed, [left.client == windowed.client, left.week == windowed.week], rname="{name}_of_right")
    observed = met.group_by(left_id=met.point_id, right_id=met.point_id_of_right).agg(
        n_shared=met.client.nunique(), first_on=met["on"].min(), last_on=met["on"].max()
    )
    candidates = observed.filter((observed.n_shared >= least_shared) & (observed.left_id != observed.right_id))
    # Visits are counted by week before they are spread over the weeks of the window: a fraction of the rows.
    use = _spread(right, before, after, "client", n="n_use").semi_join(left, ["client", "week"])
    whole_window = _spread(right, before, after, n="n_all")
    share = use.join(whole_window, "week").mutate(share=lambda t: t.n_use / t.n_all)
    mass = left.join(share, ["client", "week"]).group_by("point_id", "week").agg(mass=lambda t: t.share.sum())
    at_candidates = right.semi_join(candidates, [("point_id", "right_id")])
    weekly = _spread(at_candidates, before, after, "point_id", n="n_window")
    by_week = candidates.select("left_id", "right_id").join(mass, candidates.left_id == mass.point_id).drop("point_id")
    by_week = by_week.join(
        weekly, [by_week.right_id == weekly.point_id, by_week.week == weekly.week], rname="{name}_of_right"
    )
    expected = by_week.group_by("left_id", "right_id").agg(n_expected=(by_week.mass * by_week.n_window).sum())
    rows = ibis.union(
        *(
            met.select(left_id="point_id", right_id="point_id_of_right", row_id=row)
            for row in ("row_id", "row_id_of_right")
        )
    )
    return with_rows(candidates.join(expected, ["left_id", "right_id"]), rows, "left_id", "right_id")


def concentration(parcel_ends: Table) -> Table:
    """How likely two parcels that arrived at one place are for the same receiver, by ``place_id``."""
    there = parcel_ends.filter(parcel_ends.receiver_place.notnull() & parcel_ends.receiver_id.notnull())
    receivers = there.group_by("receiver_id", place_id=there.receiver_place).agg(n=there.count())
    summed = receivers.group_by("place_id").agg(
        n_all=receivers.n.sum(), squares=(receivers.n.cast("float64") * receivers.n).sum()
    )
    return summed.select("place_id", concentration=summed.squares / (summed.n_all.cast("float64") * summed.n_all))


def of_one_receiver(found: Table, parcel_ends: Table, *, most: float = 0.8, least_share: float = 0.5) -> Table:
    """The pairs (left_id, right_id) of ``found`` that tell of one receiver at an address, and not of the address.

    There ``most`` of the matched parcels, or more, are for one receiver, and for it arrives less than ``least_share``
    of all that arrives. A business that takes in papers at a forwarder's address is not the forwarder's; who receives
    under several names has no such one.
    """
    there = parcel_ends.filter(parcel_ends.receiver_place.notnull() & parcel_ends.receiver_id.notnull())
    at_found = there.semi_join(found.filter(found.right_kind == "place"), [there.receiver_place == found.right_id])
    receivers = at_found.group_by(right_id="receiver_place", receiver_id="receiver_id").agg(n=at_found.count())
    shares = receivers.mutate(share=receivers.n / receivers.n.sum().over(ibis.window(group_by=receivers.right_id)))
    rows = found.filter(found.right_kind == "place").select("left_id", "right_id", row_id=ibis._.row_ids.unnest())
    matched = rows.join(
        at_found.select("row_id", "receiver_id", right_id="receiver_place"), ["row_id", "right_id"]
    )
    each = matched.group_by("left_id", "right_id", "receiver_id").agg(n_matched=matched.count())
    pairs = ibis.window(group_by=[each.left_id, each.right_id])
    most_of = each.mutate(share_matched=each.n_matched / each.n_matched.sum().over(pairs))
    one = most_of.filter(most_of.share_matched >= most).join(shares, ["right_id", "receiver_id"])
    return one.filter(one.share < least_share).select("left_id", "right_id").distinct()


def paid_again(payment_ends: Table, *, least_times: int = 2, least_payees: int = 5) -> Table:
    """Whom each payer pays ``least_times`` and more, of payers who pay ``least_payees`` people so: pay, and no refunds.

    In the form of visits (point_id, client, week, row_id, on), with the payer as the point and the payee as the client.
    """
    paid = payment_ends.select(
        "row_id",
        point_id="payer_id",
        client=payment_ends.payee_key.fill_null(payment_ends.payee_id),
        on="paid_on",
        week=(payment_ends.paid_on.epoch_days() // DAYS).cast("int64"),
    )
    paid = paid.filter(
        paid.client.notnull() & paid.point_id.notnull() & (payment_ends.payee_id.fill_null("") != paid.point_id)
    )
    again = paid.group_by("point_id", "client").agg(n=paid.count()).filter(lambda t: t.n >= least_times)
    paying = again.group_by("point_id").agg(n=again.count()).filter(lambda t: t.n >= least_payees)
    return paid.semi_join(again.semi_join(paying, "point_id"), ["point_id", "client"])


@detector("payment", "waybill")
def shared_payees(
    visit: Table,
    payment_ends: Table,
    parcel_ends: Table,
    *,
    least_shared: int = 3,
    cap: float = 3.0,
    shared_cap: float = 1.5,
    least_concentration: float = LEAST_CONCENTRATION,
) -> Table:
    """Which payers pay the people again and again who post to which receivers and addresses?

    As :func:`shared_clients`, with those whom somebody pays twice and more in place of those who pay: who works for a
    business is paid by it within four weeks of what was posted, or a week ahead. A shop's refunds are paid once. The
    caps are the same.
    """
    left = paid_again(payment_ends)
    every = ibis.union(
        *(
            _tested(left, visit.filter(visit.side == side), side, before=4, after=1, least_shared=least_shared)
            for side in ("receiver", "address")
        )
    )
    found = every.mutate(
        sentence=ibis.literal("{subject} paid ")
        + whole(every.n_shared)
        + " people twice or more who posted to {object} in the four weeks before or the week after; "
        "chance alone would give " + every.n_expected.round(2).cast("string")
        + "."
    )
    return _capped(found, parcel_ends, "shared_payees", cap, shared_cap, least_concentration)


def _tested(left: Table, right: Table, right_side: str, *, before: int, after: int, least_shared: int) -> Table:
    """The overlaps of each point of ``left`` with those of ``right``, with p and q.

    Each point was held against every point of the other side.
    """
    pairs = overlap(left, right, before=before, after=after, least_shared=least_shared)
    n_tests = ibis.greatest(left.point_id.nunique().as_scalar(), right.point_id.nunique().as_scalar())
    tested = pairs.mutate(
        right_side=ibis.literal(right_side),
        right_kind=ibis.literal("place" if right_side == "address" else "party"),
        p_value=poisson_tail(pairs.n_shared.cast("float64"), pairs.n_expected),
        n_tests=n_tests,
    )
    return tested.mutate(q_value=ibis.least(tested.p_value * tested.n_tests, 1.0))


def _capped(
    found: Table, parcel_ends: Table, name: str, cap: float, shared_cap: float, least_concentration: float
) -> Table:
    """The claims of a test of shared people: at an address where more than a few receive the cap is ``shared_cap``.

    Where the matched parcels are for one of the lesser receivers there, the address is not claimed: the receiver is.
    """
    shares = concentration(parcel_ends).select(right_id="place_id", share="concentration")
    found = found.anti_join(of_one_receiver(found, parcel_ends), ["left_id", "right_id"])
    found = found.left_join(shares, "right_id").select(*found.columns, "share")
    made = []
    for kind in ("party", "place"):
        each = found.filter(found.right_kind == kind)
        most = cap if kind == "party" else ibis.ifelse(each.share.fill_null(1.0) < least_concentration, shared_cap, cap)
        made.append(
            claims(
                each,
                detector=name,
                line="shared_clients",
                facet="chain",
                subject=("party", "left_id"),
                other=(kind, "right_id"),
                relation="same_business",
                claim=ibis._.sentence,
                weight=weight_of(each.q_value, cap=most),
                test="shared_clients",
                observed="n_shared",
                expected="n_expected",
            )
        )
    return ibis.union(*made)


@detector("payment", "waybill")
def shared_clients(
    visit: Table,
    parcel_ends: Table,
    *,
    least_shared: int = 3,
    cap: float = 3.0,
    shared_cap: float = 1.5,
    least_concentration: float = LEAST_CONCENTRATION,
) -> Table:
    """Which payees, receivers and sellers serve the same clients, within two weeks, more than chance allows?

    A point is held against all points of the other side, and each of them is paid for, whether or not it shared
    anybody: a claim lends belief from one end to the other, so the family is what was asked about that end. ``cap``
    is a thousand to one: shops of one street also share clients, and no test of numbers knows the streets. At an
    address where more than a few receive, as at a counter, the cap is ``shared_cap``: who receives there is not yet of
    one business with all who do. A few are three of equal share: two parcels drawn at random are for the same one with
    a chance of ``least_concentration`` or more (the index of Simpson and Herfindahl).
    """
    every = ibis.union(
        *(
            _tested(
                visit.filter(visit.side == left_side),
                visit.filter(visit.side == right_side),
                right_side,
                before=2,
                after=2,
                least_shared=least_shared,
            ).mutate(left_side=ibis.literal(left_side))
            for left_side, right_side in PAIRS
        )
    )
    # A seller who is also paid can meet a receiver who is also paid on two pairs of sides: one claim, the stronger.
    ranked = every.mutate(
        rank_=ibis.row_number().over(
            ibis.window(
                group_by=[every.left_id, every.right_id], order_by=[every.p_value, every.left_side, every.right_side]
            )
        )
    )
    found = ranked.filter(ranked.rank_ == 0).drop("rank_")
    told = ibis.cases(
        (found.left_side == "agent", "ordered from {subject} and paid {object}"),
        (found.right_side == "address", "paid {subject} and sent parcels to {object}"),
        else_="paid {subject} and sent parcels to {object}",
    )
    sentence = (
        whole(found.n_shared)
        + " clients "
        + told
        + " within two weeks; chance alone would give "
        + found.n_expected.round(2).cast("string")
        + "."
    )
    found = found.mutate(sentence=sentence)
    return _capped(found, parcel_ends, "shared_clients", cap, shared_cap, least_concentration)
