"""What chance alone would give of each claim, and what the claim is worth, again: plain Python on the run's tables.

An expectation is of all rows of a case, not only of those that a claim cites: here it is counted from the tables that
the claim's question was put to (visits, parcels, days of travel, payments, names on tubes). None of the detectors' code
is used; tails are summed term by term. ``differs`` says which printed number of a claim cannot be got so.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from recount_asked import EPOCH, Numbers, Row
from recount_meetings import Meetings
from recount_pay import Pay
from recount_sought import SOUGHT, Sought, overlap
from recount_tails import LEAST_P, poisson, stepped, worth

_PAIRS = (("payee", "receiver"), ("payee", "address"), ("agent", "payee"))
# A masked name, a surname with a title and a familiar form are nobody's full name.
_PARTIAL = re.compile(
    r"\*|^.{1,2}(先生|女士|小姐|太太|阿姨|大姐|大哥|老师|医生|经理|老板|总|姐|哥|叔|姨)$|^[小老阿].$|^(mr|mrs|ms|miss|shri|smt|madam)[a-z]+$"
)

_CAPS = {
    "mule_pay": (3.0,),
    "same_traveller": (3.0,),
    "same_seller": (3.0,),
    "paid_after_crossing": (1.5,),
    "carried_for": (3.0,),
    "carried_with_others": (3.0,),
    "pays_handlers": (3.0,),
    "paid_by_handlers": (3.0,),
    "talks_with_handlers": (3.0,),
    "seizure_backward": (3.0,),
    "relayed_parcels": (2.0,),
}
_WEEKS_BEFORE = 4


class Chance(Pay, Meetings, Sought):
    """The tables of one run, and what chance alone would give of every claim in them."""

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
        """The cap of a claim's weight; at a counter, where more than a few receive what arrives, the lower one."""
        detector = claim["detector"]
        capped = {
            "shared_clients": ("object", 3.0, 1.5),
            "shared_payees": ("object", 3.0, 1.5),
            "clients_of_advertisers": ("object", 3.0, 1.5),
            "regular_senders": ("object", 4.0, 2.0),
            **dict.fromkeys(SOUGHT, ("subject", 2.0, 1.0)),
        }
        if detector in capped:
            end, whole, counter = capped[detector]
            is_place = claim[f"{end}_kind"] == "place"
            return (counter if is_place and self._concentration(claim[f"{end}_id"]) < 0.3 else whole,)
        return _CAPS.get(detector, (2.0, 2.5, 3.0, 4.0))

    # Clients shared by two points.
    def _shared_clients(self, claim: Row) -> Iterator[Numbers]:
        for left_side, right_side in _PAIRS:
            left, right = (
                self._visits[side].get(claim[f"{end}_id"], [])
                for side, end in ((left_side, "subject"), (right_side, "object"))
            )
            if not left or not right:
                continue
            n_tests = max(len(self._visits[side]) for side in (left_side, right_side))
            yield overlap(left, right, self._use(right_side), (2, 2)).asked(n_tests)

    @property
    def _paid_again(self) -> dict[str, list[tuple[str, int]]]:
        """Whom each payer of five such pays twice and more, with the weeks."""

        def made() -> dict[str, list[tuple[str, int]]]:
            paid: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
            for row in self._tables("payment_ends"):
                client = row["payee_key"] if row["payee_key"] is not None else row["payee_id"]
                if client is not None and row["payer_id"] is not None and row["payee_id"] != row["payer_id"]:
                    paid[row["payer_id"]][client].append((row["paid_on"] - date(1970, 1, 1)).days // 7)
            again = {
                payer: [(client, week) for client, weeks in payees.items() if len(weeks) >= 2 for week in weeks]
                for payer, payees in paid.items()
            }
            return {payer: seen for payer, seen in again.items() if len({client for client, _ in seen}) >= 5}

        return self._once("paid again", made)  # type: ignore[no-any-return]

    def _shared_payees(self, claim: Row) -> Iterator[Numbers]:
        for side in ("receiver", "address"):
            left, right = self._paid_again.get(claim["subject_id"], []), self._visits[side].get(claim["object_id"], [])
            if not left or not right:
                continue
            n_tests = max(len(self._paid_again), len(self._visits[side]))
            yield overlap(left, right, self._use(side), (4, 1)).asked(n_tests)

    # Names on tubes.
    def _seen_before(self, carrier: str | None) -> set[tuple[str, int]]:
        """The women named on tubes, those of one traveller where given, with each week in which they may have paid."""
        return {
            (row["client"], row["week"] - back)
            for row in self._tables("labelled_client")
            if carrier is None or row["carrier_id"] == carrier
            for back in range(_WEEKS_BEFORE + 1)
        }

    @property
    def _labelled_points(self) -> dict[tuple[str, str], tuple[int, float, float]]:
        """Points where two and more women named on tubes were clients: how many, how many chance gives, the tail."""

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

        return self._once("labelled points", made)  # type: ignore[no-any-return]

    def _seizure_backward(self, claim: Row) -> Iterator[Numbers]:
        tested = self._labelled_points
        n_tests = sum(len(points) for points in self._visits.values())
        rates = self._once("rates of labelled points", lambda: stepped((each[2] for each in tested.values()), n_tests))
        for (_, point), (shared, expected, p) in tested.items():
            if point == claim["subject_id"]:
                yield Numbers(shared, expected, p, rates[p])

    def _carried_with_others(self, claim: Row) -> Iterator[Numbers]:
        """Points where women on other people's tubes were clients, and how many of one traveller's women were too."""
        carrier = claim["subject_id"]
        named = self._seen_before(carrier)
        weeks, n_women = {week for _, week in named}, len({client for client, _ in named})
        carriers = {row["carrier_id"] for row in self._tables("labelled_client")} - {None}
        best: Numbers | None = None
        for side in sorted(self._visits):
            known: list[str] = []
            shared: set[str] = set()
            for point, visits in self._visits[side].items():
                own = {client for client, week in visits if (client, week) in named}
                n_all, chance, _ = self._labelled_points.get((side, point), (0, 0.0, 1.0))
                is_asked = bool(own) and point != carrier and n_all - len(own) >= 2
                if is_asked and poisson(n_all - len(own), chance) <= 0.001:
                    known.append(point)
                    shared |= own
            if len(shared) < 2:
                continue
            every = sum(self._use(side)[1][week] for week in weeks)
            at_known = sum(week in weeks for point in known for _, week in self._visits[side][point])
            expected = n_women * at_known / every
            p = poisson(len(shared), expected)
            found = Numbers(len(shared), expected, p, min(p * len(carriers) * len(self._visits), 1.0))
            best = found if best is None or found.p < best.p else best
        if best is not None:
            yield best

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

    def _concentration(self, place: str) -> float:
        """How likely two of an address's parcels, drawn with replacement, are for one receiver."""
        taken = Counter(
            row["receiver_id"]
            for row in self._parcels
            if row["receiver_place"] == place and row["receiver_id"] is not None
        )
        n = sum(taken.values())
        return sum((each / n) ** 2 for each in taken.values()) if n else 1.0

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
                    weeks[pair].add((row["sent_on"] - EPOCH).days // 7)
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

    def _successive_addresses(self, claim: Row) -> Iterator[Numbers]:
        def made() -> dict[tuple[str, str], Numbers]:
            sent = Counter(
                (row["sender_id"], row["receiver_place"])
                for row in self._parcels
                if row["sender_id"] is not None and row["receiver_place"] is not None
            )
            regular: dict[str, set[str]] = defaultdict(set)
            for (sender, place), n in sent.items():
                if n >= 2:
                    regular[sender].add(place)
            reach = Counter(place for places in regular.values() for place in places)
            wide = {place for place, n in reach.items() if n >= 3}
            shared: Counter[tuple[str, str]] = Counter()
            for places in regular.values():
                if 2 <= len(places) <= 30:
                    kept = sorted(places & wide)
                    shared.update((one, two) for at, one in enumerate(kept) for two in kept[at + 1 :])
            several = {pair: n for pair, n in shared.items() if n >= 3}
            expected = {pair: reach[pair[0]] * reach[pair[1]] / len(regular) for pair in several}
            tails = {pair: poisson(n, expected[pair]) for pair, n in several.items()}
            rates = stepped(tails.values(), len(wide) * (len(wide) - 1) / 2)
            return {pair: Numbers(n, expected[pair], tails[pair], rates[tails[pair]]) for pair, n in several.items()}

        found = self._once("successive addresses", made)
        if (claim["subject_id"], claim["object_id"]) in found:
            yield found[claim["subject_id"], claim["object_id"]]

    # Payees by name.
    def _handlers(self) -> dict[str, set[str]]:
        """Full names of those found with specimens or who post them again and again, and of those who sell the test."""
        caught = {row["row_id"] for row in self._tables("sample_seizure") if not row["is_inbound"]}
        matter = {row["place_id"] for row in self._tables("matter_place")}
        weeks: dict[str, list[int]] = defaultdict(list)
        for row in self._parcels:
            if row["receiver_place"] in matter and row["sender_key"] is not None:
                weeks[row["sender_key"]].append((row["sent_on"] - EPOCH).days // 7)
        hands = {name for name, found in weeks.items() if len(found) >= 3 and len(set(found)) >= 2}
        mentions = self._tables("mention")
        hands |= {
            row["name_key"]
            for row in mentions
            if row["slot"] == "seizure.carrier" and row["row_id"] in caught and row["name_key"] is not None
        }
        soliciting = {row["text"] for row in self._tables("reading") if row["is_solicitation"]}
        posts = {row["row_id"] for row in self._tables("post") if row["text"] in soliciting}
        accounts = ("post.account", "post.contact")
        sellers = {row["party_id"] for row in mentions if row["slot"] in accounts and row["row_id"] in posts}
        sold = Counter(row["agent_id"] for row in self._tables("suspect_order") if row["is_explicit"])
        sellers = (sellers | {agent for agent, n in sold.items() if n >= 3}) - {None}
        sells = {row["name_key"] for row in mentions if row["party_id"] in sellers and row["name_key"] is not None}
        found = {"hands": hands, "sells": sells}
        return {way: {name for name in names if not _PARTIAL.search(name)} for way, names in found.items()}

    def _pays_handlers(self, claim: Row) -> Iterator[Numbers]:
        yield from self._meets_handlers(claim, (("payment.payer", "payment.payee"),))

    def _paid_by_handlers(self, claim: Row) -> Iterator[Numbers]:
        yield from self._meets_handlers(claim, (("payment.payee", "payment.payer"),))

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
            n_pairs = max(sum(len(names) for names in met.values()), 1)
            asked = {party: len(names) for party, names in met.items() if len(names) >= 3}
            tails: dict[tuple[str, str], tuple[int, float, float]] = {}
            for way, handlers in self._handlers().items():
                named = {party: len(names & handlers) for party, names in met.items()}
                share = sum(named.values()) / n_pairs
                tails |= {
                    (party, way): (named[party], n * share, poisson(named[party], n * share))
                    for party, n in asked.items()
                    if named[party] >= 2
                }
            rates = stepped((each[2] for each in tails.values()), 2 * len(asked))
            best: dict[str, Numbers] = {}
            for (party, _), (observed, expected, p) in sorted(tails.items()):
                if party not in best or (rates[p], p) < (best[party].q, best[party].p):
                    best[party] = Numbers(observed, expected, p, rates[p])
            return best

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
        *_, n_such, n_paid = (int(each) for each in re.findall(r"\d+", claim["claim"].rpartition(" people who")[0]))
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
