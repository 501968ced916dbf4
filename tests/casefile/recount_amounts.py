"""Estimates again, from the rows and the other estimates they cite; a model's own figure cannot be got so."""

# ruff: noqa: PLR0911  one branch for each sort of estimate

from __future__ import annotations

import math
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from recount_page import Case, numbers

if TYPE_CHECKING:
    from recount_figures import Page

_95 = 1.959964


def again(page: Page, row: dict[str, Any], cites: list[str]) -> dict[str, float]:
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


def _pooled(page: Page, row: dict[str, Any], cites: list[str]) -> dict[str, float]:
    """The sources pooled again by DerSimonian and Laird, two errors taken to be half correlated."""
    sources = {page.row(each)["method"]: page.row(each) for each in cites if each.startswith("E-")}
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


def _kept(page: Page, row: dict[str, Any], cites: list[str]) -> dict[str, float]:
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
    has_fee = any(page.flow_of.get(exhibit) in ("laboratory_fee", "onward") for exhibit in cites)
    value = max(0.0, gross["value"] - float(costs) / 0.85) / (1 if has_fee else 3)
    return {"n_rows": n, "value": value if abs(value - row["value"]) > 1 else row["value"]}


def _of_member(page: Page, row: dict[str, Any], cites: list[str]) -> dict[str, float]:
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
