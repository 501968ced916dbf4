"""Counts every figure of a written case file again, from the rows it cites: plain Python, none of the page's own code.

What is read: the HTML page, the list of rows beside it, the files as received (for text), and the canonical tables of
the run (for what each row says). ``recount`` gives a sentence for every figure that cannot be got from its rows.
Run it on any case: ``python tests/casefile/recount.py CASE``.
"""

# ruff: noqa: PLR0911, T201, PERF401  one branch for each sort of figure; a program of its own as well

from __future__ import annotations

import csv
import io
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

_KINDS = (
    "post", "order", "waybill", "payment", "crossing", "seizure", "specimen", "organisation", "subscriber", "contact",
    "declaration", "permit",
)  # fmt: skip
_EMPTY = {"meta", "br", "path", "rect", "circle", "line", "link", "img"}
_KIND_OF_FLOW = {
    "order": "order", "sample_parcel": "waybill", "relay": "waybill", "trip": "crossing", "seizure": "seizure",
    "advert": "post", "client_payment": "payment", "commission": "payment", "pay": "payment",
    "laboratory_fee": "payment", "profit": "payment", "transfer": "payment",
}  # fmt: skip
_SENDER = {"order": "order.client", "waybill": "waybill.sender", "payment": "payment.payer"}
_TAKER = {"order": "order.agent", "waybill": "waybill.receiver", "payment": "payment.payee"}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_95 = 1.959964


@dataclass(eq=False)
class Node:
    """One element of the page."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None = None
    children: list[Node | str] = field(default_factory=list)

    def text(self) -> str:
        """All text inside."""
        return "".join(each if isinstance(each, str) else each.text() for each in self.children)

    def every(self) -> Iterable[Node]:
        """This element and all inside it."""
        yield self
        for each in self.children:
            if isinstance(each, Node):
                yield from each.every()

    def up(self, *tags: str) -> Node | None:
        """The nearest element around it with one of these tags."""
        found = self.parent
        while found is not None and found.tag not in tags:
            found = found.parent
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Node("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        if tag not in _EMPTY:
            self.at = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Node(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            self.at = self.at.parent or self.root

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def read(text: str) -> Node:
    """A page as elements."""
    reader = _Reader()
    reader.feed(text)
    return reader.root


@dataclass(eq=False)
class Case:
    """The tables of a run, each row looked up by its id; and the rows behind each exhibit of one page."""

    tables: Callable[[str], list[dict[str, Any]]]
    kind: dict[int, str]
    record: dict[int, dict[str, Any]]
    parties: dict[int, dict[str, set[str]]]
    names: dict[int, set[str]]
    rows: dict[str, tuple[int, ...]]

    def of(self, exhibits: Iterable[str], kind: str = "") -> list[int]:
        """The distinct rows behind some exhibits, those of one record kind."""
        found = {row for each in exhibits for row in self.rows.get(each, ())}
        return sorted(row for row in found if not kind or self.kind.get(row) == kind)

    def paid(self, rows: Iterable[int]) -> Decimal:
        """What these payments add up to."""
        return sum((self.record[row]["amount"] or Decimal(0) for row in rows), Decimal(0))

    def at(self, row: int, slot: str) -> set[str]:
        """Who stands in one place of a row."""
        return self.parties.get(row, {}).get(slot, set())


def _open(run: Path, row_list: bytes) -> Case:
    held: dict[str, list[dict[str, Any]]] = {}

    def tables(name: str) -> list[dict[str, Any]]:
        if name not in held:
            path = run / "tables" / f"{name}.parquet"
            held[name] = pq.read_table(path).to_pylist() if path.exists() else []
        return held[name]

    kind, record = {}, {}
    for name in _KINDS:
        for row in tables(name):
            kind[row["row_id"]], record[row["row_id"]] = name, row
    called = {row["alias_id"]: row["party_id"] for row in tables("member_alias")}
    parties: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    names: dict[int, set[str]] = defaultdict(set)
    for row in tables("mention"):
        if row["party_id"] is not None:
            parties[row["row_id"]][row["slot"]].add(called.get(row["party_id"], row["party_id"]))
        if row["name_key"]:
            names[row["row_id"]].add(row["name_key"])
    source = {
        f"{row['file']}#{row['sheet']}" if row["sheet"] else row["file"]: row["source_no"] for row in tables("source")
    }
    rows: dict[str, list[int]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(row_list.decode("utf-8-sig"))):
        rows[row["exhibit"]].append((source[row["file"]] << 32) + int(row["row"]))
    return Case(tables, kind, record, parties, names, {key: tuple(each) for key, each in rows.items()})


def numbers(text: str) -> list[float]:
    """Every number in a text."""
    return [float(each.replace(",", "")) for each in _NUMBER.findall(text)]


def recount(run: Path, page: str, row_list: bytes) -> tuple[Counter[str], list[str]]:
    """Every figure of a page held against its rows: how many of each sort were, and what does not hold."""
    case, root = _open(run, row_list), read(page)
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    network = next(node.text() for node in root.every() if node.attributes.get("class") == "hash soft").strip()
    context = _Context(case, root, network)
    for node in root.every():
        what = node.attributes.get("data-what")
        if what is None:
            continue
        cites = node.attributes.get("data-cites", "").split()
        for each in [*cites, node.attributes.get("href", "#summary")[1:]]:
            if each not in context.ids:
                wrong.append(f"{what} {node.text()!r} cites {each}, which is not in the page")
        sort = what.split(":")[0]
        shown, expected = node.text(), context.expected(what, cites, node)
        counted[sort] += 1
        if expected is not None and not expected(shown):
            wrong.append(f"{what} {shown!r} is not what {' '.join(cites)[:80]} give")
    for exhibit, node in context.ids.items():
        if re.fullmatch(r"C-\d+", exhibit):
            counted["claim"] += 1
            wrong += _claim_holds(case, exhibit, node, context)
    return counted, wrong


def _ways(n_rows: int, n_faulty: int, n_drawn: int) -> Fraction:
    """The chance that none of the rows drawn is faulty, by counting whole numbers."""
    return Fraction(math.comb(n_rows - n_faulty, n_drawn), math.comb(n_rows, n_drawn))


@cache
def _faulty(n_rows: int, n_drawn: int) -> int:
    """The most faulty rows that a faultless draw leaves a chance of one in twenty, tried one by one."""
    return max(n for n in range(n_rows - n_drawn + 1) if _ways(n_rows, n, n_drawn) >= Fraction(1, 20))


@cache
def _needed(n_rows: int) -> int:
    """The fewest rows to draw that leave more than one faulty row in twenty less than that chance."""
    return next(n for n in range(1, n_rows + 1) if _ways(n_rows, n_rows // 20 + 1, n) < Fraction(1, 20))


def _is(value: float | Decimal, tolerance: float = 0.51) -> Callable[[str], bool]:
    return lambda text: bool(found := numbers(text)) and abs(found[-1] - float(value)) <= tolerance


class _Context:
    """What a figure is held against, by its sort."""

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
        return _is(self.case.paid(self.case.of(cites, "payment")))

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
        share, needed = self._share(cites[0]), _needed(len(self.case.rows[cites[0]]))
        return lambda text: abs(numbers(text)[0] - share) <= 0.51 and numbers(text)[1] == needed

    def _faulty(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        shares = [self._share(each) for each in cites]
        return lambda text: all(
            abs(a - b) <= 0.51 for a, b in zip(numbers(text), (min(shares), max(shares)), strict=True)
        )

    def _needed(self, _: list[str], cites: list[str], __: Node) -> Callable[[str], bool]:
        found = [_needed(len(self.case.rows[each])) for each in cites]
        return lambda text: numbers(text) == [min(found), max(found)]

    def _share(self, exhibit: str) -> float:
        """The most of an exhibit's rows that could be wrong, in per cent, where every row printed is right."""
        n_rows, n_drawn = len(self.case.rows[exhibit]), self.drawn(exhibit)
        return 100 * _faulty(n_rows - (self.shown(exhibit) - n_drawn), n_drawn) / n_rows

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
        row = self._row(cites[0])
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
        row = self._row(cites[0])
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

    def _row(self, number: str) -> dict[str, Any]:
        at = self.ids[number].attributes
        return self.estimates[at["data-party"], at["data-measure"], at["data-method"]]

    def _estimate(self, number: str, node: Node) -> Callable[[str], Callable[[str], bool]]:
        """An estimate's column: what the page shows is the table's, and the table's is what the cited rows give."""
        row, cites = self._row(number), node.attributes["data-cites"].split()
        recomputed = again(self, row, cites)

        def column(name: str) -> Callable[[str], bool]:
            given = recomputed.get(name)
            is_right = given is None or abs(given - row[name]) <= max(0.06, 1e-6 * abs(given))
            return lambda text: is_right and bool(found := numbers(text)) and abs(found[-1] - row[name]) <= 0.51

        return column


def again(page: _Context, row: dict[str, Any], cites: list[str]) -> dict[str, float]:
    """What can be got of an estimate from the rows and estimates it cites; a model's own figure cannot."""
    case, said = page.case, numbers(row["basis"])
    key = ("" if not row["party_id"] else "member", row["measure"], row["method"])
    paid = float(case.paid(case.of(cites, "payment")))
    if key == ("", "samples", "orders"):
        n = len(case.of(cites, "order"))
        return {"n_rows": n, "low": n, "value": n / 0.85, "high": n / 0.55}
    if key[:2] == ("", "gross_paid") and row["method"] == "payments":
        return {"low": paid, "value": paid, "high": paid, "n_rows": len(case.of(cites, "payment"))}
    if key == ("", "samples", "payments"):
        return {"n_rows": len(case.of(cites, "payment"))}
    if key == ("", "samples", "parcels"):
        return {"n_rows": len(case.of(cites, "waybill"))}
    if key == ("", "samples", "seizures"):
        return _seized(case, case.of(cites, "seizure"))
    if key == ("", "samples", "reconciled"):
        return _pooled(page, row, cites)
    if row["measure"] == "trips":
        n = said[0]
        return {"low": n, "value": n, "high": n / 0.7} if n <= len(case.of(cites, "crossing")) else {"low": -1.0}
    samples = page.estimates.get(("", "samples", "reconciled"))
    if key[:2] == ("", "tubes") and samples:
        again_ = 2.15 * samples["value"]
        return {"value": row["value"] if abs(again_ - row["value"]) < 0.3 else again_, "n_rows": samples["n_rows"]}
    if key == ("", "gross_paid", "reconciled") and samples:
        n, mean = said[0], said[1]
        return {
            "value": row["value"]
            if abs(row["value"] / max(n * mean, 1) - 1) < 0.01 or row["value"] <= paid + 1
            else -1.0
        }
    if key[:2] == ("", "kept"):
        return _kept(page, row, cites)
    return _of_member(page, row, cites)


def _seized(case: Case, seizures: list[int]) -> dict[str, float]:
    listed = Counter(each["seizure_id"] for each in case.tables("specimen"))
    tubes = 0.0
    for each in (case.record[row] for row in seizures):
        if re.search(r"人|例|person|sample|样", each["unit"] or "") and not re.search(
            r"支|管|瓶|tube|vial", each["unit"]
        ):
            return {"n_rows": len(seizures)}
        tubes += max(each["quantity"] or 0.0, listed[each["seizure_id"]])
    return {"n_rows": len(seizures), "value": tubes / 2.15, "low": tubes / 3}


def _pooled(page: _Context, row: dict[str, Any], cites: list[str]) -> dict[str, float]:
    """The sources pooled again by DerSimonian and Laird, two errors taken to be half correlated."""
    sources = {page._row(each)["method"]: page._row(each) for each in cites if each.startswith("E-")}
    floor = numbers(row["basis"])[-1]
    used = [name.strip() for name in re.findall(r"([a-z ]+) \d+%", row["basis"].split("Pooled by precision:")[-1])]
    chosen = [sources[name.replace(" ", "_")] for name in used]
    logs = [math.log(each["value"]) for each in chosen]
    spread = [max(math.log(each["high"] / max(each["low"], each["value"] / 1e3)) / (2 * _95), 0.02) for each in chosen]
    w = [1 / each**2 for each in spread]
    middle = sum(a * b for a, b in zip(w, logs, strict=True)) / sum(w)
    q = sum(a * (b - middle) ** 2 for a, b in zip(w, logs, strict=True))
    scale = sum(w) - sum(a * a for a in w) / sum(w)
    between = max(0.0, (q - len(w) + 1) / scale) if scale > 1e-12 else 0.0
    w = [1 / (each**2 + between) for each in spread]
    middle = sum(a * b for a, b in zip(w, logs, strict=True)) / sum(w)
    errors = [a / sum(w) / math.sqrt(a) for a in w]
    error = math.sqrt(min(0.5 * sum(e * e for e in errors) + 0.5 * sum(errors) ** 2, 1 / max(w)))
    given = {"value": middle, "low": middle - _95 * error, "high": middle + _95 * error}
    found = {}
    for name, value in given.items():
        # The sources are printed to a tenth; what is made of them is as near as that lets it be.
        again_, held = max(math.exp(value), floor), row[name]
        found[name] = held if abs(again_ - held) <= 0.004 * held + 0.6 else again_
    return found


def _kept(page: _Context, row: dict[str, Any], cites: list[str]) -> dict[str, float]:
    gross = page.estimates["", "gross_paid", "reconciled"]
    laboratories = {each["party_id"] for each in page.members if each["role"] == "laboratory"}
    ours = {each["party_id"] for each in page.members}
    costs, n = Decimal(0), 0
    for exhibit in cites:
        if not exhibit.startswith("F-"):
            continue
        for payment in page.case.rows[exhibit]:
            payer, payee = (page.case.at(payment, f"payment.{end}") for end in ("payer", "payee"))
            is_ours = bool(payer & ours) and not payer & laboratories
            is_cost = page.flow_of.get(exhibit) in ("laboratory_fee", "pay", "commission")
            if is_ours and (is_cost or not payee & ours or payee & laboratories):
                costs, n = costs + page.case.record[payment]["amount"], n + 1
    has_fee = any(page.flow_of.get(exhibit) == "laboratory_fee" for exhibit in cites)
    value = max(0.0, gross["value"] - float(costs) / 0.85) / (1 if has_fee else 3)
    return {"n_rows": n, "value": value if abs(value - row["value"]) > 1 else row["value"]}


def _of_member(page: _Context, row: dict[str, Any], cites: list[str]) -> dict[str, float]:
    case, me = page.case, row["party_id"]
    payments = case.of(cites, "payment")
    got = [each for each in payments if me in case.at(each, "payment.payee")]
    gave = [each for each in payments if me in case.at(each, "payment.payer")]
    came, went = float(case.paid(got)), float(case.paid(gave))
    clients = float(
        case.paid(
            {
                each
                for exhibit in cites
                for each in case.rows.get(exhibit, ())
                if page.flow_of.get(exhibit) == "client_payment" and each in set(got)
            }
        )
    )
    if row["measure"] == "received":
        found: dict[str, float] = {"low": came}
        return found | ({"value": came / 0.85, "high": came / 0.55} if not clients else {})
    if row["measure"] == "kept":
        value = page.estimates[me, "received", "reconciled"]["value"]
        scale = value / came if came else 1.0
        left = max(0.0, value - went * scale)
        return {"value": row["value"] if abs(left - row["value"]) <= 1 else left, "n_rows": len({*got, *gave})}
    ordered = [each for each in case.of(cites, "order") if me in case.at(each, "order.agent")]
    if "visibly ordered" in row["basis"]:
        return {"n_rows": len(ordered)}
    if "visibly posted" in row["basis"] or "visibly received" in row["basis"]:
        # A parcel stands for one person at least.
        return {"n_rows": row["n_rows"] if len(case.of(cites, "waybill")) <= row["n_rows"] + 1 else -1.0}
    return {}


def _first(n: int) -> Callable[[list[float]], float | None]:
    return lambda found: found[n - 1] if len(found) >= n else None


def _claim_holds(case: Case, exhibit: str, node: Node, page: _Context) -> list[str]:
    """A claim's observed number, counted again from its rows; what chance would give needs all rows of the case."""
    row = page.evidence[node.attributes["data-claim"]]
    rows, said = case.of([exhibit]), numbers(re.sub(r"\{\w+\}", "", row["claim"]))
    kinds = Counter(case.kind[each] for each in rows)
    wrong = (
        []
        if len(rows) == row["n_rows"] or not row["n_rows"]
        else [f"{exhibit} has {len(rows)} rows, not {row['n_rows']}"]
    )
    parties: dict[str, set[str]] = defaultdict(set)
    for each in rows:
        for slot, found in case.parties.get(each, {}).items():
            parties[slot] |= found
    sides: dict[str, set[str]] = defaultdict(set)
    for each in rows:
        for name in case.names.get(each, ()):
            sides[case.kind[each]].add(name)
    counts: dict[str, tuple[int, float]] = {
        "client_payments": (1, len(parties["payment.payer"])),
        "keeps_address": (1, kinds["waybill"]),
        "order_collectors": (1, len(parties["order.client"])),
        "order_destinations": (1, kinds["waybill"]),
        "order_parcel_links": (1, kinds["waybill"]),
        "order_parcels": (1, kinds["waybill"]),
        "regular_senders": (1, kinds["waybill"]),
        "relayed_parcels": (1, kinds["waybill"]),
        "sample_orders": (1, kinds["order"]),
        "seized_parcels": (1, kinds["waybill"]),
        "soliciting_adverts": (1, kinds["post"]),
        "contact_with_members": (2, kinds["contact"]),
        "payments_from_members": (1, kinds["payment"]),
        "payments_to_members": (1, kinds["payment"]),
        "quick_returns": (2, kinds["crossing"]),
    }
    if row["detector"] in counts:
        place, count = counts[row["detector"]]
        if len(said) < place or said[place - 1] != count:
            wrong.append(f"{exhibit} ({row['detector']}) says {said}, its rows give {count}: {row['claim']}")
    if row["detector"] == "money_with_members" and said[0] + said[2] != kinds["payment"]:
        wrong.append(f"{exhibit} says {said}, its rows are {kinds}")
    if row["detector"] == "mule_pay":
        days = {case.record[each]["paid_at"].date() for each in rows if case.kind[each] == "payment"}
        if said[0] != len(days):
            wrong.append(f"{exhibit} says {said}, its rows have {len(days)} days of pay")
    if row["detector"] in ("shared_clients", "carried_for", "carried_with_others", "seizure_backward"):
        # A client stands in at least one row, under a name or a party.
        known = sum(kinds[each] for each in ("payment", "waybill", "order"))
        if not 0 < said[0] <= known:
            wrong.append(f"{exhibit} says {said[0]} clients, its rows are {kinds}")
    return wrong


def main(folder: Path) -> int:
    """Recount every page of the last run of a case."""
    reports = max((folder / "reports").iterdir(), key=lambda path: path.stat().st_mtime)
    bad = 0
    for page in sorted(reports.glob("N*.html")):
        network = page.name.split(".")[0]
        counted, wrong = recount(
            folder / "runs" / reports.name,
            page.read_text(encoding="utf-8"),
            (reports / f"{network}.rows.csv").read_bytes(),
        )
        print(page.name, sum(counted.values()), "figures,", len(wrong), "wrong;", dict(sorted(counted.items())))
        print("\n".join(wrong))
        bad += len(wrong)
    return bad


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) > 0)
