"""Worlds a person can read: tables written as short blocks of text, and the answers shown in the same words.

A block has a header line and one line a row, cells apart by ``|``. The first cell is the row's number. A column named
for a place in a row (``payer``, ``sender``, ``agent`` ...) says who is meant, as ``party``, ``party/name``,
``party @ place`` or ``@ place``, and becomes a mention; every other column is a field of the record. Rows are shown
as ``kind:number``, claims with the ends and rows they name.
"""

from __future__ import annotations

import inspect
import random
import typing
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vialtrace import detect, reconstruct
from vialtrace.model import RECORDS, TABLES
from vialtrace.model.recipe import Recipe
from vialtrace.model.records import OWN_TIME

PLACES_IN_A_ROW = {
    "post": ("account", "contact"),
    "order": ("agent", "client"),
    "waybill": ("sender", "receiver"),
    "payment": ("payer", "payee"),
    "crossing": ("traveller",),
    "declaration": ("exporter", "consignee"),
    "permit": ("holder", "recipient"),
    "seizure": ("carrier",),
    "organisation": ("itself", "representative"),
    "contact": ("from", "to"),
}
KINDS = tuple(RECORDS)
RECIPES: dict[str, Any] = {}
for _recipe in (*detect.RECIPES, *reconstruct.RECIPES):
    for _name in _recipe.makes if isinstance(_recipe, Recipe) else (_recipe.__name__,):
        RECIPES[_name] = _recipe
DETECTORS = {each.name: each for each in detect.DETECTORS}


def arrow_schema(name: str) -> pa.Schema:
    """The declared form of a table."""
    return ibis.schema(TABLES[name].storage()).to_pyarrow()


def lines_of(block: str) -> list[dict[str, str]]:
    """The rows of a block: header to cell, both as text."""
    first, *rest = [line for line in block.strip().splitlines() if line.strip() and not line.strip().startswith("#")]
    headers = [cell.strip() for cell in first.split("|")]
    cells = [[cell.strip() for cell in line.split("|")] for line in rest]
    assert all(len(each) == len(headers) for each in cells), block
    return [dict(zip(headers, each, strict=True)) for each in cells]


def value_of(storage: str, cell: str) -> Any:
    """A cell as a value of a column's storage; an empty cell is null."""
    if cell == "":
        return None
    made = {
        "int64": int,
        "float64": float,
        "boolean": lambda text: text == "yes",
        "date": date.fromisoformat,
        "timestamp(6)": datetime.fromisoformat,
        "decimal(20, 4)": Decimal,
        "array<string>": lambda text: text.split(),
        "array<int64>": lambda text: [int(each) for each in text.split()],
    }
    return made.get(storage, str)(cell)


def row_number(kind: str, number: int | str) -> int:
    """The row id of row ``number`` of the one file of ``kind``."""
    return (KINDS.index(kind) + 1) * 2**32 + int(number)


def shown_row(row_id: int) -> str:
    """A row id as ``kind:number``."""
    return f"{KINDS[row_id // 2**32 - 1]}:{row_id % 2**32}"


def records_of(kind: str, rows: Iterable[dict[str, str]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The records and the mentions that the rows of a block of ``kind`` hold."""
    declared = RECORDS[kind]
    records, mentions = [], []
    for row in rows:
        row_id = row_number(kind, row["row"])
        record: dict[str, Any] = dict.fromkeys(declared.names)
        record |= {"row_id": row_id, "is_day_only": False}
        for header, cell in row.items():
            if header in PLACES_IN_A_ROW.get(kind, ()):
                mentions.append({"row_id": row_id, "slot": f"{kind}.{header}", **_named(cell)})
            if header in declared.names and header != "row":
                record[header] = value_of(declared.column(header).storage, cell)
        own = row.get(OWN_TIME[kind], "")
        record["is_day_only"] = bool(own) and len(own) == len("2025-01-01")
        records.append(record)
    return records, mentions


def _named(cell: str) -> dict[str, str | None]:
    whole, _, place = (part.strip() for part in cell.partition("@"))
    party, _, name = (part.strip() for part in whole.partition("/"))
    return {"party_id": party or None, "place_id": place or None, "name_key": (name or party) or None}


class World:
    """Tables written by hand, and what the recipes make of them; each is made once."""

    def __init__(self, **given: str | list[dict[str, Any]] | pa.Table) -> None:
        """Blocks of text, lists of rows or Arrow tables, by table name; ``mention`` follows from the blocks."""
        self.connection = ibis.duckdb.connect()
        self.connection.raw_sql("SET threads = 1")
        self._tables: dict[str, ir.Table] = {}
        self.arrow: dict[str, pa.Table] = {}
        mentions: list[dict[str, Any]] = []
        for name, content in given.items():
            rows: Any = content
            if isinstance(content, str):
                rows = lines_of(content)
                if name in RECORDS:
                    rows, found = records_of(name, rows)
                    mentions += found
                else:
                    storage = TABLES[name].storage()
                    rows = [{key: value_of(storage[key], cell) for key, cell in row.items()} for row in rows]
            self._put(
                name, rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows, schema=arrow_schema(name))
            )
        if "mention" not in given:
            self._put("mention", pa.Table.from_pylist(mentions, schema=arrow_schema("mention")))
        self.complete()

    def complete(self) -> None:
        """Parties and places as the mentions name them, where the world does not say more."""
        mentions = self.arrow["mention"].to_pylist()
        if "party" not in self.arrow:
            names: dict[str, str] = {}
            counts: dict[str, int] = {}
            for row in mentions:
                if row["party_id"]:
                    names.setdefault(row["party_id"], row["name_key"])
                    counts[row["party_id"]] = counts.get(row["party_id"], 0) + 1
            self._put(
                "party",
                pa.Table.from_pylist(
                    [
                        {"party_id": each, "kind": "person", "name": name, "n_rows": counts[each]}
                        for each, name in sorted(names.items())
                    ],
                    schema=arrow_schema("party"),
                ),
            )
        if "place" not in self.arrow:
            places = sorted({row["place_id"] for row in mentions if row["place_id"]})
            # A place is written as "Region-Street": what stands before the dash is its region.
            self._put(
                "place",
                pa.Table.from_pylist(
                    [
                        {"place_id": each, "address": each, "region": each.split("-")[0], "n_rows": 1, "n_parties": 1}
                        for each in places
                    ],
                    schema=arrow_schema("place"),
                ),
            )

    def shuffled(self, seed: int) -> World:
        """The same world with the rows of every given table in another order."""
        made = World.__new__(World)
        made.connection = ibis.duckdb.connect()
        made._tables, made.arrow = {}, {}
        for name, rows in self.arrow.items():
            order = list(range(rows.num_rows))
            random.Random(seed).shuffle(order)  # noqa: S311  an order of rows, no secret
            made._put(name, rows.take(pa.array(order, pa.int64())))
        return made

    def _put(self, name: str, rows: pa.Table) -> None:
        self.arrow[name] = rows
        self._tables[name] = ibis.memtable(rows)

    def table(self, name: str) -> ir.Table:
        """The table ``name``: given, made by its recipe, or empty."""
        if name not in self._tables:
            if name == "claim":
                self._tables[name] = ibis.memtable(self._claims())
            elif name == "claim_row":
                rows = [
                    {"evidence_id": each["evidence_id"], "row_id": row}
                    for each in self._answers()
                    for row in each["row_ids"]
                ]
                self._tables[name] = ibis.memtable(pa.Table.from_pylist(rows, schema=arrow_schema(name)))
            elif name in RECIPES:
                self._make(RECIPES[name])
            else:
                self._tables[name] = ibis.memtable(arrow_schema(name).empty_table())
        return self._tables[name]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table, sorted by its key."""
        declared = TABLES[name]
        made = self.connection.to_pyarrow(self.table(name)).select(list(declared.names)).to_pylist()
        return sorted(made, key=lambda row: tuple(str(row[each]) for each in declared.key or declared.names))

    def _make(self, recipe: Any) -> None:
        function = recipe.function if isinstance(recipe, Recipe) else recipe
        made = self._called(function)
        found = made if isinstance(made, dict) else {function.__name__: made}
        for name, rows in found.items():
            kept = rows if isinstance(rows, pa.Table) else self.connection.to_pyarrow(rows)
            self._tables[name] = ibis.memtable(kept)

    def _called(self, function: Any, **thresholds: Any) -> Any:
        hints = typing.get_type_hints(function)
        needed = []
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
                made = self.table(name)
                needed.append(self.connection.to_pyarrow(made) if hints[name] is pa.Table else made)
        return function(*needed, **thresholds)

    def ask(self, detector: str, **thresholds: Any) -> list[dict[str, Any]]:
        """What a detector answers, in a fixed order, each claim with its ``rows`` as shown to people."""
        answered = self.connection.to_pyarrow(self._called(DETECTORS[detector].recipe, **thresholds)).to_pylist()
        for each in answered:
            each["rows"] = [shown_row(row) for row in each["row_ids"]]
            assert each["row_ids"] == sorted(set(each["row_ids"])), "rows are sorted and named once"
            assert each["n_rows"] == len(each["row_ids"])
        ids = [each["evidence_id"] for each in answered]
        assert len(ids) == len(set(ids)), f"{detector} makes one claim twice"
        return sorted(answered, key=lambda each: (each["detector"], each["subject_id"], each["object_id"] or ""))

    def _answers(self) -> list[dict[str, Any]]:
        return [each for name in DETECTORS if self._has(name) for each in self.ask(name)]

    def _has(self, detector: str) -> bool:
        return all(self.arrow.get(kind) is not None and self.arrow[kind].num_rows for kind in DETECTORS[detector].needs)

    def _claims(self) -> pa.Table:
        return pa.Table.from_pylist(
            [{name: each[name] for name in TABLES["claim"].names} for each in self._answers()],
            schema=arrow_schema("claim"),
        )


def about(answers: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """The ends that claims name: (subject,) or (subject, object)."""
    return [tuple(end for end in (each["subject_id"], each["object_id"]) if end) for each in answers]
