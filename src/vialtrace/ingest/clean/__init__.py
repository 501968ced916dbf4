"""Cleaners: from a text as received to a kind's one normal form, and what is wrong where there is none.

There is exactly one cleaner per kind of value that a record can hold; all of them are Ibis expressions.
"""

from vialtrace.ingest.clean.amounts import clean_integer, clean_money, clean_number
from vialtrace.ingest.clean.cell import Cell, Cleaner, Setting, folded
from vialtrace.ingest.clean.identifiers import (
    clean_account,
    clean_document,
    clean_identifier,
    clean_org_id,
    clean_permit_no,
    clean_phone,
    clean_waybill_no,
)
from vialtrace.ingest.clean.times import clean_date, clean_time, order_of
from vialtrace.ingest.clean.words import (
    clean_address,
    clean_currency,
    clean_direction,
    clean_handle,
    clean_identifier_type,
    clean_name,
    clean_text,
)

CLEANERS: dict[str, Cleaner] = {
    "text": clean_text,
    "time": clean_time,
    "date": clean_date,
    "money": clean_money,
    "number": clean_number,
    "integer": clean_integer,
    "phone": clean_phone,
    "document": clean_document,
    "account": clean_account,
    "handle": clean_handle,
    "org_id": clean_org_id,
    "waybill_no": clean_waybill_no,
    "permit_no": clean_permit_no,
    "address": clean_address,
    "name": clean_name,
    "direction": clean_direction,
    "currency": clean_currency,
    "identifier_type": clean_identifier_type,
    "identifier": clean_identifier,
}
"""The cleaner of each kind of value that a record can hold."""

__all__ = ["CLEANERS", "Cell", "Cleaner", "Setting", "folded", "order_of"]
