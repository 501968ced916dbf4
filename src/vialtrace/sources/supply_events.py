"""Events of a supply chain (GS1 EPCIS 1.2 and 2.0, as JSON, JSON-LD or XML): parcels and specimens.

An event is a parcel where it says that a logistic unit (SSCC), a consignment (GINC), a shipment (GSIN) or a bill of
lading was sent off, and of specimens where it names the seizure its objects belong to. Most events say other things:
they are kept with the reason why they are neither.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources import seized_objects
from vialtrace.sources.markup import Element, elements
from vialtrace.sources.message import Entry, no_kind, sheet_of, whole
from vialtrace.sources.seized_objects import last as _last

HEADERS = ("waybill_no", "accepted_at", "sender_address", "receiver_address", "contents")
_EVENTS = frozenset(
    {"ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent", "QuantityEvent"}
)
_SENT = frozenset({"shipping", "departing"})
_UNITS = {"sscc": "00", "ginc": "401", "gsin": "402"}
_HINT = re.compile(rb'(?i)epcis|"eventTimeZoneOffset"')


def may_be_events(head: bytes) -> bool:
    """Whether a JSON file may hold events: cheap, and sometimes wrong."""
    return _HINT.search(head) is not None


def is_event_document(root: Element) -> bool:
    """Whether an XML document belongs to EPCIS."""
    return root.name.startswith("EPCIS") or "epcglobal" in root.space


def sniff_events(path: Path, form: str, n_sample: int) -> tuple[Sheet, ...] | None:
    """The parcels and the specimens in a document of events; None where a JSON file is something else.

    Raises:
        UnreadableSource: it is damaged, or has no event.
    """
    if form == "epcis" and not _is_event_json(_document(path)):
        return None
    entries = list(parcels(path, form))
    if not entries:
        raise UnreadableSource(
            f"{path.name} is an EPCIS document without any event.",
            expected="At least one event: the outcome of a capture or a query alone tells of no parcel.",
            way_out="Ask the sender for the events themselves.",
        )
    seized = [entry for entry in entries if entry.table]
    sheets = []
    if seized:
        held = sheet_of(path, form, "specimen", seized_objects.HEADERS, seized, n_sample, seized_objects.SHEET)
        sheets.append(held)
    others = [entry for entry in entries if not entry.table]
    if any(entry.problem is None for entry in others):
        return (sheet_of(path, form, "waybill", HEADERS, others, n_sample), *sheets)
    if not others:
        return tuple(sheets)
    reasons = Counter((entry.problem or "").partition(":")[0] for entry in others)
    told = "; ".join(f"{count} × {reason}" for reason, count in sorted(reasons.items()))
    why = (
        f"None of its {len(others)} events is a parcel sent off: {told}. A specimen needs a seizure, which none tells."
    )
    return (no_kind(path, form, "", why, len(others)), *sheets)


def parcels(path: Path, form: str) -> Iterator[Entry]:
    """Each parcel that an event sends off, each specimen of a seizure, each event of neither; in order."""
    events = _json_events(path) if form == "epcis" else _xml_events(path)
    number = 0
    for event in events:
        for entry in _entries(event):
            number += 1
            yield Entry(number, entry.cells, entry.problem, entry.table)


def _entries(event: Any) -> Iterator[Entry]:
    """What one event becomes."""
    if not isinstance(event, dict):
        yield Entry(0, {}, f"not an event: {str(event)[:100]}")
        return
    kind, step = _last(event.get("type") or event.get("isA")), _last(event.get("bizStep"))
    shown = f"{_text(event.get('eventID')) or _text(event.get('eventTime'))} {kind} {step}".strip()
    numbers = [number for number in map(_unit, _identifiers(event)) if number] or _bills(event)
    problem = None
    if kind not in _EVENTS:
        problem = f"an event of no standard type: {shown}"
    elif event.get("errorDeclaration"):
        problem = f"its sender has declared the event an error: {shown}"
    elif event.get("action") == "DELETE":
        problem = f"the event takes something back: {shown}"
    elif step not in _SENT:
        problem = f"the event's business step ({step or 'none'}) is not the sending of a parcel: {shown}"
    elif not numbers:
        problem = f"goods are sent, but no parcel (SSCC, GINC, GSIN, bill of lading) is named: {shown}"
    if kind in _EVENTS and not event.get("errorDeclaration") and event.get("action") != "DELETE":
        seized = [Entry(0, cells, None, seized_objects.SHEET) for cells in seized_objects.specimens(event)]
        if seized:
            yield from seized
            return
    if problem:
        yield Entry(0, {}, problem)
        return
    for number in dict.fromkeys(numbers):
        cells = {
            "waybill_no": number,
            "accepted_at": _text(event.get("eventTime")),
            "sender_address": _place(event.get("sourceList"), "source"),
            "receiver_address": _place(event.get("destinationList"), "destination"),
            "contents": _contents(event),
        }
        yield Entry(0, cells)


def _identifiers(event: dict[str, Any]) -> list[str]:
    """What an event is about: its parent, else its objects."""
    parent = _text(event.get("parentID"))
    return [parent] if _unit(parent) else [_text(each) for each in _list(event.get("epcList"))]


def _unit(identifier: str) -> str:
    """The number of a logistic unit, consignment or shipment, as carriers print it; empty for anything else.

    An SSCC as a URN leaves out its check digit, and puts its extension digit behind the company's prefix.
    """
    for name, code in _UNITS.items():
        found = re.fullmatch(rf"urn:epc:id:{name}:([^.]+)\.(.+)", identifier)
        if found and name == "ginc":
            return found[1] + found[2]
        if found and re.fullmatch(r"\d+", found[1] + found[2]):
            body = found[2][0] + found[1] + found[2][1:] if name == "sscc" else found[1] + found[2]
            return body + _check_digit(body)
        linked = re.search(rf"^https?://[^?]+/{code}/([A-Za-z0-9-]+)", identifier)
        if linked:
            return linked[1]
    return ""


def _check_digit(body: str) -> str:
    """The check digit of a GS1 key (GS1 General Specifications, 7.9): weights 3 and 1 from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _bills(event: dict[str, Any]) -> list[str]:
    """The bills of lading among an event's business transactions."""
    found = [each for each in _list(event.get("bizTransactionList")) if isinstance(each, dict)]
    return [_last(each.get("bizTransaction")) for each in found if _last(each.get("type")) == "bol"]


def _place(ends: Any, name: str) -> str:
    """The location among an event's sources or destinations, as its identifier."""
    found = [each for each in _list(ends) if isinstance(each, dict) and _last(each.get("type")) == "location"]
    return _text(found[0].get(name)) if found else ""


def _contents(event: dict[str, Any]) -> str:
    """What the parcel holds: its children, else the quantities named."""
    held = [_text(each) for each in _list(event.get("childEPCs"))]
    for name in ("childQuantityList", "quantityList"):
        for each in _list(event.get(name)):
            if isinstance(each, dict):
                parts = (_text(each.get("quantity")), _text(each.get("uom")), _text(each.get("epcClass")))
                held.append(" ".join(filter(None, parts)))
    return ", ".join(held)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _document(path: Path) -> Any:
    """A JSON document, numbers as they are written; None where it is none."""
    try:
        with io.TextIOWrapper(io.BytesIO(whole(path)), encoding="utf-8-sig", errors="replace") as text:
            return json.load(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None


def _is_event_json(document: Any) -> bool:
    if not isinstance(document, dict):
        return False
    is_about = "epcis" in json.dumps(document.get("@context"), ensure_ascii=False).lower()
    return is_about or _text(document.get("type")).startswith("EPCIS") or document.get("type") in _EVENTS


def _json_events(path: Path) -> Iterator[Any]:
    """The events of a document, of a query's results, or the one event that is the document."""
    document = _document(path)
    body = document.get("epcisBody")
    if isinstance(body, dict):
        results = body.get("queryResults")
        held = results.get("resultsBody") if isinstance(results, dict) else body
        listed = held.get("eventList") if isinstance(held, dict) else None
        yield from _list(listed) or ([body["event"]] if "event" in body else [])
    elif isinstance(document.get("eventList"), list):
        yield from document["eventList"]
    elif "eventTime" in document or _last(document.get("type")).endswith("Event"):
        yield document


def _xml_events(path: Path) -> Iterator[dict[str, Any]]:
    """The events of an XML document in the form that JSON gives them."""
    for _, element in elements(path, _EVENTS):
        base = element.first("baseExtension")
        parts = [
            element,
            *element.every("extension"),
            *([base] if base else []),
            *element.every("extension", "extension"),
        ]
        event: dict[str, Any] = {"type": element.name}
        for name in ("eventTime", "eventID", "bizStep", "action", "parentID", "disposition"):
            event[name] = next((value for part in parts if (value := part.value(name))), "")
        event["errorDeclaration"] = any(part.first("errorDeclaration") for part in parts)
        event["epcList"] = [each.value() for part in parts for each in part.every("epcList", "epc")]
        event["childEPCs"] = [each.value() for part in parts for each in part.every("childEPCs", "epc")]
        for name in ("quantityList", "childQuantityList"):
            event[name] = [
                {key: each.value(key) for key in ("epcClass", "quantity", "uom")}
                for part in parts
                for each in part.every(name, "quantityElement")
            ]
        for name in ("source", "destination", "bizTransaction"):
            event[f"{name}List"] = [
                {"type": each.attributes.get("type", ""), name: each.value()}
                for part in parts
                for each in part.every(f"{name}List", name)
            ]
        yield event
