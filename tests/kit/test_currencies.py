"""The tender of a country."""

from __future__ import annotations

import pytest

from vialtrace.kit.currencies import currency_of


@pytest.mark.parametrize(
    ("country", "currency"),
    [("CN", "CNY"), ("in", "INR"), ("IN-MH", "INR"), ("HK", "HKD"), ("DE", "EUR"), ("TH", "THB"), ("XX", ""), ("", "")],
)
def test_a_country_or_a_part_of_one_has_its_tender(country: str, currency: str) -> None:
    assert currency_of(country) == currency
