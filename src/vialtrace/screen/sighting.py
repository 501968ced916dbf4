"""What there is to see in a new record: an identifier, a place or a trait in each field, with the name beside it.

One list says it all. Every entry is an expression on one cleaned row, so that a database works it out for a file and
Python for a record, from the same line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from vialtrace.kit import addresses, contacts, names
from vialtrace.kit.scalars import compiled
from vialtrace.model import record

_LEAST_NAME = 4
_LEAST_HAN = 10
_LEAST_LETTERS = 20


def _as_it_is(value: ir.Value) -> ir.Value:
    return value


def vehicle(text: ir.StringValue) -> ir.StringValue:
    """A number plate as registers have it."""
    return text.upper().re_replace(r"[\s·.\-]", "").nullif("")


def organisation(name: ir.StringValue) -> ir.StringValue:
    """The key of an organisation's full name; null for anybody else's."""
    return ibis.ifelse(names.is_organisation(name), full_name(name), ibis.null("string"))


def full_name(name: ir.StringValue) -> ir.StringValue:
    """The key of a name long enough for an organisation's; whether it is one, the list of what is watched for knows."""
    key = names.name_key(name)
    return ibis.ifelse(~names.is_masked(name) & (key.length() >= _LEAST_NAME), key, ibis.null("string"))


def advert(text: ir.StringValue) -> ir.StringValue:
    """The words of an advert without what changes from one copy to the next: numbers, contacts, signs.

    Chinese characters where there are at least ten, else letters where there are at least twenty; null for less, which
    anybody might write.
    """
    han = text.re_replace(r"[^\p{Han}]", "")
    letters = text.lower().re_replace(r"\S*[0-9@]\S*", "").re_replace(r"[^\p{L}]", "")
    return ibis.cases(
        (han.length() >= _LEAST_HAN, han), (letters.length() >= _LEAST_LETTERS, letters), else_=ibis.null("string")
    )


def thing(text: ir.StringValue) -> ir.StringValue:
    """Words for goods or a port, in small letters without blanks."""
    return text.lower().re_replace(r"\s", "").nullif("")


def amount(value: ir.DecimalValue) -> ir.StringValue:
    """An amount as text, to the fourth place."""
    return value.cast("decimal(20, 4)").cast("string")


@dataclass(frozen=True)
class Sight:
    """One thing to see in a record of ``kind``: what it is, the field it stands in, and that of the name beside."""

    kind: str
    what: str
    field: str
    name: str = ""
    form: Callable[[Any], ir.Value] = _as_it_is


SIGHTS = (
    Sight("post", "handle", "account"),
    Sight("post", "phone", "text", form=contacts.phone),
    Sight("post", "handle", "text", form=contacts.handle),
    Sight("post", "advert", "text", form=advert),
    Sight("waybill", "waybill_no", "waybill_no"),
    Sight("waybill", "phone", "sender_phone", "sender_name"),
    Sight("waybill", "address", "sender_address", "sender_name", addresses.normal),
    Sight("waybill", "organisation", "sender_name", form=full_name),
    Sight("waybill", "phone", "receiver_phone", "receiver_name"),
    Sight("waybill", "address", "receiver_address", "receiver_name", addresses.normal),
    Sight("waybill", "organisation", "receiver_name", form=full_name),
    Sight("waybill", "contents", "contents", form=thing),
    Sight("payment", "account", "payer_account", "payer_name"),
    Sight("payment", "organisation", "payer_name", form=full_name),
    Sight("payment", "account", "payee_account", "payee_name"),
    Sight("payment", "organisation", "payee_name", form=full_name),
    Sight("payment", "amount", "amount", form=amount),
    Sight("crossing", "document", "document_no", "traveller_name"),
    Sight("crossing", "vehicle", "vehicle_no", form=vehicle),
    Sight("crossing", "port", "port", form=thing),
    Sight("declaration", "org_id", "exporter_id", "exporter_name"),
    Sight("declaration", "organisation", "exporter_name", form=full_name),
    Sight("declaration", "organisation", "consignee_name", form=full_name),
    Sight("declaration", "waybill_no", "waybill_no"),
)

_CLIENTS = {"waybill": ("sender_name",), "payment": ("payer_name",)}

FIELDS: dict[str, tuple[str, ...]] = {
    kind: tuple(
        dict.fromkeys(
            name
            for each in SIGHTS
            if each.kind == kind
            for name in (each.field, each.name, *_CLIENTS.get(kind, ()))
            if name
        )
    )
    for kind in dict.fromkeys(each.kind for each in SIGHTS)
}
"""The record kinds that can be screened, and the fields that are read of each."""


def sightings(kind: str, read: ir.Table) -> ir.Table:
    """All that is to be seen in cleaned rows of one kind: ``row_id``, ``field``, ``what``, ``seen``, ``name``.

    ``has_name`` says whether a name may stand beside it at all.
    """

    def of(sight: Sight) -> ir.Table:
        # Filtered before anything is worked out: most fields of most rows are empty or of no interest.
        rows = read.filter(read[sight.field].notnull())
        seen = rows.select(
            "row_id",
            field=ibis.literal(sight.field),
            what=ibis.literal(sight.what),
            seen=sight.form(rows[sight.field]).cast("string"),
            has_name=ibis.literal(bool(sight.name)),
            name=rows[sight.name] if sight.name else ibis.null("string"),
        )
        return seen.filter(seen.seen.notnull())

    return reduce(ir.Table.union, [of(each) for each in SIGHTS if each.kind == kind])


@dataclass(frozen=True)
class Sighting:
    """One thing seen in one record, in Python."""

    field: str
    what: str
    seen: str
    has_name: bool
    name: str | None


def reader(kind: str) -> Callable[[Mapping[str, Any]], list[Sighting]]:
    """A function from one cleaned record to all that is to be seen in it."""
    form = record(kind)
    row = ibis.table({name: form.storage()[name] for name in FIELDS[kind]}, name=f"read_{kind}")
    made = [(each, compiled(each.form(row[each.field]))) for each in SIGHTS if each.kind == kind]

    def read(record_read: Mapping[str, Any]) -> list[Sighting]:
        found = []
        for sight, form_of in made:
            if record_read.get(sight.field) is None:
                continue
            seen = form_of(record_read)
            if seen is not None:
                name = record_read.get(sight.name) if sight.name else None
                found.append(Sighting(sight.field, sight.what, seen, bool(sight.name), name))
        return found

    return read
