"""What was read, held against what a file itself says about its rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.ingest.sides import FLOWS
from vialtrace.ingest.stating import Stated

_SLACK = Decimal("0.000001")
"""Quantities are floats: sums of millions of them differ in the last digits."""


def tally(said: Stated, rows: pa.Table, sides: Mapping[int, str]) -> Decimal | None:
    """The count or total of a sheet's own rows that a file states; None where its side or field is not known.

    ``rows`` hold ``row_id`` and the fields that can be added up; ``sides`` is the side of each row of a statement, by
    ``row_id``.
    """
    chosen = rows
    if said.side:
        if not sides:
            return None
        of_side = [row_id for row_id, side in sides.items() if side == said.side]
        chosen = rows.filter(pc.is_in(rows["row_id"], value_set=pa.array(of_side, pa.int64())))
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
