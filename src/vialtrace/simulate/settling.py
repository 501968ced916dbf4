"""Who gets what of the takings: commissions, wages, rent, the partner's fee, profit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vialtrace.simulate.clients import words
from vialtrace.simulate.rhythm import DAY, Floats, Ints, moments, triangular
from vialtrace.simulate.trade import Crew, Deals, Stage, Trade


def _sums(group: Ints, period: Ints, amount: Floats) -> tuple[Ints, Ints, Floats]:
    """Amounts added up by group and period."""
    key = group * 100_000 + period
    keys, place = np.unique(key, return_inverse=True)
    return keys // 100_000, keys % 100_000, np.bincount(place, weights=amount).astype(np.float64)


@dataclass(frozen=True)
class End:
    """One end of transfers: parties and which of their accounts."""

    who: Ints
    slot: Ints


def _end(stage: Stage, who: Ints) -> End:
    return End(who, stage.people.slot[who])


def _transfer(
    rng: np.random.Generator, stage: Stage, day: Ints, payer: End, payee: End, amount: Floats, memo: str, operation: int
) -> None:
    live = (day < stage.span.days) & (amount >= 1) & (payer.who != payee.who)
    n = int(live.sum())
    step = np.where(amount[live] > 1000, 100, 10)
    stage.journal.add(
        "payment",
        n,
        at=moments(rng, day[live], "pay"),
        payer=payer.who[live],
        payee=payee.who[live],
        payer_slot=payer.slot[live],
        payee_slot=payee.slot[live],
        amount=np.maximum(np.round(amount[live] / step), 1) * step,
        memo=words(rng, stage.people.country.word_list(f"memo.{memo}"), n),
        operation=operation,
    )


def settle(
    rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals, window: tuple[int, int]
) -> None:
    """All payments inside the business, week by week and month by month."""
    if trade.buys or deals.n == 0:
        return
    rate = rng.uniform(*trade.commission, len(crew.sellers))
    _weekly(rng, stage, trade, crew, deals, rate)
    _pass_on(rng, stage, crew, deals)
    _monthly(rng, stage, trade, crew, deals, window, float(rate.mean()))


def _main(crew: Crew, n: int) -> End:
    """The first till, which pays the bills, ``n`` times."""
    who, slot = crew.tills[0]
    return End(np.full(n, who), np.full(n, slot))


def _weekly(rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals, rate: Floats) -> None:
    """Commissions to sellers, fees to gatherers, the partner's bill."""
    day, week, shift = deals.at // DAY, 7, int(rng.integers(0, 7))
    if trade.commission[1] > 0:
        seller, at, total = _sums(deals.seller, (day + shift) // week, deals.price)
        due = (at + 1) * week - shift + rng.integers(0, 2, len(at))
        payee = _end(stage, np.array(crew.sellers)[seller])
        _transfer(rng, stage, due, _main(crew, len(at)), payee, total * rate[seller], "share", deals.operation)
    if trade.gather_fee > 0 and crew.gatherers:
        mine = deals.gatherer >= 0
        gatherer, at, count = _sums(deals.gatherer[mine], (day[mine] + shift) // week, np.ones(int(mine.sum())))
        payee = _end(stage, np.array(crew.gatherers)[gatherer])
        fee = count * trade.gather_fee * stage.people.country.money_unit
        _transfer(rng, stage, (at + 1) * week - shift, _main(crew, len(at)), payee, fee, "pay", deals.operation)
    if crew.partner >= 0 and trade.fee > 0:
        _, at, total = _sums(np.zeros(deals.n, dtype=np.int64), day // trade.fee_days, deals.price)
        due = (at + 1) * trade.fee_days + rng.integers(0, 3, len(at))
        payee = End(np.full(len(at), crew.partner), np.zeros(len(at), dtype=np.int64))
        _transfer(rng, stage, due, _main(crew, len(at)), payee, total * trade.fee, "fee", deals.operation)


def _pass_on(rng: np.random.Generator, stage: Stage, crew: Crew, deals: Deals) -> None:
    """Other tills pass most of what they took to the first, once a week."""
    if len(crew.tills) < 2:
        return
    till, at, total = _sums(deals.till, (deals.at // DAY + 3) // 7, deals.price)
    other = till > 0
    tills, slots = (np.array(each) for each in zip(*crew.tills, strict=True))
    payer = End(tills[till[other]], slots[till[other]])
    due = (at[other] + 1) * 7 - 3
    _transfer(rng, stage, due, payer, _main(crew, len(due)), total[other] * 0.93, "share", deals.operation)


def _monthly(
    rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals, window: tuple[int, int], rate: float
) -> None:
    """Wages, rent and the owner's profit."""
    people, main, unit = stage.people, crew.tills[0][0], stage.people.country.money_unit
    months = np.arange(window[0] + 30, window[1] + 20, 30)
    paid = np.array(
        [w for w in dict.fromkeys((*crew.staff, *crew.depots)) if w != main and not people.is_org(w)], dtype=np.int64
    )
    if trade.wage[2] > 0 and len(paid):
        wage = triangular(rng, trade.wage, len(paid)) * unit
        of, at = (each.ravel() for each in np.meshgrid(np.arange(len(paid)), months))
        due = at + rng.integers(0, 3, len(at))
        _transfer(rng, stage, due, _main(crew, len(at)), _end(stage, paid[of]), wage[of], "pay", deals.operation)
    if trade.rent[2] > 0 and crew.landlord >= 0:
        rent = np.full(len(months), np.round(triangular(rng, trade.rent, 1)[0] / 100) * 100 * unit)
        payee = _end(stage, np.full(len(months), crew.landlord))
        _transfer(rng, stage, months, _main(crew, len(months)), payee, rent, "rent", deals.operation)
    if crew.owner != main and not people.is_org(crew.owner):
        _, at, total = _sums(np.zeros(deals.n, dtype=np.int64), deals.at // DAY // 30, deals.price)
        share = max(0.02, (1 - trade.fee - rate) * trade.profit)
        due = (at + 1) * 30 + rng.integers(0, 4, len(at))
        payee = _end(stage, np.full(len(at), crew.owner))
        _transfer(rng, stage, due, _main(crew, len(at)), payee, total * share, "share", deals.operation)
