"""Clock, ids, chance and money."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vialtrace.errors import BadInput, OurBug
from vialtrace.kit import chance, clock, ids, money


def test_a_moment_is_shown_in_utc() -> None:
    assert clock.stamp(datetime(2026, 3, 5, 14, 22, 33, tzinfo=UTC)) == "2026-03-05T14:22:33Z"


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="IANA"):
        clock.zone("Asia/Atlantis")


@given(st.integers(1, 2**31 - 1), st.integers(1, 2**32 - 1))
def test_a_row_id_holds_source_and_row_and_fits_an_int64(source_no: int, row_no: int) -> None:
    made = ids.row_id(source_no, row_no)
    assert ids.split_row_id(made) == (source_no, row_no)
    assert made < 2**63


@pytest.mark.parametrize(("source_no", "row_no"), [(0, 1), (1, 0), (1, 2**32)])
def test_a_row_outside_its_bounds_has_no_id(source_no: int, row_no: int) -> None:
    with pytest.raises(OurBug):
        ids.row_id(source_no, row_no)


def test_a_pseudonym_depends_on_the_key_and_tells_nothing_of_the_party() -> None:
    one, other = ids.pseudonym(b"k" * 32, "P1"), ids.pseudonym(b"l" * 32, "P1")
    assert one == ids.pseudonym(b"k" * 32, "P1")
    assert one != other
    assert one.startswith("protected-")
    assert "P1" not in one


def test_equal_values_have_equal_bytes_whatever_their_order() -> None:
    assert ids.canonical({"b": 1, "a": "样本"}) == ids.canonical({"a": "样本", "b": 1})


def test_streams_of_different_names_do_not_move_each_other() -> None:
    first = chance.stream(1, "clients").integers(0, 100, 5).tolist()
    chance.stream(1, "parcels").integers(0, 100, 50)
    assert chance.stream(1, "clients").integers(0, 100, 5).tolist() == first
    assert chance.stream(1, "parcels").integers(0, 100, 5).tolist() != first


def test_a_small_amount_survives_an_expression() -> None:
    connection = ibis.duckdb.connect()
    assert connection.to_pyarrow(money.literal("0.0004")).as_py() == Decimal("0.0004")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "–"),
        (7_100_000, "CNY 7.1 m"),
        (350_000, "CNY 350 k"),
        (2_500_000_000, "CNY 2.5 bn"),
        (12.5, "CNY 12.50"),
        (80, "CNY 80"),
    ],
)
def test_an_amount_is_shown_in_a_few_digits(amount: float | None, shown: str) -> None:
    assert money.brief(amount, "CNY") == shown
