"""Amounts: decimal always, a float never."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

_UNITS: tuple[tuple[float, str], ...] = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))

AMOUNT = "decimal(20, 4)"
"""How an amount is stored: sixteen digits before the point, four after it."""


def literal(amount: Decimal | int | str) -> ir.DecimalScalar:
    """An amount in an expression.

    Ibis 12.0 turns a bare ``Decimal`` into ``DECIMAL(18, 3)``, so that 0.0004 becomes 0.000: hence the type.
    """
    return ibis.literal(Decimal(amount), AMOUNT)


def shown(amount: float | Decimal | None, currency: str = "") -> str:
    """An amount as people write it: grouped, whole units from 100 up, cents below; a dash where nothing is known."""
    if amount is None:
        return "–"
    places = 0 if abs(float(amount)) >= 100 or amount == int(amount) else 2
    return f"{currency} {amount:,.{places}f}".strip()


def brief(amount: float | Decimal | None, currency: str = "") -> str:
    """An amount in three digits or so: ``CNY 7.1 m``, ``CNY 350 k``."""
    if amount is None:
        return "–"
    size = abs(float(amount))
    for limit, unit in _UNITS:
        if size >= limit:
            value = float(amount) / limit
            return f"{currency} {value:,.{0 if abs(value) >= 100 else 1}f} {unit}".strip()
    return shown(amount, currency)
