"""One record from the rows that deliver it: the fuller value of each field, and where they disagree."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.model import record
from vialtrace.model.records import OWN_TIME
from vialtrace.model.spec import Column

_WHOLE = 2**24
"""More than any text shows of itself: a value without a mask is fuller than any masked one."""

_RANKS = 2**16


def merged(kind: str, rows: ir.Table, duplicate: ir.Table) -> ir.Table:
    """The records: rows that stand for themselves, each field taken from the fullest of the rows that deliver it.

    A value is fuller than none; without a mask than with one; a time than a day; and a longer address than a shorter
    one. Among equally full ones that of the first row stands.
    """
    form = record(kind)
    own = OWN_TIME[kind]
    every = _delivered(rows, duplicate)
    ranked = every.mutate(place=ibis.row_number().over(group_by="kept_id", order_by="row_id"))
    fields = [column for column in form.columns if column.name not in ("row_id", "is_day_only")]

    def best(name: str, fullness: ir.IntegerValue) -> ir.Value:
        # Ties are broken by place: the answer must not depend on the order the engine reads in.
        score = fullness.cast("int64") * _RANKS - ranked.place
        return ranked[name].argmax(score, where=ranked[name].notnull())

    timed = ibis.ifelse(ranked.is_day_only, 0, 1)
    fullest = {
        column.name: best(column.name, timed if column.name == own else _fullness(ranked, column)) for column in fields
    }
    joined = ranked.group_by("kept_id").agg(
        **fullest, is_day_only=best("is_day_only", ibis.ifelse(ranked[own].notnull(), timed + 1, 0))
    )
    told = joined.select(row_id="kept_id", **{name: joined[name] for name in form.names if name != "row_id"})
    alone = rows.anti_join(every, "row_id")
    return alone.select(*form.names).union(told.select(*form.names).cast(dict(form.storage())))


def disagreements(kind: str, rows: ir.Table, records: ir.Table, duplicate: ir.Table) -> ir.Table:
    """The table ``disagreement``: a value of a row that stands for no record, where the record has another.

    A masked form of the value kept, a day of the time kept and a part of the address kept disagree with nothing.
    Free text is left out: two offices word one act differently.
    """
    form = record(kind)
    told = [c for c in form.columns if c.kind_name != "text" and c.name not in ("row_id", "is_day_only")]
    kept = records.semi_join(duplicate.select(row_id="same_as"), "row_id").rename(lambda name: f"kept_{name}")
    other = rows.inner_join(duplicate.select("row_id", "same_as"), "row_id")
    both = other.inner_join(kept, other.same_as == kept.kept_row_id)
    entries = [
        ibis.struct(
            {
                "field": ibis.literal(column.name),
                "kept": both[f"kept_{column.name}"].cast("string"),
                "other": ibis.ifelse(
                    _differs(both, column, OWN_TIME[kind]), both[column.name].cast("string"), ibis.null("string")
                ),
            }
        )
        for column in told
    ]
    said = both.select("row_id", entry=ibis.array(entries).filter(lambda each: each.other.notnull()).unnest())
    return said.select(
        "row_id", kind=ibis.literal(kind), field=said.entry.field, kept=said.entry.kept, other=said.entry.other
    )


def _delivered(rows: ir.Table, duplicate: ir.Table) -> ir.Table:
    """Every row of a record that more than one row delivers, with the row that stands for it."""
    firsts = duplicate.select(row_id="same_as", kept_id="same_as").distinct()
    standing = duplicate.select("row_id", kept_id="same_as").union(firsts)
    return rows.inner_join(standing, "row_id")


def _fullness(rows: ir.Table, column: Column) -> ir.IntegerValue:
    value = rows[column.name]
    if column.kind.may_be_masked:
        return ibis.ifelse(value.contains("*"), value.replace("*", "").length(), _WHOLE).cast("int64")
    if column.kind_name == "address":
        return value.length().cast("int64")
    return ibis.literal(0, type="int64")


def _differs(both: ir.Table, column: Column, own: str) -> ir.BooleanValue:
    kept, other = both[f"kept_{column.name}"], both[column.name]
    differs = (kept != other).fill_null(False)  # noqa: FBT003
    if column.kind.may_be_masked:
        return differs & ~other.contains("*")
    if column.kind_name == "address":
        return differs & ~kept.contains(other)
    if column.name == own and column.kind_name == "time":
        is_rough = both["is_day_only"] | (other.second() == 0)
        unit = ibis.ifelse(both["is_day_only"], kept.truncate("D"), kept.truncate("m"))
        return differs & ~(is_rough & (unit == other))
    return differs
