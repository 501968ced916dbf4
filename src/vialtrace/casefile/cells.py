"""Rows as received, made fit to be shown: who stands in which cell decides whether its text is.

A cell is shown when its column is mapped to a field that identifies nobody, or when the person or organisation in that
place of the row may be named. Otherwise a pseudonym stands there. A column that no field is known for is withheld:
nothing says what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vialtrace.casefile.facts import Mended
from vialtrace.casefile.scrub import Scrubber, forms
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.veil import Veil
from vialtrace.errors import OurBug
from vialtrace.kit.visible import cut, visible
from vialtrace.model import RECORDS, Column

#: Source number to column header to the field it is mapped to.
Fields = Mapping[int, Mapping[str, str]]

# Which place of a row each field that could identify somebody belongs to; None where no place of the row owns it.
_SLOTS: dict[str, dict[str, str | None]] = {
    "post": {"account": "account", "region": "account"},
    "order": {
        "client_name": "client",
        "client_phone": "client",
        "client_handle": "client",
        "client_region": "client",
        "specimen_label": "client",
        "agent_name": "agent",
        "agent_phone": "agent",
        "agent_handle": "agent",
    },
    "waybill": {f"{end}_{part}": end for end in ("sender", "receiver") for part in ("name", "phone", "address")},
    "payment": {f"{end}_{part}": end for end in ("payer", "payee") for part in ("account", "name")},
    "crossing": dict.fromkeys(
        ("document_no", "traveller_name", "birth_date", "nationality", "vehicle_no"), "traveller"
    ),
    "declaration": {"exporter_name": "exporter", "exporter_id": "exporter", "consignee_name": "consignee"},
    "permit": {"holder_name": "holder", "holder_id": "holder", "recipient_name": "recipient"},
    "seizure": {"document_no": "carrier", "carrier_name": "carrier"},
    "specimen": {"label": None},
    "organisation": {
        "org_name": "itself",
        "org_id": "itself",
        "address": "itself",
        "phone": "itself",
        "representative_name": "representative",
        "representative_document": "representative",
    },
    "subscriber": dict.fromkeys(("identifier", "holder_name", "holder_document", "holder_org_id", "address"), "holder"),
    "contact": {"from_identifier": "from", "to_identifier": "to"},
}

# A vehicle's number is stored as text and still leads to its keeper.
_ALSO_IDENTIFYING = frozenset({("crossing", "vehicle_no")})

# Text fields that number things, not people: long numbers in them stay.
_THING_NUMBERS = frozenset(
    {"order_id", "payment_id", "post_id", "url", "hs_code", "seizure_id", "specimen_id", "declaration_no"}
)

# Fields that one distinct person holds; a name or an address may be shared without telling anything.
_POINTING_KINDS = {
    "phone": "phone",
    "document": "document",
    "account": "account",
    "handle": "handle",
    "org_id": "org_id",
}

# Long enough for any advert; a cell is scrubbed before it is cut, so that no half of a number is left at the end.
_SCRUBBED_LENGTH = 2_000
_LONGEST_HEADER = 60


@dataclass(frozen=True)
class Cell:
    """One cell of a row as received: its header, the text to show, and whether the text was replaced.

    ``mended`` says that a person put the cell right, and what is read there; empty for all other cells.
    """

    header: str
    text: str
    is_replaced: bool = False
    mended: str = ""


@dataclass(frozen=True)
class Notes:
    """The words a cell may need: why it is withheld, and that it was cut (``{n}`` is its whole length).

    And that a person put it right: ``{text}`` in ``mended`` is what is read, ``emptied`` stands where nothing is.
    """

    withheld: str
    cut: str
    mended: str = "read as {text}: put right by a person"
    emptied: str = "read as empty: put right by a person"


def is_guarded(kind: str, column: Column) -> bool:
    """Whether a field of a record kind could identify a person or tell what is private about one."""
    return column.kind.is_identifier or column.sensitive or (kind, column.name) in _ALSO_IDENTIFYING


def slot_of(kind: str, field: str) -> str | None:
    """The ``mention.slot`` that a guarded field belongs to; None where no place of the row owns it.

    Raises:
        OurBug: the field is guarded and not listed here.
    """
    if field not in _SLOTS[kind]:
        raise OurBug(f"The field {kind}.{field} could identify somebody and belongs to no slot.")
    part = _SLOTS[kind][field]
    return f"{kind}.{part}" if part else None


def headers_of(kind: str) -> dict[str, str]:
    """Known headers of a record kind, in lower case, each with the one field it can mean.

    Used for a source whose mapping is not given: a header that two fields share is left out, so it is withheld.
    """
    meanings: dict[str, set[str]] = {}
    for column in RECORDS[kind].columns[1:-1]:
        for header in (column.name, *column.label, *column.synonyms):
            meanings.setdefault(header.strip().lower(), set()).add(column.name)
    exact = {column.name: column.name for column in RECORDS[kind].columns[1:-1]}
    return {header: min(found) for header, found in sorted(meanings.items()) if len(found) == 1} | exact


class RowViewer:
    """Shows source rows as received, with everybody who may not be named behind a pseudonym."""

    def __init__(
        self,
        shelf: Shelf,
        veil: Veil,
        scrubber: Scrubber,
        row_ids: list[int],
        *,
        fields: Fields,
        notes: Notes,
        mended: Iterable[Mended] = (),
    ) -> None:
        """Look up who stands where in ``row_ids``; ``fields`` are the mappings of the sources, as far as given.

        ``mended`` are the cells that people put right, of any rows.
        """
        self._mended: dict[int, dict[str, str]] = {}
        for each in mended:
            self._mended.setdefault(each.row_id, {})[each.column] = each.text
        self._veil, self.scrubber, self._fields, self._notes = veil, scrubber, fields, notes
        # A row delivered again shows what its record does: parties are known by the row that is kept.
        self._kept = {row["row_id"]: row["same_as"] for row in shelf.rows("duplicate", "row_id", row_ids)}
        looked_up = [*row_ids, *self._kept.values()]
        self._records = shelf.records_of(looked_up)
        self._parties: dict[int, dict[str, str]] = {}
        for mention in shelf.where("mention", "row_id", looked_up, ["row_id", "slot", "party_id"]).to_pylist():
            if mention["party_id"] is not None:
                self._parties.setdefault(mention["row_id"], {})[mention["slot"]] = mention["party_id"]
        self._headers: dict[str, dict[str, str]] = {}

    def show(self, row_id: int, raw: Mapping[str, str]) -> tuple[Cell, ...]:
        """The row's cells in the order of its file; empty ones are left out."""
        kind, record = self._records.get(self._kept.get(row_id, row_id), ("", {}))
        own = self.scrubber.with_more(self._row_own(row_id, kind, record, raw))
        mended = self._mended.get(row_id, {})
        return tuple(
            self._as_mended(row_id, kind, record, header, (str(text or ""), mended[header]), own)
            if header in mended
            else self._cell(row_id, kind, record, header, str(text), own)
            for header, text in {**raw, **{each: raw.get(each) for each in mended}}.items()
            if header in mended or (text is not None and str(text).strip())
        )

    def text(self, row_id: int, text: str) -> str:
        """Free text of a row outside its cells, such as an example of a code word, fit to be shown."""
        kind, record = self._records.get(self._kept.get(row_id, row_id), ("", {}))
        own = self.scrubber.with_more(self._row_own(row_id, kind, record, {}))
        return visible(own.scrub(text[:_SCRUBBED_LENGTH]))

    def _field(self, row_id: int, kind: str, header: str) -> str | None:
        given = self._fields.get(row_id >> 32)
        if given is not None:
            field = given.get(header)
        else:
            if kind not in self._headers:
                self._headers[kind] = headers_of(kind) if kind else {}
            field = self._headers[kind].get(header.strip().lower())
        return field if kind and field in RECORDS[kind].names else None

    def _row_own(self, row_id: int, kind: str, record: Row, raw: Mapping[str, str]) -> dict[str, str]:
        """The identifiers this row itself gives of people who may not be named, as received and as cleaned."""
        given = [
            (field, str(text)[:_SCRUBBED_LENGTH])
            for header, text in raw.items()
            if text and (field := self._field(row_id, kind, header)) is not None
        ]
        given += [(field, value) for field, value in record.items() if isinstance(value, str)]
        found: dict[str, str] = {}
        for field, value in given:
            column = RECORDS[kind].column(field)
            if not is_guarded(kind, column) or (column.sensitive and not column.kind.is_identifier):
                continue
            instead = self._instead(self._party(row_id, kind, field), column, record.get(field))
            if instead is not None:
                for form in sorted(forms(column.kind_name, value)):
                    found.setdefault(form, instead)
        return found

    def _party(self, row_id: int, kind: str, field: str) -> str | None:
        slot = slot_of(kind, field)
        return self._parties.get(self._kept.get(row_id, row_id), {}).get(slot) if slot else None

    def _instead(self, party_id: str | None, column: Column, value: Any) -> str | None:
        """What stands in the place of something that points at a party; None where it may be shown."""
        if party_id is None:
            return self._notes.withheld
        # The account is the member's; however else a row writes of its holder gives way.
        if party_id in self._veil.lenders and column.kind_name != "account":
            return self._veil.unnamed(party_id)
        if not self._veil.is_clear(party_id):
            return self._veil.called(party_id)
        return None if self._may_show(column, value) else self._notes.withheld

    def _cell(self, row_id: int, kind: str, record: Row, header: str, text: str, own: Scrubber) -> Cell:
        shown_header = cut(visible(header), len(header), "", longest=_LONGEST_HEADER)
        field = self._field(row_id, kind, header)
        if field is None:
            return Cell(shown_header, self._notes.withheld, is_replaced=True)
        column = RECORDS[kind].column(field)
        if not is_guarded(kind, column):
            return Cell(shown_header, self._free(column, record.get(field), text, own))
        instead = self._instead(self._party(row_id, kind, field), column, record.get(field))
        if instead is not None:
            return Cell(shown_header, instead, is_replaced=True)
        # A cell of somebody shown in clear may name somebody else beside him.
        return Cell(shown_header, self._cut(visible(own.scrub(text[:_SCRUBBED_LENGTH], mask_numbers=False)), text))

    def _as_mended(
        self, row_id: int, kind: str, record: Row, header: str, texts: tuple[str, str], own: Scrubber
    ) -> Cell:
        """A cell that a person put right: as received, and as read. Whom a misread text may lead to, nobody knows."""
        was, put = texts
        read = self._cell(row_id, kind, record, header, put, own)
        field = self._field(row_id, kind, header)
        is_open = field is not None and not is_guarded(kind, RECORDS[kind].column(field))
        told = self._notes.mended.format(text=read.text) if put else self._notes.emptied
        if not was.strip():
            return Cell(read.header, "", mended=told)
        if not is_open:
            return Cell(read.header, self._notes.withheld, is_replaced=True, mended=told)
        return Cell(read.header, self._cut(visible(own.scrub(was[:_SCRUBBED_LENGTH])), was), mended=told)

    def _may_show(self, column: Column, value: Any) -> bool:
        pointing = _POINTING_KINDS.get(column.kind_name)
        if pointing:
            return value is not None and self._veil.may_show(pointing, str(value))
        if column.kind_name == "identifier":
            return all(self._veil.may_show(each, str(value)) for each in (*_POINTING_KINDS, "vehicle"))
        return True

    def _free(self, column: Column, value: Any, text: str, own: Scrubber) -> str:
        is_number_of_a_thing = column.kind_name in {"waybill_no", "permit_no"} or column.name in _THING_NUMBERS
        is_measure = column.kind_name not in {"text", "waybill_no", "permit_no"} and value is not None
        shown = own.scrub(text[:_SCRUBBED_LENGTH], mask_numbers=not (is_number_of_a_thing or is_measure))
        return self._cut(visible(shown), text)

    def _cut(self, shown: str, whole: str) -> str:
        return cut(shown, len(whole) if len(whole) > _SCRUBBED_LENGTH else len(shown), self._notes.cut)
