"""When rows of two files are one record: what must be equal, and what must not contradict.

Two extracts tell of one act (the payer's bank and the payee's, the sender's courier sheet and the receiver's). Counted
twice, it would be evidence twice; so each record kind declares here by what its rows are known again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """One way for rows of two files to be one record; each row of a file finds at most one row of another.

    ``equal`` are filled in both and the same. ``masked`` are filled in both and the same, or masked forms of one value
    that show the same last characters. ``compatible`` are the same, masked forms of one value, or missing in one.
    ``days`` bounds how far the records' own times may lie apart; ``has_same_time`` asks for the same time, to the
    precision of the coarser file. ``numbered`` is a number that sets two rows apart where both have one and the files
    are known to share a numbering. ``is_unique`` says that the number names one record inside one file, too.
    """

    name: str
    equal: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    compatible: tuple[str, ...] = ()
    days: int | None = None
    has_same_time: bool = False
    numbered: str = ""
    is_unique: bool = False


IDENTITIES: dict[str, tuple[Identity, ...]] = {
    "post": (
        Identity("number", ("platform", "post_id")),
        Identity("likeness", ("platform", "account", "text"), has_same_time=True),
    ),
    "order": (Identity("number", ("order_id",), compatible=("client_name", "client_phone", "price"), days=1),),
    # Carriers give a number out again, but not within a season (postal operators not within a year).
    "waybill": (Identity("number", ("waybill_no",), days=30, is_unique=True),),
    # Two banks number one transfer differently; a running number of a sheet is no identity by itself.
    "payment": (
        Identity(
            "number", ("payment_id", "amount"), compatible=("payer_account", "payee_account", "currency"), days=1
        ),
        Identity(
            "likeness",
            ("amount",),
            masked=("payer_account", "payee_account"),
            compatible=("currency",),
            has_same_time=True,
            numbered="payment_id",
        ),
    ),
    "crossing": (Identity("likeness", ("direction",), masked=("document_no",), has_same_time=True),),
    "declaration": (
        Identity("number", ("declaration_no",), compatible=("goods", "hs_code", "value", "quantity", "consignee_name")),
    ),
    "permit": (Identity("number", ("permit_no",), compatible=("holder_name",)),),
    "seizure": (
        Identity("number", ("seizure_id",), compatible=("document_no", "waybill_no", "material", "quantity")),
    ),
    "specimen": (Identity("number", ("seizure_id", "specimen_id"), is_unique=True),),
    # Entries of registers are no acts: an entry that differs says something else, at another time.
    "organisation": (),
    "subscriber": (),
    "contact": (
        Identity(
            "likeness",
            masked=("from_identifier", "to_identifier"),
            compatible=("duration_s",),
            has_same_time=True,
        ),
    ),
}
"""By what the rows of each record kind are known again in another file, the surest first."""

NUMBERS: dict[str, tuple[str, ...]] = {
    kind: next((each.equal for each in identities if each.name == "number"), ())
    for kind, identities in IDENTITIES.items()
}
"""The fields of each kind's own number; empty where it has none."""
