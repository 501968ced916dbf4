"""What each figure of a page must be, from the rows and tables that its exhibits cite."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from recount_amounts import again
from recount_page import Case, Node, numbers

_KIND_OF_FLOW = {
    "order": "order", "sample_parcel": "waybill", "relay": "waybill", "trip": "crossing", "seizure": "seizure",
    "advert": "post", "client_payment": "payment", "commission": "payment", "pay": "payment",
    "laboratory_fee": "payment", "profit": "payment", "transfer": "payment", "onward": "payment",
}  # fmt: skip
_SENDER = {"order": "order.client", "waybill": "waybill.sender", "payment": "payment.payer"}
_TAKER = {"order": "order.agent", "waybill": "waybill.receiver", "payment": "payment.payee"}


def _ways(n_rows: int, n_faulty: int, n_drawn: int) -> Fraction:
    """The chance that none of the rows drawn is faulty, by counting whole numbers."""
    return Fraction(math.comb(n_rows - n_faulty, n_drawn), math.comb(n_rows, n_drawn))


@cache
def most_faulty(n_rows: int, n_drawn: int) -> int:
    """The most faulty rows that a faultless draw leaves a chance of one in twenty, tried one by one."""
    return max(n for n in range(n_rows - n_drawn + 1) if _ways(n_rows, n, n_drawn) >= Fraction(1, 20))


@cache
def needed(n_rows: int) -> int:
    """The fewest rows to draw that leave more than one faulty row in twenty less than that chance."""
    return next(n for n in range(1, n_rows + 1) if _ways(n_rows, n_rows // 20 + 1, n) < Fraction(1, 20))


def _is(value: float | Decimal, tolerance: float = 0.51) -> Callable[[str], bool]:
    return lambda text: bool(found := numbers(text)) and abs(found[-1] - float(value)) <= tolerance


class Page:
    """One page: what each of its figures is held against, by its sort."""

    def __init__(self, case: Case, root: Node, network: str) -> None:
        self.case, self.network = case, network
        self.ids = {node.attributes["id"]: node for node in root.every() if "id" in node.attributes}
        self.estimates = {
            (row["party_id"], row["measure"], row["method"]): row
            for row in case.tables("estimate")
            if row["network_id"] == network
        }
        self.members = [row for row in case.tables("member") if row["network_id"] == network]
        self.evidence = {row["evidence_id"]: row for row in case.tables("evidence")}
        self.ids_of_claims = {
            exhibit: node.attributes["data-claim"]
            for exhibit, node in self.ids.items()
            if "data-claim" in node.attributes
        }
        self.flow_of = {
            node.attributes["data-cites"]: node.attributes["data-what"].split(":")[1]
            for node in root.every()
            if node.attributes.get("data-what", "").startswith("rows:")
            and re.fullmatch(r"[FP]-\d+", node.attributes.get("data-cites", ""))
        }

    def expected(self, what: str, cites: list[str], node: Node) -> Callable[[str], bool] | None:
        """Whether a text is the figure that the cited rows give."""
        sort, *rest = what.split(":")
        found: Callable[[str], bool] | None = getattr(self, f"_{sort}")(rest, cites, node)
        return found

    def _rows(self, rest: list[str], cites: list[str], node: Node) -> Callable[[str], bool]:
        number = self._number(node)
        if number and not rest:
            return self._estimate(number, node)("n_rows")
        if not rest:
            return _is(len(self.case.of(cites)))
        kinds = {_KIND_OF_FLOW[flow] for flow in rest[0].split(",")}
        return _is(len({row for kind in kinds for row in self.case.of(cites, kind)}))

    def _amount(self, rest: list[str], cites: list[str], _: Node) -> Callable[[str], bool]:
        payments = self.case.of(cites, "payment")
        if len(rest) > 1:
            payments = [row for row in payments if self.case.record[row]["currency"] == rest[1]]
        return _is(self.case.paid(payments))

    def _route(self, rest: list[str], cites: list[str], _: Node) -> Callable[[str], bool]:
        """The parcels of the network whose sender and whose receiving place are in these regions, and no others."""
        where = {row["place_id"]: row["region"] or "" for row in self.case.tables("place")}
        found = {
            row["row_id"]
            for row in self.case.tables("flow_row")
            if row["network_id"] == self.network
            and row["flow"] in ("sample_parcel", "relay")
            and [row["region"] or "", where.get(row["place_id"], "")] == rest
        }
        return _is(len(found)) if found == set(self.case.of(cites)) else lambda _: False

    def _quantity(self, rest: list[str], cites: list[str], _: Node) -> Callable[[str], bool]:
        # One order is one person's test; the other rows of goods do not say how many they stand for.
        return _is(len(self.case.of(cites, "order"))) if rest == ["order"] else lambda text: text == "–"

    def _samples(self, _: list[str], cites: list[str], node: Node) -> Callable[[str], bool]:
        if not cites:
            return self._headline("samples", node)
        n = len(self.case.of(cites, "waybill"))
        return _is(n) if n else lambda text: text == "–"

    def _distinct(self, rest: list[str], cites: list[str], _: Node) -> Callable[[str], bool]:
        rows = self.case.of(cites)
        if rest == ["mule"]:
            return _is(len({party for row in rows for party in self.case.at(row, "crossing.traveller")}))
        slots = _SENDER if rest == ["from"] else _TAKER
        found = {party for row in rows for party in self.case.at(row, slots.get(self.case.kind[row], ""))}
        return lambda text: numbers(text)[:1] == [len(found)] or (len(found) == 1 and not numbers(text))

    def _act(self, rest: list[str], cites: list[str], _: Node) -> Callable[[str], bool]:
        rows = self.case.of(cites, _KIND_OF_FLOW[rest[1]])
        paid = self.case.paid(rows) if _KIND_OF_FLOW[rest[1]] == "payment" else None

        def holds(text: str) -> bool:
            found = numbers(text)
            return found[0] == len(rows) and (paid is None or abs(found[-1] - float(paid)) <= 0.51)

        return holds

    def _claims(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        return _is(len(cites))

    def _printed(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        return _is(sum(self.drawn(each) for each in cites))

    def _cited(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        return _is(sum(self.drawn(each) > 0 and self.shown(each) < len(self.case.rows[each]) for each in cites))

    def _drawn(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        """How many rows could be wrong where those printed are right, and how many are to be checked."""
        share, n_needed = self._share(cites[0]), needed(len(self.case.rows[cites[0]]))
        return lambda text: abs(numbers(text)[0] - share) <= 0.51 and numbers(text)[1] == n_needed

    def _faulty(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        shares = [self._share(each) for each in cites]
        return lambda text: all(
            abs(a - b) <= 0.51 for a, b in zip(numbers(text), (min(shares), max(shares)), strict=True)
        )

    def _needed(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        found = [needed(len(self.case.rows[each])) for each in cites]
        return lambda text: numbers(text) == [min(found), max(found)]

    def _share(self, exhibit: str) -> float:
        """The most of an exhibit's rows that could be wrong, in per cent, where every row printed is right."""
        n_rows, n_drawn = len(self.case.rows[exhibit]), self.drawn(exhibit)
        return 100 * most_faulty(n_rows - (self.shown(exhibit) - n_drawn), n_drawn) / n_rows

    def drawn(self, exhibit: str) -> int:
        """How many of the rows that an exhibit prints were drawn by chance."""
        return sum(
            each.attributes.get("id", "").startswith("r-") and "data-chosen" not in each.attributes
            for each in self.ids[exhibit].every()
        )

    def shown(self, exhibit: str) -> int:
        """How many rows an exhibit prints."""
        return sum(each.attributes.get("id", "").startswith("r-") for each in self.ids[exhibit].every())

    def _verdict(self, rest: list[str], _: list[str], node: Node) -> Callable[[str], bool]:
        """How many elements of a provision have this verdict, by the rows of the provision's own table."""
        heading = self.ids[node.attributes["href"][1:]]
        assert heading.parent is not None
        after = heading.parent.children[heading.parent.children.index(heading) + 1 :]
        table = next(each for each in after if isinstance(each, Node) and each.tag == "table")
        return _is(
            sum(
                each.attributes.get("data-verdict") == rest[0] and "data-exemption" not in each.attributes
                for each in table.every()
            )
        )

    def _lines(self, _: list[str], cites: list[str], node: Node) -> Callable[[str], bool]:
        """Kinds of evidence whose strongest claim says three to one and more."""
        name = node.up("tr")
        assert name is not None
        link = next(each for each in name.every() if each.attributes.get("href", "").startswith("#m-"))
        me = self.ids[link.attributes["href"][1:]].attributes["data-party"]
        weights: dict[str, float] = defaultdict(float)
        for row in self.case.tables("member_evidence"):
            if (row["network_id"], row["party_id"]) == (self.network, me):
                line = self.evidence[row["evidence_id"]]["line"]
                weights[line] = max(weights[line], row["weight"])
        return _is(sum(weight >= 0.5 for weight in weights.values()))

    def _of(self, party_id: str) -> dict[str, Any]:
        return next(row for row in self.members if row["party_id"] == party_id)

    def _weights(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        total = sum(self.evidence[self.ids_of_claims[each]]["weight"] for each in cites)
        return _is(abs(total), 0.0501)

    def _score(self, _: list[str], cites: list[str], node: Node) -> Callable[[str], bool]:
        if not cites:
            (row,) = [row for row in self.case.tables("network") if row["network_id"] == self.network]
            return lambda text: f"{min(row['score'], 0.99):.2f}" in text
        name = self.ids[cites[0]]
        scores = {f"{min(row['score'], 0.99):.2f}" for row in self.members}
        return lambda text: text in scores and text in name.text()

    def _range(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        row = self.row(cites[0])
        return lambda text: [round(row["low"]), round(row["low"]), round(row["high"])] == numbers(text)

    def _place(self, rest: list[str], cites: list[str], node: Node) -> Callable[[str], bool]:
        row = node.up("tr")
        assert row is not None
        found = [
            each
            for each in self.case.tables("network_place")
            if each["network_id"] == self.network and each["role"] == rest[0] and (each["address"] or "–") in row.text()
        ]
        return lambda text: any(abs(numbers(text)[0] - abs(each["weight"])) <= 0.051 for each in found)

    def _grade(self, rest: list[str], _: list[str], __: Node) -> Callable[[str], bool] | None:
        if rest == ["suspect"]:
            return _is(len(self.members))
        if rest == ["associated"]:
            return _is(sum(bool(re.fullmatch(r"A-\d+", each)) for each in self.ids))
        known = {row["party_id"] for row in self.members} | {
            row["alias_id"] for row in self.case.tables("member_alias") if row["network_id"] == self.network
        }
        named = {
            row[end]
            for row in self.case.tables("flow_row")
            if row["network_id"] == self.network
            for end in ("from_id", "to_id")
        } - {None}
        protected = {row["party_id"] for row in self.case.tables("protected_party")}
        if rest == ["protected"]:
            return _is(len(named & protected - known))
        return lambda text: numbers(text)[0] <= len(named - protected - known)

    def _verdicts(self, _: list[str], __: list[str], node: Node) -> Callable[[str], bool]:
        """Elements supported, contradicted and not addressed, of the table below the sentence."""
        assert node.parent is not None
        after = node.parent.children[node.parent.children.index(node) + 1 :]
        table = next(each for each in after if isinstance(each, Node) and each.tag == "table")
        rows = [each.attributes for each in table.every() if "data-verdict" in each.attributes]
        found = Counter(row["data-verdict"] for row in rows if "data-exemption" not in row)
        expected = [found["supported"], found["contradicted"], found["not_addressed"]]
        return lambda text: numbers(text)[:3] == expected

    def _ask(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        row = self.row(cites[0])
        return lambda text: row["low"] - 1 <= numbers(text)[0] <= row["value"] <= numbers(text)[1] <= row["high"] + 1

    # The figures of the summary: each is one of the others.
    def _members(self, *_: object) -> Callable[[str], bool]:
        return lambda text: f"{len(self.members)}" in text

    def _regions(self, *_: object) -> Callable[[str], bool]:
        n = sum(bool(re.fullmatch(r"R-\d+", each)) for each in self.ids)
        return lambda text: numbers(text)[0] == n

    def _seizures(self, *_: object) -> Callable[[str], bool]:
        n = sum(bool(re.fullmatch(r"Z-\d+", each)) for each in self.ids)
        return lambda text: numbers(text)[0] == n

    def _period(self, *_: object) -> Callable[[str], bool]:
        (row,) = [row for row in self.case.tables("network") if row["network_id"] == self.network]
        return lambda text: f"{row['from_on']} – {row['to_on']}" in text

    def _headline(self, measure: str, node: Node) -> Callable[[str], bool]:
        row = self.estimates.get(("", measure, "reconciled"))
        if row is None:
            return lambda text: "–" in text
        if row["low"] == row["high"]:
            return lambda text: round(row["value"]) in numbers(text)
        return lambda text: {round(row["low"]), round(row["value"]), round(row["high"])} <= set(numbers(text))

    def __getattr__(self, name: str) -> Any:
        measure = name.removeprefix("_")
        if measure in ("trips", "gross_paid", "received", "kept"):
            return lambda _, __, node: self._headline(measure, node)
        if measure in ("low", "value", "high"):
            return lambda _, __, node: self._estimate(self._number(node), node)(measure)
        raise AttributeError(name)

    def _number(self, node: Node) -> str:
        row = node.up("tr")
        found = row.attributes.get("id", "") if row is not None else ""
        return found if re.fullmatch(r"E-\d+", found) else ""

    def row(self, number: str) -> dict[str, Any]:
        """The estimate that a row of the page prints."""
        at = self.ids[number].attributes
        return self.estimates[at["data-party"], at["data-measure"], at["data-method"]]

    def _estimate(self, number: str, node: Node) -> Callable[[str], Callable[[str], bool]]:
        """An estimate's column: what the page shows is the table's, and the table's is what the cited rows give."""
        row, cites = self.row(number), node.attributes["data-cites"].split()
        recomputed = again(self, row, cites)

        def column(name: str) -> Callable[[str], bool]:
            given = recomputed.get(name)
            is_right = given is None or abs(given - row[name]) <= max(0.06, 1e-6 * abs(given))
            return lambda text: is_right and bool(found := numbers(text)) and abs(found[-1] - row[name]) <= 0.51

        return column
