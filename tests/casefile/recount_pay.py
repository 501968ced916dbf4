"""Pay that follows crossings, again: days of pay soon after one, against what the traveller's calendar alone gives."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from recount_asked import EPOCH, Asked, Numbers, Row
from recount_tails import binomial, stepped

Ends = tuple[str, str]
"""A payee, and the traveller it may be."""


class Pay(Asked):
    """Who is paid when, and when who crosses."""

    @property
    def _passages(self) -> dict[str, list[int]]:
        """The days on which each traveller crossed, either way, in order."""

        def made() -> dict[str, list[int]]:
            whose = {
                row["row_id"]: row["party_id"]
                for row in self._tables("mention")
                if row["slot"] == "crossing.traveller" and row["party_id"] is not None
            }
            found: dict[str, set[int]] = defaultdict(set)
            for row in self._tables("crossing"):
                if row["row_id"] in whose:
                    found[whose[row["row_id"]]].add((row["crossed_at"].date() - EPOCH).days)
            return {party: sorted(days) for party, days in found.items()}

        return self._once("passages", made)  # type: ignore[no-any-return]

    @property
    def _pay(self) -> dict[tuple[str, str], set[int]]:
        """The days on which one party paid another."""

        def made() -> dict[tuple[str, str], set[int]]:
            ends: dict[str, dict[int, str]] = {"payment.payer": {}, "payment.payee": {}}
            for row in self._tables("mention"):
                if row["slot"] in ends and row["party_id"] is not None:
                    ends[row["slot"]][row["row_id"]] = row["party_id"]
            found: dict[tuple[str, str], set[int]] = defaultdict(set)
            for row in self._tables("payment"):
                payer, payee = (ends[slot].get(row["row_id"]) for slot in ends)
                if payer is not None and payee is not None and payer != payee:
                    found[payer, payee].add((row["paid_at"].date() - EPOCH).days)
            return found

        return self._once("pay", made)  # type: ignore[no-any-return]

    @property
    def _travellers_of(self) -> dict[str, set[str]]:
        """Which travellers a paid party may be: itself, or, where it never travels, those of its full name."""

        def made() -> dict[str, set[str]]:
            asked = {party for party, days in self._passages.items() if _may_be_paid_by_trips(days)}
            called: dict[str, str] = {}
            for row in self._tables("mention"):
                party, name = row["party_id"], row["name_key"]
                if row["slot"] == "crossing.traveller" and party in asked and name is not None:
                    called[party] = min(name, called.get(party, name))
            of_name: dict[str, set[str]] = defaultdict(set)
            for party, name in called.items():
                of_name[name].add(party)
            payees = {payee for _, payee in self._pay}
            found: dict[str, set[str]] = {payee: {payee} for payee in payees & asked}
            for row in self._tables("mention"):
                party, name = row["party_id"], row["name_key"]
                if row["slot"] == "payment.payee" and party in payees - asked and name and "*" not in name:
                    found.setdefault(party, set()).update(of_name.get(name, ()))
            return found

        return self._once("travellers", made)  # type: ignore[no-any-return]

    @property
    def _paid_in_time(self) -> dict[Ends, dict[str, list[int]]]:
        """For each payee and traveller, the days of pay by each payer in the traveller's time."""

        def made() -> dict[Ends, dict[str, list[int]]]:
            found: dict[Ends, dict[str, list[int]]] = defaultdict(dict)
            for (payer, payee), days in self._pay.items():
                for traveller in self._travellers_of.get(payee, set()) - {payer}:
                    crossed = self._passages[traveller]
                    timely = [day for day in days if crossed[0] - 7 <= day <= crossed[-1] + 14]
                    if timely:
                        found[payee, traveller][payer] = timely
            return found

        return self._once("paid in time", made)  # type: ignore[no-any-return]

    @property
    def _asked_about_pay(self) -> tuple[Counter[str], Counter[str]]:
        """How many pairs with three days of pay were asked about each payer, and about each traveller."""

        def made() -> tuple[Counter[str], Counter[str]]:
            payers: Counter[str] = Counter()
            travellers: Counter[str] = Counter()
            for (_, traveller), paid in self._paid_in_time.items():
                for payer, days in paid.items():
                    if len(days) >= 3:
                        payers[payer] += 1
                        travellers[traveller] += 1
            return payers, travellers

        return self._once("asked about pay", made)  # type: ignore[no-any-return]

    @property
    def _paid_by_all(self) -> dict[Ends, tuple[int, float, float]]:
        """For each payee and traveller with three days of pay by whomever: days soon after, by chance, the tail."""

        def made() -> dict[Ends, tuple[int, float, float]]:
            every = {ends: {day for days in paid.values() for day in days} for ends, paid in self._paid_in_time.items()}
            return {ends: self._soonest(ends[1], days) for ends, days in every.items() if len(days) >= 3}

        return self._once("paid by all", made)  # type: ignore[no-any-return]

    def _mule_pay(self, claim: Row) -> Iterator[Numbers]:
        payer, traveller = claim["subject_id"], claim["object_id"]
        payers, travellers = self._asked_about_pay
        for (_, one), paid in self._paid_in_time.items():
            if one == traveller and len(paid.get(payer, ())) >= 3:
                hits, expected, p = self._soonest(traveller, set(paid[payer]))
                yield Numbers(hits, expected, p, min(p * max(payers[payer], travellers[traveller]), 1.0))

    def _same_traveller(self, claim: Row) -> Iterator[Numbers]:
        """A payee who never travels and a traveller of one name: the pay of any payer may have told it, or of all."""
        ends = claim["subject_id"], claim["object_id"]
        payers, travellers = self._asked_about_pay
        for payer, days in self._paid_in_time.get(ends, {}).items():
            if len(days) >= 3:
                hits, expected, p = self._soonest(ends[1], set(days))
                if hits:
                    yield Numbers(hits, expected, p, min(p * max(payers[payer], travellers[ends[1]]), 1.0))
        if ends in self._paid_by_all:
            hits, expected, p = self._paid_by_all[ends]
            n_about = sum(traveller == ends[1] for _, traveller in self._paid_by_all)
            yield Numbers(hits, expected, p, min(p * n_about, 1.0))

    def _paid_after_crossing(self, claim: Row) -> Iterator[Numbers]:
        rates = self._once(
            "rates of pay after crossings",
            lambda: stepped((each[2] for each in self._paid_by_all.values() if each[0]), len(self._paid_by_all)),
        )
        for (payee, _), (hits, expected, p) in self._paid_by_all.items():
            if payee == claim["subject_id"] and hits:
                yield Numbers(hits, expected, p, rates[p])

    def _soonest(self, traveller: str, paid: set[int]) -> tuple[int, float, float]:
        """Days of pay soon after crossings, held against the traveller's calendar; nothing where too few are."""
        every = self._once(
            "days of pay", lambda: [(row["paid_at"].date() - EPOCH).days for row in self._tables("payment")]
        )
        tails = [_soon_after(self._passages[traveller], paid, reach, (min(every), max(every))) for reach in (2, 7)]
        found = [each for each in tails if each[0] >= 3]
        if not found:
            return 0, 0.0, 1.0
        hits, expected, p = min(found, key=lambda each: each[2])
        return hits, expected, min(2 * p, 1.0)


def _may_be_paid_by_trips(days: list[int]) -> bool:
    """Three days of crossing and more, and not so many that every day is the day after one."""
    return len(days) >= 3 and (len(days) < 10 or len(days) <= 0.6 * (days[-1] - days[0] + 1))


def _soon_after(
    trips: list[int], paid: Iterable[int], reach: int, records: tuple[int, int]
) -> tuple[int, float, float]:
    """Days of pay up to ``reach`` days after a crossing, how many the calendar gives, and the tail."""
    covered = {day + lag for day in trips for lag in range(reach + 1)}
    n_weeks = max(min(trips[-1] + 14, records[1]) - max(trips[0] - 7, records[0]) + 1, 1) / 7
    weekdays = Counter(day % 7 for day in covered)
    days = sorted(day for day in paid if trips[0] - 7 <= day <= trips[-1] + 14)
    if not days:
        return 0, 0.0, 1.0
    hits = sum(day in covered for day in days)
    expected = math.fsum(min(weekdays[day % 7] / n_weeks, 1.0) for day in days)
    return hits, expected, binomial(hits, len(days), expected / len(days))
