"""Gross paid, received and kept: what the payments show, and what they leave out."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from vialtrace.estimate.figure import Figure
from vialtrace.estimate.flows import MONEY_FLOWS, Flows, Ints
from vialtrace.estimate.persons import Paid

_OUT = ("commission", "pay", "laboratory_fee", "profit", "transfer", "onward")


@dataclass(frozen=True)
class Account:
    """What visibly went through one party's hands in one currency."""

    currency: str
    from_clients: float
    from_others: float
    passed_on: float
    n_rows: int


def account_of(flows: Flows, party: int) -> Account | None:
    """What a party visibly received and passed on, in the currency it received most of."""
    in_, out = flows.taken_by(party, *MONEY_FLOWS), flows.given_by(party, *MONEY_FLOWS)
    if not len(in_):
        return None
    currency = _main(flows, in_)
    in_, out = in_[flows.currency[in_] == currency], out[flows.currency[out] == currency]
    clients = flows.flow[in_] == "client_payment"
    return Account(
        currency,
        float(flows.amount[in_][clients].sum()),
        float(flows.amount[in_][~clients].sum()),
        float(flows.amount[out].sum()),
        len(in_) + len(out),
    )


def _main(flows: Flows, rows: Ints) -> str:
    names, place = np.unique(flows.currency[rows].astype(str), return_inverse=True)
    return str(names[np.bincount(place, weights=np.maximum(flows.amount[rows], 1e-6)).argmax()])


def shapes(money_pattern: pa.Table, members: frozenset[str], *, most_q: float = 0.05) -> str:
    """Which shapes of transfers at least two members are part of, as a sentence; empty where there are none."""
    rows = zip(
        money_pattern["pattern"].to_pylist(),
        money_pattern["party_ids"].to_pylist(),
        money_pattern["q_value"].to_pylist(),
        strict=True,
    )
    found = Counter(name for name, parties, q in rows if q <= most_q and len(members.intersection(parties)) >= 2)
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(found.items()))
    return f" Money moves between members in shapes chance seldom makes: {said}." if said else ""


def gross(samples: Figure, paid: Paid, flows: Flows) -> Figure | None:
    """How much clients paid in all, assuming those no record shows paid the price of those it shows.

    Where no payment is visible, the prices on order sheets stand in. Never below what visibly came in.
    """
    visible = float(paid.total.sum())
    if visible:
        complete = paid.total >= 0.6 * paid.typical * paid.persons
        each = paid.total[complete] / paid.persons[complete] if complete.any() else paid.total / paid.persons
        where = f"{len(each)} clients' payments"
        currency = paid.currency
        # Where many have paid a part only, some of those who look complete lack an instalment too.
        lacking = 0.5 * float(1 - complete.mean()) if complete.any() else 0.5
    else:
        rows = flows.of("order")
        rows = rows[flows.amount[rows] > 0]
        if not len(rows):
            return None
        each, where, currency = flows.amount[rows], f"the prices of {len(rows)} orders", _main(flows, rows)
        lacking = 0.0
    mean = float(each.mean())
    deviation = math.hypot(float(each.std()) / math.sqrt(len(each)), 0.02 * mean, lacking * mean)
    price = Figure("price", mean, max(mean - 1.96 * deviation, mean / 2), mean + 1.96 * deviation, "", len(each))
    basis = (
        f"{samples.value:,.0f} persons at {mean:,.0f} {currency}, the mean of {where}; "
        f"{visible:,.0f} {currency} is visible."
    )
    return samples.times(price, method="reconciled", basis=basis, n_rows=len(each)).at_least(visible)


def received(account: Account, samples: Figure, paid: Paid, *, seen: tuple[float, float, float]) -> Figure:
    """How much one party received, assuming its unseen clients and payers are as large a share as the network's.

    The share of clients whose payment no record shows is that of the whole network, and at most seven in ten.
    """
    visible = account.from_clients + account.from_others
    persons = max(float(paid.persons.sum()), 1e-9)
    share = float(np.clip(persons / samples.value, 0.3, 1.0))
    least = float(np.clip(persons / samples.high, 0.25, share))
    value = account.from_clients / share + account.from_others / seen[1]
    high = account.from_clients / least + account.from_others / seen[0]
    return Figure(
        "reconciled",
        value,
        visible,
        max(high, value),
        f"{visible:,.0f} {account.currency} visibly came in, {account.from_clients:,.0f} of it from clients.",
        account.n_rows,
    )


def kept(got: Figure, account: Account, *, seen: tuple[float, float, float]) -> Figure:
    """How much one party did not pass on, assuming what it paid out is as visible as what it was paid."""
    visible = account.from_clients + account.from_others
    scale = got.value / visible if visible else 1.0
    value = max(0.0, got.value - account.passed_on * scale)
    low = max(0.0, visible - account.passed_on * max(scale, 1 / seen[0]))
    high = max(value, got.high - account.passed_on)
    return Figure(
        "reconciled",
        value,
        min(low, value),
        high,
        f"{visible:,.0f} {account.currency} visibly came in and {account.passed_on:,.0f} went on.",
        account.n_rows,
    )


def network_kept(
    total: Figure, flows: Flows, laboratories: frozenset[int], currency: str, *, seen: tuple[float, float, float]
) -> Figure:
    """How much stayed with the members, assuming the costs no record shows are in proportion to those it shows.

    Costs are laboratory fees, mules' pay, collectors' and helpers' pay, and what went onward: the large shares that
    treasurers paid to outsiders. Payments between members that only move the takings are none.
    """
    rows = flows.of(*_OUT)
    rows = rows[(flows.currency[rows] == currency) & (flows.giver[rows] >= 0)]
    rows = rows[flows.is_member(flows.giver[rows]) & ~np.isin(flows.giver[rows], sorted(laboratories))]
    cost_flow = np.isin(flows.flow[rows], ("laboratory_fee", "pay", "commission"))
    outside = ~flows.is_member(flows.taker[rows]) | np.isin(flows.taker[rows], sorted(laboratories))
    rows = rows[cost_flow | outside]
    costs = float(flows.amount[rows].sum())
    value = max(0.0, total.value - costs / seen[1])
    low = max(0.0, total.low - costs / seen[0])
    if not np.isin(flows.flow[rows], ("laboratory_fee", "onward")).any():
        # What the laboratory took is unknown, by that name or none. In the one case with both figures published, some
        # 300 of 2,000 to 3,000 yuan a test stayed with the gang; between that and all of it, a third is a guess and
        # said to be one.
        value, low = value / 3, low * 0.05
    return Figure(
        "reconciled",
        value,
        min(low, value),
        max(value, total.high - costs),
        f"Gross paid less {costs:,.0f} {currency} of visible fees, pay, commissions and sums passed to others in "
        f"{len(rows)} payments.",
        len(rows),
    )
