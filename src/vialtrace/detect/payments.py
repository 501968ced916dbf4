"""What payments show by themselves: who is paid by strangers everywhere. Whom money leads to is asked of ties."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole


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
