"""Who crosses when parcels have come, and who crosses with whom, again: plain Python on the run's tables."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

from recount_asked import EPOCH, Asked, Numbers, Row
from recount_tails import LEAST_P, poisson, stepped

_AROUND = 10
_MINUTES = 5


class Meetings(Asked):
    """Trips held against parcels that came, and crossings against the crowd at a port."""

    @property
    def _loads(self) -> dict[str, dict[int, tuple[int, float, float]]]:
        """For each place where specimens go, each day's parcels of three days, and mean and variance of days alike."""

        def made() -> dict[str, dict[int, tuple[int, float, float]]]:
            matter = {row["place_id"] for row in self._tables("matter_place")}
            came = {row["row_id"]: row for row in self._tables("waybill")}
            arrivals: dict[str, Counter[int]] = defaultdict(Counter)
            for row in self._tables("mention"):
                if row["slot"] == "waybill.receiver" and row["place_id"] in matter and row["row_id"] in came:
                    sent = came[row["row_id"]]
                    at = sent["delivered_at"] or (sent["accepted_at"] and sent["accepted_at"] + timedelta(days=2))
                    if at:
                        arrivals[row["place_id"]][(at.date() - EPOCH).days] += 1
            return {place: _around(counted) for place, counted in arrivals.items()}

        return self._once("loads of places", made)  # type: ignore[no-any-return]

    def _hub_mule_coupling(self, claim: Row) -> Iterator[Numbers]:
        def made() -> dict[tuple[str, str], Numbers]:
            quick: dict[str, list[int]] = defaultdict(list)
            for row in self._tables("trip_day"):
                if row["is_quick"]:
                    quick[row["party_id"]].append((row["on"] - EPOCH).days)
            choosers = {
                party: days
                for party, days in quick.items()
                if len(days) >= 6 and len(days) <= 0.6 * (max(days) - min(days) + 1)
            }
            tested: dict[tuple[str, str], tuple[int, float, float]] = {}
            for place, daily in self._loads.items():
                for party, days in choosers.items():
                    met = [daily[day] for day in days if day in daily]
                    variance = math.fsum(each[2] for each in met)
                    if len(met) >= 6 and variance > 0:
                        expected = math.fsum(each[1] for each in met)
                        observed = sum(each[0] for each in met)
                        z = (observed - expected) / math.sqrt(variance)
                        p = min(max(math.erfc(z / math.sqrt(2)) / 2, LEAST_P), 1.0)
                        tested[place, party] = (observed, expected, p)
            rates = stepped((each[2] for each in tested.values()), len(tested))
            return {pair: Numbers(*each, rates[each[2]]) for pair, each in tested.items()}

        found = self._once("parcels before trips", made)
        if (claim["subject_id"], claim["object_id"]) in found:
            yield found[claim["subject_id"], claim["object_id"]]

    @property
    def _crossings(self) -> tuple[dict[str, list[tuple[Any, ...]]], Counter[tuple[Any, ...]], Counter[tuple[Any, ...]]]:
        """The timed crossings of each party, how many cross in each gap of minutes, and how many in all, by port."""

        def made() -> Any:
            timed = {
                row["row_id"]: row
                for row in self._tables("crossing")
                if row["is_day_only"] is False and row["port"] is not None and row["crossed_at"] is not None
            }
            own: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
            for row in self._tables("mention"):
                if row["slot"] == "crossing.traveller" and row["party_id"] is not None and row["row_id"] in timed:
                    each = timed[row["row_id"]]
                    seconds = int(each["crossed_at"].replace(tzinfo=UTC).timestamp())
                    gap = seconds // (60 * _MINUTES)
                    own[row["party_id"]].append((each["port"], each["direction"], gap, each["crossed_at"].date()))
            every = [each for found in own.values() for each in found]
            return own, Counter(each[:3] for each in every), Counter(each[:2] for each in every)

        return self._once("timed crossings", made)  # type: ignore[no-any-return]

    def _travelling_together(self, claim: Row) -> Iterator[Numbers]:
        own, crowd, total = self._crossings
        left, right = (own.get(claim[f"{end}_id"], []) for end in ("subject", "object"))
        there = {each[:3] for each in right if each[1] is not None}
        together = {each[3] for each in left if each[:3] in there}
        known = Counter(each[:2] for each in right if each[1] is not None)
        share = {port: n / total[port] for port, n in known.items()}
        expected = math.fsum((crowd[each[:3]] - 1) * share.get(each[:2], 0.0) for each in left)
        p = poisson(len(together), expected)
        n_busy = sum(len(found) >= 3 for found in own.values())
        yield Numbers(len(together), expected, p, min(p * (n_busy - 1), 1.0))


def _around(arrived: Counter[int]) -> dict[int, tuple[int, float, float]]:
    """For each day from first to last arrival: parcels of three days, and what days of its sort around it had."""
    days = range(min(arrived), max(arrived) + 1)
    loads = {day: sum(arrived[day - lag] for lag in range(3)) for day in days}
    found: dict[int, tuple[int, float, float]] = {}
    for is_weekend in (False, True):
        alike = [day for day in days if ((day + 3) % 7 >= 5) is is_weekend]
        for at, day in enumerate(alike):
            near = [loads[each] for each in alike[max(at - _AROUND, 0) : at + _AROUND + 1]]
            mean = math.fsum(near) / len(near)
            found[day] = (loads[day], mean, math.fsum((each - mean) ** 2 for each in near) / len(near))
    return found
