"""A written page as elements, and the case it tells of: the run's tables and the rows behind each exhibit."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

_KINDS = (
    "post", "order", "waybill", "payment", "crossing", "seizure", "specimen", "organisation", "subscriber", "contact",
    "declaration", "permit",
)  # fmt: skip
_EMPTY = {"meta", "br", "path", "rect", "circle", "line", "link", "img"}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(eq=False)
class Node:
    """One element of the page."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None = None
    children: list[Node | str] = field(default_factory=list)

    def text(self) -> str:
        """All text inside."""
        return "".join(each if isinstance(each, str) else each.text() for each in self.children)

    def every(self) -> Iterable[Node]:
        """This element and all inside it."""
        yield self
        for each in self.children:
            if isinstance(each, Node):
                yield from each.every()

    def up(self, *tags: str) -> Node | None:
        """The nearest element around it with one of these tags."""
        found = self.parent
        while found is not None and found.tag not in tags:
            found = found.parent
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Node("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        if tag not in _EMPTY:
            self.at = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Node(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            self.at = self.at.parent or self.root

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def read(text: str) -> Node:
    """A page as elements."""
    reader = _Reader()
    reader.feed(text)
    return reader.root


@dataclass(eq=False)
class Case:
    """The tables of a run, each row looked up by its id; and the rows behind each exhibit of one page."""

    tables: Callable[[str], list[dict[str, Any]]]
    kind: dict[int, str]
    record: dict[int, dict[str, Any]]
    parties: dict[int, dict[str, set[str]]]
    names: dict[int, set[str]]
    rows: dict[str, tuple[int, ...]]

    def of(self, exhibits: Iterable[str], kind: str = "") -> list[int]:
        """The distinct rows behind some exhibits, those of one record kind."""
        found = {row for each in exhibits for row in self.rows.get(each, ())}
        return sorted(row for row in found if not kind or self.kind.get(row) == kind)

    def paid(self, rows: Iterable[int]) -> Decimal:
        """What these payments add up to."""
        return sum((self.record[row]["amount"] or Decimal(0) for row in rows), Decimal(0))

    def at(self, row: int, slot: str) -> set[str]:
        """Who stands in one place of a row."""
        return self.parties.get(row, {}).get(slot, set())


@cache
def tables_of(run: Path) -> Callable[[str], list[dict[str, Any]]]:
    """The tables of a run, each read once."""

    @cache
    def table(name: str) -> list[dict[str, Any]]:
        path = run / "tables" / f"{name}.parquet"
        found: list[dict[str, Any]] = pq.read_table(path).to_pylist() if path.exists() else []
        return found

    return table


def open_case(run: Path, row_list: bytes) -> Case:
    """A run, and the rows behind each exhibit of one page of it."""
    tables = tables_of(run)
    kind, record = {}, {}
    for name in _KINDS:
        for row in tables(name):
            kind[row["row_id"]], record[row["row_id"]] = name, row
    called = {row["alias_id"]: row["party_id"] for row in tables("member_alias")}
    parties: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    names: dict[int, set[str]] = defaultdict(set)
    for row in tables("mention"):
        if row["party_id"] is not None:
            parties[row["row_id"]][row["slot"]].add(called.get(row["party_id"], row["party_id"]))
        if row["name_key"]:
            names[row["row_id"]].add(row["name_key"])
    source = {
        f"{row['file']}#{row['sheet']}" if row["sheet"] else row["file"]: row["source_no"] for row in tables("source")
    }
    rows: dict[str, list[int]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(row_list.decode("utf-8-sig"))):
        rows[row["exhibit"]].append((source[row["file"]] << 32) + int(row["row"]))
    return Case(tables, kind, record, parties, names, {key: tuple(each) for key, each in rows.items()})


def numbers(text: str) -> list[float]:
    """Every number in a text."""
    return [float(each.replace(",", "")) for each in _NUMBER.findall(text)]
