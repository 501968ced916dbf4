"""The circle around what was found: who exchanges money, parcels or calls with it, counted for the graph."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table


def core(claim: Table, suspect_order: Table) -> Table:
    """A party that handles the matter, pays those who do, or is linked to one by a test; never a client of orders."""
    matter = claim.filter((claim.facet == "matter") & (claim.weight >= 1.0))
    paying = claim.filter((claim.detector == "pays_handlers") & (claim.weight >= 1.0))
    handled = ibis.union(matter.select(node="subject_id"), paying.select(node="subject_id"), distinct=True)
    links = claim.filter((claim.facet == "chain") & claim.object_id.notnull() & (claim.weight >= 1.0))
    ends = ibis.union(
        links.select(node="subject_id", other="object_id", kind="object_kind"),
        links.select(node="object_id", other="subject_id", kind="subject_kind"),
    )
    linked = ends.semi_join(handled, "node").select(node="other").distinct()
    twice = ends.semi_join(linked, "node").select(node="other").distinct()
    clients = suspect_order.filter(suspect_order.client_id.notnull()).select(node="client_id").distinct()
    return ibis.union(
        handled, ibis.union(linked, twice, distinct=True).anti_join(clients, "node"), distinct=True
    ).select(node_id="node")


def _exchange(payment: Table, mention: Table) -> Table:
    payers = mention.filter((mention.slot == "payment.payer") & mention.party_id.notnull()).select(
        "row_id", from_id="party_id"
    )
    payees = mention.filter((mention.slot == "payment.payee") & mention.party_id.notnull()).select(
        "row_id", to_id="party_id"
    )
    both = payment.select("row_id", "amount", on=payment.paid_at.date()).join(payers, "row_id").join(payees, "row_id")
    both = both.filter(both.from_id != both.to_id)
    return both.group_by("from_id", "to_id").agg(
        n=both.count(), amount=both.amount.sum(), first_on=both["on"].min(), last_on=both["on"].max()
    )


def money_tie(payment: Table, mention: Table) -> Table:
    """All one party paid another, with how many each of them deals with and how much passes through each."""
    pairs = _exchange(payment, mention)
    paying = pairs.group_by("from_id").agg(n_payees_of_from=pairs.count(), paid_by_from=pairs.amount.sum())
    paid = pairs.group_by("to_id").agg(n_payers_of_to=pairs.count(), received_by_to=pairs.amount.sum())
    return (
        pairs.join(paying, "from_id")
        .join(paid, "to_id")
        .select(
            "from_id",
            "to_id",
            "n",
            "amount",
            "first_on",
            "last_on",
            "n_payees_of_from",
            "paid_by_from",
            "n_payers_of_to",
            "received_by_to",
        )
    )


def circle(
    core: Table,
    money_tie: Table,
    talk_tie: Table,
    suspect_order: Table,
    *,
    most_payers: int = 3000,
    least_share: float = 0.05,
    few_payees: int = 200,
    least_talks: int = 3,
) -> Table:
    """A party in reach of the core: by two payments that matter to one of their ends, or by calls with several.

    A step is taken where a core party's payee received at least ``least_share`` of all it paid, or was paid three times
    or more, or twice by one who pays at most ``few_payees``; and where a payer of a core party is itself of the core. A
    payee with over ``most_payers`` payers is a platform or a utility. Calls count from ``least_talks`` of the core: a
    client talks to one or two.
    """
    first = core.select("node_id").mutate(step=ibis.literal(0))

    def reached(inner: Table, step: int) -> Table:
        outward = money_tie.semi_join(inner, [("from_id", "node_id")])
        kept = outward.filter(
            (outward.n_payers_of_to <= most_payers)
            & (
                (outward.amount >= outward.paid_by_from * least_share)
                | (outward.n >= 3)
                | ((outward.n >= 2) & (outward.n_payees_of_from <= few_payees))
            )
        )
        return kept.select(node_id="to_id").distinct().mutate(step=ibis.literal(step))

    second = reached(first, 1)
    third = reached(second, 2)
    clients = suspect_order.filter(suspect_order.client_id.notnull()).select(node_id="client_id").distinct()
    spoken = ibis.union(
        talk_tie.select(node_id="from_id", other="to_id", n="n"),
        talk_tie.select(node_id="to_id", other="from_id", n="n"),
    )
    heard = (
        spoken.filter(spoken.n >= 2)
        .semi_join(core, [("other", "node_id")])
        .group_by("node_id")
        .agg(n=lambda t: t.other.nunique())
    )
    talking = (
        heard.filter(heard.n >= least_talks)
        .select("node_id")
        .anti_join(clients, "node_id")
        .mutate(step=ibis.literal(1))
    )
    every = ibis.union(first, second, third, talking)
    return every.group_by("node_id").agg(step=every.step.min().cast("int64"))


def talk_tie(contact: Table, mention: Table) -> Table:
    """All calls and messages from one party to another, with how many each of them deals with."""
    callers = mention.filter((mention.slot == "contact.from") & mention.party_id.notnull()).select(
        "row_id", from_id="party_id"
    )
    callees = mention.filter((mention.slot == "contact.to") & mention.party_id.notnull()).select(
        "row_id", to_id="party_id"
    )
    calls = contact.select("row_id", on=contact.contacted_at.date()).join(callers, "row_id").join(callees, "row_id")
    calls = calls.filter(calls.from_id != calls.to_id)
    talk = calls.group_by("from_id", "to_id").agg(
        n=calls.count(), first_on=calls["on"].min(), last_on=calls["on"].max()
    )
    called = talk.group_by("from_id").agg(n_out=talk.count())
    answered = talk.group_by("to_id").agg(n_in=talk.count())
    return (
        talk.join(called, "from_id")
        .join(answered, "to_id")
        .select("from_id", "to_id", "n", "first_on", "last_on", "n_out", "n_in")
    )


def tie(circle: Table, money_tie: Table, talk_tie: Table) -> Table:
    """All exchanges between two parties of the circle, by money or by calls, with each one's number of counterparties.

    A party of the circle with clients outside it keeps their number in its counts, never their names here.
    """
    inside = circle.select("node_id")
    money = money_tie.semi_join(inside, [("from_id", "node_id")]).semi_join(inside, [("to_id", "node_id")])
    spoken = talk_tie.semi_join(inside, [("from_id", "node_id")]).semi_join(inside, [("to_id", "node_id")])
    nothing = ibis.null().cast("decimal(20, 4)")
    return ibis.union(
        money.select(
            line=ibis.literal("payment"),
            from_id="from_id",
            to_id="to_id",
            n="n",
            amount="amount",
            first_on="first_on",
            last_on="last_on",
            n_out="n_payees_of_from",
            paid_out="paid_by_from",
            n_in="n_payers_of_to",
            paid_in="received_by_to",
        ),
        spoken.select(
            line=ibis.literal("contact"),
            from_id="from_id",
            to_id="to_id",
            n="n",
            amount=nothing,
            first_on="first_on",
            last_on="last_on",
            n_out="n_out",
            paid_out=nothing,
            n_in="n_in",
            paid_in=nothing,
        ),
    )
