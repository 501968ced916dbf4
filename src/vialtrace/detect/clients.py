"""The first test, *who*: do two service points serve the same clients?"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole, with_rows
from vialtrace.detect.tails import MOST_Q, poisson_tail, weight_of
from vialtrace.detect.visits import DAYS

# What may be compared with what, and how a match is told. The same parcel counts at its receiver and at its address,
# so these two are never compared with each other.
PAIRS = (("payee", "receiver"), ("payee", "address"), ("agent", "payee"))
PAYER_PAIRS = (("payer", "receiver"), ("payer", "address"))
# The weeks before a visit to the left side, and those after it, in which the same client counts on the right.
WINDOW = (2, 2)
PAYER_WINDOW = (4, 1)
# More weeks than there are, on either side of 1970.
_WEEKS = 1_000_000

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


def _numbered(left: Table, right: Table) -> tuple[Table, Table, Table, Table]:
    """The visits of clients seen on both sides, points and clients by number; and each side's points by number.

    What is joined and counted by name costs three times as much, in time and in memory.
    """
    both = left.select("client").distinct().semi_join(right, "client")
    clients = both.mutate(client_no=ibis.row_number().over(order_by=both.client))

    def numbered(visits: Table) -> tuple[Table, Table]:
        points = visits.select("point_id").distinct()
        points = points.mutate(point_no=ibis.row_number().over(order_by=points.point_id))
        named = visits.join(clients, "client").join(points, "point_id")
        return named.select("point_no", "week", "on", who="client_no"), points

    (ones, one_points), (others, other_points) = numbered(left), numbered(right)
    return ones, others, one_points, other_points


def _met(left: Table, right: Table, before: int, after: int) -> Table:
    """Each visit of the left side with each of the same client on the right in the weeks before and after it.

    ``who`` is the client, by number or by name. A right visit stands in every stretch of as many weeks as the window
    has that its window touches, two at most: the join is by client and stretch, and what is a few weeks too far off
    falls out of it.
    """
    width = before + after + 1
    ones = left.mutate(stretch=left.week // width)
    first, last = (right.week - after) // width, (right.week + before) // width
    others = right.mutate(stretch=ibis.range(first, last + 1).unnest())
    return ones.join(
        others,
        [
            ones.who == others.who,
            ones.stretch == others.stretch,
            others.week >= ones.week - before,
            others.week <= ones.week + after,
        ],
        rname="{name}_of_right",
    )


def _named(pairs: Table, one_points: Table, other_points: Table, *, by: str = "no") -> Table:
    """Pairs of points known by number (or, ``by`` "id", by id) with both beside each other."""
    ones = one_points.select(left_no="point_no", left_id="point_id")
    others = other_points.select(right_no="point_no", right_id="point_id")
    return pairs.join(ones, f"left_{by}").join(others, f"right_{by}")


def shared_between(left: Table, right: Table, *, before: int, after: int, least_shared: int) -> Table:
    """How many clients each pair of service points shares within the window, of pairs that share ``least_shared``.

    ``left`` and ``right`` are visits (point_id, client, week, on, row_id). A match is a client of the left point in
    week w seen at the right point in the weeks w - before to w + after; each client counts once.
    """
    ones, others, one_points, other_points = _numbered(left, right)
    met = _met(ones, others, before, after)
    # Each client once by grouping twice: what counts distinct values in one go keeps them all in memory.
    each = met.group_by(left_no="point_no", right_no="point_no_of_right", who="who").agg(
        first_on=met["on"].min(), last_on=met["on"].max()
    )
    counted = each.group_by("left_no", "right_no").agg(
        n_shared=each.count(), first_on=each.first_on.min(), last_on=each.last_on.max()
    )
    named = _named(counted.filter(counted.n_shared >= least_shared), one_points, other_points)
    apart = named.filter(named.left_id != named.right_id)
    return apart.select("left_id", "right_id", "n_shared", "first_on", "last_on")


def with_expected(pairs: Table, left: Table, right: Table, *, before: int, after: int) -> Table:
    """``pairs`` that share clients with ``n_expected``: how many they would share by chance alone.

    Under the null each visit of the right side in the window is by a client drawn by how often that client uses this
    sort of service in those weeks, independently of the left point. The count of matches is then close to Poisson with
    mean

        sum over left visits of  P(a right-side visit in the window is by this client)
                                 x (right point's visits in the window),

    which corrects for heavy users (common names included), for popular points, and for the seasons of the points and of
    each client: who is seen for a few weeks only, on all sides at once, is no surprise. With no window and equal users
    it is the mean of the hypergeometric of Tumminello et al. (2011), PLoS ONE 6:e17994. The observed count takes each
    client once, which only lowers it.
    """
    ones, others, one_points, other_points = _numbered(left.semi_join(pairs, [("point_id", "left_id")]), right)
    asked = _named(pairs, one_points, other_points, by="id")
    # Visits are counted by week before they are spread over the weeks of the window: a fraction of the rows.
    use = _spread(others, before, after, "who", n="n_use").semi_join(ones, ["who", "week"])
    whole_window = _spread(right, before, after, n="n_all")
    share = use.join(whole_window, "week").mutate(share=lambda t: t.n_use / t.n_all)
    mass = ones.join(share, ["who", "week"]).group_by(left_no="point_no", week="week").agg(
        mass=lambda t: t.share.sum()
    )
    at_pairs = right.join(asked.select("right_no", point_id="right_id").distinct(), "point_id")
    weekly = _spread(at_pairs, before, after, "right_no", n="n_window")
    # Joined by one number made of point and week: an engine may else meet all points of a week with each other first.
    spread = asked.select("left_no", "right_no").join(mass, "left_no")
    spread = spread.mutate(point_week=spread.right_no * _WEEKS + spread.week).drop("week")
    by_week = spread.join(weekly.select("n_window", point_week=weekly.right_no * _WEEKS + weekly.week), "point_week")
    expected = by_week.group_by("left_no", "right_no").agg(n_expected=(by_week.mass * by_week.n_window).sum())
    return asked.join(expected, ["left_no", "right_no"]).select(*pairs.columns, "n_expected")


def with_shared_rows(found: Table, left: Table, right: Table, *, before: int, after: int) -> Table:
    """``found`` pairs with the rows of their shared clients: those of the few points found, met once more."""
    ones = left.semi_join(found, [("point_id", "left_id")]).select("point_id", "week", "row_id", who="client")
    others = right.semi_join(found, [("point_id", "right_id")]).select("point_id", "week", "row_id", who="client")
    met = _met(ones, others, before, after)
    rows = met.select(
        left_id="point_id",
        right_id="point_id_of_right",
        row_id=ibis.array([met.row_id, met.row_id_of_right]).unnest(),
    )
    return with_rows(found, rows, "left_id", "right_id")


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


def _sides(visit: Table) -> dict[str, Table]:
    """The visits of each side."""
    return {side: visit.filter(visit.side == side) for side in ("payee", "receiver", "address", "agent")}


def shared_pair(visit: Table, payment_ends: Table, *, least_shared: int = 3) -> Table:
    """Two service points that share at least ``least_shared`` clients: below that no test can tell it from chance.

    A step of its own: what is asked of these pairs is asked of a few thousand, and the rows are met only once for it.
    """
    sides = {**_sides(visit), "payer": paid_again(payment_ends)}
    return ibis.union(
        *(
            shared_between(
                sides[left_side], sides[right_side], before=window[0], after=window[1], least_shared=least_shared
            ).mutate(left_side=ibis.literal(left_side), right_side=ibis.literal(right_side))
            for pairs, window in ((PAIRS, WINDOW), (PAYER_PAIRS, PAYER_WINDOW))
            for left_side, right_side in pairs
        )
    ).select("left_side", "right_side", "left_id", "right_id", "n_shared", "first_on", "last_on")


def tested_pair(shared_pair: Table, visit: Table, payment_ends: Table) -> Table:
    """Pairs of points that share more clients than chance allows, with what chance would give, p and q.

    Each point of the one side was held against every point of the other. Kept is every pair of sides of two points of
    which any says anything at all.
    """
    sides = {**_sides(visit), "payer": paid_again(payment_ends)}
    made = []
    for pairs, window in ((PAIRS, WINDOW), (PAYER_PAIRS, PAYER_WINDOW)):
        for left_side, right_side in pairs:
            left, right = sides[left_side], sides[right_side]
            its = shared_pair.filter((shared_pair.left_side == left_side) & (shared_pair.right_side == right_side))
            counted = with_expected(its, left, right, before=window[0], after=window[1])
            n_tests = ibis.greatest(left.point_id.nunique().as_scalar(), right.point_id.nunique().as_scalar())
            p_value = poisson_tail(counted.n_shared.cast("float64"), counted.n_expected)
            made.append(counted.mutate(p_value=p_value, q_value=ibis.least(p_value * n_tests, 1.0)))
    tested = ibis.union(*made)
    least = tested.q_value.min().over(ibis.window(group_by=["left_id", "right_id"]))
    kept = tested.mutate(least=least).filter(lambda t: t.least < MOST_Q)
    return kept.select(
        "left_side", "right_side", "left_id", "right_id", "n_shared", "first_on", "last_on", "p_value", "q_value",
        n_expected=kept.n_expected.round(6),
        right_kind=ibis.ifelse(kept.right_side == "address", "place", "party"),
    )


def _of(tested_pair: Table, pairs: tuple[tuple[str, str], ...]) -> Table:
    """The tested pairs of points of these ``pairs`` of sides."""
    return tested_pair.filter(
        ibis.or_(*((tested_pair.left_side == left) & (tested_pair.right_side == right) for left, right in pairs))
    )


def _listed(
    found: Table, sides: dict[str, Table], pairs: tuple[tuple[str, str], ...], window: tuple[int, int], cap: float
) -> Table:
    """Those of ``found`` that weigh anything at all, with their rows: what says nothing needs none."""
    telling = found.filter(weight_of(found.q_value, cap=cap) > 0)
    return ibis.union(
        *(
            with_shared_rows(
                telling.filter((telling.left_side == left_side) & (telling.right_side == right_side)),
                sides[left_side],
                sides[right_side],
                before=window[0],
                after=window[1],
            )
            for left_side, right_side in pairs
        )
    )


@detector("payment", "waybill")
def shared_payees(
    tested_pair: Table,
    visit: Table,
    payment_ends: Table,
    parcel_ends: Table,
    *,
    cap: float = 3.0,
    shared_cap: float = 1.5,
    least_concentration: float = LEAST_CONCENTRATION,
) -> Table:
    """Which payers pay the people again and again who post to which receivers and addresses?

    As :func:`shared_clients`, with those whom somebody pays twice and more in place of those who pay: who works for a
    business is paid by it within four weeks of what was posted, or a week ahead. A shop's refunds are paid once. The
    caps are the same.
    """
    sides = {**_sides(visit), "payer": paid_again(payment_ends)}
    found = _listed(_of(tested_pair, PAYER_PAIRS), sides, PAYER_PAIRS, PAYER_WINDOW, cap)
    found = found.mutate(
        sentence=ibis.literal("{subject} paid ")
        + whole(found.n_shared)
        + " people twice or more who posted to {object} in the four weeks before or the week after; "
        "chance alone would give " + found.n_expected.round(2).cast("string")
        + "."
    )
    return _linked(found, parcel_ends, "shared_payees", "payment", cap, shared_cap, least_concentration)


def with_cap(
    found: Table, parcel_ends: Table, cap: float, shared_cap: float, least_concentration: float
) -> Table:
    """``found`` pairs with the ``cap`` of each: ``shared_cap`` at an address where more than a few receive.

    Where the matched parcels are for one of the lesser receivers there, the pair is left out: the receiver is told.
    """
    shares = concentration(parcel_ends).select(right_id="place_id", share="concentration")
    found = found.anti_join(of_one_receiver(found, parcel_ends), ["left_id", "right_id"])
    met = found.left_join(shares, "right_id").select(*found.columns, "share")
    is_counter = (met.right_kind == "place") & (met.share < least_concentration).fill_null(False)  # noqa: FBT003
    return met.mutate(cap=ibis.ifelse(is_counter, shared_cap, cap)).drop("share")


def _linked(
    found: Table,
    parcel_ends: Table,
    name: str,
    line: str,
    cap: float,
    shared_cap: float,
    least_concentration: float,
) -> Table:
    """The claims of a test of shared people: the two points are of one business."""
    capped = with_cap(found, parcel_ends, cap, shared_cap, least_concentration)
    return ibis.union(
        *(
            claims(
                each,
                detector=name,
                line=line,
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
            for each in (capped.filter(capped.right_kind == kind),)
        )
    )


@detector("payment", "waybill")
def shared_clients(
    tested_pair: Table,
    visit: Table,
    parcel_ends: Table,
    *,
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
    sides = _sides(visit)
    every = _of(tested_pair, PAIRS)
    # A seller who is also paid can meet a receiver who is also paid on two pairs of sides: one claim, the stronger.
    ranked = every.mutate(
        rank_=ibis.row_number().over(
            ibis.window(
                group_by=[every.left_id, every.right_id], order_by=[every.p_value, every.left_side, every.right_side]
            )
        )
    )
    found = _listed(ranked.filter(ranked.rank_ == 0).drop("rank_"), sides, PAIRS, WINDOW, cap)
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
    return _linked(found, parcel_ends, "shared_clients", "shared_clients", cap, shared_cap, least_concentration)
