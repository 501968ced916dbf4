"""What chance alone would give of each claim, and what the claim is worth, again: plain Python on the run's tables.

An expectation is of all rows of a case, not only of those that a claim cites: here it is counted from the tables that
the claim's question was put to (visits, parcels, days of travel, payments, names on tubes). None of the detectors' code
is used; tails are summed term by term. ``differs`` says which printed number of a claim cannot be got so.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from recount_tails import LEAST_P, binomial, poisson, stepped, worth

Row = Mapping[str, Any]
Tables = Callable[[str], list[dict[str, Any]]]

_EPOCH = date(1970, 1, 1)
_PAIRS = (("payee", "receiver"), ("payee", "address"), ("agent", "payee"))
_CAPS = {
    "mule_pay": (3.0,),
    "carried_for": (3.0,),
    "carried_with_others": (3.0,),
    "pays_handlers": (3.0,),
    "talks_with_handlers": (3.0,),
    "seizure_backward": (3.0,),
    "relayed_parcels": (2.0,),
}
_WEEKS_BEFORE = 4


class Numbers(NamedTuple):
    """The numbers of one test."""

    observed: float
    expected: float
    p: float
    q: float


class Chance:
    """The tables of one run, as the questions of the detectors are asked of them."""

    def __init__(self, tables: Tables) -> None:
        """Name the tables; each is read when a claim needs it."""
        self._tables = tables
        self._held: dict[str, Any] = {}

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._held:
            self._held[name] = make()
        return self._held[name]

    def differs(self, claim: Row) -> list[str]:
        """Which of a claim's observed, expected, p and q no reading of the tables gives, and whether its weight is off.

        A claim of a question that is not asked again here is held against its own numbers: p against what was observed
        and expected, where the test is a Poisson count, and the weight against q.
        """
        if claim["p_value"] is None:
            return self._unlike(claim)
        asked = getattr(self, f"_{claim['detector']}", None)
        found = list(asked(claim)) if asked else []
        said = Numbers(claim["n_observed"], claim["n_expected"], claim["p_value"], claim["q_value"])
        wrong = []
        if asked and not any(_same(each, said) for each in found):
            wrong.append(f"says {said}, its tables give {found}")
        caps = self._caps(claim)
        if not any(abs(worth(said.q, cap) - claim["weight"]) < 2e-4 for cap in caps):
            wrong.append(f"weighs {claim['weight']}, q of {said.q} is worth {[worth(said.q, cap) for cap in caps]}")
        return wrong

    def _caps(self, claim: Row) -> tuple[float, ...]:
        """The cap of a claim's weight; at a counter, where no one receives most of what arrives, the lower one."""
        detector = claim["detector"]
        if detector in ("shared_clients", "regular_senders"):
            whole, counter = {"shared_clients": (3.0, 1.5), "regular_senders": (4.0, 2.0)}[detector]
            is_place = claim["object_kind"] == "place"
            return (counter if is_place and self._main_share(claim["object_id"]) < 0.6 else whole,)
        return _CAPS.get(detector, (2.0, 2.5, 3.0, 4.0))

    # Visits: who was seen at which point in which week.
    @property
    def _visits(self) -> dict[str, dict[str, list[tuple[str, int]]]]:
        def made() -> dict[str, dict[str, list[tuple[str, int]]]]:
            found: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
            for row in self._tables("visit"):
                found[row["side"]][row["point_id"]].append((row["client"], row["week"]))
            return found

        return self._once("visits", made)  # type: ignore[no-any-return]

    def _use(self, side: str) -> tuple[Counter[tuple[str, int]], Counter[int]]:
        """How often each client was seen on a side in each week, and how many visits it had in the week."""

        def made() -> tuple[Counter[tuple[str, int]], Counter[int]]:
            every = [each for point in self._visits[side].values() for each in point]
            return Counter(every), Counter(week for _, week in every)

        return self._once(f"use of {side}", made)  # type: ignore[no-any-return]

    def _shared_clients(self, claim: Row) -> Iterator[Numbers]:
        for left_side, right_side in _PAIRS:
            left, right = (
                self._visits[side].get(claim[f"{end}_id"], [])
                for side, end in ((left_side, "subject"), (right_side, "object"))
            )
            if not left or not right:
                continue
            use, all_ = self._use(right_side)
            weekly, there = Counter(week for _, week in right), set(right)
            shared, expected = set(), 0.0
            for client, week in left:
                window = range(week - 2, week + 3)
                own, whole = sum(use[client, each] for each in window), sum(all_[each] for each in window)
                expected += own / whole * sum(weekly[each] for each in window) if own else 0.0
                if any((client, each) in there for each in window):
                    shared.add(client)
            n_tests = max(len(self._visits[side]) for side in (left_side, right_side))
            p = poisson(len(shared), expected)
            yield Numbers(len(shared), expected, p, min(p * n_tests, 1.0))

    # Names on tubes.
    def _seen_before(self, carrier: str | None) -> set[tuple[str, int]]:
        """The women named on tubes, those of one traveller where given, with each week in which they may have paid."""
        return {
            (row["client"], row["week"] - back)
            for row in self._tables("labelled_client")
            if carrier is None or row["carrier_id"] == carrier
            for back in range(_WEEKS_BEFORE + 1)
        }

    def _seizure_backward(self, claim: Row) -> Iterator[Numbers]:
        def made() -> dict[tuple[str, str], tuple[int, float, float]]:
            named, found = self._seen_before(None), {}
            for side, points in self._visits.items():
                use = Counter(client for point in points.values() for client, _ in point)
                n_side = sum(len(point) for point in points.values())
                mass: Counter[int] = Counter()
                for client, week in sorted(named):
                    mass[week] += use[client] / n_side  # type: ignore[assignment]
                for point, visits in points.items():
                    shared = {client for client, week in visits if (client, week) in named}
                    if len(shared) >= 2:
                        expected = math.fsum(mass[week] for _, week in visits)
                        found[side, point] = (len(shared), expected, poisson(len(shared), expected))
            return found

        tested = self._once("labelled points", made)
        n_tests = sum(len(points) for points in self._visits.values())
        rates = self._once("rates of labelled points", lambda: stepped((each[2] for each in tested.values()), n_tests))
        for (_, point), (shared, expected, p) in tested.items():
            if point == claim["subject_id"]:
                yield Numbers(shared, expected, p, rates[p])

    def _carried_for(self, claim: Row) -> Iterator[Numbers]:
        carrier, point = claim["object_id"], claim["subject_id"]
        named = self._seen_before(carrier)
        weeks, n_women = {week for _, week in named}, len({client for client, _ in named})
        for side, points in self._visits.items():
            visits = points.get(point, [])
            shared = {client for client, week in visits if (client, week) in named}
            if len(shared) < 2:
                continue
            every = sum(self._use(side)[1][week] for week in weeks)
            expected = n_women * sum(week in weeks for _, week in visits) / every
            p = poisson(len(shared), expected)
            yield Numbers(len(shared), expected, p, min(p * len(points), 1.0))

    # Parcels: who sent to which address.
    @property
    def _parcels(self) -> list[dict[str, Any]]:
        return self._tables("parcel_ends")

    def _main_share(self, place: str) -> float:
        """The share of an address's parcels that its main receiver takes."""
        taken = Counter(
            row["receiver_id"]
            for row in self._parcels
            if row["receiver_place"] == place and row["receiver_id"] is not None
        )
        return max(taken.values()) / sum(taken.values()) if taken else 1.0

    def _counts(self) -> tuple[Counter[str], Counter[str]]:
        """How many parcels each sender sent, and how many each address received."""

        def made() -> tuple[Counter[str], Counter[str]]:
            return (
                Counter(row["sender_id"] for row in self._parcels if row["sender_id"] is not None),
                Counter(row["receiver_place"] for row in self._parcels if row["receiver_place"] is not None),
            )

        return self._once("counts of parcels", made)  # type: ignore[no-any-return]

    def _regular_senders(self, claim: Row) -> Iterator[Numbers]:
        def made() -> dict[tuple[str, str], Numbers]:
            matter = {row["place_id"] for row in self._tables("matter_place")} | self._busy_places
            pairs: Counter[tuple[str, str]] = Counter()
            weeks: dict[tuple[str, str], set[int]] = defaultdict(set)
            for row in self._parcels:
                pair = (row["sender_id"], row["receiver_place"])
                if row["receiver_place"] in matter and row["sender_id"] is not None:
                    pairs[pair] += 1
                    weeks[pair].add((row["sent_on"] - _EPOCH).days // 7)
            own, popular = self._counts()
            again = {pair: n for pair, n in pairs.items() if n >= 4 and len(weeks[pair]) >= 3}
            return _against_shares(again, own, popular, len(self._parcels), len(pairs))

        found = self._once("regular senders", made)
        if (claim["subject_id"], claim["object_id"]) in found:
            yield found[claim["subject_id"], claim["object_id"]]

    @property
    def _busy_places(self) -> set[str]:
        """Addresses to which thirty and more senders sent."""
        senders: dict[str, set[str]] = defaultdict(set)
        for row in self._parcels:
            if row["receiver_place"] is not None:
                senders[row["receiver_place"]].add(row["sender_key"] or row["sender_id"])
        return {place for place, found in senders.items() if len(found - {None}) >= 30}  # type: ignore[arg-type]

    def _relayed_parcels(self, claim: Row) -> Iterator[Numbers]:
        def made() -> dict[tuple[str, str], Numbers]:
            senders: dict[str, set[str]] = defaultdict(set)
            for row in self._parcels:
                if row["receiver_id"] is not None:
                    senders[row["receiver_id"]].add(row["sender_key"] or row["sender_id"])
            gatherers = {party for party, found in senders.items() if len(found - {None}) >= 5}  # type: ignore[arg-type]
            sent = [row for row in self._parcels if row["receiver_place"] is not None and row["sender_id"] in gatherers]
            own = Counter(row["sender_id"] for row in sent)
            pairs = Counter(
                (row["sender_id"], row["receiver_place"])
                for row in sent
                if row["receiver_id"] is not None and row["receiver_id"] != row["sender_id"]
            )
            several = {pair: n for pair, n in pairs.items() if n >= 3}
            return _against_shares(several, own, self._counts()[1], len(self._parcels), len(pairs))

        found = self._once("relayed parcels", made)
        if (claim["subject_id"], claim["object_id"]) in found:
            yield found[claim["subject_id"], claim["object_id"]]

    # Pay and trips.
    @property
    def _trips(self) -> dict[str, list[int]]:
        def made() -> dict[str, list[int]]:
            found: dict[str, list[int]] = defaultdict(list)
            for row in self._tables("trip_day"):
                found[row["party_id"]].append((row["on"] - _EPOCH).days)
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
                    found[payer, payee].add((row["paid_at"].date() - _EPOCH).days)
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
        payers, travellers = self._paid_travellers_asked
        every = self._once(
            "days of pay", lambda: [(row["paid_at"].date() - _EPOCH).days for row in self._tables("payment")]
        )
        records = (min(every), max(every))
        for (one, payee), days in self._pay.items():
            if one == payer and traveller in self._travellers_of.get(payee, ()):
                tails = [_soon_after(self._trips[traveller], days, reach, records) for reach in (2, 7)]
                hits, expected, p = min((each for each in tails if each[0] >= 3), key=lambda each: each[2])
                p = min(2 * p, 1.0)
                yield Numbers(hits, expected, p, min(p * max(payers[payer], travellers[traveller]), 1.0))

    # Payees by name.
    def _handlers(self) -> set[str]:
        """Full names of those found with specimens, and of who posts three times in two weeks to where they go."""
        caught = {row["row_id"] for row in self._tables("sample_seizure") if not row["is_inbound"]}
        matter = {row["place_id"] for row in self._tables("matter_place")}
        weeks: dict[str, list[int]] = defaultdict(list)
        for row in self._parcels:
            if row["receiver_place"] in matter and row["sender_key"] is not None:
                weeks[row["sender_key"]].append((row["sent_on"] - _EPOCH).days // 7)
        names = {name for name, found in weeks.items() if len(found) >= 3 and len(set(found)) >= 2}
        names |= {
            row["name_key"]
            for row in self._tables("mention")
            if row["slot"] == "seizure.carrier" and row["row_id"] in caught and row["name_key"] is not None
        }
        return {name for name in names if "*" not in name}

    def _pays_handlers(self, claim: Row) -> Iterator[Numbers]:
        yield from self._meets_handlers(claim, (("payment.payer", "payment.payee"),))

    def _talks_with_handlers(self, claim: Row) -> Iterator[Numbers]:
        yield from self._meets_handlers(claim, (("contact.from", "contact.to"), ("contact.to", "contact.from")))

    def _meets_handlers(self, claim: Row, ways: tuple[tuple[str, str], ...]) -> Iterator[Numbers]:
        def made() -> dict[str, Numbers]:
            met: dict[str, set[str]] = defaultdict(set)
            for way in ways:
                ones, others = (
                    {row["row_id"]: row for row in self._tables("mention") if row["slot"] == end} for end in way
                )
                for row_id, one in ones.items():
                    other = others.get(row_id, {})
                    name = other.get("name_key")
                    if one["party_id"] and name and "*" not in name and other["party_id"] != one["party_id"]:
                        met[one["party_id"]].add(name)
            handlers = self._handlers()
            named = {party: len(names & handlers) for party, names in met.items()}
            share = sum(named.values()) / max(sum(len(names) for names in met.values()), 1)
            asked = {party: len(names) for party, names in met.items() if len(names) >= 3}
            tails = {party: poisson(named[party], n * share) for party, n in asked.items() if named[party] >= 2}
            rates = stepped(tails.values(), len(asked))
            return {party: Numbers(named[party], asked[party] * share, p, rates[p]) for party, p in tails.items()}

        found = self._once(f"names met at {ways[0][0]}", made)
        if claim["subject_id"] in found:
            yield found[claim["subject_id"]]

    # Weights of claims without a tail.
    def _unlike(self, claim: Row) -> list[str]:
        """Whether a weight is not the one that its question gives to these counts."""
        given = getattr(self, f"_weigh_{claim['detector']}", None)
        allowed = given(claim) if given else _FIXED.get(claim["detector"])
        if allowed is None or any(abs(each - claim["weight"]) < 2e-4 for each in allowed):
            return []
        return [f"weighs {claim['weight']}, its question gives {sorted(allowed)}"]

    def _weigh_keeps_address(self, claim: Row) -> list[float]:
        there = Counter(
            row["receiver_id"]
            for row in self._parcels
            if row["receiver_place"] == claim["object_id"] and row["receiver_id"] is not None
        )
        return [max(2.0 * there[claim["subject_id"]] / sum(there.values()), 0.7)]

    def _weigh_paid_travellers(self, claim: Row) -> list[float]:
        *_, n_such, n_paid = (int(each) for each in re.findall(r"\d+", claim["claim"].rpartition(" are who")[0]))
        return [min(-math.log10(2 * n_such / n_paid), 1.5)]

    def _weigh_quick_returns(self, _: Row) -> list[float]:
        def made() -> float:
            travellers: dict[str, list[Row]] = defaultdict(list)
            for row in self._tables("trip_day"):
                travellers[row["party_id"]].append(row)
            often = [rows for rows in travellers.values() if len(rows) >= 6]
            quick = [rows for rows in often if sum(bool(row["is_quick"]) for row in rows) >= 0.8 * len(rows)]
            return len(quick) / len(often)

        share: float = self._once("share of quick returns", made)
        return [min(max(-math.log10(share), 0.0), 0.7)]


def _same(found: Numbers, said: Numbers) -> bool:
    """Whether two tests are one: counts alike, expectations to six places, tails to a millionth of themselves."""
    return (
        found.observed == said.observed
        and abs(found.expected - said.expected) <= 1e-6 * max(1.0, found.expected)
        and all(
            abs(math.log(max(a, LEAST_P)) - math.log(max(b, LEAST_P)))
            <= 1e-6 * max(1.0, abs(math.log(max(b, LEAST_P))))
            for a, b in ((found.p, said.p), (found.q, said.q))
        )
    )


def _against_shares(
    pairs: Mapping[tuple[str, str], int], own: Mapping[str, int], popular: Mapping[str, int], n_all: int, n_asked: int
) -> dict[tuple[str, str], Numbers]:
    """Parcels of a sender to an address, where each goes to addresses by their share of all parcels."""
    expected = {pair: own[pair[0]] * popular[pair[1]] / n_all for pair in pairs}
    tails = {pair: poisson(n, expected[pair]) for pair, n in pairs.items()}
    rates = stepped(tails.values(), n_asked)
    return {pair: Numbers(n, expected[pair], tails[pair], rates[tails[pair]]) for pair, n in pairs.items()}


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


# What a claim that states what records say may weigh, by its question.
_FIXED: dict[str, tuple[float, ...]] = {
    "order_parcels": (1.3, 2.0, 3.0),
    "order_parcel_links": (1.3, 2.0, 3.0),
    "order_destinations": (1.3, 2.0, 3.0),
    "sample_orders": (0.5, 1.0, 2.0, 3.0),
    "order_collectors": (2.5,),
    "seized_carriers": (1.5, 3.0),
    "seized_parcels": (2.5, 3.0),
    "seized_parcel_senders": (2.0,),
    "commuter_rhythm": (-0.7,),
}
