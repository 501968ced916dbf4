"""Exports on paper: permits, declarations under them, and ordinary goods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vialtrace.simulate.clients import words
from vialtrace.simulate.rhythm import DAY, days_drawn, moments
from vialtrace.simulate.trade import Crew, Deals, Stage

_ORDINARY_HS = ("090210", "950300", "392690", "620462", "940542", "691110", "851830", "940399", "871499", "330499")
_SAMPLE_HS = ("300290", "300212", "300190")


@dataclass(frozen=True)
class Permit:
    """One approval: its number, the days it holds, for how many units."""

    number: str
    first: int
    last: int
    quantity: int


def permit_number(rng: np.random.Generator, form: str, year: int) -> str:
    """An approval's number; the same form for all."""
    return form.format(year=year, number=rng.integers(1000, 9999))


def grant(
    rng: np.random.Generator,
    stage: Stage,
    crew: Crew,
    window: tuple[int, int],
    quantity: float,
    count: int,
    operation: int,
) -> list[Permit]:
    """``count`` permits one after the other over the window, for ``quantity`` units together."""
    country, length = stage.people.country, (window[1] - window[0]) // count + 1
    permits = []
    for index in range(count):
        first = window[0] + index * length
        number = permit_number(rng, country.word_list("permit_form")[0], stage.span.date_of(first * DAY).year)
        permits.append(Permit(number, first, first + length, int(np.ceil(quantity / count / 10)) * 10))
    stage.journal.add(
        "permit",
        count,
        key=[each.number for each in permits],
        holder=crew.depots[0] if not crew.tills else crew.tills[0][0],
        material=words(rng, country.word_list("material"), count),
        quantity=[each.quantity for each in permits],
        recipient=crew.partner,
        destination=country.word_list("destination.near")[0],
        authority=country.word_list("authority")[0],
        operation=operation,
        **{"from": [each.first for each in permits], "to": [each.last for each in permits]},
    )
    return permits


def declare(
    rng: np.random.Generator, stage: Stage, crew: Crew, deals: Deals, permits: list[Permit], every: int
) -> None:
    """The goods that came in, declared for export every few days under the permit of the day, or the last there was."""
    country = stage.people.country
    batch = (deals.arrived // DAY) // every
    live = (deals.arrived // DAY) < stage.span.days - 8
    numbers, place = np.unique(batch[live], return_inverse=True)
    quantity = np.bincount(place, weights=deals.units[live].astype(float))
    day = (numbers + 1) * every + rng.integers(0, 3, len(numbers))
    named = [
        next((each.number for each in permits if each.first <= d <= each.last), permits[-1].number if permits else "")
        for d in day
    ]
    n = len(day)
    stage.journal.add(
        "declaration",
        n,
        at=moments(rng, day, "office"),
        exporter=crew.tills[0][0],
        consignee=crew.partner,
        goods=words(rng, country.word_list("material"), n),
        hs=np.array(_SAMPLE_HS, dtype=object)[rng.integers(0, 3, n)],
        quantity=quantity,
        unit=country.word_list("unit.tube")[0],
        value=np.round(quantity * rng.uniform(20, 60, n)),
        permit=np.array(named, dtype=object),
        port=rng.integers(0, len(country.ports), n),
        destination=country.word_list("destination.near")[0],
        key=declaration_numbers(rng, n),
        operation=deals.operation,
    )


def declaration_numbers(rng: np.random.Generator, n: int) -> list[str]:
    """Declaration numbers of 18 digits."""
    return [
        f"{a:09d}{b:09d}" for a, b in zip(rng.integers(510000000, 539999999, n), rng.integers(0, 10**9, n), strict=True)
    ]


def ordinary_goods(rng: np.random.Generator, stage: Stage, n: int) -> None:
    """Declarations of everyday goods by everyday exporters."""
    people, country = stage.people, stage.people.country
    homes = np.flatnonzero((people.org_kind == "employer") | (people.org_kind == "shop"))
    abroad = np.flatnonzero(np.char.startswith(people.org_kind.astype(str), "abroad"))
    goods = country.word_list("goods")
    pick = rng.integers(0, len(goods), n)
    quantity = np.round(rng.lognormal(5, 1.5, n)) + 1
    at = moments(rng, days_drawn(rng, n, stage.span.weights), "office")
    stage.journal.add(
        "declaration",
        n,
        at=at,
        exporter=homes[rng.integers(0, len(homes), n)],
        consignee=abroad[rng.integers(0, len(abroad), n)],
        goods=np.array(goods, dtype=object)[pick],
        hs=np.array(_ORDINARY_HS, dtype=object)[pick % len(_ORDINARY_HS)],
        quantity=quantity,
        unit=country.word_list("unit.piece")[0],
        value=np.round(quantity * rng.lognormal(3, 1, n), 2),
        port=rng.integers(0, len(country.ports), n),
        destination=words(rng, country.word_list("destinations"), n),
        key=declaration_numbers(rng, n),
    )
