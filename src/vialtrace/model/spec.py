"""The form of a declaration: ``Column`` and ``Table``, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from vialtrace.errors import UnknownName
from vialtrace.model.kinds import Kind, kind

ROWS_A_GROUP = 122_880
"""Rows that stand together in a Parquet file: DuckDB's own default, written down, for the bytes of a table depend on it."""


@dataclass(frozen=True)
class Column:
    """One column.

    ``label`` is what people see (English, Chinese); ``synonyms`` are headers seen in real files, for records only;
    ``sensitive`` marks what no detector may read as evidence about a party (age, sex, origin, nationality) or what
    could identify a donor; ``ftm`` is the FollowTheMoney property, as ``Schema:property``.
    """

    name: str
    kind_name: str
    help: str
    label: tuple[str, str] = ("", "")
    key: bool = False
    required: bool = False
    refers_to: str = ""
    sensitive: bool = False
    ftm: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The kind of value this column holds."""
        return kind(self.kind_name)

    @property
    def storage(self) -> str:
        """The Ibis type the column is stored as."""
        return self.kind.storage


@dataclass(frozen=True)
class Table:
    """One table: what one row of it is, and its columns. Rows are sorted by the key columns when stored."""

    name: str
    help: str
    columns: tuple[Column, ...]
    made_by: str
    label: tuple[str, str] = ("", "")
    one_of: tuple[str, ...] = ()

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The names of the key columns, in order."""
        return tuple(column.name for column in self.columns if column.key)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called ``name``.

        Raises:
            UnknownName: with the columns there are.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownName(f"column of {self.name}", name, self.names)

    def storage(self) -> dict[str, str]:
        """Column name to Ibis type, in order: what a recipe for this table must return."""
        return {column.name: column.storage for column in self.columns}
