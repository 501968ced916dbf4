"""The kinds of value a column can hold.

A kind says how a value is stored, whether it can be masked (``138****1234``), and whether it identifies a person.
There is exactly one cleaner per kind (``ingest.clean``); a test holds the cleaners to this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vialtrace.errors import UnknownName

Storage = Literal["string", "int64", "float64", "boolean", "date", "timestamp(6)", "decimal(20, 4)", "array<string>", "array<int64>"]


@dataclass(frozen=True)
class Kind:
    """A kind of value: its name, its Ibis storage type, one help sentence, and what it may reveal."""

    name: str
    storage: Storage
    help: str
    is_identifier: bool = False
    may_be_masked: bool = False


_ALL = (
    # What records hold (records.md, "Types").
    Kind("text", "string", "Free text, full-width forms folded, outer blanks removed."),
    Kind("time", "timestamp(6)", "Local time in the case's time zone, to the microsecond; a date without a time is midnight."),
    Kind("date", "date", "A calendar day."),
    Kind("money", "decimal(20, 4)", "An amount in the unit of the currency beside it; decimal, never a float."),
    Kind("number", "float64", "A measured quantity."),
    Kind("integer", "int64", "A whole number."),
    Kind("phone", "string", "A telephone number in E.164; masked digits stay as *.", is_identifier=True, may_be_masked=True),
    Kind("document", "string", "A passport, resident identity card or travel permit, upper case, without blanks; "
         "a home-return permit is cut to its nine lifelong characters.", is_identifier=True, may_be_masked=True),
    Kind("account", "string", "A bank account, card or wallet, digits or letters without blanks.", is_identifier=True, may_be_masked=True),
    Kind("handle", "string", "A platform account as platform:name, lower case.", is_identifier=True),
    Kind("org_id", "string", "An organisation's registration number, upper case, without blanks.", is_identifier=True),
    Kind("waybill_no", "string", "A parcel's number, upper case, without blanks."),
    Kind("permit_no", "string", "An approval's number, upper case, without blanks."),
    Kind("address", "string", "A postal address in one line, simplified script, outer blanks removed.", is_identifier=True),
    Kind("name", "string", "A person's or organisation's name, simplified script; masked characters stay as *.",
         is_identifier=True, may_be_masked=True),
    Kind("direction", "string", "`exit` or `entry`."),
    Kind("currency", "string", "An ISO 4217 code."),
    Kind("identifier_type", "string", "`phone`, `account`, `handle` or `vehicle`."),
    Kind("identifier", "string", "An identifier whose kind stands in the column beside it, in that kind's normal form.",
         is_identifier=True, may_be_masked=True),
    # What stages make.
    Kind("row_id", "int64", "A source row: source number times 2^32 plus the row's number in its file, shown as file:row."),
    Kind("row_ids", "array<int64>", "Several source rows."),
    Kind("id", "string", "An internal identifier, stable over runs on the same records."),
    Kind("word", "string", "One of a fixed list of words; the column's help names them."),
    Kind("region", "string", "An ISO 3166-2 code."),
    Kind("flag", "boolean", "True or false."),
    Kind("share", "float64", "A share between 0 and 1."),
    Kind("probability", "float64", "A probability, a p-value or a q-value, between 0 and 1."),
    Kind("weight", "float64", "A log10 likelihood ratio."),
    Kind("words", "array<string>", "Several texts."),
)

KINDS: dict[str, Kind] = {each.name: each for each in _ALL}


def kind(name: str) -> Kind:
    """The kind called ``name``.

    Raises:
        UnknownName: with the kinds there are.
    """
    if name not in KINDS:
        raise UnknownName("kind of value", name, sorted(KINDS))
    return KINDS[name]
