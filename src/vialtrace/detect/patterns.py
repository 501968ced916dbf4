"""Shapes that money takes on its way: fans, gathers, scatters, stacks and cycles, each against its own null.

Every shape has lawful twins (a landlord is a fan, a payroll a scatter, friends who lend are a cycle), so a pattern
supports what is said of proceeds and names nobody: it is a table of its own and never becomes evidence about a party.
"""

from __future__ import annotations

import math
from functools import reduce

import ibis
from ibis.expr.types import Column, IntegerScalar, StringValue, Table

from vialtrace.detect.tails import binomial_tail, poisson_tail, q_values

COLUMNS = ("pattern", "party_ids", "n_parties", "observed", "expected", "p_value", "first_on", "last_on", "row_ids")


_LIKE = ("from_id", "to_id", "on", "currency", "band")


def transfer(payment_ends: Table, *, band: float = 0.2) -> Table:
    """What one party paid another on one day in like amounts: payments within one ``band`` of the log scale count once.

    Without that, five instalments from hand to hand would be five times as many ways through every chain at each step.
    """
    is_paid = (payment_ends.amount > 0) & payment_ends.paid_on.notnull()
    between = payment_ends.filter(is_paid & (payment_ends.payer_id != payment_ends.payee_id)).select(
        "row_id",
        from_id="payer_id",
        to_id="payee_id",
        on="paid_on",
        amount=payment_ends.amount.cast("float64"),
        currency=payment_ends.currency.fill_null(""),
    )
    between = between.mutate(band=(between.amount.ln() / math.log1p(band)).floor().cast("int64"))
    once = between.group_by(*_LIKE).agg(
        transfer_id=between.row_id.min(),
        n=between.count(),
        amount=between.amount.sum() / between.count().cast("float64"),
    )
    # Most payments stand alone: only those that do not are listed.
    several = between.join(once.filter(once.n > 1).select(*_LIKE, "transfer_id"), _LIKE)
    listed = several.group_by("transfer_id").agg(row_ids=several.row_id.collect().sort())
    told = once.left_join(listed, "transfer_id").drop("transfer_id_right")
    return told.select(
        *_LIKE, "transfer_id", "amount", row_ids=told.row_ids.fill_null(ibis.array([told.transfer_id]))
    )


def pass_on(
    transfer: Table, *, within_days: int = 14, least_share: float = 0.8, most_share: float = 1.02, most: int = 200
) -> Table:
    """A transfer that goes on from its payee: out within ``within_days`` of coming in, nearly whole.

    A payee with over ``most`` transfers in or out is left out: through a platform or a shop everything passes, the
    pairs grow with the square, and which of them belong together no amount tells.
    """
    pairs = _in_and_out(transfer, most)
    gap, share = pairs.out_on.delta(pairs.in_on, unit="day"), pairs.out_amount / pairs.in_amount
    is_passed = (gap >= 0) & (gap <= within_days) & (share >= least_share) & (share <= most_share)
    return pairs.filter(is_passed).drop("in_amount", "out_amount", "currency")


def same_amount(transfer: Table, *, within_days: int = 120, tolerance: float = 0.02, most: int = 200) -> Table:
    """A transfer in and a transfer out of one party that are the same amount but for ``tolerance``, in either order.

    Who sends money round in a circle may pay before being paid. ``most`` as in ``pass_on``.
    """
    pairs = _in_and_out(transfer, most)
    gap, share = pairs.out_on.delta(pairs.in_on, unit="day"), pairs.out_amount / pairs.in_amount
    is_same = (gap.abs() <= within_days) & ((share - 1).abs() <= tolerance)
    return pairs.filter(is_same).drop("in_amount", "out_amount", "currency")


def _in_and_out(transfer: Table, most: int) -> Table:
    """Every pair of a transfer in and a transfer out of one party with at most ``most`` of each."""
    out = transfer.group_by(party_id=transfer.from_id).agg(n_out=transfer.count())
    into = transfer.group_by(party_id=transfer.to_id).agg(n_in=transfer.count())
    small = out.join(into, "party_id").filter((ibis._.n_out <= most) & (ibis._.n_in <= most)).select("party_id")
    came = transfer.semi_join(small, [("to_id", "party_id")]).select(
        "currency",
        party_id="to_id",
        payer_id="from_id",
        in_id="transfer_id",
        in_on="on",
        in_amount="amount",
    )
    went = transfer.select(
        "currency", party_id="from_id", payee_id="to_id", out_id="transfer_id", out_on="on", out_amount="amount"
    )
    return came.join(went, ["party_id", "currency"])


def money_pattern(
    transfer: Table, pass_on: Table, same_amount: Table, *, most_p: float = 0.001, most_hops: int = 6
) -> Table:
    """Shapes of transfers that are rarer by chance than ``most_p``: their parties, test and rows.

    Cycles of three to ``most_hops`` parties are looked for. The rate of false discovery is over everything tested.
    """
    chains = _chains(pass_on, most_hops)
    (fans, n_fans), (bursts, n_bursts) = _fan(transfer), _burst(transfer)
    found = [
        fans,
        bursts,
        _through(transfer, pass_on),
        _parallel(transfer, chains[1], "scatter_gather", layers=("m1",), least=3),
        *([_parallel(transfer, chains[2], "stack", layers=("m1", "m2"), least=2)] if most_hops >= 3 else []),
        *[_cycle(transfer, chain) for chain in _chains(same_amount, most_hops)[2:]],
    ]
    tested = reduce(ibis.union, [each.select("n_tests", "key", *COLUMNS) for each in found])
    ranked = q_values(tested, n_tests=tested.n_tests.sum().as_scalar() + n_fans + n_bursts)
    kept = _listed(ranked.filter(ranked.p_value <= most_p), transfer)
    identity = kept.party_ids.join("|") + "|" + kept.pattern
    once = kept.mutate(pattern_id=ibis.literal("M") + identity.hexdigest("md5").substr(0, 15))
    first = ibis.row_number().over(
        group_by=once.pattern_id, order_by=[once.p_value, once.first_on, once.row_ids.length(), once.row_ids]
    )
    best = once.mutate(place=first).filter(ibis._.place == 0)
    rows = best.mutate(transfer_id=best.row_ids.unnest()).select("pattern_id", "transfer_id")
    whole = rows.join(transfer.select("transfer_id", rows="row_ids"), "transfer_id")
    gathered = whole.group_by("pattern_id").agg(row_ids=whole.rows.collect().flatten().unique().sort())
    return (
        best.drop("row_ids")
        .join(gathered, "pattern_id")
        .select(
            "pattern_id",
            "pattern",
            "party_ids",
            n_parties=ibis._.n_parties.cast("int64"),
            n_observed=ibis._.observed.cast("float64"),
            n_expected=ibis._.expected.round(9),
            p_value="p_value",
            q_value="q_value",
            first_on="first_on",
            last_on="last_on",
            row_ids="row_ids",
        )
    )


def _fan(transfer: Table, *, least: int = 3) -> tuple[Table, IntegerScalar]:
    """Many pay one party like amounts: more of them than the population's amounts would bring.

    Null: each payer's amounts fall into a band as often as those of all pairs do. Binomial upper tail.
    """
    pairs = transfer.group_by("currency", "band", "to_id", "from_id").agg(
        first_on=transfer["on"].min(), last_on=transfer["on"].max()
    )
    of_all = transfer.select("currency", "from_id", "to_id").distinct()
    n_pairs = of_all.group_by("currency").agg(n_pairs=of_all.count())
    share = pairs.group_by("currency", "band").agg(n_band=pairs.count()).join(n_pairs, "currency")
    degree = of_all.group_by("currency", "to_id").agg(n_others=of_all.count()).filter(ibis._.n_others >= least)
    cells = pairs.group_by("currency", "band", "to_id").agg(
        observed=pairs.count(), first_on=pairs.first_on.min(), last_on=pairs.last_on.max()
    )
    asked = cells.join(degree, ["currency", "to_id"])
    shaped = asked.filter(asked.observed >= least).join(share, ["currency", "band"])
    chance = shaped.n_band / shaped.n_pairs
    judged = shaped.mutate(
        pattern=ibis.literal("fan_in"),
        expected=shaped.n_others * chance,
        p_value=binomial_tail(shaped.observed.cast("float64"), shaped.n_others.cast("float64"), chance),
        key=_fan_key(shaped),
    )
    return _to_be_listed(judged), asked.count().as_scalar()


def _fan_key(cells: Table) -> StringValue:
    return ibis.literal("|").join([cells.currency, cells.band.cast("string"), cells.to_id])


def _burst(transfer: Table, *, least: int = 3) -> tuple[Table, IntegerScalar]:
    """One party pays many others within one week: more of all it ever pays than the population's weeks would bring.

    A payer's amounts are its habit (wages, refunds), so a fan outward is told by time and not by amount. Null: each of
    the payer's payees falls into a week as often as all transfers do. Binomial upper tail.
    """
    placed = _in_weeks(transfer)
    share = placed.group_by("week").agg(n_week=placed.count())
    pairs = placed.group_by("from_id", "to_id", "week").agg(first_on=placed["on"].min(), last_on=placed["on"].max())
    total = pairs.group_by("from_id").agg(n_others=pairs.count()).filter(ibis._.n_others >= least)
    cells = pairs.group_by("from_id", "week").agg(
        observed=pairs.count(), first_on=pairs.first_on.min(), last_on=pairs.last_on.max()
    )
    asked = cells.join(total, "from_id")
    shaped = asked.filter(asked.observed >= least).join(share, "week")
    shaped = shaped.mutate(chance=shaped.n_week / transfer.count().as_scalar())
    judged = shaped.mutate(
        pattern=ibis.literal("fan_out"),
        expected=shaped.n_others * shaped.chance,
        p_value=binomial_tail(shaped.observed.cast("float64"), shaped.n_others.cast("float64"), shaped.chance),
        key=_burst_key(shaped),
    )
    return _to_be_listed(judged), asked.count().as_scalar()


def _in_weeks(transfer: Table, *, window_days: int = 7) -> Table:
    start = transfer["on"].min().as_scalar()
    return transfer.mutate(week=(transfer["on"].delta(start, unit="day") // window_days).cast("int64"))


def _burst_key(cells: Table) -> StringValue:
    return ibis.literal("|").join([cells.week.cast("string"), cells.from_id])


def _to_be_listed(judged: Table) -> Table:
    """Fans without their parties and rows, which are listed for those that are kept.

    A cell with fewer parties than a fan has was asked about and can be none: it is counted among the tests and has no
    row here. On a test whose p is one no other test's rate of false discovery depends.
    """
    return judged.select(
        "key",
        "pattern",
        party_ids=ibis.null("array<string>"),
        n_parties=ibis.null("int64"),
        observed=judged.observed.cast("int64"),
        expected=judged.expected.cast("float64"),
        p_value="p_value",
        first_on="first_on",
        last_on="last_on",
        row_ids=ibis.null("array<int64>"),
        n_tests=ibis.literal(0, "int64"),
    )


def _listed(kept: Table, transfer: Table) -> Table:
    """What was kept, each fan with its parties and transfers."""
    weeks = _in_weeks(transfer)
    into = transfer.mutate(key=_fan_key(transfer), pattern=ibis.literal("fan_in"), centre="to_id", other="from_id")
    out = weeks.mutate(key=_burst_key(weeks), pattern=ibis.literal("fan_out"), centre="from_id", other="to_id")
    columns = ("pattern", "key", "centre", "other", "transfer_id")
    members = ibis.union(*(each.semi_join(kept, ["pattern", "key"]).select(*columns) for each in (into, out)))
    gathered = members.group_by("pattern", "key").agg(
        ends=members.other.collect().concat(members.centre.collect()).unique().sort(),
        ids=members.transfer_id.collect().sort(),
    )
    told = kept.left_join(gathered, ["pattern", "key"]).drop("pattern_right", "key_right")
    parties = told.party_ids.fill_null(told.ends)
    return told.mutate(
        party_ids=parties, n_parties=parties.length().cast("int64"), row_ids=told.row_ids.fill_null(told.ids)
    ).drop("ends", "ids", "key")


def _through(transfer: Table, pass_on: Table, *, least: int = 3) -> Table:
    """Gather and scatter: one party takes from several and soon passes like amounts on to several.

    Null: a party's payments in and out match in day and amount as often as those of all parties do. Poisson tail.
    """
    out = transfer.group_by(party_id=transfer.from_id).agg(n_out=transfer.count())
    into = transfer.group_by(party_id=transfer.to_id).agg(n_in=transfer.count())
    both = out.join(into, "party_id").mutate(ways=lambda t: (t.n_out * t.n_in).cast("float64"))
    passed = pass_on.group_by("party_id").agg(
        observed=pass_on.count(),
        payers=pass_on.payer_id.nunique(),
        payees=pass_on.payee_id.nunique(),
        ends=pass_on.payer_id.collect().concat(pass_on.payee_id.collect()),
        first_on=pass_on.in_on.min(),
        last_on=pass_on.out_on.max(),
        row_ids=pass_on.in_id.collect().concat(pass_on.out_id.collect()).unique().sort(),
    )
    reached = passed.join(both, "party_id")
    rate = reached.observed.sum().as_scalar() / reached.ways.sum().as_scalar()
    shaped = reached.mutate(
        pattern=ibis.literal("gather_scatter"),
        expected=reached.ways * rate,
        party_ids=ibis.array([reached.party_id]).concat(reached.ends).unique().sort(),
        n_tests=ibis.literal(1, "int64"),
    )
    tail = poisson_tail(shaped.observed.cast("float64"), shaped.expected)
    is_shape = (shaped.payers >= least) & (shaped.payees >= least)
    return _formed(shaped.mutate(p_value=ibis.ifelse(is_shape, tail, 1.0)))


def _chains(pass_on: Table, most_hops: int) -> list[Table]:
    """Chains of transfers passed on: the n-th table has n parties between the first payer and the last payee."""
    chain = pass_on.select(
        start_id="payer_id",
        m1="party_id",
        end_id="payee_id",
        first_on=ibis.least(pass_on.in_on, pass_on.out_on),
        last_on=ibis.greatest(pass_on.in_on, pass_on.out_on),
        out_id="out_id",
        ids=ibis.array([pass_on.in_id, pass_on.out_id]),
        nodes=ibis.array([pass_on.payer_id, pass_on.party_id]),
    )
    chains = [chain.head(0), chain]
    for hops in range(2, most_hops):
        # A chain that has come back to a party of its own is closed: it goes no further.
        open_ = chain.filter(~chain.nodes.contains(chain.end_id))
        on = pass_on.select(in_id="in_id", new_out="out_id", new_end="payee_id", new_on="out_on", middle="party_id")
        longer = open_.join(on, [("out_id", "in_id")])
        chain = longer.select(
            "start_id",
            *[f"m{number}" for number in range(1, hops)],
            **{f"m{hops}": longer.middle},
            end_id=longer.new_end,
            first_on=ibis.least(longer.first_on, longer.new_on),
            last_on=ibis.greatest(longer.last_on, longer.new_on),
            out_id=longer.new_out,
            ids=longer.ids.concat(ibis.array([longer.new_out])),
            nodes=longer.nodes.concat(ibis.array([longer.middle])),
        )
        chains.append(chain)
    return chains


def _parallel(transfer: Table, chain: Table, pattern: str, *, layers: tuple[str, ...], least: int) -> Table:
    """What one party pays reaches one other by several ways at once, ``least`` and more in each layer.

    Null: where a payer's chains end is as likely to be any party as its share of all transfers in. Poisson tail on the
    narrowest layer.
    """
    ways = chain.filter(chain.start_id != chain.end_id)
    per_start = ways.group_by("start_id").agg(**{f"s_{layer}": ways[layer].nunique() for layer in layers})
    per_end = transfer.group_by(end_id=transfer.to_id).agg(n_end=transfer.count())
    total = transfer.count().as_scalar()
    pairs = ways.group_by("start_id", "end_id").agg(
        **{f"n_{layer}": ways[layer].nunique() for layer in layers},
        through=ways.nodes.collect().flatten(),
        first_on=ways.first_on.min(),
        last_on=ways.last_on.max(),
        row_ids=ways.ids.collect().flatten().unique().sort(),
    )
    asked = pairs.join(per_start, "start_id").join(per_end, "end_id")
    observed = ibis.least(*[asked[f"n_{layer}"] for layer in layers])
    shaped = asked.mutate(
        pattern=ibis.literal(pattern),
        observed=observed,
        expected=ibis.greatest(*[asked[f"s_{layer}"] for layer in layers]) * asked.n_end / total,
        party_ids=asked.through.concat(ibis.array([asked.start_id, asked.end_id])).unique().sort(),
        n_tests=ibis.literal(1, "int64"),
    )
    tail = poisson_tail(shaped.observed.cast("float64"), shaped.expected)
    return _formed(shaped.mutate(p_value=ibis.ifelse(shaped.observed >= least, tail, 1.0)))


def _cycle(transfer: Table, chain: Table) -> Table:
    """One amount goes round: from a party through others and back, in whatever order the books show the legs.

    Null: where the chains from one party end is as likely to be that party as its share of all transfers in.
    """
    into = transfer.group_by(start_id=transfer.to_id).agg(n_in=transfer.count())
    total = transfer.count().as_scalar()
    tried = chain.group_by("start_id").agg(n_chains=chain.count())
    back = chain.filter(chain.start_id == chain.end_id)
    asked = back.join(tried, "start_id").join(into, "start_id")
    shaped = asked.mutate(
        pattern=ibis.literal("cycle"),
        observed=ibis.literal(1, "int64"),
        expected=asked.n_chains * asked.n_in / total,
        party_ids=asked.nodes.unique().sort(),
        row_ids=asked.ids,
        # Every party that starts a chain was asked; those whose money did not come back have no row here.
        n_tests=(tried.count().as_scalar() / ibis.greatest(back.count().as_scalar(), 1)).ceil().cast("int64"),
    )
    return _formed(shaped.mutate(p_value=poisson_tail(shaped.observed.cast("float64"), shaped.expected)))


def _formed(judged: Table) -> Table:
    made: dict[str, Column] = {
        "n_parties": judged.party_ids.length().cast("int64"),
        "observed": judged.observed.cast("int64"),
        "expected": judged.expected.cast("float64"),
    }
    return judged.mutate(key=ibis.null("string"), **made).select("n_tests", "key", *COLUMNS)
