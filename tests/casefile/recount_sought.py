"""Whom the people met who sought the test, again: each point's visits against how often its clients are seen at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from recount_asked import Asked, Numbers, Row
from recount_tails import poisson, stepped

Visit = tuple[str, int]
"""A client, and the week in which it was seen."""
Use = tuple[Counter[Visit], Counter[int]]
"""How often each client was seen on a side in each week, and how many visits it had in the week."""

# Who sought the test which way, on which sides they are looked for, and in which weeks before and after.
SOUGHT = {
    "ordered_and_posted": ("order", ("receiver", "address"), (2, 4)),
    "ordered_and_paid": ("order", ("payee",), (2, 4)),
    "ordered_and_talked": ("order", ("talk",), (2, 4)),
    "wrote_and_posted": ("contact", ("receiver", "address"), (1, 6)),
    "wrote_and_paid": ("contact", ("payee",), (1, 6)),
    "wrote_and_talked": ("contact", ("talk",), (1, 6)),
}
# As what the clients of a side are known: by name, as parties, or as both, one after the other.
_KNOWN = {("payee",): ("client",), ("talk",): ("client_id",)}


def use_of(points: Mapping[str, Iterable[Visit]]) -> Use:
    """The use of a side by its points' visits."""
    every = [each for point in points.values() for each in point]
    return Counter(every), Counter(week for _, week in every)


def overlap(left: Iterable[Visit], right: Iterable[Visit], use: Use, weeks: tuple[int, int]) -> Numbers:
    """Who was seen at both within so many weeks before and after, and how many chance would give; q is p."""
    seen, whole = use
    right = list(right)
    weekly, there = Counter(week for _, week in right), set(right)
    shared, expected = set(), 0.0
    for client, week in left:
        window = range(week - weeks[0], week + weeks[1] + 1)
        own, every = sum(seen[client, each] for each in window), sum(whole[each] for each in window)
        expected += own / every * sum(weekly[each] for each in window) if own else 0.0
        if any((client, each) in there for each in window):
            shared.add(client)
    p = poisson(len(shared), expected)
    return Numbers(len(shared), expected, p, p)


class Sought(Asked):
    """Who was seen at which point in which week, and who of them sought the test."""

    @property
    def _visits(self) -> dict[str, dict[str, list[tuple[str, int]]]]:
        return self._visits_by("client")

    def _visits_by(self, known: str) -> dict[str, dict[str, list[tuple[str, int]]]]:
        """By side and point, the clients who were seen there with their weeks: by name, or those known as parties."""

        def made() -> dict[str, dict[str, list[tuple[str, int]]]]:
            found: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
            for row in self._tables("visit"):
                if row[known] is not None:
                    found[row["side"]][row["point_id"]].append((row[known], row["week"]))
            return found

        return self._once(f"visits by {known}", made)  # type: ignore[no-any-return]

    def _use(self, side: str) -> Use:
        return self._once(f"use of {side}", lambda: use_of(self._visits[side]))  # type: ignore[no-any-return]

    def _sought(self, claim: Row) -> Iterator[Numbers]:
        tested = self._served(claim["detector"])
        rates = self._once(
            f"rates of {claim['detector']}",
            lambda: stepped((each.p for found in tested.values() for each in found), self._n_asked(claim["detector"])),
        )
        for each in tested.get(claim["subject_id"], ()):
            yield each._replace(q=min(rates[each.p], 1.0))

    _ordered_and_posted = _ordered_and_paid = _wrote_and_posted = _wrote_and_paid = _sought
    _ordered_and_talked = _wrote_and_talked = _sought

    def _n_asked(self, detector: str) -> int:
        """Every point of every side, by names and by parties."""
        _, sides, _ = SOUGHT[detector]
        known = _KNOWN.get(sides, ("client", "client_id"))
        return len(known) * sum(len(self._points(detector, side, "client")) for side in sides)

    def _points(self, detector: str, side: str, known: str) -> dict[str, list[tuple[str, int]]]:
        """Who was seen at each point of a side; of calls, without those by which the test was sought."""
        if side != "talk":
            return self._visits_by(known)[side]

        def made() -> dict[str, list[tuple[str, int]]]:
            sought = {row["row_id"] for row in self._tables("seeker") if row["way"] == "contact"}
            left_out = sought if detector == "wrote_and_talked" else set()
            found: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for row in self._tables("talk_visit"):
                if row["row_id"] not in left_out:
                    found[row["point_id"]].append((row[known], row["week"]))
            return found

        return self._once(f"talks for {detector}", made)  # type: ignore[no-any-return]

    def _served(self, detector: str) -> dict[str, list[Numbers]]:
        """For each point, what it has of those who sought the test, by each side and sort, where it has three."""

        def made() -> dict[str, list[Numbers]]:
            way, sides, weeks = SOUGHT[detector]
            found: dict[str, list[Numbers]] = defaultdict(list)
            for known in _KNOWN.get(sides, ("client", "client_id")):
                left = [(row[known], row["week"]) for row in self._tables("seeker") if row["way"] == way and row[known]]
                clients = {client for client, _ in left}
                for side in sides:
                    points = self._points(detector, side, known)
                    use = use_of(points)
                    for point, right in points.items():
                        if len(clients & {client for client, _ in right}) >= 3:
                            numbers = overlap(left, right, use, weeks)
                            if numbers.observed >= 3:
                                found[point].append(numbers)
            return found

        return self._once(f"served {detector}", made)  # type: ignore[no-any-return]

    def _clients_of_advertisers(self, claim: Row) -> Iterator[Numbers]:
        for known in ("client", "client_id"):
            left = [
                (row[known], row["week"])
                for row in self._tables("seeker")
                if row["way"] == "contact" and row["seller_id"] == claim["subject_id"] and row[known]
            ]
            for side, n_ways in (("receiver", 2), ("address", 2), ("payee", 1)):
                points = self._visits_by(known)[side]
                right = points.get(claim["object_id"], [])
                if right and (side != "payee" or known == "client"):
                    n_tests = n_ways * len(self._visits[side])
                    yield overlap(left, right, use_of(points), (1, 6)).asked(n_tests)

    @property
    def _sellers_paid(self) -> tuple[dict[tuple[str, str], list[Numbers]], int]:
        """Each seller and account of one name whom a client ordered from and paid, and how many sellers were asked."""

        def made() -> tuple[dict[tuple[str, str], list[Numbers]], int]:
            named = {
                row["row_id"]: row["name_key"] for row in self._tables("mention") if row["slot"] == "order.agent"
            }
            paid = [
                row
                for row in self._tables("payment_ends")
                if row["payee_id"] is not None and row["payer_key"] is not None
            ]
            by_client: dict[str, list[Row]] = defaultdict(list)
            for row in paid:
                by_client[row["payer_key"]].append(row)
            bought: dict[tuple[str, str], dict[int, tuple[str, Row]]] = defaultdict(dict)
            for order in self._tables("suspect_order"):
                name = named.get(order["row_id"])
                if order["agent_id"] is None or order["ordered_on"] is None or not name or "*" in name:
                    continue
                for row in by_client.get(order["client_key"], ()):
                    lag = (row["paid_on"] - order["ordered_on"]).days
                    if -14 <= lag <= 28 and row["payee_id"] != order["agent_id"]:
                        bought[order["agent_id"], name][row["row_id"]] = (order["client_key"], row)
            of_name = Counter(row["payee_key"] for row in paid)
            found: dict[tuple[str, str], list[Numbers]] = defaultdict(list)
            for (agent, name), rows in bought.items():
                met: dict[str, list[str]] = defaultdict(list)
                for client, row in rows.values():
                    if row["payee_key"] == name:
                        met[row["payee_id"]].append(client)
                for payee, clients in met.items():
                    expected = len(rows) * max(of_name[name] - len(clients), 1) / len(paid)
                    p = poisson(len(set(clients)), expected)
                    found[agent, payee].append(Numbers(len(set(clients)), expected, p, p))
            return found, len(bought)

        return self._once("sellers paid", made)  # type: ignore[no-any-return]

    def _same_seller(self, claim: Row) -> Iterator[Numbers]:
        tested, n_asked = self._sellers_paid
        rates = self._once(
            "rates of sellers paid", lambda: stepped((each.p for found in tested.values() for each in found), n_asked)
        )
        for each in tested.get((claim["subject_id"], claim["object_id"]), ()):
            yield each._replace(q=min(rates[each.p], 1.0))
