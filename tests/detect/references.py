"""The three tests a second time, in plain Python: what the detectors' numbers must be on small worlds.

Nothing here knows Ibis or SQL; days are whole numbers (day 0 is a Monday) and parties are names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from scipy import stats

Visit = tuple[str, str, int]
"""(point, client, week)."""


def shared_clients(
    left: Sequence[Visit], right: Sequence[Visit], *, before: int, after: int
) -> dict[tuple[str, str], tuple[int, float]]:
    """(left point, right point) to (shared clients, how many chance alone would give), where anybody is shared.

    Each visit of the left point, times each visit of the right point in the window, is by the same client with the
    chance that any visit of the right side in the window is by that client.
    """
    found: dict[tuple[str, str], tuple[int, float]] = {}
    for one in sorted({point for point, _, _ in left}):
        for other in sorted({point for point, _, _ in right} - {one}):
            shared, expected = set(), 0.0
            for _, client, week in (each for each in left if each[0] == one):
                nearby = [each for each in right if week - before <= each[2] <= week + after]
                share = sum(who == client for _, who, _ in nearby) / max(len(nearby), 1)
                there = [who for point, who, _ in nearby if point == other]
                expected += share * len(there)
                if client in there:
                    shared.add(client)
            if shared:
                found[one, other] = (len(shared), expected)
    return found


def is_weekend(day: int) -> bool:
    """Whether a day, counted from a Monday, is a Saturday or Sunday."""
    return day % 7 >= 5


def mule_pay(
    trips: Iterable[int], paid: Iterable[int], records: tuple[int, int], *, reaches: Sequence[int] = (2, 7)
) -> tuple[int, int, float, float]:
    """Days of pay, those soon after a trip, how many the calendar would give, and the tail.

    Soon is up to the one of ``reaches`` days for which that is less likely; the other question is paid for.

    The calendar runs from a week before the first trip to two weeks after the last, inside the ``records`` of pay
    (first and last day); each day of the week has its own chance.
    """
    trips, paid = sorted(set(trips)), list(paid)
    found = [_paid_within(reach, trips, paid, records) for reach in reaches]
    n_paid, hits, expected, p = min(found, key=lambda each: each[3])
    return n_paid, hits, expected, min(p * len(reaches), 1.0)


def _paid_within(
    window: int, trips: Sequence[int], paid: Sequence[int], records: tuple[int, int]
) -> tuple[int, int, float, float]:
    """The same for one reach."""
    covered = {day + lag for day in trips for lag in range(window + 1)}
    n_weeks = max(min(trips[-1] + 14, records[1]) - max(trips[0] - 7, records[0]) + 1, 1) / 7
    days = sorted({day for day in paid if trips[0] - 7 <= day <= trips[-1] + 14})
    if not days:
        return 0, 0, 0.0, 1.0
    hits = sum(day in covered for day in days)
    expected = sum(min(sum(each % 7 == day % 7 for each in covered) / n_weeks, 1.0) for day in days)
    return (
        len(days),
        hits,
        expected,
        float(stats.binom.sf(hits - 1, len(days), np.clip(expected / len(days), 1e-12, 1))),
    )


Passage = tuple[str, str, str, int]
"""(traveller, port, direction, minute since day 0)."""


def together(
    passages: Sequence[Passage], *, minutes: int = 5, least: int = 3
) -> dict[tuple[str, str], tuple[int, float, float]]:
    """Pairs of travellers to (days on which they cross in one slot of minutes, expected, tail)."""
    often = {who for who, n in Counter(each[0] for each in passages).items() if n >= least}
    slots: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for who, port, direction, minute in passages:
        slots[port, direction, minute // minutes].append(who)
    total = Counter((port, direction) for _, port, direction, _ in passages)
    own = Counter((who, port, direction) for who, port, direction, _ in passages)
    days: dict[tuple[str, str], set[int]] = defaultdict(set)
    for (_, _, slot), people in slots.items():
        for one, other in combinations(sorted(set(people) & often), 2):
            days[one, other].add(slot * minutes // 1440)
    found = {}
    for (one, other), met in sorted(days.items()):
        if len(met) < least:
            continue
        expected = sum(
            (len(people) - 1) * people.count(one) * own[other, port, direction] / total[port, direction]
            for (port, direction, _), people in slots.items()
        )
        found[one, other] = (len(met), expected, float(stats.poisson.sf(len(met) - 1, expected)))
    return found


def hub_mule(
    arrivals: Iterable[int], trips: Iterable[int], *, window: int = 2, around: int = 10
) -> tuple[float, float, float]:
    """Parcels in hand on the days of trips, what the days around give, and the normal tail."""
    arrived = Counter(arrivals)
    first, last = min(arrived), max(arrived)
    load = {day: sum(arrived[day - lag] for lag in range(window + 1)) for day in range(first, last + 1)}
    observed = expected = variance = 0.0
    for day in sorted(set(trips)):
        if day not in load:
            continue
        alike = [each for each in range(first, last + 1) if is_weekend(each) == is_weekend(day)]
        place = alike.index(day)
        nearby = [load[each] for each in alike[max(0, place - around) : place + around + 1]]
        observed += load[day]
        expected += float(np.mean(nearby))
        variance += float(np.var(nearby))
    return observed, expected, float(stats.norm.sf((observed - expected) / np.sqrt(variance))) if variance else 1.0


def robust_z(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores in robust standard deviations over their median; the deviation is no smaller than a tenth."""
    values = np.array(list(scores.values()))
    off = values - np.median(values)
    scale = max(1.4826 * float(np.median(np.abs(off))), 0.1)
    return dict(zip(scores, (off / scale).tolist(), strict=True))
