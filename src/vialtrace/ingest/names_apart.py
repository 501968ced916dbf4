"""A person's name in two columns, surname and given names apart: both are read as one name."""

from __future__ import annotations

from collections.abc import Sequence

from vialtrace.model.mapping import normal_header

WHOSE: dict[str, str] = {"crossing": "traveller_name", "order": "client_name", "subscriber": "holder_name"}
"""Whom a name is of where a list has only one person a row, by record kind."""

_SURNAMES = frozenset(map(normal_header, ("surname", "last name", "family name", "sur name", "姓", "姓氏", "英文姓")))
_GIVEN = frozenset(
    map(normal_header, ("given names", "given name", "first name", "forename", "forenames", "名", "英文名"))
)


def apart(headers: Sequence[str]) -> tuple[str, str] | None:
    """The column of surnames and that of given names, where a table has one of each."""
    surnames = [each for each in headers if normal_header(each) in _SURNAMES]
    given = [each for each in headers if normal_header(each) in _GIVEN]
    return (surnames[0], given[0]) if len(surnames) == len(given) == 1 else None
