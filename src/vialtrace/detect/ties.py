"""The circle around what was found: who exchanges money, parcels or calls with it, counted for the graph."""

from __future__ import annotations

from functools import reduce

import ibis
from ibis.expr.types import Table

from vialtrace.detect.travellers import frequencies
from vialtrace.kit.names import is_full


def core(claim: Table, suspect_order: Table) -> Table:
    """A party that handles the matter, deals with those who do, or is linked to one by a test; no client of orders."""
    matter = claim.filter((claim.facet == "matter") & (claim.weight >= 1.0))
    meeting = claim.detector.isin(["pays_handlers", "paid_by_handlers", "talks_with_handlers"])
    paying = claim.filter(meeting & (claim.weight >= 1.0))
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


def _exchange(payment_ends: Table) -> Table:
    both = payment_ends.select("amount", from_id="payer_id", to_id="payee_id", on="paid_on")
    both = both.filter(both.from_id != both.to_id)
    return both.group_by("from_id", "to_id").agg(
        n=both.count(), amount=both.amount.sum(), first_on=both["on"].min(), last_on=both["on"].max()
    )


def money_tie(payment_ends: Table) -> Table:
    """All one party paid another, with how many each of them deals with and how much passes through each."""
    pairs = _exchange(payment_ends)
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


def dealer(
    core: Table,
    money_tie: Table,
    talk_tie: Table,
    parcel_tie: Table,
    suspect_order: Table,
    *,
    most_payments: int = 3,
    most_dealing: int = 50,
) -> Table:
    """Who called the core, was called by it or posted to it, and is none of its clients as far as the records tell.

    A client is named in an order, or pays the core ``most_payments`` times at most and is never paid by it. Who deals
    with more than ``most_dealing`` parties of the core is a platform or a switchboard. ``way`` is how it deals with it:
    a name is looked for among those who deal with the core one way.
    """
    inside = core.select(node_id="node_id")
    dealt = reduce(
        Table.union,
        (
            met.select(node_id=near, other=far, way=ibis.literal(way))
            for way, met, near, far in (
                ("contact", talk_tie.semi_join(inside, [("to_id", "node_id")]), "from_id", "to_id"),
                ("contact", talk_tie.semi_join(inside, [("from_id", "node_id")]), "to_id", "from_id"),
                ("parcel", parcel_tie.semi_join(inside, [("to_id", "node_id")]), "from_id", "to_id"),
                ("payment", money_tie.semi_join(inside, [("from_id", "node_id")]), "to_id", "from_id"),
            )
        ),
    )
    counted = dealt.group_by("node_id").agg(n=dealt.other.nunique())
    few = dealt.select("node_id", "way").distinct().semi_join(counted.filter(counted.n <= most_dealing), "node_id")
    paying = money_tie.semi_join(inside, [("to_id", "node_id")])
    paid = money_tie.semi_join(inside, [("from_id", "node_id")]).select(node_id="to_id").distinct()
    sums = paying.group_by(node_id="from_id").agg(n_paid=paying.n.sum())
    buying = sums.filter(sums.n_paid <= most_payments).anti_join(paid, "node_id")
    clients = suspect_order.filter(suspect_order.client_id.notnull()).select(node_id="client_id")
    return few.anti_join(buying, "node_id").anti_join(clients, "node_id").select("node_id", "way")


def bearer(mention: Table, party: Table) -> Table:
    """A person, or who may be one, under one full name: a step of its own, since it is asked again and again."""
    named = mention.filter(mention.party_id.notnull() & is_full(mention.name_key))
    people = party.filter(party.kind != "organisation").select("party_id")
    return named.select("party_id", "name_key").distinct().semi_join(people, "party_id")


def kin(core: Table, bearer: Table, claim: Table, *, most_bearers: int = 6) -> Table:
    """A party that may be one of the core: under its full name, which few others bear or a test says is of one person.

    What such a party deals with is asked about, so that it is there to be counted where the two are found to be one.
    """
    own = bearer.join(core, [("party_id", "node_id")]).select("name_key").distinct()
    n_bearers = bearer.semi_join(own, "name_key").group_by("name_key").agg(n=lambda t: t.party_id.nunique())
    few = bearer.semi_join(n_bearers.filter(n_bearers.n <= most_bearers), "name_key")
    said = claim.filter(claim.relation == "same_person")
    told = ibis.union(
        said.semi_join(core, [("subject_id", "node_id")]).select(node_id="object_id"),
        said.semi_join(core, [("object_id", "node_id")]).select(node_id="subject_id"),
    )
    return ibis.union(few.select(node_id="party_id"), told, distinct=True).anti_join(core, "node_id")


def namesake(  # noqa: PLR0913  one parameter a table
    core: Table,
    circle: Table,
    dealer: Table,
    bearer: Table,
    claim: Table,
    claim_row: Table,
    handler: Table,
    mention: Table,
    *,
    most_chance: float = 0.02,
    least_named: int = 3,
) -> Table:
    """A party near the core and another that deals with it, of one full name that nobody else of either bears.

    The registers do not join the account that is paid with the telephone that calls. ``chance`` is how many of all who
    deal with the core in the other's way would bear the name if they had nothing to do with the first: a name is as
    frequent as its surname times its given name. Where one party deals with people of the names of ``least_named``
    handlers of the matter, and chance would give hardly any of these names, each is that handler: ``n_named`` is how
    many were met together, and ``chance`` how many of them chance would give.
    """
    near = ibis.union(core.select(party_id="node_id"), circle.select(party_id="node_id"), distinct=True)
    ones = bearer.semi_join(near, "party_id")
    others = bearer.join(dealer, [("party_id", "node_id")]).select("party_id", "name_key", "way")
    both = ibis.union(ones, others.select("party_id", "name_key"), distinct=True)
    pairs = both.group_by("name_key").agg(n=both.party_id.nunique())
    alone = pairs.filter((pairs.n == 2) & (pairs.name_key.length() >= 2)).select("name_key")
    met = (
        ones.semi_join(alone, "name_key")
        .join(others.select("name_key", "way", other_id="party_id"), "name_key")
        .filter(lambda t: t.party_id != t.other_id)
    )
    sizes = others.group_by("way").agg(n_dealers=others.party_id.nunique())
    told = met.join(frequencies(bearer), "name_key").join(sizes, "way")
    told = told.mutate(chance=told.share * told.n_dealers)
    rare = told.filter(told.chance <= most_chance)
    # Two names of one pair tell once, and two ways: the rarer.
    dealing = rare.group_by("party_id", "other_id").agg(
        n_dealers=rare.n_dealers.argmin(rare.chance), chance=rare.chance.min().round(6)
    )
    met_together = _met_together(claim, claim_row, handler, mention, most_chance, least_named)
    return ibis.union(
        dealing.anti_join(met_together, ["party_id", "other_id"]).select(
            "party_id", "other_id", "n_dealers", "chance", n_named=ibis.null("int64")
        ),
        met_together.select("party_id", "other_id", "chance", "n_named", n_dealers=ibis.null("int64")).select(
            "party_id", "other_id", "n_dealers", "chance", "n_named"
        ),
    ).select("party_id", "other_id", "n_dealers", "n_named", "chance")


def _met_together(
    claim: Table, claim_row: Table, handler: Table, mention: Table, most_chance: float, least_named: int
) -> Table:
    """Handlers of the matter, and those of their names whom a party deals with that meets several such names."""
    told = claim.filter(
        claim.detector.isin(["pays_handlers", "paid_by_handlers", "talks_with_handlers"])
        & (claim.n_observed >= least_named)
        & (claim.n_expected <= claim.n_observed * most_chance)
    ).select("evidence_id", "subject_id", "n_observed", "n_expected")
    rows = told.join(claim_row, "evidence_id")
    # The rows of these claims show both who handles the matter and who was met under the name.
    named = mention.semi_join(rows, "row_id").filter(lambda t: t.party_id.notnull() & is_full(t.name_key))
    handled = named.join(handler, [("row_id", "handled_row"), "name_key"]).select(
        "name_key", "party_id", handled_row="row_id"
    )
    apart_rows = rows.anti_join(handled, [("row_id", "handled_row")])
    met = apart_rows.join(named.select("row_id", "name_key", other_id="party_id"), "row_id")
    met = met.filter(met.other_id != met.subject_id).drop("row_id").distinct()
    pairs = met.join(handled.drop("handled_row").distinct(), "name_key")
    # Of two accounts of one name that a party pays, nobody knows which is the handler's.
    alone = (
        pairs.group_by("evidence_id", "name_key")
        .agg(n_others=pairs.other_id.nunique(), n_parties=pairs.party_id.nunique())
        .filter(lambda t: (t.n_others == 1) & (t.n_parties == 1))
    )
    apart = pairs.semi_join(alone, ["evidence_id", "name_key"]).filter(lambda t: t.party_id != t.other_id)
    return apart.group_by("party_id", "other_id").agg(
        n_named=apart.n_observed.max().cast("int64"), chance=apart.n_expected.min().round(6)
    )


def circle(  # noqa: PLR0913  every bound of what is in reach
    core: Table,
    kin: Table,
    money_tie: Table,
    talk_tie: Table,
    suspect_order: Table,
    *,
    most_payers: int = 3000,
    least_share: float = 0.05,
    few_payees: int = 200,
    least_talks: int = 3,
    most_collecting: int = 300,
    least_payers: int = 3,
    least_passed: float = 0.3,
) -> Table:
    """A party in reach of the core or its kin: by two payments that matter to an end, or by calls with several.

    A step is taken where a core party's payee received at least ``least_share`` of all it paid, or was paid three times
    or more, or twice by one who pays at most ``few_payees``; and where a payer of a core party is itself of the core.
    Whoever is paid by ``least_payers`` and pays ``least_passed`` of all it pays out to a party reached so, of at most
    ``most_collecting`` payers, collects for it and is reached as well. A payee with over ``most_payers`` payers is a
    platform or a utility. Calls count from ``least_talks`` of the core: a client talks to one or two.
    """
    first = core.select("node_id").mutate(step=ibis.literal(0))
    asked = core.select("node_id").union(kin.select("node_id"))

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

    second = reached(asked, 1)
    third = reached(second, 2)
    known = ibis.union(asked, second.select("node_id"), distinct=True)
    inward = money_tie.semi_join(known, [("to_id", "node_id")])
    payers = money_tie.group_by(payee="to_id").agg(n_payers=money_tie.count())
    passing = inward.filter(
        (inward.n_payers_of_to <= most_collecting) & (inward.amount >= inward.paid_by_from * least_passed)
    ).join(payers.filter(payers.n_payers >= least_payers), [("from_id", "payee")])
    collecting = passing.select(node_id="from_id").distinct().mutate(step=ibis.literal(2))
    clients = suspect_order.filter(suspect_order.client_id.notnull()).select(node_id="client_id").distinct()
    spoken = ibis.union(
        talk_tie.select(node_id="from_id", other="to_id", n="n"),
        talk_tie.select(node_id="to_id", other="from_id", n="n"),
    )
    heard = (
        spoken.filter(spoken.n >= 2)
        .semi_join(asked, [("other", "node_id")])
        .group_by("node_id")
        .agg(n=lambda t: t.other.nunique())
    )
    talking = (
        heard.filter(heard.n >= least_talks)
        .select("node_id")
        .anti_join(clients, "node_id")
        .mutate(step=ibis.literal(1))
    )
    every = ibis.union(first, second, third, collecting, talking)
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


def parcel_tie(parcel_ends: Table) -> Table:
    """All parcels from one party to one place, with how many places the one posts to and how many post there."""
    sent = parcel_ends.filter(parcel_ends.sender_id.notnull() & parcel_ends.receiver_place.notnull())
    own = sent.filter((sent.receiver_id != sent.sender_id).fill_null(True))  # noqa: FBT003
    pairs = own.group_by(from_id="sender_id", to_id="receiver_place").agg(
        n=own.count(), first_on=own.sent_on.min(), last_on=own.sent_on.max()
    )
    posting = pairs.group_by("from_id").agg(n_out=pairs.count())
    taking = pairs.group_by("to_id").agg(n_in=pairs.count())
    return (
        pairs.join(posting, "from_id")
        .join(taking, "to_id")
        .select("from_id", "to_id", "n", "first_on", "last_on", "n_out", "n_in")
    )


def tie(
    core: Table, kin: Table, circle: Table, namesake: Table, money_tie: Table, talk_tie: Table, parcel_tie: Table
) -> Table:
    """All exchanges between two parties of the circle, by money or by calls, and what they post to places of the core.

    Each comes with its ends' numbers of counterparties. A party of the circle with clients outside it keeps their
    number in its counts, never their names here.
    """
    inside = ibis.union(
        circle.select("node_id"), namesake.select(node_id="other_id"), kin.select("node_id"), distinct=True
    )
    money = money_tie.semi_join(inside, [("from_id", "node_id")]).semi_join(inside, [("to_id", "node_id")])
    payers = money_tie.group_by("to_id").agg(n_payers=money_tie.count())
    money = money.left_join(payers.select(payee_id="to_id", n_payers="n_payers"), [("from_id", "payee_id")])
    spoken = talk_tie.semi_join(inside, [("from_id", "node_id")]).semi_join(inside, [("to_id", "node_id")])
    posted = parcel_tie.semi_join(inside, [("from_id", "node_id")]).semi_join(core, [("to_id", "node_id")])
    nothing, nobody = ibis.null(money.amount.type()), ibis.null("int64")
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
            n_payers=money.n_payers.fill_null(0),
        ),
        *(
            each.select(
                line=ibis.literal(line),
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
                n_payers=nobody,
            )
            for line, each in (("contact", spoken), ("parcel", posted))
        ),
    )
