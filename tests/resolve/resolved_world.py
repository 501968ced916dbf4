"""Small worlds for resolve: rows as people would write them, run through the recipes on DuckDB."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import Any

import ibis
import pyarrow as pa
import pytest

from vialtrace.model import RECORDS, table
from vialtrace.model.recipe import Recipe
from vialtrace.resolve import RECIPES
from vialtrace.store import form

Rows = list[dict[str, Any]]
SOURCE = 2**32


def as_table(name: str, rows: Rows | pa.Table) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows
    schema = form.arrow_schema(table(name))
    return pa.table({column: [row.get(column) for row in rows] for column in schema.names}, schema=schema)


class Resolved:
    """The tables of one run, with the questions tests ask of them."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self.tables = tables

    def rows(self, name: str) -> Rows:
        return typing.cast("Rows", self.tables[name].to_pylist())

    def party(self, row_id: int, slot: str) -> str | None:
        found = [row["party_id"] for row in self.rows("mention") if (row["row_id"], row["slot"]) == (row_id, slot)]
        assert len(found) == 1, f"{row_id} {slot} stands {len(found)} times in mention"
        return typing.cast("str | None", found[0])

    def one_party(self, *places: tuple[int, str]) -> bool:
        parties = {self.party(*place) for place in places}
        return len(parties) == 1 and None not in parties

    def of(self, name: str, **values: Any) -> Rows:
        return [row for row in self.rows(name) if all(row[column] == value for column, value in values.items())]


def run(records: Mapping[str, Rows | pa.Table], *, threads: int = 2, reverse: bool = False) -> Resolved:
    """Run the recipes as the pipeline does: each output cast to its declared form and sorted by its key."""
    backend = ibis.duckdb.connect(threads=threads)
    tables: dict[str, pa.Table] = {}

    def put(name: str, made: pa.Table) -> None:
        declared = table(name)
        keys = [(column, "ascending") for column in declared.key]
        tables[name] = form.arrow_cast(declared, made).sort_by(keys)
        assert tables[name].select(declared.key).group_by(list(declared.key)).aggregate([]).num_rows == made.num_rows
        backend.con.register(name, tables[name])

    for name in (*RECORDS, "party_decision", "decision"):
        given = as_table(name, records.get(name, []))
        tables[name] = given.take(pa.array(range(given.num_rows - 1, -1, -1), pa.int64())) if reverse else given
        backend.con.register(name, tables[name])
    for recipe in RECIPES:
        function, makes = _parts(recipe)
        hints = typing.get_type_hints(function)
        needs = [name for name in hints if name in tables]
        made = function(*[tables[name] if hints[name] is pa.Table else backend.table(name) for name in needs])
        for name, one in (made if isinstance(made, Mapping) else {makes[0]: made}).items():
            put(name, one if isinstance(one, pa.Table) else backend.to_pyarrow(one))
    backend.disconnect()
    return Resolved(tables)


def _parts(recipe: Recipe | Callable[..., Any]) -> tuple[Callable[..., Any], tuple[str, ...]]:
    return (recipe.function, recipe.makes) if isinstance(recipe, Recipe) else (recipe, (recipe.__name__,))


@pytest.fixture
def resolve() -> Callable[..., Resolved]:
    return run
