"""What interceptions show, and where they lead: backward to senders and clients, forward to receivers."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole
from vialtrace.detect.tails import poisson_tail, q_values, weight_of

HUMAN = ("sample", "sex_test", "lawful_test")

# What a laboratory says of the origin of a tube: of no human being, or of one.
OF_OTHERS = r"(?i)动物|非人|兽|animal|non[- ]?human|not human|bovine|porcine|canine|feline"
OF_PEOPLE = r"(?i)人源|人血|人类|human|maternal|fetal|foetal"


def sample_seizure(
    seizure: Table, reading: Table, mention: Table, crossing: Table, specimen: Table, *, hours: float = 2.0
) -> Table:
    """An interception of human specimens, and which way it was going.

    The material says so by the lexicon; where its words say nothing, specimens registered under it do. Where a
    laboratory found more of its tubes to be of animals, or of no human being, than of people, it is none. Where the
    carrier came in at the time and did not go out that day, it is inbound: another offence, and no part of a chain that
    leads out. Who came in hours before was stopped on the way out: an exit that is prevented leaves no record.
    """
    read = seizure.left_join(reading.select(material="text", topic="topic"), "material").drop("material_right")
    is_other = specimen.result.re_search(OF_OTHERS).fill_null(False)  # noqa: FBT003
    is_human = specimen.result.re_search(OF_PEOPLE).fill_null(False) & ~is_other  # noqa: FBT003
    tubes = specimen.group_by("seizure_id").agg(
        n_specimens=specimen.count(), n_other=is_other.sum(), n_human=is_human.sum()
    )
    human = read.left_join(tubes, "seizure_id").drop("seizure_id_right")
    says_nothing = human.topic.fill_null("other") == "other"
    human = human.filter(human.topic.isin(HUMAN) | (says_nothing & human.n_specimens.notnull()))
    human = human.filter((human.n_other <= human.n_human).fill_null(True))  # noqa: FBT003
    carriers = mention.filter(mention.slot == "seizure.carrier").select("row_id", carrier_id="party_id")
    held = human.left_join(carriers, "row_id").drop("row_id_right").mutate(seized_on=human.seized_at.date())
    days = crossing.group_by("document_no", on=crossing.crossed_at.date()).agg(
        outward=(crossing.direction == "exit").any(),
        entered_at=crossing.crossed_at.max(where=(crossing.direction == "entry") & ~crossing.is_day_only),
        entered=(crossing.direction == "entry").any(),
    )
    met = held.left_join(days, [held.document_no == days.document_no, held.seized_on == days["on"]])
    apart = (met.seized_at.epoch_seconds() - met.entered_at.epoch_seconds()).abs()
    # Without times of day the only crossing known that day is taken for the one at which it was found.
    came_in = ibis.ifelse(met.is_day_only | met.entered_at.isnull(), met.entered, apart <= 3600 * hours)
    return met.select(
        "row_id",
        "seizure_id",
        "seized_on",
        "carrier_id",
        "waybill_no",
        "quantity",
        "unit",
        "material",
        "port",
        is_inbound=(came_in & ~met.outward).fill_null(False),  # noqa: FBT003
    )


@detector("seizure")
def seized_carriers(sample_seizure: Table, *, own: int = 3) -> Table:
    """Who was found carrying human specimens?

    Up to ``own`` tubes may be one woman's, carried by herself or for her: that is worth less.
    """
    held = sample_seizure.filter(sample_seizure.carrier_id.notnull() & ~sample_seizure.is_inbound)
    found = held.group_by("carrier_id").agg(
        row_ids=held.row_id.collect().unique().sort(),
        n=held.row_id.nunique(),
        most=held.quantity.max(),
        first_on=held.seized_on.min(),
        last_on=held.seized_on.max(),
    )
    return claims(
        found,
        detector="seized_carriers",
        line="seizure",
        facet="matter",
        subject=("party", "carrier_id"),
        claim=ibis.literal("{subject} was found carrying human specimens ")
        + ibis.ifelse(found.n == 1, "once", whole(found.n) + " times")
        + ".",
        weight=ibis.ifelse((found.n == 1) & (found.most.fill_null(own + 1) <= own), 1.5, 3.0),
    )


def seized_parcel(sample_seizure: Table, waybill: Table, mention: Table) -> Table:
    """A parcel in which human specimens were found, with both its ends."""
    parcels = waybill.select(waybill_row="row_id", waybill_no="waybill_no")
    senders = mention.filter(mention.slot == "waybill.sender").select(waybill_row="row_id", sender_id="party_id")
    receivers = mention.filter(mention.slot == "waybill.receiver").select(
        waybill_row="row_id", receiver_id="party_id", receiver_place="place_id"
    )
    held = sample_seizure.filter(sample_seizure.waybill_no.notnull()).join(parcels, "waybill_no")
    return (
        held.join(senders, "waybill_row")
        .join(receivers, "waybill_row")
        .select("row_id", "waybill_row", "seized_on", "sender_id", "receiver_id", "receiver_place")
    )


@detector("seizure", "waybill")
def seized_parcels(seized_parcel: Table) -> Table:
    """To whom were the parcels addressed in which human specimens were found?"""
    made = []
    for kind, end in (("party", "receiver_id"), ("place", "receiver_place")):
        ends = seized_parcel.filter(seized_parcel[end].notnull()).mutate(end_id=seized_parcel[end])
        found = ends.group_by("end_id").agg(
            row_ids=ends.row_id.collect().concat(ends.waybill_row.collect()).unique().sort(),
            n=ends.waybill_row.nunique(),
            first_on=ends.seized_on.min(),
            last_on=ends.seized_on.max(),
        )
        made.append(
            claims(
                found,
                detector="seized_parcels",
                line="seizure",
                facet="matter",
                subject=(kind, "end_id"),
                claim=ibis.literal("Human specimens were found in ")
                + whole(found.n)
                + " parcels addressed to {subject}.",
                weight=ibis.ifelse(found.n >= 2, 3.0, 2.5),
            )
        )
    return ibis.union(*made)


@detector("seizure", "waybill")
def seized_parcel_senders(seized_parcel: Table, *, least: int = 2) -> Table:
    """Who sent several of the parcels in which human specimens were found?

    One such parcel may be a client's own: a sender of one is a donor and is not asked about.
    """
    ends = seized_parcel.filter(seized_parcel.sender_id.notnull())
    found = (
        ends.group_by("sender_id")
        .agg(
            row_ids=ends.row_id.collect().concat(ends.waybill_row.collect()).unique().sort(),
            n=ends.waybill_row.nunique(),
            first_on=ends.seized_on.min(),
            last_on=ends.seized_on.max(),
        )
        .filter(lambda t: t.n >= least)
    )
    return claims(
        found,
        detector="seized_parcel_senders",
        line="seizure",
        facet="matter",
        subject=("party", "sender_id"),
        claim=ibis.literal("{subject} sent ") + whole(found.n) + " parcels in which human specimens were found.",
        weight=2.0,
    )


def labelled_client(specimen: Table, sample_seizure: Table, mention: Table) -> Table:
    """A client named on a tube: a client of some service point whose name or number a seized tube's label carries."""
    labels = specimen.filter(specimen.label.notnull()).join(
        sample_seizure.select(
            seizure_row="row_id", seizure_id="seizure_id", seized_on="seized_on", carrier_id="carrier_id"
        ),
        "seizure_id",
    )
    keyed = labels.mutate(client=labels.label.re_replace(r"[0-9A-Za-z\s:：/|,，;；*\-_+()（）.#周wW天d岁管号]+", ""))
    named = mention.filter(mention.slot.isin(["order.client", "payment.payer", "waybill.sender"]))
    known = named.semi_join(keyed, [("name_key", "client")]).select(client="name_key").distinct()
    return (
        keyed.filter(keyed.client.length() >= 2)
        .semi_join(known, "client")
        .select(
            "row_id",
            "seizure_row",
            "seized_on",
            "carrier_id",
            "client",
            week=(keyed.seized_on.epoch_days() // 7).cast("int64"),
        )
    )


def labelled_point(labelled_client: Table, visit: Table, *, least_shared: int = 2, weeks: int = 4) -> Table:
    """A service point whose clients are named on seized tubes, beside how many of them chance alone would name.

    A tube is drawn, paid for and posted within about ``weeks`` weeks before it is carried. Chance would name a client
    of a service point as often as that point's share of all visits in those weeks: a Poisson count, as for shared
    clients.
    """
    tubes = labelled_client.mutate(week=ibis.range(labelled_client.week - weeks, labelled_client.week + 1).unnest())
    met = tubes.join(visit, [tubes.client == visit.client, tubes.week == visit.week], rname="{name}_of_visit")
    found = met.group_by("point_kind", "point_id", "side").agg(
        n_shared=met.client.nunique(),
        rows=met.row_id.collect(),
        visits=met.row_id_of_visit.collect(),
        first_on=met["on"].min(),
        last_on=met["on"].max(),
    )
    use = visit.group_by("side", "client").agg(n_use=visit.count())
    sides = visit.group_by("side").agg(n_side=visit.count())
    share = use.join(sides, "side").mutate(share=lambda t: t.n_use / t.n_side)
    # One woman's tubes are one draw: each client counts once a week.
    women = tubes.select("client", "week").distinct()
    mass = women.join(share, "client").group_by("side", "week").agg(mass=lambda t: t.share.sum())
    weekly = visit.group_by("side", "point_id", "week").agg(n_week=visit.count())
    expected = (
        weekly.join(mass, ["side", "week"])
        .group_by("side", "point_id")
        # A sum's last digits depend on the order of its parts, a table must not.
        .agg(n_expected=lambda t: (t.mass * t.n_week).sum().round(9))
    )
    tested = found.filter(found.n_shared >= least_shared).join(expected, ["side", "point_id"])
    tested = tested.mutate(
        p_value=poisson_tail(tested.n_shared.cast("float64"), tested.n_expected),
        row_ids=tested.rows.concat(tested.visits).unique().sort(),
    )
    called = q_values(tested, n_tests=visit.select("side", "point_id").distinct().count().as_scalar())
    return called.select(
        "point_kind",
        "point_id",
        "side",
        "n_shared",
        "n_expected",
        "p_value",
        "q_value",
        "first_on",
        "last_on",
        "row_ids",
    )


@detector("seizure", "specimen")
def seizure_backward(labelled_point: Table, *, weeks: int = 4, cap: float = 3.0) -> Table:
    """Whose clients are named on the tubes that were seized?

    ``weeks`` is how long before the seizure the clients were asked about, as :func:`labelled_point` has it.
    """
    made = []
    for kind in ("party", "place"):
        each = labelled_point.filter(labelled_point.point_kind == kind)
        made.append(
            claims(
                each,
                detector="seizure_backward",
                line="seizure",
                facet="matter",
                subject=(kind, "point_id"),
                claim=whole(each.n_shared)
                + " women named on seized tubes were clients of {subject} in the "
                + f"{weeks} weeks before; chance alone would give "
                + each.n_expected.round(6).round(2).cast("string")
                + ".",
                weight=weight_of(each.q_value, cap=cap),
                test="shared_clients",
                observed="n_shared",
                expected="n_expected",
            )
        )
    both = ibis.union(*made)
    # A receiver's party and its address, or two sides of one party, tell the same thing: the strongest is kept.
    best = both.mutate(
        rank_=ibis.row_number().over(
            ibis.window(group_by=both.evidence_id, order_by=[ibis.desc(both.weight), both.claim])
        )
    )
    return best.filter(best.rank_ == 0).drop("rank_")


@detector("seizure", "specimen")
def carried_for(
    labelled_client: Table, visit: Table, *, least_shared: int = 2, weeks: int = 4, cap: float = 3.0
) -> Table:
    """Whose clients are the women named on the tubes that a traveller carried?

    Under the null each woman named on the traveller's tubes is a client of a service point as often as the point's
    share of all visits of its sort in the ``weeks`` weeks before: a Poisson count. Every point of the sort is paid
    for.
    """
    held = labelled_client.filter(labelled_client.carrier_id.notnull())
    women = held.select("carrier_id", "client", "row_id", "seizure_row", "seized_on", "week")
    seen = women.mutate(week=ibis.range(women.week - weeks, women.week + 1).unnest())
    met = seen.join(visit, ["client", "week"], rname="{name}_of_visit")
    met = met.filter(met.point_id != met.carrier_id)
    found = met.group_by("carrier_id", "point_kind", "point_id", "side").agg(
        n_shared=met.client.nunique(),
        rows=met.row_id.collect(),
        seizures=met.seizure_row.collect(),
        visits=met.row_id_of_visit.collect(),
        first_on=met["on"].min(),
        last_on=met.seized_on.max(),
    )
    # One woman may be seen several times; the point's share is of visits in the weeks the traveller's tubes ask about.
    asked = seen.select("carrier_id", "week").distinct()
    weekly = visit.group_by("side", "point_id", "week").agg(n=visit.count())
    whole_week = visit.group_by("side", "week").agg(n_all=visit.count())
    every = asked.join(whole_week, "week").group_by("carrier_id", "side").agg(n_all=lambda t: t.n_all.sum())
    own = asked.join(weekly, "week").group_by("carrier_id", "side", "point_id").agg(n_own=lambda t: t.n.sum())
    named = women.group_by("carrier_id").agg(n_women=women.client.nunique())
    points = visit.group_by("side").agg(n_points=visit.point_id.nunique())
    tested = (
        found.filter(found.n_shared >= least_shared)
        .join(own, ["carrier_id", "side", "point_id"])
        .join(every, ["carrier_id", "side"])
        .join(named, "carrier_id")
        .join(points, "side")
    )
    tested = tested.mutate(n_expected=tested.n_women * tested.n_own / tested.n_all)
    tested = tested.mutate(p_value=poisson_tail(tested.n_shared.cast("float64"), tested.n_expected))
    called = tested.mutate(
        q_value=ibis.least(tested.p_value * tested.n_points, 1.0),
        row_ids=tested.rows.concat(tested.seizures).concat(tested.visits).unique().sort(),
    )
    made = []
    for kind in ("party", "place"):
        each = called.filter(called.point_kind == kind)
        made.append(
            claims(
                each,
                detector="carried_for",
                line="shared_clients",
                facet="chain",
                subject=(kind, "point_id"),
                other=("party", "carrier_id"),
                relation="carries_from",
                claim=whole(each.n_shared)
                + " of the women named on tubes found with {object} had been clients of {subject} in the "
                + f"{weeks} weeks before; chance alone would give "
                + each.n_expected.round(6).round(2).cast("string")
                + ".",
                weight=weight_of(each.q_value, cap=cap),
                test="shared_clients",
                observed="n_shared",
                expected="n_expected",
            )
        )
    both = ibis.union(*made)
    best = both.mutate(
        rank_=ibis.row_number().over(
            ibis.window(group_by=both.evidence_id, order_by=[ibis.desc(both.weight), both.claim])
        )
    )
    return best.filter(best.rank_ == 0).drop("rank_")


@detector("seizure", "specimen")
def carried_with_others(
    labelled_client: Table,
    labelled_point: Table,
    visit: Table,
    *,
    least_shared: int = 2,
    most_chance: float = 0.001,
    weeks: int = 4,
    cap: float = 3.0,
) -> Table:
    """Are the women named on one traveller's tubes clients where the women on other people's tubes were clients too?

    A service point counts for a traveller where ``least_shared`` women named on tubes that the traveller did not carry
    were its clients, of whom chance would have named so many with ``most_chance`` at most. Under the null each woman on
    the traveller's own tubes is a client of such points as often as their share of all visits of the sort in those
    weeks: a Poisson count, independent of how the points were chosen. All sorts and travellers are paid for.
    """
    women = labelled_client.filter(labelled_client.carrier_id.notnull())
    seen = women.mutate(week=ibis.range(women.week - weeks, women.week + 1).unnest())
    met = seen.join(visit, ["client", "week"], rname="{name}_of_visit")
    met = met.filter(met.point_id != met.carrier_id)
    at_point = met.group_by("carrier_id", "side", "point_id").agg(n_own=met.client.nunique())
    asked = at_point.join(
        labelled_point.select("side", "point_id", n_all="n_shared", chance="n_expected"), ["side", "point_id"]
    )
    asked = asked.mutate(n_others=asked.n_all - asked.n_own)
    asked = asked.filter(asked.n_others >= least_shared)
    known = asked.mutate(p_others=poisson_tail(asked.n_others.cast("float64"), asked.chance))
    known = known.filter(known.p_others <= most_chance).select("carrier_id", "side", "point_id")
    found = met.semi_join(known, ["carrier_id", "side", "point_id"])
    shared = found.group_by("carrier_id", "side").agg(
        n_shared=found.client.nunique(),
        rows=found.row_id.collect(),
        seizures=found.seizure_row.collect(),
        visits=found.row_id_of_visit.collect(),
        first_on=found["on"].min(),
        last_on=found.seized_on.max(),
    )
    in_weeks = seen.select("carrier_id", "week").distinct()
    weekly = visit.group_by("side", "point_id", "week").agg(n=visit.count())
    every = in_weeks.join(weekly, "week").group_by("carrier_id", "side").agg(n_every=lambda t: t.n.sum())
    own = in_weeks.join(weekly, "week").semi_join(known, ["carrier_id", "side", "point_id"])
    at_known = own.group_by("carrier_id", "side").agg(n_known=own.n.sum())
    named = women.group_by("carrier_id").agg(n_women=women.client.nunique())
    tested = (
        shared.filter(shared.n_shared >= least_shared)
        .join(every, ["carrier_id", "side"])
        .join(at_known, ["carrier_id", "side"])
        .join(named, "carrier_id")
    )
    tested = tested.mutate(n_expected=tested.n_women * tested.n_known / tested.n_every)
    tested = tested.mutate(p_value=poisson_tail(tested.n_shared.cast("float64"), tested.n_expected))
    n_tests = women.carrier_id.nunique().as_scalar() * visit.side.nunique().as_scalar()
    called = tested.mutate(
        q_value=ibis.least(tested.p_value * n_tests, 1.0),
        row_ids=tested.rows.concat(tested.seizures).concat(tested.visits).unique().sort(),
        rank_=ibis.row_number().over(
            ibis.window(group_by=tested.carrier_id, order_by=[tested.p_value, tested.side])
        ),
    )
    best = called.filter(called.rank_ == 0)
    return claims(
        best,
        detector="carried_with_others",
        line="shared_clients",
        facet="chain",
        subject=("party", "carrier_id"),
        claim=whole(best.n_shared)
        + " of the women named on tubes found with {subject} had been clients where women named on tubes found with "
        "others were clients too, in the "
        + f"{weeks} weeks before; chance alone would give "
        + best.n_expected.round(6).round(2).cast("string")
        + ".",
        weight=weight_of(best.q_value, cap=cap),
        test="shared_clients",
        observed="n_shared",
        expected="n_expected",
    )
