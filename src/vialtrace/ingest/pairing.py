"""Which row of one file is which row of another, by a declared identity: one to one, never all against all."""

from __future__ import annotations

from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.recording import ROW_BITS
from vialtrace.model import record
from vialtrace.model.identities import Identity
from vialtrace.model.records import OWN_TIME

TAIL = 4
"""Last characters a masked identifier must show: banks and couriers leave four; fewer are shared by too many."""

CROWDED = 200
"""Rows of one file that share all an identity asks for; where there are more, it tells nothing apart."""


def pairs(kind: str, rows: ir.Table, identity: Identity, held: ir.Table, shared: ir.Table | None = None) -> ir.Table:
    """``row_id`` of a later file and ``same_as`` of an earlier one, for rows that are one record by ``identity``.

    Each row is paired at most once with each other file. ``held`` are the files (``held_source``) that deliver the
    record of a row (``held_row``): two records that one file delivers both are two. ``shared`` are pairs of files
    (``source``, ``earlier``) known to share a numbering, in which two numbers set rows apart.
    """
    keyed = _keyed(kind, rows, identity)
    keys = [name for name in keyed.columns if name.startswith("key_")]
    met = _met_in_two_files(keyed, keys)
    earlier = met.rename(lambda name: name if name.startswith("key_") else f"earlier_{name}")
    joined = met.join(earlier, keys).filter(lambda both: both["earlier_source"] < both["source"])
    joined = joined.filter(_agrees(kind, joined, identity))
    joined = _without_common_file(joined, held)
    if shared is not None and identity.numbered:
        joined = _not_told_apart(joined, identity.numbered, shared)
    return _one_to_one(joined.mutate(n_same=_n_same(joined, identity)))


def _keyed(kind: str, rows: ir.Table, identity: Identity) -> ir.Table:
    """The rows that fill all the identity asks for, with the keys they are joined by."""
    own = rows[OWN_TIME[kind]]
    tails = {name: rows[name].re_extract(r"([^*]*)$", 1).right(TAIL) for name in identity.masked}
    keys: dict[str, ir.Value] = {f"key_{name}": rows[name] for name in identity.equal}
    keys |= {f"key_{name}": tail for name, tail in tails.items()}
    filled = [rows[name].notnull() for name in identity.equal]
    filled += [tail.length() == TAIL for tail in tails.values()]
    if identity.has_same_time:
        keys["key_day"] = own.cast("date")
        filled.append(own.notnull())
    told = dict.fromkeys((*identity.masked, *identity.compatible, *((identity.numbered,) * bool(identity.numbered))))
    source = (rows.row_id // 2**ROW_BITS).cast("int64")
    chosen = rows.select(
        "row_id",
        "is_day_only",
        *told,
        own_time=own.cast("timestamp(6)"),
        source=source,
        filled=reduce(and_, filled),
        **keys,
    )
    return chosen.filter(chosen.filled).drop("filled")


def _met_in_two_files(keyed: ir.Table, keys: list[str]) -> ir.Table:
    """The rows whose keys stand in more than one file, in none too often; with how exact the file's times are."""
    precise = keyed.group_by("source").agg(
        has_seconds=(~keyed.is_day_only & (keyed.own_time.second() != 0)).any().fill_null(False)  # noqa: FBT003
    )
    per_file = keyed.group_by([*keys, "source"]).agg(n_rows=lambda each: each.count())
    crowds = per_file.group_by(keys).agg(n_files=per_file.count(), most=per_file.n_rows.max())
    met = crowds.filter((crowds.n_files > 1) & (crowds.most <= CROWDED))
    return keyed.semi_join(met, keys).join(precise, "source")


def _agrees(kind: str, both: ir.Table, identity: Identity) -> ir.BooleanValue:
    """Whether nothing sets two rows apart."""
    tests: list[ir.BooleanValue] = [
        _is_compatible(kind, name, both[name], both[f"earlier_{name}"])
        for name in (*identity.masked, *identity.compatible)
    ]
    one, other = both["own_time"], both["earlier_own_time"]
    if identity.days is not None:
        tests.append((_days_apart(one, other) <= identity.days).fill_null(True))  # noqa: FBT003
    if identity.has_same_time:
        is_rough = both["is_day_only"] | both["earlier_is_day_only"]
        to_minute = ~both["has_seconds"] | ~both["earlier_has_seconds"]
        tests.append(
            ibis.cases(
                (is_rough, True),
                (to_minute, one.truncate("m") == other.truncate("m")),
                else_=one.truncate("s") == other.truncate("s"),
            )
        )
    return reduce(and_, tests) if tests else ibis.literal(True)  # noqa: FBT003


def _days_apart(one: ir.TimestampValue, other: ir.TimestampValue) -> ir.NumericValue:
    return (one.epoch_seconds() // 86_400 - other.epoch_seconds() // 86_400).abs()


def _is_compatible(kind: str, name: str, one: ir.Value, other: ir.Value) -> ir.BooleanValue:
    """Whether two values are the same, masked forms of one value, or missing in one of the rows."""
    if not record(kind).column(name).kind.may_be_masked:
        return (one == other).fill_null(True)  # noqa: FBT003
    is_masked = one.contains("*") | other.contains("*")

    def ends(value: ir.StringValue) -> tuple[ir.StringValue, ir.StringValue]:
        return value.re_extract(r"^([^*]*)", 1), value.re_extract(r"([^*]*)$", 1)

    (head, tail), (other_head, other_tail) = ends(one), ends(other)
    fits = (head.startswith(other_head) | other_head.startswith(head)) & (
        tail.endswith(other_tail) | other_tail.endswith(tail)
    )
    return ibis.ifelse(is_masked, fits, one == other).fill_null(True)  # noqa: FBT003


def _without_common_file(joined: ir.Table, held: ir.Table) -> ir.Table:
    own = joined.select(held_row="row_id", held_source="source")
    earlier = held.rename(earlier_row="held_row", earlier_file="held_source")
    through = joined.select("row_id", "earlier_row_id").inner_join(held.union(own).distinct(), [("row_id", "held_row")])
    both = through.inner_join(
        earlier, [through.earlier_row_id == earlier.earlier_row, through.held_source == earlier.earlier_file]
    )
    return joined.anti_join(both.select("row_id", "earlier_row_id").distinct(), ["row_id", "earlier_row_id"])


def _not_told_apart(joined: ir.Table, number: str, shared: ir.Table) -> ir.Table:
    known = shared.mutate(is_shared=True).rename(known_source="source", known_earlier="earlier")
    both = joined.left_join(
        known, [joined["source"] == known.known_source, joined["earlier_source"] == known.known_earlier]
    )
    differs = (both[number] != both[f"earlier_{number}"]).fill_null(False)  # noqa: FBT003
    return both.filter(~(both.is_shared.notnull() & differs))


def _n_same(both: ir.Table, identity: Identity) -> ir.IntegerValue:
    """In how many fields two rows say exactly the same: of several that agree, the most alike are one."""
    names = dict.fromkeys((*identity.masked, *identity.compatible))
    same = [ibis.ifelse(both[name] == both[f"earlier_{name}"], 1, 0).fill_null(0) for name in names]
    same.append(ibis.ifelse(both["own_time"] == both["earlier_own_time"], 1, 0).fill_null(0))
    return sum(same[1:], start=same[0])


def _one_to_one(joined: ir.Table) -> ir.Table:
    """The n-th choice of one row with the n-th choice of the other, each row at most once a pair of files.

    Where all rows are alike, the n-th of the one file is the n-th of the other, and further ones stay their own.
    """
    best_of_row = ibis.window(group_by=["row_id", "earlier_source"], order_by=[ibis.desc("n_same"), "earlier_row_id"])
    best_of_earlier = ibis.window(group_by=["earlier_row_id", "source"], order_by=[ibis.desc("n_same"), "row_id"])
    ranked = joined.mutate(
        rank=ibis.row_number().over(best_of_row), earlier_rank=ibis.row_number().over(best_of_earlier)
    )
    mutual = ranked.filter(ranked["rank"] == ranked["earlier_rank"])
    once = mutual.mutate(again=ibis.row_number().over(group_by=["row_id", "earlier_source"], order_by="rank"))
    once = once.filter(once.again == 0)
    once = once.mutate(other_again=ibis.row_number().over(group_by=["earlier_row_id", "source"], order_by="rank"))
    found = once.filter(once.other_again == 0)
    return found.select("row_id", "source", same_as=found["earlier_row_id"], earlier=found["earlier_source"])
