"""What payments show by themselves: who is paid by strangers everywhere, and who pays people of which names.

Whom money leads to is asked of ties.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole
from vialtrace.detect.tails import poisson_tail, q_values, weight_of


@detector("payment")
def client_payments(payment: Table, mention: Table, *, least_payers: int = 10, cap: float = 0.7) -> Table:
    """Which payees are paid like amounts by many one-time payers?

    Against the other payees with ``least_payers`` payers: the logarithm of one-time payers times the share of payments
    within a tenth of the payee's commonest amounts, in robust standard deviations over the median (MAD). Tutors,
    landlords and shops look like this too, so it is never worth more than ``cap``.
    """
    paid = (
        payment.select("row_id", "amount", on=payment.paid_at.date())
        .join(
            mention.filter((mention.slot == "payment.payee") & mention.party_id.notnull()).select(
                "row_id", payee_id="party_id"
            ),
            "row_id",
        )
        .join(
            mention.filter((mention.slot == "payment.payer") & mention.party_id.notnull()).select(
                "row_id", payer_id="party_id"
            ),
            "row_id",
        )
    )
    middle = paid.group_by("payee_id").agg(
        middle=paid.amount.cast("float64").median(), n_payers=paid.payer_id.nunique()
    )
    busy = paid.join(middle.filter(middle.n_payers >= least_payers), "payee_id")
    near = busy.mutate(is_near=(busy.amount.cast("float64") - busy.middle).abs() <= 0.3 * busy.middle)
    payers = near.group_by("payee_id", "payer_id").agg(
        n=near.count(),
        near=near.is_near.sum(),
        rows=near.row_id.collect(),
        first_on=near["on"].min(),
        last_on=near["on"].max(),
    )
    gathered = payers.group_by("payee_id").agg(
        n_payers=payers.count(),
        n_once=(payers.n <= 2).sum(),
        n_near=payers.near.sum(),
        n_paid=payers.n.sum(),
        row_ids=payers.rows.collect().flatten().sort(),
        first_on=payers.first_on.min(),
        last_on=payers.last_on.max(),
    )
    scored = gathered.mutate(score=((gathered.n_once + 1) * (gathered.n_near / gathered.n_paid + 0.05)).ln())
    centred = scored.mutate(off=scored.score - scored.score.median().as_scalar())
    spread = centred.mutate(z=centred.off / ibis.greatest(1.4826 * centred.off.abs().median().as_scalar(), 0.1))
    odd = spread.filter((spread.z > 1.0) & (spread.n_once >= 0.5 * spread.n_payers))
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
def pays_handlers(  # noqa: PLR0913  two record kinds, two thresholds each
    payment: Table,
    mention: Table,
    sample_seizure: Table,
    parcel_ends: Table,
    matter_place: Table,
    *,
    least_payees: int = 3,
    least_named: int = 2,
    least_parcels: int = 3,
    least_weeks: int = 2,
    cap: float = 3.0,
) -> Table:
    """Who pays people of the full names of those who were found with specimens, or who post them again and again?

    One namesake is nothing. Under the null each of a payer's payees bears such a name as often as all payees of all
    payers do: a Poisson count, so that common names and names that many pay explain themselves. Every payer of
    ``least_payees`` different names is paid for.
    """
    handlers = _handlers(mention, sample_seizure, parcel_ends, matter_place, least_parcels, least_weeks)
    payers = mention.filter((mention.slot == "payment.payer") & mention.party_id.notnull()).select(
        "row_id", payer_id="party_id"
    )
    payees = mention.filter((mention.slot == "payment.payee") & _is_full(mention)).select(
        "row_id", "name_key", payee_id="party_id"
    )
    paid = payment.select("row_id", on=payment.paid_at.date()).join(payers, "row_id").join(payees, "row_id")
    paid = paid.filter(paid.payer_id != paid.payee_id.fill_null(""))
    pairs = paid.group_by("payer_id", "name_key").agg(
        rows=paid.row_id.collect(), first_on=paid["on"].min(), last_on=paid["on"].max()
    )
    marked = pairs.left_join(handlers, "name_key").select(*pairs.columns, "handled_row")
    is_handler = marked.handled_row.notnull()
    summed = marked.group_by("payer_id").agg(
        n_payees=marked.count(),
        n_named=is_handler.sum(),
        rows=marked.rows.collect(where=is_handler).flatten(),
        handled=marked.handled_row.collect(where=is_handler),
        first_on=marked.first_on.min(where=is_handler),
        last_on=marked.last_on.max(where=is_handler),
    )
    share = is_handler.cast("float64").mean().as_scalar()
    asked = summed.filter(summed.n_payees >= least_payees)
    tested = asked.mutate(n_expected=asked.n_payees * share)
    tested = tested.filter(tested.n_named >= least_named)
    tested = tested.mutate(
        p_value=poisson_tail(tested.n_named.cast("float64"), tested.n_expected),
        row_ids=tested.rows.concat(tested.handled).unique().sort(),
    )
    called = q_values(tested, n_tests=asked.count().as_scalar())
    return claims(
        called,
        detector="pays_handlers",
        line="payee_names",
        facet="chain",
        subject=("party", "payer_id"),
        claim=ibis.literal("{subject} paid ")
        + whole(called.n_payees)
        + " people, "
        + whole(called.n_named)
        + " of them under the full name of somebody who was found with human specimens or posted them again and again; "
        "chance alone would give " + called.n_expected.round(2).cast("string") + ".",
        weight=weight_of(called.q_value, cap=cap),
        test="shared_clients",
        observed="n_named",
        expected="n_expected",
    )


def _handlers(
    mention: Table, sample_seizure: Table, parcel_ends: Table, matter_place: Table, least_parcels: int, least_weeks: int
) -> Table:
    """Full names of those found with specimens, and of who posts again and again to where they go, each with a row."""
    caught = sample_seizure.filter(~sample_seizure.is_inbound).select("row_id")
    carriers = mention.filter((mention.slot == "seizure.carrier") & _is_full(mention)).semi_join(caught, "row_id")
    posted = parcel_ends.filter(
        parcel_ends.receiver_place.isin(matter_place.place_id)
        & parcel_ends.sender_key.notnull()
        & ~parcel_ends.sender_key.contains("*")
    )
    again = posted.group_by(name_key=posted.sender_key).agg(
        n=posted.count(), n_weeks=(posted.sent_on.epoch_days() // 7).nunique(), row_id=posted.row_id.min()
    )
    posters = again.filter((again.n >= least_parcels) & (again.n_weeks >= least_weeks))
    both = ibis.union(carriers.select("name_key", "row_id"), posters.select("name_key", "row_id"))
    return both.group_by("name_key").agg(handled_row=both.row_id.min())


def _is_full(mention: Table) -> ibis.expr.types.BooleanValue:
    return mention.name_key.notnull() & ~mention.name_key.contains("*")
