"""The far end of a business: batches, runners over the border, their pay."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vialtrace.simulate.clients import chat, words
from vialtrace.simulate.rhythm import DAY, Ints, moments, triangular
from vialtrace.simulate.trade import Crew, Deals, Stage, Trade, Trip


def cross(
    rng: np.random.Generator,
    stage: Stage,
    who: Ints,
    day: Ints,
    port: Ints,
    *,
    overnight: float,
    operation: int = -1,
    hours: float = 4.0,
) -> Ints:
    """Out and in again: same day or, with chance ``overnight``, the next; the time of each exit."""
    n = len(who)
    at = moments(rng, day, "border")
    stays = rng.random(n) < overnight
    back = np.where(
        stays, moments(rng, day + 1, "border"), at + (3600 * (0.8 + rng.exponential(hours, n))).astype(np.int64)
    )
    drives = _drivers(stage, who)
    modes = _modes(rng, stage, drives)
    near = stage.people.is_near[who]
    # Who lives beyond the border comes in first and goes out with the goods.
    first, second = np.where(near, at - (back - at), at), np.where(near, at, back)
    first = np.where(first < 0, at - 3600, first)
    out_port = np.where(rng.random(n) < 0.85, port, rng.integers(0, len(stage.people.country.ports), n))
    for times, is_exit, gate in (
        (first, ~near, np.where(near, out_port, port)),
        (second, near, np.where(near, port, out_port)),
    ):
        stage.journal.add(
            "crossing", n, at=times, who=who, exit=is_exit, port=gate, mode=modes, drives=drives, operation=operation
        )
    return at


def _drivers(stage: Stage, who: Ints) -> npt.NDArray[np.bool_]:
    """Who crosses by car as a rule: one in twelve."""
    return stage.people.is_driver[who]


def _modes(rng: np.random.Generator, stage: Stage, drives: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    country = stage.people.country
    return np.where(drives, country.word_list("mode.vehicle")[0], words(rng, country.word_list("modes"), len(drives)))


def _batches(rng: np.random.Generator, trade: Trade, deals: Deals, last: int) -> list[tuple[int, Ints]]:
    """Days on which something goes, with the deals that go: when there is a load, or the oldest has waited enough."""
    ready = (deals.arrived / DAY + triangular(rng, trade.dwell, deals.n)).astype(np.int64)
    order = np.argsort(ready, kind="stable")
    days = ready[order]
    wait, wanted = int(np.ceil(trade.dwell[2])) + 1, triangular(rng, trade.load, last + 1) * 0.6
    batches: list[tuple[int, Ints]] = []
    start = 0
    for day in range(int(days[0]) if len(days) else last, last):
        end = int(np.searchsorted(days, day, side="right"))
        if end == start:
            continue
        waiting = order[start:end]
        if deals.units[waiting].sum() >= wanted[len(batches)] or day - days[start] >= wait:
            batches.append((day, waiting))
            start = end
    return batches


def run(
    rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals, window: tuple[int, int]
) -> None:
    """Batches over the border by runners, one to three together; sets the trip of each deal."""
    deals.trip = np.full(deals.n, -1)
    if not trade.runs or not crew.runners:
        return
    trips: list[Trip] = []
    for day, batch in _batches(rng, trade, deals, min(stage.span.days - 1, window[1] + 15)):
        _dispatch(rng, trade, crew, deals, trips, batch, _on_duty(trade, crew, day, window), day)
    deals.trips = trips
    if trips:
        _log(rng, stage, trade, crew, deals)


def _on_duty(trade: Trade, crew: Crew, day: int, window: tuple[int, int]) -> tuple[int, ...]:
    """The runners of the day: all, or where they rotate a third of them, and the third moves on."""
    if not trade.is_rotating:
        return crew.runners
    third = max(2, len(crew.runners) // 3)
    begin = int((day - window[0]) / max(1, window[1] - window[0]) * (len(crew.runners) - third + 1))
    begin = max(0, min(begin, len(crew.runners) - third))
    return crew.runners[begin : begin + third]


def _dispatch(
    rng: np.random.Generator,
    trade: Trade,
    crew: Crew,
    deals: Deals,
    trips: list[Trip],
    batch: Ints,
    on_duty: tuple[int, ...],
    day: int,
) -> None:
    """One batch shared out to as many runners as it takes, after the last of it has arrived."""
    load = float(triangular(rng, trade.load, 1)[0])
    by_vehicle = rng.random() < trade.vehicle
    units = deals.units[batch]
    needed = 1 if by_vehicle else int(np.ceil(units.sum() / load))
    company = 1 + int(rng.choice(len(trade.together), p=np.array(trade.together) / sum(trade.together)))
    # Nobody goes with next to nothing: company is for loads worth sharing.
    company = max(needed, min(company, int(units.sum() / (0.2 * trade.load[1]))), 1)
    company = min(company, len(on_duty), len(batch))
    chosen = rng.choice(np.array(on_duty), company, replace=False)
    port = int(crew.ports[rng.integers(0, len(crew.ports))])
    shares = np.array_split(np.arange(len(batch)), company)
    hour = int(moments(rng, np.array([day]), "border")[0])
    if hour < deals.arrived[batch].max() + 1800:  # not before it is there: the next morning then
        hour = int(moments(rng, np.array([int(deals.arrived[batch].max() // DAY) + 1]), "border")[0])
    for runner, share in zip(chosen, shares, strict=True):
        deals.trip[batch[share]] = len(trips)
        trips.append(Trip(int(runner), hour + int(rng.integers(0, 900)), port, int(units[share].sum()), by_vehicle))


def _log(rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals) -> None:
    """Crossings, calls before them and pay after them."""
    trips, people = deals.trips, stage.people
    who = np.array([trip.runner for trip in trips])
    at = np.array([trip.at for trip in trips])
    port = np.array([trip.port for trip in trips])
    drives = np.array([trip.by_vehicle for trip in trips]) | _drivers(stage, who)
    mode = _modes(rng, stage, drives)
    n = len(trips)
    near = people.is_near[who]
    stay = rng.random(n) < trade.overnight
    other = np.where(
        stay,
        moments(rng, at // DAY + np.where(near, -1, 1), "border"),
        at + np.where(near, -1, 1) * (3600 * (0.8 + rng.exponential(3.0, n))).astype(np.int64),
    ).clip(0)
    for times, is_exit in ((at, True), (other, False)):
        stage.journal.add(
            "crossing",
            n,
            at=times,
            who=who,
            exit=is_exit,
            port=port,
            mode=mode,
            drives=drives,
            operation=deals.operation,
        )
    boss = np.array([*crew.depots, crew.owner])[rng.integers(0, len(crew.depots) + 1, n)]
    told = rng.random(n) < 0.7
    chat(rng, stage, boss[told], who[told], moments(rng, (at[told] // DAY - 1).clip(0), "talk"), deals.operation)
    if trade.trip_pay[2] > 0:
        amount = np.maximum(np.round(triangular(rng, trade.trip_pay, n) / 50), 1) * 50 * people.country.money_unit
        payer, slot = crew.tills[0]
        when = moments(rng, at // DAY + (rng.random(n) < 0.4), "pay")
        when = np.maximum(when, at + 1800)
        stage.journal.add(
            "payment",
            n,
            at=when,
            payer=payer,
            payee=who,
            payer_slot=slot,
            payee_slot=people.slot[who],
            amount=amount,
            memo=words(rng, people.country.word_list("memo.pay"), n),
            hidden=rng.random(n) < 0.25,
            operation=deals.operation,
        )
