"""The front of a business: adverts, talk, deals, prices, order sheets and payments."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vialtrace.simulate.rhythm import DAY, MONTH, Floats, Ints, days_drawn, moments, triangular
from vialtrace.simulate.trade import Crew, Deals, Range, Stage, Trade


def words(rng: np.random.Generator, vocabulary: tuple[str, ...], n: int) -> npt.NDArray[np.object_]:
    """``n`` words of a vocabulary; the first ones are the commoner."""
    share = 1 / (np.arange(len(vocabulary)) + 3.0)
    picked: npt.NDArray[np.object_] = np.array(vocabulary, dtype=object)[
        rng.choice(len(vocabulary), n, p=share / share.sum())
    ]
    return picked


def advertise(
    rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, window: tuple[int, int], operation: int
) -> None:
    """Posts by the sellers."""
    country = stage.people.country
    n = int(rng.poisson(trade.adverts_a_month * len(crew.sellers) * (window[1] - window[0]) / MONTH))
    at = moments(rng, days_drawn(rng, n, stage.span.within(*window)), "talk")
    texts = words(rng, country.word_list(f"advert.{trade.advert}"), n)
    ends = words(rng, country.word_list("contact"), n)
    who = np.array(crew.sellers)[rng.integers(0, len(crew.sellers), n)]
    said = [text.format(end) if "{}" in text else text for text, end in zip(texts, ends, strict=True)]
    stage.journal.add("post", n, at=at, who=who, text=np.array(said, dtype=object), operation=operation)


def _prices(rng: np.random.Generator, bounds: Range, points: int, n: int, unit: int) -> Floats:
    """Free prices, or a few fixed ones now and then haggled down."""
    if points == 0:
        return np.maximum(np.round(triangular(rng, bounds, n) * unit), 1)
    step = 100 if bounds[1] >= 500 else 10
    fixed = np.maximum(np.round(triangular(rng, bounds, points) / step), 1) * step
    price = fixed[rng.integers(0, points, n)]
    return (price - np.where(rng.random(n) < 0.12, step * rng.integers(1, 3, n) / 2, 0)).clip(step / 2) * unit


def deal(
    rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, n: int, window: tuple[int, int], operation: int
) -> Deals:
    """``n`` deals (fewer where returning clients run out of time): who, when, with which seller, for how much."""
    people, country = stage.people, stage.people.country
    n_clients = max(1, round(n / trade.visits))
    visits = np.ones(n_clients, dtype=np.int64) if trade.visits <= 1 else rng.poisson(trade.visits - 1, n_clients) + 1
    first = days_drawn(rng, n_clients, stage.span.within(*window))
    seller = rng.choice(len(crew.sellers), n_clients, p=rng.dirichlet(np.full(len(crew.sellers), 4.0)))
    gatherer = np.full(n_clients, -1)
    if crew.gatherers and trade.gathered > 0:
        gathers = rng.random(n_clients) < trade.gathered
        gatherer[gathers] = rng.choice(
            len(crew.gatherers), int(gathers.sum()), p=rng.dirichlet(np.full(len(crew.gatherers), 3.0))
        )
    region = people.region[np.array(crew.sellers)[seller]]
    allowed = np.array(crew.regions or range(len(country.regions)))
    far = rng.random(n_clients) < trade.reach
    share = stage.size[allowed] / stage.size[allowed].sum()
    region = np.where(far, allowed[rng.choice(len(allowed), n_clients, p=share)], region)
    if crew.gatherers:
        region = np.where(gatherer >= 0, people.region[np.array(crew.gatherers)[gatherer]], region)
    client = stage.anyone_in(rng, region)
    of = np.repeat(np.arange(n_clients), visits)
    turn = np.arange(len(of)) - np.repeat(np.cumsum(visits) - visits, visits)
    day = first[of] + np.round(turn * trade.visit_gap + rng.normal(0, 0.8, len(of)) * (turn > 0)).astype(np.int64)
    keep = (day >= window[0]) & (day < window[1])
    of, day = of[keep], day[keep]
    fixed = _prices(rng, trade.price, trade.price_points, n_clients, country.money_unit)
    units = rng.choice(len(trade.units), len(of), p=np.array(trade.units) / sum(trade.units)) + 1
    at = moments(rng, day, "talk")
    till = _tills(rng, trade, crew, seller[of], at, window)
    return Deals(operation, at, client[of], seller[of], gatherer[of], fixed[of], units, till)


def _tills(rng: np.random.Generator, trade: Trade, crew: Crew, seller: Ints, at: Ints, window: tuple[int, int]) -> Ints:
    """Which account takes the money: each seller's usual one, or one after the other where they rotate."""
    count, n = len(crew.tills), len(seller)
    turn = (at // DAY - window[0]) * count // max(1, window[1] - window[0])
    usual = turn if trade.is_rotating else seller % count
    return np.where(rng.random(n) < 0.9, usual, rng.integers(0, count, n)).clip(0, count - 1)


def talk(rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals) -> None:
    """Calls and messages between client and seller around the deal, and after it the result."""
    times = rng.poisson(trade.talks, deals.n)
    of = np.repeat(np.arange(deals.n), times)
    delay = np.where(rng.random(len(of)) < 0.7, -rng.exponential(1.0, len(of)), rng.exponential(5.0, len(of)))
    at = moments(rng, (deals.at[of] / DAY + delay).astype(np.int64).clip(0, stage.span.days - 1), "talk")
    chat(rng, stage, deals.client[of], np.array(crew.sellers)[deals.seller[of]], at, deals.operation)


def chat(rng: np.random.Generator, stage: Stage, one: Ints, other: Ints, at: Ints, operation: int) -> None:
    """One call or message each, either side first."""
    n, turned = len(at), rng.random(len(at)) < 0.4
    medium = words(rng, stage.people.country.word_list("media"), n)
    lasts = np.where(medium == "voice", np.round(rng.exponential(70, n)) + 3, 0)
    stage.journal.add(
        "contact",
        n,
        at=at,
        caller=np.where(turned, other, one),
        called=np.where(turned, one, other),
        medium=medium,
        duration=lasts,
        operation=operation,
    )


def pay(rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals) -> None:
    """Each deal paid in full, or with a deposit of about 12 % and the balance; some by the family, some in cash."""
    people, n = stage.people, deals.n
    payer = np.where(rng.random(n) < 0.2, people.head[deals.client], deals.client)
    has_deposit = rng.random(n) < trade.deposit
    deposit = np.where(has_deposit, np.maximum(np.round(deals.price * 0.12 / 50), 1) * 50, 0.0)
    deposit = np.minimum(deposit, deals.price / 2)
    start = deals.at / DAY + rng.exponential(0.6, n)
    of = np.concatenate([np.flatnonzero(has_deposit), np.arange(n)])
    amount = np.concatenate([deposit[has_deposit], deals.price - deposit])
    day = np.concatenate([start[has_deposit], start + has_deposit * rng.uniform(2, 6, n)])
    till = deals.till[of]
    if trade.split > 0:
        cut = rng.random(len(of)) < trade.split
        part = np.round(amount * rng.uniform(0.3, 0.7, len(of)) / 10) * 10
        of, day = np.concatenate([of, of[cut]]), np.concatenate([day, day[cut] + rng.exponential(0.3, int(cut.sum()))])
        till = np.concatenate([till, rng.integers(0, len(crew.tills), int(cut.sum()))])
        amount = np.concatenate([np.where(cut, amount - part, amount), part[cut]])
    takers = np.array([who for who, _ in crew.tills])[till]
    slots = np.array([slot for _, slot in crew.tills])[till]
    at = moments(rng, day.astype(np.int64), "pay")
    memo = words(rng, people.country.word_list("memo.client"), len(of))
    hidden = (rng.random(n) < trade.cash)[of]
    one, other = (takers, payer[of]) if trade.buys else (payer[of], takers)
    one_slot, other_slot = (slots, people.slot[payer[of]]) if trade.buys else (people.slot[payer[of]], slots)
    stage.journal.add(
        "payment",
        len(of),
        at=at,
        payer=one,
        payee=other,
        payer_slot=one_slot,
        payee_slot=other_slot,
        amount=amount,
        memo=memo,
        hidden=hidden,
        operation=deals.operation,
    )


def note_orders(rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals) -> None:
    """Order sheets kept by the sellers; only some sellers' sheets are at hand."""
    if not trade.services:
        return
    held = rng.random(len(crew.sellers)) < trade.order_sheets
    if trade.order_sheets > 0 and not held.any():
        held[rng.integers(0, len(held))] = True
    people = stage.people
    label = people.name[deals.client].astype(object) if trade.labels else ""
    stage.journal.add(
        "order",
        deals.n,
        at=deals.at,
        client=deals.client,
        agent=np.array(crew.sellers)[deals.seller],
        service=words(rng, people.country.word_list(f"service.{trade.services}"), deals.n),
        price=deals.price,
        number=np.where(rng.random(deals.n) < 0.5, deals.number, ""),
        drawn=deals.drawn,
        label=label,
        hidden=~held[deals.seller] | (rng.random(deals.n) >= trade.order_rows),
        operation=deals.operation,
    )
