"""The third test, *how much*, asked of parcels: who gathers from many; and where gathered parcels go next."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole, with_rows
from vialtrace.detect.clients import concentration
from vialtrace.detect.tails import poisson_tail, q_values, weight_of


def parcel_ends(waybill: Table, mention: Table) -> Table:
    """A parcel with both its ends as parties and places."""
    senders = mention.filter(mention.slot == "waybill.sender").select(
        "row_id", sender_id="party_id", sender_place="place_id", sender_key="name_key"
    )
    receivers = mention.filter(mention.slot == "waybill.receiver").select(
        "row_id", receiver_id="party_id", receiver_place="place_id", receiver_key="name_key"
    )
    days = waybill.select("row_id", "weight_g", sent_on=waybill.accepted_at.date())
    return (
        days.join(senders, "row_id")
        .join(receivers, "row_id")
        .select(
            "row_id",
            "sender_id",
            "sender_place",
            "sender_key",
            "receiver_id",
            "receiver_place",
            "receiver_key",
            "weight_g",
            "sent_on",
        )
    )


@detector("waybill")
def parcel_consolidation(
    parcel_ends: Table, place: Table, *, least_senders: int = 10, least_regions: int = 4, cap: float = 0.7
) -> Table:
    """Which addresses gather parcels from strangers all over the country and send almost nothing back?

    Against the other addresses with ``least_senders`` senders: the logarithm of one-time senders times regions, in
    robust standard deviations over the median (MAD). Many lawful counters look like this, so it is never worth more
    than ``cap``: a question, not an answer.
    """
    regions = place.select(sender_place="place_id", region="region")
    arrived = parcel_ends.filter(parcel_ends.receiver_place.notnull()).left_join(regions, "sender_place")
    by_sender = arrived.group_by(
        place_id=arrived.receiver_place, client=arrived.sender_key.fill_null(arrived.sender_id)
    ).agg(
        n=arrived.count(),
        region=arrived.region.min(),
        first_on=arrived.sent_on.min(),
        last_on=arrived.sent_on.max(),
    )
    gathered = by_sender.group_by("place_id").agg(
        n_senders=by_sender.count(),
        n_once=(by_sender.n == 1).sum(),
        n_regions=by_sender.region.nunique(),
        first_on=by_sender.first_on.min(),
        last_on=by_sender.last_on.max(),
    )
    peers = gathered.filter(gathered.n_senders >= least_senders)
    posted = parcel_ends.filter(parcel_ends.sender_place.notnull())
    sent = posted.group_by(place_id=posted.sender_place).agg(n_sent=posted.count())
    scored = (
        peers.left_join(sent, "place_id")
        .drop("place_id_right")
        .mutate(score=lambda t: ((t.n_once + 1) * (t.n_regions + 1)).ln(), n_back=lambda t: t.n_sent.fill_null(0))
    )
    centred = scored.mutate(off=(scored.score - scored.score.median().as_scalar()))
    spread = centred.mutate(z=centred.off / ibis.greatest(1.4826 * centred.off.abs().median().as_scalar(), 0.1))
    odd = spread.filter(
        (spread.z > 1.0) & (spread.n_regions >= least_regions) & (spread.n_back <= 0.2 * spread.n_senders)
    )
    odd = with_rows(odd, arrived.select("row_id", place_id="receiver_place"), "place_id")
    return claims(
        odd,
        detector="parcel_consolidation",
        line="parcel",
        facet="chain",
        subject=("place", "place_id"),
        claim=whole(odd.n_senders)
        + " senders in "
        + whole(odd.n_regions)
        + " regions sent parcels to {subject}, "
        + whole(odd.n_once)
        + " of them once; it sent "
        + whole(odd.n_back)
        + ".",
        weight=ibis.least(odd.z * 0.25, cap),
        test="outlier",
        observed="n_senders",
    )


@detector("waybill")
def two_way_trade(parcel_ends: Table, *, least_senders: int = 10, least_share: float = 0.3) -> Table:
    """Which addresses send back to the people who send to them, as shops, repairers and returns desks do?

    At least ``least_share`` of the senders to an address also received from it.
    """
    there = parcel_ends.filter(parcel_ends.receiver_place.notnull()).select(
        "row_id", "sent_on", place_id="receiver_place", client=parcel_ends.sender_key.fill_null(parcel_ends.sender_id)
    )
    back = parcel_ends.filter(parcel_ends.sender_place.notnull()).select(
        back_row="row_id", place_id="sender_place", client=parcel_ends.receiver_key.fill_null(parcel_ends.receiver_id)
    )
    every = there.group_by("place_id", "client").agg(
        row_id=there.row_id.min(), first_on=there.sent_on.min(), last_on=there.sent_on.max()
    )
    busy = every.group_by("place_id").agg(n=every.count()).filter(lambda t: t.n >= least_senders)
    clients, back = every.semi_join(busy, "place_id"), back.semi_join(busy, "place_id")
    returned = back.group_by("place_id", "client").agg(back_row=back.back_row.min())
    both = clients.left_join(returned, ["place_id", "client"]).select(*clients.columns, "back_row")
    counted = both.group_by("place_id").agg(
        n_clients=both.count(),
        n_both=both.back_row.notnull().sum(),
        first_on=both.first_on.min(),
        last_on=both.last_on.max(),
    )
    met = both.filter(both.back_row.notnull())
    found = with_rows(
        counted.filter(counted.n_both >= least_share * counted.n_clients),
        ibis.union(met.select("place_id", "row_id"), met.select("place_id", row_id="back_row")),
        "place_id",
    )
    return claims(
        found,
        detector="two_way_trade",
        line="parcel",
        facet="ground",
        subject=("place", "place_id"),
        claim=whole(found.n_both)
        + " of the "
        + whole(found.n_clients)
        + " senders to {subject} also received parcels from it, as customers of a shop or repairer do.",
        weight=-1.0,
    )


@detector("waybill")
def relayed_parcels(parcel_ends: Table, *, least_parcels: int = 3, least_senders: int = 5, cap: float = 2.0) -> Table:
    """Who receives from many and sends on, again and again, to one address?

    The sender's parcels to the address, against as many parcels sent to addresses at random, each by its share of all
    parcels. Poisson.
    """
    by_receiver = parcel_ends.group_by(party_id=parcel_ends.receiver_id).agg(
        n_from=parcel_ends.sender_key.fill_null(parcel_ends.sender_id).nunique()
    )
    gatherers = by_receiver.filter((by_receiver.n_from >= least_senders) & by_receiver.party_id.notnull())
    sent = parcel_ends.filter(parcel_ends.receiver_place.notnull()).join(
        gatherers, parcel_ends.sender_id == gatherers.party_id
    )
    total = parcel_ends.count().as_scalar()
    popular = parcel_ends.group_by(to_place=parcel_ends.receiver_place).agg(n_popular=parcel_ends.count())
    own = sent.group_by("party_id").agg(n_own=sent.count())
    onward = sent.filter(sent.receiver_id != sent.party_id)
    pairs = onward.group_by("party_id", to_place=onward.receiver_place).agg(
        n=onward.count(),
        first_on=onward.sent_on.min(),
        last_on=onward.sent_on.max(),
    )
    several = pairs.filter(pairs.n >= least_parcels).join(own, "party_id").join(popular, "to_place")
    tested = several.mutate(n_expected=several.n_own * several.n_popular / total)
    tested = tested.mutate(p_value=poisson_tail(tested.n.cast("float64"), tested.n_expected))
    called = with_rows(
        q_values(tested, n_tests=pairs.count().as_scalar()),
        onward.select("party_id", "row_id", to_place="receiver_place"),
        "party_id",
        "to_place",
    )
    return claims(
        called,
        detector="relayed_parcels",
        line="parcel",
        facet="chain",
        subject=("party", "party_id"),
        other=("place", "to_place"),
        relation="receives_from",
        claim=ibis.literal("{subject}, who receives from many senders, sent ")
        + whole(called.n)
        + " parcels on to {object}; chance would give "
        + called.n_expected.round(6).round(2).cast("string")
        + ".",
        weight=weight_of(called.q_value, cap=cap),
        test="shared_clients",
        observed="n",
        expected="n_expected",
    )


@detector("waybill")
def successive_addresses(
    parcel_ends: Table, *, least_shared: int = 3, least_parcels: int = 3, cap: float = 2.5
) -> Table:
    """Do the same regular senders serve two addresses, as when a store moves or has two doors?

    Regular senders send to both at least twice. Against the addresses' shares of all regular senders. Poisson.
    """
    known = parcel_ends.filter(parcel_ends.sender_id.notnull() & parcel_ends.receiver_place.notnull())
    regular = known.group_by("sender_id", place_id=known.receiver_place).agg(
        n=known.count(), first_on=known.sent_on.min(), last_on=known.sent_on.max()
    )
    regular = regular.filter(regular.n >= 2)
    reach = regular.group_by("place_id").agg(n_regular=regular.count()).filter(lambda t: t.n_regular >= least_parcels)
    breadth = (
        regular.group_by("sender_id")
        .agg(n_places=regular.count())
        .filter(lambda t: (t.n_places >= 2) & (t.n_places <= 30))
    )
    kept = regular.semi_join(reach, "place_id").semi_join(breadth, "sender_id")
    other = kept.view()
    met = kept.join(other, [kept.sender_id == other.sender_id, kept.place_id < other.place_id], rname="{name}_of_other")
    pairs = met.group_by(left_id=met.place_id, right_id=met.place_id_of_other).agg(
        n_shared=met.count(),
        first_on=met.first_on.min(),
        last_on=met.last_on.max(),
    )
    total = regular.sender_id.nunique().as_scalar()
    found = (
        pairs.filter(pairs.n_shared >= least_shared)
        .join(reach.select(left_id="place_id", n_left="n_regular"), "left_id")
        .join(reach.select(right_id="place_id", n_right="n_regular"), "right_id")
    )
    tested = found.mutate(n_expected=found.n_left * found.n_right / total)
    tested = tested.mutate(p_value=poisson_tail(tested.n_shared.cast("float64"), tested.n_expected))
    n_places = reach.count().as_scalar()
    called = q_values(tested, n_tests=n_places * (n_places - 1) / 2)
    shared = met.select("sender_id", left_id=met.place_id, right_id=met.place_id_of_other)
    shared = shared.semi_join(called, ["left_id", "right_id"])
    sent = known.select("sender_id", "row_id", place_id="receiver_place")
    rows = ibis.union(
        *(
            shared.join(sent, ["sender_id", (end, "place_id")]).select("left_id", "right_id", "row_id")
            for end in ("left_id", "right_id")
        )
    )
    called = with_rows(called, rows, "left_id", "right_id")
    return claims(
        called,
        detector="successive_addresses",
        line="parcel",
        facet="chain",
        subject=("place", "left_id"),
        other=("place", "right_id"),
        relation="same_business",
        claim=whole(called.n_shared)
        + " regular senders sent to both {subject} and {object}; chance would give "
        + called.n_expected.round(6).round(2).cast("string")
        + ".",
        weight=weight_of(called.q_value, cap=cap),
        test="shared_clients",
        observed="n_shared",
        expected="n_expected",
    )


def _asked(parcel_ends: Table, matter_place: Table, least_senders: int) -> Table:
    """The places worth asking about: where human specimens are known to go, and where many send.

    An address with fewer than ``least_senders`` senders is a home, and asked about only where specimens are known to
    have gone. What is said of a place where many send tells nothing until something else says what the place is for.
    """
    busy = parcel_ends.group_by(place_id=parcel_ends.receiver_place).agg(
        n_senders=parcel_ends.sender_key.fill_null(parcel_ends.sender_id).nunique()
    )
    many = busy.filter(busy.place_id.notnull() & (busy.n_senders >= least_senders))
    return ibis.union(many.select("place_id"), matter_place.select("place_id"), distinct=True)


@detector("waybill")
def keeps_address(
    parcel_ends: Table,
    matter_place: Table,
    *,
    least_parcels: int = 3,
    least_senders: int = 30,
    least_share: float = 0.1,
    cap: float = 2.0,
) -> Table:
    """Who takes in the parcels at an address where many arrive?

    A party who receives at least ``least_parcels`` there and ``least_share`` of all that arrive, at the places of
    :func:`_asked`.
    """
    asked = _asked(parcel_ends, matter_place, least_senders)
    there = parcel_ends.filter(parcel_ends.receiver_place.isin(asked.place_id) & parcel_ends.receiver_id.notnull())
    pairs = there.group_by("receiver_id", place_id=there.receiver_place).agg(
        n=there.count(),
        first_on=there.sent_on.min(),
        last_on=there.sent_on.max(),
    )
    totals = there.group_by(place_id=there.receiver_place).agg(n_total=there.count())
    found = (
        pairs.filter(pairs.n >= least_parcels).join(totals, "place_id").filter(lambda t: t.n >= least_share * t.n_total)
    )
    found = with_rows(
        found, there.select("receiver_id", "row_id", place_id="receiver_place"), "receiver_id", "place_id"
    )
    return claims(
        found,
        detector="keeps_address",
        line="parcel",
        facet="chain",
        subject=("party", "receiver_id"),
        other=("place", "place_id"),
        relation="receives_from",
        claim=ibis.literal("{subject} received ")
        + whole(found.n)
        + " of the "
        + whole(found.n_total)
        + " parcels that arrived at {object}.",
        weight=ibis.greatest((found.n / found.n_total) * cap, 0.7),
    )


@detector("waybill")
def regular_senders(
    parcel_ends: Table,
    matter_place: Table,
    *,
    least_parcels: int = 4,
    least_weeks: int = 3,
    least_senders: int = 30,
    least_concentration: float = 0.3,
    cap: float = 4.0,
    shared_cap: float = 2.0,
) -> Table:
    """Who posts again and again to an address where human specimens go, or where many send?

    A client posts once or twice; ``least_parcels`` parcels in ``least_weeks`` different weeks are a collector's. The
    sender's parcels there, against as many parcels sent to addresses at random, each by its share of all parcels.
    Poisson. At an address where few receive (``least_concentration``, as :func:`shared_clients` has it), what comes
    again and again comes for their business: three regular senders in four are then of it, which is four units from
    the prior of a party at random. At a counter that serves a street the cap is ``shared_cap``.
    """
    asked = _asked(parcel_ends, matter_place, least_senders)
    there = parcel_ends.filter(parcel_ends.receiver_place.isin(asked.place_id) & parcel_ends.sender_id.notnull())
    pairs = there.group_by("sender_id", place_id=there.receiver_place).agg(
        n=there.count(),
        n_weeks=(there.sent_on.epoch_days() // 7).nunique(),
        first_on=there.sent_on.min(),
        last_on=there.sent_on.max(),
    )
    again = pairs.filter((pairs.n >= least_parcels) & (pairs.n_weeks >= least_weeks))
    own = parcel_ends.group_by("sender_id").agg(n_own=parcel_ends.count())
    popular = parcel_ends.group_by(place_id=parcel_ends.receiver_place).agg(n_popular=parcel_ends.count())
    found = again.join(own, "sender_id").join(popular, "place_id")
    tested = found.mutate(n_expected=found.n_own * found.n_popular / parcel_ends.count().as_scalar())
    tested = tested.mutate(p_value=poisson_tail(tested.n.cast("float64"), tested.n_expected))
    called = with_rows(
        q_values(tested, n_tests=pairs.count().as_scalar()),
        there.select("sender_id", "row_id", place_id="receiver_place"),
        "sender_id",
        "place_id",
    )
    called = called.left_join(concentration(parcel_ends), "place_id").drop("place_id_right")
    most = ibis.ifelse(called.concentration.fill_null(1.0) >= least_concentration, cap, shared_cap)
    return claims(
        called,
        detector="regular_senders",
        line="parcel",
        facet="chain",
        subject=("party", "sender_id"),
        other=("place", "place_id"),
        relation="collects_for",
        claim=ibis.literal("{subject} sent ")
        + whole(called.n)
        + " parcels in "
        + whole(called.n_weeks)
        + " weeks to {object}; chance would give "
        + called.n_expected.round(6).round(2).cast("string")
        + ".",
        weight=weight_of(called.q_value, cap=most),
        test="shared_clients",
        observed="n",
        expected="n_expected",
    )
