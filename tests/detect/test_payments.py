"""Payments, in a world of a few dozen rows: many strangers paying like amounts, beside rent and wages."""

from __future__ import annotations

from hand_tables import World, about


def payments(*lines: tuple[str, str, int, int]) -> str:
    """A block of payments from (payer, payee, amount, day of March 2025)."""
    made = ["row | paid_at | payer | payee | amount"]
    made += [
        f"{number} | 2025-03-{day:02d} 12:00 | {payer} | {payee} | {amount}"
        for number, (payer, payee, amount, day) in enumerate(lines, 1)
    ]
    return "\n".join(made)


def world() -> World:
    clients = [(f"Client{number}", "Till", 3500, number % 27 + 1) for number in range(40)]
    shops = [
        (f"Cust{shop}x{number}", f"Shop{shop}", 7 + 13 * number * number % 997, number % 27 + 1)
        for shop in range(5)
        for number in range(12)
    ]
    rent = [(f"Tenant{number}", "Landlord", 2000, day) for number in range(12) for day in (1, 8, 15, 22)]
    return World(payment=payments(*clients, *shops, *rent))


def test_who_is_paid_one_sum_by_forty_strangers_stands_out_and_shops_and_landlords_do_not() -> None:
    found = world().ask("client_payments")
    assert about(found) == [("Till",)]
    assert found[0]["rows"] == [f"payment:{number}" for number in range(1, 41)]
    assert found[0]["n_observed"] == 40


def test_equal_payments_alone_name_nobody() -> None:
    for each in world().ask("client_payments"):
        assert each["facet"] == "chain"
        assert 0 < each["weight"] <= 0.7
