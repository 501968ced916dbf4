"""Pay that follows trips, again: days of pay soon after a trip, against what the traveller's calendar alone gives."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from recount_asked import EPOCH, Asked, Numbers, Row
from recount_tails import binomial


class Pay(Asked):
    """Who is paid when, and when who travels."""

    @property
    def _trips(self) -> dict[str, list[int]]:
        def made() -> dict[str, list[int]]:
            found: dict[str, list[int]] = defaultdict(list)
            for row in self._tables("trip_day"):
                found[row["party_id"]].append((row["on"] - EPOCH).days)
            return {party: sorted(days) for party, days in found.items()}

        return self._once("trips", made)  # type: ignore[no-any-return]

    @property
    def _pay(self) -> dict[tuple[str, str], set[int]]:
        """The days on which one party paid another, where there are three and more."""

        def made() -> dict[tuple[str, str], set[int]]:
            ends: dict[str, dict[int, str]] = {"payment.payer": {}, "payment.payee": {}}
            for row in self._tables("mention"):
                if row["slot"] in ends and row["party_id"] is not None:
                    ends[row["slot"]][row["row_id"]] = row["party_id"]
            found: dict[tuple[str, str], set[int]] = defaultdict(set)
            for row in self._tables("payment"):
                payer, payee = (ends[slot].get(row["row_id"]) for slot in ends)
                if payer is not None and payee is not None:
                    found[payer, payee].add((row["paid_at"].date() - EPOCH).days)
            return {pair: days for pair, days in found.items() if len(days) >= 3}

        return self._once("pay", made)  # type: ignore[no-any-return]

    @property
    def _travellers_of(self) -> dict[str, set[str]]:
        """Which travellers a paid party may be: itself, or, where it never travels, those of its full name."""

        def made() -> dict[str, set[str]]:
            names: dict[str, str] = {}
            for row in self._tables("trip_day"):
                if row["name_key"] is not None:
                    names[row["party_id"]] = min(row["name_key"], names.get(row["party_id"], row["name_key"]))
            asked = {party for party, days in self._trips.items() if _may_be_paid_by_trips(days)}
            called: dict[str, set[str]] = defaultdict(set)
            for party in asked:
                if party in names:
                    called[names[party]].add(party)
            payees = {payee for _, payee in self._pay}
            found: dict[str, set[str]] = {payee: {payee} for payee in payees & asked}
            for row in self._tables("mention"):
                party, name = row["party_id"], row["name_key"]
                if row["slot"] == "payment.payee" and party in payees - asked and name and "*" not in name:
                    found.setdefault(party, set()).update(called.get(name, ()))
            return found

        return self._once("travellers", made)  # type: ignore[no-any-return]

    @property
    def _paid_travellers_asked(self) -> tuple[Counter[str], Counter[str]]:
        """How many pairs with pay in the traveller's time were asked about each payer, and about each traveller."""

        def made() -> tuple[Counter[str], Counter[str]]:
            payers: Counter[str] = Counter()
            travellers: Counter[str] = Counter()
            for (payer, payee), days in self._pay.items():
                for traveller in self._travellers_of.get(payee, ()):
                    trips = self._trips[traveller]
                    if any(trips[0] - 7 <= day <= trips[-1] + 14 for day in days):
                        payers[payer] += 1
                        travellers[traveller] += 1
            return payers, travellers

        return self._once("asked about pay", made)  # type: ignore[no-any-return]

    def _mule_pay(self, claim: Row) -> Iterator[Numbers]:
        payer, traveller = claim["subject_id"], claim["object_id"]
        for (one, payee), days in self._pay.items():
            if one == payer and traveller in self._travellers_of.get(payee, ()):
                yield self._by_calendar(payer, traveller, days)

    def _same_traveller(self, claim: Row) -> Iterator[Numbers]:
        """A payee who never travels and a traveller of one name: the pay of any payer may have told it."""
        payee, traveller = claim["subject_id"], claim["object_id"]
        for (payer, one), days in self._pay.items():
            if one == payee and payer != traveller and traveller in self._travellers_of.get(payee, ()):
                yield from (each for each in (self._by_calendar(payer, traveller, days),) if each.observed)

    def _by_calendar(self, payer: str, traveller: str, paid: set[int]) -> Numbers:
        """Days of pay soon after trips, held against the traveller's calendar; nothing where too few are."""
        payers, travellers = self._paid_travellers_asked
        every = self._once(
            "days of pay", lambda: [(row["paid_at"].date() - EPOCH).days for row in self._tables("payment")]
        )
        tails = [_soon_after(self._trips[traveller], paid, reach, (min(every), max(every))) for reach in (2, 7)]
        found = [each for each in tails if each[0] >= 3]
        if not found:
            return Numbers(0, 0.0, 1.0, 1.0)
        hits, expected, p = min(found, key=lambda each: each[2])
        p = min(2 * p, 1.0)
        return Numbers(hits, expected, p, min(p * max(payers[payer], travellers[traveller]), 1.0))


def _may_be_paid_by_trips(days: list[int]) -> bool:
    """Three trips and more, and not so many that every day is the day after one."""
    return len(days) >= 3 and (len(days) < 10 or len(days) <= 0.6 * (days[-1] - days[0] + 1))


def _soon_after(
    trips: list[int], paid: Iterable[int], reach: int, records: tuple[int, int]
) -> tuple[int, float, float]:
    """Days of pay up to ``reach`` days after a trip, how many the calendar gives, and the tail."""
    covered = {day + lag for day in trips for lag in range(reach + 1)}
    n_weeks = max(min(trips[-1] + 14, records[1]) - max(trips[0] - 7, records[0]) + 1, 1) / 7
    weekdays = Counter(day % 7 for day in covered)
    days = sorted(day for day in paid if trips[0] - 7 <= day <= trips[-1] + 14)
    if not days:
        return 0, 0.0, 1.0
    hits = sum(day in covered for day in days)
    expected = math.fsum(min(weekdays[day % 7] / n_weeks, 1.0) for day in days)
    return hits, expected, binomial(hits, len(days), expected / len(days))
