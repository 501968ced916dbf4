"""Shapes of money: each found where it is planted, against its null, and none of them names anybody."""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hand_tables import arrow_schema

from vialtrace import detect
from vialtrace.detect import patterns, payments

Paid = tuple[str, str, float, int]


def ask(paid: list[Paid], **thresholds: float) -> list[dict[str, Any]]:
    """The patterns of payments given as (payer, payee, amount, day)."""
    payment = [
        {
            "row_id": number,
            "amount": Decimal(str(round(amount, 2))),
            "currency": "CNY",
            "paid_at": datetime.fromisoformat("2025-01-01") + timedelta(days=day),
        }
        for number, (_, _, amount, day) in enumerate(paid)
    ]
    mention = [
        {"row_id": number, "slot": slot, "party_id": party}
        for number, (payer, payee, _, _) in enumerate(paid)
        for slot, party in (("payment.payer", payer), ("payment.payee", payee))
    ]
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET threads = 1")
    made: dict[str, Any] = {}

    def keep(name: str, rows: pa.Table) -> None:
        made[name] = ibis.memtable(rows)

    for name, rows in (("payment", payment), ("mention", mention)):
        form = arrow_schema(name)
        whole = [{column: row.get(column) for column in form.names} for row in rows]
        keep(name, pa.Table.from_pylist(whole, schema=form))
    keep("transfer", backend.to_pyarrow(patterns.transfer(payments.payment_ends(made["payment"], made["mention"]))))
    keep("pass_on", backend.to_pyarrow(patterns.pass_on(made["transfer"])))
    keep("same_amount", backend.to_pyarrow(patterns.same_amount(made["transfer"])))
    found = patterns.money_pattern(made["transfer"], made["pass_on"], made["same_amount"], **thresholds)
    return sorted(backend.to_pyarrow(found).to_pylist(), key=lambda row: (row["p_value"], row["pattern_id"]))


def ordinary(seed: int, n: int = 1500, parties: int = 200) -> list[Paid]:
    """Payments between parties at random, amounts log-normal, days at large."""
    random = np.random.default_rng(seed)
    ends = random.integers(0, parties, (n, 2))
    return [
        (f"N{payer}", f"N{payee}", float(np.exp(random.normal(5, 1))), int(random.integers(0, 180)))
        for payer, payee in ends.tolist()
        if payer != payee
    ]


def parties(found: list[dict[str, Any]], pattern: str) -> list[set[str]]:
    return [set(row["party_ids"]) for row in found if row["pattern"] == pattern]


PLANTED: dict[str, list[Paid]] = {
    "fan_in": [(f"A{each}", "Till", 3000 + each, 9 * each) for each in range(8)],
    "fan_out": [("Boss", f"B{each}", 40 * each + 50, 60 + each % 4) for each in range(9)],
    "gather_scatter": [(f"C{each}", "Mid", 900, 50 + each % 3) for each in range(6)]
    + [("Mid", f"D{each}", 880, 54 + each % 3) for each in range(6)],
    "scatter_gather": [("S", f"E{each}", 700 + 90 * each, 80) for each in range(5)]
    + [(f"E{each}", "T", 690 + 90 * each, 82) for each in range(5)],
    "stack": [("S", f"F{each}", 500 * 2**each, 80) for each in range(3)]
    + [(f"F{each}", f"G{each}", 490 * 2**each, 82) for each in range(3)]
    + [(f"G{each}", "T", 480 * 2**each, 84) for each in range(3)],
    "cycle": [("H0", "H1", 777, 30), ("H1", "H2", 775, 90), ("H2", "H3", 777, 20), ("H3", "H0", 776, 60)],
}


@pytest.mark.parametrize("pattern", sorted(PLANTED))
def test_a_planted_shape_is_the_first_of_its_kind_among_ordinary_payments(pattern: str) -> None:
    planted = {end for payer, payee, _, _ in PLANTED[pattern] for end in (payer, payee)}
    found = ask([*ordinary(3), *PLANTED[pattern]])
    first = parties(found, pattern)[0]
    assert len(first & planted) * 2 >= max(len(first), len(planted))


@pytest.mark.parametrize("seed", range(4))
def test_ordinary_payments_show_no_more_shapes_than_the_stated_rate(seed: int) -> None:
    found = ask(ordinary(seed, n=2500))
    assert sum(row["q_value"] <= 0.05 for row in found) <= 1


def test_cycles_are_those_that_networkx_finds() -> None:
    random = np.random.default_rng(5)
    paid = [
        (f"P{a}", f"P{b}", 500.0, int(random.integers(0, 60))) for a, b in random.integers(0, 25, (50, 2)) if a != b
    ]
    graph = nx.DiGraph((payer, payee) for payer, payee, _, _ in paid)
    wanted = {frozenset(each) for each in nx.simple_cycles(graph, length_bound=6) if len(each) >= 3}
    assert wanted
    assert {frozenset(each) for each in parties(ask(paid, most_p=1.0), "cycle")} == wanted


def test_a_platform_does_not_blow_up_chains() -> None:
    through = [(f"U{each}", "Platform", 100.0, each % 30) for each in range(1500)]
    through += [("Platform", f"V{each}", 100.0, each % 30) for each in range(1500)]
    assert parties(ask(through, most_p=1.0), "gather_scatter") == []


def test_instalments_of_one_transfer_count_once() -> None:
    paid = [("A", "Till", 100.0, 3)] * 5 + [("B", "Till", 100.0, 3), ("C", "Till", 100.0, 4)]
    (found,) = [row for row in ask(paid, most_p=1.0) if row["pattern"] == "fan_in"]
    assert found["n_observed"] == 3
    assert len(found["row_ids"]) == 7


def test_patterns_never_become_evidence_about_anybody() -> None:
    asked = {name for each in detect.DETECTORS for name in inspect.signature(each.recipe).parameters}
    assert not asked & {"transfer", "pass_on", "same_amount", "money_pattern"}
    for recipe in detect.RECIPES:
        function = getattr(recipe, "function", recipe)
        if function.__module__ != patterns.__name__:
            assert "money_pattern" not in inspect.signature(function).parameters
