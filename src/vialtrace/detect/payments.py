"""What payments and calls show by themselves: who is paid by strangers everywhere, who meets people of which names.

Whom money leads to is asked of ties.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.adverts import advertised
from vialtrace.detect.claims import claims, detector, whole, with_rows
from vialtrace.detect.tails import poisson_tail, q_values, weight_of
from vialtrace.kit.names import is_full


def payment_ends(payment: Table, mention: Table) -> Table:
    """A payment with both its ends as parties."""
    payers = mention.filter(mention.slot == "payment.payer").select("row_id", payer_id="party_id", payer_key="name_key")
    payees = mention.filter(mention.slot == "payment.payee").select("row_id", payee_id="party_id", payee_key="name_key")
    days = payment.select("row_id", "amount", "currency", paid_on=payment.paid_at.date())
    known = days.left_join(payers, "row_id").drop("row_id_right").left_join(payees, "row_id").drop("row_id_right")
    return known.select(
        "row_id", "payer_id", "payer_key", "payee_id", "payee_key", "amount", "currency", "paid_on"
    )


@detector("payment")
def client_payments(payment_ends: Table, *, least_payers: int = 10, cap: float = 0.7) -> Table:
    """Which payees are paid like amounts by many one-time payers?

    Against the other payees with ``least_payers`` payers: the logarithm of one-time payers times the share of payments
    within a tenth of the payee's commonest amounts, in robust standard deviations over the median (MAD). Tutors,
    landlords and shops look like this too, so it is never worth more than ``cap``.
    """
    paid = payment_ends.filter(payment_ends.payee_id.notnull() & payment_ends.payer_id.notnull()).select(
        "row_id", "payee_id", "payer_id", on="paid_on", amount=payment_ends.amount.cast("float64")
    )
    each = paid.group_by("payee_id", "payer_id").agg(n=paid.count())
    many = each.group_by("payee_id").agg(n=each.count()).filter(lambda t: t.n >= least_payers)
    # A median holds every amount in memory: it is taken of the few that so many pay.
    busy = paid.semi_join(many, "payee_id")
    near = busy.join(busy.group_by("payee_id").agg(middle=busy.amount.median()), "payee_id")
    near = near.mutate(is_near=(near.amount - near.middle).abs() <= 0.3 * near.middle)
    payers = near.group_by("payee_id", "payer_id").agg(
        n=near.count(), near=near.is_near.sum(), first_on=near["on"].min(), last_on=near["on"].max()
    )
    gathered = payers.group_by("payee_id").agg(
        n_payers=payers.count(),
        n_once=(payers.n <= 2).sum(),
        n_near=payers.near.sum(),
        n_paid=payers.n.sum(),
        first_on=payers.first_on.min(),
        last_on=payers.last_on.max(),
    )
    scored = gathered.mutate(score=((gathered.n_once + 1) * (gathered.n_near / gathered.n_paid + 0.05)).ln())
    centred = scored.mutate(off=scored.score - scored.score.median().as_scalar())
    spread = centred.mutate(z=centred.off / ibis.greatest(1.4826 * centred.off.abs().median().as_scalar(), 0.1))
    odd = spread.filter((spread.z > 1.0) & (spread.n_once >= 0.5 * spread.n_payers))
    odd = with_rows(odd, busy, "payee_id")
    return claims(
        odd,
        detector="client_payments",
        line="payment",
        facet="chain",
        subject=("party", "payee_id"),
        claim=whole(odd.n_payers)
        + " payers paid {subject}, "
        + whole(odd.n_once)
        + " of them once or twice; "
        + whole(odd.n_near)
        + " of "
        + whole(odd.n_paid)
        + " payments lie close to one amount.",
        weight=ibis.least(odd.z * 0.25, cap),
        test="outlier",
        observed="n_payers",
    )


@detector("payment")
def pays_handlers(
    payment_ends: Table,
    handler: Table,
    *,
    least_payees: int = 3,
    least_named: int = 2,
    cap: float = 3.0,
) -> Table:
    """Who pays people of the full names of those who were found with specimens, who post them again and again, or sell?

    One namesake is nothing. Under the null each of a payer's payees bears such a name as often as all payees of all
    payers do: a Poisson count, so that common names and names that many pay explain themselves. Every payer of
    ``least_payees`` different names is paid for.
    """
    ends = payment_ends.filter(payment_ends.payer_id.notnull() & is_full(payment_ends.payee_key))
    paid = ends.select("row_id", subject_id="payer_id", name_key="payee_key", other_id="payee_id", on="paid_on")
    called = _meeting_handlers(paid, handler, least_payees, least_named)
    return _told(called, "pays_handlers", "payee_names", "{subject} paid ", cap)


@detector("payment")
def paid_by_handlers(
    payment_ends: Table,
    handler: Table,
    *,
    least_payers: int = 3,
    least_named: int = 2,
    cap: float = 3.0,
) -> Table:
    """Who is paid by people of the full names of those found with specimens, who post them again and again, or sell?

    As :func:`pays_handlers`, the other way: collectors who take the fee at the bedside hand it on. Clients post once,
    and are none of those who post again and again.
    """
    ends = payment_ends.filter(payment_ends.payee_id.notnull() & is_full(payment_ends.payer_key))
    paid = ends.select("row_id", subject_id="payee_id", name_key="payer_key", other_id="payer_id", on="paid_on")
    called = _meeting_handlers(paid, handler, least_payers, least_named)
    return _told(called, "paid_by_handlers", "payee_names", "{subject} was paid by ", cap)


@detector("contact")
def talks_with_handlers(
    contact: Table,
    mention: Table,
    handler: Table,
    *,
    least_others: int = 3,
    least_named: int = 2,
    cap: float = 3.0,
) -> Table:
    """Who talks with people of the full names of those found with specimens, who post them again and again, or sell?

    As :func:`pays_handlers`, asked of calls and messages: the registers give a name to a number, and none of them joins
    that number to the passport of the one who was caught.
    """
    ends = [
        mention.filter((mention.slot == f"contact.{end}") & mention.party_id.notnull()) for end in ("from", "to")
    ]
    days = contact.select("row_id", on=contact.contacted_at.date())
    ways = [
        days.join(one.select("row_id", subject_id="party_id"), "row_id").join(
            other.filter(is_full(other.name_key)).select("row_id", "name_key", other_id="party_id"), "row_id"
        )
        for one, other in (ends, ends[::-1])
    ]
    called = _meeting_handlers(ibis.union(*ways), handler, least_others, least_named)
    return _told(called, "talks_with_handlers", "contact", "{subject} was in contact with ", cap)


def _told(called: Table, name: str, line: str, begins: str, cap: float) -> Table:
    """The claims of one of the two questions; ``begins`` is how its sentence begins."""
    return claims(
        called,
        detector=name,
        line=line,
        facet="chain",
        subject=("party", "subject_id"),
        claim=ibis.literal(begins)
        + whole(called.n_others)
        + " people, "
        + whole(called.n_named)
        + " of them under the full name of somebody who "
        + ibis.cases(*((called.way == way, told) for way, told in WAYS.items()), else_="")
        + "; chance alone would give " + called.n_expected.round(6).round(2).cast("string") + ".",
        weight=weight_of(called.q_value, cap=cap),
        test="shared_clients",
        observed="n_named",
        expected="n_expected",
    )


def _meeting_handlers(met: Table, handled: Table, least_others: int, least_named: int) -> Table:
    """Of those whom each subject meets, how many bear a handler's name, beside how many would by chance.

    ``met`` has subject_id, other_id, name_key, on, row_id. It is asked of each way of handling by itself, so that a
    common name among those who sell does not drown those who carry; the more telling is kept, and both are paid for.
    """
    apart = met.filter(met.subject_id != met.other_id.fill_null(""))
    pairs = apart.group_by("subject_id", "name_key").agg(first_on=apart["on"].min(), last_on=apart["on"].max())
    sizes = pairs.group_by("subject_id").agg(n_others=pairs.count())
    marked = pairs.join(handled, "name_key")
    n_pairs = pairs.count().as_scalar()
    share = marked.group_by("way").agg(share=marked.count().cast("float64") / n_pairs)
    summed = marked.group_by("subject_id", "way").agg(
        n_named=marked.count(), first_on=marked.first_on.min(), last_on=marked.last_on.max()
    )
    asked = sizes.filter(sizes.n_others >= least_others)
    tested = summed.filter(summed.n_named >= least_named).join(asked, "subject_id").join(share, "way")
    tested = tested.mutate(n_expected=tested.n_others * tested.share)
    tested = tested.mutate(p_value=poisson_tail(tested.n_named.cast("float64"), tested.n_expected))
    known = q_values(tested, n_tests=asked.count().as_scalar() * len(WAYS))
    ranked = known.mutate(
        rank_=ibis.row_number().over(
            ibis.window(group_by="subject_id", order_by=[known.q_value, known.p_value, known.way])
        )
    )
    named = apart.join(handled, "name_key")
    return with_rows(
        ranked.filter(ranked.rank_ == 0).drop("rank_"),
        ibis.union(
            named.select("subject_id", "way", "row_id"), named.select("subject_id", "way", row_id="handled_row")
        ),
        "subject_id",
        "way",
    )


# The ways of handling the matter, as the tables and the claims tell them.
WAYS = {
    "hands": "was found with human specimens or posted them again and again",
    "sells": "advertised fetal sex tests or sold them",
}


def handler(  # noqa: PLR0913  the tables that show who handles the matter
    mention: Table,
    sample_seizure: Table,
    parcel_ends: Table,
    matter_place: Table,
    post: Table,
    reading: Table,
    suspect_order: Table,
    *,
    least_parcels: int = 3,
    least_weeks: int = 2,
    least_orders: int = 3,
) -> Table:
    """A full name under which somebody handles the matter, and the way: with the hands, or by selling.

    The hands are found with specimens or post them again and again. Who sells advertises the test in public, or is the
    seller of ``least_orders`` orders for it. Each has a row that shows it.
    """
    caught = sample_seizure.filter(~sample_seizure.is_inbound).select("row_id")
    carriers = mention.filter((mention.slot == "seizure.carrier") & is_full(mention.name_key))
    carriers = carriers.semi_join(caught, "row_id")
    posted = parcel_ends.filter(
        parcel_ends.receiver_place.isin(matter_place.place_id)
        & is_full(parcel_ends.sender_key)
    )
    again = posted.group_by(name_key=posted.sender_key).agg(
        n=posted.count(), n_weeks=(posted.sent_on.epoch_days() // 7).nunique(), row_id=posted.row_id.min()
    )
    posters = again.filter((again.n >= least_parcels) & (again.n_weeks >= least_weeks))
    named = advertised(post, mention, reading)
    advertising = named.group_by("party_id").agg(row_id=named.row_id.min())
    sold = suspect_order.filter(suspect_order.agent_id.notnull() & suspect_order.is_explicit)
    selling = sold.group_by(party_id="agent_id").agg(n=sold.count(), row_id=sold.row_id.min())
    sellers = ibis.union(advertising, selling.filter(selling.n >= least_orders).select("party_id", "row_id"))
    names = mention.filter(is_full(mention.name_key)).select("party_id", "name_key").distinct()
    every = ibis.union(
        ibis.union(carriers.select("name_key", "row_id"), posters.select("name_key", "row_id")).mutate(
            way=ibis.literal("hands")
        ),
        sellers.join(names, "party_id").select("name_key", "row_id").mutate(way=ibis.literal("sells")),
    )
    return every.group_by("name_key", "way").agg(handled_row=every.row_id.min())
