"""What arrived partly hidden, and how much of it the other records could still tell.

A courier hands over ``王*`` and ``138****1234``; a sender signs ``王女士``, which is read as ``王*``. Such a value
names thousands of people. It is matched where its party, joined by what else stands in the row, holds a whole value
that it fits.

A day in place of a moment hides something, too: who crossed within five minutes of whom can then not be asked.
"""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from vialtrace.kit import addresses
from vialtrace.model import record
from vialtrace.model.records import OWN_TIME
from vialtrace.resolve.namings import IDENTIFIERS, SLOTS, Slot

_SOURCE = 2**32
_MASK = "*"


def masked_fields(kind: str) -> tuple[str, ...]:
    """The fields of a record kind that name a party, and hence come masked."""
    return tuple(dict.fromkeys(column for slot in SLOTS if slot.table == kind for _, column in _columns(slot)))


def _columns(slot: Slot) -> tuple[tuple[str, str], ...]:
    """What a slot holds, and in which column: an empty kind where it stands beside the value or shows in it."""
    if slot.table == "contact":
        return (("", slot.name.replace("contact.", "") + "_identifier"),)
    told = tuple((what, slot.column(what)) for what in ("name", *IDENTIFIERS, "address") if slot.column(what))
    return (*told, ("", "identifier")) if slot.name == "subscriber.holder" else told


def masked_value(  # noqa: PLR0913, PLR0917  one parameter for each record kind that names parties
    post: ir.Table, order: ir.Table, waybill: ir.Table, payment: ir.Table, crossing: ir.Table,
    declaration: ir.Table, permit: ir.Table, seizure: ir.Table, organisation: ir.Table, subscriber: ir.Table,
    contact: ir.Table,
) -> ir.Table:
    """List every value that arrived partly hidden."""
    records = _by_name(post, order, waybill, payment, crossing, declaration, permit, seizure, organisation,
                       subscriber, contact)
    return reduce(ir.Table.union, [
        _hidden(records[slot.table], slot.name, what, column) for slot in SLOTS for what, column in _columns(slot)
    ])


def _by_name(*records: ir.Table) -> dict[str, ir.Table]:
    kinds = ("post", "order", "waybill", "payment", "crossing", "declaration", "permit", "seizure", "organisation",
             "subscriber", "contact")
    return dict(zip(kinds, records, strict=True))


def _hidden(rows: ir.Table, slot: str, what: str, column: str) -> ir.Table:
    found = rows.filter(rows[column].contains(_MASK))
    value = found[column].cast("string")
    if what:
        identifier_type: ir.StringValue = ibis.literal(what)
    elif slot == "subscriber.holder":
        identifier_type = found["identifier_type"].cast("string")
    else:
        identifier_type = ibis.cases((value.startswith("+"), "phone"), (value.contains(":"), "handle"), else_="account")
    return found.select(
        "row_id", field=ibis.literal(column), slot=ibis.literal(slot), identifier_type=identifier_type,
        value=addresses.normal(value) if what == "address" else value,
    )


def masking_loss(  # noqa: PLR0913, PLR0917  one parameter for each record kind that names parties
    masked_value: ir.Table, mention: ir.Table, party_identifier: ir.Table,
    post: ir.Table, order: ir.Table, waybill: ir.Table, payment: ir.Table, crossing: ir.Table,
    declaration: ir.Table, permit: ir.Table, seizure: ir.Table, organisation: ir.Table, subscriber: ir.Table,
    contact: ir.Table,
) -> ir.Table:
    """Count for each field of each source what arrived masked, and what of it could still be matched.

    Moments that arrived as a day alone are counted with them; nothing tells their time of day again.
    """
    records = _by_name(post, order, waybill, payment, crossing, declaration, permit, seizure, organisation,
                       subscriber, contact)
    told = masked_value.left_join(_matched(masked_value, mention, party_identifier), ["row_id", "field"])
    is_matched = told["matched_field"].notnull()
    lost = told.group_by(source_no=(told["row_id"] // _SOURCE).cast("int64"), field=told["field"]).agg(
        n_masked=told.count(), n_matched=is_matched.sum().cast("int64"),
        first_lost=told["row_id"].min(where=~is_matched),
    )
    fields = dict.fromkeys((slot.table, column) for slot in SLOTS for _, column in _columns(slot))
    held = reduce(ir.Table.union, [_held(records[kind], kind, column) for kind, column in fields])
    masked = held.inner_join(lost, ["source_no", "field"]).select(
        "source_no", "field", "kind", "n_values", "n_masked", "n_matched", "first_lost",
    )
    return reduce(ir.Table.union, [_days(rows, kind) for kind, rows in records.items() if kind in TIMED], masked)


TIMED = tuple(kind for kind, field in OWN_TIME.items() if record(kind).column(field).kind_name == "time")
"""Kinds whose rows tell a moment; a licence or a permit begins with a day."""


def _days(rows: ir.Table, kind: str) -> ir.Table:
    """For each source, how many of its moments arrived without a time of day."""
    told = rows.group_by(source_no=(rows["row_id"] // _SOURCE).cast("int64")).agg(
        n_values=rows.count(), n_masked=rows["is_day_only"].sum().cast("int64"),
        first_lost=rows["row_id"].min(where=rows["is_day_only"]),
    )
    return told.filter(told["n_masked"] > 0).select(
        "source_no", "n_values", "n_masked", "first_lost", field=ibis.literal(OWN_TIME[kind]), kind=ibis.literal(kind),
        n_matched=ibis.literal(0, type="int64"),
    ).select("source_no", "field", "kind", "n_values", "n_masked", "n_matched", "first_lost")


def _held(rows: ir.Table, kind: str, column: str) -> ir.Table:
    """How many values of a field each source delivers."""
    return rows.group_by(source_no=(rows["row_id"] // _SOURCE).cast("int64")).agg(n_values=rows[column].count()).mutate(
        kind=ibis.literal(kind), field=ibis.literal(column),
    )


def _matched(masked_value: ir.Table, mention: ir.Table, party_identifier: ir.Table) -> ir.Table:
    """The masked values whose party holds a whole value that they fit."""
    head, tail = masked_value["value"].re_extract(r"^([^*]*)", 1), masked_value["value"].re_extract(r"([^*]*)$", 1)
    shown = masked_value.mutate(head=head, tail=tail)
    # One key, not two: an engine may begin with the type alone, which every other row shares.
    whole = party_identifier.filter(~party_identifier["value"].contains(_MASK)).select(
        whole=party_identifier["value"].cast("string"),
        held=party_identifier["party_id"] + "|" + party_identifier["identifier_type"],
    )
    named = shown.inner_join(mention.select("row_id", "slot", "party_id"), ["row_id", "slot"])
    pairs = named.mutate(held=named["party_id"] + "|" + named["identifier_type"]).inner_join(whole, "held")
    fits = pairs.filter(
        (pairs["whole"].length() > pairs["head"].length() + pairs["tail"].length())
        & pairs["whole"].startswith(pairs["head"]) & pairs["whole"].endswith(pairs["tail"])
    )
    return fits.select("row_id", "field", matched_field="field").distinct()
