"""What was read, held against what a file itself says about its rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping as Named
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.ingest.sides import FLOWS, NOUGHT
from vialtrace.ingest.stating import UNNAMED, Stated, summed
from vialtrace.model import table
from vialtrace.model.mapping import Mapping

_SLACK = Decimal("0.000001")
"""Quantities are floats: sums of millions of them differ in the last digits."""


def settled(
    said: Stated, rows: pa.Table, sides: Named[int, str], mapping: Mapping, *, aside: pa.Table | None = None
) -> tuple[Stated, Decimal | None]:
    """As :func:`_settled`, and a count that does not agree is made once more with the rows ``aside``.

    These hold ``row_id`` of rows that the mapping leaves out by a word of theirs (refunds, failed transfers, neither
    income nor expense): the file's own count has them. Of their amounts nothing is read, so that a total of a side of
    which no row is a record is not known.
    """
    told, found = _settled(said, rows, sides, mapping)
    if aside is None or not aside.num_rows or found is None or agrees(told.value, found):
        return told, found
    if told.measure == "count":
        ids = pa.concat_tables([rows.select(["row_id"]), aside.select(["row_id"])])
        both = tally(told, ids, sides)
        return (told, both) if both is not None and agrees(told.value, both) else (told, found)
    counted = replace(told, measure="count")
    is_left_out = bool(told.side) and not tally(counted, rows, sides) and bool(tally(counted, aside, sides))
    return told, None if is_left_out else found


def _settled(said: Stated, rows: pa.Table, sides: Named[int, str], mapping: Mapping) -> tuple[Stated, Decimal | None]:
    """What a file states, with the measure it turns out to have, and the same of the rows read; None if not known.

    A bare number is taken for what agrees with it: the column it stands under, the count of rows, the sum of another
    column. Where none agrees, a number under a column stays a total of that column, and any other stays unnamed.
    ``rows`` hold ``row_id`` and the fields that :func:`added_up` names.
    """
    if said.measure != UNNAMED:
        found = tally(said, rows, sides)
        counted = replace(said, measure="count", side="", field="", value=said.bare or said.value)
        n_rows = tally(counted, rows, sides)
        is_count = said.bare is not None and n_rows is not None and counted.value == n_rows
        return (
            (counted, n_rows) if is_count and not (found is not None and agrees(said.value, found)) else (said, found)
        )
    alike = [replace(said, measure="count")]
    alike += [
        replace(said, measure="total", side=side, field=field, value=said.value * Decimal(reading.scale or 1))
        for reading, side, field in summed(mapping)
    ]
    for each in alike:
        found = tally(each, rows, sides)
        if found is not None and agrees(each.value, found):
            return each, found
    return said, None


def added_up(said: Sequence[Stated], mapping: Mapping) -> tuple[str, ...]:
    """The fields of the records that a sheet's statements are held against."""
    able = {field for _, _, field in summed(mapping)}
    named = {each.field for each in said} if all(each.measure != UNNAMED for each in said) else able
    return tuple(sorted(named & set(table(mapping.kind).names)))


def tally(said: Stated, rows: pa.Table, sides: Named[int, str]) -> Decimal | None:
    """The count or total of a sheet's own rows that a file states; None where its side or field is not known.

    ``rows`` hold ``row_id`` and the fields that can be added up; ``sides`` is the side of each row of a statement, by
    ``row_id``.
    """
    chosen = rows
    if said.since is not None:
        row_no = pc.bit_wise_and(rows["row_id"], 2**32 - 1)
        chosen = rows.filter(pc.and_(pc.greater(row_no, said.since), pc.less(row_no, said.row_no)))
    if said.side:
        if not sides:
            return None
        of_side = [row_id for row_id, side in sides.items() if side == said.side]
        chosen = chosen.filter(pc.is_in(chosen["row_id"], value_set=pa.array(of_side, pa.int64())))
    if said.measure == "count":
        return Decimal(chosen.num_rows)
    if said.field not in rows.column_names:
        return None
    total = pc.sum(chosen[said.field]).as_py()
    return Decimal(str(total if total is not None else 0))


def agrees(said: Decimal, found: Decimal) -> bool:
    """Whether a stated figure is the one found."""
    return abs(said - found) <= _SLACK * max(Decimal(1), abs(found))


def side_of(row_ids: Sequence[int], texts: Sequence[str | None]) -> dict[int, str]:
    """The side of each row of a statement, from the texts of its flow column; a text that says neither is ``other``."""
    word = {each: side for side, words in FLOWS["payment"].items() for each in words}
    return {
        row_id: word.get(unicodedata.normalize("NFKC", text or "").strip().lower(), "other")
        for row_id, text in zip(row_ids, texts, strict=True)
    }


def side_by_columns(
    row_ids: Sequence[int], came_in: Sequence[str | None], went_out: Sequence[str | None]
) -> dict[int, str]:
    """The side of each row of a statement with a column for what came in and one for what went out."""

    def is_filled(text: str | None) -> bool:
        return not re.search(NOUGHT, unicodedata.normalize("NFKC", text or ""))

    return {
        row_id: "other" if is_filled(more) == is_filled(less) else "in" if is_filled(more) else "out"
        for row_id, more, less in zip(row_ids, came_in, went_out, strict=True)
    }
