"""No age, sex, surname, origin, nationality or home region of a party enters its score.

Three proofs: every recipe of detect and reconstruct can be built from tables that lack the sensitive columns, save
those that ``READ_AS_IDENTITY`` gives a reason for; their SQL names no sensitive column beside these; and no word of
the forbidden kind is among the columns they are given.
"""

from __future__ import annotations

import inspect
import typing
from typing import Any

import ibis
import pyarrow as pa
import pytest
import sqlglot

from vialtrace import detect, reconstruct
from vialtrace.model import TABLES
from vialtrace.model.recipe import Recipe

READ_AS_IDENTITY: dict[tuple[str, str], str] = {
    ("mention", "name_key"): "tells whether two rows are one client or one traveller; compared for equality only",
    ("suspect_order", "client_key"): "who the client is: protects them, and meets their payment and parcel",
    ("order_parcel", "client_key"): "tells a client's own parcel from a collector's",
    ("order_parcel", "sender_key"): "tells a client's own parcel from a collector's",
    ("payment_ends", "payer_key"): "who was served: a client's name, met with that of their parcel or order",
    ("payment_ends", "payee_key"): "meets the full names of travellers and handlers; compared for equality only",
    ("parcel_ends", "sender_key"): "counts different senders, and meets those who get parcels back",
    ("parcel_ends", "receiver_key"): "counts different receivers, and meets those who sent",
    ("visit", "client"): "who was served: the clients that two service points share",
    ("seeker", "client"): "who sought the test: met with the clients that service points have",
    ("handler", "name_key"): "meets the full names of payers, payees and callers; compared for equality only",
    ("labelled_client", "client"): "the client that a tube's label names",
    ("client_of", "client"): "who is a client of a network, so that their payments and parcels are told as a client's",
    ("bearer", "name_key"): "joins two parties near a network of one full name that hardly anybody bears",
    ("talk_visit", "client"): "who sought the test: met with those who are in touch with a point",
    ("passage_day", "name_key"): "joins a payee and a traveller of one full name",
    ("trip_day", "name_key"): "joins a payee and a traveller of one full name",
    ("specimen", "label"): "meets the names of known clients; nothing else of it is kept",
    ("reading", "text"): "the text that was read: joins a record to its reading",
    ("party", "name"): "joins namesakes near a network, and tells a laboratory among organisations by its name",
    ("party_identifier", "value"): "two resident identity numbers are two people",
    ("place", "address"): "written beside a place of a network, for people to read",
}
"""Sensitive columns that recipes may read, each as identity or to be shown, never as evidence about a party."""

CARRIED: dict[tuple[str, str], str] = {
    ("order", "client_region"): "kept with the order for the regions of a network's flow; no detector reads it",
}
"""Sensitive columns that one recipe passes on unread."""

NEVER = (
    "birth_date",
    "birth_on",
    "nationality",
    "sex",
    "gender",
    "age",
    "client_region",
    "label",
    "starts",
    "ends",
    "raw",
    "client_name",
    "client_phone",
    "client_handle",
)
"""Names that no detector's SQL may hold."""

_RECIPES = [
    (recipe if isinstance(recipe, Recipe) else Recipe((recipe.__name__,), recipe))
    for recipe in (*detect.RECIPES, *reconstruct.RECIPES)
]
ASKED = [
    *(pytest.param(each.recipe, id=f"detector-{each.name}") for each in detect.DETECTORS),
    *(pytest.param(each.function, id=f"recipe-{each.function.__name__}") for each in _RECIPES),
]


def sensitive() -> set[tuple[str, str]]:
    """Every column the model marks as sensitive."""
    return {(table.name, column.name) for table in TABLES.values() for column in table.columns if column.sensitive}


@pytest.fixture(scope="module")
def connection() -> ibis.BaseBackend:
    """Every table without its sensitive columns, save those with a reason."""
    made = ibis.duckdb.connect()
    made.raw_sql("SET threads = 1")
    withheld = sensitive() - set(READ_AS_IDENTITY) - set(CARRIED)
    for name, table in TABLES.items():
        made.create_table(
            name,
            schema=ibis.schema(
                {column: storage for column, storage in table.storage().items() if (name, column) not in withheld}
                or {"nothing": "string"}
            ),
        )
    return made


def built(connection: ibis.BaseBackend, function: Any) -> Any:
    """A recipe's answer to tables that lack what is withheld."""
    hints = typing.get_type_hints(function)
    needed = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            table = connection.table(name)
            needed.append(connection.to_pyarrow(table) if hints.get(name) is pa.Table else table)
    return function(*needed)


@pytest.mark.parametrize("function", ASKED)
def test_a_recipe_does_without_every_sensitive_column_that_has_no_reason(
    connection: ibis.BaseBackend, function: Any
) -> None:
    made = built(connection, function)
    for rows in made.values() if isinstance(made, dict) else (made,):
        if not isinstance(rows, pa.Table):
            connection.to_pyarrow(rows)


@pytest.mark.parametrize("detector", detect.DETECTORS, ids=lambda each: each.name)
def test_the_sql_of_a_detector_names_no_column_of_age_sex_origin_or_nationality(
    connection: ibis.BaseBackend, detector: detect.Detector
) -> None:
    parsed = sqlglot.parse_one(str(ibis.to_sql(built(connection, detector.recipe), dialect="duckdb")), read="duckdb")
    named = {column.name for column in parsed.find_all(sqlglot.exp.Column)}
    assert not named & set(NEVER)
    # A region may be read of a place, as a property of the flow; never of a post, an order or a person.
    if "region" in named:
        tables = {table.name for table in parsed.find_all(sqlglot.exp.Table)}
        assert "place" in tables
        assert not tables & {"post", "order", "party"}


@pytest.mark.parametrize("function", ASKED)
def test_a_recipe_takes_no_record_in_which_only_a_persons_traits_are_left(
    connection: ibis.BaseBackend, function: Any
) -> None:
    for name in inspect.signature(function).parameters:
        assert name not in {"profile", "spelling", "comparable", "hold", "link", "name_use"}, (
            "identity is settled in resolve"
        )


def test_every_reason_is_for_a_column_that_is_there_and_is_sensitive() -> None:
    for column in (*READ_AS_IDENTITY, *CARRIED):
        assert column in sensitive(), column


def test_traits_of_a_person_and_identifiers_of_clients_are_marked() -> None:
    assert {
        ("crossing", "birth_date"),
        ("crossing", "nationality"),
        ("post", "region"),
        ("order", "client_region"),
        ("order", "client_name"),
        ("order", "client_phone"),
        ("order", "client_handle"),
        ("specimen", "label"),
        ("order", "specimen_label"),
    } <= sensitive()


def test_no_claim_sentence_shows_a_name_or_a_key_of_a_client() -> None:
    withheld = {name for _, name in sensitive()}
    assert not withheld & set(TABLES["claim"].names)
    assert not withheld & set(TABLES["evidence"].names)
