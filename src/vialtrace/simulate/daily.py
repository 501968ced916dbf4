"""Ordinary life, which everybody has: wages, shopping, gifts, parcels to family, commuting, holidays."""

from __future__ import annotations

import numpy as np

from vialtrace.simulate.clients import chat, words
from vialtrace.simulate.interceptions import random_days
from vialtrace.simulate.parcels import Parcels, send
from vialtrace.simulate.rhythm import DAY, Ints, moments, triangular
from vialtrace.simulate.runs import cross
from vialtrace.simulate.trade import Stage


def salaries(rng: np.random.Generator, stage: Stage, n: int) -> None:
    """About ``n`` monthly wages from employers of very different size, each on its own day of the month."""
    people = stage.people
    employers = np.flatnonzero(people.org_kind == "employer")
    months = max(1, stage.span.days // 30)
    staff = rng.integers(0, people.n_persons, max(1, n // months))
    weight = rng.lognormal(0, 1, len(employers))
    employer = employers[rng.choice(len(employers), len(staff), p=weight / weight.sum())]
    wage = np.round(rng.lognormal(8.7, 0.4, len(staff)), 2) * people.country.money_unit
    of, month = (each.ravel() for each in np.meshgrid(np.arange(len(staff)), np.arange(months)))
    day = month * 30 + (employer[of] * 7) % 25 + rng.integers(0, 2, len(of))
    stage.journal.add(
        "payment",
        len(of),
        at=moments(rng, day, "office"),
        payer=employer[of],
        payee=staff[of],
        payer_slot=0,
        payee_slot=0,
        amount=np.round(wage[of] * rng.uniform(0.97, 1.05, len(of)), 2),
        memo=words(rng, people.country.word_list("memo.salary"), len(of)),
    )


def money(rng: np.random.Generator, stage: Stage, n: int, sociable: Ints) -> None:
    """About ``n`` payments: a quarter wages, the rest shopping, and transfers among family and friends."""
    people = stage.people
    salaries(rng, stage, n // 4)
    shops = np.flatnonzero(people.org_kind != "")
    n_shop, n_gift = round(n * 0.4), n - n // 4 - round(n * 0.4)
    payer = someone(rng, stage, n_shop, sociable)
    share = rng.lognormal(0, 1.3, len(shops))
    payee = shops[rng.choice(len(shops), n_shop, p=share / share.sum())]
    stage.journal.add(
        "payment",
        n_shop,
        at=random_days(rng, stage, n_shop, "pay"),
        payer=payer,
        payee=payee,
        payer_slot=people.slot[payer],
        payee_slot=rng.integers(0, 3, n_shop),
        amount=np.round(rng.lognormal(4.3, 1.1, n_shop), 2) * people.country.money_unit,
        memo=words(rng, people.country.word_list("memo.client"), n_shop),
    )
    one, other = friends(rng, stage, n_gift, sociable)
    round_sum = rng.random(n_gift) < 0.7
    amount = rng.lognormal(5.8, 1.2, n_gift)
    amount = (
        np.where(round_sum, np.maximum(np.round(amount / 50), 1) * 50, np.round(amount, 2)) * people.country.money_unit
    )
    stage.journal.add(
        "payment",
        n_gift,
        at=random_days(rng, stage, n_gift, "pay"),
        payer=one,
        payee=other,
        payer_slot=people.slot[one],
        payee_slot=people.slot[other],
        amount=amount,
        memo=words(rng, people.country.word_list("memo.private"), n_gift),
    )


def someone(rng: np.random.Generator, stage: Stage, n: int, sociable: Ints) -> Ints:
    """``n`` persons, a third of them from among the sociable."""
    anyone = rng.integers(0, stage.people.n_persons, n)
    return np.where(rng.random(n) < 0.33, sociable[rng.integers(0, len(sociable), n)], anyone)


def friends(rng: np.random.Generator, stage: Stage, n: int, sociable: Ints) -> tuple[Ints, Ints]:
    """Pairs of persons who know each other: everybody has some six acquaintances, half of them nearby."""
    count = stage.people.n_persons
    one = someone(rng, stage, n, sociable)
    turn = rng.integers(0, 6, n)
    # A fixed, even acquaintance: the same number gives the same friend all through.
    mixed = (one * 2_654_435_761 + turn * 40_503 * 65_537) % 4_294_967_291
    near = stage.residents[stage.first[stage.people.region[one]] + mixed % stage.size[stage.people.region[one]]]
    other = np.where(turn < 3, near, mixed % count)
    return one, np.where(other == one, (other + 1) % count, other)


def parcels(rng: np.random.Generator, stage: Stage, n: int, sociable: Ints) -> None:
    """``n`` private parcels; some wait at a courier shop."""
    people = stage.people
    one, other = friends(rng, stage, n, sociable)
    place = np.full(n, "", dtype=object)
    at_shop = np.flatnonzero((rng.random(n) < 0.15) & ~people.is_near[other])
    which = rng.integers(0, 3, len(at_shop))
    for index, shop in zip(at_shop, which, strict=True):
        place[index] = stage.stations[people.region[other[index]]][people.city[other[index]]][shop]
    day = random_days(rng, stage, n, "post") / DAY
    contents = words(rng, people.country.word_list("contents.private"), n)
    send(rng, stage, day, Parcels(one, other, contents, triangular(rng, (60, 500, 6000), n), place), -1)


def travel(
    rng: np.random.Generator, stage: Stage, n_rows: int, near_border: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> None:
    """About ``n_rows`` crossings: commuters and pupils, weekly visitors, people who go now and then, holidays."""
    people, days = stage.people, stage.span.days
    ports = len(people.country.ports)
    local = np.flatnonzero(near_border[: people.n_persons])
    for share, a_month in ((0.42, 17.0), (0.14, 6.0), (0.14, 2.5)):
        rows = n_rows * share / 2
        count = max(3, round(rows / (a_month * days / 30.4 * 0.7)))
        who = local[rng.integers(0, len(local), count)]
        length = rng.integers(days // 3, days, count)
        start = (rng.random(count) * (days - length)).astype(np.int64)
        times = rng.poisson(a_month * rng.lognormal(-0.06, 0.35, count) * length / 30.4)
        of = np.repeat(np.arange(count), times)
        day = start[of] + (rng.random(len(of)) * (length[of] - 1)).astype(np.int64)
        day = np.where(rng.random(len(of)) < stage.span.weights[day], day, (day + 1) % (days - 1))
        _, once = np.unique(of * 10_000 + day, return_index=True)
        home_port = rng.integers(0, ports, count)
        cross(rng, stage, who[of[once]], day[once], home_port[of[once]], overnight=0.1, hours=7.0)
    n = round(n_rows * 0.3 / 2)
    who = np.where(rng.random(n) < 0.5, local[rng.integers(0, len(local), n)], rng.integers(0, people.n_persons, n))
    day = random_days(rng, stage, n, "border") // DAY
    cross(rng, stage, who, day.clip(0, days - 2), rng.integers(0, ports, n), overnight=0.4, hours=6.0)


def talk(rng: np.random.Generator, stage: Stage, n: int, sociable: Ints) -> None:
    """``n`` calls and messages among family and friends."""
    one, other = friends(rng, stage, n, sociable)
    chat(rng, stage, one, other, random_days(rng, stage, n, "talk"), -1)


def posts(rng: np.random.Generator, stage: Stage, n: int) -> None:
    """``n`` posts of everyday life, and among them warnings against the trade itself."""
    country = stage.people.country
    n_warning = n // 25
    for count, vocabulary in ((n - n_warning, "advert.private"), (n_warning, "advert.warning")):
        who = rng.integers(0, stage.people.n, count)
        stage.journal.add(
            "post",
            count,
            at=random_days(rng, stage, count, "talk"),
            who=who,
            text=words(rng, country.word_list(vocabulary), count),
        )
