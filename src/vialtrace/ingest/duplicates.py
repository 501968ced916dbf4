"""The same record delivered again: twice in one file, in a second file, or in another's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.pairing import pairs
from vialtrace.ingest.recording import ROW_BITS
from vialtrace.model import record
from vialtrace.model.identities import IDENTITIES, NUMBERS
from vialtrace.model.records import OWN_TIME

Keep = Callable[[str, ir.Table], ir.Table]
"""Works a relation out once, under a name, and gives it back to be read: what a store does with what is used twice."""

Empty = Callable[[ir.Table], bool]
"""Whether a relation that was worked out holds no row: what follows from it need not be asked."""

_HOPS = 4
"""Rounds in which a chain of pairs is followed to its first row; each doubles the length followed: 16 files."""


def duplicates(
    kind: str,
    rows: ir.Table,
    keep: Keep = lambda _, made: made,
    *,
    is_empty: Empty = lambda _: False,
    is_one_file: bool = False,
) -> ir.Table:
    """The table ``duplicate``: every row that delivers again what a row with a lower id holds.

    First rows equal in every field: across files the n-th copy repeats the n-th copy, and inside one file only if they
    have a number of their own: two equal payments without one are two payments. Then, among what is left, rows of
    different files with one identity (``model.identities``), each at most once in a record; of ``is_one_file`` they
    cannot be.
    """
    unique = next((each for each in IDENTITIES[kind] if each.is_unique), None)
    numbers = {NUMBERS[kind], unique.equal if unique is not None else ()} - {()}
    if is_one_file and is_empty(_numbers_again(rows, numbers)):
        # Without a number that stands twice, two rows of one file are two records, however alike.
        return _answer(rows.limit(0).mutate(same_as="row_id"), kind, "content")
    found = keep("content", _by_content(kind, rows))
    if unique is not None:
        found = keep("unique", found.union(_by_unique_number(kind, _left(rows, found), unique.equal, unique.days)))
    met = None if is_one_file else _paired(kind, rows, found, keep, is_empty)
    return _followed(found, met) if met is not None else found


def _numbers_again(rows: ir.Table, numbers: set[tuple[str, ...]]) -> ir.Table:
    """A row for each of the numbers that stands more than once; none where a kind has no number."""
    again = [
        rows.filter([rows[name].notnull() for name in number])
        .group_by(list(number))
        .having(lambda each: each.count() > 1)
        .agg(n_rows=lambda each: each.count())
        .select("n_rows")
        for number in sorted(numbers)
    ]
    return reduce(ir.Table.union, again) if again else rows.select(n_rows=rows.row_id).limit(0)


def _left(rows: ir.Table, found: ir.Table) -> ir.Table:
    return rows.anti_join(found, "row_id")


def _source(rows: ir.Table) -> ir.IntegerValue:
    return (rows.row_id // 2**ROW_BITS).cast("int64")


def _answer(found: ir.Table, kind: str, identity: str) -> ir.Table:
    return found.filter(found.same_as < found.row_id).select(
        "row_id", kind=ibis.literal(kind), same_as=found.same_as, identity=ibis.literal(identity)
    )


def _by_content(kind: str, rows: ir.Table) -> ir.Table:
    """Rows equal in every field to an earlier one."""
    content = [name for name in record(kind).names if name not in ("row_id", "is_day_only")]
    # Most rows are unlike any other: only those whose digest another shares are looked at closely, and of those with a
    # number of their own only those that share it.
    candidates, number = rows, NUMBERS[kind]
    if number:
        told = rows.select(*rows.columns, number_digest=_digest(rows, number))
        again = told.group_by("number_digest").having(lambda each: each.count() > 1).agg(n=lambda each: each.count())
        candidates = told.semi_join(again, "number_digest").select("row_id", *content)
    digests = candidates.select("row_id", digest=_digest(candidates, content))
    shared = digests.group_by("digest").having(lambda each: each.count() > 1).agg(n_rows=lambda each: each.count())
    alike = rows.semi_join(digests.semi_join(shared, "digest"), "row_id")
    numbered = alike.mutate(source=_source(alike), content=_key(alike, content), number=_number(alike, NUMBERS[kind]))
    copies = numbered.mutate(
        copy=ibis.row_number().over(group_by=["content", "source"], order_by="row_id"),
        lowest=numbered.row_id.min().over(group_by="content"),
    )
    # The n-th copy in a later file repeats the n-th copy in the first; further copies are payments of their own.
    met = copies.mutate(first=copies.row_id.min().over(group_by=["content", "copy"]))
    return _answer(met.mutate(same_as=ibis.ifelse(met.number.notnull(), met.lowest, met.first)), kind, "content")


def _digest(rows: ir.Table, names: Sequence[str]) -> ir.IntegerValue:
    """One number for several fields: equal for equal ones, a missing one being a value too."""
    return reduce(lambda one, other: one ^ other, (rows[name].hash() for name in names))


def _by_unique_number(kind: str, rows: ir.Table, number: tuple[str, ...], days: int | None) -> ir.Table:
    """Rows with a number that names one record wherever it stands; after ``days`` without it, it names another."""
    numbered = rows.filter([rows[name].notnull() for name in number])
    again = numbered.group_by(number).having(lambda each: each.count() > 1).agg(n_rows=lambda each: each.count())
    own = OWN_TIME[kind]
    alike = numbered.semi_join(again, number).select("row_id", *number, own_time=numbered[own].cast("timestamp(6)"))
    ordered = ibis.window(group_by=list(number), order_by=["own_time", "row_id"])
    gap = alike.mutate(before=alike.own_time.lag().over(ordered))
    is_new = ((gap.own_time.epoch_seconds() - gap.before.epoch_seconds()) > (days or 0) * 86_400).fill_null(False)  # noqa: FBT003
    marked = gap.mutate(is_new=ibis.ifelse(is_new & ibis.literal(days is not None), 1, 0))
    spells = marked.mutate(
        spell=marked.is_new.sum().over(ibis.cumulative_window(group_by=list(number), order_by=["own_time", "row_id"]))
    )
    first = spells.mutate(same_as=spells.row_id.min().over(group_by=[*number, "spell"]))
    return _answer(first, kind, "number")


def _paired(kind: str, rows: ir.Table, found: ir.Table, keep: Keep, is_empty: Empty) -> ir.Table | None:
    """Rows of later files that are a row of an earlier one by a declared identity."""
    made: ir.Table | None = None
    shared = _shared_numbering(kind, rows, found)
    for identity in IDENTITIES[kind]:
        if identity.is_unique:
            continue
        so_far = found if made is None else _followed(found, made)
        held = _files_of(so_far)
        met = keep(
            f"{identity.name}-pairs",
            pairs(kind, _left(rows, so_far), identity, held, shared if identity.numbered else None),
        )
        if is_empty(met):
            continue
        if shared is not None:
            shared = shared.union(met.select("source", "earlier")).distinct()
        links = _first_of_all(met, keep, identity.name)
        answer = _answer(_once_a_file(links, held), kind, identity.name)
        made = keep(f"{identity.name}-answer", answer if made is None else _followed(made, answer))
    return made


def _followed(made: ir.Table, later: ir.Table) -> ir.Table:
    """All answers, each leading to the first row of its record."""
    ends = later.select(through="row_id", end="same_as")
    met = made.left_join(ends, made.same_as == ends.through)
    led = met.select("row_id", "kind", same_as=ibis.coalesce(met.end, met.same_as), identity="identity")
    return led.union(later)


def _shared_numbering(kind: str, rows: ir.Table, found: ir.Table) -> ir.Table | None:
    """Pairs of files that deliver one numbered record each, if the kind has a number."""
    number = NUMBERS[kind]
    if not number:
        return None
    numbered = found.semi_join(rows.filter(rows[number[0]].notnull()), "row_id")
    return numbered.select(source=_source(numbered), earlier=(numbered.same_as // 2**ROW_BITS).cast("int64")).distinct()


def _first_of_all(met: ir.Table, keep: Keep, name: str) -> ir.Table:
    """Each row with the first row it leads to: a row that is another's is what that one is."""
    links = met.group_by("row_id").agg(same_as=met.same_as.min())
    for hop in range(_HOPS):
        further = links.select(through="row_id", end="same_as")
        led = links.left_join(further, links.same_as == further.through)
        links = keep(f"{name}-hop-{hop}", led.select("row_id", same_as=ibis.coalesce(led.end, led.same_as)))
    return links


def _files_of(found: ir.Table) -> ir.Table:
    """The files that deliver a record more than one row stands for."""
    firsts = found.select(row_id="same_as", same_as="same_as").distinct()
    every = found.select("row_id", "same_as").union(firsts)
    return every.select(held_row="same_as", held_source=_source(every)).distinct()


def _once_a_file(links: ir.Table, held: ir.Table) -> ir.Table:
    """Links without those that would give a record two rows of one file: these are records of their own."""
    ends = links.select(row_id="row_id", same_as="same_as").union(
        links.select(row_id="same_as", same_as="same_as").distinct()
    )
    own = ends.mutate(source=_source(ends))
    more = ends.inner_join(held, ends.row_id == held.held_row).select("row_id", "same_as", source="held_source")
    every = own.union(more).distinct()
    place = ibis.row_number().over(group_by=["same_as", "source"], order_by="row_id")
    taken = every.mutate(place=place)
    return links.anti_join(taken.filter(taken.place > 0).filter(lambda each: each.row_id != each.same_as), "row_id")


def _number(rows: ir.Table, number: tuple[str, ...]) -> ir.StringValue:
    """The number as one text, null where any part of it is missing."""
    if not number:
        return ibis.null("string")
    is_whole = reduce(lambda one, other: one & other, (rows[name].notnull() for name in number))
    return ibis.ifelse(is_whole, _key(rows, list(number)), ibis.null("string"))


def _key(rows: ir.Table, names: list[str]) -> ir.StringValue:
    """Several fields as one text; a field separator keeps ``ab, c`` apart from ``a, bc``."""
    return ibis.literal("\x1f").join([ibis.coalesce(rows[name].cast("string"), "\x1e") for name in names])
