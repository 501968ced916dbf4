"""The second test, *when*: trips that follow parcels, and people who cross together."""

from __future__ import annotations

import ibis
from ibis.expr.types import StringValue, Table

from vialtrace.detect.claims import claims, detector, whole, with_rows
from vialtrace.detect.tails import normal_tail, poisson_tail, q_values, weight_of


def trip_day(crossing: Table, mention: Table) -> Table:
    """A day on which a traveller left, with whether they were back by the next day."""
    named = crossing.join(
        mention.filter((mention.slot == "crossing.traveller") & mention.party_id.notnull()).select(
            "row_id", "party_id", "name_key"
        ),
        "row_id",
    )
    exits = named.filter(named.direction == "exit")
    entries = (
        named.filter(named.direction == "entry").select("party_id", back_on=lambda t: t.crossed_at.date()).distinct()
    )
    days = exits.group_by("party_id", on=exits.crossed_at.date()).agg(
        row_id=exits.row_id.min(), n=exits.count(), port=exits.port.min(), name_key=exits.name_key.min()
    )
    same = days.left_join(entries, [days.party_id == entries.party_id, days["on"] == entries.back_on]).select(
        **{name: days[name] for name in days.columns}, same_day=entries.back_on.notnull()
    )
    following = entries.mutate(day_before=entries.back_on - ibis.interval(days=1))
    joined = same.left_join(following, [same.party_id == following.party_id, same["on"] == following.day_before])
    return joined.select(
        "party_id",
        "on",
        "row_id",
        "n",
        "port",
        "name_key",
        is_quick=joined.same_day | following.back_on.notnull(),
        is_weekend=joined["on"].day_of_week.index() >= 5,
    )


@detector("crossing")
def travelling_together(
    crossing: Table, mention: Table, *, minutes: int = 5, least_days: int = 3, cap: float = 2.5
) -> Table:
    """Who crosses at the same port within minutes of whom, on more days than the rush there allows?

    The null for a pair is drawn from the population: each crossing of the one meets the other as often as the other's
    share of that port's and direction's crossings, times all crossings there in those ``minutes``. Poisson. Crossings
    that came as days without a time cannot be asked.
    """
    timed = crossing.filter(~crossing.is_day_only & crossing.port.notnull())
    named = timed.join(
        mention.filter((mention.slot == "crossing.traveller") & mention.party_id.notnull()).select(
            "row_id", "party_id"
        ),
        "row_id",
    )
    slots = named.select(
        "row_id",
        "party_id",
        "port",
        "direction",
        on=named.crossed_at.date(),
        slot=(named.crossed_at.epoch_seconds() // (60 * minutes)).cast("int64"),
    )
    busy = slots.group_by("party_id").agg(n=slots.count()).filter(lambda t: t.n >= least_days)
    busy = busy.select("party_id", party_no=ibis.row_number().over(order_by=busy.party_id))
    regulars = slots.join(busy, "party_id").select(*slots.columns, "party_no")
    regulars = regulars.filter(regulars.party_no.notnull())
    crowd = slots.group_by("port", "direction", "slot").agg(n_crowd=slots.count())
    total = slots.group_by("port", "direction").agg(n_total=slots.count())
    met = _together(regulars, least_days)
    days = met.group_by("left_id", "right_id", "on").agg(n=met.count())
    pairs = (
        days.group_by("left_id", "right_id")
        .agg(n_together=days.count(), first_on=days["on"].min(), last_on=days["on"].max())
        .filter(lambda t: t.n_together >= least_days)
    )
    share = (
        regulars.group_by("party_id", "port", "direction")
        .agg(n_own=regulars.count())
        .join(total, ["port", "direction"])
        .mutate(share=lambda t: t.n_own / t.n_total)
    )
    rush = (
        regulars.join(crowd, ["port", "direction", "slot"])
        .group_by("party_id", "port", "direction")
        .agg(rush=lambda t: (t.n_crowd - 1).sum())
    )
    lefts = pairs.select("left_id", "right_id").join(rush, [("left_id", "party_id")])
    # One key, not three: an engine may begin with port and direction, which everybody shares.
    lefts = lefts.mutate(held=_joined(lefts.right_id, lefts.port, lefts.direction))
    expected = (
        lefts.join(share.select("share", held=_joined(share.party_id, share.port, share.direction)), "held")
        .group_by("left_id", "right_id")
        .agg(n_expected=lambda t: (t.rush * t.share).sum())
    )
    tested = pairs.join(expected, ["left_id", "right_id"])
    tested = tested.mutate(p_value=poisson_tail(tested.n_together.cast("float64"), tested.n_expected))
    # Each regular was held against every other one.
    called = tested.mutate(q_value=ibis.least(tested.p_value * (busy.count().as_scalar() - 1), 1.0))
    called = called.filter(called.q_value < 1.0)
    rows = ibis.union(
        *(met.select("left_id", "right_id", row_id=row) for row in ("left_row", "right_row"))
    )
    called = with_rows(called, rows, "left_id", "right_id")
    return claims(
        called,
        detector="travelling_together",
        line="crossing",
        facet="chain",
        subject=("party", "left_id"),
        other=("party", "right_id"),
        relation="travels_with",
        claim=ibis.literal("{subject} and {object} crossed at the same port within ")
        + f"{minutes} minutes on "
        + whole(called.n_together)
        + " days; the rush there would give "
        + called.n_expected.round(6).round(2).cast("string")
        + ".",
        weight=weight_of(called.q_value, cap=cap),
        test="coupling",
        observed="n_together",
        expected="n_expected",
    )


def _together(regulars: Table, least_days: int) -> Table:
    """Each time that two of the regulars crossed in one slot, for those who did so ``least_days`` times or more.

    At a busy port everybody meets hundreds of others, nearly all of them once. The meetings are counted by number
    first, one number a pair, and looked at only where there are enough of them to have been on so many days.
    """
    doors = regulars.select("port", "direction").distinct()
    doors = doors.mutate(door=ibis.row_number().over(order_by=[doors.port, doors.direction]))
    placed = regulars.join(doors, ["port", "direction"])
    placed = placed.select("party_id", "party_no", "row_id", "on", at=placed.door * 2**32 + placed.slot)
    others = placed.select("at", other_no="party_no")
    seen = placed.select("at", "party_no").join(others, "at")
    pairs = seen.filter(seen.party_no < seen.other_no).select(pair=seen.party_no * 2**32 + seen.other_no)
    often = pairs.group_by("pair").agg(n=pairs.count()).filter(lambda t: t.n >= least_days)
    ends = often.select(left_no=often.pair // 2**32, right_no=often.pair % 2**32)
    lefts = placed.select("at", "on", left_no="party_no", left_id="party_id", left_row="row_id")
    rights = placed.select("at", right_no="party_no", right_id="party_id", right_row="row_id")
    met = ends.join(lefts, "left_no").select("right_no", *lefts.columns)
    return met.join(rights, ["right_no", "at"]).select(*lefts.columns, "right_id", "right_row")


def _joined(*parts: StringValue) -> StringValue:
    return ibis.literal("|").join(parts)


def matter_place(
    order_parcel: Table, seized_parcel: Table, labelled_point: Table, *, most_doubt: float = 0.05
) -> Table:
    """A place to which human specimens are known to have been sent.

    By order sheets, by parcels in which they were found, or because those who sent there are named on seized tubes, at
    a false discovery rate of at most ``most_doubt``.
    """
    labelled = labelled_point.filter(
        (labelled_point.point_kind == "place") & (labelled_point.q_value <= most_doubt)
    ).select(place_id="point_id")
    return ibis.union(
        order_parcel.select(place_id="receiver_place"),
        seized_parcel.select(place_id="receiver_place"),
        labelled,
        distinct=True,
    ).filter(lambda t: t.place_id.notnull())


@detector("waybill", "crossing")
def hub_mule_coupling(
    matter_place: Table,
    waybill: Table,
    mention: Table,
    trip_day: Table,
    *,
    window_days: int = 2,
    least_trips: int = 6,
    cap: float = 2.0,
) -> Table:
    """Does a traveller leave when more parcels than usual have just reached a place where specimens go?

    For each such place and each traveller who comes straight back: the parcels of the three days up to each trip, less
    the mean of the days of its sort (working day or week-end) around it, over the standard deviation of as many days
    drawn from there. Normal tail. Comparing with the days around keeps a shared season, growth or weekly rhythm from
    counting.
    """
    received = mention.filter((mention.slot == "waybill.receiver") & mention.place_id.notnull()).select(
        "row_id", "place_id"
    )
    arrivals = waybill.select(
        "row_id", on=waybill.delivered_at.fill_null(waybill.accepted_at + ibis.interval(days=2)).date()
    ).join(received.semi_join(matter_place, "place_id"), "row_id")
    period = arrivals.group_by("place_id").agg(
        from_day=arrivals["on"].min().epoch_days(), to_day=arrivals["on"].max().epoch_days()
    )
    spread = arrivals.mutate(lag=ibis.range(0, window_days + 1).unnest())
    loads = spread.group_by("place_id", day=spread["on"].epoch_days() + spread.lag).agg(
        n=spread.count()
    )
    calendar = period.mutate(day=ibis.range(period.from_day, period.to_day + 1).unnest())
    filled = calendar.left_join(loads, ["place_id", "day"])
    daily = filled.select(
        "place_id", "day", is_weekend=(filled.day + 3) % 7 >= 5, n=filled.n.fill_null(0).cast("float64")
    )
    # Days of one sort in order: ten working days or four week-end days on either side are about two weeks.
    alike = ibis.window(group_by=["place_id", "is_weekend"], order_by="day", preceding=10, following=10)
    normal = daily.mutate(mean=daily.n.mean().over(alike), variance=daily.n.var(how="pop").over(alike))
    quick = trip_day.filter(trip_day.is_quick)
    often = quick.group_by("party_id").agg(
        n_trips=quick.count(), span=quick["on"].max().epoch_days() - quick["on"].min().epoch_days() + 1
    )
    # Who crosses on more than three days in five has no days to choose among, and the test no power.
    runners = often.filter((often.n_trips >= least_trips) & (often.n_trips <= 0.6 * often.span))
    trips = quick.filter(quick.party_id.isin(runners.party_id)).select(
        "party_id", "on", day=quick["on"].epoch_days(), trip_row="row_id"
    )
    met = trips.join(normal, "day")
    summed = met.group_by("place_id", "party_id").agg(
        n_trips=met.count(),
        excess=(met.n - met["mean"]).sum(),
        variance=met.variance.sum(),
        n_observed=met.n.sum(),
        n_expected=met["mean"].sum(),
        first_on=met["on"].min(),
        last_on=met["on"].max(),
    )
    asked = summed.filter((summed.n_trips >= least_trips) & (summed.variance > 0))
    tested = asked.mutate(p_value=normal_tail(asked.excess / asked.variance.sqrt()))
    called = q_values(tested).filter(lambda t: t.q_value < 0.1)
    trips = met.select("place_id", "party_id", "day", "trip_row").semi_join(called, ["place_id", "party_id"])
    loaded = spread.select("place_id", "row_id", day=spread["on"].epoch_days() + spread.lag)
    rows = ibis.union(
        trips.select("place_id", "party_id", row_id="trip_row"),
        trips.join(loaded, ["place_id", "day"]).select("place_id", "party_id", "row_id"),
    )
    told = with_rows(called, rows, "place_id", "party_id")
    return claims(
        told,
        detector="hub_mule_coupling",
        line="coupling",
        facet="chain",
        subject=("place", "place_id"),
        other=("party", "party_id"),
        relation="carries_from",
        claim=ibis.literal("Before ")
        + whole(told.n_trips)
        + " trips of {object}, "
        + whole(told.n_observed)
        + " parcels had just reached {subject}; its own rhythm would give "
        + told.n_expected.round(6).round(0).cast("int64").cast("string")
        + ".",
        weight=weight_of(told.q_value, cap=cap),
        test="coupling",
        observed="n_observed",
        expected="n_expected",
    )
