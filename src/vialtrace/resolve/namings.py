"""What every place in a row says about the party named there.

Nineteen kinds of place (`SLOTS`) are read in one pass. No column of age, sex, nationality or origin is among
them. A date of birth is, because it tells two namesakes apart and shows that two documents are one person's; it
goes into no score and no later stage sees it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir

from vialtrace.kit import contacts
from vialtrace.kit.names import name_key
from vialtrace.resolve.beside import beside

IDENTIFIERS = ("phone", "document", "account", "handle", "org_id", "vehicle")
_TEXTS = ("name", *IDENTIFIERS)

# An address is its place, whatever the writing.
_OF_PROFILE = ("slot", "name", "is_name_from_register", *IDENTIFIERS, "place_id", "birth_on", "context")

_KINDS = ("post", "order", "waybill", "payment", "crossing", "declaration", "permit", "seizure", "organisation",
          "subscriber", "contact")

# Places that name a trader or an institution: there a name is a registered one, not a person's.
_TRADE_NAMES = ("declaration.exporter", "declaration.consignee", "permit.holder", "permit.recipient",
                "organisation.itself")

# Register entries without an end are still valid: later than any record.
_OPEN_END = "9999-12-31"


@dataclass(frozen=True)
class Slot:
    """A place in a row of ``table``: its name, and which column holds what."""

    name: str
    table: str
    day: str
    name_column: str = ""
    phone: str = ""
    document: str = ""
    account: str = ""
    handle: str = ""
    org_id: str = ""
    address: str = ""
    birth_on: str = ""

    def column(self, what: str) -> str:
        """The record column that holds ``what``, or an empty text."""
        return str(getattr(self, "name_column" if what == "name" else what, ""))


SLOTS = (
    Slot("post.account", "post", "posted_at", handle="account"),
    Slot("post.contact", "post", "posted_at"),
    Slot("order.client", "order", "ordered_at", "client_name", phone="client_phone", handle="client_handle"),
    Slot("order.agent", "order", "ordered_at", "agent_name", phone="agent_phone", handle="agent_handle"),
    Slot("waybill.sender", "waybill", "accepted_at", "sender_name", phone="sender_phone", address="sender_address"),
    Slot("waybill.receiver", "waybill", "accepted_at", "receiver_name", phone="receiver_phone",
         address="receiver_address"),
    Slot("payment.payer", "payment", "paid_at", "payer_name", account="payer_account"),
    Slot("payment.payee", "payment", "paid_at", "payee_name", account="payee_account"),
    Slot("crossing.traveller", "crossing", "crossed_at", "traveller_name", document="document_no",
         birth_on="birth_date"),
    Slot("declaration.exporter", "declaration", "declared_at", "exporter_name", org_id="exporter_id"),
    Slot("declaration.consignee", "declaration", "declared_at", "consignee_name"),
    Slot("permit.holder", "permit", "valid_from", "holder_name", org_id="holder_id"),
    Slot("permit.recipient", "permit", "valid_from", "recipient_name"),
    Slot("seizure.carrier", "seizure", "seized_at", "carrier_name", document="document_no"),
    Slot("organisation.itself", "organisation", "established", "org_name", org_id="org_id", phone="phone",
         address="address"),
    Slot("organisation.representative", "organisation", "established", "representative_name",
         document="representative_document"),
    Slot("subscriber.holder", "subscriber", "valid_from", "holder_name", document="holder_document",
         org_id="holder_org_id", address="address"),
    Slot("contact.from", "contact", "contacted_at"),
    Slot("contact.to", "contact", "contacted_at"),
)


def profile(  # noqa: PLR0913, PLR0917  one parameter for each record kind that names parties
    post: ir.Table, order: ir.Table, waybill: ir.Table, payment: ir.Table, crossing: ir.Table,
    declaration: ir.Table, permit: ir.Table, seizure: ir.Table, organisation: ir.Table, subscriber: ir.Table,
    contact: ir.Table, address_form: ir.Table,
) -> ir.Table:
    """Reduce the places that name a party to the distinct sets of identifiers seen in one kind of place.

    A profile's number is its place in the order of ids: what joins profiles handles numbers, a quarter as long.
    """
    said = _said(
        address_form, post, order, waybill, payment, crossing, declaration, permit, seizure, organisation, subscriber,
        contact,
    )
    whole = said.group_by(*_OF_PROFILE).agg(
        address=said["address"].max(), n_rows=said.count(), first_on=said["on"].min(), last_on=said["on"].max(),
        row_id=said["row_id"].min(),
    )
    counts = ("address", "n_rows", "first_on", "last_on", "row_id")
    named = whole.mutate(profile_id=_profile_id(whole))
    number = ibis.row_number().over(order_by=named["profile_id"])
    return named.select("profile_id", *_OF_PROFILE, *counts, profile_no=number).select(
        "profile_no", "profile_id", *_OF_PROFILE, *counts,
    )


def mention(  # noqa: PLR0913, PLR0917  one parameter for each record kind that names parties
    profile: ir.Table, belonging: ir.Table,
    post: ir.Table, order: ir.Table, waybill: ir.Table, payment: ir.Table, crossing: ir.Table,
    declaration: ir.Table, permit: ir.Table, seizure: ir.Table, organisation: ir.Table, subscriber: ir.Table,
    contact: ir.Table, address_form: ir.Table,
) -> ir.Table:
    """Say for each place in a row which party and which postal place it names."""
    said = _said(
        address_form, post, order, waybill, payment, crossing, declaration, permit, seizure, organisation, subscriber,
        contact,
    )
    # What a mention says is worked out once a profile: a tenth of the rows.
    known = beside(profile, belonging, "profile_no")
    told = known.select("profile_id", "party_id", "place_id", name_key=name_key(known["name"]))
    read = said.select("row_id", "slot", profile_id=_profile_id(said))
    return read.inner_join(told, "profile_id").select("row_id", "slot", "party_id", "place_id", "name_key")


def _said(address_form: ir.Table, *records: ir.Table) -> ir.Table:
    """Every place that names a party, with all it says; an address is its place, under the writing that stands for it.

    A place without a name takes the one under which the register held its identifier on that day: a telephone that
    passed from one owner to the next is then two telephones. A name with nothing beside it joins nothing: it is kept
    to its own row.
    """
    by_kind = dict(zip(_KINDS, records, strict=True))
    rows: ir.Table = reduce(ir.Table.union, [_slot_rows(slot, by_kind[slot.table]) for slot in SLOTS])
    rows = beside(rows, address_form.select("written", "place_id", "address"), "written").drop("written")
    return _with_context(_named_by_register(rows, by_kind["subscriber"]))


def _slot_rows(slot: Slot, rows: ir.Table) -> ir.Table:
    """One slot of one record table, in the columns all slots share; rows where the slot is empty are left out."""
    columns = [slot.column(what) for what in (*_TEXTS, "address") if slot.column(what)]
    filled = rows.filter(ibis.or_(*[rows[column].notnull() for column in columns])) if columns else rows
    found = {what: _text(filled, slot.column(what)) for what in _TEXTS} | _special(slot, filled)
    read = filled.select(
        "row_id",
        slot=ibis.literal(slot.name),
        **{what: found[what].nullif("") for what in _TEXTS},
        written=_text(filled, slot.address),
        birth_on=filled[slot.birth_on].cast("date") if slot.birth_on else ibis.null("date"),
        on=filled[slot.day].cast("date"),
    )
    return read if columns else read.filter(ibis.or_(*[read[what].notnull() for what in _TEXTS]))


def _text(rows: ir.Table, column: str) -> ir.StringValue:
    return rows[column].cast("string") if column else ibis.null("string")


def _special(slot: Slot, rows: ir.Table) -> dict[str, ir.StringValue]:
    """What cannot be read from one column: contacts in a text, and identifiers whose kind stands beside them."""
    if slot.name == "post.contact":
        handle = contacts.handle(rows["text"])
        # One advert may give one person's WeChat and another's telephone: the two must not become one party by it.
        return {"phone": ibis.ifelse(handle.isnull(), contacts.phone(rows["text"]), ibis.null("string")),
                "handle": handle}
    if slot.name == "subscriber.holder":
        kinds = rows["identifier_type"]
        # A holder is a person by document or an organisation by number; where an entry gives both, the number is the
        # holder's and the document its clerk's.
        return {
            **{what: ibis.ifelse(kinds == what, rows["identifier"], ibis.null("string"))
               for what in ("phone", "account", "handle", "vehicle")},
            "document": ibis.ifelse(rows["holder_org_id"].isnull(), rows["holder_document"], ibis.null("string")),
        }
    if slot.table == "contact":
        identifier = rows[slot.name.replace("contact.", "") + "_identifier"]
        is_phone, is_handle = identifier.startswith("+"), identifier.contains(":")
        nothing = ibis.null("string")
        return {
            "phone": ibis.ifelse(is_phone, identifier, nothing),
            "handle": ibis.ifelse(~is_phone & is_handle, identifier, nothing),
            "account": ibis.ifelse(~is_phone & ~is_handle, identifier, nothing),
        }
    return {}


def _named_by_register(said: ir.Table, subscriber: ir.Table) -> ir.Table:
    """Fill missing names from the register entry valid on the day; a later entry ends the one before it.

    Only where an identifier stands alone: beside an address, who lives there says more than who is registered.
    """
    entries = _entries(subscriber)
    # A null key meets nothing, and the join costs next to nothing.
    sought = said.mutate(
        sought_type=ibis.cases((said["phone"].notnull(), "phone"), (said["account"].notnull(), "account"),
                               (said["handle"].notnull(), "handle")),
        sought=ibis.ifelse(
            said["name"].isnull() & said["address"].isnull(),
            ibis.coalesce(said["phone"], said["account"], said["handle"]), ibis.null("string"),
        ),
    )
    joined = sought.left_join(entries, [
        sought["sought_type"] == entries["entry_type"], sought["sought"] == entries["entry_value"],
        sought["on"].between(entries["entry_from"], entries["entry_to"]), sought["on"] < entries["entry_next"],
    ])
    return joined.select(
        "row_id", "slot", *[column for column in said.columns if column not in {"row_id", "slot", "name"}],
        name=ibis.coalesce(joined["name"], joined["holder"]),
        is_name_from_register=joined["holder"].notnull(),
    )


def _entries(subscriber: ir.Table) -> ir.Table:
    """Who held each identifier from when to when, at most one holder a day."""
    never = ibis.literal(_OPEN_END).cast("date")
    named = subscriber.filter(subscriber["holder_name"].notnull()).select(
        entry_type=subscriber["identifier_type"], entry_value=subscriber["identifier"],
        holder=subscriber["holder_name"],
        entry_from=subscriber["valid_from"].fill_null(ibis.literal("0001-01-01").cast("date")),
        entry_to=subscriber["valid_to"].fill_null(never),
    )
    once = named.group_by("entry_type", "entry_value", "entry_from").agg(
        holder=named["holder"].min(), entry_to=named["entry_to"].max(),
    )
    in_turn = ibis.window(group_by=["entry_type", "entry_value"], order_by="entry_from")
    return once.mutate(entry_next=once["entry_from"].lead().over(in_turn).fill_null(never))


def _with_context(named: ir.Table) -> ir.Table:
    """Keep a bare personal name apart from the same name in another row, be it of the same file or not."""
    is_bare = ibis.and_(*[named[what].isnull() for what in (*IDENTIFIERS, "address")])
    is_trade = named["slot"].isin(_TRADE_NAMES)
    return named.mutate(
        context=ibis.ifelse(is_bare & ~is_trade, named["row_id"].cast("string"), ibis.null("string")),
    )


def _profile_id(said: ir.Table) -> ir.StringValue:
    """A digest of all that a place says, so that a profile keeps its id when files are added."""
    parts = [said[column].cast("string").fill_null("") for column in _OF_PROFILE]
    return ibis.literal("\x1f").join(parts).hexdigest("md5")
