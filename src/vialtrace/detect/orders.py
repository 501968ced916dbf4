"""What order sheets show: who sells the test, and where the parcels they name were sent."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole, with_rows
from vialtrace.detect.tails import poisson_tail, q_values, weight_of
from vialtrace.kit.names import is_full


def suspect_order(order: Table, mention: Table, reading: Table, *, least_share: float = 0.2) -> Table:
    """An order for a fetal sex test.

    An order is one where its service says so, or where its service is a bare code ("package B") and at least
    ``least_share`` of the readable orders of the same agent, or of the same sheet where no agent is named, say so.
    A fifth is far above what a clinic's sheets show by slips and far below what a seller's do.
    """
    read = order.join(reading.select(service="text", topic="topic"), "service", how="left")
    agents = mention.filter(mention.slot == "order.agent").select("row_id", agent_id="party_id")
    clients = mention.filter(mention.slot == "order.client").select(
        "row_id", client_id="party_id", client_key="name_key"
    )
    whole_rows = read.left_join(agents, "row_id").drop("row_id_right").left_join(clients, "row_id").drop("row_id_right")
    grouped = whole_rows.mutate(
        seller_=whole_rows.agent_id.fill_null("sheet " + (whole_rows.row_id // 2**32).cast("string")),
        says_=(whole_rows.topic == "sex_test").fill_null(False),  # noqa: FBT003
        lawful_=whole_rows.topic.isin(["lawful_test", "warning"]).fill_null(False),  # noqa: FBT003
    )
    own = ibis.window(group_by=grouped.seller_)
    judged = grouped.mutate(share_=grouped.says_.cast("float64").sum().over(own) / grouped.count().over(own))
    kept = judged.filter(judged.says_ | (~judged.lawful_ & (judged.share_ >= least_share)))
    return kept.select(
        "row_id",
        "agent_id",
        "client_id",
        "client_key",
        "waybill_no",
        "price",
        "currency",
        "client_region",
        ordered_on=kept.ordered_at.date(),
        is_explicit=kept.says_,
        seller_share=kept.share_,
    )


@detector("order")
def sample_orders(suspect_order: Table, *, least_share: float = 0.1) -> Table:
    """Whom do order sheets name as the seller of fetal sex tests?

    A sheet that names a seller is a statement of record. One row may be a slip; three or more are a practice. Where
    fewer than ``least_share`` of the seller's orders say so, it is a clinic whose words were misread, and the claim
    weighs little.
    """
    sold = suspect_order.filter(suspect_order.agent_id.notnull())
    found = sold.group_by("agent_id").agg(
        row_ids=sold.row_id.collect().sort(),
        n=sold.count(),
        explicit=sold.is_explicit.sum(),
        share=sold.seller_share.max(),
        first_on=sold.ordered_on.min(),
        last_on=sold.ordered_on.max(),
    )
    return claims(
        found,
        detector="sample_orders",
        line="order",
        facet="matter",
        subject=("party", "agent_id"),
        claim=ibis.literal("Order sheets name {subject} as the seller of ") + whole(found.n) + " fetal sex tests.",
        weight=ibis.cases(
            (found.share < least_share, 0.5), (found.explicit >= 3, 3.0), (found.explicit >= 1, 2.0), else_=1.0
        ),
    )


def order_parcel(suspect_order: Table, waybill: Table, mention: Table) -> Table:
    """A parcel whose number stands in an order for a fetal sex test.

    Both ends come with the parcel: the sender is the client or a collector, the receiver a hub.
    """
    parcels = waybill.select(waybill_row="row_id", waybill_no="waybill_no", at="accepted_at")
    ends = _ends(mention)
    joined = (
        suspect_order.filter(suspect_order.waybill_no.notnull())
        .join(parcels, "waybill_no")
        .join(ends, [("waybill_row", "waybill_row")])
    )
    return joined.select(
        "row_id",
        "waybill_row",
        "agent_id",
        "client_id",
        "client_key",
        "sender_id",
        "sender_key",
        "receiver_id",
        "receiver_place",
        sent_on=joined["at"].date(),
    )


def _ends(mention: Table) -> Table:
    senders = mention.filter(mention.slot == "waybill.sender").select(
        waybill_row="row_id", sender_id="party_id", sender_key="name_key"
    )
    receivers = mention.filter(mention.slot == "waybill.receiver").select(
        waybill_row="row_id", receiver_id="party_id", receiver_place="place_id"
    )
    return senders.join(receivers, "waybill_row")


def _graded(n: ibis.expr.types.IntegerValue) -> ibis.expr.types.FloatingValue:
    # One parcel may be a mistyped number; from three on the sheet and the carrier's list confirm each other.
    return ibis.cases((n >= 3, 3.0), (n == 2, 2.0), else_=1.3)


@detector("order", "waybill")
def order_parcels(order_parcel: Table) -> Table:
    """To whom, by the carrier's own list, did the parcels go that order sheets for fetal sex tests name?"""
    to_parties = _received(order_parcel, "receiver_id")
    to_places = _received(order_parcel, "receiver_place")
    tell = ibis.literal("{subject} received ")
    return ibis.union(
        claims(
            to_parties,
            detector="order_parcels",
            line="order",
            facet="matter",
            subject=("party", "end_id"),
            claim=tell + whole(to_parties.n) + " parcels whose numbers stand in order sheets for fetal sex tests.",
            weight=_graded(to_parties.n),
        ),
        claims(
            to_places,
            detector="order_parcels",
            line="order",
            facet="matter",
            subject=("place", "end_id"),
            claim=tell + whole(to_places.n) + " parcels whose numbers stand in order sheets for fetal sex tests.",
            weight=_graded(to_places.n),
        ),
    )


def _received(order_parcel: Table, end: str) -> Table:
    named = order_parcel.filter(order_parcel[end].notnull()).mutate(end_id=order_parcel[end])
    return named.group_by("end_id").agg(
        row_ids=named.row_id.collect().concat(named.waybill_row.collect()).unique().sort(),
        n=named.waybill_row.nunique(),
        first_on=named.sent_on.min(),
        last_on=named.sent_on.max(),
    )


@detector("order", "waybill")
def order_parcel_links(order_parcel: Table) -> Table:
    """Which seller's orders went to which receiver?"""
    named = order_parcel.filter(order_parcel.agent_id.notnull())
    tables = []
    for kind, end in (("party", "receiver_id"), ("place", "receiver_place")):
        ends = named.filter(named[end].notnull() & (named[end] != named.agent_id)).mutate(end_id=named[end])
        found = ends.group_by("agent_id", "end_id").agg(
            row_ids=ends.row_id.collect().concat(ends.waybill_row.collect()).unique().sort(),
            n=ends.waybill_row.nunique(),
            first_on=ends.sent_on.min(),
            last_on=ends.sent_on.max(),
        )
        tables.append(
            claims(
                found,
                detector="order_parcel_links",
                line="order",
                facet="chain",
                subject=("party", "agent_id"),
                other=(kind, "end_id"),
                relation="collects_for",
                claim=whole(found.n) + " parcels of orders sold by {subject} went to {object}.",
                weight=_graded(found.n),
            )
        )
    return ibis.union(*tables)


@detector("order", "waybill")
def order_collectors(order_parcel: Table, *, least_clients: int = 3) -> Table:
    """Who posts the samples of several clients who are not themselves?

    A client posts her own sample, perhaps a sister's; ``least_clients`` different clients are more than a family's.
    """
    others = order_parcel.filter(
        order_parcel.sender_id.notnull()
        & order_parcel.client_id.notnull()
        & (order_parcel.sender_id != order_parcel.client_id)
        & (order_parcel.sender_key.fill_null("") != order_parcel.client_key.fill_null("-"))
    )
    found = others.group_by("sender_id").agg(
        row_ids=others.row_id.collect().concat(others.waybill_row.collect()).unique().sort(),
        n=others.client_id.nunique(),
        first_on=others.sent_on.min(),
        last_on=others.sent_on.max(),
    )
    several = found.filter(found.n >= least_clients)
    return claims(
        several,
        detector="order_collectors",
        line="order",
        facet="matter",
        subject=("party", "sender_id"),
        claim=ibis.literal("{subject} posted the parcels of ")
        + whole(several.n)
        + " different clients of fetal sex tests.",
        weight=2.5,
    )


@detector("order", "waybill")
def order_destinations(order: Table, suspect_order: Table, waybill: Table, mention: Table) -> Table:
    """Whose orders for other tests went to which receiver, by the parcels they name?

    A clinic's samples go to the laboratory it works with, so this is a link and no matter: it counts only where the
    receiver is believed to send human material abroad unlawfully, and then only beside other evidence.
    """
    agents = mention.filter((mention.slot == "order.agent") & mention.party_id.notnull()).select(
        "row_id", agent_id="party_id"
    )
    other = (
        order.filter(order.waybill_no.notnull())
        .select("row_id", "waybill_no")
        .anti_join(suspect_order, "row_id")
        .join(agents, "row_id")
    )
    sent = other.join(
        waybill.select("waybill_no", waybill_row="row_id", sent_on=waybill.accepted_at.date()), "waybill_no"
    ).join(_ends(mention), "waybill_row")
    tables = []
    for kind, end in (("party", "receiver_id"), ("place", "receiver_place")):
        ends = sent.filter(sent[end].notnull() & (sent[end] != sent.agent_id)).mutate(end_id=sent[end])
        found = ends.group_by("agent_id", "end_id").agg(
            row_ids=ends.row_id.collect().concat(ends.waybill_row.collect()).unique().sort(),
            n=ends.waybill_row.nunique(),
            first_on=ends.sent_on.min(),
            last_on=ends.sent_on.max(),
        )
        tables.append(
            claims(
                found,
                detector="order_destinations",
                line="order",
                facet="chain",
                subject=("party", "agent_id"),
                other=(kind, "end_id"),
                relation="collects_for",
                claim=whole(found.n) + " parcels of tests ordered from {subject} went to {object}.",
                weight=_graded(found.n),
            )
        )
    return ibis.union(*tables)


@detector("order", "payment")
def same_seller(
    suspect_order: Table,
    mention: Table,
    payment_ends: Table,
    *,
    days_before: int = 14,
    days_after: int = 28,
    cap: float = 3.0,
) -> Table:
    """Is an account of a seller's full name, which the seller's clients pay when they order, the seller's own?

    A sheet names its seller with a telephone at most, and no register need join it to an account. The null: each of
    these clients' payments in those days goes to the name as often as all payments do, their own apart. Poisson tail;
    the false discovery rate is over every seller and account of one name whose clients paid anybody in those days.
    """
    named = mention.filter((mention.slot == "order.agent") & is_full(mention.name_key)).select(
        "row_id", "name_key"
    )
    sold = suspect_order.filter(
        suspect_order.agent_id.notnull() & suspect_order.client_key.notnull() & suspect_order.ordered_on.notnull()
    ).join(named, "row_id")
    sold = sold.select("name_key", "agent_id", "client_key", "ordered_on", order_row="row_id")
    paid = payment_ends.filter(payment_ends.payee_id.notnull() & payment_ends.payer_key.notnull())
    bought = sold.join(
        paid.select("row_id", "payee_id", "payee_key", "paid_on", client_key="payer_key"), "client_key"
    )
    lag = bought.paid_on.epoch_days() - bought.ordered_on.epoch_days()
    bought = bought.filter((lag >= -days_before) & (lag <= days_after) & (bought.payee_id != bought.agent_id))
    asked = bought.group_by("agent_id", "name_key").agg(n_payments=bought.row_id.nunique())
    met = bought.filter(bought.payee_key == bought.name_key)
    pairs = met.group_by("agent_id", "name_key", "payee_id").agg(
        n_clients=met.client_key.nunique(),
        n_theirs=met.row_id.nunique(),
        first_on=met.ordered_on.min(),
        last_on=met.ordered_on.max(),
    )
    by_name = paid.group_by(name_key="payee_key").agg(n_name=paid.count())
    known = pairs.join(asked, ["agent_id", "name_key"]).join(by_name, "name_key")
    # One payment to the name is always to be expected: of a name that nobody else bears, nobody knows how rare it is.
    others = ibis.greatest(known.n_name - known.n_theirs, 1)
    expected = known.mutate(n_expected=known.n_payments * others / paid.count().as_scalar())
    tested = q_values(
        expected.mutate(p_value=poisson_tail(expected.n_clients.cast("float64"), expected.n_expected)),
        n_tests=asked.count().as_scalar(),
    )
    called = tested.filter(weight_of(tested.q_value, cap=cap) > 0)
    first = ibis.row_number().over(
        ibis.window(group_by=["agent_id", "payee_id"], order_by=[called.p_value, called.name_key])
    )
    one = called.mutate(rank_=first).filter(lambda t: t.rank_ == 0).drop("rank_")
    rows = met.select(
        "agent_id", "name_key", "payee_id", row_id=ibis.array([met.order_row, met.row_id]).unnest()
    )
    found = with_rows(one, rows, "agent_id", "name_key", "payee_id")
    return claims(
        found,
        detector="same_seller",
        line="order",
        facet="chain",
        subject=("party", "agent_id"),
        other=("party", "payee_id"),
        relation="same_person",
        claim=ibis.literal("{subject} and {object} bear one full name, and ")
        + whole(found.n_clients)
        + " people whom order sheets name as clients of the one paid the other from two weeks before they ordered to "
        "four weeks after; chance alone would give " + found.n_expected.round(6).round(3).cast("string")
        + ".",
        weight=weight_of(found.q_value, cap=cap),
        test="shared_clients",
        observed="n_clients",
        expected="n_expected",
    )
