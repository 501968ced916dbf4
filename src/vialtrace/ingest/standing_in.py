"""A column that stands for a required time which no column holds: another time of the same record, and asked about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from vialtrace.model.records import OWN_TIME
from vialtrace.model.spec import Table


def stand_in(
    form: Table, pairs: Mapping[str, tuple[str, float]], missing: Collection[str], sure: float
) -> tuple[str, str] | None:
    """The record's own time, where it is all that is missing, and the column of another time to stand for it.

    A list of parcels handed out says when they were delivered and not when they were sent; a clinic's book says when
    blood was drawn and not when the test was ordered. Without any day such rows could not be read at all.
    """
    own = OWN_TIME[form.name]
    if list(missing) != [own]:
        return None
    times = [
        pairs[column.name][0]
        for column in form.columns
        if column.kind_name in ("time", "date")
        and column.name in pairs
        and column.name != own
        and pairs[column.name][1] >= sure
        and column.name not in _NEVER
    ]
    return (own, times[0]) if times else None


_NEVER = frozenset({"birth_date"})
"""Days that are of a person, not of what happened."""
