"""Whether a claim says what its rows give, whether its test is got again, and whether the page prints it so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from recount_chance import Chance
from recount_page import Case, Node, numbers

if TYPE_CHECKING:
    from recount_figures import Page

_PRINTED = {
    "weight": re.compile(r"([+−]?\d[\d.]*) ?[(（]log10"),
    "n_observed": re.compile(r"(?:observed|观察) ([\d,.]+\d|\d)[,，]"),
    "n_expected": re.compile(r"(?:expected by chance|偶然期望) ([\d,.e+-]*\d)"),
    "p_value": re.compile(r"\bp = ([\d.e+-]+)"),
    "q_value": re.compile(r"\bq = ([\d.e+-]+)"),
}


def claim_holds(case: Case, exhibit: str, node: Node, page: Page) -> list[str]:
    """A claim's counts from its rows, what chance would give from the tables, and what the page prints of both."""
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
        "parcels_to_places": (1, kinds["waybill"]),
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
        "money_from_members": (1, kinds["payment"]),
        "money_to_members": (1, kinds["payment"]),
        "paid_by_payer_of_handlers": (1, kinds["payment"]),
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
    again = _chance(case).differs(row)
    return wrong + [f"{exhibit} ({row['detector']}) {each}" for each in again] + _misprinted(exhibit, node, row)


def _chance(case: Case) -> Chance:
    return _chances(case.tables)


@cache
def _chances(tables: Callable[[str], list[dict[str, Any]]]) -> Chance:
    return Chance(tables)


def _misprinted(exhibit: str, node: Node, row: dict[str, Any]) -> list[str]:
    """The numbers of a claim's test that the exhibit prints otherwise than the claim has them."""
    note = next(each for each in node.every() if each.attributes.get("class") == "note").text()
    wrong: list[str] = []
    for name, pattern in _PRINTED.items():
        found, held = pattern.search(note), row[name]
        # What was observed is printed beside what chance would give, and not without it.
        is_due = held is not None and not (name == "n_observed" and row["n_expected"] is None)
        if bool(found) != is_due or (found and not _reads(found[1], held)):
            wrong.append(f"{exhibit}: {name} is {held}, printed {found and found[1]}")
    return wrong


def _reads(text: str, value: float) -> bool:
    """Whether a printed number is the value, rounded as it is printed."""
    shown = float(text.replace(",", "").replace("−", "-"))
    if "e" in text:
        return float(f"{value:.0e}") == shown
    step = 10.0 ** -len(text.partition(".")[2])
    # A measured number below a hundred is printed to two digits.
    digits = float(f"{value:.2g}")
    return abs(shown - value) <= step / 2 + 1e-9 or abs(shown - digits) <= 1e-9
