"""Declarations are whole, and every reader holds to them: cleaners, recipes, detectors."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

import ibis
import pyarrow as pa
import pytest

from vialtrace import assess, detect, estimate, reconstruct, resolve, screen
from vialtrace.detect.claims import COLUMNS
from vialtrace.ingest.clean import CLEANERS
from vialtrace.model import KINDS, RECORDS, TABLES
from vialtrace.model.recipe import Recipe
from vialtrace.model.records import OWN_TIME
from vialtrace.model.tables import FACETS, LINES

STAGES = {
    "resolve": resolve,
    "detect": detect,
    "reconstruct": reconstruct,
    "estimate": estimate,
    "assess": assess,
    "screen": screen,
}
RECIPES = [
    pytest.param(
        recipe if isinstance(recipe, Recipe) else Recipe((recipe.__name__,), recipe),
        id=f"{stage}-{getattr(recipe, 'function', recipe).__name__}",
    )
    for stage, room in STAGES.items()
    for recipe in room.RECIPES
]
# What is given to a recipe beside tables.
GIVEN = {"jurisdiction": "cn", "time_zone": "Asia/Shanghai"}


@pytest.fixture(scope="module")
def connection() -> ibis.BaseBackend:
    """Every declared table, without a row."""
    made = ibis.duckdb.connect()
    made.raw_sql("SET threads = 1")
    for name, table in TABLES.items():
        made.create_table(name, schema=ibis.schema(table.storage()))
    return made


def called(connection: ibis.BaseBackend, function: Callable[..., Any]) -> Any:
    """A recipe's answer to empty tables, in memory or in the engine as its annotations ask."""
    hints = typing.get_type_hints(function)
    needed, given = [], {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            given |= {name: connection} if name == "connection" else {name: GIVEN[name]} if name in GIVEN else {}
        else:
            table = connection.table(name)
            needed.append(connection.to_pyarrow(table) if hints.get(name) is pa.Table else table)
    return function(*needed, **given)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_makes_its_declared_columns_and_types_of_empty_tables(
    connection: ibis.BaseBackend, recipe: Recipe
) -> None:
    made = called(connection, recipe.function)
    found = made if isinstance(made, dict) else {recipe.makes[0]: made}
    assert set(found) == set(recipe.makes)
    for name, rows in found.items():
        schema = ibis.memtable(rows).schema() if isinstance(rows, pa.Table) else rows.schema()
        wanted = ibis.schema(TABLES[name].storage())
        assert set(schema.names) == set(wanted.names), name
        for column in wanted.names:
            assert _same_sort(schema[column], wanted[column]), (
                f"{name}.{column} is {schema[column]}, declared {wanted[column]}"
            )
        answered = rows if isinstance(rows, pa.Table) else connection.to_pyarrow(rows)
        assert answered.num_rows == 0, f"{name} has rows made of nothing"


def _same_sort(made: Any, wanted: Any) -> bool:
    """Whether a value can be stored as declared without loss: integers of any width, decimals, null for anything."""
    if made.is_null() or made.copy(nullable=True) == wanted.copy(nullable=True):
        return True
    if wanted.is_array():
        return bool(made.is_array()) and _same_sort(made.value_type, wanted.value_type)
    return any(
        bool(sort(made)) and bool(sort(wanted))
        for sort in (
            lambda each: each.is_integer(),
            lambda each: each.is_floating(),
            lambda each: each.is_decimal(),
            lambda each: each.is_timestamp(),
            lambda each: each.is_string(),
        )
    )


@pytest.mark.parametrize("detector", detect.DETECTORS, ids=lambda each: each.name)
def test_a_detector_answers_in_the_form_of_claims_and_says_nothing_of_nothing(
    connection: ibis.BaseBackend, detector: detect.Detector
) -> None:
    answer = called(connection, detector.recipe)
    assert answer.columns == (*COLUMNS, "row_ids")
    assert set(TABLES["claim"].names) == set(COLUMNS)
    for column in TABLES["claim"].columns:
        assert _same_sort(answer.schema()[column.name], ibis.dtype(column.storage)), column.name
    assert connection.to_pyarrow(answer).num_rows == 0


def test_a_detector_asks_a_question_of_its_own_of_kinds_that_exist() -> None:
    questions = [each.question for each in detect.DETECTORS]
    assert all(each.endswith("?") for each in questions)
    assert len(set(questions)) == len(questions)
    assert len({each.name for each in detect.DETECTORS}) == len(questions)
    for each in detect.DETECTORS:
        # A question of names alone can be asked of any records.
        assert each.needs or each.name == "testing_organisation"
        assert set(each.needs) <= set(RECORDS)


def test_every_kind_of_value_that_a_record_can_hold_has_one_cleaner() -> None:
    held = {
        column.kind_name
        for table in RECORDS.values()
        for column in table.columns
        if not column.key and column.name != "is_day_only"
    }
    assert held == set(CLEANERS)


def test_every_kind_and_table_and_column_has_help() -> None:
    for kind in KINDS.values():
        assert kind.help.endswith("."), kind.name
    for table in TABLES.values():
        assert table.help.endswith("."), table.name
        for column in table.columns:
            assert column.help.endswith("."), f"{table.name}.{column.name}"
    helps = [table.help for table in TABLES.values()]
    assert len(set(helps)) == len(helps), "a table's help says what one row of it is, and of no other"


def test_every_table_and_column_has_a_label_in_english_and_chinese() -> None:
    for table in TABLES.values():
        assert all(table.label), table.name
        for column in table.columns:
            assert all(column.label), f"{table.name}.{column.name}"


def test_every_table_has_a_key_of_columns_without_decimals_or_lists() -> None:
    for table in TABLES.values():
        assert table.key, table.name
        for name in table.key:
            assert table.column(name).storage in {"string", "int64", "date", "timestamp(6)", "boolean"}, (
                f"{table.name}.{name}"
            )


def test_what_a_column_refers_to_exists() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert not column.refers_to or column.refers_to in TABLES, f"{table.name}.{column.name}"


def test_columns_say_their_kind_by_name() -> None:
    endings = {"_id": {"id"}, "_on": {"date"}, "_share": {"share"}}
    starts = {"p_": {"probability"}, "q_": {"probability"}, "is_": {"flag"}, "has_": {"flag"}}
    for name, table in TABLES.items():
        if name in RECORDS:
            continue
        for column in table.columns:
            for ending, kinds in endings.items():
                if column.name.endswith(ending) and column.kind_name not in {*kinds, "row_id", "org_id", "text"}:
                    pytest.fail(f"{name}.{column.name} is {column.kind_name}")
            for start, kinds in starts.items():
                if column.name.startswith(start) and column.kind_name not in kinds:
                    pytest.fail(f"{name}.{column.name} is {column.kind_name}")


def test_every_table_is_made_by_a_room_that_exists() -> None:
    assert {table.made_by for table in TABLES.values()} <= {"ingest", "actions", *STAGES}


def test_every_record_has_a_row_a_time_and_a_mark_for_days() -> None:
    assert set(OWN_TIME) == set(RECORDS)
    for name, table in RECORDS.items():
        assert table.key == ("row_id",)
        assert table.names[-1] == "is_day_only"
        assert table.column(OWN_TIME[name]).kind_name in {"time", "date"}


def test_money_has_its_currency_beside_it() -> None:
    for name, table in TABLES.items():
        if any(column.kind_name == "money" for column in table.columns) and name not in {"money_tie", "tie"}:
            assert "currency" in table.names, name


def test_the_lines_and_facets_of_evidence_are_labelled() -> None:
    for label in (*LINES.values(), *FACETS.values()):
        assert len(label) == 2
        assert all(label)
