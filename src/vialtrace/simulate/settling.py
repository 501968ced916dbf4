"""Who gets what of the takings: commissions, wages, rent, the partner's fee, profit."""

from __future__ import annotations

import numpy as np

from vialtrace.simulate.clients import words
from vialtrace.simulate.rhythm import DAY, Floats, Ints, moments, triangular
from vialtrace.simulate.trade import Crew, Deals, Stage, Trade


def _sums(group: Ints, period: Ints, amount: Floats) -> tuple[Ints, Ints, Floats]:
    """Amounts added up by group and period."""
    key = group * 100_000 + period
    keys, place = np.unique(key, return_inverse=True)
    return keys // 100_000, keys % 100_000, np.bincount(place, weights=amount)


def _transfer(
    rng: np.random.Generator,
    stage: Stage,
    day: Ints,
    payer: Ints,
    payer_slot: Ints,
    payee: Ints,
    payee_slot: Ints,  # noqa: PLR0913  a transfer has two ends
    amount: Floats,
    memo: str,
    operation: int,
) -> None:
    live = (day < stage.span.days) & (amount >= 1) & (payer != payee)
    n = int(live.sum())
    step = np.where(amount[live] > 1000, 100, 10)
    stage.journal.add(
        "payment",
        n,
        at=moments(rng, day[live], "pay"),
        payer=payer[live],
        payee=payee[live],
        payer_slot=payer_slot[live],
        payee_slot=payee_slot[live],
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
    people = stage.people
    day = deals.at // DAY
    tills = np.array([who for who, _ in crew.tills])
    slots = np.array([slot for _, slot in crew.tills])
    main, main_slot = tills[0], slots[0]
    rate = rng.uniform(*trade.commission, len(crew.sellers))
    sellers = np.array(crew.sellers)

    week, shift = 7, int(rng.integers(0, 7))
    if trade.commission[1] > 0:
        seller, at, total = _sums(deals.seller, (day + shift) // week, deals.price)
        due = (at + 1) * week - shift + rng.integers(0, 2, len(at))
        _transfer(
            rng,
            stage,
            due,
            np.full(len(at), main),
            np.full(len(at), main_slot),
            sellers[seller],
            people.slot[sellers[seller]],
            total * rate[seller],
            "share",
            deals.operation,
        )
    if trade.gather_fee > 0 and crew.gatherers:
        mine = deals.gatherer >= 0
        gatherer, at, count = _sums(deals.gatherer[mine], (day[mine] + shift) // week, np.ones(int(mine.sum())))
        who = np.array(crew.gatherers)[gatherer]
        _transfer(
            rng,
            stage,
            (at + 1) * week - shift,
            np.full(len(at), main),
            np.full(len(at), main_slot),
            who,
            people.slot[who],
            count * trade.gather_fee * people.country.money_unit,
            "pay",
            deals.operation,
        )
    # Other tills pass on to the first, which pays the business's bills.
    if len(tills) > 1:
        till, at, total = _sums(deals.till, (day + 3) // week, deals.price)
        other = till > 0
        _transfer(
            rng,
            stage,
            (at[other] + 1) * week - 3,
            tills[till[other]],
            slots[till[other]],
            np.full(int(other.sum()), main),
            np.full(int(other.sum()), main_slot),
            total[other] * 0.93,
            "share",
            deals.operation,
        )
    if crew.partner >= 0 and trade.fee > 0:
        _, at, total = _sums(np.zeros(deals.n, dtype=np.int64), day // trade.fee_days, deals.price)
        _transfer(
            rng,
            stage,
            (at + 1) * trade.fee_days + rng.integers(0, 3, len(at)),
            np.full(len(at), main),
            np.full(len(at), main_slot),
            np.full(len(at), crew.partner),
            np.zeros(len(at), dtype=np.int64),
            total * trade.fee,
            "fee",
            deals.operation,
        )
    _monthly(rng, stage, trade, crew, deals, window, float(rate.mean()))


def _monthly(
    rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals, window: tuple[int, int], rate: float
) -> None:
    """Wages, rent and the owner's profit."""
    people, (main, main_slot) = stage.people, crew.tills[0]
    months = np.arange(window[0] + 30, window[1] + 20, 30)
    paid = np.array(
        [who for who in dict.fromkeys((*crew.staff, *crew.depots)) if who != main and not people.is_org(who)],
        dtype=np.int64,
    )
    if trade.wage[2] > 0 and len(paid):
        wage = triangular(rng, trade.wage, len(paid)) * people.country.money_unit
        of, at = (each.ravel() for each in np.meshgrid(np.arange(len(paid)), months))
        _transfer(
            rng,
            stage,
            at + rng.integers(0, 3, len(at)),
            np.full(len(at), main),
            np.full(len(at), main_slot),
            paid[of],
            people.slot[paid[of]],
            wage[of],
            "pay",
            deals.operation,
        )
    if trade.rent[2] > 0 and crew.landlord >= 0:
        n = len(months)
        rent = np.round(triangular(rng, trade.rent, 1)[0] / 100) * 100 * people.country.money_unit
        _transfer(
            rng,
            stage,
            months,
            np.full(n, main),
            np.full(n, main_slot),
            np.full(n, crew.landlord),
            np.full(n, people.slot[crew.landlord]),
            np.full(n, rent),
            "rent",
            deals.operation,
        )
    if crew.owner != main and not people.is_org(crew.owner):
        _, at, total = _sums(np.zeros(deals.n, dtype=np.int64), deals.at // DAY // 30, deals.price)
        share = max(0.02, (1 - trade.fee - rate) * trade.profit)
        _transfer(
            rng,
            stage,
            (at + 1) * 30 + rng.integers(0, 4, len(at)),
            np.full(len(at), main),
            np.full(len(at), main_slot),
            np.full(len(at), crew.owner),
            np.full(len(at), people.slot[crew.owner]),
            total * share,
            "share",
            deals.operation,
        )
