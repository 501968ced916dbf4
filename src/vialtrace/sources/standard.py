"""Which standard message a file is, by its first bytes, and the reader that stages it."""

from __future__ import annotations

import re
from pathlib import Path

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources.bank_statement import is_statement, sniff_statement, transfers
from vialtrace.sources.edifact import is_edifact
from vialtrace.sources.entities import is_entities, records_of, sniff_entities
from vialtrace.sources.markup import is_markup, root_of
from vialtrace.sources.message import stage_entries
from vialtrace.sources.passenger_list import sniff_edifact, travellers
from vialtrace.sources.supply_events import is_event_document, may_be_events, parcels, sniff_events
from vialtrace.sources.text import encoding_of, head_text
from vialtrace.sources.writing import Staged

_LINES_TRIED = 5
"""Lines of which one must be an entity: the first may be broken."""


def sniff_message(path: Path, head: bytes, n_sample: int) -> tuple[Sheet, ...] | None:
    """The sheets of a standard message; None where the file is none.

    Raises:
        UnreadableSource: it is a message that is damaged, or of a type that holds no records.
    """
    if is_edifact(head):
        return sniff_edifact(path, n_sample)
    if is_markup(head):
        return _sniff_markup(path, n_sample)
    if not re.match(rb"(\xef\xbb\xbf)?\s*\{", head):
        return None
    if may_be_events(head):
        found = sniff_events(path, "epcis", n_sample)
        if found is not None:
            return found
    if b'"schema"' in head and b'"properties"' in head:
        encoding = encoding_of(head, path.name)
        if any(map(is_entities, head_text(path, encoding).lstrip().split("\n", _LINES_TRIED)[:_LINES_TRIED])):
            return sniff_entities(path, encoding, n_sample)
    return None


def _sniff_markup(path: Path, n_sample: int) -> tuple[Sheet, ...]:
    root = root_of(path)
    if is_statement(root):
        return (sniff_statement(path, n_sample),)
    if is_event_document(root):
        found = sniff_events(path, "epcis_xml", n_sample)
        if found is not None:
            return found
    told = f"{root.name} of {root.space}" if root.space else root.name
    raise UnreadableSource(
        f"{path.name} is an XML document of another kind: {told[:200]}.",
        expected="ISO 20022 camt.052, camt.053 or camt.054, or EPCIS.",
        way_out="Export the table as CSV or Excel.",
    )


def stage_message(path: Path, sheet: Sheet, target: Path) -> Staged:
    """Stage one sheet of a standard message."""
    if sheet.format == "paxlst":
        entries = travellers(path)
    elif sheet.format == "camt":
        entries = transfers(path)
    elif sheet.format == "ftm":
        entries = records_of(path, sheet.encoding)
    else:
        entries = parcels(path, sheet.format)
    return stage_entries(entries, sheet, target)
