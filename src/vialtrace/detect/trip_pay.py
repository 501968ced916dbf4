"""The second test, *when*, of pay: who is paid within days of crossing a border, by one payer or by all of them."""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, StringValue, Table

from vialtrace.detect.claims import claims, detector, whole, with_rows
from vialtrace.detect.tails import binomial_tail, family_q_values, q_values, weight_of
from vialtrace.kit.names import is_full

REACHES = (2, 7)
"""Days after a crossing within which it is paid for: by the trip, and by the week."""

EVERYBODY = "everybody"

_EARLY, _LATE = ibis.interval(days=7), ibis.interval(days=14)
"""Pay is asked about from so long before a traveller's first crossing to so long after the last."""


def passage_day(crossing: Table, mention: Table) -> Table:
    """A day on which a traveller crossed, whichever way, with the first crossing of that day."""
    named = mention.filter((mention.slot == "crossing.traveller") & mention.party_id.notnull())
    crossed = crossing.select("row_id", on=crossing.crossed_at.date()).join(
        named.select("row_id", "party_id", "name_key"), "row_id"
    )
    return (
        crossed.filter(crossed["on"].notnull())
        .group_by("party_id", "on")
        .agg(row_id=crossed.row_id.min(), name_key=crossed.name_key.min())
    )


def _travellers(passage_day: Table, least_days: int) -> Table:
    """Who crossed on ``least_days`` or more, save those who cross so often that pay on any day would tell nothing.

    Who crosses on more than three days in five has no days without a crossing to be paid on.
    """
    own = passage_day.group_by("party_id").agg(
        from_on=passage_day["on"].min(),
        to_on=passage_day["on"].max(),
        n_days=passage_day.count(),
        name_key=passage_day.name_key.min(),
    )
    span = own.to_on.epoch_days() - own.from_on.epoch_days() + 1
    return own.filter((own.n_days >= least_days) & ((own.n_days < 10) | (own.n_days <= 0.6 * span)))


def _covered(passage_day: Table) -> Table:
    """For each reach, the days that lie up to so many days after a crossing, each once, with the crossing's row."""
    days = passage_day.select("party_id", "row_id", day=passage_day["on"].epoch_days())
    spread = ibis.union(
        *(
            days.mutate(reach=ibis.literal(reach, "int64"), lag=ibis.range(0, reach + 1).unnest())
            for reach in REACHES
        )
    )
    return spread.group_by("party_id", "reach", day=spread.day + spread.lag).agg(trip_row=spread.row_id.min())


def _chances(covered: Table, travellers: Table, payment_ends: Table) -> Table:
    """The share of a traveller's days of each weekday that lie soon after a crossing, by reach."""
    # No pay can fall outside the records of pay: the calendar ends where they do.
    first, last = payment_ends.paid_on.min().as_scalar(), payment_ends.paid_on.max().as_scalar()
    opened = ibis.greatest(travellers.from_on - _EARLY, first)
    closed = ibis.least(travellers.to_on + _LATE, last)
    span = travellers.select(
        "party_id", n_weeks=ibis.greatest(closed.epoch_days() - opened.epoch_days() + 1, 1) / 7.0
    )
    # Day 0 is 1970-01-01, a Thursday: index 3 of the week.
    weekdays = (
        covered.mutate(weekday=(covered.day + 3) % 7)
        .group_by("party_id", "weekday", "reach")
        .agg(n_covered=lambda t: t.count())
    )
    rated = weekdays.join(span, "party_id")
    return rated.select("weekday", "reach", "n_covered", traveller_id="party_id", chance=ibis.least(
        rated.n_covered / rated.n_weeks, 1.0
    )).drop("n_covered")


def pay_day(passage_day: Table, payment_ends: Table, *, least_days: int = 3) -> Table:
    """A day on which somebody who crosses borders was paid, with whether they had crossed up to ``reach`` days before.

    ``chance`` is how much of the traveller's calendar lies so soon after a crossing, each day of the week apart: who
    travels every Monday and is paid every Tuesday proves nothing. The traveller is the payee as resolved, or another
    party of the same full name; a payee who is known to travel is nobody else of the name.
    """
    travellers = _travellers(passage_day, least_days)
    covered = _covered(passage_day.semi_join(travellers, "party_id"))
    paid = payment_ends.filter(payment_ends.payer_id.notnull() & payment_ends.payee_id.notnull()).select(
        "row_id", "payer_id", "payee_id", "payee_key", on="paid_on"
    )
    # Only who travels, or is paid under the name of somebody who does, is asked about: most payees are neither.
    payees = paid.select("payee_id", "payee_key").distinct()
    themselves = payees.semi_join(travellers, [("payee_id", "party_id")]).select("payee_id").distinct()
    full = payees.filter(is_full(payees.payee_key)).anti_join(themselves, "payee_id")
    namesakes = full.join(travellers, [("payee_key", "name_key")]).select("payee_id", traveller_id="party_id")
    pairs = ibis.union(themselves.select("payee_id", traveller_id="payee_id"), namesakes, distinct=True)
    both = paid.join(pairs, "payee_id").join(travellers.drop("name_key"), [("traveller_id", "party_id")])
    within = both.filter(
        (both["on"] >= both.from_on - _EARLY)
        & (both["on"] <= both.to_on + _LATE)
        & (both.payer_id != both.traveller_id)
        & (both.payer_id != both.payee_id)
    )
    days = within.group_by("payer_id", "payee_id", "traveller_id", "on").agg(row_id=within.row_id.min())
    asked = days.mutate(
        day=days["on"].epoch_days(),
        weekday=days["on"].day_of_week.index(),
        reach=ibis.array([ibis.literal(reach, "int64") for reach in REACHES]).unnest(),
    )
    hit = asked.left_join(
        covered,
        [asked.traveller_id == covered.party_id, asked.day == covered.day, asked.reach == covered.reach],
        rname="{name}_of_trip",
    )
    hit = hit.select(*asked.columns, "trip_row")
    rated = hit.left_join(
        _chances(covered, travellers, payment_ends), ["traveller_id", "weekday", "reach"], rname="{name}_of_rate"
    )
    return rated.select(
        "payer_id",
        "payee_id",
        "traveller_id",
        "reach",
        "on",
        "row_id",
        "trip_row",
        chance=rated.chance.fill_null(0.0),
    )


def trip_pay(pay_day: Table, *, least_paid: int = 3) -> Table:
    """Whom one payer, or all payers together, paid within days of crossings more often than the calendar allows.

    Binomial tail over the days of pay, for ``least_paid`` of them or more. Of the two reaches the one less likely by
    chance is kept, and both are paid for. ``q_value`` pays for all asked about the payer or the traveller, whichever
    are more; where all payers stand together (``payer_id`` is ``EVERYBODY``) it is the false discovery rate among all
    who were asked about so. ``n_about`` is how many pairs were asked about the traveller.
    """
    by_payer = _soon_paid(pay_day, least_paid, "payer_id", "payee_id", "traveller_id")
    asked = _asked(pay_day, least_paid, "payer_id", "payee_id", "traveller_id")
    apart = family_q_values(
        by_payer, "payer_id", "traveller_id", asked=asked.select("payer_id", "payee_id", "traveller_id")
    )
    by_all = _soon_paid(pay_day, least_paid, "payee_id", "traveller_id")
    all_asked = _asked(pay_day, least_paid, "payee_id", "traveller_id")
    together = q_values(by_all, n_tests=all_asked.count().as_scalar()).mutate(payer_id=ibis.literal(EVERYBODY))
    about = all_asked.group_by("traveller_id").agg(n_about=all_asked.count())
    both = ibis.union(*(each.select(*_TESTED, "p_value", "q_value") for each in (apart, together)))
    return both.join(about, "traveller_id").select(
        *both.columns, "n_about"
    ).mutate(n_expected=both.n_expected.round(6))


_TESTED = (
    "payer_id", "payee_id", "traveller_id", "reach", "n_paid", "n_hit", "n_expected", "first_on", "last_on"
)


def _asked(pay_day: Table, least_paid: int, *ends: str) -> Table:
    """Whose pay is asked about: with ``least_paid`` days of it in the traveller's time."""
    days = pay_day.group_by(*ends).agg(n=pay_day["on"].nunique())
    return days.filter(days.n >= least_paid)


def _soon_paid(pay_day: Table, least_paid: int, *ends: str) -> Table:
    """The tail for each that was paid soon after crossings ``least_paid`` times or more, at its less likely reach."""
    days = pay_day.group_by(*ends, "reach", "on").agg(
        is_hit=pay_day.trip_row.notnull().any(), chance=pay_day.chance.max()
    )
    summed = days.group_by(*ends, "reach").agg(
        n_paid=days.count(),
        n_hit=days.is_hit.sum(),
        n_expected=days.chance.sum(),
        first_on=days["on"].min(),
        last_on=days["on"].max(),
    )
    often = summed.filter(summed.n_hit >= least_paid)
    tested = often.mutate(
        p_value=binomial_tail(
            often.n_hit.cast("float64"), often.n_paid.cast("float64"), often.n_expected / often.n_paid
        )
    )
    best = tested.mutate(
        rank_=ibis.row_number().over(
            ibis.window(group_by=list(ends), order_by=[tested.p_value, tested.reach])
        ),
        p_value=ibis.least(tested.p_value * len(REACHES), 1.0),
    )
    return best.filter(best.rank_ == 0).drop("rank_")


def _with_rows(found: Table, pay_day: Table, *ends: str) -> Table:
    """``found`` with the rows of the pay that came soon, and of the crossings before it."""
    hit = pay_day.filter(pay_day.trip_row.notnull())
    rows = hit.select(*ends, "reach", row_id=ibis.array([hit.row_id, hit.trip_row]).unnest())
    return with_rows(found, rows, *ends, "reach")


def _first_of(found: Table, ends: list[str], *order: str) -> Table:
    """Of several that would make one claim, the strongest."""
    ranked = found.mutate(
        rank_=ibis.row_number().over(ibis.window(group_by=ends, order_by=[found[each] for each in order]))
    )
    return ranked.filter(ranked.rank_ == 0).drop("rank_")


def _told(found: Table) -> StringValue:
    return whole(found.n_hit) + " of " + whole(found.n_paid) + " days of pay"


def _within(found: Table) -> StringValue:
    return ibis.literal(" within ") + whole(found.reach) + " days"


def _calendar(found: Table) -> StringValue:
    return ibis.literal("; the calendar alone would give ") + found.n_expected.round(1).cast("string") + "."


@detector("crossing", "payment")
def mule_pay(trip_pay: Table, pay_day: Table, *, cap: float = 3.0) -> Table:
    """Is a traveller paid by one payer within days of crossing more often than their own calendar allows?

    See :func:`pay_day` and :func:`trip_pay`. The traveller is the payee as resolved, or another party of the same full
    name: then :func:`same_traveller` claims that the two are one person.
    """
    called = trip_pay.filter((trip_pay.payer_id != EVERYBODY) & (weight_of(trip_pay.q_value, cap=cap) > 0))
    # A payer who pays two parties of one traveller's name would make one claim twice.
    one = _first_of(called, ["payer_id", "traveller_id"], "p_value", "payee_id")
    found = _with_rows(one, pay_day, "payer_id", "payee_id", "traveller_id")
    return claims(
        found,
        detector="mule_pay",
        line="coupling",
        facet="chain",
        subject=("party", "payer_id"),
        other=("party", "traveller_id"),
        relation="pays",
        claim=ibis.literal("{subject} paid {object} on ")
        + _told(found)
        + _within(found)
        + " of their crossing the border"
        + _calendar(found),
        weight=weight_of(found.q_value, cap=cap),
        test="coupling",
        observed="n_hit",
        expected="n_expected",
    )


@detector("crossing", "payment")
def same_traveller(trip_pay: Table, pay_day: Table, *, cap: float = 3.0) -> Table:
    """Is an account that is paid within days of the crossings of a traveller of the same full name the traveller's?

    By one payer or by all together, whichever is less likely by chance. Those of the name are few, so that what has to
    be paid for is what was asked about them.
    """
    others = trip_pay.filter(trip_pay.payee_id != trip_pay.traveller_id)
    asked = others.mutate(
        q_value=ibis.ifelse(
            others.payer_id == EVERYBODY, ibis.least(others.p_value * others.n_about, 1.0), others.q_value
        )
    )
    called = asked.filter(weight_of(asked.q_value, cap=cap) > 0)
    one = _first_of(called, ["payee_id", "traveller_id"], "q_value", "p_value", "payer_id")
    everybody = pay_day.mutate(payer_id=ibis.literal(EVERYBODY))
    found = _with_rows(one, pay_day.union(everybody), "payer_id", "payee_id", "traveller_id")
    return claims(
        found,
        detector="same_traveller",
        line="coupling",
        facet="chain",
        subject=("party", "payee_id"),
        other=("party", "traveller_id"),
        relation="same_person",
        claim=ibis.literal("{subject} and {object} bear one full name, and ")
        + _told(found)
        + " of the one follow a crossing of the other"
        + _within(found)
        + _calendar(found),
        weight=weight_of(found.q_value, cap=cap),
        test="coupling",
        observed="n_hit",
        expected="n_expected",
    )


@detector("crossing", "payment")
def paid_after_crossing(
    trip_pay: Table, pay_day: Table, *, least_ratio: float = 1.5, cap: float = 1.5
) -> Table:
    """Who is paid within days of crossing the border, whoever pays, more often than the calendar allows?

    See :func:`trip_pay`. By ``least_ratio`` more often, or who crosses on most days would be called for little. Whoever
    carries for a lawful business is paid so too: it is of one kind with how somebody travels, and cut at ``cap``.
    """
    called = trip_pay.filter(
        (trip_pay.payer_id == EVERYBODY)
        & (trip_pay.n_hit >= least_ratio * trip_pay.n_expected)
        & (weight_of(trip_pay.q_value, cap=cap) > 0)
    )
    one = _first_of(called, ["payee_id"], "q_value", "p_value", "traveller_id")
    found = _with_rows(one, pay_day, "payee_id", "traveller_id")
    is_same: BooleanValue = found.payee_id == found.traveller_id
    return claims(
        found,
        detector="paid_after_crossing",
        line="crossing",
        facet="chain",
        subject=("party", "payee_id"),
        claim=ibis.literal("{subject} was paid on ")
        + _told(found)
        + _within(found)
        + ibis.ifelse(
            is_same, " of crossing the border", " of crossings of a traveller of the same full name"
        )
        + _calendar(found),
        weight=weight_of(found.q_value, cap=cap),
        test="coupling",
        observed="n_hit",
        expected="n_expected",
    )
